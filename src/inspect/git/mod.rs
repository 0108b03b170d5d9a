//! What git has of a project, and what it is told to leave out: read from its files, without git.
//!
//! Takes the project's folder; gives the [`Repository`] it lies in, its [`Index`], and the patterns that ignore
//! a path. Opens regular files of bounded size only, and follows no link. Never: git itself, a change.

mod ignored;
mod index;

use std::path::{Path, PathBuf};

use crate::files;

pub(super) use ignored::{Ignores, Pattern};
pub(super) use index::Index;

/// Folders above the project in which a repository is looked for.
const MOST_ABOVE: usize = 64;
/// The file that leads from a worktree to its repository holds one path.
const MOST_LINK: u64 = 8 << 10;
/// The index of a repository of a hundred thousand files has as much.
const MOST_INDEX: u64 = 12 << 20;

/// The repository that a project lies in.
#[derive(Debug)]
pub(super) struct Repository {
    /// Its folder, without links.
    top: PathBuf,
    /// Where git keeps its files: `.git`, or the place that a worktree's `.git` names.
    git: PathBuf,
    /// The project in it; empty when it is the whole.
    project: PathBuf,
}

impl Repository {
    /// Looks in the project and above.
    pub(super) fn of(dir: &Path) -> Option<Self> {
        let whole = fs_err::canonicalize(dir).ok()?;
        for top in whole.ancestors().take(MOST_ABOVE) {
            let Ok(found) = fs_err::symlink_metadata(top.join(".git")) else {
                continue;
            };
            let git = if found.is_dir() {
                top.join(".git")
            } else {
                linked(top)?
            };
            // As git does: a folder of that name without a HEAD is none of its own.
            if fs_err::symlink_metadata(git.join("HEAD")).is_err() {
                continue;
            }
            return Some(Repository {
                project: whole.strip_prefix(top).ok()?.to_owned(),
                top: top.to_owned(),
                git,
            });
        }
        None
    }

    /// What git has of the project; `None` where that can't be told. A new repository has no index yet.
    pub(super) fn index(&self) -> Option<Index> {
        let path = self.git.join("index");
        let found = fs_err::symlink_metadata(&path);
        if matches!(&found, Err(error) if error.kind() == std::io::ErrorKind::NotFound) {
            return Some(Index::default());
        }
        found.ok().filter(std::fs::Metadata::is_file)?;
        let bytes = files::read(&path, MOST_INDEX).ok()?;
        let mut folder = self.project.to_str()?.to_owned();
        if !folder.is_empty() {
            folder.push('/');
        }
        Index::of(&bytes, folder.as_bytes())
    }

    /// The file of patterns that stays on this machine.
    fn exclude(&self) -> PathBuf {
        let common = one_line(&self.git.join("commondir"));
        let common = common.map_or_else(|| self.git.clone(), |line| self.git.join(line));
        common.join("info/exclude")
    }
}

/// Whether git has a file of `dir`; it has none where that can't be told.
pub(crate) fn has(dir: &Path) -> impl Fn(&Path) -> bool {
    let index = Repository::of(dir).and_then(|it| it.index());
    move |path| {
        let has = |index: &Index| path.to_str().is_some_and(|it| index.has(it));
        index.as_ref().is_some_and(has)
    }
}

/// Where the `.git` file of a worktree, or of a submodule, leads.
fn linked(top: &Path) -> Option<PathBuf> {
    let line = one_line(&top.join(".git"))?;
    Some(top.join(line.strip_prefix("gitdir: ")?))
}

/// The line of a small regular file that has one.
fn one_line(path: &Path) -> Option<String> {
    let text = text(path, MOST_LINK)?;
    Some(text.lines().next()?.to_owned())
}

/// The text of a regular file that is no link.
fn text(path: &Path, most: u64) -> Option<String> {
    let found = fs_err::symlink_metadata(path).ok()?;
    let text = found.is_file().then(|| files::read_text(path, most).ok());
    text.flatten()
}
