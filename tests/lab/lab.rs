//! The lab as a test sees it: environment, control of the loopback Heroku, the page of an app.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{self, Outcome};

/// A variable that `tests/lab/run.sh` sets.
///
/// Outside the lab nothing here can be true, so tests fail and don't pass by doing nothing.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run this by tests/run.sh or tests/lab/run.sh")
    })
}

/// The binary, in the lab's environment.
pub fn nixdyno(dir: &Path, args: &[&str]) -> Command {
    variable("LAB_DIR");
    let mut command = common::nixdyno(dir, args);
    // The stand-in for the base image has a tag and no digest.
    command.env("NIXDYNO_BASE", base());
    // Where Nix can build, the route would be another one; tests of that one, or its project, ask for it.
    let file = std::fs::read_to_string(dir.join("nixdyno.toml")).unwrap_or_default();
    if !file.contains("route") {
        command.env("NIXDYNO_ROUTE", "docker");
    }
    command
}

pub fn base() -> String {
    "nixos/nix:2.31.2".to_owned()
}

pub fn run(dir: &Path, args: &[&str]) -> Outcome {
    common::run(&mut nixdyno(dir, args))
}

/// Runs a program of the lab to its end; fails the test when it fails.
#[track_caller]
pub fn tool(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().expect(program);
    let outcome = Outcome::of(&output);
    assert_eq!(outcome.code, 0, "{program} {args:?}: {outcome}");
    outcome.stdout
}

/// An app of a test's own on the stack `container`, removed when the test ends.
pub struct App(pub String);

impl App {
    pub fn new(name: &str) -> Self {
        tool("heroku", &["create", name, "--stack", "container"]);
        App(name.to_owned())
    }

    /// For an app that nixdyno itself is to make.
    pub fn to_come(name: &str) -> Self {
        App(name.to_owned())
    }

    /// What `https://APP.localhost/` answers, asked until the router knows the app.
    pub fn page(&self) -> String {
        let url = format!("https://{}.localhost/", self.0);
        let ca = variable("SSL_CERT_FILE");
        tool(
            "curl",
            &["-sS", "--fail", "--cacert", &ca, "--retry", "3", &url],
        )
    }

    pub fn set(&self, variable: &str) {
        tool("heroku", &["config:set", variable, "--app", &self.0]);
    }

    /// How many releases it has.
    pub fn releases(&self) -> usize {
        let listed = tool("heroku", &["releases", "--json", "--app", &self.0]);
        serde_json::from_str::<Vec<Value>>(&listed).unwrap().len()
    }

    pub fn skopeo(&self, process: &str, what: &[&str]) -> Value {
        let image = format!("docker://registry.localhost/{}/{process}", self.0);
        let credentials = format!("_:{}", variable("LAB_TOKEN"));
        let mut args = vec!["inspect", "--tls-verify=false", "--creds", &credentials];
        args.extend(what);
        args.push(&image);
        serde_json::from_str(&tool("skopeo", &args)).unwrap()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = Command::new("heroku")
            .args(["apps:destroy", &self.0, "--confirm", &self.0])
            .output();
    }
}

/// Faults of the loopback Heroku, taken back when the test ends.
pub struct Faults;

impl Faults {
    pub fn ask(faults: &Value) -> Self {
        control("POST", "/faults", Some(faults));
        Faults
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        control("DELETE", "/faults", None);
    }
}

/// Settings of the loopback Heroku that a test needs.
pub fn settings(values: &Value) {
    control("POST", "/settings", Some(values));
}

/// The requests with this method that the loopback Heroku has seen, oldest first.
pub fn asked(method: &str) -> Vec<Value> {
    let url = format!("{}/requests", variable("LAB_CONTROL"));
    let all: Vec<Value> = serde_json::from_str(&tool("curl", &["-sS", "--fail", &url])).unwrap();
    all.into_iter()
        .filter(|it| it["method"] == method)
        .collect()
}

fn control(method: &str, path: &str, body: Option<&Value>) {
    let url = format!("{}{path}", variable("LAB_CONTROL"));
    let body = body.unwrap_or(&json!(null)).to_string();
    tool(
        "curl",
        &["-sS", "--fail", "-X", method, "--json", &body, &url],
    );
}

/// No secret, in any form, in anything that was printed.
pub fn no_secret(outcome: &Outcome) {
    let token = variable("LAB_TOKEN");
    for text in [&outcome.stdout, &outcome.stderr] {
        assert!(!text.contains(&token), "the token was printed: {outcome}");
    }
}

/// How many requests the loopback Heroku has seen whose path begins so.
pub fn asked_below(path: &str) -> usize {
    let url = format!("{}/requests", variable("LAB_CONTROL"));
    let all: Vec<Value> = serde_json::from_str(&tool("curl", &["-sS", "--fail", &url])).unwrap();
    let path_of = |it: &Value| it["path"].as_str().unwrap().to_owned();
    all.iter()
        .filter(|it| path_of(it).starts_with(path))
        .count()
}
