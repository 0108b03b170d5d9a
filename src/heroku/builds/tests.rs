//! A build at Heroku, from the place for its sources to its end, against a server that answers by a script.

use insta::assert_snapshot;
use serde_json::json;

use super::{Build, BuildStatus, Ended, NewBuild, Source, Upload, follow};
use crate::error::{Error, Kind, Result};
use crate::heroku::testing::{Asked, FakeClock, Reply, Server, TOKEN, app};
use crate::heroku::{Api, DryApi, Endpoints, HostSettings};

const SOURCE_PATH: &str = "/place?X-Amz-Signature=5ec2e7";

fn source(url: &str) -> Source {
    let blob =
        json!({ "get_url": format!("{url}/get?sig=1"), "put_url": format!("{url}{SOURCE_PATH}") });
    serde_json::from_value(json!({ "source_blob": blob })).unwrap()
}

fn tarball(folder: &tempfile::TempDir) -> Upload {
    let file = folder.path().join("source.tgz");
    fs_err::write(&file, "not really one").unwrap();
    Upload { file, bytes: 14 }
}

fn new_build() -> NewBuild {
    NewBuild {
        version: "0123abcd".to_owned(),
        description: "sources".to_owned(),
        sha256: "ab".repeat(32),
    }
}

fn build(status: &str, url: &str) -> serde_json::Value {
    let release = (status == "succeeded").then(|| json!({ "id": "r-1" }));
    json!({ "id": "b-1", "status": status, "output_stream_url": format!("{url}/output"),
        "release": release, "slug": null, "buildpacks": null })
}

#[test]
fn what_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::scripted(|asked: &Asked| {
        let url = format!("http://{}", asked.header("host"));
        let blob = json!({ "get_url": format!("{url}/get?sig=1"), "put_url": format!("{url}{SOURCE_PATH}") });
        Some(match asked.line.split(' ').next().unwrap() {
            "PUT" => Reply::new(200, ""),
            "POST" if asked.line.ends_with("/sources") => {
                Reply::json(201, &json!({ "source_blob": blob }).to_string())
            }
            _ => Reply::json(201, &build("pending", &url).to_string()),
        })
    });
    let (api, _) = server.api();
    let place = api.create_source().unwrap();
    api.upload(&place, &tarball(&folder)).unwrap();
    let made = api.create_build(&app(), &place, &new_build()).unwrap();
    assert_eq!(
        (&made.status, &made.release),
        (&BuildStatus::Pending, &None)
    );
    api.build(&app(), &made.id).unwrap();
    api.cancel_build(&app(), &made.id).unwrap();
    let asked = server.asked();
    let shown: Vec<String> = asked
        .iter()
        .map(|asked| format!("{}\n  {}", asked.line, asked.body))
        .collect();
    assert_snapshot!("asked", server.steady(&shown.join("\n")));
    // The address of the place is the permission: another one beside it is refused there, and would tell our token.
    let put = &asked[1];
    for name in ["authorization", "content-type", "transfer-encoding"] {
        assert_eq!(put.header(name), "", "{name}");
    }
    assert_eq!(put.header("content-length"), "14");
    let journal = api.journal().join("\n");
    assert!(!journal.contains("sig"), "{journal}");
    assert_snapshot!("journal", server.steady(&journal));
    assert!(!format!("{place:?}").contains("sig"));
}

#[test]
fn a_dry_run_notes_the_same() {
    let endpoints = Endpoints::resolve(HostSettings::default()).unwrap().0;
    let api = DryApi::new(&endpoints);
    let place = api.create_source().unwrap();
    let folder = tempfile::tempdir().unwrap();
    api.upload(&place, &tarball(&folder)).unwrap();
    let made = api.create_build(&app(), &place, &new_build()).unwrap();
    assert!(made.release.is_some());
    api.cancel_build(&app(), &made.id).unwrap();
    assert_snapshot!("dry_journal", api.journal().join("\n"));
}

/// Sends to a place that answers by `replies`; the error, and how often it was asked.
fn sent(replies: Vec<Option<Reply>>) -> (Result<()>, usize, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut replies = replies.into_iter();
    let server = Server::scripted(move |_| replies.next().flatten());
    let (api, _) = server.api();
    let outcome = api.upload(&source(&server.url()), &tarball(&folder));
    let asked = server.asked().len();
    let text = outcome.as_ref().err().map(Error::to_string);
    let text = server.steady(&text.unwrap_or_default());
    assert!(!text.contains("5ec2e7"), "the address shows: {text}");
    (outcome, asked, text)
}

#[test]
fn a_place_that_has_expired() {
    let xml = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message>\
        <Expires>2026-01-01</Expires></Error>";
    let (outcome, asked, text) = sent(vec![Some(Reply::new(403, xml))]);
    assert_eq!(outcome.unwrap_err().kind(), Kind::Transient);
    assert_eq!(asked, 1);
    assert_snapshot!("upload_refused", text);
    let (_, _, text) = sent(vec![Some(Reply::new(403, ""))]);
    assert_snapshot!("upload_refused_without_a_word", text);
}

#[test]
fn an_upload_that_breaks_off_is_tried_again() {
    let (outcome, asked, _) = sent(vec![
        Some(Reply::new(503, "slow down")),
        None,
        Some(Reply::new(200, "")),
    ]);
    assert!(outcome.is_ok());
    assert_eq!(asked, 3);
    let (_, asked, text) = sent(vec![None, None, None, None]);
    assert_eq!(asked, 4);
    let text = text.split("can't be sent").next().unwrap().to_owned();
    assert!(text.contains("the sources"), "{text}");
}

#[test]
fn a_place_without_encryption_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::replies([Reply::new(200, "")]);
    let (api, _) = server.api();
    let error = api
        .upload(&source("http://files.example.com"), &tarball(&folder))
        .unwrap_err();
    assert_snapshot!("upload_plain", error);
    let nowhere = source("http://127.0.0.1:1");
    let error = api.upload(&nowhere, &tarball(&folder)).unwrap_err();
    assert_snapshot!("upload_unreachable", error);
}

#[test]
fn a_build_that_is_refused() {
    for (name, status, body) in [
        (
            "refused_401",
            401,
            json!({ "id": "unauthorized", "message": "Invalid credentials provided." }),
        ),
        (
            "refused_422",
            422,
            json!({ "id": "invalid_params", "message": "Cannot build on the stack heroku-24." }),
        ),
    ] {
        let server = Server::replies([Reply::json(status, &body.to_string())]);
        let (api, _) = server.api();
        let made = api.create_build(&app(), &source(&server.url()), &new_build());
        assert_snapshot!(name, server.steady(&made.unwrap_err().to_string()));
        assert_eq!(server.asked().len(), 1);
    }
    // It may have been made: not asked twice.
    let server = Server::replies([Reply::new(503, "")]);
    let (api, _) = server.api();
    let made = api.create_build(&app(), &source(&server.url()), &new_build());
    assert_eq!(
        (made.unwrap_err().kind(), server.asked().len()),
        (Kind::Transient, 1)
    );
}

struct Followed {
    result: Result<Ended>,
    lines: Vec<String>,
    streams: usize,
    clock: FakeClock,
}

/// Follows a build whose status and stream are told by how often they were asked before.
fn followed(
    status: impl Fn(usize) -> &'static str + Send + 'static,
    stream: impl Fn(usize) -> Reply + Send + 'static,
    patience: Option<u32>,
) -> Followed {
    let (mut asked_status, mut asked_stream) = (0, 0);
    let server = Server::scripted(move |asked: &Asked| {
        let url = format!("http://{}", asked.header("host"));
        if asked.line == "GET /output" {
            assert!(!asked.headers.join("\n").contains(TOKEN));
            asked_stream += 1;
            return Some(stream(asked_stream - 1));
        }
        asked_status += 1;
        Some(match status(asked_status - 1) {
            "down" => Reply::new(503, ""),
            "succeeded without a release" => {
                let mut build = build("succeeded", &url);
                build["release"] = json!({ "id": null });
                Reply::json(200, &build.to_string())
            }
            status => Reply::json(200, &build(status, &url).to_string()),
        })
    });
    let (api, clock) = server.api();
    clock.patience.set(patience);
    let first: Build = serde_json::from_value(build("pending", &server.url())).unwrap();
    let mut lines = Vec::new();
    let result = follow(&api, &clock, &app(), first, &mut |line| {
        lines.push(line.to_owned());
    });
    let asked = server.asked();
    let streams = asked
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

fn output() -> Reply {
    Reply::new(200, "Step 1/2 : FROM a\nStep 2/2 : RUN b\ndone\n")
        .header("content-type", "text/plain")
}

fn pending(count: usize, last: &'static str) -> impl Fn(usize) -> &'static str {
    move |asked| if asked < count { "pending" } else { last }
}

#[test]
fn the_output_is_shown_and_the_status_decides() {
    let seen = followed(pending(3, "succeeded"), |_| output(), None);
    assert_eq!(
        seen.lines,
        ["Step 1/2 : FROM a", "Step 2/2 : RUN b", "done"]
    );
    let ended = seen.result.unwrap();
    assert_eq!(ended.build.status, BuildStatus::Succeeded);
    assert_eq!(ended.build.release.unwrap().as_str(), "r-1");
    assert_eq!(seen.clock.slept(), [1, 2, 4]);
}

#[test]
fn a_stream_that_breaks_off_goes_on_where_it_was() {
    let stream = |asked| match asked {
        0 => Reply::new(404, ""),
        1 => Reply::new(200, "Step 1/2 : FROM a\n").cut(),
        2 => Reply::new(500, ""),
        _ => output(),
    };
    let seen = followed(pending(5, "succeeded"), stream, None);
    assert_eq!(
        seen.lines,
        ["Step 1/2 : FROM a", "Step 2/2 : RUN b", "done"]
    );
    assert!(seen.result.is_ok());
}

/// A clock on which every look at it takes a second.
struct Ticking(std::sync::atomic::AtomicU64);

impl crate::heroku::Clock for Ticking {
    fn now(&self) -> std::time::Duration {
        let before = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        std::time::Duration::from_secs(before + 1)
    }

    fn sleep(&self, _: std::time::Duration) -> Result<()> {
        Ok(())
    }
}

/// Follows a build with an output that never ends, as far as anybody waits; how often the status was asked.
fn trickling(last: &'static str, pending: usize) -> (Result<Ended>, usize, usize) {
    let mut asked_status = 0;
    let server = Server::scripted(move |asked: &Asked| {
        let url = format!("http://{}", asked.header("host"));
        if asked.line == "GET /output" {
            return Some(
                Reply::new(200, "line\n".repeat(20_000)).header("content-type", "text/plain"),
            );
        }
        asked_status += 1;
        let status = if asked_status > pending {
            last
        } else {
            "pending"
        };
        Some(Reply::json(200, &build(status, &url).to_string()))
    });
    let (api, _) = server.api();
    let first: Build = serde_json::from_value(build("pending", &server.url())).unwrap();
    let mut lines = 0;
    let clock = Ticking(0.into());
    let result = follow(&api, &clock, &app(), first, &mut |_| lines += 1);
    let asked = server.asked();
    let asked = asked.iter().filter(|it| it.line != "GET /output").count();
    (result, lines, asked)
}

#[test]
fn the_status_is_asked_while_the_output_comes() {
    let (result, lines, asked) = trickling("succeeded", 3);
    assert_eq!(result.unwrap().build.status, BuildStatus::Succeeded);
    assert!(asked >= 4 && lines < 200, "{asked} {lines}");
    let (result, lines, _) = trickling("failed", 1);
    assert_eq!(result.unwrap().build.status, BuildStatus::Failed);
    assert!(lines < 200, "{lines}");
    // The limit holds while lines come.
    let (result, lines, asked) = trickling("pending", 0);
    assert_eq!(result.unwrap_err().id(), "heroku/build-unknown");
    assert!(asked > 100 && lines < 5000, "{asked} {lines}");
}

#[test]
fn an_output_is_shown_up_to_a_bound() {
    let long = |asked| {
        let lines = if asked == 0 { 99_999 } else { 100_100 };
        Reply::new(200, "x\n".repeat(lines)).header("content-type", "text/plain")
    };
    let seen = followed(pending(3, "succeeded"), long, None);
    assert_eq!(seen.lines.len(), 100_001);
    assert!(seen.lines.last().unwrap().contains("too much to show"));
    assert!(seen.result.is_ok());
}

#[test]
fn an_answer_that_ends_the_asking_says_that_the_build_goes_on() {
    for (status, body) in [(401, "{}"), (403, "{}"), (200, "{}")] {
        let server = Server::replies([Reply::json(status, body)]);
        let (api, clock) = server.api();
        let mut first = build("pending", &server.url());
        first["output_stream_url"] = json!(null);
        let first: Build = serde_json::from_value(first).unwrap();
        let error = follow(&api, &clock, &app(), first, &mut |_| {}).unwrap_err();
        assert!(
            error.to_string().contains("the build goes on at Heroku"),
            "{error}"
        );
    }
}

#[test]
fn a_failed_build_is_read_to_its_end() {
    let stream = |asked| {
        if asked == 0 {
            Reply::new(200, "Step 1/2 : FROM a\n")
        } else {
            output()
        }
    };
    let seen = followed(|_| "failed", stream, None);
    let ended = seen.result.unwrap();
    assert_eq!(ended.build.status, BuildStatus::Failed);
    assert_eq!(
        ended.tail,
        ["Step 1/2 : FROM a", "Step 2/2 : RUN b", "done"]
    );
    assert_eq!(seen.lines, ended.tail);
}

#[test]
fn a_build_that_never_ends() {
    let seen = followed(|_| "pending", |_| output(), None);
    assert_eq!(seen.lines.len(), 3);
    assert_eq!(seen.streams, 32, "a stream without news is left alone");
    assert_snapshot!("build_pending", seen.result.unwrap_err());
    let waited: u64 = seen.clock.slept().iter().sum();
    assert!((3600..3700).contains(&waited), "{waited}");
}

#[test]
fn what_is_not_known_is_no_success() {
    for (name, status) in [
        ("build_paused", "paused"),
        ("build_without_release", "succeeded without a release"),
        ("build_unseen", "down"),
    ] {
        let seen = followed(move |_| status, |_| output(), None);
        let error = seen.result.unwrap_err();
        assert_eq!(error.kind(), Kind::Transient);
        assert_snapshot!(name, error);
    }
}

#[test]
fn a_release_may_be_named_late() {
    let status = |asked| {
        if asked < 3 {
            "succeeded without a release"
        } else {
            "succeeded"
        }
    };
    let seen = followed(status, |_| output(), None);
    assert!(seen.result.unwrap().build.release.is_some());
}

#[test]
fn ctrl_c_ends_the_waiting() {
    let seen = followed(|_| "pending", |_| output(), Some(2));
    assert_eq!(seen.result.unwrap_err().kind(), Kind::Interrupted);
    assert_eq!(seen.clock.slept().len(), 3);
}

#[test]
fn an_id_can_not_leave_its_place_in_a_url() {
    for bad in ["", "../x", "a/b", "a?b"] {
        let text = json!({ "id": bad, "status": "pending" }).to_string();
        assert!(serde_json::from_str::<Build>(&text).is_err(), "{bad}");
    }
}
