//! Refusals as registries write them.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::api::error::json_response;

fn refusal(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    json_response(
        status,
        &json!({ "errors": [{ "code": code, "message": message }] }),
    )
}

/// Wrong credentials, and also somebody else's app or none.
pub fn unauthorized() -> Response<Body> {
    let mut response = refusal(
        StatusCode::UNAUTHORIZED,
        "UNAUTHORIZED",
        "authentication required",
    );
    let realm = HeaderValue::from_static("Basic realm=\"Heroku Container Registry\"");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, realm);
    response
}

/// A repository that can't be one: users see docker stumble over the empty body.
pub fn malformed() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// Anything but a Docker image manifest of version 2, schema 2.
pub fn unsupported() -> Response<Body> {
    refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        "UNSUPPORTED",
        "The operation is unsupported.",
    )
}

/// An image that no dyno could run.
pub fn invalid(message: &str) -> Response<Body> {
    refusal(StatusCode::BAD_REQUEST, "MANIFEST_INVALID", message)
}

/// The answer of a fault that names only a status.
pub fn of_status(status: StatusCode) -> Response<Body> {
    match status.as_u16() {
        401 => unauthorized(),
        404 => refusal(
            status,
            "NAME_UNKNOWN",
            "repository name not known to registry",
        ),
        405 => unsupported(),
        429 => refusal(status, "TOOMANYREQUESTS", "too many requests"),
        502.. => refusal(status, "UNAVAILABLE", "service unavailable"),
        _ => refusal(status, "UNKNOWN", "unknown error"),
    }
}
