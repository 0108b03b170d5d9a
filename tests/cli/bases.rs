//! Images to build on: which one a plan takes, what it refuses, and the list of them.

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

const LOCK: &str = r#"{ "nodes": {
  "nixpkgs": {
    "locked": { "type": "github", "owner": "NixOS", "repo": "nixpkgs",
      "narHash": "sha256-Ti+ZBvW6yrWWAg2szExVTwCd4qOJ3KlVr1tFHfyfi8Q=",
      "rev": "8fd9daa3db09ced9700431c5b7ad0e8ba199b575", "lastModified": 1778430510 },
    "original": { "type": "github", "owner": "NixOS", "repo": "nixpkgs" } },
  "root": { "inputs": { "nixpkgs": "nixpkgs" } } }, "root": "root", "version": 7 }"#;

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    packages.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.writeShellScriptBin "server" "exec true";
  };
}"#;

const NPINS: &str = r#"{ "pins": { "nixpkgs": { "type": "Channel", "name": "nixos-25.11",
  "url": "https://releases.nixos.org/nixos/25.11/nixos-25.11.1/nixexprs.tar.xz",
  "hash": "sha256-Ti+ZBvW6yrWWAg2szExVTwCd4qOJ3KlVr1tFHfyfi8Q=" } }, "version": 7 }"#;

const CLASSIC: &str =
    r#"{ pkgs ? import <nixpkgs> { } }: pkgs.writeShellScriptBin "server" "exec true""#;

fn flake() -> Project {
    Project::new(&[("flake.nix", FLAKE), ("flake.lock", LOCK)])
}

fn on(project: &Project, words: &[&str], base: &str) -> Outcome {
    let words = [words, &["--no-eval", "--base", base]].concat();
    run(&mut nixdyno(project.path(), &words))
}

/// The plan's base, and why.
fn base(project: &Project, name: &str) -> (serde_json::Value, String) {
    let plan = on(project, &["plan", "--json"], name).exits(0).json();
    let choices = plan["choices"].as_array().unwrap();
    let choice = choices.iter().find(|it| it["key"] == "base").unwrap();
    let reason = choice["reason"].as_str().unwrap().to_owned();
    (plan["base"].clone(), reason)
}

#[test]
fn a_plan_names_the_family_and_says_why() {
    let project = flake();
    let mut told = Vec::new();
    for name in [
        "nixos/nix",
        "nixery",
        "nixpkgs",
        "nixos/nix:2.31.2",
        "my.host/shell/nix/git/findutils:8fd9daa3db09ced9700431c5b7ad0e8ba199b575",
        "niteo/nixpkgs-nixos-20.03:14006b724f3d1f25ecf38238ee723d38b0c2f4ce",
        "ghcr.io/me/builder@sha256:29fc5fe207f159ceb0143c25c19c774062fee02ce5eda118f3067547b3054894",
    ] {
        let (base, reason) = base(&project, name);
        told.push(format!("{name}\n  {base}\n  {reason}"));
    }
    check!("families", told.join("\n"));
}

#[test]
fn a_nixery_gets_the_nixpkgs_that_is_pinned() {
    let project = Project::new(&[("default.nix", CLASSIC), ("npins/sources.json", NPINS)]);
    // Whether there is a Nix here is no matter.
    let plan = ["plan", "--route", "docker"];
    check!("nixery_plan", on(&project, &plan, "nixery").exits(0));
    let words = ["generate", "dockerfile", "--stdout"];
    let file = on(&project, &words, "nixery").exits(0).stdout;
    let line = "ENV NIX_PATH=nixpkgs=https://releases.nixos.org/nixos/25.11/nixos-25.11.1/nixexprs.tar.xz\n";
    assert!(file.contains(line), "{file}");
}

#[test]
fn the_archive_of_a_pin_is_found_however_it_is_pinned() {
    let url =
        "https://github.com/NixOS/nixpkgs/archive/8fd9daa3db09ced9700431c5b7ad0e8ba199b575.tar.gz";
    let hash = "sha256-Ti+ZBvW6yrWWAg2szExVTwCd4qOJ3KlVr1tFHfyfi8Q=";
    let inside = format!(
        r#"let nixpkgs = fetchTarball {{ url = "{url}"; sha256 = "{hash}"; }}; pkgs = import nixpkgs {{ }};
        in pkgs.writeShellScriptBin "server" "exec true""#
    );
    let niv =
        format!(r#"{{ "nixpkgs": {{ "url": "{url}", "sha256": "1abc", "type": "tarball" }} }}"#);
    let thunk = r#"{ "owner": "NixOS", "repo": "nixpkgs",
        "rev": "8fd9daa3db09ced9700431c5b7ad0e8ba199b575", "sha256": "1abc" }"#;
    for files in [
        vec![("default.nix", inside.as_str())],
        vec![("default.nix", CLASSIC), ("nix/sources.json", &niv)],
        vec![
            ("default.nix", CLASSIC),
            ("nixpkgs/github.json", thunk),
            ("nixpkgs/default.nix", "import ./thunk.nix"),
        ],
    ] {
        let project = Project::new(&files);
        let (base, _) = base(&project, "nixery");
        assert_eq!(base["nixpkgs"], url, "{files:?}");
        let (base, _) = self::base(&project, "nixpkgs");
        assert_eq!(base["image"], "nixdyno/nixpkgs:8fd9daa3db09", "{files:?}");
    }
}

#[test]
fn bases_that_can_not_work_are_refused() {
    let unpinned = Project::new(&[("default.nix", CLASSIC)]);
    let refused = |name: &str, base: &str| {
        check!(name, on(&unpinned, &["plan"], base).exits(1));
    };
    refused("nixery_without_nixpkgs", "nixery");
    refused("nixery_without_nix", "nixery.dev/shell/git");
    refused("nixpkgs_without_pin", "nixpkgs");
    // Words of the user's bring it.
    let words = ["plan", "--nix-arg", "-I", "--nix-arg", "nixpkgs=/n"];
    on(&unpinned, &words, "nixery").exits(0);
}

#[test]
fn an_image_of_another_nixpkgs_is_told() {
    let told = |base| on(&flake(), &["plan"], base).exits(0).stderr;
    check!("base_differs", told("nixdyno/nixpkgs:0123456789ab"));
    check!("base_abandoned", told("niteo/nixpkgs-nixos-20.03:14006b7"));
}

#[test]
fn the_bases_are_listed() {
    let project = Project::new(&[]);
    let list = |words: &[&str]| run(&mut nixdyno(project.path(), words)).exits(0);
    check!("base_list", list(&["base", "list"]));
    let json = list(&["base", "list", "--json"]).json();
    let bases = json["bases"].as_array().unwrap();
    let defaults = bases.iter().filter(|it| it["default"] == true);
    assert_eq!(defaults.count(), 1, "{json}");
    for row in bases.iter().filter(|it| it["family"] == "nixos-nix") {
        for key in ["version", "digest", "date", "source"] {
            assert!(row[key].is_string(), "{key}: {json}");
        }
    }
}

#[test]
fn help_has_examples() {
    let project = Project::new(&[]);
    let help = run(nixdyno(project.path(), &["base", "--help"]).env("COLUMNS", "100"));
    check!("base_help", help.exits(0));
}

#[test]
fn an_image_with_its_digest_is_written_as_it_is() {
    let project = Project::new(&[("nixdyno.toml", "# ours\nbase = \"nixos/nix:1\" # old\n")]);
    let base = |words: &[&str]| run(&mut nixdyno(project.path(), &[&["base"], words].concat()));
    let digest = format!("sha256:{}", "a".repeat(64));
    let image = format!("ghcr.io/me/nix:1@{digest}");
    assert_eq!(base(&["pin", &image]).exits(0).stdout, format!("{image}\n"));
    let text = format!("# ours\nbase = \"{image}\" # old\n");
    assert_eq!(project.read("nixdyno.toml"), text);
    assert_eq!(
        base(&["pin", &image, "--json"]).exits(0).json()["changed"],
        false
    );
    // The newest that nixdyno knows needs no Docker either.
    base(&["pin", "nixos/nix", "--dry-run"]).exits(0);
    assert_eq!(project.read("nixdyno.toml"), text);
    base(&["pin", "nixos/nix"]).exits(0);
    assert!(project.read("nixdyno.toml").contains("nixos/nix:2"));
}

#[test]
fn what_has_no_digest_is_not_pinned() {
    let project = Project::new(&[]);
    let base = |words: &[&str]| run(&mut nixdyno(project.path(), &[&["base"], words].concat()));
    check!("pin_nixery", base(&["pin", "nixery"]).exits(2));
    check!("pin_nixpkgs", base(&["pin", "nixpkgs"]).exits(2));
    check!("update_none", base(&["update"]).exits(1));
    base(&["pin", "x@sha256:abc"]).exits(2);
    assert!(!project.path().join("nixdyno.toml").exists());
    project.write("nixdyno.toml", "app = \"my-app\"\n");
    let other = base(&["update"]).exits(1);
    assert!(other.stderr.contains("why: it has no `base`"), "{other}");
}
