//! Reads a directory: what can be deployed, which processes, what it's pinned to, each fact with its source.
//!
//! Takes a directory and an [`Ask`]; gives a [`Project`]. Files are read first, without Nix, so that a
//! slip of the pen is shown by line; then Nix is asked, and what it says outranks what was read.
//! Never: an opinion on how to deploy, a change of the project, the network (but Nix may fetch inputs).

mod ask;
mod candidates;
mod choose;
mod entry;
mod evaluated;
mod files;
mod findings;
mod heroku_yml;
mod lint;
mod lock;
mod manifests;
mod needs;
mod pins;
mod procfile;
mod project;
mod read;
mod recipe;
mod sources;
#[cfg(test)]
mod tests;
mod tree;

use std::path::Path;

use crate::error::Result;
use crate::shell::Runner;

pub use ask::Ask;
use findings::Findings;
pub use project::*;

/// Inspects `dir`.
///
/// Errors: there is no Nix file, a file can't be read or is not what its name says, the asked attribute
/// isn't there. A project that Nix would refuse is an answer: [`Verdict::Broken`].
pub fn inspect(dir: &Path, ask: &Ask, runner: &dyn Runner) -> Result<Project> {
    let texts = entry::find(dir)?;
    let lock = lock::read(dir)?;
    let sources = pins::read(dir)?;
    let (processes, process_warnings) = procfile::read(dir)?;

    let mut findings = Findings::default();
    if let Some(text) = &texts.flake {
        findings.flake(&read::flake(dir, text)?, lock.is_some());
    }
    if let Some(text) = &texts.classic {
        let pinned = !sources.is_empty();
        findings.classic(&read::classic(dir, text)?, pinned, texts.flake.is_some());
    }
    let evaluated_by = evaluated::ask_nix(dir, ask, runner, &mut findings)?;

    let mut candidates = findings.candidates;
    choose::sort(&mut candidates);
    if let Some(asked) = &ask.attribute {
        candidates = choose::only(asked, &candidates, findings.open.is_none())?;
    }
    let verdict = if findings.broken {
        Verdict::Broken
    } else if candidates.is_empty() && findings.open.is_some() {
        Verdict::Unknown
    } else {
        choose::verdict(&candidates)
    };
    crate::context::check_ignore_file(dir)?;
    let mut warnings = findings.warnings;
    if let (Verdict::Unknown, Some(because)) = (verdict, findings.open) {
        let what = format!("what can be deployed can't be read: {because}");
        let todo = "run nixdyno where Nix is installed, or name the attribute with `--attr`";
        warnings.push(Warning::new("inspect/unknown", what, todo));
    }
    warnings.extend(process_warnings);
    Ok(Project {
        verdict,
        name: name(dir),
        candidates,
        processes,
        entry: findings.entry,
        pins: lock.into_iter().flatten().chain(sources).collect(),
        needs: Vec::new(),
        recipe: recipe::list(dir),
        warnings,
        evaluated_by,
    })
}

/// The folder's own name, also for `.` and for a path that ends in `..`.
fn name(dir: &Path) -> String {
    let whole = fs_err::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "app".to_owned())
}
