//! The numbers: what each kind and each circumstance is worth.
//!
//! A score only orders the candidates of one project. It is a sum of few parts, each a line of evidence.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::project::{CandidateKind, Origin};
use super::super::read::{Makes, SYSTEM};
use super::Judged;

/// What a known program is worth.
pub(super) const PROGRAM: i32 = 5;
/// What a flake's `default` is worth: it wins among equals, and loses to a better kind.
const DEFAULT: i32 = 25;
/// What each of these words in a name costs: such packages serve the project, not its users.
const ASIDE: i32 = 30;
/// What an app for another machine loses: it can't start on a dyno.
const FOREIGN: i32 = 90;
/// What the word of the owner is worth: more than any default.
const WEB: i32 = 60;
/// Reasons that name another attribute of the same derivation.
const MOST_NAMED: usize = 4;
/// Below this much evidence a server is only called one.
const SURE: i32 = 40;
/// What being only called a server costs.
const UNSURE: i32 = 15;

const ASIDE_WORDS: &[&str] = &[
    "bench",
    "check",
    "checks",
    "ci",
    "container",
    "coverage",
    "debug",
    "demo",
    "devshell",
    "docker",
    "example",
    "fake",
    "fmt",
    "format",
    "image",
    "lint",
    "mock",
    "sample",
    "sandbox",
    "shell",
    "static",
    "stub",
    "test",
    "tests",
    "vm",
    "musl",
    "cross",
];

/// What a kind is worth.
fn worth(kind: CandidateKind) -> (i32, &'static str) {
    match kind {
        CandidateKind::Server => (100, "it answers HTTP"),
        CandidateKind::Worker => (70, "it runs without answering HTTP"),
        CandidateKind::Unknown => (60, "what it is for is not known"),
        CandidateKind::StaticSite => (80, "it is files for a file server"),
        CandidateKind::Client => (40, "it is for people in a terminal"),
        CandidateKind::Script => (25, "it is a helper of the project"),
        CandidateKind::Environment => (15, "it is an environment, not the app"),
        CandidateKind::Library => (10, "it is code for other code"),
        CandidateKind::Docs => (10, "it is documentation"),
        CandidateKind::Image => (5, "it is an image for another place"),
    }
}

/// Says first who makes it.
pub(super) fn builder(judged: &mut Judged) {
    let candidate = &mut judged.draft.candidate;
    if let Some(package) = &judged.draft.package {
        candidate.because(0, format!("`{}` makes it", package.function), None);
    } else if let Some(name) = &judged.draft.outside {
        candidate.because(0, format!("it is `{name}`, which comes from outside"), None);
    } else if candidate.reasons.is_empty() {
        let because = match &candidate.program {
            super::super::project::Program::Unknown { because, .. } => because.clone(),
            super::super::project::Program::Known { name, .. } => {
                format!("its program is `{name}`")
            }
        };
        candidate.because(-10, format!("what it is can't be read: {because}"), None);
    }
}

/// Adds up.
pub(super) fn rate(judged: &mut Judged) {
    let sure = judged.certainty >= SURE;
    let candidate = &mut judged.draft.candidate;
    let (points, what) = worth(candidate.kind);
    candidate.because(points, what, None);
    if candidate.kind == CandidateKind::Server && !sure {
        candidate.because(-UNSURE, "little says so", None);
    }
    if judged
        .draft
        .package
        .as_ref()
        .is_some_and(|it| it.builder.makes == Makes::Foreign)
    {
        candidate.because(-FOREIGN, "it is for another machine", None);
    }
    if judged.web {
        candidate.because(WEB, "the owner's `web` starts it", None);
    }
    let attribute = candidate.attribute.clone();
    let names = attribute.names();
    let last = names.last().map_or("", String::as_str);
    let legacy = names.first().is_some_and(|first| first == "defaultPackage");
    if candidate.from == Origin::Flake && (last == "default" || legacy) {
        candidate.because(DEFAULT, "it is the flake's default", None);
    }
    if last == SYSTEM {
        return;
    }
    let program = candidate.program.name().unwrap_or_default();
    let words = last.split(['-', '_']).chain(program.split(['-', '_']));
    let mut lower = words.map(str::to_lowercase);
    let aside = lower.find(|word| ASIDE_WORDS.contains(&word.as_str()));
    if let Some(word) = aside {
        candidate.because(
            -ASIDE,
            format!("`{word}` in its name speaks against it"),
            None,
        );
    }
}

/// Two attributes of one derivation are one candidate: the better one stays, and knows the other's name.
pub(super) fn merge_same(judged: Vec<Judged>) -> Vec<Judged> {
    let mut kept: Vec<Judged> = Vec::new();
    // Equal ones have a place and a name in common: only those are held against each other.
    let mut places: BTreeMap<(PathBuf, u32, String), Vec<usize>> = BTreeMap::new();
    for one in judged {
        let Some(key) = place_and_name(&one) else {
            kept.push(one);
            continue;
        };
        let near = places.entry(key).or_default();
        let same = near
            .iter()
            .find(|at| kept.get(**at).is_some_and(|other| is_same(other, &one)));
        if let Some(other) = same.and_then(|at| kept.get_mut(*at)) {
            join(other, one);
        } else {
            near.push(kept.len());
            kept.push(one);
        }
    }
    for one in &mut kept {
        one.draft.candidate.also.sort();
    }
    kept
}

fn place_and_name(judged: &Judged) -> Option<(PathBuf, u32, String)> {
    let package = judged.draft.package.as_ref()?;
    let place = package.place.as_ref()?;
    Some((place.path.clone(), place.line, package.name.clone()?))
}

fn is_same(one: &Judged, other: &Judged) -> bool {
    one.draft.candidate.from == other.draft.candidate.from
        && one.draft.package == other.draft.package
        && one
            .draft
            .package
            .as_ref()
            .is_some_and(|it| it.builder.makes != Makes::Image)
}

/// Keeps the better of the two in the place of `kept`.
fn join(kept: &mut Judged, mut one: Judged) {
    if one.draft.candidate.score > kept.draft.candidate.score {
        std::mem::swap(kept, &mut one);
    }
    let worse = one.draft.candidate;
    let candidate = &mut kept.draft.candidate;
    if candidate.also.len() < MOST_NAMED {
        let what = format!("it is `{}`, too", worse.attribute);
        candidate.because(0, what, Some(worse.source));
    }
    candidate.also.push(worse.attribute);
    candidate.also.extend(worse.also);
}
