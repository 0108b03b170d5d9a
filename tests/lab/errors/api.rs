//! A Platform API with bad days.

use serde_json::json;

use crate::check;
use crate::lab::{App, run};

use super::{end, fails, fault, project};

#[test]
#[ignore = "lab"]
fn one_bad_answer_is_asked_again() {
    let app = App::new("bad-answers");
    for status in [429, 500] {
        let _fault = fault("api", "GET", "/apps/*", 1, &json!({"status": status}));
        run(&project(), &["status", "-q", "-a", &app.0]).exits(0);
    }
}

#[test]
#[ignore = "lab"]
fn bad_answers_for_ever() {
    let app = App::new("bad-for-ever");
    let args = ["status", "-q", "-a", &app.0];
    for (name, action) in [
        (
            "too_many",
            json!({"status": 429, "headers": {"Retry-After": "3600"}}),
        ),
        ("heroku_is_down", json!({"status": 500})),
        ("cut_off", json!({"cut_after_bytes": 0})),
        (
            "a_page_in_place_of_json",
            json!({"status": 200, "body": "log in first"}),
        ),
    ] {
        let fault = fault("api", "GET", "/apps/*", 0, &action);
        let outcome = crate::lab::run(&project(), &args);
        crate::lab::no_secret(&outcome);
        drop(fault);
        check!(name, end(&outcome));
    }
}

#[test]
#[ignore = "lab"]
fn a_release_that_heroku_refuses() {
    let app = App::new("refused-release");
    let _fault = fault(
        "api",
        "PATCH",
        "/apps/*/formation",
        1,
        &json!({"status": 422}),
    );
    check!(
        "refused_release",
        end(&fails(&project(), &["deploy", "-q", "-a", &app.0], 1))
    );
}
