//! What `generate ci` writes, run: the script for any CI, in a fresh clone, with nothing of the machine's environment.

use std::path::Path;
use std::process::Command;

use crate::common::{Outcome, Project};
use crate::lab::{App, base, run, tool, variable};

#[test]
#[ignore = "lab"]
fn the_script_checks_and_deploys_a_clone() {
    let app = App::new("by-script");
    let project = Project::copy("examples/static-binary");
    let dir = project.path();
    let words = [
        "generate",
        "ci",
        "--for",
        "generic",
        "--no-eval",
        "--review-apps",
    ];
    let base = base();
    let flags = ["--app", &app.0, "--base", &base];
    run(dir, &[&words[..], &flags].concat()).exits(0);
    let git = |words: &[&str]| {
        let named = [
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@x",
            "-C",
            dir.to_str().unwrap(),
        ];
        tool("git", &[&named[..], words].concat())
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "x"]);
    let clone = Project::new(&[]);
    let to = clone.path().join("clone");
    tool(
        "git",
        &[
            "clone",
            "--quiet",
            dir.to_str().unwrap(),
            to.to_str().unwrap(),
        ],
    );

    script(&to, &["check"]).exits(0);
    let first = script(&to, &["deploy"]).exits(0);
    assert!(app.page().contains("Hello"), "{first}");
    assert!(!first.stderr.contains(&variable("LAB_TOKEN")), "{first}");

    script(&to, &["review", "7; id"]).exits(2);
    let review = App::to_come("by-script-pr-7");
    script(&to, &["review", "7"]).exits(0);
    assert!(review.page().contains("Hello"));
    script(&to, &["remove", "7"]).exits(0);
    let gone = run(dir, &["status", "--app", &review.0]).exits(1);
    assert!(gone.stderr.contains("[heroku/app-not-found]"), "{gone}");
    run(dir, &["status", "--app", &app.0]).exits(0);
}

/// With what a CI gives and nothing else; nixdyno lies where the script would have installed it.
fn script(dir: &Path, words: &[&str]) -> Outcome {
    let home = Project::new(&[]);
    let version = concat!(env!("CARGO_PKG_VERSION"), "/bin");
    let bin = home.path().join(".cache/nixdyno").join(version);
    std::fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nixdyno"), bin.join("nixdyno")).unwrap();
    let mut command = Command::new(dir.join("ci/nixdyno.sh"));
    command.args(words).current_dir("/").env_clear();
    // Where the lab's Heroku is, and its engine.
    for name in ["PATH", "DOCKER_HOST", "SSL_CERT_FILE", "HEROKU_HOST"] {
        command.env(name, variable(name));
    }
    command.env("NIXDYNO_API_URL", "https://api.localhost");
    command.env("HOME", home.path());
    command.env("HEROKU_API_KEY", variable("LAB_TOKEN"));
    Outcome::of(&command.output().unwrap())
}
