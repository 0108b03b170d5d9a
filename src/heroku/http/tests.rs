use std::collections::BTreeMap;

use insta::assert_snapshot;

use crate::error::Kind;
use crate::heroku::testing::{Asked, FakeClock, Reply, Server, TOKEN, app, credentials};
use crate::heroku::{Api, DryApi, HttpApi, NewApp, ReleaseId, StreamEnd};
use crate::names::ProcessType;
use crate::secret::Secret;
use url::Url;

const APP: &str = r#"{"name":"my-app","stack":{"name":"container"}}"#;

fn id() -> ReleaseId {
    ReleaseId::try_from("01234567-89ab-cdef-0123-456789abcdef".to_owned()).unwrap()
}

/// Every call that changes something, with plausible arguments.
fn write_all(api: &dyn Api) {
    let web = ProcessType::web();
    let image = format!("sha256:{}", "ab".repeat(32)).parse().unwrap();
    let images = BTreeMap::from([(web.clone(), image)]);
    let named = NewApp {
        name: Some(app()),
        region: "eu".parse().ok(),
        stack: Some("container".to_owned()),
        team: None,
    };
    let of_team = NewApp {
        team: Some("my-team".to_owned()),
        ..NewApp::default()
    };
    api.create_app(&named).unwrap();
    api.create_app(&of_team).unwrap();
    api.create_app(&NewApp::default()).unwrap();
    api.set_build_stack(&app(), "container").unwrap();
    api.release_images(&app(), &images).unwrap();
    api.scale(&app(), &web, 2, Some("basic")).unwrap();
    api.scale(&app(), &web, 0, None).unwrap();
    api.rollback(&app(), &id()).unwrap();
}

fn read_all(api: &dyn Api) {
    api.account().unwrap();
    api.app(&app()).unwrap();
    api.newest_release(&app()).unwrap();
    api.release(&app(), &id()).unwrap();
    api.releases(&app(), 15).unwrap();
    api.formation(&app()).unwrap();
    api.dynos(&app()).unwrap();
}

/// Answers each call with the least it must have.
fn heroku(asked: &Asked) -> Reply {
    let release = r#"{"id":"1","version":2,"status":"succeeded"}"#;
    let path = asked.line.split(' ').nth(1).unwrap();
    let body = match path.rsplit('/').next().unwrap() {
        "account" => r#"{"email":"me@example.com"}"#.to_owned(),
        "releases" if asked.line.starts_with("GET") => format!("[{release}]"),
        "releases" => release.to_owned(),
        "formation" => r#"[{"type":"web","quantity":1,"size":"Basic"}]"#.to_owned(),
        "dynos" => {
            r#"[{"name":"web.1","type":"web","state":"up","release":{"version":2}}]"#.to_owned()
        }
        last if last == id().as_str() => release.to_owned(),
        _ => APP.to_owned(),
    };
    Reply::json(200, &body)
}

#[test]
fn what_is_sent() {
    let server = Server::scripted(|asked| Some(heroku(asked)));
    let (api, _) = server.api();
    read_all(&api);
    write_all(&api);
    let shown: Vec<String> = server
        .asked()
        .iter()
        .map(|asked| {
            let version = asked.header("accept").split("version=").nth(1).unwrap();
            assert_eq!(asked.header("authorization"), format!("Bearer {TOKEN}"));
            assert!(asked.header("user-agent").starts_with("nixdyno/"));
            let range = asked.header("range");
            format!("{} [{version}] {range} {}", asked.line, asked.body)
        })
        .collect();
    assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_dry_run_shows_what_a_real_one_does() {
    let server = Server::scripted(|asked| Some(heroku(asked)));
    let (api, _) = server.api();
    let dry = DryApi::new(&server.endpoints());
    for api in [&api as &dyn Api, &dry] {
        read_all(api);
        write_all(api);
    }
    assert_eq!(api.journal(), dry.journal());
    assert!(dry.is_dry() && !api.is_dry());
    assert_snapshot!(server.steady(&dry.journal().join("\n")));
}

#[test]
fn a_dry_release_is_a_new_one() {
    let server = Server::scripted(|_| None);
    let dry = DryApi::new(&server.endpoints());
    let before = dry.newest_release(&app()).unwrap().unwrap();
    dry.release_images(&app(), &BTreeMap::new()).unwrap();
    let after = dry.newest_release(&app()).unwrap().unwrap();
    assert_ne!(before.id, after.id);
    assert_eq!(dry.release(&app(), &after.id).unwrap(), after);
    assert!(server.asked().is_empty());
}

/// The error of `GET /apps/my-app` when it's answered so.
fn error_of(reply: Reply) -> String {
    let server = Server::replies([reply]);
    let (api, _) = server.api();
    let error = api.app(&app()).unwrap_err();
    server.steady(&format!("exit {}: {error}", error.kind().exit_code()))
}

#[test]
fn refusals() {
    let replies = [
        Reply::json(
            401,
            r#"{"id":"unauthorized","message":"Invalid credentials provided."}"#,
        ),
        Reply::json(
            403,
            r#"{"id":"two_factor","message":"A second factor is needed."}"#,
        ),
        Reply::json(
            403,
            r#"{"id":"forbidden","message":"You do not have access to the app."}"#,
        )
        .header("Request-Id", "0123-4567"),
        Reply::json(
            422,
            r#"{"id":"invalid_params","message":"Stack is not valid","url":"https://devcenter.heroku.com/x"}"#,
        ),
        Reply::json(
            402,
            r#"{"id":"verification_required","message":"Please verify your account."}"#,
        ),
        Reply::json(429, r#"{"id":"rate_limit","message":"Too many."}"#)
            .header("Retry-After", "3600"),
        Reply::new(503, "<html>maintenance</html>"),
        Reply::new(400, ""),
        Reply::new(302, "").header("Location", "https://example.com/"),
        Reply::new(200, "<html>Please log in to the hotel's network</html>"),
        Reply::json(200, r#"{"nom":"my-app"}"#),
    ];
    let texts: Vec<String> = replies.into_iter().map(error_of).collect();
    assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn a_missing_release_is_not_a_missing_app() {
    let body = r#"{"id":"not_found","resource":"release","message":"Couldn't find that release."}"#;
    let server = Server::replies([Reply::json(404, body)]);
    let (api, _) = server.api();
    let error = api.release(&app(), &id()).unwrap_err();
    assert_snapshot!(server.steady(&error.to_string()));
}

#[test]
fn a_taken_name_is_told_apart() {
    let body = r#"{"id":"invalid_params","message":"Name my-app is already taken"}"#;
    let server = Server::replies([Reply::json(422, body)]);
    let (api, _) = server.api();
    let error = api.create_app(&NewApp::default()).unwrap_err();
    assert_snapshot!(server.steady(&error.to_string()));
}

#[test]
fn a_missing_app_gets_near_misses() {
    let missing = r#"{"id":"not_found","resource":"app","message":"Couldn't find that app."}"#;
    let server = Server::scripted(move |asked| {
        Some(match asked.line.as_str() {
            "GET /apps" => Reply::json(206, r#"[{"name":"my-apps"},{"name":"other"}]"#),
            _ => Reply::json(404, missing).header("Request-Id", "0123-4567"),
        })
    });
    let (api, _) = server.api();
    let error = api.dynos(&app()).unwrap_err();
    assert_snapshot!(server.steady(&error.to_string()));
}

#[test]
fn nothing_there() {
    let server = Server::scripted(|_| None);
    let (api, clock) = server.api();
    let error = api.app(&app()).unwrap_err();
    assert_eq!((server.asked().len(), clock.slept()), (4, vec![1, 2, 4]));
    assert_eq!(error.kind(), Kind::Transient);
    assert_snapshot!(server.steady(&error.to_string()));

    // What may have arrived is sent once, and the error says that it may have.
    let error = api.create_app(&NewApp::default()).unwrap_err();
    assert_eq!(server.asked().len(), 5);
    assert!(error.to_string().contains("it is not known whether"));
}

#[test]
fn a_refused_connection_is_tried_again_even_for_a_post() {
    let server = Server::scripted(|_| None);
    let (api, clock) = server.api();
    drop(server);
    let error = api.create_app(&NewApp::default()).unwrap_err();
    assert_eq!(error.id(), "heroku/unreachable");
    assert_eq!(clock.slept(), [1, 2, 4]);
}

#[test]
fn what_helps_is_repeated() {
    let server = Server::replies([
        Reply::new(503, ""),
        Reply::new(429, "").header("Retry-After", "7"),
        Reply::json(200, APP),
    ]);
    let (api, clock) = server.api();
    api.set_build_stack(&app(), "container").unwrap();
    assert_eq!(clock.slept(), [1, 7]);
    // Three requests, one act.
    assert_eq!((server.asked().len(), api.journal().len()), (3, 1));
}

#[test]
fn a_write_that_counts_is_not_repeated() {
    let server = Server::replies([Reply::new(503, "")]);
    let (api, _) = server.api();
    assert!(api.rollback(&app(), &id()).is_err());
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn ctrl_c_ends_the_waiting() {
    let server = Server::replies([Reply::new(503, "")]);
    let (api, clock) = server.api();
    clock.patience.set(Some(1));
    let error = api.app(&app()).unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn secrets_show_nowhere() {
    let code = "31415926";
    let echo = format!("you sent {TOKEN} and {code}\u{1b}[2J");
    let bodies = [
        Reply::json(
            422,
            &serde_json::json!({"message": echo, "url": echo}).to_string(),
        ),
        Reply::new(200, echo.clone()),
        Reply::new(403, echo.clone()).header("Request-Id", TOKEN),
        Reply::json(200, &serde_json::json!({ "name": echo }).to_string()),
    ];
    for reply in bodies {
        let server = Server::replies([reply]);
        let api = HttpApi::with_clock(
            &server.endpoints(),
            credentials(),
            Some(Secret::new(code)),
            Box::new(FakeClock::default()),
        )
        .unwrap();
        let error = api.app(&app()).unwrap_err();
        let shown = format!("{error} {error:?} {}", error.to_json());
        assert!(!shown.contains(TOKEN) && !shown.contains(code), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown}");
        assert_eq!(server.asked()[0].header("heroku-two-factor-code"), code);
    }
}

fn stream_of(reply: Reply) -> (StreamEnd, Vec<String>) {
    let server = Server::replies([reply]);
    let (api, _) = server.api();
    let url = Url::parse(&format!("{}/stream", server.url())).unwrap();
    let mut lines = Vec::new();
    let end = api
        .output_stream(&url, &mut || true, &mut |line| lines.push(line.to_owned()))
        .unwrap();
    // The address carries its own permission: our token stays at home.
    assert_eq!(server.asked()[0].header("authorization"), "");
    (end, lines)
}

#[test]
fn streams_end_in_many_ways() {
    let text = Reply::new(200, "one\ntwo").header("content-type", "text/plain");
    assert_eq!(
        stream_of(text.clone()),
        (
            StreamEnd::Finished,
            vec!["one".to_owned(), "two".to_owned()]
        )
    );
    let (end, lines) = stream_of(text.cut());
    assert!(matches!(end, StreamEnd::Cut(_)), "{end:?}");
    assert_eq!(lines, ["one", "two"]);
    let events = Reply::new(200, "id: 1\ndata: one\n\n")
        .header("content-type", "text/event-stream; charset=utf-8");
    assert_eq!(stream_of(events).1, ["one"]);
    assert_eq!(stream_of(Reply::new(404, "")).0, StreamEnd::NotThere);
    assert!(matches!(
        stream_of(Reply::new(500, "")).0,
        StreamEnd::Cut(_)
    ));
}

#[test]
fn a_stream_in_the_clear_is_not_read() {
    let server = Server::scripted(|_| None);
    let (api, _) = server.api();
    let url = Url::parse("http://example.com/").unwrap();
    let end = api.output_stream(&url, &mut || true, &mut |_| {}).unwrap();
    assert!(matches!(end, StreamEnd::Cut(_)));
}

#[test]
fn a_log_tail_is_short_and_hides_the_token() {
    let server = Server::scripted(|asked| {
        Some(if asked.line.starts_with("POST") {
            let url = format!("http://{}/logs", asked.header("host"));
            Reply::json(201, &serde_json::json!({ "logplex_url": url }).to_string())
        } else {
            let log = format!("data: one\n\ndata: two\n\ndata: got {TOKEN}\n\n");
            Reply::new(200, log).header("content-type", "text/event-stream")
        })
    });
    let (api, _) = server.api();
    let tail = api.log_tail(&app(), Some("web.1"), 2).unwrap();
    assert_eq!(tail, ["two", "got [REDACTED]"]);
    assert_snapshot!(server.asked()[0].body);
    assert!(api.journal().is_empty());
}
