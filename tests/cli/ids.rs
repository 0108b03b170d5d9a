//! Every error is shown somewhere: an id that is in no snapshot is one nobody has read as a user would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::common::root;

/// Ways to start an error; defects aren't shown, nobody can reach them.
const STARTS: [&str; 5] = ["user(", "usage(", "transient(", "fail(", "refuse("];

/// Errors that need what no snapshot has: a full or read-only disk, a tool that changes its mind halfway, two
/// people at once, another Docker, an hour.
const UNREACHED: [&str; 10] = [
    "deploy/dockerfile",
    "deploy/wrong-command",
    "docker/command",
    "docker/login-refused",
    "docker/no-digest",
    "docker/seal",
    "docker/secret-unwritable",
    "doctor/broken-tool",
    "render/unwritable",
    "shell/deadline",
];

#[test]
fn every_error_is_in_a_snapshot() {
    let mut sources = String::new();
    let mut ids = BTreeMap::new();
    for path in files(&root().join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut folders = path.strip_prefix(root()).unwrap().components();
        let is_test = folders.any(|it| it.as_os_str() == "tests");
        if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            // The reader of Nix files has a corpus of its own.
            if !path.starts_with(root().join("src/inspect")) {
                collect(&text, &path, &mut ids);
            }
        }
        sources.push_str(&text);
    }
    for path in files(&root().join("tests/snapshots")) {
        sources.push_str(&std::fs::read_to_string(path).unwrap());
    }
    assert!(ids.len() > 60, "the search is broken: {ids:?}");
    let shown = |id: &str| {
        sources.contains(&format!("[{id}]")) || sources.contains(&format!("\"id\": \"{id}\""))
    };
    let missing: Vec<_> = ids
        .iter()
        .filter(|(id, _)| !shown(id) && !UNREACHED.contains(&id.as_str()))
        .collect();
    assert!(missing.is_empty(), "in no snapshot: {missing:#?}");
    let known: BTreeSet<&str> = ids.keys().map(String::as_str).collect();
    for id in UNREACHED {
        assert!(
            known.contains(id) && !shown(id),
            "{id} is no longer unreached"
        );
    }
}

/// Adds the ids of the errors that `text` starts, but for those of its tests.
fn collect(text: &str, path: &Path, ids: &mut BTreeMap<String, PathBuf>) {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    for start in STARTS {
        for (at, _) in text.match_indices(start) {
            let rest = text.get(at + start.len()..).unwrap_or_default();
            let quoted = rest.trim_start().strip_prefix('"');
            let id = quoted.and_then(|rest| rest.split('"').next());
            if let Some(id) = id.filter(|id| is_id(id)) {
                ids.insert(id.to_owned(), path.to_owned());
            }
        }
    }
}

/// `room/id`, in lower case and with dashes.
fn is_id(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    text.split_once('/')
        .is_some_and(|(room, id)| word(room) && word(id))
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
