//! Orders the candidates and says which one it is, or finds the one the user asked for.

use crate::error::{Error, Result, near_misses};
use crate::names::AttrPath;

use super::candidates::Draft;
use super::project::{Candidate, CandidateKind, Entry, NEAR, Origin, Program, Source, Verdict};
use super::read::SYSTEM;
use super::weigh::Judged;

/// Best first; ties by name, a flake's before a default.nix's.
pub(super) fn sort(judged: &mut [Judged]) {
    judged.sort_by(|a, b| {
        let (a, b) = (&a.draft.candidate, &b.draft.candidate);
        // What can't be started comes after all that can.
        idle(a.kind)
            .cmp(&idle(b.kind))
            .then_with(|| b.score.cmp(&a.score))
            .then_with(|| a.from.cmp(&b.from))
            .then_with(|| a.attribute.cmp(&b.attribute))
    });
}

/// Whether a kind is never deployed unless somebody asks for it.
fn idle(kind: CandidateKind) -> bool {
    matches!(kind, CandidateKind::Docs | CandidateKind::Library)
}

/// The verdict over sorted candidates.
///
/// A default.nix beside a flake is another way to the same app, no rival; neither is what can't be started
/// beside what can.
pub(super) fn verdict(judged: &[Judged]) -> Verdict {
    let candidates = judged.iter().map(|it| &it.draft.candidate);
    let mut deployable =
        candidates.filter(|it| !matches!(it.kind, CandidateKind::Docs | CandidateKind::Library));
    let Some(first) = deployable.next() else {
        return Verdict::Nothing;
    };
    let mut near =
        deployable.filter(|other| other.from == first.from && first.score - other.score < NEAR);
    if near.next().is_some() {
        Verdict::Ask
    } else {
        Verdict::Deploy
    }
}

/// Keeps the one candidate that `asked` names.
///
/// `legacyPackages` may be as large as nixpkgs and is never listed: a full path into it is believed.
pub(super) fn only(
    asked: &AttrPath,
    judged: &[Judged],
    entry: &[Entry],
    closed: bool,
) -> Result<Vec<Judged>> {
    let mut ways = ways(asked);
    ways.retain(|(from, _)| has_file(entry, *from));
    let found = ways.iter().find_map(|(from, attribute)| {
        let all = judged.iter().filter(|it| it.draft.candidate.from == *from);
        let mut named = all.filter(|it| {
            let candidate = &it.draft.candidate;
            candidate.attribute == *attribute || candidate.also.contains(attribute)
        });
        named.next().map(|it| (it, attribute))
    });
    if let Some((found, attribute)) = found {
        let mut found = found.clone();
        let candidate = &mut found.draft.candidate;
        candidate.attribute = attribute.clone();
        candidate.also.retain(|other| other != attribute);
        candidate.because(0, asked_for(asked), Some(flag()));
        return Ok(vec![found]);
    }
    let believed = !closed
        || asked
            .names()
            .first()
            .is_some_and(|first| first == "legacyPackages");
    let likely = ways.into_iter().next();
    if let Some((from, attribute)) = likely.filter(|_| believed && !asked.is_root()) {
        return Ok(vec![unseen(asked, from, attribute)]);
    }
    let candidates = judged.iter().map(|it| &it.draft.candidate);
    Err(no_such(asked, &candidates.collect::<Vec<_>>()))
}

fn has_file(entry: &[Entry], from: Origin) -> bool {
    entry.iter().any(|it| match it {
        Entry::Flake { .. } => from == Origin::Flake,
        Entry::Classic { .. } => from == Origin::Classic,
    })
}

fn asked_for(asked: &AttrPath) -> String {
    if asked.is_root() {
        "asked for by an empty `--attr`".to_owned()
    } else {
        format!("asked for by `--attr {asked}`")
    }
}

fn flag() -> Source {
    Source::Flag {
        name: "--attr".to_owned(),
    }
}

/// What the user may mean by an attribute, most likely first.
pub(super) fn ways(asked: &AttrPath) -> Vec<(Origin, AttrPath)> {
    let names = asked.names().iter().map(String::as_str);
    let mut ways = Vec::new();
    let full = ["packages", "legacyPackages", "defaultPackage"];
    if names
        .clone()
        .next()
        .is_some_and(|first| full.contains(&first))
    {
        ways.push((Origin::Flake, asked.clone()));
    }
    if !asked.is_root() {
        ways.push((
            Origin::Flake,
            AttrPath::new(["packages", SYSTEM].into_iter().chain(names)),
        ));
    }
    ways.push((Origin::Classic, asked.clone()));
    ways
}

/// A candidate that the user names and reading could not see.
fn unseen(asked: &AttrPath, from: Origin, attribute: AttrPath) -> Judged {
    let mut candidate = Candidate::new(from, attribute, flag());
    candidate.program = Program::unknown("the attribute can't be seen without evaluating");
    let what = format!("{}; it was not seen by reading", asked_for(asked));
    candidate.because(0, what, Some(flag()));
    Judged::plain(Draft {
        candidate,
        package: None,
        outside: None,
        facts: None,
    })
}

fn no_such(asked: &AttrPath, candidates: &[&Candidate]) -> Error {
    let known: Vec<String> = candidates
        .iter()
        .map(|it| it.attribute.names().last().cloned().unwrap_or_default())
        .filter(|name| !name.is_empty())
        .collect();
    let shown = asked.to_string();
    let wanted = asked.names().last().map_or("", String::as_str);
    let near = near_misses(wanted, known.iter().map(String::as_str));
    let todo = match near.first() {
        Some(name) => format!("did you mean `--attr {name}`?"),
        None => "give one of the attributes that are there, or none".to_owned(),
    };
    let error = Error::user(
        "inspect/no-such-attribute",
        format!("there is no package `{shown}` to deploy"),
        todo,
    );
    if known.is_empty() {
        return error.because("the project has no package with a name of its own");
    }
    let paths: Vec<_> = candidates
        .iter()
        .flat_map(|it| std::iter::once(&it.attribute).chain(&it.also))
        .map(|path| {
            if path.is_root() {
                "default.nix itself".to_owned()
            } else {
                path.to_string()
            }
        })
        .collect();
    error.because(format!("these are there: {}", paths.join(", ")))
}
