//! Lists the files that decide what a build needs, but not what it builds.
//!
//! Takes the directory; gives sorted relative paths: Nix expressions, locks, package manifests. They enter
//! a Dockerfile before the sources, so that a change of the sources keeps what was fetched. Respects
//! .gitignore, follows no symlinks, and stays small: a monorepo's thousand manifests would help nobody.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// Folders below the project: `services/web/nix/x.nix` is found.
const MOST_DEPTH: usize = 4;
/// Past this, only the top level and `nix/` count.
const MOST_FILES: usize = 64;
/// Folders and files that are looked at before the search ends.
const MOST_ENTRIES: usize = 20_000;

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
pub(super) fn list(dir: &Path) -> Vec<PathBuf> {
    let walk = WalkBuilder::new(dir)
        .max_depth(Some(MOST_DEPTH))
        .follow_links(false)
        // The project's own .gitignore counts in a tarball without .git, too; the user's global one
        // and the folders above do not travel with the project.
        .require_git(false)
        .git_global(false)
        .parents(false)
        .ignore(false)
        .filter_entry(|entry| {
            entry.file_name() != "node_modules"
                && entry.file_name() != "target"
                // A pipe in place of an ignore file would hold the walk up for ever.
                && crate::files::check_ignores(entry.path()).is_ok()
        })
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    // A folder that can't be read can't be built from either; Nix will say so.
    let files = walk
        .take(MOST_ENTRIES)
        .filter_map(std::result::Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let relative =
        files.filter_map(|entry| entry.path().strip_prefix(dir).map(Path::to_owned).ok());
    // A Dockerfile is text: a path that is not can't stand in it.
    let named = relative.filter(|path| path.to_str().is_some());
    let mut found: Vec<PathBuf> = named.filter(|path| belongs(path)).collect();
    if found.len() > MOST_FILES {
        found.retain(|path| path.components().count() == 1 || path.starts_with("nix"));
        found.truncate(MOST_FILES);
    }
    found.sort();
    found
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
