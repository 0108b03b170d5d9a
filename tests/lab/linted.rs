//! Every file that a snapshot shows, under linters: hadolint for Dockerfiles, `ShellCheck` for what their steps run and
//! for scripts, zizmor for workflows; and what each CI platform publishes as the schema of its file.

use std::path::Path;
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

/// The texts of the snapshots in a folder, each with its name.
fn snapshots(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, text) = text
            .trim_start_matches("---\n")
            .split_once("\n---\n")
            .unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        found.push((name, text.to_owned()));
    }
    found.sort();
    found
}

fn dockerfiles() -> Vec<(String, String)> {
    let mut found = snapshots("src/render/snapshots");
    found.retain(|(_, text)| text.starts_with('#') && text.contains("\nFROM "));
    assert!(found.len() >= 20, "{}", found.len());
    found
}

/// The files for CI that a platform reads, or scripts.
fn ci_files(platform: &str) -> Vec<(String, String)> {
    let mut found = snapshots("src/render/ci/snapshots");
    found.retain(|(name, text)| name.contains(platform) && text.contains("nixdyno deploy"));
    assert!(found.len() >= 2, "{platform}: {}", found.len());
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

#[test]
#[ignore = "lab"]
fn zizmor_finds_nothing() {
    variable("LAB_DIR");
    for (name, text) in ci_files("github") {
        let path = ".github/workflows/nixdyno.yml";
        let folder = Project::new(&[(path, &text)]);
        let mut zizmor = Command::new("zizmor");
        // Below that it minds that the Heroku CLI is installed by its version alone.
        zizmor.args([
            "--offline",
            "--no-config",
            "--no-progress",
            "--min-severity",
            "medium",
        ]);
        let told = Outcome::of(
            &zizmor
                .arg(path)
                .current_dir(folder.path())
                .output()
                .unwrap(),
        );
        assert_eq!(told.code, 0, "{name}: {told}");
    }
}

#[test]
#[ignore = "lab"]
fn each_platform_s_schema_takes_its_file() {
    let schemas = Path::new(&variable("LAB_DIR")).join("schemas");
    for (platform, schema) in [
        ("github", "github-workflows"),
        ("gitlab", "gitlab-ci"),
        ("circleci", "circle-ci"),
    ] {
        let schema = schemas.join(schema).with_extension("json");
        let schema: serde_json::Value =
            serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
        let judge = jsonschema::validator_for(&schema).unwrap();
        for (name, text) in ci_files(platform) {
            let file: serde_json::Value = serde_yaml_ng::from_str(&text).unwrap();
            let wrong: Vec<String> = judge
                .iter_errors(&file)
                .map(|it| format!("{}: {it}", it.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{name}: {wrong:#?}");
            // Or it would take anything.
            assert!(!judge.is_valid(&serde_json::json!({ "jobs": 1, "nixdyno": 1 })));
        }
    }
}

#[test]
#[ignore = "lab"]
fn shellcheck_finds_nothing_in_scripts() {
    variable("LAB_DIR");
    for (name, text) in ci_files("script") {
        let folder = Project::new(&[("nixdyno.sh", &text)]);
        let mut shellcheck = Command::new("shellcheck");
        shellcheck.args(["--norc", "nixdyno.sh"]);
        let told = Outcome::of(&shellcheck.current_dir(folder.path()).output().unwrap());
        assert_eq!(told.code, 0, "{name}: {told}");
    }
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
