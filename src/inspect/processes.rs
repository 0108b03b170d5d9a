//! Which program of which candidate each declared process starts.
//!
//! Takes the processes that files declare and the judged candidates, best first; notes the attribute of a
//! process whose program another candidate holds, and warns of programs that none does.

use std::collections::BTreeMap;
use std::path::Path;

use super::project::{CandidateKind, Declared, Warning};
use super::weigh::Judged;
use super::{dyno, heroku_yml, procfile};
use crate::error::Result;
use crate::names::ProcessType;

/// Words that the image's shell knows, or that every image here has.
const EVERYWHERE: &[&str] = &[
    "sh",
    "/bin/sh",
    "env",
    "/usr/bin/env",
    "echo",
    "exec",
    "cd",
    "test",
    "[",
    "true",
    "sleep",
];

/// The processes that the project's files declare: heroku.yml's `run` takes the place of a Procfile.
pub(super) fn declared(dir: &Path) -> Result<(BTreeMap<ProcessType, Declared>, Vec<Warning>)> {
    let (mut processes, mut warnings) = procfile::read(dir)?;
    if let Some(manifest) = heroku_yml::read(dir)? {
        warnings.extend(manifest.warnings);
        if !manifest.processes.is_empty() {
            processes = manifest.processes;
        }
    }
    Ok((processes, warnings))
}

/// Maps each process to the candidate that holds its program.
pub(super) fn assign(
    processes: &mut BTreeMap<ProcessType, Declared>,
    judged: &[Judged],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let Some((first, rest)) = judged.split_first() else {
        return warnings;
    };
    for (process, declared) in processes.iter_mut() {
        let found = procfile::program_of(&declared.value);
        let name = found.word.rsplit('/').next().unwrap_or_default();
        if EVERYWHERE.contains(&found.word.as_str()) || name.is_empty() || holds(first, name) {
            continue;
        }
        let mut beside = rest.iter().filter(|other| joins(first, other));
        if let Some(other) = beside.find(|other| holds(other, name)) {
            declared.attribute = Some(other.draft.candidate.attribute.clone());
            continue;
        }
        // Only where it is known what the package holds can something be missing.
        if found.runner.is_none() && first.programs.is_empty() && !dyno::is_without_program(first) {
            continue;
        }
        declared.missing = true;
        warnings.push(missing(process, declared, &found, first));
    }
    warnings
}

/// Whether one image can hold both: one call of Nix builds them, and what it gives is a folder.
fn joins(first: &Judged, other: &Judged) -> bool {
    let (first, other) = (&first.draft.candidate, &other.draft.candidate);
    other.from == first.from && other.kind != CandidateKind::Image
}

/// Whether a candidate holds a program of this name.
fn holds(judged: &Judged, name: &str) -> bool {
    judged.programs.iter().any(|program| program == name)
        || judged.draft.candidate.program.name() == Some(name)
}

fn missing(
    process: &ProcessType,
    declared: &Declared,
    found: &procfile::ProgramWord,
    first: &Judged,
) -> Warning {
    let candidate = &first.draft.candidate;
    let (what, by) = match found.runner {
        Some(runner) => (runner, "a tool of another build"),
        None => (found.word.as_str(), "not a program of the package"),
    };
    let what = format!("`{process}` starts `{what}`, {by}");
    let todo = match candidate.program.name() {
        Some(name) => {
            let words: Vec<&str> = std::iter::once(name)
                .chain(candidate.arguments.iter().map(String::as_str))
                .collect();
            format!(
                "start what the package holds, such as `{process}: {}`",
                words.join(" ")
            )
        }
        None => "start a program that the package holds in bin/".to_owned(),
    };
    Warning::new("inspect/procfile-program", what, todo).at(declared.source.clone())
}
