//! A package manifest of any bytes beside a good default.nix; the first byte says whose.

#![no_main]

mod project;

use libfuzzer_sys::fuzz_target;

const CLASSIC: &str =
    r#"{ pkgs ? import <nixpkgs> { } }: pkgs.stdenv.mkDerivation { pname = "x"; version = "1"; src = ./.; }"#;

/// The kinds of manifest. One folder holds what earlier inputs left: each is read beside the others.
const NAMES: &[&str] = &[
    "Cargo.toml", "go.mod", "package.json", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "x.cabal",
    "package.yaml", "mix.exs", "x.csproj", "gleam.toml", "dune-project", "bin/dune", "x.opam", "x.nimble", "Gemfile",
    "composer.json", "build.sbt", "pom.xml", "build.gradle", "settings.gradle", "pnpm-workspace.yaml", "go.work", "x.sln",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else {
        return;
    };
    let name = NAMES[usize::from(*kind) % NAMES.len()];
    project::inspect(&[("default.nix", CLASSIC.as_bytes()), (name, text)]);
});
