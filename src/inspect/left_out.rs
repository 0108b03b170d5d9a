//! What the project names and git leaves out: files that are here, and not where the app is built.
//!
//! Takes the paths that the Nix files name and the chosen candidate; gives the warnings `inspect/ignored` and
//! `inspect/untracked`, each with the place that names the path. A build's files are those that git doesn't
//! ignore; Nix, for a flake in a repository, takes only those that git has. Never: each file of `src = ./.`
//! that git doesn't have yet, a path outside the project, a link followed.

mod needed;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::git::{Ignores, Index, Pattern, Repository};
use super::lint::NamedPath;
use super::project::{Source, Warning};
use super::tree::Tree;
use super::weigh::Judged;
use crate::shell::quote;

/// Names that one line lists.
const MOST_NAMES: usize = 4;
/// Files in named folders of which git is asked, in all.
const MOST_ASKED: usize = 20_000;
/// Ignored paths that are told, one by one.
const MOST_IGNORED: usize = 20;

/// Manifests, and the locks without which what they list can't be built.
const LOCKS: &[(&str, &[&str])] = &[
    ("Cargo.toml", &["Cargo.lock"]),
    ("Gemfile", &["Gemfile.lock"]),
    ("composer.json", &["composer.lock"]),
    ("go.mod", &["go.sum"]),
    ("mix.exs", &["mix.lock"]),
    (
        "package.json",
        &[
            "package-lock.json",
            "pnpm-lock.yaml",
            "yarn.lock",
            "npm-shrinkwrap.json",
            "bun.lock",
            "bun.lockb",
        ],
    ),
    ("pyproject.toml", &["uv.lock", "poetry.lock", "pdm.lock"]),
];

/// What is asked about.
pub(super) struct Asked<'a> {
    pub(super) dir: &'a Path,
    pub(super) tree: &'a Tree,
    /// The file Nix starts from.
    pub(super) entry: &'a Path,
    /// Paths that the Nix files name.
    pub(super) paths: BTreeMap<PathBuf, NamedPath>,
    pub(super) chosen: Option<&'a Judged>,
    /// Candidates that are not deployed; the chosen one may be among them.
    pub(super) others: [&'a [Judged]; 2],
}

/// What git knows.
struct Git {
    ignores: Ignores,
    /// None where there is no repository, or its index can't be read.
    index: Option<Index>,
    /// How many files in folders it may still be asked about.
    left: Cell<usize>,
}

/// Something that git doesn't have.
struct Lacking {
    /// In words: a path, or how many files below it.
    what: String,
    path: PathBuf,
    source: Source,
}

/// Looks at all paths.
pub(super) fn look(asked: &Asked<'_>) -> Vec<Warning> {
    let repository = Repository::of(asked.dir);
    let ignores = Ignores::of(asked.dir, repository.as_ref());
    // A folder that the repository around it ignores is none of its own.
    let repository = repository.filter(|_| !ignores.leave_out_all());
    let ignores = match &repository {
        Some(_) => ignores,
        None => Ignores::of(asked.dir, None),
    };
    let index = repository.as_ref().and_then(Repository::index);
    let git = Git {
        ignores,
        index,
        left: Cell::new(MOST_ASKED),
    };
    let mut warnings = Vec::new();
    let mut missing = Vec::new();
    for (path, source) in named(asked, &git) {
        let Some(is_folder) = kind(asked, &path) else {
            continue;
        };
        if let Some(pattern) = git.pattern(asked, &path, is_folder) {
            // What a file names that is left out itself is the lesser trouble.
            if warnings.len() < MOST_IGNORED && !git.leaves_out_place(asked, &path, &source) {
                warnings.push(ignored(asked, &git, (&path, source), &pattern));
            }
        } else if let Some(what) = git.lacks(asked.tree, &path, is_folder) {
            missing.push(Lacking { what, path, source });
        }
    }
    // What a Nix file names by a line tells more than a manifest that is simply there.
    missing.sort_by_cached_key(|it| {
        (
            it.path != asked.entry,
            !has_line(&it.source),
            it.path.clone(),
        )
    });
    warnings.extend(untracked(asked.entry, &missing));
    warnings
}

/// The paths that count: those named, the file Nix starts from, manifests and locks.
fn named(asked: &Asked<'_>, git: &Git) -> BTreeMap<PathBuf, Source> {
    let places = asked.paths.iter();
    let places = places.map(|(path, it)| (path.clone(), it.first.clone()));
    let mut named: BTreeMap<PathBuf, Source> = places.collect();
    let mut add = |path: PathBuf| {
        let source = Source::file(path.clone(), None);
        named.entry(path).or_insert(source);
    };
    add(asked.entry.to_owned());
    if is_flake(asked.entry) {
        add(PathBuf::from("flake.lock"));
    }
    let folder = asked
        .chosen
        .and_then(|it| it.draft.candidate.folder.as_ref());
    for (manifest, locks) in LOCKS.iter().filter(|_| folder.is_some()) {
        let folder = folder.cloned().unwrap_or_default();
        let manifest = folder.join(manifest);
        if kind(asked, &manifest).is_none() {
            continue;
        }
        let locks = locks.iter().map(|lock| folder.join(lock));
        let locks: Vec<PathBuf> = locks.filter(|it| kind(asked, it).is_some()).collect();
        // Who keeps two locks, and gives one to git, means that one.
        let given = |it: &PathBuf| {
            git.pattern(asked, it, false).is_none() && git.lacks(asked.tree, it, false).is_none()
        };
        if !locks.iter().any(given) {
            locks.into_iter().take(1).for_each(&mut add);
        }
        add(manifest);
    }
    // The project itself is no path of it.
    named.remove(Path::new(""));
    named
}

/// Whether a path is a folder; `None` where nothing is, or a link leads there.
fn kind(asked: &Asked<'_>, path: &Path) -> Option<bool> {
    if asked.tree.has(path) {
        return Some(false);
    }
    if asked.tree.below(path).next().is_some() {
        return Some(true);
    }
    let folders = path.ancestors().skip(1);
    let plain =
        |it: &Path| fs_err::symlink_metadata(asked.dir.join(it)).is_ok_and(|it| it.is_dir());
    let inside = folders.filter(|it| !it.as_os_str().is_empty()).all(plain);
    let found = fs_err::symlink_metadata(asked.dir.join(path)).ok();
    found.filter(|_| inside).map(|it| it.is_dir())
}

impl Git {
    /// The pattern that leaves a path out.
    fn pattern(&self, asked: &Asked<'_>, path: &Path, is_folder: bool) -> Option<Pattern> {
        // The list of files goes by the project's own patterns already.
        let listed = asked.tree.has(path) || asked.tree.below(path).next().is_some();
        if listed && self.ignores.are_own() {
            return None;
        }
        self.ignores.pattern(path, is_folder)
    }

    /// Whether the file that names a path is left out as well; not for the one Nix starts from.
    fn leaves_out_place(&self, asked: &Asked<'_>, path: &Path, source: &Source) -> bool {
        let Source::File { path: file, .. } = source else {
            return false;
        };
        file != path && file != asked.entry && self.pattern(asked, file, false).is_some()
    }

    /// What of a path git does not have, in words.
    fn lacks(&self, tree: &Tree, path: &Path, is_folder: bool) -> Option<String> {
        let index = self.index.as_ref()?;
        let text = path.to_str()?;
        if index.has(text) {
            return None;
        }
        if !is_folder {
            return Some(shown(path));
        }
        let lacking = |it: &&Path| it.to_str().is_some_and(|it| !index.has(it));
        let files = tree.below(path);
        let files: Vec<&Path> = files.take(self.left.get() + 1).collect();
        // Half a count is none.
        self.left.set(self.left.get().checked_sub(files.len())?);
        let lacking: Vec<&Path> = files.into_iter().filter(lacking).collect();
        if lacking.is_empty() {
            return None;
        }
        if !index.has_below(text) {
            return Some(shown(path));
        }
        let names = lacking
            .iter()
            .map(|it| shown(it.strip_prefix(path).unwrap_or(it)));
        let files = if lacking.len() == 1 { "file" } else { "files" };
        let names = list(&names.collect::<Vec<_>>());
        Some(format!(
            "{} {files} in {} ({names})",
            lacking.len(),
            shown(path)
        ))
    }
}

fn ignored(asked: &Asked<'_>, git: &Git, named: (&Path, Source), found: &Pattern) -> Warning {
    let (path, source) = named;
    let pattern = found.pattern.escape_debug();
    let file = found.file.display();
    let name = shown(path);
    let has = |index: &Index| {
        path.to_str()
            .is_some_and(|it| index.has(it) || index.has_below(it))
    };
    let kept = git.index.as_ref().is_some_and(has);
    let what = if kept {
        format!(
            "{name} is not in the app's build, though git has it: `{pattern}` in {file} leaves it out"
        )
    } else {
        format!("{name} is not in the app's build: git ignores it, by `{pattern}` in {file}")
    };
    let todo = if kept {
        format!("change the pattern in {file}")
    } else if path == asked.entry {
        format!("change the pattern in {file}, and `git add {}`", word(path))
    } else {
        format!(
            "change the pattern in {file} and `git add {}`; or ask with `pathExists`, and do without it",
            word(path)
        )
    };
    let mut warning = Warning::new("inspect/ignored", what, todo).at(source);
    warning.blocks = is_needed(asked, path);
    warning
}

/// Whether nothing can be built without it, as far as that is sure.
fn is_needed(asked: &Asked<'_>, path: &Path) -> bool {
    holds_package(asked, path) || needed::is_opened(asked, path)
}

/// Whether the package itself is written or built there.
fn holds_package(asked: &Asked<'_>, path: &Path) -> bool {
    let package = asked.chosen.and_then(|it| it.draft.package.as_ref());
    let place = package
        .and_then(|it| it.place.as_ref())
        .map(|it| it.path.as_path());
    let folder = package.and_then(|it| it.folder.as_deref());
    let within = |it: Option<&Path>| it.is_some_and(|it| it.starts_with(path));
    path == asked.entry || within(place) || within(folder)
}

/// One warning for all that git doesn't have, at the place of the first.
fn untracked(entry: &Path, missing: &[Lacking]) -> Option<Warning> {
    let first = missing.first()?;
    let whats: Vec<String> = missing.iter().map(|it| it.what.clone()).collect();
    let whats = list(&whats);
    let it = if missing.len() == 1 { "it" } else { "them" };
    let what = if is_flake(entry) {
        format!(
            "git doesn't have {whats}: nixdyno's build takes {it}, `nix build` and a clone don't"
        )
    } else {
        format!(
            "git doesn't have {whats}: a build here takes {it}, one from a clone (CI, a push) doesn't"
        )
    };
    let paths = missing.iter().take(MOST_NAMES).map(|it| word(&it.path));
    let more = if missing.len() > MOST_NAMES {
        " …"
    } else {
        ""
    };
    let todo = format!("`git add {}{more}`", paths.collect::<Vec<_>>().join(" "));
    Some(Warning::new("inspect/untracked", what, todo).at(first.source.clone()))
}

fn is_flake(entry: &Path) -> bool {
    entry == Path::new("flake.nix")
}

fn has_line(source: &Source) -> bool {
    matches!(source, Source::File { line: Some(_), .. })
}

/// The first names, and how many more.
fn list(names: &[String]) -> String {
    let some: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
    let some = some.join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => some,
        more => format!("{some} and {more} more"),
    }
}

fn shown(path: &Path) -> String {
    format!("`{}`", path.to_string_lossy().escape_debug())
}

/// A path as a word of a command.
fn word(path: &Path) -> String {
    quote(&path.to_string_lossy()).escape_debug().to_string()
}

#[cfg(test)]
mod tests;
