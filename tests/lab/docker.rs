//! Docker as it comes: old and new clients, with and without buildx, both image stores. `tests/run.sh`
//! runs these in a lab of each kind.

use crate::common::{self, root};
use crate::lab::{App, nixdyno, run, tool};

#[test]
#[ignore = "lab"]
fn the_docker_route_works_with_this_docker() {
    let app = App::new("this-docker");
    let dir = root().join("examples/static-binary");
    let first = run(&dir, &["deploy", "--app", &app.0, "--json"]).exits(0);
    assert!(app.page().contains("Hello"), "{first}");
    let manifest = app.skopeo("web", &["--raw"]);
    assert_eq!(
        manifest["mediaType"],
        "application/vnd.docker.distribution.manifest.v2+json"
    );
    let again = run(&dir, &["deploy", "--app", &app.0, "--json"]).exits(0);
    assert_eq!(again.json()["changed"], false, "{again}");
    let once = run(&dir, &["build", "--no-cache", "-q"]).exits(0).stdout;
    assert_eq!(
        run(&dir, &["build", "--no-cache", "-q"]).exits(0).stdout,
        once
    );
}

#[test]
#[ignore = "lab"]
fn the_cli_route_works_or_says_why_not() {
    let app = App::new("this-cli");
    let dir = root().join("examples/static-binary");
    let outcome = run(&dir, &["deploy", "--app", &app.0, "--route", "heroku-cli"]);
    let doctor = common::run(nixdyno(&dir, &["doctor"]).env("NIXDYNO_ROUTE", "heroku-cli")).stdout;
    if doctor.contains("ok       route heroku-cli: can be taken") {
        assert_eq!(outcome.code, 0, "{outcome}");
        assert!(app.page().contains("Hello"));
    } else {
        assert_eq!(outcome.code, 1, "{outcome}");
        assert!(
            outcome.stderr.contains("[deploy/heroku-cli-blocked]"),
            "{outcome}"
        );
    }
}

#[test]
#[ignore = "lab"]
fn nothing_is_left_behind() {
    let dir = root().join("examples/static-binary");
    let temporary = tempfile::tempdir().unwrap();
    let build = |project: &std::path::Path| {
        common::run(nixdyno(project, &["build"]).env("TMPDIR", temporary.path()))
    };
    let before = tool("docker", &["ps", "--all", "--quiet"]);
    build(&dir).exits(0);
    let broken = common::Project::new(&[(
        "flake.nix",
        r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation {
            name = "broken"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "exit 3" ]; }; }; }"#,
    )]);
    build(broken.path()).exits(1);
    assert_eq!(
        tool("docker", &["ps", "--all", "--quiet"]),
        before,
        "a container is left"
    );
    let images = tool(
        "docker",
        &["images", "--format", "{{.Repository}}:{{.Tag}}"],
    );
    assert!(!images.contains("unsealed"), "{images}");
    assert_eq!(
        std::fs::read_dir(temporary.path()).unwrap().count(),
        0,
        "a folder is left"
    );
}
