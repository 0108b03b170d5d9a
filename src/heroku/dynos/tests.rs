use std::time::Duration;

use insta::assert_snapshot;

use crate::error::{Kind, Result};
use crate::heroku::testing::{Asked, FakeClock, Reply, Server, app};

use super::{DEFAULT_LIMIT, WebOutcome, watch_web};

/// Watches release 7 where there should be `quantity` web dynos and where the dynos, at each look,
/// are what `dynos` says: `(name, state, version)`. The log is `log`.
fn watched(
    quantity: u32,
    dynos: impl Fn(usize) -> Vec<(&'static str, &'static str, u64)> + Send + 'static,
    log: &'static str,
) -> (Result<WebOutcome>, FakeClock) {
    let mut looks = 0;
    let server = Server::scripted(move |asked: &Asked| {
        Some(match asked.line.as_str() {
            "GET /apps/my-app/formation" => {
                let list = serde_json::json!([{ "type": "web", "quantity": quantity }]);
                Reply::json(200, &list.to_string())
            }
            "GET /apps/my-app/dynos" => {
                looks += 1;
                let list: Vec<_> = dynos(looks - 1).into_iter().map(dyno).collect();
                Reply::json(200, &serde_json::Value::from(list).to_string())
            }
            "POST /apps/my-app/log-sessions" => {
                let url = format!("http://{}/log", asked.header("host"));
                Reply::json(201, &serde_json::json!({ "logplex_url": url }).to_string())
            }
            "GET /log" => Reply::new(200, log),
            _ => Reply::new(500, ""),
        })
    });
    let (api, clock) = server.api();
    let result = watch_web(&api, &clock, &app(), 7, DEFAULT_LIMIT);
    (result, clock)
}

fn dyno((name, state, version): (&str, &str, u64)) -> serde_json::Value {
    let process = name.split('.').next();
    serde_json::json!({
        "name": name, "type": process, "state": state, "release": { "version": version },
    })
}

#[test]
fn up_once_all_dynos_of_the_release_are() {
    let (result, _) = watched(
        2,
        |look| match look {
            0 => vec![("web.1", "up", 6), ("worker.1", "crashed", 7)],
            1 => vec![("web.1", "starting", 7), ("web.2", "up", 7)],
            _ => vec![("web.1", "up", 7), ("web.2", "up", 7)],
        },
        "",
    );
    let took = Duration::from_secs(4);
    assert_eq!(result.unwrap(), WebOutcome::Up { dynos: 2, took });
}

#[test]
fn not_all_dynos_may_be_there_yet() {
    let (result, _) = watched(
        2,
        |look| match look {
            0 => vec![("web.1", "up", 7), ("web.2", "up", 6)],
            _ => vec![("web.1", "up", 7), ("web.2", "up", 7)],
        },
        "",
    );
    assert!(matches!(result.unwrap(), WebOutcome::Up { dynos: 2, .. }));
}

#[test]
fn scaled_to_zero() {
    let (result, clock) = watched(0, |_| Vec::new(), "");
    assert_eq!(result.unwrap(), WebOutcome::NotScaled);
    assert!(clock.slept().is_empty());
}

#[test]
fn crashed_with_a_known_cause() {
    let (result, _) = watched(
        1,
        |look| vec![("web.1", if look == 0 { "starting" } else { "crashed" }, 7)],
        "app[web.1]: listening on 127.0.0.1:8080\nheroku[web.1]: Error R10 (Boot timeout)\n",
    );
    assert_snapshot!(result.unwrap_err());
}

#[test]
fn crashed_without_a_word() {
    let (result, _) = watched(1, |_| vec![("web.1", "crashed", 7)], "");
    assert_snapshot!(result.unwrap_err());
}

#[test]
fn no_news_is_no_good_news() {
    let (result, clock) = watched(1, |_| vec![("web.1", "starting", 7)], "");
    assert!(Duration::from_secs(clock.slept().iter().sum()) >= DEFAULT_LIMIT);
    let error = result.unwrap_err();
    assert_eq!(error.kind(), Kind::Transient);
    assert_snapshot!(error);
    let (result, _) = watched(1, |_| vec![("web.1", "up", 6)], "");
    assert!(result.unwrap_err().what().contains("no web dyno of v7"));
}
