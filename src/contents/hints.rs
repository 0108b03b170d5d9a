//! What is heavy in an image and hardly needed there.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::closure::Id;

use super::Contents;

/// Below this a path is not worth a word.
const HEAVY: u64 = 20_000_000;

/// Below this the further versions of a package are not.
const HEAVY_VERSIONS: u64 = 1_000_000;

/// Outputs that a running program reads nothing of.
const FOR_BUILDING: &[(&str, &str)] = &[
    ("debug", "holds what debuggers read"),
    ("dev", "holds headers and what else only building needs"),
    ("devdoc", "holds documentation"),
    ("doc", "holds documentation"),
    ("info", "holds manuals"),
    ("man", "holds manuals"),
    ("static", "holds libraries that only building needs"),
];

/// Packages that build others, and what of.
const COMPILERS: &[(&str, &str)] = &[
    ("binutils", "the assembler and linker"),
    ("cargo", "a build tool of Rust"),
    ("clang", "a compiler of C"),
    ("clang-wrapper", "a compiler of C"),
    ("cmake", "a build tool"),
    ("gcc", "a compiler of C"),
    ("gcc-wrapper", "a compiler of C"),
    ("gfortran", "a compiler of Fortran"),
    ("ghc", "a compiler of Haskell"),
    ("go", "a compiler of Go"),
    ("ocaml", "a compiler of OCaml"),
    ("rustc", "a compiler of Rust"),
    ("rustc-wrapper", "a compiler of Rust"),
    ("zig", "a compiler of Zig"),
];

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// A stable id: `contents/compiler`.
    pub id: &'static str,
    /// What it is, in one line.
    pub what: String,
    /// What goes with it.
    pub bytes: u64,
    /// What `nixdyno why` takes to show where it comes from.
    pub why: String,
}

/// Everything worth a look, the heaviest first. What was asked for is not.
pub fn hints(contents: &Contents) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut versions: BTreeMap<(&str, Option<&str>), Vec<Id>> = BTreeMap::new();
    let closure = contents.closure();
    for id in closure
        .ids()
        .filter(|id| !contents.roots().contains_key(id))
    {
        let path = closure.path(id);
        hints.extend(unneeded(contents, id));
        if !path.version().is_empty() {
            versions
                .entry((path.package(), path.output()))
                .or_default()
                .push(id);
        }
    }
    hints.extend(versions.values().filter_map(|ids| several(contents, ids)));
    hints.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.what.cmp(&b.what)));
    hints
}

fn unneeded(contents: &Contents, id: Id) -> Option<Hint> {
    let path = contents.closure().path(id);
    let row = |table: &[(&str, &'static str)], word: &str| {
        let row = table.iter().find(|(it, _)| *it == word);
        row.map(|(_, what)| *what)
    };
    let (kind, what) = match path.output() {
        Some(output) => (
            "contents/for-building",
            row(FOR_BUILDING, output)?.to_owned(),
        ),
        None => (
            "contents/compiler",
            format!("is {}", row(COMPILERS, path.package())?),
        ),
    };
    if contents.closure().bytes(id) < HEAVY {
        return None;
    }
    Some(Hint {
        id: kind,
        what: format!("{} {what}", path.name()),
        bytes: contents.bytes_with(id),
        why: contents.short(id),
    })
}

/// Several versions of one package, of which an app hardly needs more than one.
fn several(contents: &Contents, ids: &[Id]) -> Option<Hint> {
    let closure = contents.closure();
    let path = closure.path(*ids.first()?);
    let mut versions: Vec<&str> = ids.iter().map(|id| closure.path(*id).version()).collect();
    versions.sort_unstable();
    versions.dedup();
    let largest = ids
        .iter()
        .map(|id| closure.bytes(*id))
        .max()
        .unwrap_or_default();
    let bytes = closure.sum(ids.iter().copied()).saturating_sub(largest);
    (versions.len() > 1 && bytes >= HEAVY_VERSIONS).then(|| Hint {
        id: "contents/versions",
        what: format!(
            "{} is there in {} versions: {}",
            path.package(),
            versions.len(),
            versions.join(", ")
        ),
        bytes,
        why: path.package().to_owned(),
    })
}
