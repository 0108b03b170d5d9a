//! Every Dockerfile that a snapshot shows, under two linters: hadolint for the file, `ShellCheck` for what its steps run.

use std::process::Command;

use crate::common::{Outcome, Project, root};
use crate::dockerfile::instructions;
use crate::lab::variable;

/// Rules of hadolint that are turned off, and why.
const OFF: &[(&str, &str)] = &[
    (
        "DL3002",
        "the last user is that of the build; a dyno runs as a user of its own",
    ),
    (
        "DL3003",
        "`cd` holds for a part of one step, WORKDIR would hold for all that follow",
    ),
    (
        "DL3006",
        "an image of Nixery is named by its packages, and its tag says nothing",
    ),
    (
        "DL3059",
        "each step is a part of the build cache of its own: an edit makes only the last ones again",
    ),
    (
        "DL4006",
        "SHELL is lost in images of other formats; a pipe's first command is checked by what it gave",
    ),
    ("SC2016", "checked below"),
    ("SC2046", "checked below"),
    ("SC2086", "checked below"),
];

/// What is split into words on purpose: lists of store paths, in which no white space and no wildcard can be.
const LISTS: &[&str] = &[
    "$outputs",
    "$tools",
    "$jobs",
    "$drvs",
    "$all",
    "$(cat /tmp/closure)",
    "$(for link in ",
];

/// What stands between quotes on purpose: a script for another shell, and two for a dyno.
const SCRIPTS: &[&str] = &["'for file; do ", "'[ -n \"$SSH_CLIENT\" ]", "'case :$PATH:"];

/// Each with the name of its snapshot.
fn dockerfiles() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("src/render/snapshots")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, text) = text
            .trim_start_matches("---\n")
            .split_once("\n---\n")
            .unwrap();
        if text.starts_with('#') && text.contains("\nFROM ") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            found.push((name, text.to_owned()));
        }
    }
    found.sort();
    assert!(found.len() >= 20, "{}", found.len());
    found
}

#[test]
#[ignore = "lab"]
fn hadolint_finds_nothing() {
    variable("LAB_DIR");
    for (name, text) in dockerfiles() {
        let folder = Project::new(&[("Dockerfile", &text), ("none.yaml", "{}")]);
        let mut hadolint = Command::new("hadolint");
        hadolint.args(["--no-color", "--config", "none.yaml"]);
        hadolint.args(OFF.iter().flat_map(|(rule, _)| ["--ignore", rule]));
        let hadolint = hadolint.arg("Dockerfile").current_dir(folder.path());
        let told = Outcome::of(&hadolint.output().unwrap());
        assert_eq!(told.code, 0, "{name}: {told}");
    }
}

#[test]
#[ignore = "lab"]
fn shellcheck_finds_nothing() {
    variable("LAB_DIR");
    let mut scripts = 0;
    for (name, text) in dockerfiles() {
        for run in instructions(&text).iter().filter(|it| it.name == "RUN") {
            let script = without_flags(&run.rest);
            let folder = Project::new(&[("step.sh", script)]);
            let mut shellcheck = Command::new("shellcheck");
            shellcheck.args(["--norc", "--shell=sh", "--format=json", "step.sh"]);
            let told = Outcome::of(&shellcheck.current_dir(folder.path()).output().unwrap());
            for finding in told.json().as_array().unwrap() {
                let column = usize::try_from(finding["column"].as_u64().unwrap()).unwrap();
                let place: String = script.chars().skip(column - 1).collect();
                let meant = match finding["code"].as_u64() {
                    Some(2046 | 2086) => LISTS,
                    Some(2016) => SCRIPTS,
                    _ => &[],
                };
                let meant = meant.iter().any(|start| place.starts_with(start));
                assert!(meant, "{name}: {} at {place}", finding["message"]);
            }
            scripts += 1;
        }
    }
    assert!(scripts >= 80, "{scripts}");
}

/// A step's command without `--mount=…`, which are words for Docker.
fn without_flags(mut rest: &str) -> &str {
    while let Some((flag, command)) = rest.split_once(char::is_whitespace)
        && flag.starts_with("--")
    {
        rest = command.trim_start();
    }
    rest
}
