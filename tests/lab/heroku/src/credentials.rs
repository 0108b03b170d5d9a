//! The `Authorization` header.
//!
//! Takes headers, gives the token in them. Never says whether it is valid.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The token of a `Bearer` header, or the password of a `Basic` one: Heroku takes any user name with an API key.
pub fn token(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().to_owned()),
        "basic" => password(rest.trim()),
        _ => None,
    }
}

/// As [`token`], but only from a `Basic` header, which is all that the registry takes.
pub fn basic(headers: &HeaderMap) -> Option<String> {
    let scheme = headers.get(header::AUTHORIZATION)?.as_bytes().get(..6)?;
    scheme
        .eq_ignore_ascii_case(b"basic ")
        .then(|| token(headers))
        .flatten()
}

fn password(encoded: &str) -> Option<String> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    decoded
        .split_once(':')
        .map(|(_, password)| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])
    }

    fn encoded(text: &str) -> HeaderMap {
        headers(&format!("Basic {}", BASE64_STANDARD.encode(text)))
    }

    #[test]
    fn any_user_name_will_do() {
        for user in ["", "_", "me@example.com"] {
            assert_eq!(token(&encoded(&format!("{user}:T"))).as_deref(), Some("T"));
        }
        assert_eq!(token(&headers("Bearer T")).as_deref(), Some("T"));
        assert_eq!(token(&headers("bearer T")).as_deref(), Some("T"));
    }

    #[test]
    fn nonsense_has_no_token() {
        for bad in ["", "T", "Basic", "Basic ???", "Digest T"] {
            assert_eq!(token(&headers(bad)), None, "{bad}");
        }
        assert_eq!(token(&encoded("no colon")), None);
        assert_eq!(token(&HeaderMap::new()), None);
    }

    #[test]
    fn the_registry_takes_basic_only() {
        assert_eq!(basic(&headers("Bearer T")), None);
        assert_eq!(basic(&encoded("_:T")).as_deref(), Some("T"));
    }
}
