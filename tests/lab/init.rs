//! The Dockerfiles that `nixdyno init` leaves, read by Docker itself.

use std::process::{Command, Stdio};

use nixdyno::inspect::inspect;
use nixdyno::plan::{Wishes, plan};
use nixdyno::render::{What, render};
use nixdyno::shell::Recorded;

use crate::common::{Outcome, Project};
use crate::expected;
use crate::hostile::kits;
use crate::lab::variable;

/// A stage that no Dockerfile has: it is looked for when all has been read, and before anything is built.
const NOWHERE: &str = "nixdyno-nowhere";

fn parse(text: &str, kit: &str) -> Outcome {
    let folder = Project::new(&[("Dockerfile", text)]);
    let file = std::fs::File::open(folder.path().join("Dockerfile")).unwrap();
    let mut docker = Command::new("docker");
    docker.args(["build", "--target", NOWHERE, "-"]);
    docker.stdin(Stdio::from(file)).env("DOCKER_BUILDKIT", kit);
    Outcome::of(&docker.output().unwrap())
}

/// Whether Docker got as far as to look for the stage.
fn is_read(outcome: &Outcome) -> bool {
    outcome.stderr.contains(NOWHERE) && outcome.stderr.contains("target")
}

/// The Dockerfile of each project that has an app.
fn texts() -> Vec<(String, String)> {
    let cases = expected::cases();
    let text = |case: &expected::Case| {
        let folder = Project::copy(case.dir.to_str().unwrap());
        let project = inspect(folder.path(), &case.ask(), &Recorded::new()).ok()?;
        let bundle = render(&plan(&project, &Wishes::default()).ok()?).unwrap();
        let text = bundle.get(What::Dockerfile).unwrap().to_owned();
        Some((case.name.clone(), text))
    };
    cases.iter().filter_map(text).collect()
}

#[test]
#[ignore = "lab"]
fn every_dockerfile_of_the_corpus_is_read_by_docker() {
    variable("LAB_DIR");
    for kit in kits() {
        let broken = parse("FROM scratch\nRUN --mount\nWRONG x\n", kit);
        assert!(!is_read(&broken), "a wrong one is told: {broken}");
        let texts = texts();
        assert!(texts.len() >= 70, "{}", texts.len());
        // Most of the time is Docker's own start.
        std::thread::scope(|scope| {
            for part in texts.chunks(texts.len().div_ceil(4)) {
                scope.spawn(move || {
                    for (name, text) in part {
                        let outcome = parse(text, kit);
                        assert!(is_read(&outcome), "{name}: {outcome}");
                    }
                });
            }
        });
    }
}
