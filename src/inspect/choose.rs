//! Orders the candidates and says which one it is, or finds the one the user asked for.

use crate::error::{Error, Result, near_misses};
use crate::names::AttrPath;

use super::candidates::Draft;
use super::project::{Candidate, CandidateKind, NEAR, Origin, Program, Source, Verdict};
use super::read::SYSTEM;
use super::weigh::Judged;

/// Best first; ties by name, a flake's before a default.nix's.
pub(super) fn sort(judged: &mut [Judged]) {
    judged.sort_by(|a, b| {
        let (a, b) = (&a.draft.candidate, &b.draft.candidate);
        b.score
            .cmp(&a.score)
            .then_with(|| a.from.cmp(&b.from))
            .then_with(|| a.attribute.cmp(&b.attribute))
    });
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
pub(super) fn only(asked: &AttrPath, judged: &[Judged], closed: bool) -> Result<Vec<Judged>> {
    let ways = ways(asked);
    let candidates: Vec<&Candidate> = judged.iter().map(|it| &it.draft.candidate).collect();
    let position = ways.iter().find_map(|way| {
        candidates
            .iter()
            .position(|it| it.from == way.0 && it.attribute == way.1)
    });
    if let Some(found) = position.and_then(|at| judged.get(at)) {
        let mut found = found.clone();
        let what = format!("asked for by `--attr {asked}`");
        found.draft.candidate.because(0, what, Some(flag()));
        return Ok(vec![found]);
    }
    let believed = !closed
        || asked
            .names()
            .first()
            .is_some_and(|first| first == "legacyPackages");
    let has = |from| candidates.iter().any(|it| it.from == from);
    if believed
        && let Some((from, attribute)) = ways.into_iter().find(|(from, _)| has(*from) || !closed)
    {
        return Ok(vec![unseen(asked, from, attribute)]);
    }
    Err(no_such(asked, &candidates))
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
    ways.push((
        Origin::Flake,
        AttrPath::new(["packages", SYSTEM].into_iter().chain(names)),
    ));
    ways.push((Origin::Classic, asked.clone()));
    ways
}

/// A candidate that the user names and reading could not see.
fn unseen(asked: &AttrPath, from: Origin, attribute: AttrPath) -> Judged {
    let mut candidate = Candidate::new(from, attribute, flag());
    candidate.program = Program::unknown("the attribute can't be seen without evaluating");
    let what = format!("asked for by `--attr {asked}`; it was not seen by reading");
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
        .map(|it| it.attribute.to_string())
        .collect();
    error.because(format!("these are there: {}", paths.join(", ")))
}
