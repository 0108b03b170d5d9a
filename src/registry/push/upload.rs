//! The requests of an upload, each with what its answer means.

use std::time::Duration;

use url::Url;

use crate::error::{Error, Result};
use crate::heroku::net::{Answer, Limits, Method, Repeat, Request, upload_limits};
use crate::names::{Digest, RepositoryName};

use super::location::{Place, held};
use super::refusal;
use crate::registry::exchange::{Broken, Content};
use crate::registry::reader::Reader;
use crate::registry::refusal as registry;

/// The largest answer that is read.
const ANSWER: u64 = 64 * 1024;

/// How long a request without content may take.
const SHORT: Duration = Duration::from_secs(30);

/// How long a registry may take to look through what was sent, beside what its bytes take.
const THINKING: Duration = Duration::from_secs(120);

/// Bytes in a second that a registry can look through, move and store at the least.
const LOOKED_THROUGH: u64 = 4 * 1024 * 1024;

/// What a registry says of a name. Everything else that isn't there is the upload.
const NAMES: [&str; 4] = ["NAME_UNKNOWN", "NAME_INVALID", "UNAUTHORIZED", "DENIED"];

/// What it says of bytes that are not those of the digest.
const OTHERWISE: [&str; 2] = ["DIGEST_INVALID", "SIZE_INVALID"];

/// One who pushes to one repository.
pub(super) struct Pusher<'a> {
    pub(super) reader: &'a Reader,
    repository: &'a RepositoryName,
    purpose: String,
}

/// An answer that is no success.
pub(super) enum Trouble {
    /// It may pass.
    Again(String, Option<Duration>),
    /// The upload isn't there any more.
    Gone(String),
    /// What arrived isn't what the digest says.
    Otherwise(String),
    /// It won't pass.
    Refused(Error),
}

/// What became of an upload that was given its digest.
pub(super) enum Put {
    Done,
    Trouble(Trouble),
}

/// What a registry says of an upload.
pub(super) enum State {
    /// So many bytes are there, and it goes on at this place.
    Held(u64, Place),
    /// Nothing to go on from.
    Unknown,
    /// It may say it later.
    Again(String, Option<Duration>),
}

impl<'a> Pusher<'a> {
    /// For pushing to `repository`.
    pub(super) fn new(reader: &'a Reader, repository: &'a RepositoryName) -> Self {
        let purpose = format!("push {repository}");
        Pusher {
            reader,
            repository,
            purpose,
        }
    }

    /// For sharing what is in `from`, which a login has to be asked for, too.
    pub(super) fn sharing(
        reader: &'a Reader,
        to: &'a RepositoryName,
        from: &RepositoryName,
    ) -> Self {
        let mut pusher = Self::new(reader, to);
        pusher.purpose = format!("push {to} from {from}");
        pusher
    }

    /// An address of the repository at the registry.
    pub(super) fn at(&self, path: &str) -> Result<Place> {
        let path = format!("v2/{}/{path}", self.repository);
        let url = self.base().join(&path).map_err(|_| refusal::no_place())?;
        Ok(Place { url, ours: true })
    }

    fn base(&self) -> &Url {
        self.reader.host.base()
    }

    pub(super) fn request(method: Method, place: &Place, repeat: Repeat) -> Request {
        let reads = matches!(method, Method::Get | Method::Head | Method::Delete);
        let headers = match method {
            _ if reads => vec![],
            _ => vec![("content-type", "application/octet-stream".to_owned())],
        };
        Request {
            method,
            url: place.url.to_string(),
            headers,
            body: None,
            repeat,
            limit: ANSWER,
            // What is written goes where it is sent; only where a blob lies may be another place.
            redirects: method == Method::Head,
        }
    }

    /// What a login is asked for at this place.
    pub(super) fn purpose(&self, place: &Place) -> Option<&str> {
        place.ours.then_some(self.purpose.as_str())
    }

    /// Asks only to read: a token for that is another than one to write by, and must not take its place.
    fn ask_to_read(&self, place: &Place, request: &Request) -> Result<Answer, Broken> {
        let purpose = self.purpose(place).map(|it| format!("{it} to read"));
        self.reader
            .exchange(purpose.as_deref(), request, &Content::Nothing)
    }

    pub(super) fn ask(
        &self,
        place: &Place,
        request: &Request,
        content: &Content<'_>,
    ) -> Result<Answer, Broken> {
        self.reader.exchange(self.purpose(place), request, content)
    }

    /// Opens an upload. `query` may ask for something better.
    pub(super) fn post(&self, query: &[(&str, &str)]) -> Result<(Answer, Option<Place>)> {
        let mut place = self.at("blobs/uploads/")?;
        for (name, value) in query {
            place.url.query_pairs_mut().append_pair(name, value);
        }
        let request = Self::request(Method::Post, &place, Repeat::Freely);
        let content = Content::Bytes(&[], Limits::Whole(SHORT));
        let answer = self
            .ask(&place, &request, &content)
            .map_err(|broken| self.given_up(broken))?;
        let next = self.next(&place, &answer);
        Ok((answer, next))
    }

    /// Opens an upload.
    pub(super) fn open(&self) -> Result<Place> {
        let (answer, next) = self.post(&[])?;
        match answer.status {
            202 => next.ok_or_else(|| refusal::no_place().at(self.place())),
            _ => Err(self.refused(&answer)),
        }
    }

    /// Where an answer says that the upload goes on.
    pub(super) fn next(&self, asked: &Place, answer: &Answer) -> Option<Place> {
        Place::resolve(&asked.url, answer.header("location")?, self.base())
    }

    /// Asks how much of an upload is there.
    pub(super) fn state(&self, upload: &Place) -> Result<State> {
        let request = Self::request(Method::Get, upload, Repeat::Freely);
        let answer = match self.ask_to_read(upload, &request) {
            Ok(answer) => answer,
            Err(Broken::Lost(what)) => return Ok(State::Again(what, None)),
            Err(Broken::Final(error)) => return Err(error),
        };
        if (200..=299).contains(&answer.status) {
            let next = match answer.header("location") {
                None => Some(upload.clone()),
                Some(_) => self.next(upload, &answer),
            };
            let held = held(answer.header("range"));
            return Ok(match (held, next) {
                (Some(held), Some(next)) => State::Held(held, next),
                _ => State::Unknown,
            });
        }
        Ok(match self.trouble(&answer) {
            Trouble::Again(says, wish) => State::Again(says, wish),
            Trouble::Refused(error) if matches!(answer.status, 401 | 403) => return Err(error),
            _ => State::Unknown,
        })
    }

    /// Gives an upload its digest, with the last of its bytes; `size` is that of all.
    pub(super) fn put(
        &self,
        upload: &Place,
        digest: &Digest,
        bytes: &[u8],
        size: u64,
    ) -> Result<Put> {
        let place = upload.with_digest(digest);
        let request = Self::request(Method::Put, &place, Repeat::Unsent);
        let limits = if bytes.is_empty() {
            Limits::Whole(THINKING + Duration::from_secs(size / LOOKED_THROUGH))
        } else {
            upload_limits(size)
        };
        let answer = match self.ask(&place, &request, &Content::Bytes(bytes, limits)) {
            Ok(answer) => answer,
            Err(Broken::Lost(what)) => return Ok(Put::Trouble(Trouble::Again(what, None))),
            Err(Broken::Final(error)) => return Err(error),
        };
        if !(200..=299).contains(&answer.status) {
            return Ok(Put::Trouble(self.trouble(&answer)));
        }
        match answer.header("docker-content-digest") {
            Some(named) if named != digest.as_str() => {
                let says = format!("it calls it {}", self.quote(named));
                Ok(Put::Trouble(Trouble::Otherwise(says)))
            }
            _ => Ok(Put::Done),
        }
    }

    /// Leaves no upload behind, as far as that can be had quickly.
    pub(super) fn cancel(&self, upload: &Place) {
        let request = Self::request(Method::Delete, upload, Repeat::Parting);
        // What isn't heard is purged by the registry some day.
        let _ = self.ask(upload, &request, &Content::Nothing);
    }

    /// The size of a blob that is there.
    pub(super) fn has(&self, digest: &Digest) -> Result<Option<u64>> {
        let place = self.at(&format!("blobs/{digest}"))?;
        let request = Self::request(Method::Head, &place, Repeat::Freely);
        let answer = self
            .ask_to_read(&place, &request)
            .map_err(|broken| self.given_up(broken))?;
        let named = answer.header("docker-content-digest");
        match answer.status {
            200..=299 if named.is_some_and(|named| named != digest.as_str()) => Ok(None),
            // One whose size isn't told can't be told from another; sending it again is safe.
            200..=299 => Ok(answer
                .header("content-length")
                .and_then(|size| size.trim().parse().ok())),
            404 => Ok(None),
            _ => Err(self.refused(&answer)),
        }
    }

    /// What an answer that is no success means for an upload.
    pub(super) fn trouble(&self, answer: &Answer) -> Trouble {
        let says = self.says(answer);
        match answer.status {
            408 | 429 | 500.. => Trouble::Again(says, answer.retry_after()),
            400 | 404 | 409 | 416 if registry::has_code(&answer.body, &NAMES) => {
                Trouble::Refused(self.refused(answer))
            }
            400 | 416 if registry::has_code(&answer.body, &OTHERWISE) => Trouble::Otherwise(says),
            400 | 404 | 409 | 416 => Trouble::Gone(says),
            _ => Trouble::Refused(self.refused(answer)),
        }
    }

    /// The error for an answer that no other try will change.
    pub(super) fn refused(&self, answer: &Answer) -> Error {
        let reason = self.quote(&registry::reason(&answer.body));
        let error = match answer.status {
            404 => refusal::no_repository(&self.says(answer)),
            408 | 429 | 500.. => refusal::unreachable(&self.says(answer)),
            status => registry::refused(status, &reason, self.reader.login.as_ref()),
        };
        error.at(self.place())
    }

    /// An answer in words.
    pub(super) fn says(&self, answer: &Answer) -> String {
        match self.quote(&registry::reason(&answer.body)).as_str() {
            "" => format!("it answered {}", answer.status),
            reason => format!("it answered {}: {reason}", answer.status),
        }
    }

    pub(super) fn quote(&self, text: &str) -> String {
        self.reader.quote_all(text)
    }

    /// The error for a request that was repeated as often as it may be.
    pub(super) fn given_up(&self, broken: Broken) -> Error {
        match broken {
            Broken::Lost(what) => refusal::unreachable(&what).at(self.place()),
            Broken::Final(error) => error,
        }
    }

    /// Where, for a person.
    pub(super) fn place(&self) -> String {
        format!("{}/{}", self.reader.host, self.repository)
    }
}
