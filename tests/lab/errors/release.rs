//! Releases and dynos that end badly.

use serde_json::json;

use crate::check;
use crate::common::root;
use crate::lab::{App, run, tool};

use super::{Settings, classic, end, fails, fault, project};

#[test]
#[ignore = "lab"]
fn a_release_command_that_fails() {
    let app = App::new("failing-release");
    app.set("FAIL_RELEASE=1");
    let dir = root().join("examples/classic-jobs");
    for (name, route) in [
        ("release_fails", "docker"),
        ("release_fails_heroku_cli", "heroku-cli"),
    ] {
        let args = ["deploy", "-q", "-a", &app.0, "--force", "--route", route];
        let outcome = fails(&dir, &args, 1);
        assert!(outcome.stderr.contains("2 of 2 failed"), "{outcome}");
        check!(name, sorted(&end(&outcome)));
    }
    let _shown = Settings::set(&json!({"stream_needs_curl": false, "stream_cut_after": 40}));
    let args = ["deploy", "-q", "-a", &app.0, "--force"];
    let outcome = fails(&dir, &args, 1);
    check!(
        "release_fails_and_its_stream_is_cut",
        sorted(&end(&outcome))
    );
}

/// The log takes standard output and standard error as they come: their lines in an order of our own.
fn sorted(text: &str) -> String {
    let (mut said, rest): (Vec<&str>, Vec<&str>) = text
        .lines()
        .partition(|line| line.starts_with(" !       | "));
    said.sort_unstable();
    said.extend(rest);
    said.join("\n")
}

#[test]
#[ignore = "lab"]
fn a_release_that_stays_pending_after_its_stream() {
    let app = App::new("long-pending");
    let _slow = Settings::set(&json!({"pending_after_stream_ms": 3000}));
    let dir = root().join("examples/classic-jobs");
    run(&dir, &["deploy", "-q", "-a", &app.0]).exits(0);
    app.set("FAIL_RELEASE=1");
    fails(&dir, &["deploy", "-q", "-a", &app.0, "--force"], 1);
}

#[test]
#[ignore = "lab"]
fn a_dyno_that_crashes() {
    let app = App::new("crashing-web");
    app.set("CRASH_WEB=1");
    let dir = root().join("examples/classic-jobs");
    let outcome = fails(&dir, &["deploy", "-q", "-a", &app.0], 1);
    assert!(outcome.stderr.contains("as CRASH_WEB asks"), "{outcome}");
    check!("web_crashes", first_life(&end(&outcome)));
}

/// Heroku starts a crashed dyno again at once, so its log may tell of one life, of two, or of one and a half.
fn first_life(text: &str) -> String {
    let mut seen = std::collections::BTreeSet::new();
    // The same but for the time, which stands before the source.
    let said = |line: &'_ str| {
        let from = line.find(" heroku[").or_else(|| line.find(" app["));
        line[from.unwrap_or(0)..].to_owned()
    };
    let kept = text
        .lines()
        .filter(|line| !line.contains("from crashed to starting") && seen.insert(said(line)));
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
#[ignore = "lab"]
fn a_dyno_that_never_listens() {
    let app = App::new("silent-web");
    let _short = Settings::set(&json!({"boot_limit_s": 4}));
    let project = classic(
        r#"pkgs.writeShellScriptBin "web" "echo thinking; ${pkgs.coreutils}/bin/sleep 600""#,
    );
    let outcome = fails(project.path(), &["deploy", "-q", "-a", &app.0], 1);
    assert!(outcome.stderr.contains("R10"), "{outcome}");
    check!("web_never_listens", end(&outcome));
}

#[test]
#[ignore = "lab"]
fn an_app_that_is_scaled_to_zero() {
    let app = App::new("scaled-to-zero");
    run(&project(), &["deploy", "-q", "-a", &app.0]).exits(0);
    tool("heroku", &["ps:scale", "web=0", "-a", &app.0]);
    let outcome = run(&project(), &["deploy", "-a", &app.0, "--force"]).exits(0);
    assert!(outcome.stderr.contains("web"), "{outcome}");
    assert!(app.page().contains("Hello"), "{outcome}");
}

#[test]
#[ignore = "lab"]
fn a_release_that_the_heroku_cli_is_refused() {
    let app = App::new("cli-refused");
    let _fault = fault(
        "api",
        "PATCH",
        "/apps/*/formation",
        1,
        &json!({"status": 422}),
    );
    let args = ["deploy", "-q", "-a", &app.0, "--route", "heroku-cli"];
    check!(
        "heroku_cli_release_refused",
        end(&fails(&project(), &args, 1))
    );
}
