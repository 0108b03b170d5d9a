//! Finds the files Nix starts from.
//!
//! Takes the directory, and the file that was asked for; gives the texts of `flake.nix` and `default.nix`, or of
//! that file, or an error that says what was looked for and what was seen instead.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result, near_misses};
use crate::names::NixFile;

use super::files;

/// The texts of the files; at least one is there.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) flake: Option<String>,
    pub(super) classic: Option<(NixFile, String)>,
}

impl Texts {
    /// The file Nix starts from: the flake, where both are there.
    pub(super) fn entry(&self) -> &Path {
        match &self.classic {
            Some((file, _)) if self.flake.is_none() => file.path(),
            _ => Path::new("flake.nix"),
        }
    }
}

/// How many other names an error lists.
const MOST_NAMES: usize = 8;

/// Reads both entry files, or the one that was asked for.
pub(super) fn find(dir: &Path, asked: Option<&NixFile>) -> Result<Texts> {
    check_directory(dir)?;
    let Some(asked) = asked else {
        let texts = Texts {
            flake: files::read(dir, Path::new("flake.nix"))?,
            classic: classic(dir, &NixFile::default())?,
        };
        if texts.flake.is_none() && texts.classic.is_none() {
            return Err(no_nix_file(dir)?);
        }
        return Ok(texts);
    };
    let texts = if asked.is_flake() {
        Texts {
            flake: files::read(dir, asked.path())?,
            classic: None,
        }
    } else {
        Texts {
            flake: None,
            classic: classic(dir, asked)?,
        }
    };
    if texts.flake.is_none() && texts.classic.is_none() {
        return Err(no_such_file(dir, asked)?);
    }
    Ok(texts)
}

fn classic(dir: &Path, file: &NixFile) -> Result<Option<(NixFile, String)>> {
    let text = files::read(dir, file.path())?;
    Ok(text.map(|text| (file.clone(), text)))
}

fn check_directory(dir: &Path) -> Result<()> {
    let metadata = fs_err::metadata(dir).map_err(|error| {
        let shown = dir.display();
        let what = match error.kind() {
            ErrorKind::NotFound => format!("there is no directory `{shown}`"),
            ErrorKind::PermissionDenied => format!("`{shown}` may not be opened by this user"),
            other => format!("cannot open `{shown}`: {other}"),
        };
        let todo = "give the directory that holds flake.nix or default.nix";
        Error::user("inspect/no-directory", what, todo)
    })?;
    if !metadata.is_dir() {
        return Err(Error::user(
            "inspect/not-a-directory",
            format!("`{}` is not a directory", dir.display()),
            "give the directory that holds flake.nix or default.nix, not the file itself",
        ));
    }
    Ok(())
}

/// The error for a file that was asked for and isn't there.
fn no_such_file(dir: &Path, asked: &NixFile) -> Result<Error> {
    let names = names(dir)?;
    let nix = names.iter().filter(|name| has_extension(name, "nix"));
    let nix: Vec<&str> = nix.map(String::as_str).collect();
    let near = near_misses(asked.as_str(), nix.iter().copied());
    let todo = match near.first() {
        Some(near) => format!("did you mean `--file {near}`?"),
        None => "name a file that is there, relative to the project's folder".to_owned(),
    };
    let error = Error::user(
        "inspect/no-such-file",
        format!("there is no `{asked}`"),
        todo,
    )
    .at_path(dir);
    let listed: Vec<&str> = nix.into_iter().take(MOST_NAMES).collect();
    Ok(if listed.is_empty() {
        error.because("no Nix file lies in the folder itself")
    } else {
        error.because(format!("Nix files seen: {}", listed.join(", ")))
    })
}

/// The error for a directory without either file, with what stands there instead.
fn no_nix_file(dir: &Path) -> Result<Error> {
    let names = names(dir)?;
    let nix: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| has_extension(name, "nix"))
        .collect();
    let error = Error::user(
        "inspect/no-nix-file",
        "there is neither a flake.nix nor a default.nix",
        "add a flake.nix with `packages.x86_64-linux.default`, or a default.nix that gives a derivation",
    )
    .at_path(dir);
    let error = match seen(&names, &nix) {
        Some(seen) => error.because(seen),
        None => error,
    };
    Ok(nix.iter().fold(error, |error, name| match *name {
        "shell.nix" => error.or(
            "shell.nix is for development as a rule; if it gives the app, try it: `--file shell.nix`",
        ),
        "release.nix" => error.or("if release.nix gives the app, try it: `--file release.nix`"),
        _ => error,
    }))
}

/// What stands in the directory, in one line.
fn seen(names: &[String], nix: &[&str]) -> Option<String> {
    // The longer name first: `defualt.nix` is a little like `flake.nix`, too.
    let near = ["default.nix", "flake.nix"].into_iter().find_map(|wanted| {
        let near = near_misses(wanted, names.iter().map(String::as_str));
        let near = near
            .into_iter()
            .find(|near| wanted.len().abs_diff(near.len()) <= 2);
        near.map(|near| format!("`{near}` is there; did you mean `{wanted}`?"))
    });
    if near.is_some() {
        return near;
    }
    let listed: Vec<&str> = if nix.is_empty() {
        names.iter().map(String::as_str).take(MOST_NAMES).collect()
    } else {
        nix.iter().copied().take(MOST_NAMES).collect()
    };
    if listed.is_empty() {
        return Some("the directory is empty".to_owned());
    }
    let only = if nix.is_empty() {
        "no Nix file; seen"
    } else {
        "Nix files seen"
    };
    Some(format!("{only}: {}", listed.join(", ")))
}

/// Names in the directory that a person would look at, sorted.
fn names(dir: &Path) -> Result<Vec<String>> {
    let unreadable = |error: std::io::Error| {
        Error::user(
            "inspect/no-directory",
            format!("cannot list `{}`", dir.display()),
            "make it readable for the user who runs nixdyno",
        )
        .detail([error.to_string()])
    };
    let mut names = Vec::new();
    for entry in fs_err::read_dir(dir).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name.escape_debug().to_string());
        }
    }
    names.sort();
    Ok(names)
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|it| it == extension)
}
