//! Docker as it comes: old and new clients, with and without buildx, both image stores. `tests/run.sh`
//! runs these in a lab of each kind.

use crate::common::root;
use crate::lab::{App, run, tool};

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
    let doctor = run(&dir, &["doctor"]).stdout;
    if doctor.contains("ok       route heroku-cli") {
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
    run(&dir, &["build"]).exits(0);
    let containers = tool(
        "docker",
        &[
            "ps",
            "--all",
            "--quiet",
            "--filter",
            "label!=loopback-heroku",
        ],
    );
    let images = tool(
        "docker",
        &["images", "--format", "{{.Repository}}:{{.Tag}}"],
    );
    assert!(!images.contains("unsealed"), "{images}");
    let own = std::fs::read_dir(std::env::temp_dir())
        .unwrap()
        .filter(|entry| {
            let name = entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .into_owned();
            name.starts_with("nixdyno-") && !name.starts_with("nixdyno-lab")
        })
        .count();
    assert_eq!(
        own, 0,
        "temporary folders are left; containers: {containers}"
    );
}
