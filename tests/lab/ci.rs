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

/// An image with nothing but the folders' names that programs look for.
pub const EMPTY: &str = "nixdyno-lab/empty";

pub fn empty_image() {
    let folder = Project::new(&[("Dockerfile", "FROM scratch\nCOPY root /\n")]);
    let root = folder.path().join("root");
    for name in ["tmp", "etc", "root", "usr"] {
        std::fs::create_dir_all(root.join(name)).unwrap();
    }
    for name in ["bin", "sbin", "lib", "lib64"] {
        std::os::unix::fs::symlink(format!("usr/{name}"), root.join(name)).unwrap();
    }
    let folder = folder.path().to_str().unwrap();
    tool("docker", &["build", "--quiet", "--tag", EMPTY, folder]);
}

/// Runs the script in a container that has Debian's programs, a Docker client with an engine to speak to, the clone,
/// and what a CI gives; nixdyno lies where the script would have installed it.
fn script(dir: &Path, words: &[&str]) -> Outcome {
    empty_image();
    let home = Project::new(&[]);
    let version = concat!(env!("CARGO_PKG_VERSION"), "/bin");
    let bin = home.path().join(".cache/nixdyno").join(version);
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_nixdyno"), bin.join("nixdyno")).unwrap();
    let (home, clone) = (home.path().display(), dir.display());
    let lab = variable("LAB_DIR");
    let mut command = Command::new("docker");
    command.args(["run", "--rm", "--network", "host", "--workdir", "/"]);
    for folder in ["/usr:/usr:ro".to_owned(), format!("{lab}:{lab}")] {
        command.args(["--volume", &folder]);
    }
    command.args(["--volume", &format!("{clone}:/clone")]);
    command.args([
        "--volume",
        &format!("{home}:/home/ci"),
        "--env",
        "HOME=/home/ci",
    ]);
    command.args(["--env", "NIXDYNO_API_URL=https://api.localhost"]);
    // Where the lab's Heroku is, and its engine.
    command.args(["--env", "PATH=/usr/bin:/bin"]);
    for name in ["DOCKER_HOST", "SSL_CERT_FILE", "HEROKU_HOST"] {
        command.args(["--env", name]).env(name, variable(name));
    }
    command
        .args(["--env", "HEROKU_API_KEY"])
        .env("HEROKU_API_KEY", variable("LAB_TOKEN"));
    command.args([EMPTY, "/clone/ci/nixdyno.sh"]).args(words);
    Outcome::of(&command.output().unwrap())
}
