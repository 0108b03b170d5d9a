//! The numbers: what each kind and each circumstance is worth.
//!
//! A score only orders the candidates of one project. It is a sum of few parts, each a line of evidence.

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

/// Two attributes of one derivation are one candidate: the better one stays.
pub(super) fn merge_same(judged: Vec<Judged>) -> Vec<Judged> {
    let mut kept: Vec<Judged> = Vec::new();
    for one in judged {
        let same = kept.iter_mut().find(|other| is_same(other, &one));
        let Some(other) = same else {
            kept.push(one);
            continue;
        };
        let (better, worse) = if one.draft.candidate.score > other.draft.candidate.score {
            (one, other.clone())
        } else {
            (other.clone(), one)
        };
        *other = better;
        let what = format!("it is `{}`, too", worse.draft.candidate.attribute);
        let also = &mut other.draft.candidate.also;
        also.push(worse.draft.candidate.attribute.clone());
        also.extend(worse.draft.candidate.also.clone());
        also.sort();
        other
            .draft
            .candidate
            .because(0, what, Some(worse.draft.candidate.source));
    }
    kept
}

fn is_same(one: &Judged, other: &Judged) -> bool {
    let (Some(a), Some(b)) = (&one.draft.package, &other.draft.package) else {
        return false;
    };
    one.draft.candidate.from == other.draft.candidate.from
        && a.place.is_some()
        && a.name.is_some()
        && a.builder.makes != Makes::Image
        && a == b
}
