//! Ctrl-C at every stage of a deploy.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::common::{Outcome, root};
use crate::errors::{Settings, classic, fault, project};
use crate::lab::{App, nixdyno, no_secret, tool};

/// Runs until `mark` is in its story, sends SIGINT, and checks that all ends soon and nothing is left.
#[track_caller]
fn stopped_at(dir: &Path, args: &[&str], mark: &str) {
    stopped(&mut nixdyno(dir, args), mark);
}

/// The same of a command that is made already.
#[track_caller]
pub fn stopped(command: &mut Command, mark: &str) {
    let temporary = TempDir::new().unwrap();
    let logs = TempDir::new().unwrap();
    let story = logs.path().join("stderr");
    let mut child = command
        .env("TMPDIR", temporary.path())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&story).unwrap())
        .spawn()
        .unwrap();
    let told = || std::fs::read_to_string(&story).unwrap();
    let start = Instant::now();
    while !told().contains(mark) {
        assert!(
            start.elapsed() < Duration::from_secs(90) && child.try_wait().unwrap().is_none(),
            "`{mark}` was not said: {}",
            told()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    // Well into it, not at its edge.
    std::thread::sleep(Duration::from_secs(1));
    let children = ours(temporary.path());
    tool("kill", &["-INT", &child.id().to_string()]);
    let (code, took) = ended(&mut child);
    let outcome = Outcome {
        code,
        stdout: String::new(),
        stderr: told(),
    };
    assert_eq!(outcome.code, 130, "{outcome}");
    assert!(took < Duration::from_secs(8), "{took:?}: {outcome}");
    no_secret(&outcome);
    assert_eq!(
        outcome.stderr.matches("[interrupted]").count(),
        1,
        "{outcome}"
    );
    assert_eq!(
        std::fs::read_dir(temporary.path()).unwrap().count(),
        0,
        "a folder is left: {outcome}"
    );
    std::thread::sleep(Duration::from_millis(500));
    let left = ours(temporary.path());
    assert!(left.is_empty(), "{left:?} of {children:?} run: {outcome}");
}

fn ended(child: &mut Child) -> (i32, Duration) {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code().unwrap_or(-1), start.elapsed());
        }
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            return (-2, start.elapsed());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The processes that have this TMPDIR: nixdyno's and those it started.
fn ours(temporary: &Path) -> Vec<String> {
    let needle = format!("TMPDIR={}", temporary.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let path = entry.path();
        let environment = std::fs::read(path.join("environ")).unwrap_or_default();
        if String::from_utf8_lossy(&environment).contains(&needle) {
            let words = std::fs::read(path.join("cmdline")).unwrap_or_default();
            if !words.is_empty() {
                found.push(String::from_utf8_lossy(&words).replace('\0', " "));
            }
        }
    }
    found
}

#[test]
#[ignore = "lab"]
fn while_docker_builds() {
    let name = "nap-of-sixty";
    let project = classic(&format!(
        r#"pkgs.runCommand "{name}" {{ }} "echo going to sleep; sleep 61""#
    ));
    stopped_at(project.path(), &["build"], "going to sleep");
    // The engine ends what it ran for us, a moment later.
    std::thread::sleep(Duration::from_secs(2));
    let running = tool("ps", &["-eo", "args"]);
    assert!(
        !running.contains("sleep 61"),
        "the build goes on: {running}"
    );
}

#[test]
#[ignore = "lab"]
fn while_pushing() {
    let app = App::new("stopped-push");
    let _slow = fault(
        "registry",
        "POST",
        "/v2/*/blobs/uploads/*",
        0,
        &json!({"delay_ms": 60000}),
    );
    stopped_at(&project(), &["deploy", "-a", &app.0], "Pushing to");
}

#[test]
#[ignore = "lab"]
fn while_the_release_is_pending() {
    let app = App::new("stopped-release");
    let _slow = Settings::set(&json!({"release_delay_ms": 20000}));
    let dir = root().join("examples/classic-jobs");
    stopped_at(&dir, &["deploy", "-a", &app.0], "Releasing");
}

#[test]
#[ignore = "lab"]
fn while_the_dyno_starts() {
    let app = App::new("stopped-start");
    let project = classic(r#"pkgs.writeShellScriptBin "web" "${pkgs.coreutils}/bin/sleep 600""#);
    stopped_at(project.path(), &["deploy", "-a", &app.0], "Starting web");
}

#[test]
#[ignore = "lab"]
fn while_heroku_says_nothing() {
    let app = App::new("stopped-silence");
    let _hang = fault("api", "GET", "/apps/*", 0, &json!("hang"));
    stopped_at(&project(), &["deploy", "-a", &app.0], "Deploying");
}
