//! The app, and who we are to Heroku.

use serde_json::json;

use crate::check;
use crate::lab::{App, run, tool};

use super::{end, fails, fails_with, fault, project};

#[test]
#[ignore = "lab"]
fn an_app_that_is_not_there() {
    let _near = App::new("missing-pet");
    let args = ["deploy", "-q", "-a", "missing-pets"];
    check!("no_such_app", end(&fails(&project(), &args, 1)));
    let json = fails(&project(), &["deploy", "--json", "-a", "missing-pets"], 1).json();
    assert_eq!(json["error"]["id"], "heroku/app-not-found", "{json}");
}

#[test]
#[ignore = "lab"]
fn no_app_is_named() {
    check!(
        "no_app_named",
        end(&fails(&project(), &["deploy", "-q"], 1))
    );
}

#[test]
#[ignore = "lab"]
fn a_name_that_is_taken() {
    // Heroku keeps this one for itself.
    let args = ["deploy", "-q", "-a", "api", "--create"];
    check!("name_taken", end(&fails(&project(), &args, 1)));
}

#[test]
#[ignore = "lab"]
fn an_app_on_another_stack() {
    let app = App::to_come("on-a-stack");
    tool("heroku", &["create", &app.0, "--stack", "heroku-24"]);
    let args = ["deploy", "-q", "-a", &app.0];
    check!("wrong_stack", end(&fails(&project(), &args, 1)));
    run(&project(), &["deploy", "-q", "-a", &app.0, "--set-stack"]).exits(0);
    assert!(app.page().contains("Hello"));
}

/// The doctor says of an app what a deploy would.
#[test]
#[ignore = "lab"]
fn an_app_as_the_doctor_sees_it() {
    let app = App::to_come("under-doctor");
    tool("heroku", &["create", &app.0, "--stack", "heroku-24"]);
    let told = run(&project(), &["doctor", "-a", &app.0, "--no-eval"]).exits(1);
    assert!(
        told.stdout
            .contains("ok       registry: registry.localhost"),
        "{told}"
    );
    assert!(
        told.stdout.contains("bad      app: under-doctor is on"),
        "{told}"
    );
    assert!(
        told.stdout
            .contains("`nixdyno deploy -a under-doctor --set-stack`"),
        "{told}"
    );
    tool("heroku", &["stack:set", "container", "-a", &app.0]);
    let told = run(&project(), &["doctor", "-a", &app.0, "--no-eval"]);
    assert!(
        told.stdout
            .contains("ok       app: under-doctor takes images"),
        "{told}"
    );
    let told = run(&project(), &["doctor", "-a", "under-doctors"]).exits(1);
    assert!(told.stdout.contains("--create`"), "{told}");
}

#[test]
#[ignore = "lab"]
fn a_fir_app() {
    let _app = App::new("a-fir-app");
    let fir = json!({"status": 200, "body": {
        "id": "01234567-89ab-cdef-0123-456789abcdef", "name": "a-fir-app",
        "generation": {"name": "fir"}, "stack": {"name": "cnb"}, "build_stack": {"name": "cnb"}
    }});
    let _fault = fault("api", "GET", "/apps/a-fir-app", 1, &fir);
    check!(
        "fir",
        end(&fails(&project(), &["deploy", "-q", "-a", "a-fir-app"], 1))
    );
}

#[test]
#[ignore = "lab"]
fn a_token_that_is_wrong() {
    let wrong = [("HEROKU_API_KEY", "wrong")];
    let args = ["deploy", "-q", "-a", "my-app"];
    check!(
        "wrong_token",
        end(&fails_with(&project(), &args, &wrong, 1))
    );
}

#[test]
#[ignore = "lab"]
fn what_heroku_forbids() {
    let app = App::new("forbidden-app");
    let args = ["deploy", "-q", "-a", &app.0];
    let two_factor = fault("api", "GET", "/apps/*", 1, &json!("two_factor"));
    check!("two_factor", end(&fails(&project(), &args, 1)));
    drop(two_factor);
    let _forbidden = fault("api", "GET", "/apps/*", 1, &json!({"status": 403}));
    check!("forbidden", end(&fails(&project(), &args, 1)));
}
