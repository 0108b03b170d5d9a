//! Lists the files that decide what a build needs, but not what it builds.
//!
//! Takes the project's [`Tree`]; gives sorted relative paths: Nix expressions, locks, package manifests. They enter
//! a Dockerfile before the sources, so that a change of the sources keeps what was fetched. Stays
//! small: a monorepo's thousand manifests would help nobody.

use std::path::{Path, PathBuf};

use super::tree::Tree;

/// Folders below the project: `services/web/nix/x.nix` is found.
const MOST_DEPTH: usize = 4;
/// Past this, only the top level and `nix/` count.
const MOST_FILES: usize = 64;

/// Names of manifests and locks, sorted.
const NAMES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Gemfile",
    "Gemfile.lock",
    "cabal.project",
    "flake.lock",
    "gemset.nix",
    "go.mod",
    "go.sum",
    "gomod2nix.toml",
    "mix.exs",
    "mix.lock",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pyproject.toml",
    "requirements.txt",
    "stack.yaml",
    "uv.lock",
    "yarn.lock",
];

/// Files of pin tools, by their whole path.
const PATHS: &[&str] = &["nix/sources.json", "npins/sources.json"];

/// The recipe's files, relative and sorted.
pub(super) fn list(tree: &Tree) -> Vec<PathBuf> {
    let files = tree.files().iter();
    let near = files.filter(|path| path.components().count() <= MOST_DEPTH && !is_hidden(path));
    let mut found: Vec<PathBuf> = near
        // A Dockerfile is text: a path that is not can't stand in it.
        .filter(|path| path.to_str().is_some() && belongs(path))
        .cloned()
        .collect();
    if found.len() > MOST_FILES {
        found.retain(|path| path.components().count() == 1 || path.starts_with("nix"));
        found.truncate(MOST_FILES);
    }
    found
}

/// A tool's own folder, such as `.github`, decides no build.
fn is_hidden(path: &Path) -> bool {
    path.iter()
        .any(|part| part.as_encoded_bytes().starts_with(b"."))
}

fn belongs(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let extension = path.extension().and_then(|it| it.to_str());
    matches!(extension, Some("nix" | "cabal"))
        || NAMES.binary_search(&name).is_ok()
        || PATHS.iter().any(|known| path == Path::new(known))
}
