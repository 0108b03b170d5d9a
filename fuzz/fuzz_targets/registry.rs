//! What a registry answers: a manifest and a config of any bytes, over HTTP on loopback.
//!
//! The input is a manifest, a zero byte and a config. `CONFIG` in the manifest stands for the config's
//! true digest, so that the config is looked at too.

#![no_main]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;

use libfuzzer_sys::fuzz_target;
use nixdyno::heroku::{Credentials, Endpoints, HostSettings};
use nixdyno::names::Digest;
use nixdyno::registry::{Registry, Repository, check};
use nixdyno::secret::Secret;
use sha2::Digest as _;

/// What the server answers: the manifest and the config.
static ANSWERS: Mutex<(Vec<u8>, Vec<u8>)> = Mutex::new((Vec::new(), Vec::new()));

thread_local! {
    static REGISTRY: Registry = registry();
}

/// A registry on loopback, served by threads of this program.
fn registry() -> Registry {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(&stream));
        }
    });
    let settings = HostSettings {
        registry: Some(&host),
        ..HostSettings::default()
    };
    let (endpoints, _) = Endpoints::resolve(settings).expect("loopback is allowed");
    let credentials = Credentials {
        token: Secret::new("token"),
        source: "here".to_owned(),
    };
    Registry::new(&endpoints.registry, credentials).expect("a client")
}

/// Answers one request after the other on a connection that stays open.
fn serve(mut stream: &TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let request = lines.next()?.ok()?;
        while !lines.next()?.ok()?.is_empty() {}
        let body = {
            let answers = ANSWERS.lock().ok()?;
            if request.contains("/manifests/") {
                answers.0.clone()
            } else {
                answers.1.clone()
            }
        };
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(&[head.as_bytes(), &body].concat()).ok()?;
    }
}

fn digest(bytes: &[u8]) -> Digest {
    let hex: String = sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{hex}").parse().expect("a digest")
}

fuzz_target!(|bytes: &[u8]| {
    let mut halves = bytes.splitn(2, |byte| *byte == 0);
    let manifest = halves.next().unwrap_or_default();
    let config = halves.next().unwrap_or_default().to_vec();
    let config_digest = digest(&config);
    let manifest = match std::str::from_utf8(manifest) {
        Ok(text) => text.replace("CONFIG", config_digest.as_str()).into_bytes(),
        Err(_) => manifest.to_vec(),
    };
    let wanted = digest(&manifest);
    *ANSWERS.lock().expect("nobody panicked with it") = (manifest, config);
    let repository = Repository {
        app: "fuzz-app".parse().expect("a name"),
        process: "web".parse().expect("a name"),
    };
    let fetched = REGISTRY.with(|registry| registry.fetch_back(&repository, &wanted));
    if let Ok(image) = fetched {
        assert_eq!(image.manifest, wanted);
        assert_eq!(image.image_id, config_digest);
        let _ = check(&image);
    }
});
