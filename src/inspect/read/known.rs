//! Functions of the outside that the reader knows: what makes a derivation, and what arranges values.
//!
//! A new builder is one row here; a new library function is one row in its own file. A function is known
//! by its last name, because everybody calls nixpkgs differently.

use super::reader::Reader;
use super::value::{Dotted, Lazy, Value};
use super::{
    attrs, blueprint, data, haskell, lists, nixpkgs, parts, sets_of_packages, systems, texts,
};
use crate::inspect::project::Ecosystem;

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
    /// The first is the name of the only program; the last is its text.
    Program,
    /// The first is the derivation's name, the last may be commands that make it.
    Name,
    /// The first is the derivation's name, the second its folder.
    NameAndFolder,
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
    /// Documentation.
    Docs,
    /// A test or a linter: its result is that it passed.
    Check,
    /// A launcher of databases and watchers for development.
    DevStack,
    /// An app for another machine.
    Foreign,
    /// What another build needs: never a candidate.
    Dependencies,
}

impl Makes {
    /// Whether it can be built to be used: a shell can't.
    pub(in crate::inspect) fn is_output(self) -> bool {
        !matches!(self, Makes::Shell | Makes::Dependencies)
    }

    /// Whether it may hold a program to start.
    pub(in crate::inspect) fn may_run(self) -> bool {
        !matches!(self, Makes::Image | Makes::Shell | Makes::Dependencies)
    }
}

/// A function that arranges values.
pub(super) struct Library {
    pub(super) name: &'static str,
    pub(super) wants: usize,
    pub(super) call: fn(&Reader, &Dotted, &[Lazy]) -> Value,
}

/// One row of a table of library functions.
pub(super) const fn row(
    name: &'static str,
    wants: usize,
    call: fn(&Reader, &Dotted, &[Lazy]) -> Value,
) -> Library {
    Library { name, wants, call }
}

const fn makes(name: &'static str, wants: usize, tells: Tells, makes: Makes) -> Builder {
    Builder {
        name,
        wants,
        tells,
        makes,
        ecosystem: None,
    }
}

const fn app(name: &'static str, ecosystem: Ecosystem) -> Builder {
    makes(name, 1, Attributes, App).of(ecosystem)
}

const fn check(name: &'static str) -> Builder {
    makes(name, 1, Attributes, Check)
}

const fn needed(name: &'static str) -> Builder {
    makes(name, 1, Nothing, Dependencies)
}

const fn image(name: &'static str) -> Builder {
    makes(name, 1, Attributes, Image)
}

const fn script(name: &'static str, wants: usize) -> Builder {
    makes(name, wants, Program, App).of(Ecosystem::Shell)
}

const fn files(name: &'static str, wants: usize) -> Builder {
    makes(name, wants, Name, Files)
}

impl Builder {
    const fn of(mut self, ecosystem: Ecosystem) -> Self {
        self.ecosystem = Some(ecosystem);
        self
    }
}

use Makes::{
    Anything, App, Check, Dependencies, DevStack, Docs, Environment, Files, Foreign, Image, Shell,
};
use Tells::{Attributes, AttributesOfProgram, Name, NameAndFolder, Nothing, Program};

/// A `callPackage` whose file or function could not be followed.
pub(super) static CALLED: Builder = makes("callPackage", 2, Nothing, Anything);
/// What devenv puts into its shell to start processes.
pub(super) static DEVENV: Builder = makes("devenv", 1, Nothing, DevStack);
/// An app that is built for another machine than a dyno.
pub(super) static FOREIGN: Builder = makes("pkgsCross", 1, Nothing, Foreign);
/// A process-compose of flake-parts.
pub(super) static PROCESSES: Builder = makes("process-compose", 1, Nothing, DevStack);
/// An executable of haskell.nix.
pub(super) static HASKELL_EXE: Builder = app("haskell.nix", Ecosystem::Haskell);
/// A package of opam-nix.
pub(super) static OPAM: Builder = app("opam-nix", Ecosystem::Ocaml);
/// A crate of crate2nix or cargo2nix.
pub(super) static CRATE: Builder = app("crate2nix", Ecosystem::Rust);
/// A package of dream2nix, by language.
pub(super) static DREAM: [Builder; 4] = [
    app("dream2nix", Ecosystem::Node),
    app("dream2nix", Ecosystem::Python),
    app("dream2nix", Ecosystem::Rust),
    makes("dream2nix", 1, Attributes, App),
];

/// Every builder that is known, by kind.
pub(super) static BUILDERS: &[Builder] = &[
    makes("mkDerivation", 1, Attributes, App),
    makes("derivation", 1, Attributes, App),
    app("buildGoModule", Ecosystem::Go),
    app("buildGoPackage", Ecosystem::Go),
    app("buildGoApplication", Ecosystem::Go),
    app("buildRustPackage", Ecosystem::Rust),
    app("buildRustCrate", Ecosystem::Rust),
    // crane's and naersk's
    app("buildPackage", Ecosystem::Rust),
    makes("buildTrunkPackage", 1, Attributes, Files).of(Ecosystem::Rust),
    needed("buildDepsOnly"),
    needed("vendorCargoDeps"),
    check("cargoClippy"),
    check("cargoFmt"),
    check("cargoTest"),
    check("cargoNextest"),
    check("cargoAudit"),
    check("cargoDeny"),
    check("cargoTarpaulin"),
    check("cargoLlvmCov"),
    check("cargoDocTest"),
    check("taploFmt"),
    makes("cargoDoc", 1, Attributes, Docs).of(Ecosystem::Rust),
    app("buildNpmPackage", Ecosystem::Node),
    app("buildNodePackage", Ecosystem::Node),
    app("buildYarnPackage", Ecosystem::Node),
    app("mkYarnPackage", Ecosystem::Node),
    app("mkPnpmPackage", Ecosystem::Node),
    app("mkBunDerivation", Ecosystem::Node),
    app("buildDenoPackage", Ecosystem::Node),
    needed("mkYarnModules"),
    needed("buildNodeModules"),
    needed("fetchNpmDeps"),
    needed("fetchYarnDeps"),
    needed("fetchPnpmDeps"),
    needed("fetchDeps"),
    needed("fetchMixDeps"),
    needed("fetchCargoVendor"),
    needed("fetchCargoTarball"),
    needed("importCargoLock"),
    needed("importNpmLock"),
    app("buildPythonApplication", Ecosystem::Python),
    app("buildPythonPackage", Ecosystem::Python),
    app("mkPoetryApplication", Ecosystem::Python),
    app("mkPoetryPackages", Ecosystem::Python),
    app("mkApplication", Ecosystem::Python),
    makes("mkPoetryEnv", 1, Attributes, Environment).of(Ecosystem::Python),
    makes("mkPoetryScriptsPackage", 1, Attributes, App).of(Ecosystem::Python),
    makes("mkVirtualEnv", 2, NameAndFolder, App).of(Ecosystem::Python),
    makes("mkEditablePyprojectOverlay", 1, Nothing, Dependencies),
    app("mixRelease", Ecosystem::Elixir),
    app("buildRebar3", Ecosystem::Elixir),
    app("rebar3Relx", Ecosystem::Elixir),
    needed("buildMix"),
    app("buildDotnetModule", Ecosystem::Dotnet),
    app("buildDotnetGlobalTool", Ecosystem::Dotnet),
    app("buildGleamApplication", Ecosystem::Gleam),
    app("buildGleamProgram", Ecosystem::Gleam),
    app("buildMavenPackage", Ecosystem::Jvm),
    app("buildGradlePackage", Ecosystem::Jvm),
    app("buildGradleApplication", Ecosystem::Jvm),
    app("mkSbtDerivation", Ecosystem::Jvm),
    app("mkMillDerivation", Ecosystem::Jvm),
    app("mkCljBin", Ecosystem::Jvm),
    app("mkBabashkaDerivation", Ecosystem::Jvm),
    makes("buildDubPackage", 1, Attributes, App),
    makes("buildCrystalPackage", 1, Attributes, App),
    makes("buildPerlPackage", 1, Attributes, App),
    app("buildNimPackage", Ecosystem::Nim),
    app("buildNimSbom", Ecosystem::Nim),
    app("buildZigPackage", Ecosystem::Zig),
    app("zigPackage", Ecosystem::Zig),
    app("buildDunePackage", Ecosystem::Ocaml),
    app("buildTopkgPackage", Ecosystem::Ocaml),
    app("bundlerApp", Ecosystem::Ruby),
    app("buildRubyGem", Ecosystem::Ruby),
    makes("bundlerEnv", 1, Attributes, Environment).of(Ecosystem::Ruby),
    app("buildComposerProject", Ecosystem::Php),
    app("buildComposerProject2", Ecosystem::Php),
    app("buildComposerPackage", Ecosystem::Php),
    app("buildPhpPackage", Ecosystem::Php),
    makes("withExtensions", 1, Nothing, Environment).of(Ecosystem::Php),
    makes("callCabal2nix", 3, NameAndFolder, App).of(Ecosystem::Haskell),
    makes("callCabal2nixWithOptions", 4, NameAndFolder, App).of(Ecosystem::Haskell),
    makes("developPackage", 1, Attributes, App).of(Ecosystem::Haskell),
    makes("callHackage", 3, Name, Dependencies).of(Ecosystem::Haskell),
    makes("callHackageDirect", 2, Nothing, Dependencies).of(Ecosystem::Haskell),
    makes("ghcWithPackages", 1, Nothing, Environment).of(Ecosystem::Haskell),
    makes("withPackages", 1, Nothing, Environment),
    script("writeShellScriptBin", 2),
    script("writeScriptBin", 2),
    script("writeBashBin", 2),
    script("writeDashBin", 2),
    script("writeFishBin", 2),
    script("writeNuBin", 2),
    makes("writePython3Bin", 3, Program, App).of(Ecosystem::Python),
    makes("writePyPy3Bin", 3, Program, App).of(Ecosystem::Python),
    makes("writeHaskellBin", 3, Program, App).of(Ecosystem::Haskell),
    makes("writeRustBin", 3, Program, App).of(Ecosystem::Rust),
    makes("writeJSBin", 3, Program, App).of(Ecosystem::Node),
    makes("writeRubyBin", 3, Program, App).of(Ecosystem::Ruby),
    makes("writePerlBin", 3, Program, App),
    makes("writeShellApplication", 1, AttributesOfProgram, App).of(Ecosystem::Shell),
    makes("writeBashApplication", 1, AttributesOfProgram, App).of(Ecosystem::Shell),
    makes("buildFHSEnv", 1, AttributesOfProgram, Anything),
    makes("buildFHSUserEnv", 1, AttributesOfProgram, Anything),
    makes("symlinkJoin", 1, Attributes, Anything),
    makes("buildEnv", 1, Attributes, Anything),
    makes("runCommand", 3, Name, Anything),
    makes("runCommandLocal", 3, Name, Anything),
    makes("runCommandCC", 3, Name, Anything),
    makes("runCommandNoCC", 3, Name, Anything),
    makes("makeProcessCompose", 1, AttributesOfProgram, DevStack),
    image("buildImage"),
    image("buildLayeredImage"),
    image("buildImageWithNixDb"),
    image("buildLayeredImageWithNixDb"),
    image("streamLayeredImage"),
    image("streamImage"),
    image("buildNixShellImage"),
    image("streamNixShellImage"),
    image("pullImage"),
    image("buildContainer"),
    image("nixosGenerate"),
    image("nixosSystem"),
    needed("buildLayer"),
    check("nixosTest"),
    check("runNixOSTest"),
    check("makeTest"),
    check("runTest"),
    makes("mkShell", 1, Attributes, Shell),
    makes("mkShellNoCC", 1, Attributes, Shell),
    makes("devShell", 1, Attributes, Shell),
    makes("mkGoEnv", 1, Attributes, Shell),
    makes("shellFor", 1, Nothing, Shell),
    makes("nixosOptionsDoc", 1, Nothing, Docs),
    files("writeText", 2),
    makes("writeTextFile", 1, Attributes, Files),
    files("writeTextDir", 2),
    files("writeScript", 2),
    files("writeShellScript", 2),
    files("writeReferencesToFile", 1),
    files("linkFarm", 2),
    files("linkFarmFromDrvs", 2),
    files("generate", 2),
    files("concatText", 2),
    files("replaceVars", 2),
    makes("substituteAll", 1, Attributes, Files),
    makes("makeDesktopItem", 1, Attributes, Files),
    makes("fetchurl", 1, Attributes, Files),
    makes("fetchFromGitHub", 1, Attributes, Files),
    makes("fetchFromGitLab", 1, Attributes, Files),
    makes("fetchgit", 1, Attributes, Files),
    makes("fetchzip", 1, Attributes, Files),
];

/// The tables of library functions.
const TABLES: &[&[Library]] = &[
    nixpkgs::ROWS,
    lists::ROWS,
    attrs::ROWS,
    texts::ROWS,
    data::ROWS,
    systems::ROWS,
    parts::ROWS,
    blueprint::ROWS,
    haskell::ROWS,
    sets_of_packages::ROWS,
];

/// A known function.
pub(super) enum Known {
    Builder(&'static Builder),
    Library(&'static Library),
}

/// The builder called `name`; each Go compiler of nixpkgs has one of its own.
pub(super) fn builder(name: &str) -> Option<&'static Builder> {
    let go = name
        .strip_prefix("buildGo")
        .and_then(|rest| rest.strip_suffix("Module"));
    let name = match go {
        Some(version) if version == "Latest" || version.bytes().all(|it| it.is_ascii_digit()) => {
            "buildGoModule"
        }
        _ => name,
    };
    BUILDERS.iter().find(|builder| builder.name == name)
}

/// The function that `names` lead to, if it is known.
pub(super) fn find(names: &Dotted) -> Option<Known> {
    // sbt's `mkSbtDerivation.${system}`
    let names = match names.as_ref() {
        [names @ .., last] if &**last == super::SYSTEM => names,
        names => names,
    };
    let name = &**names.last()?;
    let through = |part: &str| names.iter().any(|it| it.contains(part));
    let name = match name {
        // Of the input nix-filter, not of lists.
        "filter" | "lib" if through("nix-filter") => "nix-filter",
        // A word that many libraries have.
        "project" | "project'" if !through("haskell") => return None,
        "evalModules" if !through("dream2nix") => return None,
        // snowfall's and others' functions of that name read folders.
        "mkFlake" if through("snowfall") || through("plus") || through("fup") => return None,
        "buildEnv" if through("php") => "withExtensions",
        name => name,
    };
    if let Some(builder) = builder(name) {
        return Some(Known::Builder(builder));
    }
    let mut rows = TABLES.iter().flat_map(|table| table.iter());
    rows.find(|row| row.name == name).map(Known::Library)
}

/// Whether a function of this name is known.
pub(super) fn is_known(name: &str) -> bool {
    let rows = TABLES.iter().flat_map(|table| table.iter());
    builder(name).is_some() || rows.map(|row| row.name).any(|row| row == name)
}

/// How many arguments a function of the outside wants, if it's known.
pub(super) fn wants(names: &Dotted) -> Option<usize> {
    find(names).map(|known| match known {
        Known::Builder(builder) => builder.wants,
        Known::Library(row) => row.wants,
    })
}

/// Whether a builder makes a whole machine, or a launcher: everything inside is a part of it.
pub(super) fn is_machine(builder: &Builder) -> bool {
    matches!(builder.name, "nixosSystem" | "devenv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once() {
        let builders = BUILDERS.iter().map(|builder| builder.name);
        let rows = TABLES.iter().flat_map(|table| table.iter());
        let mut names: Vec<_> = builders.chain(rows.map(|row| row.name)).collect();
        names.sort_unstable();
        let twice: Vec<_> = names
            .windows(2)
            .filter(|pair| pair.first() == pair.last())
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn names_are_known_by_their_last_and_by_what_leads_to_them() {
        let found = |names: &[&str]| {
            let names: Dotted = names.iter().map(|name| std::rc::Rc::from(*name)).collect();
            find(&names).map(|known| match known {
                Known::Builder(builder) => builder.name,
                Known::Library(row) => row.name,
            })
        };
        assert_eq!(found(&["pkgs", "buildGo125Module"]), Some("buildGoModule"));
        assert_eq!(found(&["pkgs", "buildGoodModule"]), None);
        assert_eq!(
            found(&["sbt", "mkSbtDerivation", "x86_64-linux"]),
            Some("mkSbtDerivation")
        );
        assert_eq!(found(&["nix-filter", "lib", "filter"]), Some("nix-filter"));
        assert_eq!(found(&["lib", "filter"]), Some("filter"));
        assert_eq!(found(&["gradle", "project"]), None);
        assert_eq!(
            found(&["pkgs", "haskell-nix", "project'"]),
            Some("project'")
        );
        assert_eq!(found(&["snowfall-lib", "mkFlake"]), None);
    }
}
