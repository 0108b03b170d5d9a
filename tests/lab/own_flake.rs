//! nixdyno's own flake: what it offers, evaluated with the lab's nixpkgs.

use crate::common::{Outcome, Project, root};
use crate::lab::variable;

use std::process::Command;

/// The whole repository would be copied into the store: these are what names and versions need.
const FILES: [&str; 4] = ["Cargo.toml", "flake.lock", "flake.nix", "package.nix"];

#[test]
#[ignore = "lab"]
fn the_flake_offers_what_it_should() {
    variable("LAB_DIR");
    let texts = FILES.map(|name| std::fs::read_to_string(root().join(name)).unwrap());
    let files: Vec<(&str, &str)> = FILES
        .into_iter()
        .zip(texts.iter().map(String::as_str))
        .collect();
    let project = Project::new(&files);
    let flake = format!("path:{}", project.path().display());
    let named = |set: &str| {
        let mut nix = Command::new("nix");
        nix.args(["eval", "--json", "--no-write-lock-file"])
            .args(["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"])
            .args(["--apply", "builtins.mapAttrs (_: it: it.name or it.type)"])
            .arg(format!("{flake}#{set}.x86_64-linux"));
        Outcome::of(&nix.output().unwrap()).exits(0).json()
    };
    let name = concat!("nixdyno-", env!("CARGO_PKG_VERSION"));
    let packages = serde_json::json!({ "default": name, "nixdyno": name });
    assert_eq!(named("packages"), packages);
    assert_eq!(named("apps"), serde_json::json!({ "default": "app" }));
    let checks = serde_json::json!({
        "format": "nixdyno-format", "package": name, "runs": "nixdyno-runs",
    });
    assert_eq!(named("checks"), checks);
}
