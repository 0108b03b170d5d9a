//! Which names Heroku accepts.
//!
//! Takes a name, says whether the Platform API's schema would take it. Never looks up whether the name is in use.

/// Whether `name` matches the schema's pattern for apps, `^[a-z][a-z0-9-]{1,28}[a-z0-9]$`.
pub fn is_app_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    (3..=30).contains(&bytes.len())
        && bytes.iter().all(inner)
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.last().is_some_and(|last| *last != b'-')
}

/// Whether `name` matches the schema's pattern for process types, `^[-\w]{1,128}$`.
pub fn is_process_type(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=128).contains(&name.len()) && name.bytes().all(allowed)
}

/// Whether `name` may be a config var: Heroku wants a shell variable's name, with no `__` at the start.
pub fn is_config_var(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first
        && !name.starts_with("__")
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A name in Heroku's manner for an app that was created without one, made from `seed`.
pub fn generated(seed: u128) -> String {
    const ADJECTIVES: [&str; 8] = [
        "quiet", "young", "radiant", "polar", "gentle", "vast", "still", "morning",
    ];
    const NOUNS: [&str; 8] = [
        "river", "meadow", "harbor", "ridge", "island", "forest", "comet", "canyon",
    ];
    let pick = |words: [&'static str; 8], shift: u32| {
        let index = usize::try_from(seed >> shift & 7).unwrap_or_default();
        words.get(index).copied().unwrap_or("plain")
    };
    format!(
        "{}-{}-{:05}",
        pick(ADJECTIVES, 0),
        pick(NOUNS, 3),
        seed >> 6 & 0xffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_names_follow_the_schema() {
        for good in ["abc", "a-1", "my-app-2", "a23456789012345678901234567890"] {
            assert!(is_app_name(good), "{good}");
        }
        for bad in [
            "",
            "ab",
            "1ab",
            "-ab",
            "ab-",
            "Abc",
            "a_b",
            "a.b",
            "a234567890123456789012345678901",
            "naïve",
        ] {
            assert!(!is_app_name(bad), "{bad}");
        }
    }

    #[test]
    fn process_types_follow_the_schema() {
        assert!(is_process_type("web") && is_process_type("my-worker_2"));
        assert!(!is_process_type("") && !is_process_type("a b") && !is_process_type("a/b"));
        assert!(is_process_type(&"x".repeat(128)) && !is_process_type(&"x".repeat(129)));
    }

    #[test]
    fn config_vars_are_shell_names() {
        assert!(is_config_var("A") && is_config_var("DATABASE_URL") && is_config_var("_x1"));
        assert!(
            !is_config_var("")
                && !is_config_var("1A")
                && !is_config_var("A-B")
                && !is_config_var("__X")
        );
    }

    #[test]
    fn generated_names_are_valid() {
        for seed in [0, 1, u128::MAX, 0x1234_5678_9abc] {
            assert!(is_app_name(&generated(seed)), "{}", generated(seed));
        }
    }
}
