//! The command of a process, and its form in an image.

use serde::{Deserialize, Serialize};

/// How a process starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Command {
    /// Plain words, started without a shell of ours.
    Exec {
        /// The program, looked up in `/app/bin`, and its arguments.
        words: Vec<String>,
    },
    /// A line that needs a shell (`$PORT`, `&&`, quotes).
    Shell {
        /// As it stands in the Procfile.
        line: String,
    },
    /// The one program of the package, whose name only the build can tell; the build fails when
    /// there is none or more than one.
    OnlyProgram,
}

impl Command {
    /// From a line of a Procfile. Words of harmless characters need no shell; everything else gets one.
    pub fn parse(line: &str) -> Self {
        let line = line.trim();
        let words: Vec<String> = line.split_ascii_whitespace().map(str::to_owned).collect();
        let first_is_program = words.first().is_some_and(|word| !word.contains('='));
        if first_is_program && words.iter().all(|word| is_plain(word)) {
            Command::Exec { words }
        } else {
            Command::Shell {
                line: line.to_owned(),
            }
        }
    }

    /// The words of the image's `CMD`.
    ///
    /// Heroku runs them through `/bin/sh -c`, a plain `docker run` executes them: both must mean the
    /// same, so a word that a shell would read otherwise only ever appears inside `/bin/sh -c`.
    pub fn cmd_words(&self) -> Vec<String> {
        let shell = |line: &str| ["/bin/sh", "-c", line].map(str::to_owned).to_vec();
        match self {
            Command::Exec { words } => words.clone(),
            Command::Shell { line } => shell(line),
            // Dotfiles (`.x-wrapped`) stay out of the glob, as they should.
            Command::OnlyProgram => shell("exec /app/bin/*"),
        }
    }

    /// Whether the build must find the program.
    pub fn is_only_program(&self) -> bool {
        *self == Command::OnlyProgram
    }

    /// As shown to a user.
    pub fn shown(&self) -> String {
        match self {
            Command::Exec { words } => words.join(" "),
            Command::Shell { line } => line.clone(),
            Command::OnlyProgram => "the only program in bin/".to_owned(),
        }
    }
}

fn is_plain(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    !word.is_empty() && word.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_words_need_no_shell() {
        let words = Command::parse("  server --port=80  x/y.conf").cmd_words();
        assert_eq!(words, ["server", "--port=80", "x/y.conf"]);
    }

    #[test]
    fn everything_else_gets_one() {
        for line in [
            "server --port $PORT",
            "a && b",
            "a 'b c'",
            "A=1 server",
            "a*",
            "~/x",
            "a #b",
        ] {
            assert_eq!(
                Command::parse(line).cmd_words(),
                ["/bin/sh", "-c", line],
                "{line}"
            );
        }
    }

    proptest! {
        /// Joined by spaces and read by a shell, plain words are the same words: Heroku and Docker agree.
        #[test]
        fn exec_words_mean_the_same_to_a_shell(line in "\\PC{0,30}") {
            if let Command::Exec { words } = Command::parse(&line) {
                prop_assert_eq!(shlex::split(&words.join(" ")), Some(words));
            }
        }
    }
}
