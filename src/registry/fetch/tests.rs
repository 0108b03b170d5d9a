use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::heroku::testing::{Asked, FakeClock, Reply, Server, TOKEN, app, credentials};
use crate::names::{Digest, ProcessType};
use crate::registry::{Newest, PushedImage, Registry, Repository, check};

const V2S2: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = r#"{"architecture":"amd64","os":"linux","rootfs":{},
    "config":{"Cmd":["/bin/server"],"Entrypoint":null,"Env":["A=1"]}}"#;

fn digest(bytes: &str) -> Digest {
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text.parse().unwrap()
}

fn manifest(media_type: &str) -> String {
    let layer = |size| serde_json::json!({ "digest": digest("layer"), "size": size });
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": { "digest": digest(CONFIG), "size": CONFIG.len() },
        "layers": [layer(1000), layer(24)],
    })
    .to_string()
}

fn repository() -> Repository {
    Repository {
        app: app(),
        process: ProcessType::web(),
    }
}

/// Fetches back from a registry that answers by `script`.
fn fetched(server: &Server, manifest: &Digest) -> Result<PushedImage> {
    let endpoints = server.endpoints();
    let clock = Box::new(FakeClock::default());
    let registry = Registry::with_clock(&endpoints.registry, credentials(), clock).unwrap();
    registry.fetch_back(&repository(), manifest)
}

/// A registry that holds a manifest and its config, and asks for nothing.
fn holding(manifest: String) -> impl Fn(&Asked) -> Option<Reply> + Send {
    move |asked| {
        let reply = if asked.line.contains("/manifests/") {
            Reply::new(200, manifest.clone()).header("content-type", "application/json")
        } else {
            Reply::new(200, CONFIG)
        };
        Some(reply)
    }
}

/// The error of a registry that answers everything so.
fn error_of(reply: Reply) -> String {
    let server = Server::replies([reply]);
    let error = fetched(&server, &digest("x")).unwrap_err();
    server.steady(&format!("exit {}: {error}", error.kind().exit_code()))
}

#[test]
fn a_good_image() {
    let manifest = manifest(V2S2);
    let server = Server::scripted(holding(manifest.clone()));
    let image = fetched(&server, &digest(&manifest)).unwrap();
    assert_eq!(image.image_id, digest(CONFIG));
    assert_eq!((image.layers, image.compressed_bytes), (2, 1024));
    assert_eq!(image.cmd, ["/bin/server"]);
    assert!(image.entrypoint.is_empty());
    assert!(check(&image).unwrap().is_empty());

    let asked = server.asked();
    let lines: Vec<&str> = asked.iter().map(|asked| asked.line.as_str()).collect();
    assert_snapshot!(lines.join("\n"));
    let basic = format!("Basic {}", STANDARD.encode(format!("_:{TOKEN}")));
    assert!(
        asked
            .iter()
            .all(|asked| asked.header("authorization") == basic)
    );
    assert!(asked[0].header("accept").starts_with(V2S2));
}

#[test]
fn a_token_is_fetched_where_the_registry_says() {
    let manifest = manifest(V2S2);
    let wanted = digest(&manifest);
    let inner = holding(manifest);
    let server = Server::scripted(move |asked| {
        if asked.line.starts_with("GET /token") {
            assert!(asked.header("authorization").starts_with("Basic "));
            return Some(Reply::json(200, r#"{"access_token":"short-lived"}"#));
        }
        if asked.header("authorization") == "Bearer short-lived" {
            return inner(asked);
        }
        let challenge = format!(
            r#"Bearer realm="http://{}/token",service="registry",scope="repository:my-app/web:pull""#,
            asked.header("host")
        );
        Some(Reply::new(401, "").header("WWW-Authenticate", &challenge))
    });
    fetched(&server, &wanted).unwrap();
    let asked = server.asked();
    assert_eq!(
        asked[1].line,
        "GET /token?service=registry&scope=repository%3Amy-app%2Fweb%3Apull"
    );
    // Manifest and config, each refused, given a token, answered.
    assert_eq!(asked.len(), 6);
}

#[test]
fn our_token_goes_nowhere_in_the_clear() {
    let challenge = r#"Bearer realm="http://auth.example.com/token""#;
    let reply = Reply::new(401, "").header("WWW-Authenticate", challenge);
    assert_snapshot!(error_of(reply));
}

#[test]
fn a_redirect_gets_no_credentials() {
    let manifest = manifest(V2S2);
    let wanted = digest(&manifest);
    let inner = holding(manifest);
    let server = Server::scripted(move |asked| {
        if asked.line == "GET /storage?signed" {
            return Some(Reply::new(200, CONFIG));
        }
        if asked.line.contains("/blobs/") {
            return Some(Reply::new(307, "").header("Location", "/storage?signed"));
        }
        inner(asked)
    });
    fetched(&server, &wanted).unwrap();
    let last = server.asked().pop().unwrap();
    assert_eq!(
        (last.line.as_str(), last.header("authorization")),
        ("GET /storage?signed", "")
    );
}

#[test]
fn refusals() {
    let unauthorized =
        r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
    let unknown = r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#;
    let unsupported =
        r#"{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}"#;
    let replies = [
        Reply::json(401, unauthorized).header("WWW-Authenticate", "Basic realm=x"),
        Reply::json(403, r#"{"errors":[{"code":"DENIED"}]}"#),
        Reply::json(404, unknown),
        Reply::json(405, unsupported),
        Reply::new(400, ""),
        Reply::new(503, "<html>"),
        Reply::new(429, "").header("Retry-After", "100"),
        Reply::new(200, "not what was asked for"),
    ];
    let texts: Vec<String> = replies.into_iter().map(error_of).collect();
    assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn wrong_kinds_are_named() {
    let index = "application/vnd.oci.image.index.v1+json";
    let index = serde_json::json!({ "mediaType": index, "manifests": [] }).to_string();
    let server = Server::scripted(holding(index.clone()));
    let error = fetched(&server, &digest(&index)).unwrap_err();
    assert_eq!(server.asked().len(), 1);
    let mut texts = vec![server.steady(&error.to_string())];

    // An OCI image has all that an image has; it's for `check` to refuse it.
    let oci = manifest("application/vnd.oci.image.manifest.v1+json");
    let server = Server::scripted(holding(oci.clone()));
    let image = fetched(&server, &digest(&oci)).unwrap();
    texts.push(check(&image).unwrap_err().to_string());

    let server = Server::scripted(holding("no JSON".to_owned()));
    let error = fetched(&server, &digest("no JSON")).unwrap_err();
    texts.push(server.steady(&error.to_string()));
    assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn a_config_that_is_another_is_not_believed() {
    let manifest = manifest(V2S2);
    let wanted = digest(&manifest);
    let inner = holding(manifest);
    let server = Server::scripted(move |asked| {
        if asked.line.contains("/blobs/") {
            return Some(Reply::new(200, CONFIG.replace("amd64", "arm64")));
        }
        inner(asked)
    });
    let error = fetched(&server, &wanted).unwrap_err();
    assert_snapshot!(server.steady(&error.to_string()));
}

#[test]
fn too_much_is_not_read() {
    let server = Server::replies([Reply::new(200, vec![b' '; 5 << 20])]);
    let error = fetched(&server, &digest("x")).unwrap_err();
    assert_snapshot!(server.steady(&error.to_string()));
}

#[test]
fn nothing_there() {
    let server = Server::scripted(|_| None);
    let error = fetched(&server, &digest("x")).unwrap_err();
    assert_eq!(server.asked().len(), 4);
    assert_snapshot!(server.steady(&error.to_string()));
}

#[test]
fn secrets_show_nowhere() {
    let basic = STANDARD.encode(format!("_:{TOKEN}"));
    let said = format!("you sent {TOKEN} as {basic}");
    let body = serde_json::json!({ "errors": [{ "code": "X", "message": said }] }).to_string();
    for status in [400, 401, 403, 404, 405] {
        let server = Server::replies([Reply::json(status, &body)]);
        let error = fetched(&server, &digest("x")).unwrap_err();
        let shown = format!("{error} {error:?} {}", error.to_json());
        assert!(!shown.contains(TOKEN) && !shown.contains(&basic), "{shown}");
    }
}

fn newest(server: &Server) -> Result<Option<Newest>> {
    let endpoints = server.endpoints();
    let clock = Box::new(FakeClock::default());
    let registry = Registry::with_clock(&endpoints.registry, credentials(), clock).unwrap();
    registry.newest(&repository())
}

#[test]
fn the_newest_image_tells_its_layers() {
    let config = CONFIG.replace(
        r#""rootfs":{}"#,
        r#""rootfs":{"diff_ids":["sha256:a","sha256:b"]}"#,
    );
    let text = manifest(V2S2).replace(digest(CONFIG).as_str(), digest(&config).as_str());
    let (body, bytes) = (text.clone(), config.clone());
    let server = Server::scripted(move |asked| {
        let of_tag = asked.line.contains("/manifests/latest");
        Some(Reply::new(
            200,
            if of_tag { body.clone() } else { bytes.clone() },
        ))
    });
    let found = newest(&server).unwrap().unwrap();
    assert_eq!(found.manifest, digest(&text));
    assert_eq!(found.image_id, digest(&config));
    let layers = found
        .layers
        .iter()
        .map(|it| (it.diff_id.as_str(), it.bytes));
    assert_eq!(
        layers.collect::<Vec<_>>(),
        [("sha256:a", 1000), ("sha256:b", 24)]
    );
}

#[test]
fn what_has_no_layers_is_no_newest_image() {
    // A repository of which nobody has heard, a list of manifests, layers that the config doesn't tell.
    let nothing = Server::scripted(|_| Some(Reply::new(404, "{}")));
    assert_eq!(newest(&nothing).unwrap(), None);
    let list = Server::scripted(|_| Some(Reply::new(200, r#"{"manifests":[]}"#)));
    assert_eq!(newest(&list).unwrap(), None);
    let other = Server::scripted(holding(manifest(V2S2)));
    assert_eq!(newest(&other).unwrap(), None);
    let words = Server::scripted(|_| Some(Reply::new(200, "<html>")));
    assert_eq!(newest(&words).unwrap(), None);
}

/// What `latest` makes of a registry that answers so for the manifest, and so for the config.
fn latest(on_manifest: Reply, on_config: Reply) -> String {
    let server = Server::scripted(move |asked| {
        let of_tag = asked.line.contains("/manifests/latest");
        Some(if of_tag { &on_manifest } else { &on_config }.clone())
    });
    let endpoints = server.endpoints();
    let clock = Box::new(FakeClock::default());
    let registry = Registry::with_clock(&endpoints.registry, credentials(), clock).unwrap();
    match registry.latest(&repository().name().unwrap(), "latest") {
        Ok(Some(found)) => {
            assert_eq!(found.config, CONFIG.as_bytes());
            format!("there, {}", found.manifest.len())
        }
        Ok(None) => "nothing".to_owned(),
        Err(error) => error.id().to_owned(),
    }
}

#[test]
fn the_latest_image_is_only_a_hint() {
    let huge = || Reply::new(200, vec![b' '; 5 << 20]);
    let good = || Reply::new(200, manifest(V2S2));
    let status = |status| Reply::new(status, "{}");
    let rows = [
        ("as it should be", good(), Reply::new(200, CONFIG)),
        ("no manifest", status(404), status(500)),
        ("another kind", status(400), status(500)),
        ("huge", huge(), status(500)),
        ("words", Reply::new(200, "<html>"), status(500)),
        ("not ours", status(403), status(500)),
        ("out of order", status(500), status(404)),
        ("no config", good(), status(404)),
        ("a huge config", good(), huge()),
        ("a refused config", good(), status(400)),
        ("another config", good(), Reply::new(200, "{}")),
        ("a config that isn't ours", good(), status(403)),
        ("a config out of order", good(), status(503)),
    ];
    let rows =
        rows.map(|(named, manifest, config)| format!("{named}: {}", latest(manifest, config)));
    assert_snapshot!(rows.join("\n"));
}
