//! Every project of the corpus that Nix can evaluate, inspected with the real Nix.
//!
//! Inputs of flakes are overridden by small stand-ins (`tests/lab/inputs`), `<nixpkgs>` is the lab's, and what a
//! default.nix fetches by a hash is put into the lab's store beforehand. What has no hash can't be had: there Nix
//! is unable to try, and reading must do.
//!
//! `NIXDYNO_CORPUS` names another folder of projects, and `NIXDYNO_CORPUS_ONLY` a part of their names.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use nixdyno::inspect::{Ask, Entry, Program, Project, Verdict, inspect};
use nixdyno::shell::{Real, Recorded, Tools};
use serde::Deserialize;

use crate::common::root;
use crate::fetched::pretend_fetched;
use crate::lab::variable;

/// Inputs that projects name otherwise than their stand-in.
const ALIASES: &[(&str, &str)] = &[
    ("build-system-pkgs", "pyproject-build-systems"),
    ("compat", "flake-compat"),
    ("fu", "flake-utils"),
    ("gitignore-nix", "gitignore"),
    ("haskellNix", "haskell-nix"),
    ("parts", "flake-parts"),
    ("pre-commit-hooks", "git-hooks"),
    ("pyproject", "pyproject-nix"),
    ("sbt", "sbt-derivation"),
    ("treefmt", "treefmt-nix"),
    ("utils", "flake-utils"),
];

/// A project's expect.json, as far as it matters here.
#[derive(Deserialize)]
struct Expect {
    answer: Option<Truth>,
    honest: Option<Honest>,
    nix: Option<String>,
}

#[derive(Deserialize)]
struct Truth {
    verdict: Verdict,
    attribute: Option<String>,
    kind: Option<String>,
    program: Option<String>,
}

#[derive(Deserialize)]
struct Honest {
    verdict: Verdict,
}

/// How an answer compares with the truth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    Right,
    /// Not wrong, but less than the truth.
    Less,
    /// Says with confidence what is not so.
    Wrong,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Grade::Right => "right",
            Grade::Less => "less",
            Grade::Wrong => "WRONG",
        })
    }
}

fn stand_in(input: &str) -> PathBuf {
    if input.to_lowercase().contains("nixpkgs") {
        return PathBuf::from("/srv/lab/nixpkgs");
    }
    let inputs = root().join("tests/lab/inputs");
    let alias = ALIASES.iter().find(|(name, _)| *name == input);
    let name = alias.map_or(input, |it| it.1);
    let folder = inputs.join(name);
    if folder.is_dir() {
        folder
    } else {
        inputs.join("any")
    }
}

/// What takes the place of the network.
fn nix_args(dir: &Path) -> Vec<String> {
    let read = inspect(dir, &Ask::default(), &Recorded::new());
    let Ok(read) = read else { return Vec::new() };
    let mut inputs = BTreeSet::new();
    let mut flake = false;
    for entry in &read.entry {
        if let Entry::Flake { inputs: names, .. } = entry {
            flake = true;
            inputs.extend(names.iter().cloned());
            inputs.extend(read.pins.iter().map(|pin| pin.name.clone()));
        }
    }
    if !flake {
        return vec!["-I".to_owned(), "nixpkgs=/srv/lab/nixpkgs".to_owned()];
    }
    // Inputs that lie in the project itself, and such as are only named.
    let names = inputs.into_iter().filter(|name| name != "self");
    let words = names.flat_map(|name| {
        let place = format!("path:{}", stand_in(&name).display());
        ["--override-input".to_owned(), name, place]
    });
    words.collect()
}

/// What was answered, in the words of expect.json.
fn answer(project: &Project) -> (String, String, Option<String>) {
    let Some(first) = project.candidates.first() else {
        return (String::new(), String::new(), None);
    };
    let program = match &first.program {
        Program::Known { name, .. } => Some(name.clone()),
        Program::Unknown { .. } => None,
    };
    let attribute = first.attribute.to_string();
    (attribute, first.kind.name().to_owned(), program)
}

fn grade(project: &Project, expect: &Expect, truth: &Truth) -> Grade {
    let said = |verdict| project.verdict == verdict;
    if project.verdict != truth.verdict {
        let honest = expect.honest.as_ref().is_some_and(|it| said(it.verdict));
        return if honest && project.evaluated_by.is_none() {
            Grade::Right
        } else if said(Verdict::Ask) || said(Verdict::Unknown) {
            Grade::Less
        } else {
            Grade::Wrong
        };
    }
    if truth.verdict != Verdict::Deploy {
        return Grade::Right;
    }
    let (attribute, kind, program) = answer(project);
    let asked = truth.attribute.clone().unwrap_or_default();
    if attribute != asked || (program.is_some() && program != truth.program) {
        Grade::Wrong
    } else if program == truth.program && truth.kind.as_ref().is_none_or(|it| *it == kind) {
        Grade::Right
    } else {
        Grade::Less
    }
}

/// The projects with their expectations, sorted.
fn projects() -> Vec<(String, PathBuf, Expect)> {
    let set = |name: &str| std::env::var(name).ok();
    let folder = set("NIXDYNO_CORPUS").map_or_else(|| root().join("tests/corpus"), PathBuf::from);
    let only = set("NIXDYNO_CORPUS_ONLY").unwrap_or_default();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let dir = entry.unwrap().path();
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(dir.join("expect.json")) else {
            continue;
        };
        let expect: Expect =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if expect.nix.as_deref() == Some("evaluates") && name.contains(&only) {
            found.push((name, dir, expect));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// One line on a project, more where it isn't right.
fn shown(name: &str, grade: Grade, project: &Project, truth: &Truth) -> Vec<String> {
    let (attribute, kind, program) = answer(project);
    let nix = if project.evaluated_by.is_some() {
        "nix "
    } else {
        "read"
    };
    let program = program.as_deref().unwrap_or("-");
    let verdict = project.verdict;
    let mut lines = vec![format!(
        "{grade:5} {nix} {name:40} {verdict:?} `{attribute}` {kind} {program}"
    )];
    if grade != Grade::Right {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let (kind, program) = (text(&truth.kind), text(&truth.program));
        let attribute = text(&truth.attribute);
        let verdict = truth.verdict;
        lines.push(format!(
            "{:51} {verdict:?} `{attribute}` {kind} {program}",
            ""
        ));
    }
    let about_nix = [
        "inspect/not-evaluated",
        "inspect/refused",
        "inspect/attribute-fails",
    ];
    for warning in &project.warnings {
        if about_nix.contains(&warning.id.as_str()) {
            let detail = warning.detail.join(" ");
            lines.push(format!("{:13}{}: {detail}", "", warning.id));
        }
    }
    lines
}

#[test]
#[ignore = "lab"]
fn the_corpus_is_answered_with_the_real_nix() {
    variable("LAB_DIR");
    let runner = Real::new(Tools::find(), |_| {});
    let (mut right, mut all) = (0, 0);
    let mut wrong = Vec::new();
    for (name, dir, expect) in projects() {
        let Some(truth) = &expect.answer else {
            continue;
        };
        all += 1;
        pretend_fetched(&dir, stand_in);
        let ask = Ask {
            evaluate: true,
            nix_args: nix_args(&dir),
            ..Ask::default()
        };
        let project = match inspect(&dir, &ask, &runner) {
            Ok(project) => project,
            Err(error) => {
                println!("error {name}: {error}");
                wrong.push(name);
                continue;
            }
        };
        let grade = grade(&project, &expect, truth);
        println!("{}", shown(&name, grade, &project, truth).join("\n"));
        match grade {
            Grade::Right => right += 1,
            Grade::Less => {}
            Grade::Wrong => wrong.push(name),
        }
    }
    println!("{right} of {all} are right");
    assert!(all >= 10, "{all} projects: the corpus is not there");
    assert!(wrong.is_empty(), "confident and wrong: {wrong:?}");
    assert!(right * 100 >= all * 95, "{right} of {all} are right");
}
