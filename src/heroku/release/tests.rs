use std::time::Duration;

use insta::assert_snapshot;

use crate::error::{Error, Kind, Result};
use crate::heroku::testing::{Asked, FakeClock, Reply, Server, app};
use crate::heroku::{Release, ReleaseId, ReleaseStatus};

use super::follow;

/// Follows release 7 of a server that answers status questions by `status` and the stream by
/// `stream`, both told how often they were asked before.
fn followed(
    status: impl Fn(usize) -> &'static str + Send + 'static,
    stream: impl Fn(usize) -> Reply + Send + 'static,
) -> Followed {
    let (mut asked_status, mut asked_stream) = (0, 0);
    let server = Server::scripted(move |asked: &Asked| {
        if asked.line == "GET /output" {
            asked_stream += 1;
            return Some(stream(asked_stream - 1));
        }
        if asked.line.ends_with("/log-sessions") {
            let url = format!("http://{}/log", asked.header("host"));
            return Some(Reply::json(
                201,
                &serde_json::json!({ "logplex_url": url }).to_string(),
            ));
        }
        if asked.line == "GET /log" {
            return Some(Reply::new(200, LOG));
        }
        asked_status += 1;
        let url = format!("http://{}/output", asked.header("host"));
        match status(asked_status - 1) {
            "down" => Some(Reply::new(503, "")),
            status => Some(Reply::json(
                200,
                &serde_json::json!({
                    "id": "7", "version": 7, "status": status, "output_stream_url": url,
                })
                .to_string(),
            )),
        }
    });
    let (api, clock) = server.api();
    let id = ReleaseId::try_from("7".to_owned()).unwrap();
    let mut lines = Vec::new();
    let result = follow(&api, &clock, &app(), &id, &mut |line| {
        lines.push(line.to_owned());
    });
    let streams = server
        .asked()
        .iter()
        .filter(|asked| asked.line == "GET /output")
        .count();
    Followed {
        result,
        lines,
        streams,
        clock,
    }
}

const LOG: &str = "\
2026-01-02T03:04:05.000000+00:00 app[release.11]: an older release
2026-01-02T03:04:06.000000+00:00 app[web.1]: GET /
2026-01-02T03:04:07.000000+00:00 heroku[release.12]: State changed from starting to up
2026-01-02T03:04:08.000000+00:00 app[release.12]: table[0]: no such column
2026-01-02T03:04:09.000000+00:00 heroku[release.12]: Process exited with status 1
";

struct Followed {
    result: Result<Release>,
    lines: Vec<String>,
    streams: usize,
    clock: FakeClock,
}

impl Followed {
    fn error(self) -> Error {
        self.result.unwrap_err()
    }
}

fn output() -> Reply {
    Reply::new(200, "migrating\ndone\n").header("content-type", "text/plain")
}

/// `pending` for the first `count` questions, then `last`.
fn pending(count: usize, last: &'static str) -> impl Fn(usize) -> &'static str {
    move |asked| if asked < count { "pending" } else { last }
}

#[test]
fn the_end_of_the_stream_is_not_the_end() {
    let seen = followed(pending(4, "succeeded"), |_| output());
    assert_eq!(seen.lines, ["migrating", "done"]);
    assert_eq!(seen.clock.slept(), [1, 2, 4]);
    assert_eq!(seen.result.unwrap().status, ReleaseStatus::Succeeded);
}

#[test]
fn a_release_that_is_over_is_not_waited_for() {
    let seen = followed(|_| "succeeded", |_| output());
    assert!(seen.result.is_ok());
    assert_eq!((seen.streams, seen.clock.slept().len()), (0, 0));
}

#[test]
fn the_stream_may_come_late() {
    let seen = followed(pending(2, "succeeded"), |asked| match asked {
        0..3 => Reply::new(404, ""),
        _ => output(),
    });
    assert_eq!(seen.clock.slept(), [1, 1, 1, 1]);
    assert_eq!((seen.streams, seen.lines.len()), (4, 2));
}

#[test]
fn the_stream_may_never_come() {
    let seen = followed(pending(2, "succeeded"), |_| Reply::new(404, ""));
    assert!(seen.result.is_ok());
    assert_eq!((seen.streams, seen.clock.slept()), (31, vec![1; 31]));
}

#[test]
fn a_cut_stream_decides_nothing() {
    let seen = followed(pending(3, "succeeded"), |_| output().cut());
    assert_eq!((seen.streams, seen.lines.len()), (1, 2));
    assert!(seen.result.is_ok());
}

#[test]
fn failed() {
    let seen = followed(pending(2, "failed"), |_| output());
    assert_eq!(seen.streams, 1);
    assert_snapshot!(seen.error());
}

#[test]
fn failed_after_a_cut_the_output_is_read_again() {
    let seen = followed(pending(2, "failed"), |asked| match asked {
        0 => Reply::new(200, "migrating\n").cut(),
        _ => output(),
    });
    // Shown once, complete in the error.
    assert_eq!(seen.lines, ["migrating"]);
    assert!(
        seen.error()
            .to_string()
            .starts_with("  | migrating\n  | done\n")
    );
}

#[test]
fn failed_before_we_looked() {
    let seen = followed(|_| "failed", |_| output());
    assert_eq!(seen.lines, ["migrating", "done"]);
    assert_eq!(seen.error().id(), "heroku/release-failed");
}

#[test]
fn an_empty_stream_is_made_up_for_by_the_log() {
    let seen = followed(pending(1, "failed"), |_| Reply::new(200, ""));
    assert_snapshot!(seen.error());
}

#[test]
fn only_the_end_of_a_long_output_is_in_the_error() {
    let seen = followed(pending(1, "failed"), |_| {
        Reply::new(200, "line\n".repeat(5000))
    });
    assert_eq!(seen.lines.len(), 5000);
    assert_eq!(
        seen.error().to_json()["error"]["detail"]
            .as_array()
            .unwrap()
            .len(),
        20
    );
}

#[test]
fn pending_for_ever_is_no_success() {
    let seen = followed(|_| "pending", |_| output());
    let slept: u64 = seen.clock.slept().iter().sum();
    assert!((65 * 60..65 * 60 + 5).contains(&slept), "{slept}");
    assert_eq!(seen.clock.slept().iter().max(), Some(&5));
    let error = seen.error();
    assert_eq!(error.kind(), Kind::Transient);
    assert_snapshot!(error);
}

#[test]
fn other_ends() {
    let mut shown = Vec::new();
    for status in ["expired", "paused"] {
        shown.push(
            followed(pending(1, status), |_| output())
                .error()
                .to_string(),
        );
    }
    assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_short_outage_is_waited_through() {
    let status = |asked| match asked {
        0 => "pending",
        1..20 => "down",
        _ => "succeeded",
    };
    assert!(followed(status, |_| output()).result.is_ok());
}

#[test]
fn a_long_outage_is_no_success() {
    let status = |asked| if asked == 0 { "pending" } else { "down" };
    let seen = followed(status, |_| output());
    let slept = Duration::from_secs(seen.clock.slept().iter().sum());
    assert!(slept < super::BLIND + Duration::from_secs(30), "{slept:?}");
    assert_snapshot!(seen.error());
}
