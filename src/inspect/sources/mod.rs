//! What the source files show: does it serve HTTP, where does it listen, what does it need to run.
//!
//! Takes the project's [`Tree`] and a folder; gives [`Sources`]. By text and by line, per language, for what
//! can be read with certainty; a pattern that would be right only sometimes has no place here.

mod dotnet;
mod elixir;
mod file;
mod flags;
mod gleam;
mod go;
mod haskell;
mod jvm;
mod lex;
mod look;
mod names;
mod native;
mod nim;
mod node;
mod ocaml;
mod php;
mod place;
mod python;
mod reading;
mod required;
mod root;
mod ruby;
mod rust;
mod shell;
mod subcommand;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::project::Ecosystem;
use super::tree::Tree;
use file::{File, Language};

/// Files looked at, in one folder.
const MOST_FILES: usize = 400;
/// Bytes looked at, in one folder.
const MOST_BYTES: usize = 4 << 20;
/// Folders whose files are no part of the running program.
const ASIDE: &[&str] = &[
    "__tests__",
    "bench",
    "benches",
    "cypress",
    "doc",
    "docs",
    "e2e",
    "example",
    "examples",
    "fixtures",
    "migrations",
    "samples",
    "spec",
    "specs",
    "test",
    "testdata",
    "tests",
];
/// Files that a build or a developer's tool runs, or that only tests use.
const ASIDE_FILES: &[&str] = &[
    "Setup.hs",
    "build.rs",
    "conf.py",
    "conftest.py",
    "dev.exs",
    "fabfile.py",
    "manage.py",
    "mix.exs",
    "noxfile.py",
    "setup.py",
    "test.exs",
    "tests.py",
    "tests.rs",
];
/// Parts of the names of test files and of settings for tools.
const ASIDE_PARTS: &[&str] = &[
    ".bench.",
    ".config.",
    ".eslintrc.",
    ".min.",
    ".spec.",
    ".stories.",
    ".test.",
    "_spec.",
    "_test.",
];

/// One row for each language.
const LANGUAGES: &[&Language] = &[
    &rust::LANGUAGE,
    &go::LANGUAGE,
    &python::LANGUAGE,
    &node::LANGUAGE,
    &elixir::LANGUAGE,
    &haskell::LANGUAGE,
    &ocaml::LANGUAGE,
    &dotnet::LANGUAGE,
    &jvm::LANGUAGE,
    &jvm::SETTINGS,
    &ruby::LANGUAGE,
    &php::LANGUAGE,
    &gleam::LANGUAGE,
    &nim::LANGUAGE,
    &native::C,
    &native::ZIG,
    &shell::LANGUAGE,
];

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
    /// What each file shows, when it shows one of the first three: for folders with several programs. One
    /// file alone can be scanned, too: it is then the `folder`.
    pub(super) roles: BTreeMap<PathBuf, Role>,
}

/// What one file makes of its program; the first outranks the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Serves,
    Works,
    Commands,
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
    /// The variable in [`Port::Variable`] holds the address, too: it wants `0.0.0.0:$PORT`. Without such a
    /// variable the same of `flag`.
    pub(super) whole: bool,
    /// The variable that gives the address; [`Address::Elsewhere`] then.
    pub(super) address_variable: Option<String>,
    /// The flag that gives the address, as typed: `-addr`, `--host`; with `whole` the port, too.
    pub(super) flag: Option<String>,
    /// What is taken without that flag and without a variable, as written: `127.0.0.1:8080`.
    pub(super) default: Option<String>,
    /// The address of that default; absent when it can't be told.
    pub(super) default_address: Option<Address>,
    /// The flag that gives the port only: `--port`.
    pub(super) port_flag: Option<String>,
    /// The port without that flag, as written.
    pub(super) port_default: Option<String>,
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

/// Scans the sources in `folder` (empty: the project itself; also the path of one file), those below
/// `others` left out.
pub(super) fn scan(
    tree: &Tree,
    folder: &Path,
    others: &[PathBuf],
    ecosystem: Option<Ecosystem>,
) -> Sources {
    let mut out = Sources::default();
    let mut bytes = 0usize;
    let mut words = subcommand::Words::default();
    let own = |path: &&Path| !others.iter().any(|other| path.starts_with(other));
    let files = tree.below(folder).filter(own);
    let files = files.filter(|path| !is_aside(path, folder));
    let known = files.filter_map(|path| Some((path, language_of(path, ecosystem)?)));
    for (path, language) in known.take(MOST_FILES) {
        let Some(text) = tree.text(path) else {
            continue;
        };
        bytes += text.len();
        if bytes > MOST_BYTES {
            break;
        }
        out.add(path, &text, language, &mut words);
    }
    out.finish(words);
    out
}

impl Sources {
    fn add(&mut self, path: &Path, text: &str, language: &Language, words: &mut subcommand::Words) {
        let file = File::of(path, text, language);
        let serving = look::look(&file, language, self);
        words.look(&file, &serving);
    }

    /// Notes what a file shows; the first place counts.
    fn show(&mut self, role: Role, seen: Seen) {
        let old = self.roles.entry(seen.path.clone()).or_insert(role);
        *old = role.min(*old);
        let place = match role {
            Role::Serves => &mut self.serves,
            Role::Works => &mut self.works,
            Role::Commands => &mut self.commands,
        };
        // Rows of one file are met in the order of their lines; files in the order of their paths.
        place.get_or_insert(seen);
    }

    fn finish(&mut self, words: subcommand::Words) {
        if self.serves.is_some() {
            self.works = None;
            self.commands = None;
            self.arguments = words.needed();
        } else if self.works.is_some() {
            self.commands = None;
        }
        // A socket that nobody serves on is a probe, or a lock.
        if self.serves.is_none() {
            self.listens.retain(|it| !look::is_socket(&it.seen.what));
        }
        // A read that ends the program outranks one that has a default elsewhere.
        let of = |it: &Variable| (it.name.clone(), !it.required, it.seen.clone());
        self.variables.sort_by_cached_key(of);
        self.variables.dedup_by(|next, kept| next.name == kept.name);
        self.relative
            .sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        self.relative.dedup();
    }
}

fn language_of(path: &Path, ecosystem: Option<Ecosystem>) -> Option<&'static Language> {
    let name = path.file_name()?.to_str()?;
    let wanted = |it: &&&Language| ecosystem.is_none_or(|wanted| it.ecosystem == wanted);
    let mut languages = LANGUAGES.iter().filter(wanted);
    languages
        .find(|it| {
            it.files
                .iter()
                .any(|end| name == *end || (end.starts_with('.') && name.ends_with(end)))
        })
        .copied()
}

/// Whether a folder below `folder` holds tests, examples or documents beside the program.
pub(super) fn is_beside(path: &Path, folder: &Path) -> bool {
    is_aside(&path.join("x"), folder)
}

/// Whether a file is no part of the running program.
fn is_aside(path: &Path, folder: &Path) -> bool {
    let Some(inner) = path
        .strip_prefix(folder)
        .ok()
        .filter(|it| !it.as_os_str().is_empty())
    else {
        return false;
    };
    let folders = inner.parent().into_iter().flat_map(Path::iter);
    let mut folders = folders.filter_map(|it| it.to_str());
    let name = inner
        .file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    folders.any(|it| ASIDE.contains(&it) || it.starts_with('.'))
        || ASIDE_FILES.contains(&name)
        || ASIDE_PARTS.iter().any(|it| name.contains(it))
        || name.starts_with("test_")
        || name.starts_with('.')
}
