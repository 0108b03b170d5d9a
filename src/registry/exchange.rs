//! Requests that write: who asks is found out once for each purpose, and again when a token has ended.
//!
//! Takes a request without a login, gives whatever answer comes, or why none does. Never judges a status but
//! 401, and says nothing of us to another host than the registry's.

use std::io::Read;
use std::sync::PoisonError;

use crate::error::{Error, Result};
use crate::heroku::net::{Answer, Failure, Limits, Request};
use crate::heroku::refusal::untrusted;
use crate::secret::Secret;

use super::challenge::Challenge;
use super::reader::{Authorization, Reader, bearer_challenge};
use super::refusal;

/// How many tokens one request may ask for: the first may have ended, the second may end on the way.
const TOKENS: u32 = 2;

/// What a registry asked for, and what it was given.
pub(super) struct Kept {
    challenge: Challenge,
    /// Nothing once it has, or may have, ended.
    by: Option<Authorization>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// The way to the registry; in words fit to be shown.
    Lost(String),
    /// Trying again won't help, or isn't wanted.
    Final(Error),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Broken::Final(error)
    }
}

/// What goes with a request.
pub(super) enum Content<'a> {
    /// These bytes, which can be sent again, within this time.
    Bytes(&'a [u8], Limits),
    /// Nothing; for methods that have no content.
    Nothing,
}

/// What a request is for: `None` for an address elsewhere, which is told nothing of us.
pub(super) type Purpose<'a> = Option<&'a str>;

impl Reader {
    /// Sends, with a new token where the one there was has ended.
    pub(super) fn exchange(
        &self,
        purpose: Purpose<'_>,
        request: &Request,
        content: &Content<'_>,
    ) -> Result<Answer, Broken> {
        let mut by = self.standing(purpose, &request.url)?;
        let mut tokens = 0;
        loop {
            let request = with(request, by.as_ref());
            let sent = match content {
                Content::Bytes(bytes, limits) => self.net.send_bytes(&request, bytes, *limits),
                Content::Nothing => self.net.send(&request),
            };
            let answer = sent.map_err(|failure| self.broken(failure, &request, by.as_ref()))?;
            let (Some(purpose), 401) = (purpose, answer.status) else {
                return Ok(answer);
            };
            let Some(challenge) = bearer_challenge(&answer).filter(|_| tokens < TOKENS) else {
                return Ok(answer);
            };
            tokens += 1;
            by = Some(self.renew(purpose, challenge, &request.url)?);
        }
    }

    /// Sends what can't be sent again, once.
    pub(super) fn send_stream(
        &self,
        purpose: Purpose<'_>,
        request: &Request,
        body: &mut dyn Read,
        limits: Limits,
    ) -> Result<Answer, Broken> {
        let by = self.standing(purpose, &request.url)?;
        let request = with(request, by.as_ref());
        self.net
            .send_stream(&request, body, limits)
            .map_err(|failure| self.broken(failure, &request, by.as_ref()))
    }

    /// Makes the next request for this purpose ask for a new token first: this one may have ended, and a registry
    /// that refuses it before the content is through is often not heard.
    pub(super) fn doubt(&self, purpose: Purpose<'_>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = purpose.and_then(|purpose| kept.get_mut(purpose)) {
            kept.by = None;
        }
    }

    /// Makes the next request for this purpose ask for a token as this answer to it wants one.
    pub(super) fn challenged(&self, purpose: Purpose<'_>, challenge: Challenge) {
        let Some(purpose) = purpose else { return };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Kept {
            challenge,
            by: None,
        };
        kept.insert(purpose.to_owned(), entry);
    }

    fn standing(&self, purpose: Purpose<'_>, url: &str) -> Result<Option<Authorization>> {
        let Some(purpose) = purpose else {
            return Ok(None);
        };
        let challenge = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            match kept.get(purpose) {
                None => return Ok(self.basic()),
                Some(Kept { by: Some(by), .. }) => return Ok(Some(by.clone())),
                Some(kept) => kept.challenge.clone(),
            }
        };
        self.renew(purpose, challenge, url).map(Some)
    }

    fn renew(&self, purpose: &str, challenge: Challenge, url: &str) -> Result<Authorization> {
        // Asked without holding the lock: others send meanwhile.
        let by = self.bearer(&challenge, url)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Kept {
            challenge,
            by: Some(by.clone()),
        };
        kept.insert(purpose.to_owned(), entry);
        Ok(by)
    }

    fn broken(&self, failure: Failure, request: &Request, by: Option<&Authorization>) -> Broken {
        match failure {
            Failure::Stopped(error) => Broken::Final(error),
            Failure::Network { what, .. } => {
                // What an address says after `?` may be a permission.
                let query = request.url.split_once('?').map_or("", |(_, query)| query);
                Broken::Lost(self.quote(&Secret::new(query).redact(&what), by))
            }
            Failure::Untrusted { what } => Broken::Final(untrusted(&what)),
            Failure::TooLarge { limit } => Broken::Final(refusal::too_large(limit)),
        }
    }

    /// Somebody else's text without any form of our login, and without any token that is in use.
    pub(super) fn quote_all(&self, text: &str) -> String {
        let tokens: Vec<Authorization> = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.values().filter_map(|kept| kept.by.clone()).collect()
        };
        self.quote(text, &tokens)
    }
}

fn with(request: &Request, by: Option<&Authorization>) -> Request {
    let mut request = request.clone();
    request.headers.extend(by.map(Authorization::header));
    request
}
