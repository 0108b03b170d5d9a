//! What the words of a command say about where the server listens.
//!
//! Takes commands; compares whole words as a shell splits them. Never: a part of a word (`SUPPORT_MAIL` is no
//! `PORT`), a name of another server (`--db-host`).

use super::super::procfile;

/// Options that take the address to listen on.
const OPTIONS: &[&str] = &[
    "--addr",
    "--address",
    "--bind",
    "--bind-address",
    "--host",
    "--hostname",
    "--http-address",
    "--ip",
    "--listen",
    "--listen-address",
    "--server.address",
    "-Dserver.address",
];
/// Short ones mean other things to others: only an address after them is one.
const SHORT: &[&str] = &["-H", "-S", "-b", "-h", "-l"];
/// Variables with which an address is told, before the command.
const VARIABLES: &[&str] = &[
    "ADDR",
    "ADDRESS",
    "BIND",
    "BIND_ADDRESS",
    "HOST",
    "HOSTNAME",
    "IP",
    "LISTEN",
    "LISTEN_ADDRESS",
];

/// The words of commands.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// Adds a command as a shell reads it, with the words of a script in it.
    pub(super) fn add(&mut self, command: &str) {
        for word in procfile::words(command) {
            let inside = word.contains(char::is_whitespace);
            self.0.push(word.clone());
            if inside {
                self.0.extend(procfile::words(&word));
            }
        }
    }

    /// Whether `$PORT` or `${PORT…}` is among them.
    pub(super) fn give_port(&self) -> bool {
        self.0.iter().any(|word| uses(word, "PORT"))
    }

    /// Whether a variable is set before a command.
    pub(super) fn set(&self, name: &str) -> bool {
        let mut names = self.0.iter().filter_map(|word| word.split_once('='));
        names.any(|(it, _)| it == name)
    }

    /// The address of this machine only that a command is told, with the words that say so.
    pub(super) fn local(&self) -> Option<String> {
        let told = self.told().find(|(_, value)| is_local(value));
        told.map(|(said, _)| said)
    }

    /// Whether a command is told an address that others reach.
    pub(super) fn open(&self) -> bool {
        let everywhere = |word: &String| {
            let value = word.rsplit('=').next().unwrap_or(word);
            ["0.0.0.0", "[::]"]
                .iter()
                .any(|all| value == *all || value.starts_with(&format!("{all}:")))
        };
        self.0.iter().any(everywhere) || self.told().any(|(_, value)| !is_local(value))
    }

    /// Addresses that the words give, each with the words that give it.
    fn told(&self) -> impl Iterator<Item = (String, &str)> {
        let before = std::iter::once("").chain(self.0.iter().map(String::as_str));
        before.zip(&self.0).filter_map(|(before, word)| {
            if OPTIONS.contains(&before) && !word.starts_with('-')
                || SHORT.contains(&before) && is_address(word)
            {
                return Some((format!("{before} {word}"), word.as_str()));
            }
            if let Some((name, value)) = word.split_once('=') {
                let known = OPTIONS.contains(&name) || VARIABLES.contains(&name);
                return known.then(|| (word.clone(), value));
            }
            // An operand, such as `runserver 127.0.0.1:8000`.
            let operand = !before.starts_with('-') && is_local(word);
            operand.then(|| (word.clone(), word.as_str()))
        })
    }
}

/// Whether a shell puts the variable's value into the word.
fn uses(word: &str, name: &str) -> bool {
    let named = |after: &str| {
        let rest = after.strip_prefix(name);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    let mut dollars = word.split('$').skip(1);
    dollars.any(|after| named(after.strip_prefix('{').unwrap_or(after)))
}

fn is_address(word: &str) -> bool {
    is_local(word)
        || word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.')
        || word.starts_with(['[', '$', ':'])
}

fn is_local(value: &str) -> bool {
    let host = value.split_once("://").map_or(value, |it| it.1);
    let is = |name: &str| {
        let rest = host.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    let loopback = host.split(':').next().is_some_and(|it| {
        it.starts_with("127.") && it.chars().all(|c| c.is_ascii_digit() || c == '.')
    });
    loopback || host == "::1" || is("localhost") || is("[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(command: &str) -> Words {
        let mut words = Words::default();
        words.add(command);
        words
    }

    #[test]
    fn only_the_port_itself_is_the_port() {
        for yes in [
            "shop -p $PORT",
            "shop --listen=0.0.0.0:${PORT:-80}",
            "sh -c 'shop \"$PORT\"'",
        ] {
            assert!(words(yes).give_port(), "{yes}");
        }
        for no in [
            "SUPPORT_MAIL=x shop",
            "shop $PORTAL",
            "shop --PORT",
            "shop $SUPPORT",
        ] {
            assert!(!words(no).give_port(), "{no}");
        }
    }

    #[test]
    fn only_an_address_that_is_not_local_opens() {
        for open in [
            "shop --host 0.0.0.0",
            "shop --bind=$HOST:$PORT",
            "shop -b 0.0.0.0:$PORT",
            "shop --listen :$PORT",
            "ADDR=0.0.0.0:80 shop",
            "shop --anything 0.0.0.0:80",
        ] {
            assert!(words(open).open(), "{open}");
            assert_eq!(words(open).local(), None, "{open}");
        }
        for not in [
            "SUPPORT_MAIL=x shop --hostname-check off",
            "shop --host 127.0.0.1",
            "shop --bind=localhost:80",
            "shop -b release",
            "shop --address",
            "shop --host --verbose",
            "shop --db-host db.example.com",
        ] {
            assert!(!words(not).open(), "{not}");
        }
    }

    #[test]
    fn an_address_of_this_machine_is_that_of_the_server() {
        for (command, said) in [
            ("shop --host 127.0.0.1", "--host 127.0.0.1"),
            ("shop --bind=localhost:80", "--bind=localhost:80"),
            ("manage.py runserver 127.0.0.1:8000", "127.0.0.1:8000"),
            ("HOST=localhost shop", "HOST=localhost"),
            ("shop --listen http://[::1]:80", "--listen http://[::1]:80"),
        ] {
            assert_eq!(words(command).local().as_deref(), Some(said), "{command}");
        }
        for command in [
            "shop --db-host localhost",
            "DB_HOST=localhost shop",
            "shop -x localhost",
        ] {
            assert_eq!(words(command).local(), None, "{command}");
        }
    }

    proptest! {
        #[test]
        fn no_command_makes_it_panic(command in "(?s)[-=$ {}:.'a-zA-Z0-9é]{0,60}") {
            let words = words(&command);
            let _ = (words.give_port(), words.open(), words.local());
        }
    }
}
