//! Every request's way in.
//!
//! Takes a request from a listener; notes it, lets a fault meet it, and passes it to the part that its host names. Never
//! answers for that part itself.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;

use crate::api::error::{Refusal, json_response};
use crate::cut::{self, Cut};
use crate::fault::{Action, Asked, Effects, Place, Word};
use crate::journal::Entry;
use crate::lab::Lab;
use crate::{api, registry, router, sources, streams};

/// The only second factor that is right.
const SECOND_FACTOR: &str = "123456";

/// What the listeners share.
#[derive(Debug)]
pub struct Front {
    lab: Arc<Lab>,
    api: Router,
}

impl Front {
    /// The way into this lab.
    pub fn new(lab: Arc<Lab>) -> Self {
        Self {
            api: api::router(Arc::clone(&lab)),
            lab,
        }
    }

    /// Answers a request, unless the connection shall break.
    pub async fn answer(
        &self,
        default: Place,
        request: Request<Body>,
    ) -> Result<Response<Body>, Cut> {
        let host = host(&request);
        let place = place(default, &host);
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        let entry = Entry::new(place, request.method().as_str(), path, request.headers());
        let ticket = self.lab.journal().asked(entry);
        let answer = self.meet(place, &host, request).await;
        if let Ok(response) = &answer {
            self.lab
                .journal()
                .answered(ticket, response.status().as_u16());
        }
        answer
    }

    async fn meet(
        &self,
        place: Place,
        host: &str,
        request: Request<Body>,
    ) -> Result<Response<Body>, Cut> {
        let effects = match self.fault(place, &request) {
            None => Effects::default(),
            Some(Action::Word(Word::TwoFactor)) => return Ok(Refusal::two_factor().into_response()),
            Some(Action::Word(Word::Hang)) => std::future::pending().await,
            Some(Action::Effects(effects)) => effects,
        };
        tokio::time::sleep(Duration::from_millis(effects.delay_ms.unwrap_or(0))).await;
        if let Some(status) = effects.status {
            return Ok(made_up(place, status, &effects));
        }
        match effects.cut_after_bytes {
            None => Ok(self.dispatch(place, host, request).await),
            Some(bytes) => self.cut(place, host, request, bytes).await,
        }
    }

    async fn cut(
        &self,
        place: Place,
        host: &str,
        request: Request<Body>,
        bytes: usize,
    ) -> Result<Response<Body>, Cut> {
        if !uploads(request.headers()) {
            let response = self.dispatch(place, host, request).await;
            return if bytes == 0 {
                Err(Cut)
            } else {
                Ok(response.map(|body| cut::after(body, bytes).0))
            };
        }
        let (parts, body) = request.into_parts();
        let (body, broke) = cut::after(body, bytes);
        let response = self
            .dispatch(place, host, Request::from_parts(parts, body))
            .await;
        if broke.happened() {
            Err(Cut)
        } else {
            Ok(response)
        }
    }

    fn fault(&self, place: Place, request: &Request<Body>) -> Option<Action> {
        let path = request.uri().path();
        let app = path
            .strip_prefix("/apps/")
            .and_then(|rest| rest.split('/').next());
        let store = self.lab.store();
        let in_advance = app.is_some_and(|app| store.preauthorized.contains(app))
            || path.ends_with("/pre-authorizations");
        drop(store);
        let second_factor = in_advance || has_second_factor(request.headers());
        let asked = Asked {
            place,
            method: request.method().as_str(),
            path,
            second_factor,
        };
        self.lab.faults().take(&asked)
    }

    async fn dispatch(&self, place: Place, host: &str, request: Request<Body>) -> Response<Body> {
        match place {
            Place::Api => api::answer(&self.lab, &self.api, request).await,
            Place::Registry => registry::answer(&self.lab, host, request).await,
            Place::Stream => streams::answer(&self.lab, host, &request),
            Place::Source => sources::answer(&self.lab, request).await,
            Place::App => router::answer(&self.lab, host, request).await,
        }
    }
}

/// Whether the right second factor came with the request.
pub fn has_second_factor(headers: &HeaderMap) -> bool {
    headers
        .get("heroku-two-factor-code")
        .is_some_and(|code| code.as_bytes() == SECOND_FACTOR.as_bytes())
}

fn host(request: &Request<Body>) -> String {
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = named.or(request.uri().host()).unwrap_or_default();
    host.split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// The host decides; the listener does for a host that is nobody's, such as an address.
fn place(default: Place, host: &str) -> Place {
    match host {
        "api.localhost" | "localhost" => Place::Api,
        "registry.localhost" => Place::Registry,
        api::OUTPUT_HOST | api::LOGS_HOST => Place::Stream,
        sources::HOST => Place::Source,
        app if app.ends_with(".localhost") => Place::App,
        _ => default,
    }
}

fn uploads(headers: &HeaderMap) -> bool {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .is_some_and(|length| length.as_bytes() != b"0");
    length || headers.contains_key(header::TRANSFER_ENCODING)
}

fn made_up(place: Place, status: u16, effects: &Effects) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match (&effects.body, place) {
        (Some(body), _) => json_response(status, body),
        (None, Place::Registry) => registry::error::of_status(status),
        (None, _) => Refusal::of_status(status).into_response(),
    };
    if status == StatusCode::TOO_MANY_REQUESTS {
        response
            .headers_mut()
            .insert("ratelimit-remaining", HeaderValue::from_static("0"));
    }
    for (name, value) in &effects.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_name_the_part() {
        assert_eq!(place(Place::Registry, "api.localhost"), Place::Api);
        assert_eq!(place(Place::Api, "registry.localhost"), Place::Registry);
        assert_eq!(place(Place::Api, "logs.localhost"), Place::Stream);
        assert_eq!(place(Place::Api, "sources.localhost"), Place::Source);
        assert_eq!(place(Place::Api, "my-app.localhost"), Place::App);
        assert_eq!(place(Place::Registry, "127.0.0.2"), Place::Registry);
    }

    #[test]
    fn made_up_answers_look_like_the_place_they_come_from() {
        let limited = made_up(Place::Api, 429, &Effects::default());
        assert_eq!(
            (
                limited.status().as_u16(),
                limited.headers()["ratelimit-remaining"].as_bytes()
            ),
            (429, &b"0"[..])
        );
        let headers = [("Retry-After".to_owned(), "7".to_owned())].into();
        let busy = made_up(
            Place::Registry,
            503,
            &Effects {
                headers,
                ..Effects::default()
            },
        );
        assert_eq!(
            (
                busy.status().as_u16(),
                busy.headers()["retry-after"].as_bytes()
            ),
            (503, &b"7"[..])
        );
    }
}
