//! Who asks: tokens that end, logins that go nowhere else, secrets that show nowhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::sim::{Fault, Sim, login};
use super::{Made, V2S2, name, streamed};
use crate::heroku::testing::{Asked, TOKEN};

/// A registry whose tokens last for `uses` requests.
fn short_lived(uses: usize) -> Sim {
    let (made, uses_so_far) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    Sim::new(move |_, asked| {
        if asked.line.starts_with("GET /token?") {
            let token = made.fetch_add(1, Ordering::SeqCst) + 1;
            uses_so_far.store(0, Ordering::SeqCst);
            let body = format!(r#"{{"token":"short-{token}"}}"#);
            return Fault::Answer(200, String::leak(body), vec![]);
        }
        let valid = format!("Bearer short-{}", made.load(Ordering::SeqCst));
        let taken = uses_so_far.fetch_add(1, Ordering::SeqCst) < uses;
        if asked.header("authorization") == valid && taken {
            return Fault::None;
        }
        refused(asked)
    })
}

fn refused(asked: &Asked) -> Fault {
    let host = asked.header("host");
    let challenge = format!(
        r#"Basic realm="x", Bearer realm="http://{host}/token",service="r",scope="repository:my-app/web:pull,push repository:other:pull""#
    );
    Fault::Answer(401, "", vec![("WWW-Authenticate", challenge)])
}

#[test]
fn a_token_that_ends_is_renewed() {
    for uses in 1..=4 {
        let sim = short_lived(uses);
        let (registry, _) = sim.registry(Some(login()));
        let mut made = Made::new(500_000);
        streamed(&registry, &mut made).unwrap();
        registry
            .put_manifest(&name(), "latest", V2S2, b"{}")
            .unwrap();
        let held = sim.held();
        assert_eq!(held.blobs[made.digest().as_str()], made.bytes, "{uses}");
        let basic = format!("Basic {}", STANDARD.encode(format!("somebody:{TOKEN}")));
        for asked in &held.asked {
            let token = asked.line.starts_with("GET /token?");
            assert!(!token || asked.header("authorization") == basic);
        }
        let scopes = held.asked.iter().filter(|it| {
            it.line.contains(
                "scope=repository%3Amy-app%2Fweb%3Apull%2Cpush&scope=repository%3Aother%3Apull",
            )
        });
        assert!(scopes.count() > 0);
    }
}

/// A registry that gives tokens to read and tokens to write, and takes each for its own only.
fn two_tokens() -> Sim {
    Sim::new(|_, asked| {
        let host = asked.header("host");
        let reads = ["GET", "HEAD"].iter().any(|it| asked.line.starts_with(it));
        // Who opens an upload is asked for little, who fills it for more.
        let scope = if reads || asked.line.starts_with("POST") {
            "pull"
        } else {
            "pull,push"
        };
        if asked.line.starts_with("GET /token?") {
            let writes = asked.line.contains("push");
            let body = if writes {
                r#"{"token":"writes"}"#
            } else {
                r#"{"token":"reads"}"#
            };
            return Fault::Answer(200, body, vec![]);
        }
        let token = if scope == "pull" { "reads" } else { "writes" };
        if asked.header("authorization") == format!("Bearer {token}") {
            return Fault::None;
        }
        let challenge = format!(
            r#"Bearer realm="http://{host}/token",service="r",scope="repository:my-app/web:{scope}""#
        );
        Fault::Answer(401, "", vec![("WWW-Authenticate", challenge)])
    })
}

#[test]
fn a_token_to_read_doesn_t_take_the_place_of_one_to_write() {
    let sim = two_tokens();
    let (registry, _) = sim.registry(Some(login()));
    let mut made = Made::new(500_000);
    assert!(
        registry
            .has_blob(&name(), &made.digest())
            .unwrap()
            .is_none()
    );
    streamed(&registry, &mut made).unwrap();
    assert!(
        registry
            .has_blob(&name(), &made.digest())
            .unwrap()
            .is_some()
    );
    let held = sim.held();
    let refused = held.asked.iter().filter(|it| it.line.starts_with("PATCH"));
    // Once, to learn what it takes.
    assert_eq!(refused.count(), 2);
}

#[test]
fn a_token_that_never_lasts_is_an_error() {
    let sim = short_lived(0);
    let error = streamed(&sim.registry(Some(login())).0, &mut Made::new(1000)).unwrap_err();
    assert_eq!(error.id(), "registry/unauthorized");
    assert!(sim.held().asked.len() < 10);
}

#[test]
fn nobody_in_particular_gets_a_token_too() {
    let sim = short_lived(100);
    streamed(&sim.registry(None).0, &mut Made::new(1000)).unwrap();
    let held = sim.held();
    let mut asked = held
        .asked
        .iter()
        .filter(|it| it.line.starts_with("GET /token?"));
    assert_eq!(asked.next().unwrap().header("authorization"), "");
    assert!(asked.next().is_none(), "one token serves them all");
}

#[test]
fn a_place_elsewhere_is_told_nothing_of_us() {
    let elsewhere = Sim::well();
    let (other, _) = elsewhere.registry(None);
    // An upload is opened there, so that there is one to lead to.
    other
        .mount(&name(), &Made::new(1).digest(), &name())
        .unwrap();
    elsewhere.held().uploads.insert("u9".to_owned(), Vec::new());
    let place = format!(
        "{}v2/my-app/web/blobs/uploads/u9?_state=s%3D0",
        other.reader.host.base()
    );
    let sim = Sim::new(move |nth, _| match nth {
        0 => Fault::Header("location", place.clone()),
        _ => Fault::None,
    });
    let mut made = Made::new(200_000);
    streamed(&sim.registry(Some(login())).0, &mut made).unwrap();
    assert_eq!(elsewhere.held().blobs[made.digest().as_str()], made.bytes);
    assert_eq!(sim.held().asked.len(), 1);
    assert_ne!(sim.held().asked[0].header("authorization"), "");
    for asked in &elsewhere.held().asked {
        assert_eq!(asked.header("authorization"), "");
    }
}

#[test]
fn secrets_show_nowhere() {
    let basic = STANDARD.encode(format!("somebody:{TOKEN}"));
    let said = format!("you sent {TOKEN} as {basic}");
    let body = serde_json::json!({ "errors": [{ "code": "X", "message": said }] }).to_string();
    let body: &'static str = String::leak(body);
    for status in [400, 401, 403, 404, 405, 416, 429, 500] {
        for at in 0..3 {
            let sim = Sim::new(move |nth, _| {
                if nth >= at {
                    Fault::Answer(status, body, vec![])
                } else {
                    Fault::None
                }
            });
            let error = streamed(&sim.registry(Some(login())).0, &mut Made::new(1000)).unwrap_err();
            let shown = format!("{error} {error:?} {}", error.to_json());
            assert!(!shown.contains(TOKEN) && !shown.contains(&basic), "{shown}");
        }
    }
}
