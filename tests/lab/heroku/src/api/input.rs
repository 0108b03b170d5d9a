//! What a request gives a handler.
//!
//! Takes the request, gives its JSON and the version of the API that it asked for. Never holds more than a megabyte.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Response, StatusCode, header};
use serde_json::{Map, Value};

use super::error::{Answer, Refusal, json_response};
use crate::rules::range::{Page, Range};

const LONGEST: usize = 1 << 20;

/// The object in a request's body; an empty body is an empty object.
#[derive(Debug)]
pub struct Input(pub Map<String, Value>);

impl<S: Sync> FromRequest<S> for Input {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Answer<Self> {
        let refuse = || Refusal::bad_request("Unable to parse the JSON in your request's body.");
        let bytes = to_bytes(request.into_body(), LONGEST)
            .await
            .map_err(|_| refuse())?;
        if bytes.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            _ => Err(refuse()),
        }
    }
}

impl Input {
    /// The text in `field`; `None` when it is absent or null.
    pub fn text(&self, field: &str) -> Answer<Option<&str>> {
        text(&self.0, field)
    }

    /// The text in `field`, which must be there.
    pub fn required(&self, field: &str) -> Answer<&str> {
        self.text(field)?
            .ok_or_else(|| Refusal::invalid(format!("Require params: {field}.")))
    }

    /// The switch in `field`; `None` when it is absent or null.
    pub fn switch(&self, field: &str) -> Answer<Option<bool>> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(switch)) => Ok(Some(*switch)),
            Some(_) => Err(Refusal::invalid(format!("{field} must be true or false."))),
        }
    }
}

/// The text in a field of any object.
pub fn text<'a>(object: &'a Map<String, Value>, field: &str) -> Answer<Option<&'a str>> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(format!("{field} must be a string."))),
    }
}

/// A name or id that may be given plainly or as `{"name": …}` or `{"id": …}`.
pub fn identity<'a>(object: &'a Map<String, Value>, field: &str) -> Answer<Option<&'a str>> {
    match object.get(field) {
        Some(Value::Object(inner)) => Ok(text(inner, "name")?.or(text(inner, "id")?)),
        _ => text(object, field),
    }
}

/// The variant of version 3 that `Accept` asks for, such as `sdk`; empty for plain 3, `None` for anything else.
pub fn variant(headers: &HeaderMap) -> Option<&str> {
    let accept = headers.get(header::ACCEPT)?.to_str().ok()?;
    let (kind, parameters) = accept.split_once(';')?;
    if kind.trim() != "application/vnd.heroku+json" {
        return None;
    }
    let versions = parameters
        .split(';')
        .filter_map(|parameter| parameter.trim().strip_prefix("version="));
    let (major, variant) = versions
        .map(|version| version.split_once('.').unwrap_or((version, "")))
        .next()?;
    (major == "3").then_some(variant)
}

/// Answers a list: one page as `Range` asks, 206 when there is more.
pub fn list(headers: &HeaderMap, field: &str, items: &[(u64, Value)]) -> Answer<Response<Body>> {
    let asked = headers
        .get(header::RANGE)
        .map(|range| range.to_str().ok().and_then(Range::parse));
    let range = match asked {
        None => Range::whole(field),
        Some(range) => range.ok_or_else(Refusal::bad_range)?,
    };
    let Page { keys, next } = range.page(items.iter().map(|(key, _)| *key));
    let find = |key: &u64| {
        items
            .iter()
            .find(|(other, _)| other == key)
            .map(|(_, item)| item.clone())
    };
    let body: Vec<Value> = keys.iter().filter_map(find).collect();
    let status = if next.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let mut response = json_response(status, &body.into());
    if let (Some(first), Some(last)) = (keys.first(), keys.last()) {
        insert(
            &mut response,
            "content-range",
            &format!("{field} {first}..{last}"),
        );
    }
    if let Some(next) = next {
        insert(&mut response, "next-range", &next);
    }
    Ok(response)
}

fn insert(response: &mut Response<Body>, name: &'static str, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        variant(&headers).map(str::to_owned)
    }

    #[test]
    fn versions_as_heroku_names_them() {
        assert_eq!(
            accept("application/vnd.heroku+json; version=3").as_deref(),
            Some("")
        );
        assert_eq!(
            accept("application/vnd.heroku+json; version=3.sdk").as_deref(),
            Some("sdk")
        );
        assert_eq!(
            accept("application/vnd.heroku+json;version=3.docker-releases").as_deref(),
            Some("docker-releases")
        );
        for bad in [
            "*/*",
            "application/json",
            "application/vnd.heroku+json",
            "application/vnd.heroku+json; version=2",
            "application/json; version=3",
        ] {
            assert_eq!(accept(bad), None, "{bad}");
        }
    }

    #[test]
    fn lists_are_partial_when_there_is_more() {
        let items = || {
            (1..=3)
                .map(|key| (key, Value::from(key)))
                .collect::<Vec<_>>()
        };
        let mut headers = HeaderMap::new();
        assert_eq!(list(&headers, "version", &items()).unwrap().status(), 200);
        headers.insert(
            header::RANGE,
            "version ..; max=1, order=desc".parse().unwrap(),
        );
        let response = list(&headers, "version", &items()).unwrap();
        assert_eq!(response.status(), 206);
        assert_eq!(
            response.headers()["next-range"],
            "version ]3..; max=1, order=desc"
        );
        headers.insert(header::RANGE, "nonsense".parse().unwrap());
        assert_eq!(
            list(&headers, "version", &items()).unwrap_err(),
            Refusal::bad_range()
        );
    }
}
