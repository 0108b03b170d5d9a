//! Reads one file of the project into text, whatever it turns out to be.
//!
//! Takes the project's directory and a relative path; gives the text, or `None` when there is no such
//! file. Never: a panic, a half-read file, more than [`MOST_BYTES`].

use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, Result};

/// More than this is no file that a person wrote for Nix; the largest lock files have half of it.
pub(super) const MOST_BYTES: u64 = 1_000_000;

/// The text of `dir/path`, without a byte order mark; `None` when nothing is there.
pub(super) fn read(dir: &Path, path: &Path) -> Result<Option<String>> {
    let full = dir.join(path);
    let metadata = match fs_err::metadata(&full) {
        Ok(metadata) => metadata,
        // A symlink to nothing is as good as no file: Nix would say the same.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(path, &error)),
    };
    if crate::files::leads_out(dir, &full) {
        return Err(outside(path));
    }
    if !metadata.is_file() {
        return Err(Error::user(
            "inspect/not-a-file",
            format!("`{}` is not a regular file", path.display()),
            format!("put a regular file there, or rename `{}`", path.display()),
        )
        .at_path(path));
    }
    if metadata.len() > MOST_BYTES {
        return Err(too_large(path));
    }
    let file = fs_err::File::open(&full).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    // The size was asked before: the file may have grown since.
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_large(path));
    }
    text(path, bytes).map(Some)
}

/// The bytes as text: UTF-8 without NUL, a byte order mark cut off.
pub(super) fn text(path: &Path, bytes: Vec<u8>) -> Result<String> {
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(not_text(path, &bytes, at, "holds a NUL byte"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        not_text(path, error.as_bytes(), at, "is not UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn not_text(path: &Path, bytes: &[u8], at: usize, what: &str) -> Error {
    let before = bytes.iter().take(at);
    let line = 1 + before.filter(|byte| **byte == b'\n').count();
    Error::user(
        "inspect/not-text",
        format!("`{}` {what}", path.display()),
        format!("save `{}` as UTF-8 text", path.display()),
    )
    .at(format!("{}:{line}", path.display()))
}

fn outside(path: &Path) -> Error {
    Error::user(
        "inspect/outside",
        format!("`{}` is outside the project", path.display()),
        format!("put a copy in place of the link `{}`", path.display()),
    )
    .at_path(path)
    .because("only the project's folder is read and built: a link out of it leads nowhere there")
}

fn too_large(path: &Path) -> Error {
    Error::user(
        "inspect/too-large",
        format!(
            "`{}` has more than {} kB",
            path.display(),
            MOST_BYTES / 1000
        ),
        "move data out of it into files of their own",
    )
    .at_path(path)
    .because("files that Nix starts from are read whole, and such a size is a mistake")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::user(
        "inspect/unreadable",
        format!("cannot read `{}`", path.display()),
        "make it readable for the user who runs nixdyno",
    )
    .at_path(path)
    .detail([error.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_out_of_the_project_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        fs_err::write(other.path().join("secret"), "x").unwrap();
        fs_err::create_dir(dir.path().join("nix")).unwrap();
        fs_err::write(dir.path().join("nix/Procfile"), "web: x").unwrap();
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, dir.path().join(name)).unwrap();
        };
        link(Path::new("nix/Procfile"), "Procfile");
        link(&other.path().join("secret"), "heroku.yml");
        link(other.path(), "npins");
        let read = |path: &str| read(dir.path(), Path::new(path));
        assert_eq!(read("Procfile").unwrap().as_deref(), Some("web: x"));
        assert_eq!(read("npins/secret").unwrap_err().id(), "inspect/outside");
        insta::assert_snapshot!(read("heroku.yml").unwrap_err(), @r"
        `heroku.yml` is outside the project
          where: heroku.yml
          why: only the project's folder is read and built: a link out of it leads nowhere there
          do: put a copy in place of the link `heroku.yml`
          [inspect/outside]
        ");
    }
}
