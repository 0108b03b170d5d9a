//! Writes a bundle to a project, never over somebody's work.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, Result};
use crate::files;

use super::{Bundle, MARK, What};

/// A Dockerfile larger than this is none.
const MOST_BYTES: u64 = 4 << 20;

/// How a file on disk relates to what would be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not there.
    Missing,
    /// The same bytes.
    Same,
    /// Written by nixdyno, now different: by an edit or an older version.
    Changed,
    /// Somebody else's.
    Foreign,
}

/// What was done with one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Relative to the project.
    pub path: String,
    /// What it was before.
    pub before: State,
    /// Whether it was written.
    pub written: bool,
}

/// How `text` relates to the file of `what` in `dir`.
///
/// Errors: `render/unreadable`; `render/outside`, because a difference would show what lies there.
pub fn state(dir: &Path, what: What, text: &str) -> Result<State> {
    Ok(state_of(found(dir, what)?.as_deref(), text))
}

/// The bytes of a file; nothing where it is missing.
fn found(dir: &Path, what: What) -> Result<Option<Vec<u8>>> {
    let path = dir.join(what.path());
    // A folder on the way may be a link, too, where the file itself isn't there.
    let mut way = path.ancestors().take_while(|it| *it != dir);
    if way.any(|it| files::leads_out(dir, it)) {
        return Err(outside(what));
    }
    match files::read(&path, MOST_BYTES) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::user(
            "render/unreadable",
            error.to_string(),
            "make it a readable file, or move it away",
        )),
    }
}

fn state_of(found: Option<&[u8]>, text: &str) -> State {
    match found {
        None => State::Missing,
        Some(found) if found == text.as_bytes() => State::Same,
        Some(found) if is_ours(found) => State::Changed,
        Some(_) => State::Foreign,
    }
}

/// The files of a bundle as they were when somebody looked: only over these is anything written.
#[derive(Debug)]
pub struct Seen(Vec<(What, Option<Vec<u8>>)>);

impl Seen {
    /// Looks at every file of a bundle.
    ///
    /// Errors: as [`state`].
    pub fn look(dir: &Path, bundle: &Bundle) -> Result<Self> {
        let files = bundle.files();
        let files = files.map(|(what, _)| Ok((what, found(dir, what)?)));
        Ok(Seen(files.collect::<Result<_>>()?))
    }

    /// The files that differ from the bundle, with a line diff each.
    pub fn drift(&self, bundle: &Bundle) -> Vec<(What, State, String)> {
        let rows = bundle.files().map(|(what, text)| {
            let found = self.bytes(what);
            let old = String::from_utf8_lossy(found.unwrap_or_default());
            (what, state_of(found, text), diff(&old, text))
        });
        rows.filter(|(_, state, _)| *state != State::Same).collect()
    }

    fn bytes(&self, what: What) -> Option<&[u8]> {
        let row = self.0.iter().find(|(it, _)| *it == what);
        row.and_then(|(_, found)| found.as_deref())
    }

    /// Errors: `render/changed-meanwhile`; as [`state`].
    fn check(&self, dir: &Path) -> Result<()> {
        for (what, before) in &self.0 {
            if found(dir, *what)? != *before {
                return Err(changed_meanwhile(*what));
            }
        }
        Ok(())
    }
}

/// Whether nixdyno wrote it. A script starts with how it is run.
fn is_ours(found: &[u8]) -> bool {
    let text = found.strip_prefix(b"#!/bin/sh\n").unwrap_or(found);
    text.starts_with(MARK.as_bytes())
}

/// The files that differ from the bundle, with a line diff each; empty when nothing drifted.
///
/// Errors: as [`state`].
pub fn drift(dir: &Path, bundle: &Bundle) -> Result<Vec<(What, State, String)>> {
    Ok(Seen::look(dir, bundle)?.drift(bundle))
}

/// A unified diff from what is there to what would be written.
fn diff(found: &str, wanted: &str) -> String {
    similar::TextDiff::from_lines(found, wanted)
        .unified_diff()
        .context_radius(2)
        .header("as it is", "as nixdyno writes it")
        .to_string()
}

/// Writes every file that is missing, and those that differ when `overwrite`; all of them or none.
///
/// Each is written beside its place and then renamed, so that a file is never half there.
/// Errors: `render/would-overwrite` and `render/changed-meanwhile`, where a file is not as it was `seen`, before anything
/// is written; `render/unwritable`.
pub fn write(dir: &Path, bundle: &Bundle, seen: &Seen, overwrite: bool) -> Result<Vec<Outcome>> {
    let states = states(dir, bundle, seen, overwrite)?;
    // Before a folder is made, too.
    seen.check(dir)?;
    // Everything is written beside its place before the first rename: a full disk changes nothing.
    let mut ready = Vec::new();
    for (what, text, _) in states.iter().filter(|(_, _, state)| *state != State::Same) {
        let mode = if what.is_script() { 0o755 } else { 0o644 };
        ready.push(write_beside(&dir.join(what.path()), text, mode)?);
    }
    seen.check(dir)?;
    for (path, file) in ready {
        file.persist(&path)
            .map_err(|error| unwritable(&path, &error.error))?;
    }
    Ok(outcomes(&states))
}

/// What [`write`] would do, and nothing of it done.
///
/// Errors: those of [`write`] that need no disk to be full.
pub fn would_write(
    dir: &Path,
    bundle: &Bundle,
    seen: &Seen,
    overwrite: bool,
) -> Result<Vec<Outcome>> {
    Ok(outcomes(&states(dir, bundle, seen, overwrite)?))
}

fn states<'a>(
    dir: &Path,
    bundle: &'a Bundle,
    seen: &Seen,
    overwrite: bool,
) -> Result<Vec<(What, &'a str, State)>> {
    let files = bundle.files();
    let states: Vec<_> = files
        .map(|(what, text)| (what, text, state_of(seen.bytes(what), text)))
        .collect();
    let in_the_way: Vec<_> = states
        .iter()
        // Of nixdyno.toml only the values change that somebody just gave.
        .filter(|(what, _, _)| *what != What::Config)
        .filter(|(_, _, state)| matches!(state, State::Changed | State::Foreign))
        .collect();
    if !in_the_way.is_empty() && !overwrite {
        let paths: Vec<_> = in_the_way.iter().map(|it| it.0.path()).collect();
        let other = |(what, text, _): &&&(What, &str, State)| has_other_flags(dir, *what, text);
        let others = in_the_way.iter().filter(other).count() == in_the_way.len();
        return Err(would_overwrite(&paths, &bundle.command(dir), others));
    }
    Ok(states)
}

fn outcomes(states: &[(What, &str, State)]) -> Vec<Outcome> {
    let outcome = |(what, _, before): &(What, &str, State)| Outcome {
        path: what.path().display().to_string(),
        before: *before,
        written: *before != State::Same,
    };
    states.iter().map(outcome).collect()
}

fn outside(what: What) -> Error {
    let path = what.path().display();
    Error::user(
        "render/outside",
        format!("`{path}` is a link that leads out of the project"),
        format!("remove the link, or put a copy of the file in its place: `{path}`"),
    )
    .because("only files of the project itself are read and compared")
}

fn changed_meanwhile(what: What) -> Error {
    let path = what.path().display();
    Error::user(
        "render/changed-meanwhile",
        format!("somebody changed `{path}` after the difference was made"),
        "run the same command again: it shows what would change now",
    )
    .because("nothing was written")
}

/// The place of a file, and what is to be renamed to it. A link stays one, and an old file keeps its mode.
fn write_beside(path: &Path, text: &str, mode: u32) -> Result<(PathBuf, tempfile::NamedTempFile)> {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    let real = fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let dir = real.parent().unwrap_or(Path::new("."));
    let old = fs_err::metadata(&real);
    let mode = old.map_or(mode, |it| it.permissions().mode() & 0o777);
    let make = || -> std::io::Result<tempfile::NamedTempFile> {
        fs_err::create_dir_all(dir)?;
        let mut file = tempfile::Builder::new()
            .prefix(".nixdyno-")
            .tempfile_in(dir)?;
        file.write_all(text.as_bytes())?;
        file.as_file()
            .set_permissions(std::fs::Permissions::from_mode(mode))?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    let file = make().map_err(|error| unwritable(path, &error))?;
    Ok((real, file))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::user(
        "render/unwritable",
        format!("cannot write {}: {error}", path.display()),
        "check the folder's permissions and free space; nothing was changed",
    )
}

/// Whether a file of ours was written by a command with other flags, as its head says.
fn has_other_flags(dir: &Path, what: What, text: &str) -> bool {
    let found = files::read(&dir.join(what.path()), MOST_BYTES).unwrap_or_default();
    let found = String::from_utf8_lossy(&found);
    let said = |text: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix("# Again: "));
        line.map(str::to_owned)
    };
    let (before, now) = (said(&found), said(text));
    is_ours(found.as_bytes()) && before.is_some() && now.is_some() && before != now
}

fn would_overwrite(paths: &[&Path], command: &str, other_flags: bool) -> Error {
    let (differ, them, was) = match paths {
        [_] => ("differs", "it", "it was"),
        _ => ("differ", "them", "they were"),
    };
    let names: Vec<_> = paths.iter().map(|it| it.display().to_string()).collect();
    let why = if other_flags {
        format!("{was} written with other flags")
    } else {
        format!("somebody changed {them}, or {was} never nixdyno's")
    };
    Error::user(
        "render/would-overwrite",
        format!(
            "{} {differ} from what would be written",
            names.join(" and ")
        ),
        format!("see the difference: `{command} --check`"),
    )
    .because(why)
    .or(format!("write over {them}: `{command} --yes`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks and writes at once.
    fn write(dir: &Path, bundle: &Bundle, overwrite: bool) -> Result<Vec<Outcome>> {
        super::write(dir, bundle, &Seen::look(dir, bundle)?, overwrite)
    }

    fn bundle(text: &str) -> Bundle {
        let mut bundle = Bundle::default();
        bundle.add(What::Dockerfile, text.to_owned());
        bundle
    }

    #[test]
    fn writes_once_and_never_over_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let text = format!("{MARK}1\nFROM a\n");
        assert!(write(dir.path(), &bundle(&text), false).unwrap()[0].written);
        assert!(!write(dir.path(), &bundle(&text), false).unwrap()[0].written);

        let path = dir.path().join("Dockerfile");
        fs_err::write(&path, format!("{text}RUN mine\n")).unwrap();
        let error = write(dir.path(), &bundle(&text), false).unwrap_err();
        let shown = error.to_string();
        insta::assert_snapshot!(shown.replace(&dir.path().display().to_string(), "DIR"));
        assert!(fs_err::read_to_string(&path).unwrap().contains("mine"));

        assert!(write(dir.path(), &bundle(&text), true).unwrap()[0].written);
        assert_eq!(fs_err::read_to_string(&path).unwrap(), text);
        let left: Vec<_> = fs_err::read_dir(dir.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "a temporary file was left");
    }

    #[test]
    fn the_advice_is_the_same_command() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Dockerfile");
        let text = |flags: &str| format!("{MARK}1\n# Again: nixdyno generate{flags}\n");
        fs_err::write(&path, text(" --root exec")).unwrap();
        let mut bundle = bundle(&text(" --prune 'a b'"));
        bundle.add(What::Dockerignore, "x".to_owned());
        bundle.said(&["--prune".to_owned(), "a b".to_owned()]);
        let bundle = bundle.only(&[What::Dockerfile]);
        let shown = |bundle: &Bundle| {
            let error = write(dir.path(), bundle, false).unwrap_err().to_string();
            error.replace(&dir.path().display().to_string(), "DIR")
        };
        insta::assert_snapshot!("other_flags", shown(&bundle));
        assert!(!bundle.command(Path::new(".")).contains("--dir"));
        fs_err::write(&path, text(" --prune 'a b'") + "RUN mine\n").unwrap();
        assert!(shown(&bundle).contains("somebody changed it"));
        fs_err::write(&path, "FROM x\n# Again: nixdyno generate\n").unwrap();
        assert!(shown(&bundle).contains("never nixdyno's"));
    }

    #[test]
    fn tells_ours_from_foreign() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Dockerfile");
        assert_eq!(
            state(dir.path(), What::Dockerfile, "x").unwrap(),
            State::Missing
        );
        fs_err::write(&path, "FROM debian\n").unwrap();
        assert_eq!(
            state(dir.path(), What::Dockerfile, "x").unwrap(),
            State::Foreign
        );
        fs_err::write(&path, format!("{MARK}0.0.1\n")).unwrap();
        assert_eq!(
            state(dir.path(), What::Dockerfile, "x").unwrap(),
            State::Changed
        );
    }

    #[test]
    fn a_link_out_of_the_project_is_not_followed() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("project");
        fs_err::create_dir(&dir).unwrap();
        fs_err::write(outer.path().join("secret"), "of somebody else\n").unwrap();
        std::os::unix::fs::symlink("../secret", dir.join("Dockerfile")).unwrap();
        for error in [
            state(&dir, What::Dockerfile, "x").unwrap_err(),
            drift(&dir, &bundle("x")).unwrap_err(),
            write(&dir, &bundle("x"), true).unwrap_err(),
        ] {
            assert_eq!(error.id(), "render/outside");
        }
        insta::assert_snapshot!(outside(What::Dockerfile));
        fs_err::remove_file(dir.join("Dockerfile")).unwrap();
        fs_err::write(dir.join("own"), "x").unwrap();
        std::os::unix::fs::symlink("own", dir.join("Dockerfile")).unwrap();
        assert_eq!(state(&dir, What::Dockerfile, "x").unwrap(), State::Same);
    }

    #[test]
    fn what_changed_since_somebody_looked_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Dockerfile");
        let mut bundle = bundle("FROM a\n");
        bundle.add(What::Dockerignore, "x\n".to_owned());
        for (before, after) in [(None, "FROM mine\n"), (Some("FROM b\n"), "FROM b\nRUN c\n")] {
            let _ = fs_err::remove_file(&path);
            if let Some(before) = before {
                fs_err::write(&path, before).unwrap();
            }
            let seen = Seen::look(dir.path(), &bundle).unwrap();
            fs_err::write(&path, after).unwrap();
            let error = super::write(dir.path(), &bundle, &seen, true).unwrap_err();
            insta::assert_snapshot!("changed_meanwhile", error);
            assert_eq!(fs_err::read_to_string(&path).unwrap(), after);
            assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_link_within_the_project_stays_one_and_a_mode_stays() {
        use std::os::unix::fs::PermissionsExt;

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nixdyno.toml");
        let real = dir.path().join("config/real.toml");
        fs_err::create_dir(dir.path().join("config")).unwrap();
        fs_err::write(&real, "").unwrap();
        fs_err::set_permissions(&real, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink("config/real.toml", &path).unwrap();
        let mut bundle = Bundle::default();
        bundle.add(What::Config, "app = 'x'\n".to_owned());
        write(dir.path(), &bundle, true).unwrap();
        assert!(path.is_symlink());
        assert_eq!(fs_err::read_to_string(&real).unwrap(), "app = 'x'\n");
        let mode = fs_err::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_folder_in_the_way_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir(dir.path().join("Dockerfile")).unwrap();
        let error = state(dir.path(), What::Dockerfile, "x").unwrap_err();
        assert_eq!(error.id(), "render/unreadable");
    }
}
