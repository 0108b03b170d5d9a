//! Refusals in Heroku's words.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};

/// A refusal: the status, a stable id, and a message for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    id: &'static str,
    message: String,
    url: Option<&'static str>,
}

/// What a handler gives.
pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    fn new(status: StatusCode, id: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            id,
            message: message.into(),
            url: None,
        }
    }

    /// 404: `Couldn't find that THING.`
    pub fn not_found(thing: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("Couldn't find that {thing}."),
        )
    }

    /// 422: something in the request isn't acceptable.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_params", message)
    }

    /// 400: the body can't be read.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// 416: the `Range` can't be read.
    pub fn bad_range() -> Self {
        Self::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "requested_range_not_satisfiable",
            "Unable to parse Range header.",
        )
    }

    /// 401.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Invalid credentials provided.",
        )
    }

    /// 403 until the second factor is given.
    pub fn two_factor() -> Self {
        let message = "A second authentication factor or pre-authorization is required for this request. Your account has either two-factor or a Yubikey registered.";
        Self::new(StatusCode::FORBIDDEN, "two_factor", message)
    }

    /// 406: no version that exists was asked for.
    pub fn not_acceptable() -> Self {
        let message = "Resource is unavailable in the provided format. Use an Accept header of application/vnd.heroku+json; version=3.";
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
    }

    /// The refusal that Heroku gives with `status`, for faults that name only a status.
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::unauthorized(),
            404 => Self::not_found("resource"),
            429 => Self {
                url: Some(
                    "https://devcenter.heroku.com/articles/platform-api-reference#rate-limits",
                ),
                ..Self::new(
                    status,
                    "rate_limit",
                    "Your account has reached the API rate limit\nPlease wait a few minutes before making new requests",
                )
            },
            503 => Self::new(status, "maintenance", "API is temporarily unavailable."),
            500.. => Self::new(status, "internal_server_error", "Internal server error."),
            _ => Self::new(status, "invalid_params", "The request was refused."),
        }
    }

    /// The body, as the API writes it.
    pub fn body(&self) -> Value {
        let mut body = json!({ "id": self.id, "message": self.message });
        if let (Some(url), Value::Object(body)) = (self.url, &mut body) {
            body.insert("url".to_owned(), url.into());
        }
        body
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let mut response = json_response(self.status, &self.body());
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response
                .headers_mut()
                .insert("ratelimit-remaining", HeaderValue::from_static("0"));
        }
        response
    }
}

/// An answer of the API with this body.
pub fn json_response(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_limit_says_so_in_body_and_header() {
        let refusal = Refusal::of_status(StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refusal.body()["id"], "rate_limit");
        assert!(refusal.body()["url"].is_string());
        let response = refusal.into_response();
        assert_eq!(
            response
                .headers()
                .get("ratelimit-remaining")
                .map(HeaderValue::as_bytes),
            Some(&b"0"[..])
        );
    }

    #[test]
    fn the_bodies_are_herokus() {
        let body = json!({"id": "unauthorized", "message": "Invalid credentials provided."});
        assert_eq!(Refusal::unauthorized().body(), body);
        assert_eq!(
            Refusal::not_found("app").body()["message"],
            "Couldn't find that app."
        );
    }
}
