//! go.mod and go.work: the module, its `package main` folders as `go install ./...` names them.
//!
//! Takes the file; gives a program for each folder of commands. Never looks into a nested module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Said;
use super::file::{File, Found, lines};

/// Folders that are looked at: a file of each is read.
const MOST_FOLDERS: usize = 256;
/// Files of a folder that are read: only the first that isn't for a tool counts.
const MOST_FILES: usize = 4;
/// Folders whose commands nobody installs; nixpkgs' builder leaves them out as well.
const NOT_INSTALLED: &[&str] = &["examples", "Godeps", "testdata", "vendor"];

pub(super) fn module(file: &File<'_>) -> Option<Found> {
    let mut manifest = file.manifest();
    let mut module = None;
    for (at, words) in directives(file.text) {
        match words.as_slice() {
            ["module", path, ..] => {
                let path = unquoted(path);
                module = Some(path);
                manifest.name = Some(file.said(last(path)?, at));
            }
            // What only others need is no sign of what this module is.
            ["require", .., "//", "indirect"] => {}
            ["require", path, ..] => manifest.dependencies.push(unquoted(path).to_owned()),
            _ => {}
        }
    }
    module?;
    manifest.programs = commands(file, manifest.name.as_ref());
    manifest.is_library = manifest.programs.is_empty();
    Some(manifest.into())
}

pub(super) fn workspace(file: &File<'_>) -> Option<Found> {
    let members =
        directives(file.text)
            .into_iter()
            .filter_map(|(_, words)| match words.as_slice() {
                ["use", folder, ..] => Some(unquoted(folder).to_owned()),
                _ => None,
            });
    Some(Found {
        manifest: None,
        members: members.collect(),
    })
}

/// The lines as words, each with its directive in front, also inside of `require ( … )`.
fn directives(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut found = Vec::new();
    let mut block = None;
    for (at, line) in lines(text) {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] | ["//", ..] => continue,
            [")", ..] => {
                block = None;
                continue;
            }
            [directive, "("] => {
                block = Some(*directive);
                continue;
            }
            _ => {}
        }
        if let Some(directive) = block {
            words.insert(0, directive);
        }
        found.push((at, words));
    }
    found
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '`'])
}

/// The name that Go gives to a program of this path: its last element, but not a version.
fn last(path: &str) -> Option<&str> {
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let part = parts.next()?;
    let version = part.strip_prefix('v').is_some_and(|it| {
        !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()) && !matches!(it, "0" | "1")
    });
    if version {
        parts.next().or(Some(part))
    } else {
        Some(part)
    }
}

/// A program for each folder of `package main`, named as the folder, or as the module.
fn commands(file: &File<'_>, module: Option<&Said>) -> Vec<Said> {
    let mut programs = Vec::new();
    for (folder, mut paths) in folders(file).into_iter().take(MOST_FOLDERS) {
        // `main` is in main.go nearly always; then one file of the folder is enough.
        paths.sort_by_key(|path| path.file_name().is_none_or(|name| name != "main.go"));
        let paths = paths.into_iter().take(MOST_FILES);
        let mut clauses = paths.filter_map(|path| Some((path, clause(&file.tree.text(path)?)?)));
        let Some((path, (line, true))) = clauses.next() else {
            continue;
        };
        let name = if folder == file.folder {
            module.map(|it| it.value.as_str())
        } else {
            folder.to_str().and_then(last)
        };
        programs.extend(name.map(|name| Said {
            value: name.to_owned(),
            path: path.to_owned(),
            line,
        }));
    }
    programs
}

/// The module's folders with the Go files that a build takes.
fn folders<'a>(file: &File<'a>) -> BTreeMap<&'a Path, Vec<&'a Path>> {
    let below = || file.tree.below(file.folder);
    let is_module = |path: &&Path| path.file_name().is_some_and(|name| name == "go.mod");
    let nested = below().filter(is_module).filter(|path| *path != file.path);
    let nested: BTreeSet<&Path> = nested.filter_map(Path::parent).collect();
    let mut folders: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for path in below() {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            continue;
        };
        let stem = name.to_str().and_then(|name| name.strip_suffix(".go"));
        let inside = folder.strip_prefix(file.folder).unwrap_or(folder);
        if stem.is_some_and(|stem| !stem.ends_with("_test"))
            && is_installed(inside)
            && !folder.ancestors().any(|it| nested.contains(it))
        {
            folders.entry(folder).or_default().push(path);
        }
    }
    folders
}

fn is_installed(folder: &Path) -> bool {
    folder.components().all(|part| {
        let name = part.as_os_str().to_str().unwrap_or_default();
        !name.starts_with(['_', '.']) && !NOT_INSTALLED.contains(&name)
    })
}

/// The line of a file's package clause, and whether it is `main`; `None` for a file that a build leaves out.
fn clause(text: &str) -> Option<(u32, bool)> {
    let mut comment = false;
    for (number, (_, line)) in (1_u32..).zip(lines(text)) {
        let line = line.trim();
        if comment {
            comment = !line.contains("*/");
            continue;
        }
        if line.starts_with("//go:build ignore") || line.starts_with("// +build ignore") {
            return None;
        }
        if line.starts_with("/*") {
            comment = !line.contains("*/");
            continue;
        }
        if let Some(name) = line.strip_prefix("package ") {
            return Some((number, name.split_whitespace().next() == Some("main")));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn programs_are_named_by_folder_and_the_root_by_module() {
        let module = "// the gate\nmodule example.org/marsh/weirgate/v3\n\ngo 1.23\n\nrequire (\n\tgithub.com/go-chi/chi/v5 v5.1.0\n\tgolang.org/x/sys v0.20.0 // indirect\n)\n\nrequire github.com/jackc/pgx/v5 v5.6.0\n";
        assert_eq!(
            told(&[
                ("go.mod", module),
                ("gate.go", "// Command weirgate.\n\npackage main\n"),
                ("gen.go", "//go:build ignore\n\npackage main\n"),
                (
                    "cmd/weirctl/main.go",
                    "/*\npackage x\n*/\npackage main // here\n"
                ),
                ("cmd/weirctl/main_test.go", "package main\n"),
                ("internal/tide/tide.go", "package tide\n"),
                ("examples/small/main.go", "package main\n"),
                ("tools/go.mod", "module example.org/tools\n"),
                ("tools/deep/go.mod", "module example.org/deep\n"),
                ("tools/deep/main.go", "package main\n"),
                ("cmd/serve/v2/main.go", "package main\n"),
                ("tools/lint/main.go", "package main\n"),
            ]),
            [
                "go.mod | name weirgate@2 | programs serve@cmd/serve/v2/main.go:1 weirctl@cmd/weirctl/main.go:4 weirgate@gate.go:3 \
              | needs github.com/go-chi/chi/v5 github.com/jackc/pgx/v5"
            ]
        );
    }

    #[test]
    fn a_module_without_commands_is_a_library_and_a_workspace_names_modules() {
        assert_eq!(
            told(&[
                ("go.work", "go 1.23\n\nuse (\n\t./lib\n\t./svc\n)\n"),
                ("lib/go.mod", "module \"example.org/lib\"\n"),
                ("lib/lib.go", "package lib\n"),
                ("svc/go.mod", "module example.org/svc\n"),
                ("svc/run.go", "//go:build ignore\npackage other\n"),
                ("svc/svc.go", "package main\n"),
            ]),
            [
                "lib/go.mod | name lib@1 | library",
                "svc/go.mod | name svc@1 | programs svc@svc/svc.go:1",
            ]
        );
    }
}
