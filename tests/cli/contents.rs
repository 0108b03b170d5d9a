//! What is in an image, told by a Docker of the test's own.

use std::os::unix::fs::PermissionsExt;

use crate::check;
use crate::common::{Outcome, Project, nixdyno, root, run};

const FLAKE: (&str, &str) = (
    "flake.nix",
    r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = "hello"; system = "x86_64-linux"; builder = "/bin/sh"; } // { meta.mainProgram = "hello"; }; }; }"#,
);

/// An engine that builds anything, and whose containers hold a folder that was recorded. It notes what it is told
/// to remove.
fn docker(listing: &str, noted: &str) -> String {
    format!(
        r#"#!/bin/sh
case $1 in
  info) echo '{{"ServerVersion":"20.10.24","Architecture":"x86_64","OSType":"linux","DriverStatus":[],"ClientInfo":{{"Plugins":[]}}}}' ;;
  version) echo 20.10.24 ;;
  cp) /bin/cp -R {listing} contents ;;
  rm|image) echo "$*" >> {noted} ;;
esac
"#
    )
}

struct Engine {
    tools: Project,
    project: Project,
}

impl Engine {
    fn new(listing: &str) -> Self {
        let tools = Project::new(&[]);
        let noted = tools.path().join("noted").display().to_string();
        tools.write("docker", &docker(listing, &noted));
        let docker = tools.path().join("docker");
        std::fs::set_permissions(docker, std::fs::Permissions::from_mode(0o755)).unwrap();
        tools.write("tmp/keep", "");
        Engine {
            tools,
            project: Project::new(&[FLAKE]),
        }
    }

    fn recorded() -> Self {
        let listing = root().join("tests/fixtures/contents");
        Self::new(&listing.display().to_string())
    }

    /// Runs, and holds against it that nothing stays.
    fn run(&self, args: &[&str]) -> Outcome {
        let temporary = self.tools.path().join("tmp");
        let outcome = run(nixdyno(self.project.path(), args)
            .env_clear()
            .env("PATH", self.tools.path())
            .env("TMPDIR", &temporary));
        assert_eq!(
            std::fs::read_dir(temporary).unwrap().count(),
            1,
            "{outcome}"
        );
        outcome
    }
}

#[test]
fn what_is_inside_and_why() {
    let engine = Engine::recorded();
    check!("contents", engine.run(&["contents"]).exits(0));
    check!("why", engine.run(&["why", "libc6", ".", "-q"]).exits(0));
    let noted = engine.tools.read("noted");
    let noted: Vec<&str> = noted.lines().collect();
    assert_eq!(noted.len(), 4, "{noted:?}");
    for pair in noted.chunks(2) {
        assert!(pair[0].starts_with("rm --force nixdyno-"), "{noted:?}");
        assert!(
            pair[1].starts_with("image rm --no-prune nixdyno/"),
            "{noted:?}"
        );
    }
    let short = engine
        .run(&["contents", "-q"])
        .exits(0)
        .stdout
        .lines()
        .count();
    let all = engine
        .run(&["contents", "-q", "--all"])
        .exits(0)
        .stdout
        .lines()
        .count();
    assert!(all > short, "{all} {short}");
    let colours = engine.run(&["why", "libc6", "--color", "always"]).exits(0);
    assert!(
        colours.stdout.contains("\u{1b}[36m/nix/store/"),
        "{colours}"
    );
}

#[test]
fn the_json_has_every_path_once() {
    let engine = Engine::recorded();
    let told = engine.run(&["contents", "--json"]).exits(0).json();
    let paths = told["paths"].as_array().unwrap();
    let registered = std::fs::read_to_string(root().join("tests/fixtures/contents/registration"));
    for path in paths {
        let line = format!("{}\n", path["path"].as_str().unwrap());
        assert!(registered.as_ref().unwrap().contains(&line), "{line}");
    }
    let bytes: u64 = paths.iter().map(|it| it["bytes"].as_u64().unwrap()).sum();
    assert_eq!(told["bytes"], bytes);
    assert_eq!(told["commands"].as_array().unwrap().len(), 5);
    let why = engine.run(&["why", "libc6", "--json"]).exits(0).json();
    assert_eq!(why["paths"][0]["chains"][0]["wanted"], "app", "{why:#}");
}

#[test]
fn a_dry_run_shows_the_commands() {
    let engine = Engine::recorded();
    let dry = engine.run(&["why", "libc6", "--dry-run", "-q"]).exits(0);
    check!("dry_run", dry);
    assert!(!engine.tools.path().join("noted").exists());
    let contents = engine.run(&["contents", "--dry-run", "--json"]).exits(0);
    assert_eq!(contents.json()["commands"].as_array().unwrap().len(), 5);
}

#[test]
fn what_cannot_be_told() {
    let engine = Engine::recorded();
    check!("no_match", engine.run(&["why", "libc66", "-q"]).exits(1));
    check!("no_name", engine.run(&["why", " ", "-q"]).exits(2));
    engine.project.write("Dockerfile", "FROM scratch\n");
    let own = ["contents", "--dockerfile", "Dockerfile", "-q"];
    check!("own_dockerfile", engine.run(&own).exits(1));
    let empty = Project::new(&[("system", "")]);
    let listing = empty.path().join("listing");
    std::fs::create_dir(&listing).unwrap();
    let engine = Engine::new(&listing.display().to_string());
    check!("not_written", engine.run(&["contents", "-q"]).exits(3));
    std::os::unix::fs::symlink(empty.path().join("system"), listing.join("system")).unwrap();
    // A link would be followed out of what the build wrote.
    check!("a_link", engine.run(&["contents", "-q"]).exits(3));
}
