//! Answers that are not what was asked for, as errors a user can act on. Pure.

use serde::Deserialize;
use url::Url;

use crate::error::{Error, Kind};
use crate::secret::Secret;

use super::call::Call;
use super::net::{Answer, Failure};

/// Longest piece of somebody else's text in an error.
const QUOTED: usize = 400;

/// Heroku's error body: `{"id", "message", "url"?, "resource"?}`.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    id: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    resource: Option<String>,
}

/// What errors say of the request they came from, and what they must not say.
pub(super) struct Context<'a> {
    pub(super) call: &'a Call,
    pub(super) api: &'a Url,
    pub(super) source: &'a str,
    pub(super) secrets: Vec<&'a Secret>,
}

impl Context<'_> {
    /// The error for an answer that is no success.
    pub(super) fn refused(&self, answer: &Answer) -> Error {
        let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
        let message = match refusal.message.as_str() {
            "" => format!("Heroku answered {} without a reason", answer.status),
            message => format!("Heroku says: {}", self.quote(message)),
        };
        let error = match (answer.status, refusal.id.as_str()) {
            (300..=399, _) => return self.unexpected(answer, "a redirect"),
            (401, _) => self.unauthorized(),
            (403, "two_factor") => two_factor(),
            (403, _) => forbidden(&message),
            (404, _) => not_found(&message),
            (429, _) => rate_limit(),
            (500.., _) => unavailable(answer.status),
            _ if self.name_is_taken(&refusal) => name_taken(&message),
            _ => refused(message),
        };
        let error = match &refusal.url {
            Some(url) => error.or(format!("see {}", self.quote(url))),
            None => error,
        };
        error.at(self.place(Some(answer)))
    }

    /// The error for an answer that should have been JSON of a certain shape.
    pub(super) fn unexpected(&self, answer: &Answer, what: &str) -> Error {
        const ID: &str = "heroku/unexpected-answer";
        let what = format!("Heroku's answer can't be used: {}", self.quote(what));
        let is_json = serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok();
        // A page instead of JSON comes from something in between; other JSON is for us to learn.
        let error = if is_json {
            Error::bug(ID, what)
        } else {
            Error::transient(
                ID,
                what,
                "check whether a proxy or a login page answers in Heroku's place",
            )
        };
        let text = String::from_utf8_lossy(&answer.body);
        error
            .detail(self.quote(&text).lines().take(5))
            .at(self.place(Some(answer)))
    }

    /// The error for no answer at all.
    pub(super) fn failed(&self, failure: Failure) -> Error {
        let error = match failure {
            Failure::Stopped(error) => return error,
            Failure::Network { what, .. } => Error::transient(
                "heroku/unreachable",
                format!(
                    "Heroku can't be reached: {}",
                    // rustls adds the address of a page for programmers.
                    self.quote(what.split(": https://docs.rs/").next().unwrap_or_default())
                ),
                "check the network, and HTTPS_PROXY if you need one; then run the same command again",
            )
            .or("see https://status.heroku.com"),
            Failure::Untrusted { what } => untrusted(&what),
            Failure::TooLarge { limit } => Error::bug(
                "heroku/unexpected-answer",
                format!("Heroku's answer is longer than {limit} bytes"),
            ),
        };
        let maybe_done = error.kind() == Kind::Transient && self.call.shown.is_some();
        let error = if maybe_done {
            error.because("it is not known whether Heroku did what was asked")
        } else {
            error
        };
        error.at(self.place(None))
    }

    fn unauthorized(&self) -> Error {
        Error::user(
            "heroku/unauthorized",
            format!("Heroku doesn't take the token from {}", self.source),
            "log in again with `heroku login`, or set HEROKU_API_KEY to a token from \
             `heroku authorizations:create`",
        )
        .because("tokens end: after a year, or after eight hours with single sign-on")
    }

    /// Making an app whose name is taken is answered by a 422 that only its message tells apart.
    fn name_is_taken(&self, refusal: &Refusal) -> bool {
        self.call.creates_app() && refusal.message.to_lowercase().contains("taken")
    }

    /// Where an error happened: the call, and Heroku's own number for it.
    pub(super) fn place(&self, answer: Option<&Answer>) -> String {
        let line = self.call.line(self.api);
        match answer.and_then(|answer| answer.header("request-id")) {
            Some(id) => format!("{line} (Request-Id {})", self.quote(id)),
            None => line,
        }
    }

    /// Somebody else's text: without our secrets, without control characters, not too long.
    fn quote(&self, text: &str) -> String {
        quote(text, &self.secrets)
    }
}

/// Whether a 404 is about the app, not about something in it.
pub(super) fn is_missing_app(call: &Call, answer: &Answer) -> bool {
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = refusal.resource.as_deref() == Some("app") || refusal.message.contains("that app");
    answer.status == 404 && call.app_name().is_some() && (said || call.is_about_the_app_itself())
}

/// Somebody else's text: without `secrets`, without control characters but line ends, not too long.
pub(crate) fn quote(text: &str, secrets: &[&Secret]) -> String {
    let hidden = secrets
        .iter()
        .fold(text.to_owned(), |text, secret| secret.redact(&text));
    hidden
        .trim()
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .take(QUOTED)
        .collect()
}

/// The error for a server that can't prove who it is.
pub(crate) fn untrusted(what: &str) -> Error {
    Error::user(
        "heroku/untrusted-certificate",
        format!("the server's certificate is not trusted: {what}"),
        "if a proxy of yours opens TLS, set SSL_CERT_FILE to a PEM file with its authority",
    )
}

fn two_factor() -> Error {
    Error::user(
        "heroku/two-factor",
        "Heroku wants a second factor for this app",
        "make a long-lived token with `heroku authorizations:create` and set HEROKU_API_KEY to it",
    )
    .or("give the code of the moment in NIXDYNO_TWO_FACTOR_CODE")
}

fn forbidden(message: &str) -> Error {
    Error::user(
        "heroku/forbidden",
        format!("the account may not do this. {message}"),
        "check which account it is with `heroku auth:whoami`, and ask the app's owner for access",
    )
}

fn not_found(message: &str) -> Error {
    Error::user(
        "heroku/not-found",
        message,
        "check the name or the version that was asked for",
    )
}

fn name_taken(message: &str) -> Error {
    Error::user(
        "heroku/name-taken",
        format!("somebody has an app of that name. {message}"),
        "choose another name: `nixdyno deploy -a NAME --create`",
    )
    .because("names of apps are unique across all of Heroku")
}

fn refused(message: String) -> Error {
    Error::user(
        "heroku/refused",
        message,
        "change what Heroku objects to, then run the same command again",
    )
}

fn rate_limit() -> Error {
    Error::transient(
        "heroku/rate-limit",
        "this account has made too many calls to Heroku's API",
        "wait a few minutes, then run the same command again",
    )
    .because("Heroku allows 4500 calls an hour, shared by everything that uses the account")
}

fn unavailable(status: u16) -> Error {
    Error::transient(
        "heroku/unavailable",
        format!("Heroku's API answers {status}"),
        "run the same command again later; see https://status.heroku.com",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures() {
        let what = "invalid peer certificate: UnknownIssuer".to_owned();
        let failures = [Failure::Untrusted { what }, Failure::TooLarge { limit: 16 }];
        let call = Call::account();
        let context = Context {
            call: &call,
            api: &Url::parse("https://api.heroku.com/").unwrap(),
            source: "HEROKU_API_KEY",
            secrets: Vec::new(),
        };
        let texts: Vec<String> = failures
            .into_iter()
            .map(|failure| context.failed(failure).to_string())
            .collect();
        insta::assert_snapshot!(texts.join("\n\n"));
    }

    #[test]
    fn quotes_are_short_plain_and_clean() {
        let secret = Secret::new("hunter2");
        let text = format!(" \u{1b}[31mred\r\nhunter2 {}", "x".repeat(1000));
        let quoted = quote(&text, &[&secret]);
        assert!(quoted.starts_with("[31mred\n[REDACTED] xxx"), "{quoted}");
        assert_eq!(quoted.len(), QUOTED);
    }
}
