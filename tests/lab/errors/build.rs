//! Builds that fail inside Docker.

use crate::check;
use crate::common::Project;
use crate::lab::tool;

use super::{classic, end, fails, fails_with, project};

const BROKEN: &str = r#"pkgs.runCommand "broken" { } ''
  echo "compiling part 1 of 2"
  echo "part 2 is missing a semicolon" >&2
  exit 3
''"#;

const TWO: &str = r#"pkgs.symlinkJoin { name = "two"; paths = [
  (pkgs.writeShellScriptBin "server" "true")
  (pkgs.writeShellScriptBin "worker" "true")
]; }"#;

#[test]
#[ignore = "lab"]
fn a_builder_that_fails() {
    let project = classic(BROKEN);
    let before = tool("docker", &["ps", "--all", "--quiet"]);
    for (name, args) in [
        ("builder_fails", &["build"][..]),
        ("builder_fails_quietly", &["build", "-q"]),
    ] {
        let outcome = fails(project.path(), args, 1);
        assert!(
            outcome.stderr.contains("missing a semicolon"),
            "{name}: {outcome}"
        );
        check!(name, end(&outcome));
    }
    assert_eq!(tool("docker", &["ps", "--all", "--quiet"]), before);
}

#[test]
#[ignore = "lab"]
fn a_package_that_has_not_one_program() {
    let none = classic(r#"pkgs.runCommand "page" { } "mkdir -p $out/share; true""#);
    check!("no_program", end(&fails(none.path(), &["build", "-q"], 1)));
    let file = classic(r#"pkgs.runCommand "page" { } "echo hello > $out; true""#);
    check!(
        "a_single_file",
        end(&fails(file.path(), &["build", "-q"], 1))
    );
    let two = classic(TWO);
    check!(
        "several_programs",
        end(&fails(two.path(), &["build", "-q"], 1))
    );
    let args = ["build", "-q", "--program", "servr"];
    check!("no_such_program", end(&fails(two.path(), &args, 1)));
}

#[test]
#[ignore = "lab"]
fn a_base_image_that_is_not_there() {
    let args = ["build", "-q", "--base", "registry.localhost/no-such/base:1"];
    check!("no_base", end(&fails(&project(), &args, 1)));
}

#[test]
#[ignore = "lab"]
fn an_attribute_that_only_docker_finds_missing() {
    let project = Project::new(&[
        (
            "flake.nix",
            "{ outputs = { self }: import ./outputs.nix; }\n",
        ),
        (
            "outputs.nix",
            r#"{ packages.x86_64-linux.server = derivation {
                name = "server"; system = "x86_64-linux"; builder = "/bin/sh"; }; }"#,
        ),
    ]);
    let args = [
        "build",
        "-q",
        "--no-eval",
        "--attr",
        "packages.x86_64-linux.sever",
    ];
    check!("no_attribute", end(&fails(project.path(), &args, 1)));
}

#[test]
#[ignore = "lab"]
fn a_flake_without_a_lock_and_without_a_network() {
    let project = Project::new(&[(
        "flake.nix",
        r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
  outputs = { self, nixpkgs }: {
    packages.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.hello;
  };
}
"#,
    )]);
    let outcome = fails(project.path(), &["build", "-q", "--no-eval"], 75);
    check!("unlocked_flake", end(&outcome));
}

#[test]
#[ignore = "lab"]
fn a_failed_build_as_json() {
    let project = classic(BROKEN);
    let outcome = fails(project.path(), &["build", "--json"], 1);
    let error = &outcome.json()["error"];
    assert_eq!(error["id"], "docker/build", "{outcome}");
    assert!(!error["todo"].as_array().unwrap().is_empty(), "{outcome}");
}

#[test]
#[ignore = "lab"]
fn no_engine() {
    let nowhere = [("DOCKER_HOST", "unix:///nonexistent/docker.sock")];
    check!(
        "no_engine",
        end(&fails_with(&project(), &["build"], &nowhere, 1))
    );
}
