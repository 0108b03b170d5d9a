//! Reads Nix files without Nix.
//!
//! Takes a directory and an entry file; gives what can be seen in it: inputs, packages, shapes. A small
//! lazy reader follows what is written in the project and knows some functions by name; where it can't
//! follow, it says why. Never: a guess, the network, a file outside the project.

mod apps;
mod attrs;
mod blueprint;
mod build;
mod calls;
mod classic;
mod data;
#[cfg(test)]
mod features;
mod flake;
mod guard;
mod haskell;
mod inputs;
mod installed;
mod known;
mod lists;
mod nixpkgs;
mod operators;
mod origin;
mod package;
mod parts;
mod phases;
mod programs;
mod reader;
mod scope;
mod services;
mod sets;
mod sets_of_packages;
mod syntax;
mod systems;
#[cfg(test)]
mod tests;
mod texts;
mod value;

use std::path::Path;

use crate::error::Result;
use crate::names::{AttrPath, NixFile};
use crate::nix::arguments;

pub(super) use classic::ClassicReading;
pub(super) use flake::{App, FlakeReading, Missing, Service};
pub(super) use known::Makes;
pub(super) use package::Package;
pub(super) use value::Place;

pub(in crate::inspect) use crate::nix::SYSTEM;

use reader::Reader;
use value::{Lazy, Value};

/// An attribute that may be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Its full path.
    pub(super) path: AttrPath,
    /// What it is.
    pub(super) what: What,
    /// Where it is written.
    pub(super) place: Option<Place>,
}

/// What an attribute is, as far as reading shows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a project has few of them")]
pub(super) enum What {
    /// A known builder makes it.
    Package(Package),
    /// It comes from outside under this name, such as `pkgs.hello`.
    Outside(String),
    /// Not known, and why.
    Unknown(String),
}

/// Whether a function of this name is known to make a derivation.
pub(super) fn is_builder(name: &str) -> bool {
    known::builder(name).is_some()
}

/// What `flake.nix` shows.
pub(super) fn flake(dir: &Path, text: &str) -> Result<FlakeReading> {
    syntax::with_room(|| flake::read(dir, text))
}

/// What `default.nix` shows when it is called with the arguments among the words for Nix.
pub(super) fn classic(
    dir: &Path,
    file: &NixFile,
    text: &str,
    nix_args: &[String],
) -> Result<ClassicReading> {
    syntax::with_room(|| classic::read(dir, file.path(), text, &arguments(nix_args)))
}

/// Looks at the tree of a file's text, with room for a deep one; `false` where it is no Nix.
pub(super) fn look(
    path: &Path,
    text: &str,
    at: impl FnOnce(&rnix::ast::Expr) -> bool + Send,
) -> bool {
    syntax::with_room(|| Ok(at(&syntax::parse(path, text)?))).unwrap_or(false)
}

/// An attribute, if it may be a derivation: sets, functions, texts and files are not.
fn attribute(reader: &Reader, path: AttrPath, lazy: &Lazy) -> Option<Attribute> {
    let what = match reader.force(lazy) {
        Value::Package(package) => What::Package(Package::clone(&package)),
        Value::Outside(names) => What::Outside(names.join(".")),
        Value::Unknown(because) => What::Unknown(because.to_string()),
        _ => return None,
    };
    let place = lazy.place();
    Some(Attribute { path, what, place })
}
