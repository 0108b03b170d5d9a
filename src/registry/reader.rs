//! Asks a registry in whatever way it wants to be asked.
//!
//! Heroku's takes Basic with the user `_`, but clients have met tokens by scope as well, so what the
//! registry says in `WWW-Authenticate` counts: anew for every request that reads, and whenever a token has
//! ended for those that write (see [`super::exchange`]).

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Deserialize;
use url::Url;

use crate::error::{Error, Result};
use crate::heroku::RegistryHost;
use crate::heroku::endpoints::is_loopback;
use crate::heroku::net::{Answer, Failure, Method, Net, Repeat, Request};
use crate::heroku::refusal::{quote, untrusted};
use crate::secret::Secret;

use super::challenge::{self, Challenge};
use super::exchange::Kept;
use super::login::Login;
use super::refusal;

/// The largest answer of a token server.
const LARGEST_TOKEN: u64 = 1024 * 1024;

/// One way to say who asks.
#[derive(Clone)]
pub(super) struct Authorization {
    pub(super) scheme: &'static str,
    pub(super) value: Secret,
}

impl Authorization {
    /// The header that says so.
    pub(super) fn header(&self) -> (&'static str, String) {
        let value = format!("{} {}", self.scheme, self.value.reveal());
        ("authorization", value)
    }
}

/// A registry and who asks it.
pub(super) struct Reader {
    pub(super) net: Net,
    pub(super) host: RegistryHost,
    pub(super) login: Option<Login>,
    /// What was found out for requests that write, by what they are for.
    pub(super) kept: Mutex<BTreeMap<String, Kept>>,
}

impl Reader {
    pub(super) fn new(net: Net, host: RegistryHost, login: Option<Login>) -> Self {
        Reader {
            net,
            host,
            login,
            kept: Mutex::default(),
        }
    }

    /// Reads `path`, authenticated; any answer but 2xx is an error.
    pub(super) fn get(&self, path: &str, accept: &str, limit: u64) -> Result<Answer> {
        let url = format!("{}{path}", self.host.base());
        let mut by = self.basic();
        let mut answer = self.ask(&url, accept, limit, by.as_ref())?;
        if answer.status == 401
            && let Some(challenge) = bearer_challenge(&answer)
        {
            by = Some(self.bearer(&challenge, &url)?);
            answer = self.ask(&url, accept, limit, by.as_ref())?;
        }
        if (200..=299).contains(&answer.status) {
            return Ok(answer);
        }
        let reason = self.quote(&refusal::reason(&answer.body), by.as_ref());
        Err(refusal::refused(answer.status, &reason, self.login.as_ref()).at(url))
    }

    /// What is said before the registry asks for more; nothing without a login.
    pub(super) fn basic(&self) -> Option<Authorization> {
        self.login.as_ref().map(|login| Authorization {
            scheme: "Basic",
            value: login.basic(),
        })
    }

    /// Somebody else's text without any form of our login: servers do echo headers.
    pub(super) fn quote<'a>(
        &self,
        text: &str,
        by: impl IntoIterator<Item = &'a Authorization>,
    ) -> String {
        let basic = self.basic();
        let ours = self.login.as_ref().map(Login::password);
        let mut secrets: Vec<&Secret> = ours.into_iter().collect();
        secrets.extend(basic.as_ref().map(|form| &form.value));
        secrets.extend(by.into_iter().map(|form| &form.value));
        quote(text, &secrets)
    }

    fn ask(
        &self,
        url: &str,
        accept: &str,
        limit: u64,
        by: Option<&Authorization>,
    ) -> Result<Answer> {
        let mut headers = vec![("accept", accept.to_owned())];
        headers.extend(by.map(Authorization::header));
        let request = Request {
            method: Method::Get,
            url: url.to_owned(),
            headers,
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
            Failure::TooLarge { limit } => refusal::too_large(limit).at(url),
        })
    }

    /// Gets the token a Bearer challenge asks for.
    pub(super) fn bearer(&self, challenge: &Challenge, url: &str) -> Result<Authorization> {
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
        let answer = self.ask(
            realm.as_str(),
            "application/json",
            LARGEST_TOKEN,
            basic.as_ref(),
        )?;
        if !(200..=299).contains(&answer.status) {
            let reason = self.quote(&refusal::reason(&answer.body), basic.as_ref());
            return Err(refusal::refused(answer.status, &reason, self.login.as_ref()).at(realm));
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

/// The challenge of an answer that a token can meet.
pub(super) fn bearer_challenge(answer: &Answer) -> Option<Challenge> {
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
    if let Some(service) = challenge.fields.get("service") {
        url.query_pairs_mut().append_pair("service", service);
    }
    // A request that needs two repositories is told both in one field, and asks for each by its own.
    let scopes = challenge.fields.get("scope").map_or("", String::as_str);
    for scope in scopes.split_ascii_whitespace() {
        url.query_pairs_mut().append_pair("scope", scope);
    }
    Some(url)
}
