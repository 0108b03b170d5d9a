//! Turns attributes that were read into drafts of candidates: what they are, not yet how good they are.

use std::path::Path;

use crate::names::AttrPath;

use crate::nix::Facts;

use super::project::{Candidate, CandidateKind, Origin, Program, Source};
use super::read::{Attribute, Makes, Package, Place, What};

/// A candidate on its way, with what only this room needs to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) candidate: Candidate,
    /// What reading shows of its derivation.
    pub(super) package: Option<Package>,
    /// It comes from outside under this name, such as `pkgs.hello`.
    pub(super) outside: Option<String>,
    /// What Nix says of it.
    pub(super) facts: Option<Facts>,
}

/// The draft for an attribute of `file`; `None` for what can't be deployed.
pub(super) fn draft(from: Origin, file: &Path, attribute: &Attribute) -> Option<Draft> {
    let place = attribute.place.as_ref();
    let written = place.map_or_else(|| Source::file(file, None), source);
    let candidate = Candidate::new(from, attribute.path.clone(), written);
    let mut draft = Draft {
        candidate,
        package: None,
        outside: None,
        facts: None,
    };
    match &attribute.what {
        What::Package(package) => {
            if !package.builder.makes.is_output() {
                return None;
            }
            describe(&mut draft.candidate, package);
            draft.package = Some(package.clone());
        }
        What::Outside(name) => {
            draft.candidate.program =
                Program::unknown(format!("`{name}` comes from outside the project"));
            draft.outside = Some(name.clone());
        }
        What::Unknown(because) => {
            draft.candidate.program = Program::unknown(because.clone());
        }
    }
    Some(draft)
}

/// A draft of what only Nix could see.
pub(super) fn evaluated(from: Origin, attribute: &AttrPath, source: Source) -> Draft {
    let mut candidate = Candidate::new(from, attribute.clone(), source.clone());
    candidate.program = Program::unknown("its `meta.mainProgram` is not set");
    candidate.because(0, "Nix says that it is a derivation", Some(source));
    Draft {
        candidate,
        package: None,
        outside: None,
        facts: None,
    }
}

/// Facts of a builder's call.
fn describe(candidate: &mut Candidate, package: &Package) {
    candidate.package.clone_from(&package.name);
    candidate.ecosystem = package.builder.ecosystem;
    candidate.folder.clone_from(&package.folder);
    candidate.kind = match package.builder.makes {
        Makes::Environment => CandidateKind::Environment,
        Makes::Image => CandidateKind::Image,
        _ => CandidateKind::Unknown,
    };
    candidate.program = match (&package.program, &package.name) {
        (Some((name, place)), _) => Program::Known {
            name: name.clone(),
            source: source(place),
        },
        (None, Some(name)) => {
            Program::unknown(format!("no file says what `{name}` installs in bin/"))
        }
        (None, None) => Program::unknown("no file says what it installs in bin/"),
    };
}

/// A place of the reader as a source.
pub(super) fn source(place: &Place) -> Source {
    Source::file(place.path.clone(), place.line)
}
