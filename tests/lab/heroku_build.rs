//! Route `heroku-yml`: the loopback Heroku builds what is sent, by a plain `docker build`.

use std::path::Path;

use serde_json::json;

use crate::common::{self, Outcome, Project};
use crate::errors::{Settings, classic, end, fault};
use crate::interrupt::stopped;
use crate::lab::{App, asked, nixdyno, no_secret, run, tool};

/// A deploy on this route, from a machine without an engine: what Docker does here is the loopback's doing.
fn command(dir: &Path, app: &App, args: &[&str]) -> std::process::Command {
    let route = ["deploy", "-a", &app.0, "--route", "heroku-yml"];
    let mut command = nixdyno(dir, &[&route, args].concat());
    command.env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    command
}

fn deploy(dir: &Path, app: &App, args: &[&str]) -> Outcome {
    let outcome = common::run(&mut command(dir, app, args));
    no_secret(&outcome);
    outcome
}

#[test]
#[ignore = "lab"]
fn sources_become_a_release() {
    let project = Project::copy("examples/classic-jobs");
    project.write("Procfile", "web: web\nworker: worker\n");
    let setup = "setup:\n  addons:\n    - plan: heroku-redis:mini\nbuild:\n  docker:\n    web: Dockerfile\n";
    project.write("heroku.yml", setup);
    let before = tool("find", &[project.path().to_str().unwrap()]);
    let app = App::to_come("built-at-heroku");

    // An upload that breaks off is sent again.
    let broken = fault("source", "PUT", "/*", 1, &json!({"cut_after_bytes": 100}));
    let outcome = deploy(project.path(), &app, &["--create", "--json"]).exits(0);
    drop(broken);
    let done = outcome.json();
    assert_eq!(done["changed"], true, "{outcome}");
    assert_eq!(done["web_dynos"], 1, "{outcome}");
    assert!(done["source"]["files"].as_u64() > Some(3), "{outcome}");
    for said in [
        "heroku addons:create heroku-redis:mini -a built-at-heroku",
        "The project's heroku.yml is not what this plan needs",
        "=== Building web (Dockerfile)",
        "`worker` runs no dyno yet",
    ] {
        assert!(outcome.stderr.contains(said), "{said}: {outcome}");
    }
    assert!(app.page().contains("Classic jobs"));
    assert_eq!(tool("find", &[project.path().to_str().unwrap()]), before);
    let mut puts = asked("PUT").into_iter();
    let put = puts.rfind(|it| it["where"] == "source").unwrap();
    assert_eq!(put["authorization"], json!(null), "{put}");
    assert_eq!(put["content_type"], json!(null), "{put}");

    // A release command is told in heroku.yml, and decides.
    let _shown = Settings::set(&json!({"stream_needs_curl": false}));
    project.write("Procfile", "web: web\nrelease: release\n");
    let outcome = deploy(project.path(), &app, &[]).exits(0);
    assert!(outcome.stderr.contains("release: done"), "{outcome}");
    app.set("FAIL_RELEASE=1");
    let outcome = deploy(project.path(), &app, &["-q"]).exits(1);
    assert!(
        outcome.stderr.contains("[heroku/release-failed]"),
        "{outcome}"
    );
    assert!(outcome.stderr.contains("2 of 2 failed"), "{outcome}");
}

/// From a project never seen before to a page, by what a new user would type.
#[test]
#[ignore = "lab"]
fn init_commit_and_build_at_heroku() {
    let app = App::to_come("begun-with-init");
    let project = Project::copy("examples/classic-jobs");
    let dir = project.path();
    let words = ["init", "--yes", "--no-input", "--route", "heroku-yml"];
    let answered = run(dir, &[&words[..], &["--app", &app.0]].concat()).exits(0);
    assert!(answered.stdout.contains("wrote heroku.yml"), "{answered}");
    run(dir, &["generate", "--check"]).exits(0);
    let git = |words: &[&str]| {
        let who = ["-c", "user.name=x", "-c", "user.email=x@x", "-C"];
        let dir = dir.to_str().unwrap();
        tool("git", &[&who[..], &[dir], words].concat())
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "nixdyno"]);
    // All else is in nixdyno.toml.
    let outcome = run(dir, &["deploy", "--create", "--json"]).exits(0);
    assert_eq!(outcome.json()["changed"], true, "{outcome}");
    assert_eq!(outcome.json()["route"], "heroku-yml", "{outcome}");
    assert!(app.page().contains("Classic jobs"));
    assert_eq!(git(&["status", "--short"]), "");
}

const BROKEN: &str = r#"pkgs.runCommand "broken" { } ''
  echo "part 2 is missing a semicolon" >&2
  exit 3
''"#;

#[test]
#[ignore = "lab"]
fn what_fails_is_told() {
    let app = App::new("failing-at-heroku");
    let project = classic(BROKEN);
    let releases = app.releases();
    let outcome = deploy(project.path(), &app, &["-q"]).exits(1);
    let told = end(&outcome);
    assert!(told.contains("missing a semicolon"), "{outcome}");
    assert!(told.contains("[deploy/build-failed]"), "{outcome}");
    assert_eq!(app.releases(), releases);

    let refused = fault("source", "PUT", "/*", 0, &json!({"status": 403}));
    let outcome = deploy(project.path(), &app, &["-q"]).exits(75);
    assert!(
        outcome.stderr.contains("[heroku/upload-refused]"),
        "{outcome}"
    );
    drop(refused);
    tool("heroku", &["stack:set", "heroku-24", "--app", &app.0]);
    let outcome = deploy(project.path(), &app, &["-q"]).exits(1);
    assert!(outcome.stderr.contains("[deploy/wrong-stack]"), "{outcome}");
}

#[test]
#[ignore = "lab"]
fn ctrl_c_ends_the_build_at_heroku() {
    let app = App::new("stopped-at-heroku");
    let project = classic(r#"pkgs.runCommand "nap" { } "echo going to sleep; sleep 62""#);
    stopped(&mut command(project.path(), &app, &[]), "going to sleep");
    let cancelled = asked("DELETE");
    assert!(
        cancelled.iter().any(|it| it["status"] == 200),
        "{cancelled:?}"
    );
}
