//! What can go wrong, as a user meets it: each reached by a real run, with the words it ends in.

mod api;
mod app;
mod build;
mod registry;
mod release;

use std::path::PathBuf;

use tempfile::TempDir;

use crate::common::{self, Outcome, Project, root};
use crate::lab::{Faults, nixdyno, no_secret, settings, variable};
use serde_json::json;

/// A package whose program is named, so that nothing but the test's own matter goes wrong.
pub fn project() -> PathBuf {
    root().join("examples/static-binary")
}

/// A folder that holds one `default.nix` over the lab's nixpkgs.
pub fn classic(expression: &str) -> Project {
    let text = format!("{{ pkgs ? import <nixpkgs> {{ }} }}:\n{expression}\n");
    Project::new(&[("default.nix", &text)])
}

/// Runs and checks what holds for every error: no secret, nothing left.
#[track_caller]
pub fn fails(dir: &std::path::Path, args: &[&str], code: i32) -> Outcome {
    fails_with(dir, args, &[], code)
}

/// As [`fails`], with variables.
#[track_caller]
pub fn fails_with(
    dir: &std::path::Path,
    args: &[&str],
    variables: &[(&str, &str)],
    code: i32,
) -> Outcome {
    let temporary = TempDir::new().unwrap();
    let mut command = nixdyno(dir, args);
    command
        .env("TMPDIR", temporary.path())
        .envs(variables.iter().copied());
    let outcome = common::run(&mut command).exits(code);
    no_secret(&outcome);
    assert_eq!(
        std::fs::read_dir(temporary.path()).unwrap().count(),
        0,
        "a folder is left: {outcome}"
    );
    outcome
}

/// The end of a run: its exit code and its error, without the story before.
pub fn end(outcome: &Outcome) -> String {
    let error: Vec<&str> = outcome
        .stderr
        .lines()
        .filter(|line| line.starts_with(" !"))
        .collect();
    let text = format!("exit: {}\n{}", outcome.code, error.join("\n"));
    text.replace(&variable("LAB_DIR"), "LAB")
}

/// Settings of the loopback Heroku, put back when the test ends.
pub struct Settings;

impl Settings {
    pub fn set(values: &serde_json::Value) -> Self {
        settings(values);
        Settings
    }
}

impl Drop for Settings {
    fn drop(&mut self) {
        settings(&json!({
            "boot_limit_s": 60, "pending_after_stream_ms": 500, "release_delay_ms": 0,
            "stream_cut_after": null, "stream_needs_curl": true
        }));
    }
}

/// One fault of the loopback Heroku.
pub fn fault(
    place: &str,
    method: &str,
    path: &str,
    times: u32,
    action: &serde_json::Value,
) -> Faults {
    Faults::ask(&json!([{
        "where": place, "method": method, "path": path, "times": times, "action": action
    }]))
}
