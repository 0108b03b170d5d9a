//! A command as a value.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::secret::Secret;

use super::Tool;

/// Whether running a command changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only asks; a dry run asks too.
    Reads,
    /// It changes something; a dry run shows it instead.
    Writes,
}

/// A command: tool, words, environment, folder, input, deadline. Made by pure functions, compared in
/// tests as text, run by a [`super::Runner`].
#[derive(Debug, Clone)]
pub struct Cmd {
    pub(super) tool: Tool,
    pub(super) args: Vec<String>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) limits: BTreeMap<String, String>,
    pub(super) input: Option<Secret>,
    pub(super) dir: Option<PathBuf>,
    pub(super) effect: Effect,
    pub(super) deadline: Duration,
    pub(super) pretend: String,
    pub(super) tidies: bool,
}

impl Cmd {
    fn new(tool: Tool, effect: Effect) -> Self {
        let deadline = match effect {
            Effect::Reads => Duration::from_secs(60),
            Effect::Writes => Duration::from_secs(2 * 60 * 60),
        };
        Cmd {
            tool,
            args: Vec::new(),
            env: BTreeMap::new(),
            limits: BTreeMap::new(),
            input: None,
            dir: None,
            effect,
            deadline,
            pretend: String::new(),
            tidies: false,
        }
    }

    /// A command that only asks. Deadline: one minute.
    pub fn reads(tool: Tool) -> Self {
        Self::new(tool, Effect::Reads)
    }

    /// A command that changes something. Deadline: two hours.
    pub fn writes(tool: Tool) -> Self {
        Self::new(tool, Effect::Writes)
    }

    /// Adds a word.
    #[must_use]
    pub fn arg(mut self, word: impl Into<String>) -> Self {
        self.args.push(word.into());
        self
    }

    /// Adds words.
    #[must_use]
    pub fn args<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.args.extend(words.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable of the process; shown before the command. Never a secret.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets an environment variable that bounds what the process may take. It changes no answer, so it
    /// isn't shown.
    #[must_use]
    pub fn limit(mut self, name: &str, value: &str) -> Self {
        self.limits.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs after Ctrl-C too: for taking away what was made, and for nothing else.
    #[must_use]
    pub fn tidies(mut self) -> Self {
        self.tidies = true;
        self
    }

    /// Feeds a secret by standard input, the only way a secret enters a process.
    #[must_use]
    pub fn input(mut self, secret: Secret) -> Self {
        self.input = Some(secret);
        self
    }

    /// Runs in `dir`.
    #[must_use]
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// Ends the process after `deadline`.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// What a dry run answers on standard output in place of this command.
    #[must_use]
    pub fn pretend(mut self, stdout: impl Into<String>) -> Self {
        self.pretend = stdout.into();
        self
    }

    /// The tool.
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// The words after the program's name.
    pub fn words(&self) -> &[String] {
        &self.args
    }
}

/// As a user would type it: `NAME=value program word 'two words' < [REDACTED]`.
impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quote(value))?;
        }
        f.write_str(self.tool.program())?;
        for word in &self.args {
            write!(f, " {}", quote(word))?;
        }
        if self.input.is_some() {
            f.write_str(" < [REDACTED]")?;
        }
        Ok(())
    }
}

/// One word, quoted for a POSIX shell where it needs it. A NUL byte, which no word can carry, is shown as `\0`.
pub(crate) fn quote(word: &str) -> String {
    match shlex::try_quote(word) {
        Ok(quoted) => quoted.into_owned(),
        Err(_) => quote(&word.replace('\0', "\\0")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_as_typed_without_the_secret() {
        let cmd = Cmd::writes(Tool::Docker)
            .env("DOCKER_BUILDKIT", "1")
            .args(["login", "--username", "_", "--password-stdin", "a b"])
            .input(Secret::new("hunter2"));
        assert_eq!(
            cmd.to_string(),
            "DOCKER_BUILDKIT=1 docker login --username _ --password-stdin 'a b' < [REDACTED]"
        );
        assert!(!format!("{cmd:?}").contains("hunter2"));
    }
}
