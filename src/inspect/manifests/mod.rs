//! Package manifests: what a language's own files say of the programs that a build makes.
//!
//! Takes the project's [`Tree`] and a folder of it; gives a [`Manifest`] for each that is found there.
//! Never: a guess. A program that only a convention names is one only where the convention is the tool's own.

use std::path::{Path, PathBuf};

use super::project::Ecosystem;
use super::tree::Tree;

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
    pub(super) library: bool,
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

/// The manifests of `folder` (empty: the project itself) and of the workspace members they name, by path.
pub(super) fn read(tree: &Tree, folder: &Path) -> Vec<Manifest> {
    let _ = (tree, folder);
    Vec::new()
}
