//! The Platform API over HTTP.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::{Error, Result, near_misses};
use crate::names::{AppName, Digest, ProcessType};
use crate::secret::Secret;

use super::api::Api;
use super::builds::{Build, BuildId, NewBuild, Source, Upload, upload};
use super::call::Call;
use super::clock::{Clock, WallClock};
use super::credentials::Credentials;
use super::endpoints::{Endpoints, is_loopback};
use super::net::{Answer, Limits, Net, Request};
use super::refusal::{Context, is_missing_app};
use super::types::{Account, App, Dyno, Formation, NewApp, Release, ReleaseId, StreamEnd};

/// The largest answer that is read; a list of a thousand apps is a tenth of it.
const LARGEST: u64 = 16 * 1024 * 1024;

/// How long an output stream may be silent. A release command may well be silent for longer: then
/// its status is polled without its output.
const SILENCE: Duration = Duration::from_secs(120);

/// How long reading a log's tail may take.
const LOG: Duration = Duration::from_secs(20);

/// Makes the calls for real.
pub struct HttpApi {
    net: Net,
    api: Url,
    credentials: Credentials,
    two_factor_code: Option<Secret>,
    journal: RefCell<Vec<String>>,
}

impl HttpApi {
    /// A client for `endpoints`. A two-factor code, where one is given, goes with every call.
    ///
    /// Errors: `heroku/no-certificates`.
    pub fn new(
        endpoints: &Endpoints,
        credentials: Credentials,
        two_factor_code: Option<Secret>,
    ) -> Result<Self> {
        let clock = Box::new(WallClock::start());
        Self::with_clock(endpoints, credentials, two_factor_code, clock)
    }

    /// As [`HttpApi::new`], with another time.
    pub fn with_clock(
        endpoints: &Endpoints,
        credentials: Credentials,
        two_factor_code: Option<Secret>,
        clock: Box<dyn Clock>,
    ) -> Result<Self> {
        Ok(HttpApi {
            net: Net::new(clock)?,
            api: endpoints.api.clone(),
            credentials,
            two_factor_code,
            journal: RefCell::default(),
        })
    }

    /// Makes a call and reads its answer.
    fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let answer = self.answer(call)?;
        serde_json::from_slice(&answer.body).map_err(|error| {
            self.context(call)
                .unexpected(&answer, &format!("it doesn't read as expected: {error}"))
        })
    }

    /// Makes a call; an answer that isn't 2xx is an error.
    fn answer(&self, call: &Call) -> Result<Answer> {
        self.journal
            .borrow_mut()
            .extend(call.journal_line(&self.api));
        let context = self.context(call);
        let answer = self
            .net
            .send(&self.request(call))
            .map_err(|failure| context.failed(failure))?;
        match answer.status {
            200..=299 => Ok(answer),
            _ if is_missing_app(call, &answer) => Err(self.missing_app(call, &answer)),
            _ => Err(context.refused(&answer)),
        }
    }

    fn request(&self, call: &Call) -> Request {
        let bearer = format!("Bearer {}", self.credentials.token.reveal());
        let mut headers = vec![
            ("accept", call.variant.accept().to_owned()),
            ("authorization", bearer),
        ];
        if call.body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(range) = &call.range {
            headers.push(("range", range.clone()));
        }
        if let Some(code) = &self.two_factor_code {
            headers.push(("heroku-two-factor-code", code.reveal().to_owned()));
        }
        Request {
            method: call.method,
            url: call.url(&self.api),
            headers,
            body: call.body.as_ref().map(ToString::to_string),
            repeat: call.repeat,
            limit: LARGEST,
            redirects: false,
        }
    }

    fn context<'a>(&'a self, call: &'a Call) -> Context<'a> {
        let mut secrets = vec![&self.credentials.token];
        secrets.extend(&self.two_factor_code);
        Context {
            call,
            api: &self.api,
            source: &self.credentials.source,
            secrets,
        }
    }

    /// The error for an app that isn't there, with the names it may have been meant to be.
    fn missing_app(&self, call: &Call, answer: &Answer) -> Error {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        let name = call.app_name().unwrap_or_default();
        let error = Error::user(
            "heroku/app-not-found",
            format!("there is no app `{name}`, or this account may not see it"),
            "check the name given by `--app`",
        )
        .at(self.context(call).place(Some(answer)));
        let list = Call::apps();
        // A list that can't be had must not hide the error itself.
        let apps: Vec<Named> = self
            .net
            .send(&self.request(&list))
            .ok()
            .filter(|answer| (200..=299).contains(&answer.status))
            .and_then(|answer| serde_json::from_slice(&answer.body).ok())
            .unwrap_or_default();
        near_misses(name, apps.iter().map(|app| app.name.as_str()))
            .into_iter()
            .fold(error, |error, near| {
                error.or(format!("did you mean `{near}`?"))
            })
            .or(format!("make it: `heroku create {name} --stack container`"))
    }

    /// Reads a stream from an address Heroku gave us; those carry their own credentials.
    fn stream(
        &self,
        url: &Url,
        limits: Limits,
        more: &mut dyn FnMut() -> bool,
        line: &mut dyn FnMut(&str),
    ) -> Result<StreamEnd> {
        if url.scheme() != "https" && !is_loopback(url) {
            return Ok(StreamEnd::Cut("its address is not encrypted".to_owned()));
        }
        self.net.lines(url, limits, more, line)
    }
}

impl Api for HttpApi {
    fn account(&self) -> Result<Account> {
        self.call(&Call::account())
    }

    fn app(&self, app: &AppName) -> Result<App> {
        self.call(&Call::app(app))
    }

    fn create_app(&self, new: &NewApp) -> Result<App> {
        self.call(&Call::create_app(new))
    }

    fn set_build_stack(&self, app: &AppName, stack: &str) -> Result<App> {
        self.call(&Call::set_build_stack(app, stack))
    }

    fn release(&self, app: &AppName, id: &ReleaseId) -> Result<Release> {
        self.call(&Call::release(app, id))
    }

    fn releases(&self, app: &AppName, max: u16) -> Result<Vec<Release>> {
        self.call(&Call::releases(app, max))
    }

    fn formation(&self, app: &AppName) -> Result<Vec<Formation>> {
        self.call(&Call::formation(app))
    }

    fn release_images(&self, app: &AppName, images: &BTreeMap<ProcessType, Digest>) -> Result<()> {
        // What it answers is not in the public schema, and the Heroku CLI doesn't look at it either.
        self.answer(&Call::release_images(app, images)).map(drop)
    }

    fn scale(
        &self,
        app: &AppName,
        process: &ProcessType,
        quantity: u32,
        size: Option<&str>,
    ) -> Result<()> {
        self.answer(&Call::scale(app, process, quantity, size))
            .map(drop)
    }

    fn dynos(&self, app: &AppName) -> Result<Vec<Dyno>> {
        self.call(&Call::dynos(app))
    }

    fn log_tail(&self, app: &AppName, dyno: Option<&str>, lines: u16) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Address {
            logplex_url: Url,
        }
        let address: Address = self.call(&Call::log_address(app, dyno, lines))?;
        let mut tail = VecDeque::new();
        let token = &self.credentials.token;
        let end = self.stream(
            &address.logplex_url,
            Limits::Whole(LOG),
            &mut || true,
            &mut |line| {
                tail.push_back(token.redact(line));
                if tail.len() > usize::from(lines) {
                    tail.pop_front();
                }
            },
        )?;
        // A tail that broke off is still worth reading.
        match end {
            StreamEnd::Cut(what) if tail.is_empty() => Ok(vec![format!("(no log: {what})")]),
            _ => Ok(tail.into()),
        }
    }

    fn output_stream(
        &self,
        url: &Url,
        more: &mut dyn FnMut() -> bool,
        line: &mut dyn FnMut(&str),
    ) -> Result<StreamEnd> {
        self.stream(url, Limits::Silence(SILENCE), more, line)
    }

    fn rollback(&self, app: &AppName, release: &ReleaseId) -> Result<Release> {
        self.call(&Call::rollback(app, release))
    }

    fn create_source(&self) -> Result<Source> {
        self.call(&Call::create_source())
    }

    fn upload(&self, source: &Source, upload: &Upload) -> Result<()> {
        let url = source.put_url();
        if url.scheme() != "https" && !is_loopback(url) {
            return Err(upload::not_encrypted(url));
        }
        self.journal.borrow_mut().push(upload.shown());
        let answer = self.net.put(url, &upload.file, upload.bytes);
        let answer = answer.map_err(|failure| upload::failed(url, failure))?;
        match answer.status {
            200..=299 => Ok(()),
            _ => Err(upload::refused(url, &answer)),
        }
    }

    fn create_build(&self, app: &AppName, source: &Source, new: &NewBuild) -> Result<Build> {
        self.call(&Call::create_build(app, source, new))
    }

    fn build(&self, app: &AppName, id: &BuildId) -> Result<Build> {
        self.call(&Call::build(app, id))
    }

    fn cancel_build(&self, app: &AppName, id: &BuildId) -> Result<()> {
        self.answer(&Call::cancel_build(app, id)).map(drop)
    }

    fn journal(&self) -> Vec<String> {
        self.journal.borrow().clone()
    }
}

#[cfg(test)]
mod tests;
