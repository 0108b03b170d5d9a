//! `docs/inspect.md` names every warning and every need that an inspection can give, and no other, in order.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::root;

#[test]
fn the_page_names_every_warning_of_an_inspection() {
    let mut known = BTreeSet::new();
    collect(&root().join("src/inspect"), &mut known);
    assert!(known.len() > 30, "the search is broken: {known:?}");
    let page = rows("## Warnings");
    let known: Vec<String> = known.into_iter().collect();
    assert_eq!(page, known, "left is the page, right is src/inspect");
}

#[test]
fn the_page_names_every_need() {
    let path = root().join("src/inspect/project.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, body) = text.split_once("pub enum NeedId {").unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let names = body
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','));
    let known: BTreeSet<String> = names.map(kebab).collect();
    assert!(known.len() > 10, "the search is broken: {known:?}");
    let known: Vec<String> = known.into_iter().collect();
    assert_eq!(rows("## Needs"), known, "left is the page, right is NeedId");
}

/// The first cells of the table below a heading, as they stand.
fn rows(heading: &str) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/inspect.md")).unwrap();
    let (_, below) = page.split_once(&format!("{heading}\n")).unwrap();
    let below = below.split("\n## ").next().unwrap();
    let cells = below.lines().filter_map(|line| line.strip_prefix("| `"));
    cells
        .map(|line| line.split('`').next().unwrap().to_owned())
        .collect()
}

/// Adds the ids of the warnings made below `dir`, by `Warning::new` with the id or a constant in its place.
fn collect(dir: &Path, ids: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ids);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for start in ["Warning::new(", "self.warn(", "id: "] {
                for (at, _) in text.match_indices(start) {
                    ids.extend(id(text, text[at + start.len()..].trim_start()));
                }
            }
        }
    }
}

/// The id that starts `rest`; `text` holds the constants.
fn id(text: &str, rest: &str) -> Option<String> {
    let literal = if let Some(literal) = rest.strip_prefix('"') {
        literal
    } else {
        let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_')?;
        let constant = format!("const {}: &str = \"", rest.get(..end)?);
        text.split_once(&constant)?.1
    };
    let id = literal.split('"').next()?;
    id.contains('/').then(|| id.to_owned())
}

/// `PortVariable` as JSON writes it.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
