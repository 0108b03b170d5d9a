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

#[test]
#[ignore = "lab"]
fn every_dockerfile_of_the_corpus_is_read_by_docker() {
    variable("LAB_DIR");
    for kit in kits() {
        let broken = parse("FROM scratch\nRUN --mount\nWRONG x\n", kit);
        assert!(!is_read(&broken), "a wrong one is told: {broken}");
        let mut read = 0;
        for case in expected::cases() {
            let folder = Project::copy(case.dir.to_str().unwrap());
            let Ok(project) = inspect(folder.path(), &case.ask(), &Recorded::new()) else {
                continue;
            };
            let Ok(plan) = plan(&project, &Wishes::default()) else {
                continue;
            };
            let bundle = render(&plan).unwrap();
            let outcome = parse(bundle.get(What::Dockerfile).unwrap(), kit);
            assert!(is_read(&outcome), "{}: {outcome}", case.name);
            read += 1;
        }
        assert!(read >= 70, "{read}");
    }
}
