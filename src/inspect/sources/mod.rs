//! What the source files show: does it serve HTTP, where does it listen, what does it need to run.
//!
//! Takes the project's [`Tree`] and a folder; gives [`Sources`]. By text and by line, per language, for what
//! can be read with certainty; a pattern that would be right only sometimes has no place here.

use std::path::{Path, PathBuf};

use super::project::Ecosystem;
use super::tree::Tree;

/// What the files of one folder show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// That it answers HTTP: a web framework is used, a socket is bound.
    pub(super) serves: Option<Seen>,
    /// That it works without HTTP: a bot, a consumer of a queue.
    pub(super) works: Option<Seen>,
    /// That it is for people in a terminal: it parses arguments and does not serve.
    pub(super) commands: Option<Seen>,
    /// Where it listens, in order of path and line.
    pub(super) listens: Vec<Listen>,
    /// Environment variables it reads, sorted by name.
    pub(super) variables: Vec<Variable>,
    /// Files opened by a path relative to the working directory (`static/`, `templates/`, `config.toml`).
    pub(super) relative: Vec<Seen>,
    /// A development server is started.
    pub(super) development: Option<Seen>,
    /// Arguments it must be given to serve (a subcommand `serve`).
    pub(super) arguments: Vec<String>,
}

/// Something seen, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    /// What, in a few words: `axum::serve`, `static/`.
    pub(super) what: String,
    /// The file, relative to the project.
    pub(super) path: PathBuf,
    /// From 1.
    pub(super) line: u32,
}

/// A place where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listen {
    pub(super) address: Address,
    pub(super) port: Port,
    pub(super) seen: Seen,
}

/// The address of a [`Listen`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// `127.0.0.1`, `localhost`, `::1`: no router reaches it.
    Local,
    /// `0.0.0.0`, `::`, or none given where that means all.
    All,
    /// Not written there.
    Elsewhere,
}

/// The port of a [`Listen`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Port {
    /// A number in the source.
    Fixed(u16),
    /// Read from an environment variable.
    Variable(String),
    /// Not written there.
    Elsewhere,
}

/// An environment variable that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    /// Without it the program ends: it has no default there.
    pub(super) required: bool,
    pub(super) seen: Seen,
}

/// Scans the sources in `folder` (empty: the project itself), those below `others` left out.
pub(super) fn scan(
    tree: &Tree,
    folder: &Path,
    others: &[PathBuf],
    ecosystem: Option<Ecosystem>,
) -> Sources {
    let _ = (tree, folder, others, ecosystem);
    Sources::default()
}
