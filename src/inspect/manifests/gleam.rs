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
    manifest.is_library = !main;
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

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn the_module_of_its_name_must_have_a_main() {
        let toml = "name = \"wren_api\"\nversion = \"1.0.0\"\n\n[dependencies]\nmist = \">= 4.0.0\"\n[dev-dependencies]\ngleeunit = \"1\"\n";
        let main = "import mist\n\npub fn maintain() {}\npub fn main() {\n}\n";
        assert_eq!(
            told(&[("gleam.toml", toml), ("src/wren_api.gleam", main)]),
            ["gleam.toml | name wren_api@1 | programs wren_api@1 | needs mist"]
        );
        assert_eq!(
            told(&[
                ("gleam.toml", toml),
                ("src/wren_api.gleam", "pub fn maintain() {}")
            ]),
            ["gleam.toml | name wren_api@1 | needs mist | library"]
        );
        let browser = format!("target = \"javascript\"\n{toml}");
        assert_eq!(
            told(&[("gleam.toml", &browser), ("src/wren_api.gleam", main)]),
            ["gleam.toml | name wren_api@2 | needs mist"]
        );
    }
}
