//! Cargo.toml: packages, their binaries as cargo finds them, and a workspace's members.
//!
//! Takes the file; gives what `cargo install` would install. Never reads a build script.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::file::{File, Found, said_by};
use super::table::{self, Table};
use super::{Manifest, Said};

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let root = table::parse(file.text)?;
    let mut manifest = file.manifest();
    manifest.name = table::said(file, &root, &["package", "name"]);
    manifest.default_program = table::said(file, &root, &["package", "default-run"]);
    manifest.dependencies = dependencies(&root);
    if let Some(name) = &manifest.name {
        manifest.programs = programs(file, &root, name);
        let lib = table::table(&root, &["lib"]).is_some() || file.has("src/lib.rs");
        manifest.is_library = manifest.programs.is_empty() && lib;
    }
    site(file, &mut manifest);
    Some(Found {
        members: members(&root),
        manifest: Some(manifest),
    })
}

/// Trunk makes a site of the package, whose program then runs in a browser.
fn site(file: &File<'_>, manifest: &mut Manifest) {
    if file.has("Trunk.toml") {
        manifest.programs.clear();
        manifest.is_library = false;
        manifest.builds_site = Some(said_by(file.beside("Trunk.toml"), "trunk build"));
    }
}

/// The binaries: those of `[[bin]]`, and the files that cargo takes for some.
fn programs(file: &File<'_>, root: &Table<'_>, package: &Said) -> Vec<Said> {
    let stated = table::items(root, &["bin"]);
    let stated: Vec<&Table<'_>> = stated
        .iter()
        .filter_map(|it| it.get_ref().as_table())
        .collect();
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    let mut programs = Vec::new();
    for bin in &stated {
        let Some(said) = table::said(file, bin, &["name"]) else {
            continue;
        };
        if let Some(path) = table::text(bin, &["path"]) {
            paths.insert(file.beside(path.trim_start_matches("./")));
        }
        names.insert(said.value.clone());
        if is_built_by_default(root, bin) {
            programs.push(said);
        }
    }
    let auto = table::get(root, &["package", "autobins"]).and_then(|it| it.get_ref().as_bool());
    // The first edition, which is the one without a word, looked for files only where nothing was stated.
    let old = matches!(
        table::text(root, &["package", "edition"]),
        None | Some("2015")
    ) && table::get(root, &["package", "edition", "workspace"]).is_none();
    if auto.unwrap_or(!old || stated.is_empty()) {
        let found = inferred(file, package).into_iter();
        let new =
            found.filter(|(said, path)| !names.contains(&said.value) && !paths.contains(path));
        programs.extend(new.map(|(said, _)| said));
    }
    programs
}

/// A binary whose features are not among the default ones isn't built unless somebody asks.
fn is_built_by_default(root: &Table<'_>, bin: &Table<'_>) -> bool {
    let mut required = table::strings(bin, &["required-features"]).peekable();
    if required.peek().is_none() {
        return true;
    }
    let mut on = BTreeSet::from(["default"]);
    let mut waiting = vec!["default"];
    while let Some(feature) = waiting.pop() {
        for other in table::strings(root, &["features", feature]) {
            if on.insert(other) {
                waiting.push(other);
            }
        }
    }
    required.all(|feature| on.contains(feature))
}

/// The files that cargo takes for binaries, with their names.
fn inferred(file: &File<'_>, package: &Said) -> Vec<(Said, PathBuf)> {
    let mut found = Vec::new();
    let main = file.beside("src/main.rs");
    if file.tree.has(&main) {
        found.push((package.clone(), main));
    }
    let folder = file.beside("src/bin");
    for path in file.tree.below(&folder) {
        let Ok(rest) = path.strip_prefix(&folder) else {
            continue;
        };
        let name = if rest.components().count() == 1 {
            let source = rest.extension().is_some_and(|it| it == "rs");
            rest.file_stem().filter(|_| source)
        } else {
            let parent = rest.parent().filter(|it| it.components().count() == 1);
            let main = rest.file_name().is_some_and(|it| it == "main.rs");
            parent.map(Path::as_os_str).filter(|_| main)
        };
        if let Some(name) = name.and_then(|it| it.to_str()) {
            found.push((said_by(path.to_owned(), name), path.to_owned()));
        }
    }
    found
}

/// What the package runs with: not what its tests or its build script need.
fn dependencies(root: &Table<'_>) -> Vec<String> {
    let targets = table::entries(root, &["target"]);
    let targets = targets.filter_map(|(_, _, it)| it.as_table());
    let tables = targets.chain([root]);
    let entries = tables.flat_map(|it| table::entries(it, &["dependencies"]));
    let names = entries.map(|(key, _, value)| {
        let renamed = value
            .as_table()
            .and_then(|it| table::text(it, &["package"]));
        renamed.unwrap_or(key).to_owned()
    });
    names.collect()
}

/// The workspace's folders; a path dependency of its root is one, too.
fn members(root: &Table<'_>) -> Vec<String> {
    if table::table(root, &["workspace"]).is_none() {
        return Vec::new();
    }
    let named = table::strings(root, &["workspace", "members"]).map(str::to_owned);
    let without = table::strings(root, &["workspace", "exclude"]).map(|it| format!("!{it}"));
    let beside = table::entries(root, &["dependencies"]);
    let beside = beside.filter_map(|(_, _, value)| table::text(value.as_table()?, &["path"]));
    named
        .chain(without)
        .chain(beside.map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn stated_and_inferred_binaries_are_told_apart() {
        let manifest = r#"[package]
name = "marsh-gate"
edition = "2024"
default-run = "gated"

[[bin]]
name = "gated"
path = "src/main.rs"

[[bin]]
name = "bench"
required-features = ["slow"]

[[bin]]
name = "ctl"
required-features = ["cli"]

[features]
default = ["extras"]
extras = ["cli"]
slow = []

[dependencies]
axum = "0.8"
web = { package = "tower-http", version = "0.6" }
serde.workspace = true

[target.'cfg(unix)'.dependencies]
nix = "0.29"

[dev-dependencies]
rocket = "0.5"
"#;
        assert_eq!(
            told(&[
                ("Cargo.toml", manifest),
                ("src/main.rs", "fn main() {}"),
                ("src/bin/ctl.rs", ""),
                ("src/bin/migrate.rs", ""),
                ("src/bin/import/main.rs", ""),
                ("src/bin/import/helper.rs", ""),
            ]),
            ["Cargo.toml | name marsh-gate@2 \
              | programs ctl@15 gated@7 import@src/bin/import/main.rs:1 migrate@src/bin/migrate.rs:1 \
              | default gated@4 | needs axum nix serde tower-http"]
        );
    }

    #[test]
    fn a_workspace_is_followed() {
        let root = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n";
        let library = "[package]\nname = \"reeds\"\nversion = \"1.0.0\"\n";
        let app = "[package]\nname = \"heron\"\nedition = { workspace = true }\n";
        assert_eq!(
            told(&[
                ("Cargo.toml", root),
                ("crates/app/Cargo.toml", app),
                ("crates/app/src/main.rs", ""),
                ("crates/reeds/Cargo.toml", library),
                ("crates/reeds/src/lib.rs", ""),
                ("crates/old/Cargo.toml", library),
            ]),
            [
                "Cargo.toml",
                "crates/app/Cargo.toml | name heron@2 | programs heron@2",
                "crates/reeds/Cargo.toml | name reeds@2 | library",
            ]
        );
    }

    #[test]
    fn binaries_can_be_switched_off_and_trunk_builds_a_site() {
        let off = "[package]\nname = \"off\"\nautobins = false\n";
        assert_eq!(
            told(&[("Cargo.toml", off), ("src/main.rs", ""), ("src/lib.rs", "")]),
            ["Cargo.toml | name off@2 | library"]
        );
        let site = "[package]\nname = \"pond\"\n";
        assert_eq!(
            told(&[
                ("Cargo.toml", site),
                ("src/main.rs", ""),
                ("Trunk.toml", "")
            ]),
            ["Cargo.toml | name pond@2 | site trunk build@Trunk.toml:1"]
        );
    }
}
