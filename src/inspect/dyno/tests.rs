//! What is told of the chosen candidate, through the whole inspection.

use crate::inspect::{Ask, Project, inspect};
use crate::shell::Recorded;

fn look(files: &[(&str, &str)]) -> Project {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    inspect(dir.path(), &Ask::default(), &Recorded::new()).unwrap()
}

/// A server in Go that listens as `listen` says.
fn go(listen: &str, line: &str) -> Vec<String> {
    let main = format!(
        "package main\nimport \"net/http\"\nfunc main() {{\n\thttp.ListenAndServe(\"{listen}\", nil)\n}}\n"
    );
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.buildGoModule { pname = \"shop\"; version = \"1\"; src = ./.; vendorHash = null; }";
    let project = look(&[
        ("default.nix", nix),
        ("go.mod", "module example.org/shop\n\ngo 1.22\n"),
        ("main.go", &main),
        ("Procfile", line),
    ]);
    project.warnings.into_iter().map(|it| it.id).collect()
}

#[test]
fn words_that_only_look_alike_silence_nothing() {
    for line in [
        "web: SUPPORT_MAIL=x shop --hostname-check off",
        "web: shop --host 127.0.0.1",
    ] {
        let ids = go("127.0.0.1:8080", line);
        assert!(
            ids.iter().any(|id| id == "inspect/localhost"),
            "{line}: {ids:?}"
        );
        assert!(
            ids.iter().any(|id| id == "inspect/fixed-port"),
            "{line}: {ids:?}"
        );
    }
    let ids = go("127.0.0.1:8080", "web: shop --host 0.0.0.0 --port $PORT");
    assert!(
        !ids.iter()
            .any(|id| id == "inspect/localhost" || id == "inspect/fixed-port"),
        "{ids:?}"
    );
}

#[test]
fn a_release_that_is_started_is_no_warning() {
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.beamPackages.mixRelease { pname = \"tide\"; version = \"1\"; src = ./.; meta.mainProgram = \"tide\"; }";
    let mix = "defmodule Tide.MixProject do\n  use Mix.Project\n  def project do\n    [app: :tide, version: \"1.0.0\", deps: [{:phoenix, \"~> 1.7\"}]]\n  end\nend\n";
    let ids = |line: &str| {
        let mut files = vec![("default.nix", nix), ("mix.exs", mix)];
        files.extend((!line.is_empty()).then_some(("Procfile", line)));
        let found = look(&files).warnings.into_iter();
        found
            .filter(|it| it.id == "inspect/phoenix-start")
            .map(|it| (it.blocks, it.source.unwrap().to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("web: tide start\n"), []);
    assert_eq!(ids("web: tide eval x\n"), []);
    assert_eq!(ids("web: tide\n"), [(false, "Procfile:1".to_owned())]);
}
