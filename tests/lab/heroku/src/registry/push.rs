//! The last step of a push: the manifest.
//!
//! Takes the request that puts it; checks it, passes it on, and remembers the image when the real registry has taken it.

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use sha2::{Digest, Sha256};

use super::manifest::{self, Accepted, Refused, Runs};
use super::{error, pass};
use crate::lab::Lab;
use crate::model::image::Image;
use crate::proxy;

/// The protocol's own limit for manifests; configs with long histories fit too.
const LONGEST: usize = 4 << 20;

/// Takes a manifest for `app/kind`.
pub async fn manifest(
    lab: &Lab,
    host: &str,
    app: &str,
    kind: &str,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        return error::invalid("manifest too large");
    };
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok())
        .unwrap_or_default();
    let checked = match manifest::check(content_type, &bytes) {
        Ok(accepted) => config(lab, app, kind, &accepted)
            .await
            .map(|runs| (accepted, runs)),
        Err(refused) => Err(refused),
    };
    let (accepted, runs) = match checked {
        Ok(checked) => checked,
        Err(Refused::Unsupported) => return error::unsupported(),
        Err(Refused::Invalid(message)) => return error::invalid(&message),
    };
    let digest = format!("sha256:{:x}", Sha256::digest(&bytes));
    let response = pass(lab, host, Request::from_parts(parts, Body::from(bytes))).await;
    if response.status() == StatusCode::CREATED {
        remember(lab, app, kind, image(app, kind, digest, accepted, runs));
    }
    response
}

fn image(app: &str, kind: &str, manifest_digest: String, accepted: Accepted, runs: Runs) -> Image {
    Image {
        repository: format!("{app}/{kind}"),
        config_digest: accepted.config_digest,
        manifest_digest,
        architecture: runs.architecture,
        layers: accepted.layers,
        entrypoint: runs.entrypoint,
        command: runs.command,
    }
}

fn remember(lab: &Lab, app: &str, kind: &str, image: Image) {
    if let Some(app) = lab.store().apps.get_mut(app) {
        let images = app.pushed.entry(kind.to_owned()).or_default();
        images.insert(image.config_digest.clone(), image);
    }
}

/// Fetches and reads the image config, which was uploaded before its manifest.
async fn config(lab: &Lab, app: &str, kind: &str, accepted: &Accepted) -> Result<Runs, Refused> {
    let unknown = || {
        Refused::Invalid(format!(
            "blob unknown to registry: {}",
            accepted.config_digest
        ))
    };
    let uri = format!("/v2/{app}/{kind}/blobs/{}", accepted.config_digest);
    let request = Request::get(uri)
        .header(header::HOST, "upstream")
        .body(Body::empty())
        .map_err(|_| unknown())?;
    let response = proxy::forward(lab.options.upstream, request)
        .await
        .map_err(Refused::Invalid)?;
    if response.status() != StatusCode::OK {
        return Err(unknown());
    }
    let bytes = to_bytes(response.into_body(), LONGEST)
        .await
        .map_err(|_| unknown())?;
    manifest::runs(&bytes)
}
