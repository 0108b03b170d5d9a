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
use crate::heroku::refusal::quote;
use crate::heroku::{Credentials, RegistryHost};
use crate::secret::Secret;

use super::challenge::{self, Challenge};
use super::refusal;

/// The largest answer of a token server.
const LARGEST_TOKEN: u64 = 1024 * 1024;

/// A registry and who asks it.
pub(super) struct Session {
    pub(super) net: Net,
    pub(super) host: RegistryHost,
    pub(super) credentials: Credentials,
}

impl Session {
    /// Reads `path`, authenticated; any answer but 2xx is an error.
    pub(super) fn get(&self, path: &str, accept: &str, limit: u64) -> Result<Answer> {
        let url = format!("{}{path}", self.host.base());
        let basic = self.basic();
        let mut answer = self.ask(&url, accept, limit, &basic)?;
        let mut secrets = vec![&self.credentials.token, &basic];
        let bearer;
        if answer.status == 401
            && let Some(challenge) = bearer_challenge(&answer)
        {
            bearer = Secret::new(&format!("Bearer {}", self.token(&challenge, &url)?));
            answer = self.ask(&url, accept, limit, &bearer)?;
            secrets.push(&bearer);
        }
        if (200..=299).contains(&answer.status) {
            return Ok(answer);
        }
        let reason = quote(&refusal::reason(&answer.body), &secrets);
        Err(refusal::refused(answer.status, &reason, &self.credentials.source).at(url))
    }

    fn basic(&self) -> Secret {
        let pair = format!("_:{}", self.credentials.token.reveal());
        Secret::new(&format!("Basic {}", STANDARD.encode(pair)))
    }

    fn ask(&self, url: &str, accept: &str, limit: u64, authorization: &Secret) -> Result<Answer> {
        let request = Request {
            method: Method::Get,
            url: url.to_owned(),
            headers: vec![
                ("accept", accept.to_owned()),
                ("authorization", authorization.reveal().to_owned()),
            ],
            body: None,
            repeat: Repeat::Freely,
            limit,
        };
        self.net.send(&request).map_err(|failure| match failure {
            Failure::Stopped(error) => error,
            Failure::Network { what, .. } | Failure::Untrusted { what } => {
                refusal::unreachable(&quote(&what, &[&self.credentials.token, authorization]))
                    .at(url)
            }
            Failure::TooLarge { limit } => Error::user(
                "registry/refused",
                format!("the registry's answer is longer than {limit} bytes"),
                "check that the address is a registry",
            )
            .at(url),
        })
    }

    /// Gets the token a Bearer challenge asks for.
    fn token(&self, challenge: &Challenge, url: &str) -> Result<String> {
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
        let answer = self.ask(
            realm.as_str(),
            "application/json",
            LARGEST_TOKEN,
            &self.basic(),
        )?;
        if !(200..=299).contains(&answer.status) {
            let reason = refusal::reason(&answer.body);
            let reason = quote(&reason, &[&self.credentials.token]);
            let source = &self.credentials.source;
            return Err(refusal::refused(answer.status, &reason, source).at(realm));
        }
        let token: Token = serde_json::from_slice(&answer.body).unwrap_or_default();
        token
            .token
            .or(token.access_token)
            .filter(|token| !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic()))
            .ok_or_else(|| refuse("what it points to gives none"))
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
