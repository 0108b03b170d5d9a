//! Package manifests: what a language's own files say of the programs that a build makes.
//!
//! Takes the project's [`Tree`] and a folder of it; gives a [`Manifest`] for each that is found there.
//! Never: a guess. A program that only a convention names is one only where the convention is the tool's own.

#![expect(
    clippy::unnecessary_wraps,
    reason = "readers have one shape: most can meet a file that is none of theirs"
)]

mod cargo;
mod dotnet;
mod elixir;
mod file;
mod gleam;
mod globs;
mod go;
mod gradle;
mod haskell;
mod json;
mod maven;
mod nim;
mod node;
mod ocaml;
mod php;
mod python;
mod ruby;
mod sbt;
mod scan;
mod setup;
mod sexp;
mod site;
mod table;
#[cfg(test)]
mod tests;
mod xml;
mod yaml;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use super::project::Ecosystem;
use super::tree::Tree;
use file::{File, Found};

/// Members of workspaces that are read; a monorepo's thousand packages would help nobody.
const MOST_FOLDERS: usize = 64;
/// Manifests in one folder: an OCaml project has a dozen of them.
const MOST_FILES: usize = 64;

/// What one manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Its file, relative to the project.
    pub(super) path: PathBuf,
    /// Whose manifest it is.
    pub(super) ecosystem: Ecosystem,
    /// The package's name.
    pub(super) name: Option<Said>,
    /// Programs that a build of it installs, sorted by name.
    pub(super) programs: Vec<Said>,
    /// The one among them that the manifest itself calls the default (`default-run`, …).
    pub(super) default_program: Option<Said>,
    /// The command that the manifest gives for serving (`scripts.start` of package.json, …).
    pub(super) start: Option<Said>,
    /// Words the program needs to serve (`start` for an Elixir release).
    pub(super) arguments: Vec<String>,
    /// Names of the packages it depends on, sorted, without versions.
    pub(super) dependencies: Vec<String>,
    /// It makes files for a browser and no program (`vite build` without a server, …).
    pub(super) builds_site: Option<Said>,
    /// It is code for other code, and no program.
    pub(super) is_library: bool,
}

/// A word of a manifest and its line (from 1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    /// The word.
    pub(super) value: String,
    /// The file, relative to the project.
    pub(super) path: PathBuf,
    /// From 1.
    pub(super) line: u32,
}

/// Which file a reader is for.
enum Name {
    Is(&'static str),
    Ends(&'static str),
}

/// How one kind of manifest is read.
struct Reader {
    name: Name,
    ecosystem: Ecosystem,
    read: fn(&File<'_>) -> Option<Found>,
}

const fn is(
    name: &'static str,
    ecosystem: Ecosystem,
    read: fn(&File<'_>) -> Option<Found>,
) -> Reader {
    let name = Name::Is(name);
    Reader {
        name,
        ecosystem,
        read,
    }
}

const fn ends(
    name: &'static str,
    ecosystem: Ecosystem,
    read: fn(&File<'_>) -> Option<Found>,
) -> Reader {
    let name = Name::Ends(name);
    Reader {
        name,
        ecosystem,
        read,
    }
}

/// One row is one kind of manifest.
const READERS: &[Reader] = &[
    is("Cargo.toml", Ecosystem::Rust, cargo::read),
    is("go.mod", Ecosystem::Go, go::module),
    is("go.work", Ecosystem::Go, go::workspace),
    is("package.json", Ecosystem::Node, node::package),
    is("pnpm-workspace.yaml", Ecosystem::Node, node::pnpm),
    is("pyproject.toml", Ecosystem::Python, python::pyproject),
    is("Pipfile", Ecosystem::Python, python::pipfile),
    is("requirements.txt", Ecosystem::Python, python::requirements),
    is("manage.py", Ecosystem::Python, python::django),
    is("setup.py", Ecosystem::Python, setup::script),
    is("setup.cfg", Ecosystem::Python, setup::config),
    ends(".cabal", Ecosystem::Haskell, haskell::cabal),
    is("package.yaml", Ecosystem::Haskell, haskell::hpack),
    is("cabal.project", Ecosystem::Haskell, haskell::project),
    is("mix.exs", Ecosystem::Elixir, elixir::read),
    ends(".csproj", Ecosystem::Dotnet, dotnet::project),
    ends(".fsproj", Ecosystem::Dotnet, dotnet::project),
    ends(".vbproj", Ecosystem::Dotnet, dotnet::project),
    ends(".sln", Ecosystem::Dotnet, dotnet::solution),
    ends(".slnx", Ecosystem::Dotnet, dotnet::solution),
    is("gleam.toml", Ecosystem::Gleam, gleam::read),
    is("dune-project", Ecosystem::Ocaml, ocaml::dune),
    ends(".opam", Ecosystem::Ocaml, ocaml::opam),
    ends(".nimble", Ecosystem::Nim, nim::read),
    is("Gemfile", Ecosystem::Ruby, ruby::gemfile),
    ends(".gemspec", Ecosystem::Ruby, ruby::gemspec),
    is("composer.json", Ecosystem::Php, php::read),
    is("build.sbt", Ecosystem::Jvm, sbt::read),
    is("pom.xml", Ecosystem::Jvm, maven::read),
    is("build.gradle", Ecosystem::Jvm, gradle::build),
    is("build.gradle.kts", Ecosystem::Jvm, gradle::build),
    is("settings.gradle", Ecosystem::Jvm, gradle::settings),
    is("settings.gradle.kts", Ecosystem::Jvm, gradle::settings),
];

impl Reader {
    fn of(path: &Path) -> Option<&'static Reader> {
        let file = path.file_name()?.to_str()?;
        READERS.iter().find(|reader| match reader.name {
            Name::Is(name) => file == name,
            // `.cabal` alone is a folder's name, not a manifest's.
            Name::Ends(end) => file.len() > end.len() && file.ends_with(end),
        })
    }
}

/// The manifests of `folder` (empty: the project itself) and of the workspace members they name, by path.
pub(super) fn read(tree: &Tree, folder: &Path) -> Vec<Manifest> {
    let mut manifests = BTreeMap::new();
    // A member is read for its workspace's language only: what else lies there, nobody named.
    let mut asked: BTreeSet<(PathBuf, Option<Ecosystem>)> = BTreeSet::new();
    let mut waiting: VecDeque<(PathBuf, Option<Ecosystem>)> = VecDeque::new();
    let first = (folder.to_owned(), None);
    asked.insert(first.clone());
    waiting.push_back(first);
    while let Some((folder, only)) = waiting.pop_front() {
        let direct = tree.below(&folder);
        let direct = direct.filter(|path| path.parent() == Some(folder.as_path()));
        let known = direct.filter_map(|path| Some((path, Reader::of(path)?)));
        for (path, reader) in known.take(MOST_FILES) {
            if only.is_some_and(|only| only != reader.ecosystem) || manifests.contains_key(path) {
                continue;
            }
            let Some(found) = one(tree, path, reader) else {
                continue;
            };
            for member in globs::folders(tree, &folder, &found.members) {
                let member = (member, Some(reader.ecosystem));
                if asked.len() <= MOST_FOLDERS && asked.insert(member.clone()) {
                    waiting.push_back(member);
                }
            }
            if let Some(manifest) = found.manifest {
                manifests.insert(path.to_owned(), tidy(manifest));
            }
        }
    }
    manifests.into_values().collect()
}

fn one(tree: &Tree, path: &Path, reader: &Reader) -> Option<Found> {
    let text = tree.text(path)?;
    (reader.read)(&File::new(tree, path, &text, reader.ecosystem))
}

/// Sorted, each once, and only names that can be a file's or a package's.
fn tidy(mut manifest: Manifest) -> Manifest {
    manifest.programs.retain(|it| is_file_name(&it.value));
    manifest.programs.sort();
    manifest.programs.dedup_by(|b, a| a.value == b.value);
    let programs = &manifest.programs;
    manifest.default_program = manifest
        .default_program
        .filter(|default| programs.iter().any(|it| it.value == default.value));
    let is_word = |name: &String| !name.is_empty() && !name.contains(is_odd);
    manifest.dependencies.retain(is_word);
    manifest.dependencies.sort();
    manifest.dependencies.dedup();
    manifest
}

/// What a build can put into `bin/`. A name with `$` or `{` is a variable that was not followed.
fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && name.len() < 256
        && !name.contains(is_odd)
        && !name.contains(['/', '\\', '$', '{', '}', '*', '"', '\''])
}

fn is_odd(c: char) -> bool {
    c.is_control() || c.is_whitespace()
}
