//! Reads `WWW-Authenticate`: how a registry wants to be asked. Pure.

use std::collections::BTreeMap;

/// One way to be asked, such as `Bearer realm="…",service="…",scope="…"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    /// In lower case.
    pub(super) scheme: String,
    /// Names in lower case.
    pub(super) fields: BTreeMap<String, String>,
}

/// All challenges of one header. What can't be read is left out.
pub(super) fn parse(header: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (word, after) = token(rest);
        if word.is_empty() {
            return challenges;
        }
        rest = after;
        // `name=value` belongs to the challenge before it, a word without `=` starts the next one.
        let Some(value) = after.trim_start().strip_prefix('=') else {
            challenges.push(Challenge {
                scheme: word.to_ascii_lowercase(),
                fields: BTreeMap::new(),
            });
            continue;
        };
        let (value, after) = value_of(value.trim_start());
        rest = after;
        if let Some(challenge) = challenges.last_mut() {
            challenge.fields.insert(word.to_ascii_lowercase(), value);
        }
    }
}

fn token(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | '=' | '"'))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// A token or a quoted string, and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, after) = token(text);
        return (word.to_owned(), after);
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.extend(chars.next()),
            c => value.push(c),
        }
    }
    (value, chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(header: &str) -> String {
        let all: Vec<String> = parse(header)
            .iter()
            .map(|challenge| format!("{} {:?}", challenge.scheme, challenge.fields))
            .collect();
        all.join("; ")
    }

    #[test]
    fn the_table() {
        let rows = [
            r#"Basic realm="Registry Realm""#,
            r#"Bearer realm="https://auth.example.com/token",service="registry",scope="repository:app/web:pull""#,
            "bearer Realm = https://auth.example.com/token , service=r",
            r#"Basic realm="a, b", Bearer realm="c\"d""#,
            "Negotiate, Basic realm=x",
            "Basic",
            "",
            "=\"\"",
            "Bearer realm=\"unfinished",
        ];
        let table: Vec<String> = rows
            .iter()
            .map(|row| format!("{row}\n  {}", shown(row)))
            .collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_hang(text in "[a-zA-Z=\", \\\\é]{0,60}") {
            parse(&text);
        }
    }
}
