//! Every project of the corpus that Nix can evaluate, inspected with the real Nix.
//!
//! Inputs of flakes are overridden by small stand-ins (`tests/lab/inputs`), `<nixpkgs>` is the lab's, and what a
//! default.nix fetches by a hash is put into the lab's store beforehand. What has no hash can't be had: there Nix
//! is unable to try, and reading must do.
//!
//! `NIXDYNO_CORPUS_ONLY` is a part of the names of those to look at.

use std::collections::BTreeSet;
use std::path::PathBuf;

use nixdyno::inspect::{Ask, Entry, inspect};
use nixdyno::nix::Where;
use nixdyno::shell::{Real, Recorded, Tools};

use crate::common::root;
use crate::expected::{self, Case, Table};
use crate::fetched::pretend_fetched;
use crate::lab::variable;

/// Inputs that projects name otherwise than their stand-in.
const ALIASES: &[(&str, &str)] = &[
    ("build-system-pkgs", "pyproject-build-systems"),
    ("compat", "flake-compat"),
    ("fu", "flake-utils"),
    ("gitignore-nix", "gitignore"),
    ("haskellNix", "haskell-nix"),
    ("parts", "flake-parts"),
    ("pre-commit-hooks", "git-hooks"),
    ("pyproject", "pyproject-nix"),
    ("sbt", "sbt-derivation"),
    ("treefmt", "treefmt-nix"),
    ("utils", "flake-utils"),
];

fn stand_in(input: &str) -> PathBuf {
    if input.to_lowercase().contains("nixpkgs") {
        return PathBuf::from("/srv/lab/nixpkgs");
    }
    let inputs = root().join("tests/lab/inputs");
    let alias = ALIASES.iter().find(|(name, _)| *name == input);
    let name = alias.map_or(input, |it| it.1);
    let folder = inputs.join(name);
    if folder.is_dir() {
        folder
    } else {
        inputs.join("any")
    }
}

/// What takes the place of the network.
fn nix_args(case: &Case) -> Vec<String> {
    let read = inspect(&case.dir, &case.ask(), &Recorded::new());
    let Ok(read) = read else { return Vec::new() };
    let mut inputs = BTreeSet::new();
    let mut flake = false;
    for entry in &read.entry {
        if let Entry::Flake { inputs: names, .. } = entry {
            flake = true;
            inputs.extend(names.iter().cloned());
            inputs.extend(read.pins.iter().map(|pin| pin.name.clone()));
        }
    }
    if !flake {
        return vec!["-I".to_owned(), "nixpkgs=/srv/lab/nixpkgs".to_owned()];
    }
    // Inputs that lie in the project itself, and such as are only named.
    let names = inputs.into_iter().filter(|name| name != "self");
    let words = names.flat_map(|name| {
        let place = format!("path:{}", stand_in(&name).display());
        ["--override-input".to_owned(), name, place]
    });
    words.collect()
}

#[test]
#[ignore = "lab"]
fn the_corpus_is_answered_with_the_real_nix() {
    variable("LAB_DIR");
    let runner = Real::new(Tools::find(), Vec::new(), |_| {});
    let only = std::env::var("NIXDYNO_CORPUS_ONLY").unwrap_or_default();
    let cases = expected::cases();
    let cases = cases
        .iter()
        .filter(|case| case.evaluates() && case.name.contains(&only));
    let rows = cases.map(|case| {
        pretend_fetched(&case.dir, stand_in);
        let ask = Ask {
            evaluate: Some(Where::Here),
            nix_args: nix_args(case),
            ..case.ask()
        };
        let project = inspect(&case.dir, &ask, &runner).unwrap();
        case.judge(&project)
    });
    let table = Table::of(rows);
    println!("{table}");
    table.check(95);
}
