//! Turns attributes that were read into candidates, with their reasons and their score.
//!
//! The score only orders the candidates of one project. It is a sum of few parts, each with its reason.

use crate::names::AttrPath;

use super::project::{Candidate, Origin, Program, Source};
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
pub(super) fn candidate(from: Origin, attribute: &Attribute) -> Option<Candidate> {
    let place = attribute.place.as_ref();
    let file = match from {
        Origin::Flake => "flake.nix",
        Origin::Classic => "default.nix",
    };
    let source = place.map_or_else(|| Source::file(file, None), source);
    let mut candidate = Candidate::new(from, attribute.path.clone(), source);
    match &attribute.what {
        What::Package(package) => describe(&mut candidate, package)?,
        What::Outside(name) => {
            let what = format!("it is `{name}`, which comes from outside");
            candidate.because(30, what, None);
            candidate.program =
                Program::unknown(format!("`{name}` comes from outside the project"));
        }
        What::Unknown(because) => {
            candidate.because(20, format!("what it is can't be read: {because}"), None);
            candidate.program = Program::unknown(because.clone());
        }
    }
    weigh_name(&mut candidate);
    Some(candidate)
}

/// A candidate that only Nix could see.
pub(super) fn evaluated(from: Origin, attribute: &AttrPath, source: Source) -> Candidate {
    let mut candidate = Candidate::new(from, attribute.clone(), source.clone());
    candidate.program = Program::unknown("its `meta.mainProgram` is not set");
    candidate.because(35, "Nix says that it is a derivation", Some(source));
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
        Makes::Docs => (-5, "makes documentation"),
        Makes::Check => (-15, "is a check"),
        Makes::Foreign => (-20, "makes an app for another machine"),
        Makes::DevStack => (-10, "starts a stack for development"),
        Makes::Shell | Makes::Dependencies => return None,
    };
    candidate.because(points, format!("`{function}` {what}"), None);
    candidate.package.clone_from(&package.name);
    match (&package.program, &package.name) {
        (Some((name, place)), _) => {
            let what = format!("its program is `{name}`");
            candidate.because(PROGRAM, what, Some(source(place)));
            candidate.program = Program::Known {
                name: name.clone(),
                source: source(place),
            };
        }
        (None, Some(name)) => {
            candidate.program = Program::unknown(format!(
                "the package is `{name}`, but nothing says that its program is, too"
            ));
        }
        (None, None) => {}
    }
    Some(())
}

fn weigh_name(candidate: &mut Candidate) {
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
    let aside = last
        .split(['-', '_'])
        .find(|word| ASIDE_WORDS.contains(&word.to_lowercase().as_str()));
    if let Some(word) = aside {
        let what = format!("`{word}` in its name speaks against it");
        candidate.because(-ASIDE, what, None);
    }
}

fn source(place: &Place) -> Source {
    Source::file(place.path.clone(), place.line)
}
