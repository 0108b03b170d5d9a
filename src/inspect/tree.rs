//! The project's files by name, listed once for all who look for some.
//!
//! Takes the directory; gives relative paths, sorted, of what git would not ignore, and the texts of some.
//! Folders that a build tool fills are left out where its manifest lies beside them. Never: more than
//! [`MOST_ENTRIES`] entries, a symlink followed, a file larger than [`MOST_BYTES`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::WalkBuilder;

use crate::error::Result;
use crate::ignores::{self, Guard};
use crate::shell::interrupt;

/// Folders below the project: `services/web/src/main.rs` is found.
const MOST_DEPTH: usize = 8;
/// Folders and files that are looked at before the search ends.
const MOST_ENTRIES: usize = 20_000;
/// A source file that a person wrote is shorter.
const MOST_BYTES: u64 = 256 << 10;
/// Texts read in all.
const MOST_TEXT: u64 = 8 << 20;

/// The project's files.
pub(super) struct Tree {
    dir: PathBuf,
    files: Vec<PathBuf>,
    texts: RefCell<BTreeMap<PathBuf, Option<Rc<str>>>>,
    read: std::cell::Cell<u64>,
}

impl Tree {
    /// Lists `dir`. A folder that can't be read is left out: Nix will say so.
    ///
    /// Errors: `context/ignore-file`, `interrupted`.
    pub(super) fn of(dir: &Path) -> Result<Self> {
        ignores::look(dir)?;
        let guard = Guard::default();
        let guarded = guard.clone();
        let walk = WalkBuilder::new(dir)
            .max_depth(Some(MOST_DEPTH))
            .follow_links(false)
            // The project's own .gitignore counts in a tarball without .git, too; the user's global one
            // and the folders above do not travel with the project.
            .hidden(false)
            .require_git(false)
            .git_global(false)
            .git_exclude(false)
            .parents(false)
            .ignore(false)
            .filter_entry(move |entry| {
                entry.depth() == 0 || !is_foreign(entry.path()) && guarded.allows(entry)
            })
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .build();
        let mut files = Vec::new();
        for entry in walk.take(MOST_ENTRIES) {
            interrupt::check()?;
            guard.check()?;
            let Ok(entry) = entry else { continue };
            // What is found has to stand in JSON, which is text.
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if let (true, Some(_), Ok(path)) = (
                is_file,
                entry.path().to_str(),
                entry.path().strip_prefix(dir),
            ) {
                files.push(path.to_owned());
            }
        }
        guard.check()?;
        files.sort();
        Ok(Tree {
            dir: dir.to_owned(),
            files,
            texts: RefCell::default(),
            read: std::cell::Cell::new(0),
        })
    }

    /// All files, sorted.
    pub(super) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether there is such a file.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.files
            .binary_search_by(|it| it.as_path().cmp(path))
            .is_ok()
    }

    /// The files below `folder` (empty: all), sorted.
    pub(super) fn below<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = &'a Path> {
        // Paths are sorted part by part, so those below a folder stand together.
        let start = self.files.partition_point(|path| path.as_path() < folder);
        let behind = self.files.get(start..).unwrap_or_default();
        let count = behind.partition_point(|path| path.starts_with(folder));
        behind.iter().take(count).map(PathBuf::as_path)
    }

    /// The text of a file of the tree; `None` when it isn't there, isn't text, or is too large to matter.
    pub(super) fn text(&self, path: &Path) -> Option<Rc<str>> {
        if let Some(known) = self.texts.borrow().get(path) {
            return known.clone();
        }
        let text = self.has(path).then(|| self.load(path)).flatten();
        let mut texts = self.texts.borrow_mut();
        texts.insert(path.to_owned(), text.clone());
        text
    }

    fn load(&self, path: &Path) -> Option<Rc<str>> {
        let file = fs_err::File::open(self.dir.join(path)).ok()?;
        let length = file.metadata().ok()?.len();
        if length > MOST_BYTES || self.read.get() + length > MOST_TEXT {
            return None;
        }
        self.read.set(self.read.get() + length);
        let mut text = String::new();
        file.take(MOST_BYTES).read_to_string(&mut text).ok()?;
        Some(Rc::from(text))
    }
}

/// Folders that hold other people's files, or what a tool made for one machine, wherever they lie.
const FOREIGN: &[&str] = &[".direnv", ".git", ".hg", ".venv", "node_modules"];

/// Folders that a tool fills, each with the manifests beside which it does: elsewhere they are plain words,
/// and a package may well be called `target`.
const FILLED: &[(&str, &[&str])] = &[
    ("_build", &["dune-project", "mix.exs", "rebar.config"]),
    ("deps", &["mix.exs"]),
    ("dist-newstyle", &["*.cabal", "cabal.project"]),
    ("target", &["Cargo.toml", "build.sbt", "pom.xml"]),
    (
        "vendor",
        &[
            ".cargo/config",
            ".cargo/config.toml",
            "Gemfile",
            "composer.json",
            "go.mod",
        ],
    ),
];

/// Whether a folder holds other people's files or what a build made.
fn is_foreign(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    if FOREIGN.contains(&name) {
        return true;
    }
    let filled = FILLED.iter().find(|(folder, _)| *folder == name);
    let Some(((_, manifests), above)) = filled.zip(path.parent()) else {
        return false;
    };
    let is_there = |manifest: &&str| match manifest.strip_prefix('*') {
        Some(end) => has_name_with(above, end),
        None => fs_err::symlink_metadata(above.join(manifest)).is_ok(),
    };
    fs_err::symlink_metadata(path).is_ok_and(|it| it.is_dir()) && manifests.iter().any(is_there)
}

/// Whether a file's name in `folder` ends like this.
fn has_name_with(folder: &Path, end: &str) -> bool {
    let names = fs_err::read_dir(folder).into_iter().flatten();
    let mut names = names.filter_map(|entry| Some(entry.ok()?.file_name()));
    names.any(|name| name.to_str().is_some_and(|name| name.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> (tempfile::TempDir, Tree) {
        let dir = tempfile::tempdir().unwrap();
        for path in paths {
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        }
        let tree = Tree::of(dir.path()).unwrap();
        (dir, tree)
    }

    #[test]
    fn a_folder_is_skipped_beside_the_tool_that_fills_it_only() {
        for (manifest, folder) in [
            ("Cargo.toml", "target"),
            ("pom.xml", "target"),
            ("mix.exs", "deps"),
            ("mix.exs", "_build"),
            ("go.mod", "vendor"),
            ("Gemfile", "vendor"),
            ("web.cabal", "dist-newstyle"),
        ] {
            let inside = format!("{folder}/x.rs");
            let nested = format!("src/{folder}/x.rs");
            let (_dir, found) = tree(&[manifest, &inside, &nested, "flake.nix"]);
            assert!(!found.has(Path::new(&inside)), "{inside}");
            assert!(found.has(Path::new(&nested)), "{nested}");
            let (_dir, alone) = tree(&[&inside, "flake.nix"]);
            assert!(alone.has(Path::new(&inside)), "{inside} without {manifest}");
        }
        let (_dir, found) = tree(&["a/node_modules/x.js", ".venv/x.py", ".direnv/x"]);
        assert!(found.files().is_empty());
    }

    #[test]
    fn an_ignore_file_that_cannot_be_read_at_once_is_refused_where_the_list_would_go() {
        let refused = |path: &str| {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink("/dev/zero", path).unwrap();
            Tree::of(dir.path()).err().map(|error| error.id())
        };
        assert_eq!(refused(".gitignore"), Some("context/ignore-file"));
        assert_eq!(refused("a/b/.gitignore"), Some("context/ignore-file"));
        assert_eq!(refused("a/node_modules/b/.gitignore"), None);
    }

    #[test]
    fn what_is_below_a_folder_is_all_of_it_and_nothing_else() {
        let (_dir, found) = tree(&["a-b/x", "a/b/x", "a/x", "a.x", "b/a/x", "aa/x"]);
        let below = |folder: &str| {
            let folder = Path::new(folder);
            let fast: Vec<&Path> = found.below(folder).collect();
            let slow = found.files().iter().filter(|path| path.starts_with(folder));
            assert_eq!(fast, slow.collect::<Vec<_>>());
            fast.len()
        };
        let counts = ["", "a", "a/b", "a/x", "a-b", "b", "c", "a/b/x/y", "zz"].map(below);
        assert_eq!(counts, [6, 2, 1, 1, 1, 1, 0, 0, 0]);
    }
}
