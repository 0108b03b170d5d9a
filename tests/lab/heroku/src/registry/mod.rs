//! The front of the container registry.
//!
//! Takes docker's requests for `registry.localhost`, refuses what Heroku refuses, and passes the rest to a real registry.
//! Blobs stream through; only manifests and image configs are held. Remembers for each app which images were pushed.

pub mod error;
mod manifest;
mod path;
mod push;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};

use crate::credentials;
use crate::lab::Lab;
use crate::proxy;
use path::{Refused, Target};

/// Answers one request.
pub async fn answer(lab: &Lab, host: &str, request: Request<Body>) -> Response<Body> {
    if credentials::basic(request.headers()).as_deref() != Some(&lab.options.token) {
        return error::unauthorized();
    }
    match path::parse(request.uri().path()) {
        Ok(Target::Root) => root(),
        Ok(Target::Repository {
            app,
            kind,
            reference,
        }) => {
            if !lab.store().apps.contains_key(app) {
                return error::unauthorized();
            }
            let (app, kind) = (app.to_owned(), kind.to_owned());
            match reference
                .filter(|_| request.method() == Method::PUT)
                .map(str::to_owned)
            {
                Some(_) => push::manifest(lab, host, &app, &kind, request).await,
                None => pass(lab, host, request).await,
            }
        }
        Err(Refused::Malformed) => error::malformed(),
        Err(Refused::Unknown) => error::unauthorized(),
    }
}

fn root() -> Response<Body> {
    let mut response = Response::new(Body::from("{}"));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        "docker-distribution-api-version",
        HeaderValue::from_static("registry/2.0"),
    );
    response
}

/// Passes a request to the real registry, and its answer back so that clients stay with us.
async fn pass(lab: &Lab, host: &str, mut request: Request<Body>) -> Response<Body> {
    if let Some(app) = mounts_from(request.uri()) {
        // The real registry may still have blobs of an app that is gone.
        if !lab.settings().blob_mount || !lab.store().apps.contains_key(&app) {
            without_mount(&mut request);
        }
    }
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
    match proxy::forward(lab.options.upstream, request).await {
        Ok(mut response) => {
            stay(response.headers_mut(), host);
            response
        }
        Err(error) => {
            eprintln!("registry: {error}");
            error::of_status(StatusCode::BAD_GATEWAY)
        }
    }
}

/// Without its query a mount is the begin of an upload, which is what a registry answers that can't mount.
fn without_mount(request: &mut Request<Body>) {
    if let Ok(uri) = request.uri().path().parse() {
        *request.uri_mut() = uri;
    }
}

/// The app whose blob a request wants to mount.
fn mounts_from(uri: &Uri) -> Option<String> {
    let mut parameters = uri.query()?.split('&');
    let from = parameters.find_map(|parameter| parameter.strip_prefix("from="))?;
    let repository = from.replace("%2F", "/").replace("%2f", "/");
    Some(repository.split('/').next().unwrap_or_default().to_owned())
}

fn stay(headers: &mut HeaderMap, host: &str) {
    let location = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    if let Some(value) = location.and_then(|location| ours(location, host).parse().ok()) {
        headers.insert(header::LOCATION, value);
    }
}

/// `location` with our scheme and host in front of its path.
fn ours(location: &str, host: &str) -> String {
    let path = match location.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|slash| rest.get(slash..))
            .unwrap_or("/"),
        None => location,
    };
    format!("https://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_stay_on_the_front() {
        let upload = "https://registry.localhost/v2/a/web/blobs/uploads/1?_state=x";
        assert_eq!(
            ours(
                "http://127.0.0.1:5000/v2/a/web/blobs/uploads/1?_state=x",
                "registry.localhost"
            ),
            upload
        );
        assert_eq!(
            ours("/v2/a/web/blobs/uploads/1?_state=x", "registry.localhost"),
            upload
        );
        assert_eq!(
            ours("http://127.0.0.1:5000", "registry.localhost"),
            "https://registry.localhost/"
        );
    }

    #[test]
    fn a_mount_can_become_an_upload() {
        let mut request = Request::new(Body::empty());
        let uri = "/v2/a/web/blobs/uploads/?mount=sha256%3A1&from=my-app%2Fworker";
        *request.uri_mut() = uri.parse().unwrap();
        assert_eq!(mounts_from(request.uri()).as_deref(), Some("my-app"));
        without_mount(&mut request);
        assert_eq!(request.uri(), "/v2/a/web/blobs/uploads/");
        assert_eq!(mounts_from(request.uri()), None);
    }
}
