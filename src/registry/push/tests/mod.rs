mod faults;
mod login;
mod sim;

use std::io::Read;
use std::sync::Mutex;

use insta::assert_snapshot;

use super::{BlobSource, ManifestPut, Sent};
use crate::error::{Error, Result};
use crate::names::{Digest, RepositoryName};
use crate::registry::Registry;
use crate::registry::image::digest_of;
use sim::{Fault, Sim};

const V2S2: &str = "application/vnd.docker.distribution.manifest.v2+json";

fn name() -> RepositoryName {
    "my-app/web".parse().unwrap()
}

/// Bytes that are made anew as often as they are wanted, a few at a time.
struct Made {
    bytes: Vec<u8>,
    breaks: bool,
}

impl Made {
    fn new(length: usize) -> Self {
        let bytes = (0..length)
            .map(|at| u8::try_from(at * 31 % 251).unwrap())
            .collect();
        Made {
            bytes,
            breaks: false,
        }
    }

    fn digest(&self) -> Digest {
        digest_of(&self.bytes).parse().unwrap()
    }
}

impl BlobSource for Made {
    fn open(&mut self) -> Result<Box<dyn Read + Send + '_>> {
        struct Slow<'a>(&'a [u8], bool);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                if self.1 && self.0.len() < 1000 {
                    let error = Error::user("closure/gone", "the path is gone", "build it again");
                    return Err(std::io::Error::other(error));
                }
                let piece = buffer.len().min(10_007);
                self.0.read(&mut buffer[..piece])
            }
        }
        Ok(Box::new(Slow(&self.bytes, self.breaks)))
    }

    fn most(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn finish(&mut self) -> Result<(Digest, u64)> {
        Ok((self.digest(), self.bytes.len() as u64))
    }
}

#[expect(clippy::panic_in_result_fn, reason = "a test's assertions")]
fn streamed(registry: &Registry, made: &mut Made) -> Result<Sent> {
    let told = Mutex::new(0);
    let sent = registry.stream_blob(&name(), made, &|more| *told.lock().unwrap() += more)?;
    // Every byte is told once, however often it was sent.
    assert_eq!(*told.lock().unwrap(), sent.bytes);
    assert_eq!(
        (&sent.digest, sent.bytes),
        (&made.digest(), made.bytes.len() as u64)
    );
    Ok(sent)
}

#[test]
fn an_image_is_pushed() {
    let sim = Sim::well();
    let (registry, _) = sim.registry(None);
    let mut layer = Made::new(300_000);
    let config = b"{}";
    let digest: Digest = digest_of(config).parse().unwrap();
    assert_eq!(registry.has_blob(&name(), &digest).unwrap(), None);
    streamed(&registry, &mut layer).unwrap();
    registry.put_blob(&name(), config, &digest).unwrap();
    assert_eq!(registry.has_blob(&name(), &digest).unwrap(), Some(2));
    let from = "other/web".parse().unwrap();
    assert!(registry.mount(&name(), &digest, &from).unwrap());
    let unknown: Digest = digest_of(b"?").parse().unwrap();
    assert!(!registry.mount(&name(), &unknown, &from).unwrap());
    let put = registry
        .put_manifest(&name(), "latest", V2S2, b"{ }")
        .unwrap();
    assert_eq!(put, ManifestPut::Stored(digest_of(b"{ }").parse().unwrap()));
    let held = sim.held();
    assert_eq!(held.blobs[layer.digest().as_str()], layer.bytes);
    assert_eq!(held.manifests["latest"], b"{ }");
    assert!(held.uploads.is_empty());
    let patch = held
        .asked
        .iter()
        .find(|asked| asked.line.starts_with("PATCH"));
    assert_eq!(patch.unwrap().header("transfer-encoding"), "chunked");
    let opened = held
        .asked
        .iter()
        .find(|asked| asked.line.starts_with("POST"));
    assert_eq!(opened.unwrap().header("content-length"), "0");
    drop(held);
    assert_snapshot!(sim.lines());
}

#[test]
fn an_empty_blob_is_one() {
    let sim = Sim::well();
    streamed(&sim.registry(None).0, &mut Made::new(0)).unwrap();
    assert_eq!(sim.held().blobs.len(), 1);
}

#[test]
fn many_at_once() {
    let sim = Sim::well();
    let (registry, _) = sim.registry(None);
    std::thread::scope(|scope| {
        for length in 1..=8 {
            let registry = &registry;
            scope.spawn(move || streamed(registry, &mut Made::new(length * 50_000)).unwrap());
        }
    });
    assert_eq!(sim.held().blobs.len(), 8);
    assert!(sim.held().uploads.is_empty());
}

#[test]
fn a_cut_stream_goes_on_where_it_was_cut() {
    const LENGTH: usize = 1_500_000;
    for tenth in 1..10 {
        let sim = Sim::new(move |nth, _| match nth {
            1 => Fault::CutBody(LENGTH / 10 * tenth),
            _ => Fault::None,
        });
        let (registry, _) = sim.registry(None);
        let mut made = Made::new(LENGTH);
        streamed(&registry, &mut made).unwrap();
        let held = sim.held();
        assert_eq!(held.blobs[made.digest().as_str()], made.bytes);
        // The same upload, and no byte of it twice.
        assert_eq!(held.added, LENGTH, "{tenth}");
        let kinds: Vec<&str> = held
            .asked
            .iter()
            .map(|it| it.line.split(' ').next().unwrap())
            .collect();
        assert_eq!(kinds, ["POST", "PATCH", "GET", "PATCH", "PUT"], "{tenth}");
    }
}

#[test]
fn it_lasts_as_long_as_something_arrives() {
    const LENGTH: usize = 1_300_000;
    // Each request gets through less than a tenth.
    let sim = Sim::new(|_, asked| {
        if asked.line.starts_with("PATCH") && !asked.line.ends_with("s%3D1200000") {
            Fault::CutBody(100_000)
        } else {
            Fault::None
        }
    });
    let (registry, clock) = sim.registry(None);
    streamed(&registry, &mut Made::new(LENGTH)).unwrap();
    assert_eq!(sim.held().added, LENGTH);
    assert_eq!(clock.slept(), [1; 12]);
}

#[test]
fn an_upload_that_is_forgotten_starts_again() {
    let sim = Sim::new(|nth, _| match nth {
        1 => Fault::CutBody(200_000),
        2 => Fault::Answer(
            404,
            r#"{"errors":[{"code":"BLOB_UPLOAD_INVALID"}]}"#,
            vec![],
        ),
        _ => Fault::None,
    });
    let mut made = Made::new(500_000);
    streamed(&sim.registry(None).0, &mut made).unwrap();
    let held = sim.held();
    assert_eq!(held.blobs[made.digest().as_str()], made.bytes);
    assert!(held.uploads.is_empty());
}

#[test]
fn ctrl_c_leaves_no_upload_behind() {
    let sim = Sim::new(|_, asked| match asked.line.split(' ').next() {
        Some("PATCH") => Fault::CutBody(200_000),
        _ => Fault::None,
    });
    let (registry, clock) = sim.registry(None);
    clock.patience.set(Some(1));
    let error = streamed(&registry, &mut Made::new(500_000)).unwrap_err();
    assert_eq!(error.kind(), crate::error::Kind::Interrupted);
    assert!(sim.held().uploads.is_empty());
    assert_snapshot!(sim.lines());
}

#[test]
fn what_the_source_says_is_what_is_said() {
    let sim = Sim::well();
    let (registry, clock) = sim.registry(None);
    let mut made = Made::new(300_000);
    made.breaks = true;
    let error = streamed(&registry, &mut made).unwrap_err();
    assert_eq!(error.id(), "closure/gone");
    assert!(clock.slept().is_empty());
    assert!(sim.held().uploads.is_empty());
    let other = std::io::Error::other("disk on fire");
    assert_snapshot!(super::refusal::unreadable(other));
}

#[test]
fn a_layer_that_was_collected_is_named() {
    const BODY: &str = r#"{"errors":[
        {"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown to registry",
         "detail":{"digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}},
        {"code":"OTHER","message":"sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"},
        {"code":"BLOB_UNKNOWN",
         "message":"no sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, é sha256:b"}]}"#;
    for (status, body, expected) in [
        (400, BODY, 2),
        (
            404,
            r#"{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","detail":[1,null]}]}"#,
            0,
        ),
    ] {
        let sim = Sim::new(move |_, _| Fault::Answer(status, body, vec![]));
        let put = sim
            .registry(None)
            .0
            .put_manifest(&name(), "latest", V2S2, b"{}");
        let Ok(ManifestPut::Missing(missing)) = put else {
            panic!("{put:?}");
        };
        assert_eq!(missing.len(), expected, "{missing:?}");
    }
}
