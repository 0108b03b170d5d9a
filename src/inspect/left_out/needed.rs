//! Whether the build of the chosen candidate opens a path that isn't there.
//!
//! Takes a path that Nix files name; follows it from file to file up to the one that Nix starts from, or in
//! which the package is written. Each file is asked of its own text (`lint::reaches`). Sure, or `false`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Asked;
use crate::inspect::candidates::Draft;
use crate::inspect::files;
use crate::inspect::lint::{Outputs, reaches};
use crate::inspect::read;

/// Files that are looked through for one path.
const MOST_FILES: usize = 32;

/// Whether building the chosen candidate opens it.
pub(super) fn is_opened(asked: &Asked<'_>, path: &Path) -> bool {
    let Some(chosen) = asked.chosen else {
        return false;
    };
    let outputs = Outputs {
        chosen: last(&chosen.draft),
        others: asked
            .others
            .iter()
            .flat_map(|it| it.iter())
            .filter_map(|it| last(&it.draft))
            .collect(),
    };
    let place = chosen.draft.package.as_ref();
    let place = place.and_then(|it| it.place.as_ref()).map(|it| &*it.path);
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let mut todo = vec![path.to_owned()];
    while let Some(path) = todo.pop().filter(|_| seen.len() < MOST_FILES) {
        if !seen.insert(path.clone()) {
            continue;
        }
        for file in namers(asked, &path) {
            if opens(asked.dir, file, &path, &outputs) {
                if file == asked.entry || Some(file) == place {
                    return true;
                }
                todo.push(file.to_owned());
            }
        }
    }
    false
}

/// The last name of its attribute.
fn last(draft: &Draft) -> Option<&str> {
    draft.candidate.attribute.names().last().map(String::as_str)
}

/// The Nix files that name a path: itself, or as a folder with a default.nix.
fn namers<'a>(asked: &'a Asked<'_>, path: &Path) -> impl Iterator<Item = &'a Path> {
    let named = [Some(path), folder(path)].into_iter().flatten();
    let named: Vec<_> = named.filter_map(|it| asked.paths.get(it)).collect();
    named
        .into_iter()
        .flat_map(|it| it.files.iter().map(PathBuf::as_path))
}

/// The folder that `import` takes for its default.nix.
fn folder(path: &Path) -> Option<&Path> {
    path.parent().filter(|_| path.ends_with("default.nix"))
}

fn opens(dir: &Path, file: &Path, path: &Path, outputs: &Outputs<'_>) -> bool {
    let Ok(Some(text)) = files::read(dir, file) else {
        return false;
    };
    read::look(file, &text, |tree| {
        let mut named = [Some(path), folder(path)].into_iter().flatten();
        named.any(|it| reaches(file, tree, it, outputs))
    })
}
