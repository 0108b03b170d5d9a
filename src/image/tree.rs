//! What a layer holds: entries in the order of its tar.
//!
//! Takes store paths; gives their folders, files and links, sorted, the same on every machine. Never: a file's
//! content, but for files of one size, which may be one file; a link followed; an owner or a time, which are all alike.
//! So a path is held against the size that Nix registered, which finds what a crash cut off, and not against its hash.
//!
//! **Files of the same content are hard links of the first.** Whether two files share an inode differs from machine to
//! machine: a package that was built here has the links that its build made, the same package from a cache has none,
//! and a store that Nix has optimised has links between packages. By content it is the same everywhere, and smallest.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::closure::StorePath;
use crate::error::{Error, Result};
use crate::shell::interrupt;

mod nar;

/// What Nix on macOS puts into a name that another in its folder differs from only by case; a number follows.
const CASE_HACK: &[u8] = b"~nix~case~hack~";

/// What a layer says by a name that begins so is that what follows is gone.
const WHITEOUT: &[u8] = b".wh.";
/// Smaller files aren't compared: a hard link takes half a kilobyte of a tar itself.
const WORTH_COMPARING: u64 = 4096;

/// One entry of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place below the image's root: `nix/store/…`, without a slash at either end.
    pub path: PathBuf,
    /// Its mode's last twelve bits.
    pub mode: u32,
    /// What it is.
    pub kind: Kind,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A regular file of this machine, of so many bytes.
    File(u64),
    /// A regular file made here.
    Made(Vec<u8>),
    /// A symbolic link, and where it leads.
    Link(PathBuf),
    /// A hard link to an earlier entry of the same layer.
    Same(PathBuf),
}

impl Entry {
    /// A folder.
    pub fn folder(path: impl Into<PathBuf>, mode: u32) -> Self {
        let kind = Kind::Folder;
        let path = path.into();
        Entry { path, mode, kind }
    }

    /// A symbolic link.
    pub fn link(path: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        Entry {
            path: path.into(),
            mode: 0o777,
            kind: Kind::Link(target.into()),
        }
    }

    /// A file whose content is here.
    pub fn made(path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        Entry {
            path: path.into(),
            mode: 0o644,
            kind: Kind::Made(content.into()),
        }
    }
}

/// The entries of a layer of store paths that lie below `root` (`/`, but for tests), and the folders that they lie in.
///
/// Errors: `image/unreadable`, `image/odd-file`, `image/case-hack`, `interrupted`.
pub fn entries(root: &Path, paths: &[StorePath]) -> Result<Vec<Entry>> {
    entries_checked(root, paths, &|_| None)
}

/// As [`entries`], of paths that are as large as Nix registered them; one whose size it doesn't know is taken as it is.
///
/// Errors: as [`entries`], and `image/damaged`.
pub fn entries_checked(
    root: &Path,
    paths: &[StorePath],
    registered: &dyn Fn(&StorePath) -> Option<u64>,
) -> Result<Vec<Entry>> {
    let mut walk = Walk {
        root,
        entries: vec![
            Entry::folder("nix", 0o755),
            Entry::folder("nix/store", 0o755),
        ],
        alike: BTreeMap::new(),
    };
    let mut paths: Vec<&StorePath> = paths.iter().collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        interrupt::check()?;
        let found = walk.path(path)?;
        // Nix writes 0 where it doesn't know; no archive is that small.
        let expected = registered(path).filter(|bytes| *bytes > 0);
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(damaged(path, expected, found));
        }
    }
    walk.join_alike()?;
    Ok(walk.entries)
}

/// Files that may be one: of one size and mode.
type Alike = BTreeMap<(u64, u32), Vec<Found>>;

/// A file among others of its size.
struct Found {
    /// Its place among the entries.
    at: usize,
    inode: (u64, u64),
}

struct Walk<'a> {
    root: &'a Path,
    entries: Vec<Entry>,
    alike: Alike,
}

impl Walk<'_> {
    /// A store path and all below it: what is in a folder comes right after it, sorted by its bytes. Gives the size
    /// that Nix would register.
    fn path(&mut self, path: &StorePath) -> Result<u64> {
        let mut open = vec![Path::new("nix/store").join(path.base())];
        let first = self.entries.len();
        while let Some(path) = open.pop() {
            let here = self.root.join(&path);
            let found = fs_err::symlink_metadata(&here).map_err(|error| unreadable(&error))?;
            if found.is_dir() {
                let mut names = names(&here)?;
                if cfg!(target_os = "macos") {
                    unchanged(&here, &names)?;
                }
                // The last one in is the first one out.
                names.sort_unstable_by(|one, other| other.cmp(one));
                open.extend(names.iter().map(|name| path.join(name)));
            }
            self.entry(path, &here, &found)?;
        }
        let found = self.entries.iter().enumerate().skip(first);
        Ok(found.fold(nar::before(), |sum, (at, entry)| {
            sum.saturating_add(nar::entry(entry, at == first))
        }))
    }

    fn entry(&mut self, path: PathBuf, here: &Path, found: &Metadata) -> Result<()> {
        let name = path.file_name().unwrap_or_default();
        if name.as_encoded_bytes().starts_with(WHITEOUT) {
            return Err(whiteout(here));
        }
        let kind = if found.is_dir() {
            Kind::Folder
        } else if found.is_symlink() {
            Kind::Link(fs_err::read_link(here).map_err(|error| unreadable(&error))?)
        } else if found.is_file() {
            Kind::File(found.len())
        } else {
            return Err(odd_file(here));
        };
        let mode = match kind {
            Kind::Link(_) => 0o777,
            _ => found.mode() & 0o7777,
        };
        if let Kind::File(bytes) = kind
            && bytes >= WORTH_COMPARING
        {
            self.alike.entry((bytes, mode)).or_default().push(Found {
                at: self.entries.len(),
                inode: (found.dev(), found.ino()),
            });
        }
        self.entries.push(Entry { path, mode, kind });
        Ok(())
    }

    /// Makes every file a hard link whose content an earlier one has.
    fn join_alike(&mut self) -> Result<()> {
        for files in std::mem::take(&mut self.alike).into_values() {
            if files.len() < 2 {
                continue;
            }
            let mut first_of: BTreeMap<[u8; 32], usize> = BTreeMap::new();
            let mut read: BTreeMap<(u64, u64), [u8; 32]> = BTreeMap::new();
            // All of one inode: nothing need be read.
            let one = files
                .iter()
                .all(|it| Some(it.inode) == files.first().map(|it| it.inode));
            for file in files {
                interrupt::check()?;
                let content = match read.get(&file.inode) {
                    Some(content) => *content,
                    None if one => [0; 32],
                    None => self.content(file.at)?,
                };
                read.insert(file.inode, content);
                let first = *first_of.entry(content).or_insert(file.at);
                if first != file.at {
                    self.join(first, file.at);
                }
            }
        }
        Ok(())
    }

    fn join(&mut self, first: usize, at: usize) {
        let first = self.entries.get(first).map(|it| it.path.clone());
        if let (Some(first), Some(entry)) = (first, self.entries.get_mut(at)) {
            entry.kind = Kind::Same(first);
        }
    }

    fn content(&self, at: usize) -> Result<[u8; 32]> {
        let Some(entry) = self.entries.get(at) else {
            return Ok([0; 32]);
        };
        let mut hash = Sha256::new();
        let read = fs_err::File::open(self.root.join(&entry.path))
            .and_then(|mut file| io::copy(&mut file, &mut Hashing(&mut hash)));
        read.map_err(|error| unreadable(&error))?;
        Ok(hash.finalize().into())
    }
}

/// A hash as a place to write to.
struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn names(folder: &Path) -> Result<Vec<OsString>> {
    let read = |folder| -> io::Result<Vec<OsString>> {
        fs_err::read_dir(folder)?
            .map(|entry| Ok(entry?.file_name()))
            .collect()
    };
    read(folder).map_err(|error| unreadable(&error))
}

/// Refuses names that are not those of the package: in an image nothing would find the files.
fn unchanged(folder: &Path, names: &[OsString]) -> Result<()> {
    let changed = |name: &OsStr| {
        let mut parts = name.as_bytes().windows(CASE_HACK.len());
        parts.any(|part| part == CASE_HACK)
    };
    match names.iter().find(|name| changed(name)) {
        Some(name) => Err(case_hack(&folder.join(name))),
        None => Ok(()),
    }
}

/// A store path that can't be read.
pub(crate) fn unreadable(error: &io::Error) -> Error {
    Error::user(
        "image/unreadable",
        format!("the store can't be read: {error}"),
        "see whether the path is whole: `nix-store --verify-path PATH`; `nix-store --repair-path PATH` mends it",
    )
}

fn whiteout(path: &Path) -> Error {
    Error::user(
        "image/whiteout",
        "a name that begins with `.wh.` can't be in an image: there it says that a file is gone",
        "remove it, or give it another name, where its package is built",
    )
    .at_path(path)
}

fn odd_file(path: &Path) -> Error {
    Error::user(
        "image/odd-file",
        "this is no file, no folder and no link, and can't be in an image",
        "see whether the path is whole: `nix-store --verify-path PATH`",
    )
    .at_path(path)
}

fn damaged(path: &StorePath, expected: u64, found: u64) -> Error {
    Error::user(
        "image/damaged",
        format!(
            "this store path is not what Nix registered: it should have {expected} bytes as an archive, and has {found}"
        ),
        format!("see what is wrong with it: `nix-store --verify-path {path}`"),
    )
    .at(path)
    .because("a power cut or a full disk can leave files empty or too short")
    .or(format!("get it again: `nix-store --repair-path {path}`"))
}

fn case_hack(path: &Path) -> Error {
    Error::user(
        "image/case-hack",
        "this file has another name on this Mac than in its package, because a file beside it has the same one in other \
         letters' case",
        "deploy by Docker: `--route docker`",
    )
    .at_path(path)
    .because("Linux tells them apart, and would look for the real name")
}

#[cfg(test)]
pub(super) mod tests;
