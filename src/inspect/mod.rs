//! Reads a directory: what can be deployed, which processes, what it's pinned to, each fact with its source.
//!
//! Takes a directory and an [`Ask`]; gives a [`Project`]. Files are read first, without Nix, so that a
//! slip of the pen is shown by line; then Nix is asked, and what it says outranks what was read.
//! Never: an opinion on how to deploy, a change of the project, the network (but Nix may fetch inputs).

mod ask;
mod candidates;
mod choose;
mod dyno;
mod entry;
mod evaluated;
mod files;
mod findings;
mod git;
mod heroku_yml;
mod left_out;
mod lint;
mod lock;
mod manifests;
mod needs;
mod pins;
mod processes;
mod procfile;
mod project;
mod read;
mod recipe;
mod sources;
#[cfg(test)]
mod tests;
mod tree;
mod weigh;

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::names::ProcessType;
use crate::shell::Runner;

pub use ask::Ask;
use findings::Findings;
pub(crate) use git::has as git_has;
pub use project::*;
use tree::Tree;
use weigh::{Around, Judged};

/// The JSON Schema of a [`Project`]: what `inspect --json` prints.
pub const SCHEMA: &str = include_str!("../../schemas/inspect.json");

/// The processes that the files of a folder declare, and what is odd about them; for what is not built from it.
///
/// Errors: those of a Procfile or heroku.yml that can't be read.
pub fn declared(dir: &Path) -> Result<(BTreeMap<ProcessType, Declared>, Vec<Warning>)> {
    processes::declared(dir)
}

/// Inspects `dir`.
///
/// Errors: there is no Nix file, a file can't be read or is not what its name says, the asked attribute
/// isn't there. A project that Nix would refuse is an answer: [`Verdict::Broken`].
pub fn inspect(dir: &Path, ask: &Ask, runner: &dyn Runner) -> Result<Project> {
    let texts = entry::find(dir, ask.file.as_ref())?;
    let tree = Tree::of(dir)?;
    let lock = lock::look(dir)?;
    let (mut processes, process_warnings) = processes::declared(dir)?;

    let mut findings = Findings::default();
    if let Some(text) = &texts.flake {
        findings.flake(read::flake(dir, text)?, lock.as_ref());
    }
    let sources = pins::look(dir)?;
    if let Some((file, text)) = &texts.classic {
        let reading = read::classic(dir, file, text, &ask.nix_args)?;
        findings.classic(file, reading, &sources, texts.flake.is_some());
    }
    findings.pinned(lock, sources, pins::thunks(&tree));
    findings.add(needs::of_files(dir, &tree));
    let evaluated_by = evaluated::ask_nix(dir, ask, runner, &mut findings)?;

    let around = Around {
        tree: &tree,
        apps: &findings.apps,
        services: &findings.services,
        processes: &processes,
    };
    let mut judged = weigh::judge(std::mem::take(&mut findings.drafts), &around);
    choose::sort(&mut judged);
    // One that is asked for is the only answer, but its neighbours may hold what other processes start.
    let mut neighbours = Vec::new();
    if let Some(asked) = &ask.attribute {
        let only = choose::only(asked, &judged, &findings.entry, findings.open.is_none())?;
        neighbours = std::mem::replace(&mut judged, only);
    }
    let verdict = verdict(&findings, &judged, ask.attribute.is_some());
    let mut warnings = findings.warnings;
    let mut needs = findings.needs;
    warnings.extend(findings.open.and_then(|because| unknown(verdict, &because)));
    warnings.extend(left_out::look(&left_out::Asked {
        dir,
        tree: &tree,
        entry: texts.entry(),
        paths: findings.paths,
        chosen: judged.first().filter(|_| verdict == Verdict::Deploy),
        others: [judged.get(1..).unwrap_or_default(), &neighbours],
    }));
    warnings.extend(process_warnings);
    warnings.extend(processes::assign(&mut processes, &judged, &neighbours));
    if let (Verdict::Deploy | Verdict::Ask, Some(first)) = (verdict, judged.first_mut()) {
        let report = dyno::look(first, &processes);
        needs.extend(report.needs);
        warnings.extend(report.warnings);
    }
    Ok(Project {
        verdict,
        name: name(dir),
        candidates: judged.into_iter().map(|it| it.draft.candidate).collect(),
        processes,
        entry: findings.entry,
        pins: findings.pins,
        needs: needs::together(needs),
        recipe: recipe::list(&tree),
        warnings,
        evaluated_by,
    })
}

/// The answer in one word.
fn verdict(findings: &Findings, judged: &[Judged], asked: bool) -> Verdict {
    let fails = |it: &Judged| it.draft.facts.as_ref().is_some_and(|facts| facts.failed);
    if findings.is_broken() || judged.first().is_some_and(fails) {
        Verdict::Broken
    } else if judged.is_empty() && findings.open.is_some() {
        Verdict::Unknown
    } else if asked && !judged.is_empty() {
        // Who names one knows what it is for.
        Verdict::Deploy
    } else {
        choose::verdict(judged)
    }
}

/// Why reading was not enough, where it was not.
fn unknown(verdict: Verdict, because: &str) -> Option<Warning> {
    let what = format!("what can be deployed can't be read: {because}");
    let todo =
        "run nixdyno where Nix can evaluate the project, or name the attribute with `--attr`";
    (verdict == Verdict::Unknown).then(|| Warning::new("inspect/unknown", what, todo))
}

/// The folder's own name, also for `.` and for a path that ends in `..`.
fn name(dir: &Path) -> String {
    let whole = fs_err::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "app".to_owned())
}
