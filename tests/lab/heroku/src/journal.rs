//! What was asked of the loopback (`GET /requests`).
//!
//! Takes each request and the status of its answer. Never keeps a body or a credential.

use axum::http::{HeaderMap, HeaderName, header};
use serde::Serialize;

use crate::fault::Place;
use crate::ids;

/// A test that needs more should forget in between.
const KEPT: usize = 20_000;

/// One request. `status` is absent while it is being answered, and for one that never was.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// When it came.
    pub time: String,
    /// Which server it reached.
    #[serde(rename = "where")]
    pub place: Place,
    /// The host it named.
    pub host: String,
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub path: String,
    /// `Accept`.
    pub accept: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Range`.
    pub range: Option<String>,
    /// `User-Agent`.
    pub user_agent: Option<String>,
    /// `Request-Id`.
    pub request_id: Option<String>,
    /// The scheme of `Authorization`; never what follows it.
    pub authorization: Option<String>,
    /// Whether a second factor came with it.
    pub second_factor: bool,
    /// The answer's status.
    pub status: Option<u16>,
}

impl Entry {
    /// The entry for a request with these headers.
    pub fn new(place: Place, method: &str, path: &str, headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let scheme = |value: String| value.split(' ').next().map(str::to_owned);
        Self {
            time: ids::log_time(),
            place,
            host: text(header::HOST).unwrap_or_default(),
            method: method.to_owned(),
            path: path.to_owned(),
            accept: text(header::ACCEPT),
            content_type: text(header::CONTENT_TYPE),
            range: text(header::RANGE),
            user_agent: text(header::USER_AGENT),
            request_id: text(HeaderName::from_static("request-id")),
            authorization: text(header::AUTHORIZATION).and_then(scheme),
            second_factor: headers.contains_key("heroku-two-factor-code"),
            status: None,
        }
    }
}

/// All requests since the start or the last `DELETE /requests`.
#[derive(Debug, Default)]
pub struct Journal {
    entries: Vec<Entry>,
    forgotten: usize,
}

impl Journal {
    /// Adds a request; gives the ticket for [`Journal::answered`].
    pub fn asked(&mut self, entry: Entry) -> usize {
        if self.entries.len() >= KEPT {
            self.clear();
        }
        self.entries.push(entry);
        self.forgotten + self.entries.len() - 1
    }

    /// Notes the answer's status.
    pub fn answered(&mut self, ticket: usize, status: u16) {
        let entry = ticket
            .checked_sub(self.forgotten)
            .and_then(|index| self.entries.get_mut(index));
        if let Some(entry) = entry {
            entry.status = Some(status);
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.forgotten += self.entries.len();
        self.entries.clear();
    }

    /// What was asked, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_kept() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, "Bearer secret".parse().unwrap());
        let entry = Entry::new(Place::Api, "GET", "/account", &headers);
        assert_eq!(entry.authorization.as_deref(), Some("Bearer"));
        assert!(!serde_json::to_string(&entry).unwrap().contains("secret"));
    }

    #[test]
    fn an_answer_to_a_forgotten_request_is_dropped() {
        let mut journal = Journal::default();
        let entry = Entry::new(Place::Api, "GET", "/", &HeaderMap::new());
        let old = journal.asked(entry.clone());
        journal.clear();
        let new = journal.asked(entry);
        journal.answered(old, 500);
        assert_eq!(journal.entries()[0].status, None);
        journal.answered(new, 200);
        assert_eq!(journal.entries()[0].status, Some(200));
    }
}
