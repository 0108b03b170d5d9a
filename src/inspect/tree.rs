//! The project's files by name, listed once for all who look for some.
//!
//! Takes the directory; gives relative paths, sorted, of what git would not ignore, and the texts of some.
//! Never: more than [`MOST_ENTRIES`] entries, a symlink followed, a file larger than [`MOST_BYTES`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::WalkBuilder;

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
    pub(super) fn of(dir: &Path) -> Self {
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
            .filter_entry(|entry| !is_foreign(entry.file_name()))
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .build();
        let files = walk
            .take(MOST_ENTRIES)
            .filter_map(std::result::Result::ok)
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
            .filter_map(|entry| entry.path().strip_prefix(dir).map(Path::to_owned).ok());
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        Tree {
            dir: dir.to_owned(),
            files,
            texts: RefCell::default(),
            read: std::cell::Cell::new(0),
        }
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
        let files = self.files.iter().map(PathBuf::as_path);
        files.filter(move |path| folder.as_os_str().is_empty() || path.starts_with(folder))
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

/// Folders that hold other people's files or what a build made.
fn is_foreign(name: &std::ffi::OsStr) -> bool {
    let names = [
        ".git",
        ".direnv",
        ".hg",
        "node_modules",
        "target",
        "dist-newstyle",
        "_build",
        "deps",
        "vendor",
        ".venv",
    ];
    name.to_str().is_some_and(|name| names.contains(&name))
}
