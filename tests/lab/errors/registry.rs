//! A registry that refuses, and an engine that isn't ours.

use serde_json::json;

use crate::check;
use crate::common::{self, Project};
use crate::lab::{App, no_secret, run, variable};

use super::{end, fails, fault, project};

#[test]
#[ignore = "lab"]
fn a_manifest_that_is_refused() {
    let app = App::new("refused-manifest");
    let denied = json!({"status": 403, "body": {
        "errors": [{"code": "DENIED", "message": "requested access to the resource is denied"}]
    }});
    let unsupported = json!({"status": 405});
    for (name, action) in [
        ("manifest_unsupported", &unsupported),
        ("manifest_denied", &denied),
    ] {
        let _fault = fault("registry", "PUT", "/v2/*/manifests/*", 0, action);
        let args = ["deploy", "-q", "-a", &app.0];
        check!(name, end(&fails(&project(), &args, 1)));
    }
    let _fault = fault("registry", "PUT", "/v2/*/manifests/*", 0, &denied);
    let args = ["deploy", "-q", "-a", &app.0, "--route", "heroku-cli"];
    check!(
        "manifest_denied_heroku_cli",
        end(&fails(&project(), &args, 1))
    );
}

#[test]
#[ignore = "lab"]
fn an_upload_that_fails_twice() {
    let app = App::new("twice-failed");
    let _fault = fault(
        "registry",
        "POST",
        "/v2/*/blobs/uploads/*",
        2,
        &json!({"status": 500}),
    );
    run(&project(), &["deploy", "-q", "-a", &app.0]).exits(0);
}

#[test]
#[ignore = "lab"]
fn no_permission_for_the_engine() {
    // The binary as somebody else, in a place that they can read.
    let place = Project::copy("examples/static-binary");
    let binary = place.path().join("nixdyno");
    std::fs::copy(env!("CARGO_BIN_EXE_nixdyno"), &binary).unwrap();
    common_mode(&place);
    let mut command = std::process::Command::new("setpriv");
    command
        .args(["--reuid", "12345", "--clear-groups"])
        .arg(&binary)
        .args(["build", "--no-eval"])
        .current_dir(place.path())
        .env("NIXDYNO_BASE", "nixos/nix:2.31.2")
        .env("TMPDIR", "/tmp")
        .env("PATH", format!("{}:/usr/bin", variable("PATH")));
    let outcome = common::run(&mut command).exits(1);
    no_secret(&outcome);
    check!("no_permission", end(&outcome));
}

fn common_mode(place: &Project) {
    crate::lab::tool(
        "chmod",
        &["-R", "a+rX", &place.path().display().to_string()],
    );
}

#[test]
#[ignore = "lab"]
fn a_login_that_fails() {
    let app = App::new("failed-login");
    let args = ["deploy", "-q", "-a", &app.0];
    // Docker tries again without encryption, as on any loopback address, and nobody listens there.
    let _fault = fault("registry", "GET", "/v2/", 0, &json!({"status": 401}));
    check!("login_fails", end(&fails(&project(), &args, 75)));
}
