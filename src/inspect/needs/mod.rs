//! What a project needs that its folder does not hold: submodules, large files, keys to private places.
//!
//! Takes the project's files, a flake's inputs and settings, a function's arguments; gives needs and
//! warnings, sorted by their source. Never asks the network whether something can be fetched.

mod files;
mod inputs;
#[cfg(test)]
mod tests;

use super::project::{Need, NeedId, Source, Warning};

pub(super) use files::of_files;
#[cfg(test)]
pub(super) use inputs::{Given, of_inputs, of_settings};
pub(super) use inputs::{is_private_host, is_private_url};
pub(super) use inputs::{of_arguments, of_flake};

/// Needs, and what to watch.
pub(super) type Found = (Vec<Need>, Vec<Warning>);

/// What is said of a need, and what to do about it.
const TEXTS: &[(NeedId, &str, &str)] = &[
    (
        NeedId::Submodules,
        "git submodules are part of it",
        "run `git submodule update --init --recursive` before each deploy: git alone leaves their folders empty (Nix itself fetches those of inputs)",
    ),
    (
        NeedId::Lfs,
        "files are kept in git's large file storage",
        "run `git lfs pull` before each deploy: git alone leaves pointers in their place",
    ),
    (
        NeedId::PrivateInput,
        "inputs that only some may fetch",
        "build where a key opens them: `ssh-add` it for ssh, or set `access-tokens` in nix.conf for a host",
    ),
    (
        NeedId::Substituters,
        "binary caches that the flake names",
        "accept them if you trust them: `nix build --accept-flake-config`, or add them to nix.conf; without them all is built here",
    ),
    (
        NeedId::Arguments,
        "the file is a function that needs arguments",
        "give each a default, such as `{ pkgs ? import <nixpkgs> { } }:`, or take the file through `callPackage`",
    ),
    (
        NeedId::Unfree,
        "packages with an unfree licence are allowed",
        "see that their licences let you run them on Heroku",
    ),
    (
        NeedId::Insecure,
        "packages that nixpkgs calls insecure are allowed",
        "see why they are called insecure (`meta.knownVulnerabilities`), and whether newer ones do",
    ),
    (
        NeedId::ImportFromDerivation,
        "Nix must build while it evaluates (import from derivation)",
        "leave `allow-import-from-derivation` on where the app is built, and expect a slow start; a look without Nix can't show all of it",
    ),
];

/// A need of `id`; `name` is what it is about, empty for nothing in particular.
pub(super) fn need(id: NeedId, name: &str, source: Source) -> Need {
    let text = TEXTS.iter().find(|row| row.0 == id);
    let mut need = Need {
        id,
        what: String::new(),
        todo: text.map_or_else(String::new, |row| row.2.to_owned()),
        names: Vec::new(),
        value: None,
        source: Some(source),
    };
    if !name.is_empty() {
        need.names.push(name.to_owned());
    }
    word(&mut need);
    need
}

/// Puts what a need is about into words.
fn word(need: &mut Need) {
    let Some((_, what, _)) = TEXTS.iter().find(|row| row.0 == need.id) else {
        return;
    };
    need.what = match need.names.as_slice() {
        [] => (*what).to_owned(),
        names => format!("{what}: {}", names.join(", ")),
    };
}

/// One need of each kind, at its first place, with the names of all: what to do about them is the same.
pub(super) fn together(needs: Vec<Need>) -> Vec<Need> {
    let mut all: std::collections::BTreeMap<NeedId, Need> = std::collections::BTreeMap::new();
    for need in needs {
        match all.entry(need.id) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(need);
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.names.extend(need.names);
                if need.source < known.source {
                    known.source = need.source;
                }
            }
        }
    }
    let mut needs: Vec<Need> = all.into_values().collect();
    for need in &mut needs {
        need.names.sort();
        need.names.dedup();
        word(need);
    }
    needs.sort_by(|a, b| (&a.source, a.id).cmp(&(&b.source, b.id)));
    needs
}

/// Needs together and warnings in order.
fn sorted(needs: Vec<Need>, mut warnings: Vec<Warning>) -> Found {
    warnings.sort_by(|a, b| (&a.source, &a.id, &a.what).cmp(&(&b.source, &b.id, &b.what)));
    (together(needs), warnings)
}

/// Needs and warnings as text, for snapshots.
#[cfg(test)]
pub(super) fn shown(needs: &[Need], warnings: &[Warning]) -> String {
    let place = |source: &Option<Source>| {
        source
            .as_ref()
            .map_or_else(String::new, ToString::to_string)
    };
    let needs = needs.iter().map(|it| {
        format!(
            "{}: need {:?}\n  {}\n  do: {}",
            place(&it.source),
            it.id,
            it.what,
            it.todo
        )
    });
    let warnings = warnings.iter().map(|it| {
        format!(
            "{}: [{}]\n  {}\n  do: {}",
            place(&it.source),
            it.id,
            it.what,
            it.todo
        )
    });
    needs.chain(warnings).collect::<Vec<_>>().join("\n")
}
