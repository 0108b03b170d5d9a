//! The one error a user can meet, and the exit code it ends in.
//!
//! Every error has a stable id, says what happened and where, why it matters, and what to do. The
//! builder can't be started without "what to do", so no dead end can be written.

use std::fmt;
use std::path::Path;

use serde::Serialize;

/// The result of everything that can fail in front of a user.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whose move it is after an error; decides the exit code and the closing line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The user can mend it: the project, the configuration, a missing tool, a refusal by Heroku. Exit code 1.
    User,
    /// The command line is wrong. Exit code 2.
    Usage,
    /// A defect of nixdyno. Exit code 3.
    Bug,
    /// The network or a service: the same command may work later. Exit code 75 (`EX_TEMPFAIL`).
    Transient,
    /// Ctrl-C or SIGTERM. Exit code 130.
    Interrupted,
}

impl Kind {
    /// The process exit code: 1, 2, 3, 75 or 130.
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::User => 1,
            Kind::Usage => 2,
            Kind::Bug => 3,
            Kind::Transient => 75,
            Kind::Interrupted => 130,
        }
    }
}

/// An error as a user meets it.
///
/// Boxed inside, so that `Result` stays one word wide.
#[derive(Debug, Clone)]
pub struct Error(Box<Parts>);

/// The parts of an [`Error`], in the order they are shown.
#[derive(Debug, Clone, Serialize)]
struct Parts {
    id: &'static str,
    kind: Kind,
    what: String,
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    todo: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    detail: Vec<String>,
}

impl Error {
    fn new(kind: Kind, id: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            id,
            kind,
            what: what.into(),
            place: None,
            why: None,
            todo: vec![todo.into()],
            detail: Vec::new(),
        }))
    }

    /// Something the user can mend; `todo` is the first thing to do about it.
    pub fn user(id: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::User, id, what, todo)
    }

    /// A wrong command line.
    pub fn usage(id: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::Usage, id, what, todo)
    }

    /// The network or a service failed; the same command may work later.
    pub fn transient(id: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::Transient, id, what, todo)
    }

    /// The same, where `passing` is true as one after which the same command may work later.
    #[must_use]
    pub fn passing(mut self, passing: bool) -> Self {
        if passing {
            self.0.kind = Kind::Transient;
        }
        self
    }

    /// A defect of nixdyno; the thing to do is always to report it.
    pub fn bug(id: &'static str, what: impl Into<String>) -> Self {
        let todo = "this is a defect of nixdyno: please report it with the lines above";
        Self::new(Kind::Bug, id, what, todo)
    }

    /// Ctrl-C or SIGTERM.
    pub fn interrupted() -> Self {
        Self::new(
            Kind::Interrupted,
            "interrupted",
            "stopped on request",
            "nothing is left running on this machine; run the same command to start again",
        )
    }

    /// The same, now that it is known who said it: the command line or the environment, or else a file.
    #[must_use]
    pub fn said(mut self, on_command_line: bool) -> Self {
        self.0.kind = if on_command_line {
            Kind::Usage
        } else {
            Kind::User
        };
        self
    }

    /// Where: a file, a command, an app.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.0.place = Some(place.to_string());
        self
    }

    /// Where, as a path.
    #[must_use]
    pub fn at_path(self, path: &Path) -> Self {
        self.at(path.display())
    }

    /// Why it matters here.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.0.why = Some(why.into());
        self
    }

    /// One more thing to do.
    #[must_use]
    pub fn or(mut self, todo: impl Into<String>) -> Self {
        self.0.todo.push(todo.into());
        self
    }

    /// Raw lines of somebody else's words (a tool's output), shown apart from ours.
    #[must_use]
    pub fn detail<L: Into<String>>(mut self, lines: impl IntoIterator<Item = L>) -> Self {
        self.0.detail.extend(lines.into_iter().map(Into::into));
        self
    }

    /// The stable id, such as `plan/no-program`.
    pub fn id(&self) -> &'static str {
        self.0.id
    }

    /// Whose move it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What happened, in one line.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// What to do, the first thing first; never empty.
    pub fn todo(&self) -> &[String] {
        &self.0.todo
    }

    /// The error as JSON: `{"error": {"id", "kind", "what", "where"?, "why"?, "todo", "detail"?}}`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "error": *self.0 })
    }
}

/// The lines a terminal shows, without the ` !` margin and without colour.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        for line in parts.detail.iter().flat_map(|it| it.lines()) {
            writeln!(f, "  | {line}")?;
        }
        write!(f, "{}", one(&parts.what))?;
        if let Some(place) = &parts.place {
            write!(f, "\n  where: {}", one(place))?;
        }
        if let Some(why) = &parts.why {
            write!(f, "\n  why: {}", one(why))?;
        }
        for todo in &parts.todo {
            write!(f, "\n  do: {}", one(todo))?;
        }
        write!(f, "\n  [{}]", parts.id)
    }
}

/// On one line: a name with a line break in it must not look like another part.
fn one(text: &str) -> String {
    text.replace('\n', "\\n")
}

impl std::error::Error for Error {}

/// "did you mean …?" for a name that isn't known.
///
/// Returns up to three of `known`, nearest first; empty when nothing is near.
pub fn near_misses<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near: Vec<(f64, &str)> = known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_every_part_in_order() {
        let error = Error::user("plan/no-program", "the package has no program", "set one")
            .at("flake.nix")
            .because("a dyno needs a command")
            .or("write a Procfile")
            .detail(["bin/: empty"]);
        insta::assert_snapshot!(error.to_string(), @r"
          | bin/: empty
        the package has no program
          where: flake.nix
          why: a dyno needs a command
          do: set one
          do: write a Procfile
          [plan/no-program]
        ");
    }

    #[test]
    fn a_line_break_in_a_name_starts_no_part() {
        let error = Error::user("a/b", "no `x\n  do: y`", "z").detail(["1\n2"]);
        assert_eq!(
            error.to_string(),
            "  | 1\n  | 2\nno `x\\n  do: y`\n  do: z\n  [a/b]"
        );
    }

    #[test]
    fn near_misses_are_sorted_and_few() {
        let known = ["server", "sever", "worker", "client"];
        assert_eq!(near_misses("servr", known), ["server", "sever"]);
        assert!(near_misses("zzz", known).is_empty());
    }
}
