//! Reads from a registry in whatever way it wants to be asked.
//!
//! Heroku's takes Basic with the user `_`, but clients have met tokens by scope as well, so what the
//! registry says in `WWW-Authenticate` counts, anew for every request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use url::Url;

use crate::error::{Error, Result};
use crate::heroku::endpoints::is_loopback;
use crate::heroku::net::{Answer, Failure, Method, Net, Repeat, Request};
use crate::heroku::refusal::{quote, untrusted};
use crate::heroku::{Credentials, RegistryHost};
use crate::secret::Secret;

use super::challenge::{self, Challenge};
use super::refusal;

/// The largest answer of a token server.
const LARGEST_TOKEN: u64 = 1024 * 1024;

/// One way to say who asks.
struct Authorization {
    scheme: &'static str,
    value: Secret,
}

/// A registry and who asks it.
pub(super) struct Reader {
    pub(super) net: Net,
    pub(super) host: RegistryHost,
    pub(super) credentials: Credentials,
}

impl Reader {
    /// Reads `path`, authenticated; any answer but 2xx is an error.
    pub(super) fn get(&self, path: &str, accept: &str, limit: u64) -> Result<Answer> {
        let url = format!("{}{path}", self.host.base());
        let mut by = self.basic();
        let mut answer = self.ask(&url, accept, limit, &by)?;
        if answer.status == 401
            && let Some(challenge) = bearer_challenge(&answer)
        {
            by = self.bearer(&challenge, &url)?;
            answer = self.ask(&url, accept, limit, &by)?;
        }
        if (200..=299).contains(&answer.status) {
            return Ok(answer);
        }
        let reason = self.quote(&refusal::reason(&answer.body), &by);
        Err(refusal::refused(answer.status, &reason, &self.credentials.source).at(url))
    }

    fn basic(&self) -> Authorization {
        let pair = format!("_:{}", self.credentials.token.reveal());
        Authorization {
            scheme: "Basic",
            value: Secret::new(&STANDARD.encode(pair)),
        }
    }

    /// Somebody else's text without any form of our token: servers do echo headers.
    fn quote(&self, text: &str, by: &Authorization) -> String {
        let basic = self.basic().value;
        quote(text, &[&self.credentials.token, &basic, &by.value])
    }

    fn ask(&self, url: &str, accept: &str, limit: u64, by: &Authorization) -> Result<Answer> {
        let request = Request {
            method: Method::Get,
            url: url.to_owned(),
            headers: vec![
                ("accept", accept.to_owned()),
                (
                    "authorization",
                    format!("{} {}", by.scheme, by.value.reveal()),
                ),
            ],
            body: None,
            repeat: Repeat::Freely,
            limit,
            // Registries keep blobs elsewhere, at addresses that carry their own permission.
            redirects: true,
        };
        self.net.send(&request).map_err(|failure| match failure {
            Failure::Stopped(error) => error,
            Failure::Network { what, .. } => refusal::unreachable(&self.quote(&what, by)).at(url),
            Failure::Untrusted { what } => untrusted(&what).at(url),
            Failure::TooLarge { limit } => Error::user(
                "registry/refused",
                format!("the registry's answer is longer than {limit} bytes"),
                "check that the address is a registry",
            )
            .at(url),
        })
    }

    /// Gets the token a Bearer challenge asks for.
    fn bearer(&self, challenge: &Challenge, url: &str) -> Result<Authorization> {
        #[derive(Default, Deserialize)]
        struct Token {
            #[serde(default)]
            token: Option<String>,
            #[serde(default)]
            access_token: Option<String>,
        }
        let refuse = |why: &str| {
            Error::user(
                "registry/refused",
                format!("the registry wants a token, but {why}"),
                "check the address given by `--registry`",
            )
            .at(url)
        };
        let realm = token_url(challenge)
            .ok_or_else(|| refuse("doesn't say where to get it over an encrypted connection"))?;
        let basic = self.basic();
        let answer = self.ask(realm.as_str(), "application/json", LARGEST_TOKEN, &basic)?;
        if !(200..=299).contains(&answer.status) {
            let reason = self.quote(&refusal::reason(&answer.body), &basic);
            let source = &self.credentials.source;
            return Err(refusal::refused(answer.status, &reason, source).at(realm));
        }
        let token: Token = serde_json::from_slice(&answer.body).unwrap_or_default();
        let value = token
            .token
            .or(token.access_token)
            .filter(|token| !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic()))
            .ok_or_else(|| refuse("what it points to gives none"))?;
        Ok(Authorization {
            scheme: "Bearer",
            value: Secret::new(&value),
        })
    }
}

fn bearer_challenge(answer: &Answer) -> Option<Challenge> {
    answer
        .headers
        .get_all("www-authenticate")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(challenge::parse)
        .find(|challenge| challenge.scheme == "bearer")
}

/// Where a token is to be had; our own token goes there, so never in the clear.
fn token_url(challenge: &Challenge) -> Option<Url> {
    let mut url = Url::parse(challenge.fields.get("realm")?).ok()?;
    if url.scheme() != "https" && !is_loopback(&url) {
        return None;
    }
    for name in ["service", "scope"] {
        if let Some(value) = challenge.fields.get(name) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    Some(url)
}
