//! Which folders a workspace's list of members means.
//!
//! Takes patterns such as `crates/*` and `!crates/old`; gives folders of the [`Tree`], sorted.
//! Never: a folder outside of the project, or one without files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::inspect::tree::Tree;

/// Patterns of one file that are followed.
const MOST_PATTERNS: usize = 64;
/// Folders that one file's patterns may mean.
const MOST_FOLDERS: usize = 64;

/// The folders below `folder` that the patterns mean.
pub(super) fn folders(tree: &Tree, folder: &Path, patterns: &[String]) -> Vec<PathBuf> {
    if patterns.is_empty() {
        return Vec::new();
    }
    let within = |pattern: &str| below(folder, pattern);
    let patterns = patterns.iter().take(MOST_PATTERNS);
    let (no, yes): (Vec<_>, Vec<_>) = patterns.partition(|pattern| pattern.starts_with('!'));
    let yes: Vec<_> = yes.iter().filter_map(|it| within(it)).collect();
    let no: Vec<_> = no.iter().filter_map(|it| within(it.get(1..)?)).collect();
    let all: BTreeSet<&Path> = tree
        .files()
        .iter()
        .filter_map(|file| file.parent())
        .collect();
    let meant = all.into_iter().filter(|it| {
        let names = names(it);
        let fits = |pattern: &Vec<String>| matches(pattern, &names);
        yes.iter().any(fits) && !no.iter().any(fits)
    });
    meant.take(MOST_FOLDERS).map(Path::to_owned).collect()
}

/// The pattern's parts from the project's own folder on; `None` when it leads out of it.
fn below(folder: &Path, pattern: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = names(folder).into_iter().map(str::to_owned).collect();
    for part in pattern.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part.to_owned()),
        }
    }
    // More than two would make matching slow, and nobody writes them.
    let deep = parts.iter().filter(|part| *part == "**").count();
    (deep <= 2).then_some(parts)
}

fn names(path: &Path) -> Vec<&str> {
    let parts = path.components();
    parts
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_str().unwrap_or("\u{fffd}")),
            _ => None,
        })
        .collect()
}

/// Whether the parts fit; `**` stands for any number of them. As deep as there are parts.
fn matches(pattern: &[String], names: &[&str]) -> bool {
    let Some((part, rest)) = pattern.split_first() else {
        return names.is_empty();
    };
    if part == "**" {
        return (0..=names.len()).any(|skip| matches(rest, names.get(skip..).unwrap_or(&[])));
    }
    let Some((name, others)) = names.split_first() else {
        return false;
    };
    part_matches(part, name) && matches(rest, others)
}

/// Whether one name fits: `*` stands for any letters, `?` for one.
fn part_matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where to go on when a longer `*` is tried.
    let mut again: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(n) {
        match pattern.get(p) {
            Some('*') => {
                again = Some((p, n));
                p += 1;
            }
            Some(it) if it == letter || *it == '?' => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((star, taken)) = again else {
                    return false;
                };
                again = Some((star, taken + 1));
                p = star + 1;
                n = taken + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::manifests::tests::project;
    use proptest::prelude::*;

    fn found(patterns: &[&str]) -> Vec<String> {
        let (_dir, tree) = project(&[
            ("crates/api/Cargo.toml", ""),
            ("crates/old-api/Cargo.toml", ""),
            ("crates/deep/down/Cargo.toml", ""),
            ("tools/Cargo.toml", ""),
        ]);
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        let found = folders(&tree, Path::new(""), &patterns);
        found.iter().map(|it| it.display().to_string()).collect()
    }

    #[test]
    fn stars_and_refusals_are_followed() {
        assert_eq!(found(&["./tools/"]), ["tools"]);
        assert_eq!(found(&["crates/*"]), ["crates/api", "crates/old-api"]);
        assert_eq!(found(&["crates/*", "!crates/old-*"]), ["crates/api"]);
        assert_eq!(found(&["crates/**/d?wn"]), ["crates/deep/down"]);
        assert_eq!(found(&["crates/../tools"]), ["tools"]);
        assert!(found(&["../tools", "nowhere"]).is_empty());
        assert!(found(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn no_pattern_makes_it_panic(pattern in "[a-c*?!./]{0,20}", name in "[a-c]{0,8}") {
            let _ = part_matches(&pattern, &name);
            if let Some(parts) = below(Path::new("a/b"), &pattern) {
                let _ = matches(&parts, &[&name, "b", "c"]);
            }
        }
    }
}
