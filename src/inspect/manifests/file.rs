//! One manifest's text, with what a reader asks of it: lines, neighbours, words with their place.
//!
//! Takes a file of the [`Tree`] and its text; gives [`Said`] and [`Found`]. Never reads a language.

use std::path::{Path, PathBuf};

use super::{Manifest, Said};
use crate::inspect::project::Ecosystem;
use crate::inspect::tree::Tree;

/// What one file gives.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// A workspace's own file may be none.
    pub(super) manifest: Option<Manifest>,
    /// Folders of members, relative to the file's: `crates/*`, `!crates/old`.
    pub(super) members: Vec<String>,
}

impl From<Manifest> for Found {
    fn from(manifest: Manifest) -> Self {
        Found {
            manifest: Some(manifest),
            members: Vec::new(),
        }
    }
}

/// A manifest that is being read.
pub(super) struct File<'a> {
    pub(super) tree: &'a Tree,
    pub(super) path: &'a Path,
    pub(super) folder: &'a Path,
    /// Without a byte order mark.
    pub(super) text: &'a str,
    ecosystem: Ecosystem,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl<'a> File<'a> {
    pub(super) fn new(tree: &'a Tree, path: &'a Path, text: &'a str, ecosystem: Ecosystem) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        File {
            tree,
            path,
            folder: path.parent().unwrap_or(Path::new("")),
            text,
            ecosystem,
            ends: text.match_indices('\n').map(|(at, _)| at).collect(),
        }
    }

    /// A manifest that says nothing yet.
    pub(super) fn manifest(&self) -> Manifest {
        Manifest {
            path: self.path.to_owned(),
            ecosystem: self.ecosystem,
            name: None,
            programs: Vec::new(),
            default_program: None,
            start: None,
            arguments: Vec::new(),
            dependencies: Vec::new(),
            builds_site: None,
            is_library: false,
        }
    }

    /// The word that stands at `at` (bytes from the start).
    pub(super) fn said(&self, value: impl Into<String>, at: usize) -> Said {
        let line = self.ends.partition_point(|end| *end < at) + 1;
        Said {
            value: value.into(),
            path: self.path.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    /// A file beside this one.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Whether there is such a file beside this one.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tree.has(&self.beside(name))
    }

    /// This file's name without its extension: `Web` of `src/Web/Web.csproj`.
    pub(super) fn stem(&self) -> Option<&str> {
        self.path.file_stem()?.to_str()
    }

    /// The lines, each with where it starts.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &'a str)> {
        lines(self.text)
    }
}

/// The lines of a text, each with where it starts.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\n', '\r']))
    })
}

/// A file of the project that says something just by being there.
pub(super) fn said_by(path: PathBuf, value: impl Into<String>) -> Said {
    let value = value.into();
    Said {
        value,
        path,
        line: 1,
    }
}
