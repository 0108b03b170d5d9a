//! Every request of every push, failing in every way.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use super::sim::{Fault, Sim};
use super::{Made, V2S2, name, streamed};
use crate::error::Result;
use crate::names::Digest;
use crate::registry::image::digest_of;
use crate::registry::{ManifestPut, Registry};

/// The most requests that one push may take, whatever happens.
const BOUND: usize = 45;

const SMALL: &[u8] = b"some bytes";

fn small() -> Digest {
    digest_of(SMALL).parse().unwrap()
}

type Push = fn(&Registry) -> Result<()>;

const PUSHES: [(&str, usize, Push); 3] = [
    ("put_blob", 2, |registry| {
        registry.put_blob(&name(), SMALL, &small())
    }),
    ("stream_blob", 3, |registry| {
        streamed(registry, &mut Made::new(20_000)).map(|_| ())
    }),
    ("put_manifest", 1, |registry| {
        match registry.put_manifest(&name(), "latest", V2S2, SMALL)? {
            ManifestPut::Stored(digest) => assert_eq!(digest, small()),
            ManifestPut::Missing(_) => panic!("nothing is missing"),
        }
        Ok(())
    }),
];

fn ways() -> Vec<(&'static str, Fault)> {
    let answer = |status| Fault::Answer(status, "", vec![]);
    let wrong = format!("sha256:{}", "0".repeat(64));
    let invalid = r#"{"errors":[{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid"}]}"#;
    let unknown = r#"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known"}]}"#;
    vec![
        ("401", answer(401)),
        ("403", answer(403)),
        ("404", answer(404)),
        ("404 name unknown", Fault::Answer(404, unknown, vec![])),
        ("400 upload invalid", Fault::Answer(400, invalid, vec![])),
        ("413", answer(413)),
        ("416", answer(416)),
        (
            "429 with Retry-After",
            Fault::Answer(429, "", vec![("retry-after", "7".to_owned())]),
        ),
        ("500", answer(500)),
        ("502", Fault::Answer(502, "<html>", vec![])),
        (
            "redirect",
            Fault::Answer(307, "", vec![("location", "/elsewhere".to_owned())]),
        ),
        ("cut before it", Fault::Cut),
        ("cut in the content", Fault::CutBody(5)),
        ("answer lost", Fault::Deaf),
        ("another byte", Fault::Flip),
        (
            "another digest",
            Fault::Header("docker-content-digest", wrong),
        ),
        (
            "plain elsewhere",
            Fault::Header("location", "http://example.com/u".to_owned()),
        ),
        ("no location", Fault::Header("location", String::new())),
        ("odd range", Fault::Header("range", "0-5".to_owned())),
        (
            "too much range",
            Fault::Header("range", "0-99999999".to_owned()),
        ),
    ]
}

/// What became of a push with this fault, once or from then on.
fn outcome(push: Push, at: usize, way: &Fault, ever: bool) -> (String, Sim) {
    let fault = way.clone();
    let sim = Sim::new(move |nth, _| {
        if nth == at || ever && nth > at {
            fault.clone()
        } else {
            Fault::None
        }
    });
    let (registry, _) = sim.registry(Some(super::sim::login()));
    let outcome = push(&registry);
    let held = sim.held();
    let requests = held.asked.len();
    assert!(requests <= BOUND, "{requests} requests");
    // Whatever arrived under a digest is what it says.
    for (digest, blob) in &held.blobs {
        assert_eq!(&digest_of(blob), digest);
    }
    // Only an upload that we never heard of is left.
    assert!(held.uploads.is_empty() || at == 0 || ever, "{at} {way:?}");
    let said = match outcome {
        Ok(()) => {
            let there = held.blobs.len() + held.manifests.len();
            assert_eq!(there, 1, "it said it was there");
            format!("there after {requests}")
        }
        Err(error) => {
            let text = format!("{error} {error:?} {}", error.to_json());
            sim.steady(&text);
            assert!(error.id().starts_with("registry/"), "{error}");
            format!("{} after {requests}", error.id())
        }
    };
    drop(held);
    (said, sim)
}

#[test]
fn every_request_with_every_fault() {
    let mut table = Vec::new();
    for (pushed, requests, push) in PUSHES {
        for at in 0..requests {
            for (named, way) in ways() {
                let (once, _) = outcome(push, at, &way, false);
                let (ever, _) = outcome(push, at, &way, true);
                table.push(format!(
                    "{pushed}, request {at}, {named}: {once}; for ever: {ever}"
                ));
            }
        }
    }
    assert_snapshot!(table.join("\n"));
}

#[test]
fn the_words_of_every_error() {
    let mut words = BTreeSet::new();
    for (_, requests, push) in PUSHES {
        for at in 0..requests {
            for (_, way) in ways() {
                let way = way.clone();
                let sim = Sim::new(move |nth, _| if nth >= at { way.clone() } else { Fault::None });
                let login = (at == 0).then(super::sim::login);
                if let Err(error) = push(&sim.registry(login).0) {
                    words.insert(sim.steady(&error.to_string()));
                }
            }
        }
    }
    let words: Vec<String> = words.into_iter().collect();
    assert_snapshot!(words.join("\n\n"));
}

#[test]
fn sharing_is_only_a_wish() {
    let from = "other/web".parse().unwrap();
    let mut table = Vec::new();
    for (named, way) in ways() {
        let [once, ever] = [false, true].map(|ever| {
            let way = way.clone();
            let sim = Sim::new(move |nth, _| match nth {
                0 => way.clone(),
                _ if ever => way.clone(),
                _ => Fault::None,
            });
            let (registry, _) = sim.registry(None);
            let shared = match registry.mount(&name(), &small(), &from) {
                Ok(shared) => shared.to_string(),
                Err(error) => error.id().to_owned(),
            };
            format!("{shared} after {}", sim.held().asked.len())
        });
        table.push(format!("{named}: {once}; for ever: {ever}"));
    }
    assert_snapshot!(table.join("\n"));
}

/// A login that may push here, and may not read there.
#[test]
fn sharing_without_a_token_is_no_sharing() {
    for status in [400, 401, 403, 404] {
        let sim = Sim::new(move |_, asked| {
            if asked.line.starts_with("GET /token") {
                return Fault::Answer(status, "", vec![]);
            }
            let challenge = format!(
                r#"Bearer realm="http://{}/token",service="r",scope="repository:my-app/web:pull,push""#,
                asked.header("host")
            );
            Fault::Answer(401, "", vec![("WWW-Authenticate", challenge)])
        });
        let (registry, _) = sim.registry(None);
        let from = "other/web".parse().unwrap();
        assert!(!registry.mount(&name(), &small(), &from).unwrap());
        assert_eq!(sim.held().asked.len(), 2);
    }
}

#[test]
fn ctrl_c_while_sharing_is_heard() {
    let sim = Sim::new(|_, _| Fault::Cut);
    let (registry, clock) = sim.registry(None);
    clock.patience.set(Some(1));
    let from = "other/web".parse().unwrap();
    let error = registry.mount(&name(), &small(), &from).unwrap_err();
    assert_eq!(error.kind(), crate::error::Kind::Interrupted);
}
