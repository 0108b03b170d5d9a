//! Reads files of a project that may be anything: a pipe that never ends, a device, a folder.

use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Reads a regular file of at most `most` bytes, following links.
///
/// Errors: those of the system, and `InvalidInput` for what is no regular file or larger.
pub fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let found = fs_err::metadata(path)?;
    let refuse = |why: &str| {
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!("{} {why}", path.display()),
        ))
    };
    if !found.is_file() {
        return refuse("is not a regular file");
    }
    let mut bytes = Vec::new();
    fs_err::File::open(path)?
        .take(most + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return refuse(&format!("is over {most} bytes"));
    }
    Ok(bytes)
}

/// As [`read`], as text.
///
/// Errors: as [`read`], and `InvalidData` for what is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> std::io::Result<String> {
    String::from_utf8(read(path, most)?).map_err(|_| {
        Error::new(
            ErrorKind::InvalidData,
            format!("{} is not UTF-8 text", path.display()),
        )
    })
}

/// Whether a path leads out of a folder by a link; false for what isn't there.
pub(crate) fn leads_out(folder: &Path, path: &Path) -> bool {
    match (fs_err::canonicalize(folder), fs_err::canonicalize(path)) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => false,
    }
}

/// An ignore file larger than this lists no patterns that a person wrote.
pub(crate) const MOST_IGNORES: u64 = 1 << 20;

/// An ignore file that must not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoIgnoreFile {
    /// Which.
    pub(crate) path: PathBuf,
    /// What is wrong with it, after its name.
    pub(crate) what: String,
}

/// Looks at every file that a walk over `folder` with git's rules opens by itself: `.gitignore`,
/// `.git/info/exclude`, and the two files by which a worktree leads there.
///
/// Errors: what is there but no regular file of at most [`MOST_IGNORES`] bytes.
pub(crate) fn check_ignores(folder: &Path) -> Result<(), NoIgnoreFile> {
    check_ignore(folder.join(".gitignore"))?;
    let git = folder.join(".git");
    if !fs_err::metadata(&git).is_ok_and(|found| found.is_file()) {
        return check_ignore(git.join("info/exclude"));
    }
    check_ignore(git.clone())?;
    let Some(of_worktree) =
        first_line(&git).and_then(|it| Some(it.strip_prefix("gitdir: ")?.into()))
    else {
        return Ok(());
    };
    let of_worktree: PathBuf = of_worktree;
    let common = of_worktree.join("commondir");
    check_ignore(common.clone())?;
    match first_line(&common) {
        Some(line) => {
            // Relative to either place: both are looked at, neither is opened.
            check_ignore(PathBuf::from(&line).join("info/exclude"))?;
            check_ignore(of_worktree.join(line).join("info/exclude"))
        }
        None => Ok(()),
    }
}

fn check_ignore(path: PathBuf) -> Result<(), NoIgnoreFile> {
    let what = match fs_err::metadata(&path) {
        Ok(found) if !found.is_file() => "is not a regular file".to_owned(),
        Ok(found) if found.len() > MOST_IGNORES => {
            format!("is larger than {} MiB", MOST_IGNORES >> 20)
        }
        _ => return Ok(()),
    };
    Err(NoIgnoreFile { path, what })
}

fn first_line(path: &Path) -> Option<String> {
    let bytes = read(path, MOST_IGNORES).ok()?;
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    Some(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_a_size_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        fs_err::write(&file, "abc").unwrap();
        assert_eq!(read_text(&file, 3).unwrap(), "abc");
        assert_eq!(read(&file, 2).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(
            read(dir.path(), 9).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
        assert_eq!(
            read(Path::new("/dev/zero"), 9).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
        fs_err::write(&file, [0xff]).unwrap();
        assert_eq!(
            read_text(&file, 9).unwrap_err().kind(),
            ErrorKind::InvalidData
        );
    }
}
