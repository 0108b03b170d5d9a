//! Reads files of a project that may be anything: a pipe that never ends, a device, a folder; and reads their paths.

use std::io::{Error, ErrorKind, Read};
use std::path::Path;

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

/// Writes a file as a whole: beside its place, then renamed, so that what was there is lost only to all of what is new.
/// A link stays one. The mode of an old file stays.
///
/// Errors: those of the system; then nothing has changed.
pub fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    let path = fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let mode = fs_err::metadata(&path).map_or(0o644, |it| it.permissions().mode() & 0o777);
    let mut file = tempfile::Builder::new()
        .prefix(".nixdyno-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file()
        .set_permissions(std::fs::Permissions::from_mode(mode))?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// The last part of a path that was written with `/`: the word itself where it has none.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a path leads out of a folder by a link; false for what isn't there.
pub(crate) fn leads_out(folder: &Path, path: &Path) -> bool {
    match (fs_err::canonicalize(folder), fs_err::canonicalize(path)) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        replace(&path, "one").unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("a", &link).unwrap();
        replace(&link, "two").unwrap();
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "two");
        assert!(link.is_symlink());
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 2);
        assert!(replace(Path::new("/nonexistent/x"), "").is_err());
    }

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
