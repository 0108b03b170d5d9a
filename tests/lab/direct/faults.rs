//! Every fault at every request of a push, uploads that break at every tenth, and machines that die.
//!
//! However it ends, it is whole or a clear error; and the next run ends well.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::app::{Small, of, small};
use crate::common::{Outcome, Project, run};
use crate::lab::{App, Faults, asked_below, nixdyno, no_secret, variable};

/// What can go wrong with a request. All come once: what never ends is a test of the unit's.
fn faults() -> Vec<(&'static str, Value)> {
    vec![
        ("cut before the answer", json!({"cut_after_bytes": 0})),
        ("401", json!({"status": 401})),
        ("404", json!({"status": 404})),
        (
            "429",
            json!({"status": 429, "headers": {"retry-after": "1"}}),
        ),
        ("500", json!({"status": 500})),
        ("502", json!({"status": 502})),
        ("slow", json!({"delay_ms": 300})),
        (
            "another digest",
            json!({"status": 400, "body": {"errors": [{"code": "DIGEST_INVALID", "message": "odd"}]}}),
        ),
    ]
}

/// A push of an app to a process type of its own, from a machine that knows nothing.
struct Push<'a> {
    app: &'a Small,
    place: String,
    machine: Project,
}

impl<'a> Push<'a> {
    fn new(heroku: &App, process: &str, app: &'a Small) -> Self {
        Push {
            app,
            place: format!("docker://registry.localhost/{}/{process}", heroku.0),
            machine: Project::new(&[]),
        }
    }

    fn command(&self) -> Command {
        let mut words = vec!["build", "--json", "--output", &self.place];
        for path in &self.app.paths {
            words.extend(["--store-path", path]);
        }
        let mut command = nixdyno(self.machine.path(), &words);
        // What is killed leaves its temporary folder behind: not on the machine that tests.
        command
            .env("XDG_CACHE_HOME", self.machine.path().join("cache"))
            .env("TMPDIR", self.machine.path());
        command
    }

    fn run(&self) -> Outcome {
        let outcome = run(&mut self.command());
        no_secret(&outcome);
        outcome
    }

    /// The image's ID, after a run that must end well.
    fn id(&self) -> String {
        let done = self.run().exits(0);
        done.json()["images"][0]["id"].as_str().unwrap().to_owned()
    }
}

#[test]
#[ignore = "lab"]
fn every_fault_at_every_request() {
    let heroku = App::new("direct-faults");
    let app = of("faults", 9);
    let below = format!("/v2/{}/", heroku.0);
    let before = asked_below(&below);
    let whole = Push::new(&heroku, "whole", &app).id();
    let requests = asked_below(&below) - before;
    assert!((10..80).contains(&requests), "{requests}");
    let mut failed = 0;
    for (name, action) in faults() {
        for skip in 0..requests {
            let process = format!("r{skip}-{}", name.replace(' ', "-"));
            let push = Push::new(&heroku, &process, &app);
            let path = format!("/v2/{}/{process}/", heroku.0);
            let fault =
                json!([{"where": "registry", "path": path, "skip": skip, "action": action}]);
            let faults = Faults::ask(&fault);
            let first = push.run();
            drop(faults);
            match first.code {
                0 => assert_eq!(
                    first.json()["images"][0]["id"],
                    whole,
                    "{name}, {skip}: {first}"
                ),
                1 | 75 => {
                    failed += 1;
                    assert!(
                        first.stdout.contains("\"id\": \"registry/"),
                        "{name}, {skip}: {first}"
                    );
                    assert_eq!(push.id(), whole, "{name}, request {skip}");
                }
                _ => panic!("{name}, request {skip}: {first}"),
            }
        }
    }
    // Those that a repeat mends outnumber the refusals that only a person can.
    assert!(
        failed > 0 && failed < requests * 4,
        "{failed} of {requests} times"
    );
}

#[test]
#[ignore = "lab"]
fn an_upload_that_breaks_is_taken_up() {
    let heroku = App::new("direct-breaks");
    let app = small("breaks");
    let whole = Push::new(&heroku, "whole", &app).id();
    for tenth in 0..10_u64 {
        let process = format!("tenth-{tenth}");
        let push = Push::new(&heroku, &process, &app);
        let at = app.bytes * tenth / 10 + 1;
        let fault = json!([{
            "where": "registry", "method": "PATCH", "path": format!("/v2/{}/{process}/", heroku.0),
            "action": {"cut_after_bytes": at},
        }]);
        let faults = Faults::ask(&fault);
        assert_eq!(push.id(), whole, "cut at {at}");
        drop(faults);
    }
}

/// Wherever it is killed, nothing is half there, and the next run ends well.
#[test]
#[ignore = "lab"]
fn a_push_that_is_killed_can_be_run_again() {
    let heroku = App::new("direct-killed");
    let app = small("killed");
    let whole = Push::new(&heroku, "whole", &app).id();
    for number in 0..12_u64 {
        let push = Push::new(&heroku, &format!("n{number}"), &app);
        let mut command = push.command();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(60 * number));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(push.id(), whole, "killed after {} ms", 60 * number);
    }
}

/// A disk that is full costs the memory, and not the push.
#[test]
#[ignore = "lab"]
fn a_full_disk_costs_only_what_is_remembered() {
    let heroku = App::new("direct-full");
    let app = small("full");
    let push = Push::new(&heroku, "web", &app);
    let mut command = push.command();
    command.env("XDG_CACHE_HOME", "/dev/full");
    let done = run(&mut command).exits(0);
    assert!(done.stderr.contains("Layers aren't remembered"), "{done}");
    let token = variable("LAB_TOKEN");
    assert!(!done.stderr.contains(&token));
}
