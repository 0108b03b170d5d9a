//! Turns attributes that were read into candidates, with their reasons and their score.
//!
//! The score only orders the candidates of one project. It is a sum of few parts, each with its reason.

use crate::names::AttrPath;

use super::project::{Candidate, From, Program, Source};
use super::read::{Attribute, Makes, Package, Place, SYSTEM, What};

/// What a flake's `default` is worth: enough to win among apps, not enough to make an image an app.
const DEFAULT: i32 = 30;
/// What a known program is worth.
pub(super) const PROGRAM: i32 = 5;
/// What each of these words in a name costs: such packages serve the project, not its users.
const ASIDE: i32 = 20;
const ASIDE_WORDS: &[&str] = &[
    "doc",
    "docs",
    "test",
    "tests",
    "check",
    "checks",
    "image",
    "docker",
    "container",
    "coverage",
    "lint",
    "fmt",
    "format",
    "shell",
    "devshell",
    "ci",
    "vm",
    "iso",
    "ami",
];

/// The candidate for an attribute; `None` for what can't be deployed.
pub(super) fn candidate(from: From, attribute: &Attribute) -> Option<Candidate> {
    let place = attribute.place.as_ref();
    let file = match from {
        From::Flake => "flake.nix",
        From::Classic => "default.nix",
    };
    let source = place.map_or_else(|| Source::file(file, None), source);
    let mut candidate = Candidate {
        from,
        attribute: attribute.path.clone(),
        package: None,
        program: Program::Unknown {
            because: "the file does not say it".to_owned(),
        },
        input_derivation: None,
        score: 0,
        reasons: Vec::new(),
        source,
    };
    match &attribute.what {
        What::Package(package) => describe(&mut candidate, package)?,
        What::Outside(name) => {
            candidate.score += 30;
            candidate
                .reasons
                .push(format!("it is `{name}`, which comes from outside"));
            candidate.program = Program::Unknown {
                because: format!("`{name}` comes from outside the project"),
            };
        }
        What::Unknown(because) => {
            candidate.score += 20;
            candidate
                .reasons
                .push(format!("what it is can't be read: {because}"));
            candidate.program = Program::Unknown {
                because: because.clone(),
            };
        }
    }
    weigh_name(&mut candidate);
    Some(candidate)
}

/// A candidate that only Nix could see.
pub(super) fn evaluated(from: From, attribute: &AttrPath, source: Source) -> Candidate {
    let mut candidate = Candidate {
        from,
        attribute: attribute.clone(),
        package: None,
        program: Program::Unknown {
            because: "its `meta.mainProgram` is not set".to_owned(),
        },
        input_derivation: None,
        score: 35,
        reasons: vec!["Nix says that it is a derivation".to_owned()],
        source,
    };
    weigh_name(&mut candidate);
    candidate
}

/// Facts of a builder's call; `None` for a development shell.
fn describe(candidate: &mut Candidate, package: &Package) -> Option<()> {
    let function = &package.function;
    let (points, what) = match package.builder.makes {
        Makes::App => (50, "makes an app"),
        Makes::Anything => (35, "makes a package of any kind"),
        Makes::Environment => (5, "makes an environment, not the app"),
        Makes::Image => (-10, "makes an image for another place"),
        Makes::Files => (-5, "makes files, not programs"),
        Makes::Shell => return None,
    };
    candidate.score += points;
    candidate.reasons.push(format!("`{function}` {what}"));
    candidate.package.clone_from(&package.name);
    match (&package.program, &package.name) {
        (Some((name, place)), _) => {
            candidate.score += PROGRAM;
            candidate.reasons.push(format!("its program is `{name}`"));
            candidate.program = Program::Known {
                name: name.clone(),
                source: source(place),
            };
        }
        (None, Some(name)) => {
            candidate.program = Program::Unknown {
                because: format!(
                    "the package is `{name}`, but nothing says that its program is, too"
                ),
            };
        }
        (None, None) => {}
    }
    Some(())
}

fn weigh_name(candidate: &mut Candidate) {
    let names = candidate.attribute.names();
    let last = names.last().map_or("", String::as_str);
    let legacy = names.first().is_some_and(|first| first == "defaultPackage");
    if candidate.from == From::Flake && (last == "default" || legacy) {
        candidate.score += DEFAULT;
        candidate
            .reasons
            .push("it is the flake's default".to_owned());
    }
    if last == SYSTEM {
        return;
    }
    let aside = last
        .split(['-', '_'])
        .find(|word| ASIDE_WORDS.contains(&word.to_lowercase().as_str()));
    if let Some(word) = aside {
        candidate.score -= ASIDE;
        candidate
            .reasons
            .push(format!("`{word}` in its name speaks against it"));
    }
}

fn source(place: &Place) -> Source {
    Source::file(place.path.clone(), place.line)
}
