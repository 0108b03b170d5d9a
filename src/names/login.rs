//! Logins and tokens that stand in a URL, wherever it stands in a text.
//!
//! Takes what somebody typed; says whether a secret is in it, and how it can be shown without. Never judges what no URL
//! is part of.

use super::build_arg::is_secret;

/// What a URL's parameter holds a secret by, beside the words that any name does it by.
const PARAMETERS: &[&str] = &["auth", "sig", "signature"];

/// Parameters of Nix's own that hold a file's path.
const PATHS: &[&str] = &["secret-key", "secret-keys", "ssh-key"];

/// Whether a URL in `text` holds a password, or whatever else stands before the `@` of a web address, or a parameter
/// that is named like a secret.
pub fn has_login(text: &str) -> bool {
    let plain = decoded(text);
    [text, plain.as_str()]
        .iter()
        .flat_map(|text| text.split_whitespace())
        .any(|word| has_user(word) || has_parameter(word))
}

/// A URL may be a parameter of another one: each `://` is looked at.
fn has_user(word: &str) -> bool {
    let mut before = "";
    word.split("://").enumerate().any(|(at, part)| {
        let web = before.ends_with("http") || before.ends_with("https");
        before = part;
        let authority = part.split(['/', '?', '#']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        let secret = |user: &str| {
            let password = user.split_once(':').map(|(_, password)| password);
            password.is_some_and(|it| !it.is_empty()) || web && !user.is_empty()
        };
        // A password may hold a sign that would end it: what looks like a port is none.
        let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
        let cut = part.contains('@')
            && !authority.starts_with('[')
            && !port.bytes().all(|it| it.is_ascii_digit());
        at > 0 && (user.is_some_and(secret) || user.is_none() && cut)
    })
}

fn has_parameter(word: &str) -> bool {
    if !word.contains("://") {
        return false;
    }
    // The first piece is the address itself.
    word.split(['?', '&', ';']).skip(1).any(|pair| {
        let Some((name, value)) = pair.split_once('=') else {
            return false;
        };
        let path = PATHS.contains(&name) && value.starts_with('/');
        let words = name.replace(['-', '.'], "_");
        let mut parts = words.split('_');
        let secret = is_secret(&words)
            || parts.any(|it| PARAMETERS.contains(&it.to_ascii_lowercase().as_str()));
        secret && !path && !value.is_empty()
    })
}

/// The signs that part a URL, where they are written by their numbers.
fn decoded(text: &str) -> String {
    let signs = [
        ("%3a", ":"),
        ("%2f", "/"),
        ("%40", "@"),
        ("%3f", "?"),
        ("%26", "&"),
        ("%3d", "="),
    ];
    signs.iter().fold(text.to_owned(), |text, (code, sign)| {
        text.replace(code, sign)
            .replace(&code.to_ascii_uppercase(), sign)
    })
}

/// What may be shown of a text that a URL may stand in: without what is before the last `@` of it, and without
/// parameters that are named like a secret. Rather too little than too much.
pub fn without_login(text: &str) -> String {
    let plain = decoded(text);
    let text = if has_login(text) && !has_login_as_written(text) {
        plain.as_str()
    } else {
        text
    };
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let rest = match rest.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => match rest.split_once(':') {
            // Half of a login looks like a port that is none.
            Some((host, port)) if !port.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{host}:…")
            }
            _ => rest.to_owned(),
        },
    };
    let shown = format!("{scheme}://{rest}");
    match shown.split_once('?') {
        Some((address, _)) if has_parameter(&shown) => format!("{address}?…"),
        _ => shown,
    }
}

fn has_login_as_written(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| has_user(word) || has_parameter(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_url_of_a_text_is_looked_at() {
        for text in [
            "https://me:hunter2@a",
            "https://hunter2@a",
            "https://a.example https://me:hunter2@b.example",
            "git+https://hunter2@host/a",
            "postgres://me:hunter2@db/x",
            "s3://b?endpoint=https://me:hunter2@minio.example",
            "s3://b?endpoint=https%3A%2f%2Fme:hunter2%40minio.example",
            "https://a/x?access_token=hunter2",
            "https://a/x?a=b&X-Amz-Signature=hunter2",
            "https://a/x?apikey=hunter2",
            "https://a?secret-key=k-1:hunter2",
            "x=https://me:hun$ter2@a",
            "https://me:hun/ter2@a",
            "https://me:hun?ter2@a",
        ] {
            assert!(has_login(text), "{text}");
            assert!(!without_login(text).contains("ter2"), "{text}");
        }
        for text in [
            "",
            "me:hunter2@host",
            "git+ssh://git@host/a?ref=b",
            "ssh://git:@host/a",
            "https://host:8080/a@b",
            "https://[::1]/a@b",
            "https://[::1]:80/a@b",
            "https://host/a?narHash=sha256-x=&rev=1",
            "s3://b?region=eu&secret-key=/run/secrets/k",
            "https://a/token=x",
            "https://a?token=",
        ] {
            assert!(!has_login(text), "{text}");
        }
    }

    #[test]
    fn what_is_shown_says_enough() {
        for (text, shown) in [
            (
                "https://me:pa$s@host:99999/x?a=b",
                "https://…@host:99999/x?a=b",
            ),
            ("https://me:hunter2", "https://me:…"),
            ("https://host:80x", "https://host:80x"),
            ("https://a?token=x", "https://a?…"),
            ("s3://b?endpoint=https://me:x@c", "s3://…@c"),
            ("cores", "cores"),
        ] {
            assert_eq!(without_login(text), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_found_is_shown(before in "[a-z:/?= ]{0,9}", after in "[a-z:/?=&@ ]{0,9}") {
            let text = format!("{before}https://me:hunter2@{after}");
            prop_assert!(has_login(&text));
            prop_assert!(!without_login(&text).contains("hunter2"), "{}", without_login(&text));
        }

        #[test]
        fn no_text_makes_it_panic(text in "(https?://|[a-z]|[:/?#=&@% ]|%3a|\\PC){0,20}") {
            let _ = (has_login(&text), without_login(&text));
        }
    }
}
