//! Looks at the ignore files of a project before a walk opens them: one may be a pipe, a device, or huge.
//!
//! Takes folders as a walk comes to them; gives whether it may enter, and at the end the first that it
//! may not. Never opens what it has not looked at.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;

use crate::error::{Error, Result};
use crate::files::read;

/// Keeps a walk out of folders whose ignore files can't be read at once, and remembers the first of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guard {
    // Shared, because a walk owns the closure that asks.
    refused: Arc<Mutex<Option<Error>>>,
}

impl Guard {
    /// Whether a walk may enter: it reads the ignore files of a folder by itself, whatever they are.
    pub(crate) fn allows(&self, entry: &DirEntry) -> bool {
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        let Err(error) = look(entry.path()) else {
            return true;
        };
        let mut first = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(error);
        false
    }

    /// Whether all were good so far.
    ///
    /// Errors: `context/ignore-file`.
    pub(crate) fn check(&self) -> Result<()> {
        let mut first = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        first.take().map_or(Ok(()), Err)
    }
}

/// An ignore file larger than this lists no patterns that a person wrote.
const MOST_IGNORES: u64 = 1 << 20;

/// Looks at every file that a walk over `folder` with git's rules opens by itself: `.gitignore`,
/// `.git/info/exclude`, and the two files by which a worktree leads there. A walk asks [`Guard`] for no leave
/// to enter where it begins: look there first.
///
/// Errors: `context/ignore-file` for what is there but no regular file of at most [`MOST_IGNORES`] bytes.
pub(crate) fn look(folder: &Path) -> Result<()> {
    look_at(&folder.join(".gitignore"))?;
    let git = folder.join(".git");
    if !fs_err::metadata(&git).is_ok_and(|found| found.is_file()) {
        return look_at(&git.join("info/exclude"));
    }
    look_at(&git)?;
    let Some(of_worktree) =
        first_line(&git).and_then(|it| Some(it.strip_prefix("gitdir: ")?.into()))
    else {
        return Ok(());
    };
    let of_worktree: PathBuf = of_worktree;
    let common = of_worktree.join("commondir");
    look_at(&common)?;
    match first_line(&common) {
        Some(line) => {
            // Relative to either place: both are looked at, neither is opened.
            look_at(&Path::new(&line).join("info/exclude"))?;
            look_at(&of_worktree.join(line).join("info/exclude"))
        }
        None => Ok(()),
    }
}

fn look_at(path: &Path) -> Result<()> {
    let what = match fs_err::metadata(path) {
        Ok(found) if !found.is_file() => "is not a regular file".to_owned(),
        Ok(found) if found.len() > MOST_IGNORES => {
            format!("is larger than {} MiB", MOST_IGNORES >> 20)
        }
        _ => return Ok(()),
    };
    let error = Error::user(
        "context/ignore-file",
        format!("`{}` {what}", path.display()),
        "make it a regular file with one pattern a line, or remove it",
    );
    let most = MOST_IGNORES >> 20;
    Err(error.at_path(path).because(format!(
        "what git ignores is left out, so it is read first, up to {most} MiB"
    )))
}

fn first_line(path: &Path) -> Option<String> {
    let bytes = read(path, MOST_IGNORES).ok()?;
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    Some(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use ignore::WalkBuilder;

    use super::*;

    /// As those who walk a project do.
    fn walk(dir: &Path) -> Result<()> {
        look(dir)?;
        let guard = Guard::default();
        let guarded = guard.clone();
        let mut walk = WalkBuilder::new(dir);
        walk.hidden(false).require_git(false);
        walk.filter_entry(move |entry| entry.file_name() != ".git" && guarded.allows(entry));
        walk.build().for_each(drop);
        guard.check()
    }

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn an_ignore_file_that_is_none_is_refused() {
        let dir = project(&[("flake.nix", "{}")]);
        symlink("/dev/zero", dir.path().join(".gitignore")).unwrap();
        let error = walk(dir.path()).unwrap_err().to_string();
        let shown = error.replace(dir.path().to_str().unwrap(), "DIR");
        insta::assert_snapshot!(shown, @r"
        `DIR/.gitignore` is not a regular file
          where: DIR/.gitignore
          why: what git ignores is left out, so it is read first, up to 1 MiB
          do: make it a regular file with one pattern a line, or remove it
          [context/ignore-file]
        ");
    }

    #[test]
    fn one_of_a_subfolder_and_of_git_is_looked_at_before_a_walk_opens_it() {
        let socket = |path: &Path| {
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            drop(std::os::unix::net::UnixListener::bind(path).unwrap());
        };
        let dir = project(&[("flake.nix", "{}"), ("a/b/x", "")]);
        socket(&dir.path().join("a/b/.gitignore"));
        assert_eq!(walk(dir.path()).unwrap_err().id(), "context/ignore-file");
        // What is ignored itself is never entered.
        fs_err::write(dir.path().join(".gitignore"), "/a\n").unwrap();
        walk(dir.path()).unwrap();

        let dir = project(&[("flake.nix", "{}"), (".git/HEAD", "x")]);
        socket(&dir.path().join(".git/info/exclude"));
        assert_eq!(walk(dir.path()).unwrap_err().id(), "context/ignore-file");

        // A worktree's `.git` is a file that leads to the list by two steps.
        let at = tempfile::tempdir().unwrap();
        let link = format!("gitdir: {}\n", at.path().display());
        let dir = project(&[("flake.nix", "{}"), (".git", &link)]);
        socket(&at.path().join("commondir"));
        assert_eq!(walk(dir.path()).unwrap_err().id(), "context/ignore-file");
    }

    #[test]
    fn a_huge_one_is_refused() {
        let dir = project(&[("flake.nix", "{}"), (".gitignore", "")]);
        let file = dir.path().join(".gitignore");
        let resize = |bytes| {
            let open = fs_err::OpenOptions::new().write(true).open(&file);
            open.unwrap().set_len(bytes).unwrap();
        };
        resize(MOST_IGNORES);
        walk(dir.path()).unwrap();
        resize(MOST_IGNORES + 1);
        assert!(walk(dir.path()).unwrap_err().what().contains("1 MiB"));
    }
}
