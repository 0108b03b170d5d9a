//! Reads the password of a machine from the text of a netrc file.
//!
//! Takes text, gives the password. Never fails: what can't be understood is skipped, as other
//! programs' entries in that file are none of our business.

/// The password for `machine`, or the `default` entry's.
///
/// The Heroku CLI writes the API's host as the machine's name, port included where there is one.
pub(super) fn password<'a>(text: &'a str, machine: &str) -> Option<&'a str> {
    let entries = entries(text);
    let named = entries
        .iter()
        .find(|entry| entry.machine == Some(machine) && entry.password.is_some());
    let default = || entries.iter().find(|entry| entry.machine.is_none());
    named.or_else(default)?.password
}

/// One entry; `machine` is `None` for `default`.
struct Entry<'a> {
    machine: Option<&'a str>,
    password: Option<&'a str>,
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let words = words(text);
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "machine" => entries.push(Entry {
                machine: words.next().or(Some("")),
                password: None,
            }),
            "default" => entries.push(Entry {
                machine: None,
                password: None,
            }),
            "password" => {
                let value = words.next();
                if let Some(entry) = entries.last_mut() {
                    entry.password = value;
                }
            }
            "login" | "account" => {
                words.next();
            }
            _ => {}
        }
    }
    entries
}

/// The words of the file, without comments and without macros (`macdef NAME` up to an empty line).
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut in_macro = false;
    for line in text.lines() {
        if in_macro {
            in_macro = !line.trim().is_empty();
            continue;
        }
        for word in line.split_whitespace() {
            // A password may contain `#`, but a comment starts a word, and Heroku's tokens don't.
            if word.starts_with('#') {
                break;
            }
            if word == "macdef" {
                in_macro = true;
                break;
            }
            words.push(word.trim_matches('"'));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table() {
        let api = "api.heroku.com";
        let rows = [
            (
                "machine api.heroku.com\n  login me@example.com\n  password t\n",
                api,
                Some("t"),
            ),
            ("machine api.heroku.com login me password t", api, Some("t")),
            ("machine api.heroku.com password t login me", api, Some("t")),
            (
                "machine a password x\nmachine api.heroku.com password t",
                api,
                Some("t"),
            ),
            ("machine a password x\ndefault password d", api, Some("d")),
            (
                "default password d\nmachine api.heroku.com password t",
                api,
                Some("t"),
            ),
            (
                "machine 127.0.0.1:18081 password t",
                "127.0.0.1:18081",
                Some("t"),
            ),
            ("machine 127.0.0.1 password t", "127.0.0.1:18081", None),
            (
                "machine api.heroku.com login password password t",
                api,
                Some("t"),
            ),
            ("# machine api.heroku.com password x", api, None),
            (
                "macdef m\nmachine api.heroku.com password x\n\nmachine api.heroku.com password t",
                api,
                Some("t"),
            ),
            ("machine api.heroku.com password \"t\"", api, Some("t")),
            ("machine api.heroku.com login me", api, None),
            ("machine api.heroku.com password", api, None),
            ("machine", api, None),
            ("password t", api, None),
            ("", api, None),
        ];
        for (text, machine, expected) in rows {
            assert_eq!(password(text, machine), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(machine |password |default|macdef |login |[a-z#\"]{1,4}|[ \n]){0,20}") {
            let _ = password(&text, "api.heroku.com");
        }

        #[test]
        fn an_entry_is_found_among_others(
            before in prop::collection::vec("[a-z]{1,8}", 0..4),
            token in "[A-Za-z0-9-]{1,40}",
        ) {
            let mut entries: Vec<String> = before
                .iter()
                .map(|machine| format!("machine {machine}
 login u
 password p
"))
                .collect();
            entries.push(format!("machine api.heroku.com
 login me
 password {token}"));
            let text = entries.concat();
            prop_assert_eq!(password(&text, "api.heroku.com"), Some(token.as_str()));
        }
    }
}
