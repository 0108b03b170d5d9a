//! HTTP, and nothing of Heroku: takes a request as a value, gives the last answer or why there is none.
//!
//! Repeats what may be repeated (see [`Pace`]). Never: follows a credential to another host, reads
//! more than it was told to, judges a status.

mod agent;
mod lines;
mod pace;

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use ureq::http::{self, HeaderMap};
use url::Url;

use crate::error::{Error, Result};
use crate::shell::interrupt;

use super::clock::Clock;
use super::endpoints::is_loopback;
use super::types::StreamEnd;

use pace::Pace;
pub(crate) use pace::Repeat;

/// How long a request may take, answer included.
const REQUEST: Duration = Duration::from_secs(30);

/// The same for a last word: the process ends five seconds after Ctrl-C.
const PARTING: Duration = Duration::from_secs(3);

/// How long the other side of an upload may take nothing, and how long it may think about the whole.
const UPLOAD: Duration = Duration::from_secs(120);

/// How long an upload may take in all, beside what its bytes take on the slowest line that is of use.
const UPLOAD_ALL: Duration = Duration::from_secs(10 * 60);

/// Bytes in a second on that line.
const UPLOAD_SLOWEST: u64 = 64 * 1024;

/// The largest answer to an upload that is read.
const UPLOAD_ANSWER: u64 = 64 * 1024;

/// How many lines of a stream wait to be shown.
const WAITING: usize = 64;

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: String,
    /// May carry credentials, so it's never shown.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
    pub(crate) repeat: Repeat,
    /// The largest answer that is read.
    pub(crate) limit: u64,
    /// Whether an answer may send us elsewhere. Credentials don't go along.
    pub(crate) redirects: bool,
}

/// An answer, of whatever status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Retry-After` in seconds. Its other form, a date, would need the server's clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header("retry-after")?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }

    #[cfg(test)]
    pub(crate) fn bare(status: u16, retry_after: Option<&str>) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert("retry-after", value.parse().unwrap());
        }
        Answer {
            status,
            headers,
            body: Vec::new(),
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Ctrl-C.
    Stopped(Error),
    /// The server or the way to it; `sent` unless the request can't have reached it.
    Network { what: String, sent: bool },
    /// The server's certificate is not signed by anybody we trust.
    Untrusted { what: String },
    /// The answer is larger than allowed.
    TooLarge { limit: u64 },
}

/// The client.
pub(crate) struct Net {
    agent: ureq::Agent,
    clock: Box<dyn Clock>,
}

impl Net {
    /// A client that waits by `clock`. Errors: `heroku/no-certificates`.
    pub(crate) fn new(clock: Box<dyn Clock>) -> Result<Self> {
        Ok(Net {
            agent: agent::agent()?,
            clock,
        })
    }

    /// Sends, and sends again where that is allowed and may help.
    pub(crate) fn send(&self, request: &Request) -> Result<Answer, Failure> {
        self.paced(request.repeat, || self.once(request))
    }

    fn paced(
        &self,
        repeat: Repeat,
        once: impl Fn() -> Result<Answer, Failure>,
    ) -> Result<Answer, Failure> {
        let mut pace = Pace::new(repeat);
        loop {
            let outcome = once();
            match pace.again(&outcome) {
                Some(wait) => self.clock.sleep(wait).map_err(Failure::Stopped)?,
                None => return outcome,
            }
        }
    }

    fn once(&self, request: &Request) -> Result<Answer, Failure> {
        let limit = if request.repeat == Repeat::Parting {
            PARTING
        } else {
            interrupt::check().map_err(Failure::Stopped)?;
            REQUEST
        };
        let response = match &request.body {
            Some(body) => {
                let body = body.clone().into_bytes();
                run(&self.agent, request, body, Limits::Whole(limit))
            }
            None => run(&self.agent, request, (), Limits::Whole(limit)),
        }?;
        answer(response, request.limit)
    }

    /// As [`Net::send`], with a body that is lent, and as much time as `limits` say.
    pub(crate) fn send_bytes(
        &self,
        request: &Request,
        bytes: &[u8],
        limits: Limits,
    ) -> Result<Answer, Failure> {
        self.paced(request.repeat, || {
            interrupt::check().map_err(Failure::Stopped)?;
            answer(run(&self.agent, request, bytes, limits)?, request.limit)
        })
    }

    /// Sends what `body` gives until it ends, once. It may be slow, within its limits.
    pub(crate) fn send_stream(
        &self,
        request: &Request,
        body: &mut dyn Read,
        limits: Limits,
    ) -> Result<Answer, Failure> {
        interrupt::check().map_err(Failure::Stopped)?;
        let body = ureq::SendBody::from_reader(body);
        let sent = run(&self.agent, request, body, limits);
        interrupt::check().map_err(Failure::Stopped)?;
        answer(sent?, request.limit)
    }

    /// Waits. Errors: Ctrl-C, at once.
    pub(crate) fn wait(&self, wait: Duration) -> Result<()> {
        self.clock.sleep(wait)
    }

    /// Sends a file of so many bytes to an address that carries its own permission: no header tells of us, nor of a
    /// type, which the permission would have to name.
    pub(crate) fn put(&self, url: &Url, file: &Path, bytes: u64) -> Result<Answer, Failure> {
        let request = Request {
            method: Method::Put,
            url: url.to_string(),
            // Said, because without it the file would come in chunks, which such places refuse.
            headers: vec![("content-length", bytes.to_string())],
            body: None,
            repeat: Repeat::Freely,
            limit: UPLOAD_ANSWER,
            redirects: false,
        };
        self.paced(request.repeat, || {
            interrupt::check().map_err(Failure::Stopped)?;
            let unread = |error: std::io::Error| Failure::Network {
                what: error.to_string(),
                sent: false,
            };
            let file = fs_err::File::open(file).map_err(unread)?;
            let body = ureq::SendBody::from_owned_reader(Stoppable(file));
            let sent = run(&self.agent, &request, body, upload_limits(bytes));
            // A reader can't say that it was stopped, only that it can't be read.
            interrupt::check().map_err(Failure::Stopped)?;
            answer(sent?, request.limit)
        })
    }

    /// Reads a stream line by line, as long as `more` says; `Ok` whatever becomes of it, except on Ctrl-C. `more` is
    /// asked after each line, and in between.
    pub(crate) fn lines(
        &self,
        url: &Url,
        limits: Limits,
        more: &mut dyn FnMut() -> bool,
        line: &mut dyn FnMut(&str),
    ) -> Result<StreamEnd> {
        interrupt::check()?;
        let request = Request {
            method: Method::Get,
            url: url.to_string(),
            headers: vec![("accept", "text/event-stream, text/plain".to_owned())],
            body: None,
            repeat: Repeat::Unsent,
            limit: u64::MAX,
            redirects: true,
        };
        // Read by a thread: a stream may be silent for minutes, and Ctrl-C is to be heard in between.
        let (tell, told) = sync_channel(WAITING);
        let agent = self.agent.clone();
        std::thread::spawn(move || {
            let outcome = stream(&agent, &request, limits, &mut |line| {
                // Nobody listens any more once the reading was stopped.
                tell.send(Told::Line(line.to_owned())).is_ok()
            });
            let _ = tell.send(Told::End(outcome));
        });
        let outcome = loop {
            match told.recv_timeout(Duration::from_millis(50)) {
                Ok(Told::Line(text)) => line(&text),
                Ok(Told::End(outcome)) => break outcome,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    break Ok(StreamEnd::Cut("its reader ended".to_owned()));
                }
            }
            interrupt::check()?;
            if !more() {
                break Ok(StreamEnd::Cut("it goes on".to_owned()));
            }
        };
        match outcome {
            Ok(end) => Ok(end),
            Err(Failure::Stopped(error)) => Err(error),
            Err(Failure::Network { what, .. } | Failure::Untrusted { what }) => {
                Ok(StreamEnd::Cut(what))
            }
            Err(Failure::TooLarge { .. }) => Ok(StreamEnd::Cut("it is too long".to_owned())),
        }
    }
}

/// What the reader of a stream tells.
enum Told {
    Line(String),
    End(Result<StreamEnd, Failure>),
}

fn stream(
    agent: &ureq::Agent,
    request: &Request,
    limits: Limits,
    line: &mut dyn FnMut(&str) -> bool,
) -> Result<StreamEnd, Failure> {
    let response = run(agent, request, (), limits)?;
    match response.status().as_u16() {
        200..=299 => {
            let events = response.body().mime_type() == Some("text/event-stream");
            let reader = response.into_body().into_reader();
            lines::each_line(reader, events, line).map(|()| StreamEnd::Finished)
        }
        404 => Ok(StreamEnd::NotThere),
        status => Ok(StreamEnd::Cut(format!("the server answered {status}"))),
    }
}

/// A file that is read no further after Ctrl-C.
struct Stoppable(fs_err::File);

impl Read for Stoppable {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        interrupt::check().map_err(|_| std::io::Error::other("stopped"))?;
        self.0.read(buffer)
    }
}

/// The whole of an answer.
fn answer(mut response: http::Response<ureq::Body>, limit: u64) -> Result<Answer, Failure> {
    let body = response
        .body_mut()
        .with_config()
        .limit(limit)
        .read_to_vec()
        .map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(limit) => Failure::TooLarge { limit },
            error => failure(&error),
        })?;
    Ok(Answer {
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

fn run(
    agent: &ureq::Agent,
    request: &Request,
    body: impl ureq::AsSendBody,
    limits: Limits,
) -> Result<http::Response<ureq::Body>, Failure> {
    let mut builder = http::Request::builder()
        .method(request.method.name())
        .uri(&request.url);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    let built = builder.body(body).map_err(|error| Failure::Network {
        what: error.to_string(),
        sent: false,
    })?;
    let mut config = agent.configure_request(built);
    config = match limits {
        Limits::Whole(limit) => config.timeout_global(Some(limit)),
        Limits::Silence(limit) => config
            .timeout_per_read(Some(limit))
            .timeout_per_write(Some(limit)),
        Limits::Both { silence, whole } => config
            .timeout_global(Some(whole))
            .timeout_per_read(Some(silence))
            .timeout_per_write(Some(silence)),
    };
    config = config
        .max_redirects(if request.redirects { 5 } else { 0 })
        // What starts encrypted stays so.
        .https_only(request.url.starts_with("https:"));
    // A kept connection may be dead without our knowing, and then nobody can tell whether the
    // request arrived. So what must not arrive twice gets a connection of its own.
    if request.repeat == Repeat::Unsent {
        config = config.max_idle_age(Duration::ZERO);
    }
    // A proxy can't reach this machine's own loopback.
    let host = Url::parse(&request.url).ok();
    if host.as_ref().is_some_and(is_loopback) {
        config = config.proxy(None);
    }
    agent.run(config.build()).map_err(|error| failure(&error))
}

/// How long a request may take.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limits {
    /// From the start to the last byte.
    Whole(Duration),
    /// Between two signs of life.
    Silence(Duration),
    /// Either.
    Both { silence: Duration, whole: Duration },
}

/// A place that takes a byte a minute is never silent, and never done.
pub(crate) fn upload_limits(bytes: u64) -> Limits {
    Limits::Both {
        silence: UPLOAD,
        whole: UPLOAD_ALL + Duration::from_secs(bytes / UPLOAD_SLOWEST),
    }
}

/// What went wrong, and whether it can be repeated.
fn failure(error: &ureq::Error) -> Failure {
    let what = match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Timeout(_) => "it took too long".to_owned(),
        // The address may carry a permission of its own, so it isn't shown.
        ureq::Error::RequireHttpsOnly(_) => {
            "it sends us on to an address that isn't encrypted".to_owned()
        }
        error => error.to_string(),
    };
    // What rustls says of a certificate reaches us as text inside an I/O error.
    if what.contains("invalid peer certificate") {
        return Failure::Untrusted { what };
    }
    let unsent = match error {
        ureq::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        ureq::Error::Timeout(phase) => {
            matches!(phase, ureq::Timeout::Resolve | ureq::Timeout::Connect)
        }
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::BadUri(_) => true,
        _ => false,
    };
    Failure::Network {
        what,
        sent: !unsent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heroku::testing::{FakeClock, Reply, Server};

    #[test]
    fn a_bad_certificate_is_not_the_network() {
        let text = "invalid peer certificate: UnknownIssuer";
        let error = ureq::Error::Io(std::io::Error::new(ErrorKind::InvalidData, text));
        assert!(matches!(failure(&error), Failure::Untrusted { .. }));
    }

    #[test]
    fn a_stream_that_falls_silent_is_left() {
        let net = Net::new(Box::new(FakeClock::default())).unwrap();
        for limit in [
            Limits::Silence(Duration::from_millis(400)),
            Limits::Whole(Duration::from_millis(400)),
            Limits::Both {
                silence: Duration::from_secs(60),
                whole: Duration::from_millis(400),
            },
        ] {
            let reply = Reply::new(200, "one\n").stalling(Duration::from_millis(900));
            let server = Server::replies([reply]);
            let url = Url::parse(&server.url()).unwrap();
            let mut seen = Vec::new();
            let end = net
                .lines(&url, limit, &mut || true, &mut |line| {
                    seen.push(line.to_owned());
                })
                .unwrap();
            assert!(matches!(end, StreamEnd::Cut(_)), "{end:?}");
            assert_eq!(seen, ["one"]);
        }
    }

    #[test]
    fn an_upload_has_an_end_by_its_size() {
        let whole = |bytes| match upload_limits(bytes) {
            Limits::Both { whole, .. } => whole.as_secs(),
            other => panic!("{other:?}"),
        };
        assert_eq!((whole(0), whole(64 * 1024 * 100)), (600, 700));
    }

    #[test]
    fn only_what_surely_was_not_sent_counts_as_unsent() {
        let rows = [
            (ureq::Error::HostNotFound, false),
            (ureq::Error::Timeout(ureq::Timeout::Connect), false),
            (ureq::Error::Timeout(ureq::Timeout::Global), true),
            (ureq::Error::Io(ErrorKind::ConnectionRefused.into()), false),
            (ureq::Error::Io(ErrorKind::ConnectionReset.into()), true),
            (ureq::Error::Io(ErrorKind::UnexpectedEof.into()), true),
        ];
        for (error, expected) in rows {
            let Failure::Network { sent, .. } = failure(&error) else {
                panic!("{error}");
            };
            assert_eq!(sent, expected, "{error}");
        }
    }
}
