//! Functions of the outside that the reader knows: what makes a derivation, and what arranges sets.
//!
//! Two lists. A new builder, or a new flake library, is one row (and for a library, one function in
//! `libraries`). A function is known by its last name, because everybody calls nixpkgs differently.

use super::super::project::Ecosystem;

/// A function that makes a derivation.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::inspect) struct Builder {
    /// Its last name.
    pub(super) name: &'static str,
    /// After how many arguments the derivation is there.
    pub(super) wants: usize,
    /// What its arguments tell.
    pub(super) tells: Tells,
    /// What it makes.
    pub(in crate::inspect) makes: Makes,
    /// The language it builds, if it builds only one.
    pub(in crate::inspect) ecosystem: Option<Ecosystem>,
}

/// What the arguments of a [`Builder`] tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// The first is a set with `pname`, `name` and `meta.mainProgram`.
    Attributes,
    /// The first is a set whose `name` is the program's name too.
    AttributesOfProgram,
    /// The first is the name of the only program.
    Program,
    /// The first is the derivation's name.
    Name,
    /// Nothing that can be read.
    Nothing,
}

/// What a [`Builder`] makes, as far as deploying goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inspect) enum Makes {
    /// An app, as likely as anything.
    App,
    /// A derivation that may hold anything.
    Anything,
    /// An interpreter with libraries: it holds no program of the project.
    Environment,
    /// An image for another place.
    Image,
    /// A development shell: it can't be built.
    Shell,
    /// Files, not programs.
    Files,
    /// A script of the project.
    Script,
}

impl Makes {
    /// Whether it can be built to be used: a shell can't.
    pub(in crate::inspect) fn is_output(self) -> bool {
        self != Makes::Shell
    }

    /// Whether it may hold a program to start.
    pub(in crate::inspect) fn may_run(self) -> bool {
        !matches!(self, Makes::Image | Makes::Shell)
    }
}

const fn row(name: &'static str, wants: usize, tells: Tells, makes: Makes) -> Builder {
    Builder {
        name,
        wants,
        tells,
        makes,
        ecosystem: None,
    }
}

impl Builder {
    const fn of(mut self, ecosystem: Ecosystem) -> Self {
        self.ecosystem = Some(ecosystem);
        self
    }
}

use Makes::{Anything, App, Environment, Files, Image, Shell};
use Tells::{Attributes, AttributesOfProgram, Name, Nothing, Program};

/// Every builder that is known, by kind.
pub(super) const BUILDERS: &[Builder] = &[
    row("mkDerivation", 1, Attributes, App),
    row("derivation", 1, Attributes, App),
    row("buildGoModule", 1, Attributes, App).of(Ecosystem::Go),
    row("buildGoPackage", 1, Attributes, App).of(Ecosystem::Go),
    row("buildGoApplication", 1, Attributes, App).of(Ecosystem::Go),
    row("buildRustPackage", 1, Attributes, App).of(Ecosystem::Rust),
    row("buildRustCrate", 1, Attributes, App).of(Ecosystem::Rust),
    row("buildPackage", 1, Attributes, App),
    row("buildNpmPackage", 1, Attributes, App).of(Ecosystem::Node),
    row("mkYarnPackage", 1, Attributes, App).of(Ecosystem::Node),
    row("mkPnpmPackage", 1, Attributes, App).of(Ecosystem::Node),
    row("buildPythonApplication", 1, Attributes, App).of(Ecosystem::Python),
    row("buildPythonPackage", 1, Attributes, App).of(Ecosystem::Python),
    row("mkPoetryApplication", 1, Attributes, App).of(Ecosystem::Python),
    row("mixRelease", 1, Attributes, App).of(Ecosystem::Elixir),
    row("buildDotnetModule", 1, Attributes, App).of(Ecosystem::Dotnet),
    row("buildGleamApplication", 1, Attributes, App).of(Ecosystem::Gleam),
    row("buildMavenPackage", 1, Attributes, App).of(Ecosystem::Jvm),
    row("buildGradlePackage", 1, Attributes, App).of(Ecosystem::Jvm),
    row("mkSbtDerivation", 1, Attributes, App).of(Ecosystem::Jvm),
    row("buildDubPackage", 1, Attributes, App),
    row("buildNimPackage", 1, Attributes, App).of(Ecosystem::Nim),
    row("buildDunePackage", 1, Attributes, App).of(Ecosystem::Ocaml),
    row("bundlerApp", 1, Attributes, App).of(Ecosystem::Ruby),
    row("callCabal2nix", 3, Name, App).of(Ecosystem::Haskell),
    row("writeShellScriptBin", 2, Program, App).of(Ecosystem::Shell),
    row("writeScriptBin", 2, Program, App).of(Ecosystem::Shell),
    row("writeShellApplication", 1, AttributesOfProgram, App).of(Ecosystem::Shell),
    row("symlinkJoin", 1, Attributes, Anything),
    row("buildEnv", 1, Attributes, Anything),
    row("runCommand", 3, Name, Anything),
    row("runCommandLocal", 3, Name, Anything),
    row("runCommandCC", 3, Name, Anything),
    row("mkPoetryEnv", 1, Attributes, Environment).of(Ecosystem::Python),
    row("bundlerEnv", 1, Attributes, Environment).of(Ecosystem::Ruby),
    row("withPackages", 1, Nothing, Environment),
    row("ghcWithPackages", 1, Nothing, Environment).of(Ecosystem::Haskell),
    row("buildImage", 1, Attributes, Image),
    row("buildLayeredImage", 1, Attributes, Image),
    row("streamLayeredImage", 1, Attributes, Image),
    row("mkShell", 1, Attributes, Shell),
    row("mkShellNoCC", 1, Attributes, Shell),
    row("shellFor", 1, Nothing, Shell),
    row("writeText", 2, Name, Files),
    row("writeTextFile", 1, Attributes, Files),
    row("writeTextDir", 2, Name, Files),
    row("writeScript", 2, Name, Files),
    row("writeShellScript", 2, Name, Files),
    row("linkFarm", 2, Name, Files),
    row("fetchurl", 1, Attributes, Files),
    row("fetchFromGitHub", 1, Attributes, Files),
    row("fetchgit", 1, Attributes, Files),
    row("fetchzip", 1, Attributes, Files),
];

/// The builder called `name`.
pub(super) fn builder(name: &str) -> Option<&'static Builder> {
    BUILDERS.iter().find(|builder| builder.name == name)
}

/// Functions that arrange sets, and how many arguments each wants. `libraries::call` is the other half.
pub(super) const LIBRARIES: &[(&str, usize)] = &[
    ("import", 1),
    ("callPackage", 2),
    ("eachDefaultSystem", 1),
    ("eachSystem", 2),
    ("eachDefaultSystemMap", 1),
    ("eachSystemMap", 2),
    ("genAttrs", 2),
    ("mapAttrs", 2),
    ("recursiveUpdate", 2),
    ("mkFlake", 2),
    ("makeOverridable", 2),
    ("optionalAttrs", 2),
    ("toString", 1),
];

/// Whether a function of this name is known.
pub(super) fn is_known(name: &str) -> bool {
    wants(name).is_some()
}

/// How many arguments a function of the outside wants, if it's known.
pub(super) fn wants(name: &str) -> Option<usize> {
    if let Some(builder) = builder(name) {
        return Some(builder.wants);
    }
    let row = LIBRARIES.iter().find(|(known, _)| *known == name);
    row.map(|(_, wants)| *wants)
}
