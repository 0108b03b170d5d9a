//! gleam.toml: the project's name is its program's, where there is a `main`.
//!
//! Takes the file and the module of its name; gives the program that an Erlang shipment would start.

use super::file::{File, Found};
use super::scan;
use super::table;

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let root = table::parse(file.text)?;
    let mut manifest = file.manifest();
    let name = table::said(file, &root, &["name"])?;
    let dependencies = table::entries(&root, &["dependencies"]);
    manifest.dependencies = dependencies.map(|(key, ..)| key.to_owned()).collect();
    let module = file.beside(&format!("src/{}.gleam", name.value));
    let main = file.tree.text(&module).is_some_and(|text| has_main(&text));
    // For a browser or Node it is JavaScript, and no program of its own.
    let erlang = table::text(&root, &["target"]).is_none_or(|target| target == "erlang");
    if main && erlang {
        manifest.programs = vec![name.clone()];
    }
    manifest.library = !main;
    manifest.name = Some(name);
    Some(manifest.into())
}

fn has_main(text: &str) -> bool {
    let mut from = 0;
    while let Some(at) = scan::word(text, "pub fn main", from) {
        let after = text.get(at + "pub fn main".len()..).unwrap_or_default();
        if after.trim_start().starts_with('(') {
            return true;
        }
        from = at + 1;
    }
    false
}
