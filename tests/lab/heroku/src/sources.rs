//! The place where sources lie: `sources.localhost`, as a store of files with signed addresses is.
//!
//! Takes `PUT` and `GET` of an address that `/sources` gave. Refuses what such a store refuses: another credential beside
//! the signature, a type that was not signed, an upload of unknown length.

use std::path::PathBuf;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use futures_util::StreamExt;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use crate::lab::Lab;
use crate::model::Store;

/// The host of sources.
pub const HOST: &str = "sources.localhost";
const SIGNATURE: &str = "X-Amz-Expires=3600&X-Amz-Signature=";

/// The address of a source.
pub fn url(id: &str, signature: &str) -> String {
    format!("https://{HOST}/{id}?{SIGNATURE}{signature}")
}

/// The tarball at an address to read from, if there is one.
pub fn readable(store: &Store, address: &str) -> Option<PathBuf> {
    let found = store
        .sources
        .iter()
        .find(|(id, source)| url(id, &source.get_signature) == address);
    found.and_then(|(_, source)| source.file.clone())
}

/// Answers one request.
pub async fn answer(lab: &Lab, request: Request<Body>) -> Response<Body> {
    let id = request.uri().path().trim_start_matches('/').to_owned();
    let query = request.uri().query().unwrap_or_default();
    let signature = query.strip_prefix(SIGNATURE).unwrap_or_default();
    let source = lab.store().sources.get(&id).cloned();
    let signed = source.is_some_and(|source| source.put_signature == signature);
    if request.method() != Method::PUT || !signed {
        return refuse(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    if let Err((status, code)) = acceptable(request.headers()) {
        return refuse(status, code);
    }
    let path = lab.options.state.join(format!("source-{id}.tgz"));
    if write(&path, request.into_body()).await.is_err() {
        return refuse(StatusCode::BAD_REQUEST, "IncompleteBody");
    }
    if let Some(source) = lab.store().sources.get_mut(&id) {
        source.file = Some(path);
    }
    Response::new(Body::empty())
}

fn acceptable(headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err((StatusCode::BAD_REQUEST, "InvalidArgument"));
    }
    let kind = headers.get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| !kind.is_empty()) {
        return Err((StatusCode::FORBIDDEN, "SignatureDoesNotMatch"));
    }
    if !headers.contains_key(header::CONTENT_LENGTH) {
        return Err((StatusCode::LENGTH_REQUIRED, "MissingContentLength"));
    }
    Ok(())
}

async fn write(path: &PathBuf, body: Body) -> std::io::Result<()> {
    let mut file = File::create(path).await?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        file.write_all(&chunk.map_err(std::io::Error::other)?)
            .await?;
    }
    file.flush().await
}

/// A refusal as such stores write it.
fn refuse(status: StatusCode, code: &str) -> Response<Body> {
    let text = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_signed_is_refused() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect::<HeaderMap>()
        };
        let length = ("content-length", "5");
        assert!(acceptable(&headers(&[length])).is_ok());
        assert!(acceptable(&headers(&[length, ("content-type", "")])).is_ok());
        for bad in [
            &[length, ("authorization", "Bearer x")][..],
            &[length, ("content-type", "application/gzip")],
            &[("transfer-encoding", "chunked")],
        ] {
            assert!(acceptable(&headers(bad)).is_err(), "{bad:?}");
        }
    }
}
