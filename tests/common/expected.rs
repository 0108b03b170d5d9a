//! What a careful person says of each project of the corpus, and how an inspection compares.
//!
//! Right: the same verdict, and where something is deployed the same attribute, kind, program and arguments.
//! Honest: `ask` or `unknown`, where the truth can't be had. All else is wrong, and a confident wrong answer
//! (`deploy` of something else, or of anything where there is nothing) fails the test by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use nixdyno::inspect::{Ask, Project, Verdict};
use nixdyno::names::NixFile;
use serde::Deserialize;

/// What a project's `nix` says when Nix can evaluate it.
pub(crate) const EVALUATES: &str = "evaluates";

/// One project with its `expect.json`.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) dir: PathBuf,
    pub(crate) expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// What makes it hard, for people.
    #[expect(dead_code, reason = "for people")]
    about: String,
    /// The shapes it stands for, for people.
    #[expect(dead_code, reason = "for people")]
    covers: Vec<String>,
    /// The Nix file that is asked for (`--file`), where there is neither flake.nix nor default.nix.
    file: Option<NixFile>,
    answer: Answer,
    /// What a reader without Nix may say instead.
    honest: Option<Honest>,
    /// [`EVALUATES`], or why Nix can't.
    nix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    verdict: String,
    attribute: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    program: Option<String>,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    working_directory: Option<String>,
    #[serde(default)]
    processes: BTreeMap<String, String>,
    #[serde(default)]
    pins: Vec<String>,
    #[serde(default)]
    needs: BTreeSet<String>,
    #[serde(default)]
    warnings: BTreeSet<String>,
    /// Those of the warnings without whose mending it can't be deployed, where that is part of the answer.
    stops: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Honest {
    verdict: String,
    because: String,
}

/// How an inspection compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Right,
    Honest,
    Wrong,
    Confident,
}

/// A row of the table.
pub(crate) struct Row {
    name: String,
    mark: Mark,
    said: String,
    notes: Vec<String>,
}

/// All rows.
pub(crate) struct Table(Vec<Row>);

pub(crate) fn cases() -> Vec<Case> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = fs_err::read_dir(corpus).unwrap();
    let dirs = entries.map(|entry| entry.unwrap().path());
    let mut dirs: Vec<_> = dirs.filter(|path| path.is_dir()).collect();
    dirs.sort();
    dirs.into_iter().map(case).collect()
}

fn case(dir: PathBuf) -> Case {
    let text = fs_err::read_to_string(dir.join("expect.json")).unwrap();
    let name = dir.file_name().unwrap().to_string_lossy().into_owned();
    let expected = serde_json::from_str(&text);
    let expected = expected
        .map_err(|error| format!("{name}: {error}"))
        .unwrap();
    Case {
        name,
        dir,
        expected,
    }
}

fn word(value: impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    value.as_str().unwrap_or_default().to_owned()
}

impl Case {
    /// Whether Nix can evaluate it.
    pub(crate) fn evaluates(&self) -> bool {
        self.expected.nix == EVALUATES
    }

    /// The question put to it, without Nix.
    pub(crate) fn ask(&self) -> Ask {
        Ask {
            file: self.expected.file.clone(),
            ..Ask::default()
        }
    }

    /// Holds an inspection against the answer.
    pub(crate) fn judge(&self, project: &Project) -> Row {
        let verdict = word(project.verdict);
        let (said, differences) = self.compare(project);
        let right = differences.is_empty();
        let mark = if right {
            Mark::Right
        } else if self.is_honest(project, &verdict) {
            Mark::Honest
        } else if project.verdict == Verdict::Deploy && self.confident(project) {
            Mark::Confident
        } else {
            Mark::Wrong
        };
        let mut notes = differences;
        notes.extend(self.notes(project));
        Row {
            name: self.name.clone(),
            mark,
            said,
            notes,
        }
    }

    /// What was said, and what in it is not the answer.
    fn compare(&self, project: &Project) -> (String, Vec<String>) {
        let answer = &self.expected.answer;
        let verdict = word(project.verdict);
        let first = project
            .candidates
            .first()
            .filter(|_| project.verdict == Verdict::Deploy);
        let Some(first) = first else {
            let same = verdict == answer.verdict;
            let expected = (!same).then(|| format!("not {}", answer.verdict));
            return (verdict, expected.into_iter().collect());
        };
        let attribute = first.attribute.to_string();
        let program = first.program.name().unwrap_or("?");
        let kind = word(first.kind);
        let said = format!("{attribute} {kind} {program} {}", first.arguments.join(" "));
        let said = format!("{verdict} {}", said.trim());
        if answer.verdict != verdict {
            return (said, vec![format!("not {}", answer.verdict)]);
        }
        let mut differences = Vec::new();
        let mut differ = |what: &str, expected: &str, found: &str| {
            if expected != found {
                differences.push(format!("{what} is not {expected:?}"));
            }
        };
        differ(
            "attribute",
            answer.attribute.as_deref().unwrap(),
            &attribute,
        );
        differ("kind", answer.kind.as_deref().unwrap(), &kind);
        differ("program", answer.program.as_deref().unwrap_or("?"), program);
        differ(
            "arguments",
            &answer.arguments.join(" "),
            &first.arguments.join(" "),
        );
        if let Some(stops) = answer.stops.as_ref().filter(|it| **it != stops(project)) {
            differences.push(format!("what stops is not {stops:?}"));
        }
        (said, differences)
    }

    fn is_honest(&self, project: &Project, verdict: &str) -> bool {
        let reasons = || {
            let warnings = project.warnings.iter().map(|it| it.what.clone());
            let reasons = project.candidates.iter().flat_map(|it| it.reasons.clone());
            warnings.chain(reasons)
        };
        let foreseen = self.expected.honest.as_ref();
        let foreseen = foreseen.is_some_and(|it| {
            it.verdict == verdict && reasons().any(|reason| reason.contains(&it.because))
        });
        foreseen
            || matches!(project.verdict, Verdict::Ask | Verdict::Unknown)
            || verdict == self.expected.answer.verdict && self.is_only_unknown(project)
    }

    /// Whether it has the right attribute, and says of the rest what is true or that it isn't known.
    fn is_only_unknown(&self, project: &Project) -> bool {
        let answer = &self.expected.answer;
        let Some(first) = project.candidates.first() else {
            return false;
        };
        let kind = word(first.kind);
        let (program, known) = (first.program.name(), answer.program.as_deref());
        answer.attribute.as_deref() == Some(first.attribute.to_string().as_str())
            && (kind == "unknown" || answer.kind.as_deref() == Some(kind.as_str()))
            && (program.is_none() || program == known)
            && (program.is_none() || kind == "unknown")
    }

    /// Whether it says `deploy` of another thing than the person, or with another program, or of what can't be.
    fn confident(&self, project: &Project) -> bool {
        let answer = &self.expected.answer;
        let Some(first) = project.candidates.first() else {
            return true;
        };
        let attribute = answer.attribute.as_deref() == Some(first.attribute.to_string().as_str());
        let program = first.program.name();
        // Not to know the program is honest; to know another one is not.
        let silent = answer.stops.iter().any(|it| !it.is_subset(&stops(project)));
        !attribute || silent || program.is_some() && program != answer.program.as_deref()
    }

    /// What is told beside the first place and differs.
    fn notes(&self, project: &Project) -> Vec<String> {
        let answer = &self.expected.answer;
        let warnings: BTreeSet<_> = project.warnings.iter().map(|it| it.id.clone()).collect();
        let needs: BTreeSet<_> = project.needs.iter().map(|it| word(it.id)).collect();
        let pins: BTreeSet<_> = project.pins.iter().map(|pin| pin.name.clone()).collect();
        let expected_pins: BTreeSet<_> = answer.pins.iter().cloned().collect();
        let processes: BTreeMap<_, _> = project
            .processes
            .iter()
            .map(|(name, it)| (name.to_string(), it.value.clone()))
            .collect();
        let directory = project
            .candidates
            .first()
            .and_then(|it| it.working_directory.clone());
        let directory = directory.map(|it| it.display().to_string());
        let mut notes = Vec::new();
        difference(&mut notes, "warning", &answer.warnings, &warnings);
        difference(&mut notes, "need", &answer.needs, &needs);
        difference(&mut notes, "pin", &expected_pins, &pins);
        // Nix's own words, where it could not or would not.
        let words = project.warnings.iter().filter(|it| !it.detail.is_empty());
        notes.extend(words.map(|it| format!("{}: {}", it.id, it.detail.join(" "))));
        if processes != answer.processes {
            notes.push(format!("processes: {processes:?}"));
        }
        if answer.verdict == "deploy" && directory != answer.working_directory {
            let shown = answer.working_directory.as_deref().unwrap_or("none");
            notes.push(format!("working directory is not {shown}"));
        }
        notes
    }
}

/// The warnings that stop a deploy.
fn stops(project: &Project) -> BTreeSet<String> {
    let warnings = project.warnings.iter().filter(|it| it.blocks);
    warnings.map(|it| it.id.clone()).collect()
}

fn difference(
    notes: &mut Vec<String>,
    what: &str,
    expected: &BTreeSet<String>,
    found: &BTreeSet<String>,
) {
    notes.extend(
        expected
            .difference(found)
            .map(|id| format!("{what} missing: {id}")),
    );
    notes.extend(
        found
            .difference(expected)
            .map(|id| format!("{what} added: {id}")),
    );
}

impl Table {
    pub(crate) fn of(rows: impl Iterator<Item = Row>) -> Self {
        Table(rows.collect())
    }

    fn count(&self, mark: Mark) -> usize {
        self.0.iter().filter(|row| row.mark == mark).count()
    }

    /// At least `percent` right, all else honest.
    pub(crate) fn check(&self, percent: usize) {
        let right = self.count(Mark::Right);
        assert_eq!(
            self.count(Mark::Confident),
            0,
            "confident and wrong:\n{self}"
        );
        assert_eq!(self.count(Mark::Wrong), 0, "wrong:\n{self}");
        assert!(
            right * 100 >= percent * self.0.len(),
            "{right} of {} are right:\n{self}",
            self.0.len()
        );
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            let mark = match row.mark {
                Mark::Right => "right ",
                Mark::Honest => "honest",
                Mark::Wrong => "WRONG ",
                Mark::Confident => "FALSE ",
            };
            writeln!(f, "{mark} {:<36} {}", row.name, row.said)?;
            for note in &row.notes {
                writeln!(f, "       {:<36} - {note}", "")?;
            }
        }
        let (right, all) = (self.count(Mark::Right), self.0.len());
        let percent = right * 100 / all.max(1);
        write!(
            f,
            "{right} of {all} right ({percent} %), {} honest",
            self.count(Mark::Honest)
        )
    }
}
