//! Blobs that are made while they are sent.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::heroku::net::{Answer, Method, Repeat, upload_limits};
use crate::names::RepositoryName;
use crate::shell::interrupt;

use super::location::{Place, held};
use super::patience::Patience;
use super::upload::{Pusher, Put, State, Trouble};
use super::{BlobSource, Sent, refusal};
use crate::registry::Registry;
use crate::registry::exchange::Broken;
use crate::registry::reader::bearer_challenge;

/// How much is read at once.
const PIECE: usize = 512 * 1024;

impl Registry {
    /// Pushes a blob while it is made; `progress` is told how many bytes more are on their way, each byte once.
    ///
    /// Errors: `registry/unauthorized`, `registry/not-found`, `registry/refused`, `registry/unreachable`,
    /// `registry/arrived-otherwise`, `registry/unreadable-source` or what the source says, and Ctrl-C. After any
    /// of them no upload is left open, as far as that can be had.
    pub fn stream_blob(
        &self,
        repository: &RepositoryName,
        source: &mut dyn BlobSource,
        progress: &dyn Fn(u64),
    ) -> Result<Sent> {
        let mut stream = Stream {
            pusher: Pusher::new(&self.reader, repository),
            source,
            progress,
            patience: Patience::default(),
            told: 0,
            most: 0,
            otherwise: false,
            open: None,
        };
        let outcome = stream.run();
        stream.leave();
        outcome
    }
}

/// One blob on its way.
struct Stream<'a> {
    pusher: Pusher<'a>,
    source: &'a mut dyn BlobSource,
    progress: &'a dyn Fn(u64),
    patience: Patience,
    /// How far progress was told.
    told: u64,
    /// The most that any upload of this blob was known to hold.
    most: u64,
    /// Whether something else arrived once already.
    otherwise: bool,
    /// The upload that is open.
    open: Option<Place>,
}

/// What became of one request with content.
enum Pass {
    /// All of it is there.
    Whole(Sent),
    /// It was refused before any of it was taken, for a token that ended.
    Refused(String),
    /// It broke; the upload may be taken up.
    Broken(String, Option<Duration>),
    /// It broke, and the upload is of no use.
    Lost(String),
}

impl Stream<'_> {
    fn run(&mut self) -> Result<Sent> {
        loop {
            self.leave();
            self.open = Some(self.pusher.open()?);
            if let Some(sent) = self.fill()? {
                self.open = None;
                return Ok(sent);
            }
        }
    }

    /// Closes the upload that is open.
    fn leave(&mut self) {
        if let Some(upload) = self.open.take() {
            self.pusher.cancel(&upload);
        }
    }

    /// Fills the open upload; nothing where that needs another one.
    fn fill(&mut self) -> Result<Option<Sent>> {
        let mut at = 0;
        loop {
            match self.pass(at)? {
                Pass::Whole(sent) => return self.finish(sent),
                Pass::Refused(says) => self.wait(&says, None)?,
                Pass::Lost(says) => {
                    self.wait(&says, None)?;
                    return Ok(None);
                }
                Pass::Broken(says, wish) => {
                    self.wait(&says, wish)?;
                    match self.state()? {
                        Some(held) => at = held,
                        None => return Ok(None),
                    }
                }
            }
        }
    }

    /// Sends the source from byte `at` on.
    fn pass(&mut self, at: u64) -> Result<Pass> {
        let Some(upload) = self.open.clone() else {
            return Ok(Pass::Lost("no upload is open".to_owned()));
        };
        let limits = upload_limits(self.source.most());
        let mut feed = Feed {
            reader: self.source.open()?,
            at: 0,
            told: self.told,
            progress: self.progress,
            first: Vec::new(),
            failed: None,
        };
        let sent = match feed.skip(at) {
            Skipped::There => {
                let request = Pusher::request(Method::Patch, &upload, Repeat::Unsent);
                let purpose = self.pusher.purpose(&upload);
                let sent = self
                    .pusher
                    .reader
                    .send_stream(purpose, &request, &mut feed, limits);
                Some(sent)
            }
            // Only the answer was lost.
            Skipped::End => None,
            Skipped::Short => return Ok(Pass::Lost("it holds more than was sent".to_owned())),
            Skipped::Failed => Some(Err(Broken::Lost(String::new()))),
        };
        let (total, failed) = (feed.at, feed.failed.take());
        self.told = feed.told;
        drop(feed);
        interrupt::check()?;
        if let Some(error) = failed {
            return Err(refusal::unreadable(error));
        }
        match sent {
            None => self.whole(total),
            Some(Ok(answer)) => self.judge(&upload, &answer, total),
            Some(Err(Broken::Final(error))) => Err(error),
            Some(Err(Broken::Lost(what))) => {
                self.pusher.reader.doubt(self.pusher.purpose(&upload));
                Ok(Pass::Broken(what, None))
            }
        }
    }

    /// What the answer to content means.
    fn judge(&mut self, upload: &Place, answer: &Answer, total: u64) -> Result<Pass> {
        match answer.status {
            200..=299 => {}
            status => {
                if let (401, Some(challenge)) = (status, bearer_challenge(answer)) {
                    let purpose = self.pusher.purpose(upload);
                    self.pusher.reader.challenged(purpose, challenge);
                    return Ok(Pass::Refused(self.pusher.says(answer)));
                }
                return match self.pusher.trouble(answer) {
                    Trouble::Again(says, wish) => Ok(Pass::Broken(says, wish)),
                    Trouble::Gone(says) | Trouble::Otherwise(says) => Ok(Pass::Lost(says)),
                    Trouble::Refused(error) => Err(error),
                };
            }
        }
        let next = match answer.header("location") {
            None => Some(upload.clone()),
            Some(_) => self.pusher.next(upload, answer),
        };
        let Some(next) = next else {
            return Err(refusal::no_place().at(self.pusher.place()));
        };
        self.open = Some(next);
        match held(answer.header("range")) {
            Some(held) if held != total => {
                let says = format!("it holds {held} bytes where {total} were sent");
                Ok(Pass::Broken(says, None))
            }
            _ => self.whole(total),
        }
    }

    fn whole(&mut self, total: u64) -> Result<Pass> {
        let (digest, bytes) = self.source.finish()?;
        if bytes != total {
            let what = format!("{bytes} bytes were promised and {total} made of {digest}");
            return Err(Error::bug("registry/wrong-size", what));
        }
        Ok(Pass::Whole(Sent { digest, bytes }))
    }

    /// How much the open upload holds; nothing where it can't be taken up.
    fn state(&mut self) -> Result<Option<u64>> {
        while let Some(upload) = self.open.clone() {
            match self.pusher.state(&upload)? {
                State::Held(held, next) => {
                    self.open = Some(next);
                    if held > self.most {
                        self.most = held;
                        self.patience.gained();
                    }
                    return Ok(Some(held));
                }
                State::Unknown => break,
                State::Again(says, wish) => self.wait(&says, wish)?,
            }
        }
        Ok(None)
    }

    /// Gives the open upload, which holds all, its digest.
    fn finish(&mut self, sent: Sent) -> Result<Option<Sent>> {
        while let Some(upload) = self.open.clone() {
            let put = self.pusher.put(&upload, &sent.digest, &[], sent.bytes)?;
            let again = match put {
                Put::Done => return Ok(Some(sent)),
                Put::Trouble(Trouble::Refused(error)) => return Err(error),
                Put::Trouble(Trouble::Otherwise(says)) => {
                    if self.otherwise {
                        let error = refusal::arrived_otherwise("blob", &says);
                        return Err(error.at(self.pusher.place()));
                    }
                    self.otherwise = true;
                    return Ok(None);
                }
                Put::Trouble(Trouble::Gone(says)) => {
                    self.wait(&says, None)?;
                    false
                }
                Put::Trouble(Trouble::Again(says, wish)) => {
                    self.wait(&says, wish)?;
                    true
                }
            };
            // The answer may have been lost, and not the blob. One that arrived otherwise is not believed.
            if !self.otherwise && self.pusher.has(&sent.digest)? == Some(sent.bytes) {
                return Ok(Some(sent));
            }
            if !again {
                break;
            }
        }
        Ok(None)
    }

    fn wait(&mut self, says: &str, wish: Option<Duration>) -> Result<()> {
        match self.patience.again(wish) {
            Some(wait) => self.pusher.reader.net.wait(wait),
            None => Err(refusal::unreachable(says).at(self.pusher.place())),
        }
    }
}

/// The bytes of a source, counted.
struct Feed<'a> {
    reader: Box<dyn Read + Send + 'a>,
    /// How many were made.
    at: u64,
    told: u64,
    progress: &'a dyn Fn(u64),
    /// The first of those that are to be sent.
    first: Vec<u8>,
    /// What the source said when it broke; the network's errors are others.
    failed: Option<std::io::Error>,
}

/// Where the bytes go on that are not there yet.
enum Skipped {
    There,
    End,
    Short,
    Failed,
}

impl Feed<'_> {
    /// Passes over the first `bytes`.
    fn skip(&mut self, bytes: u64) -> Skipped {
        if bytes == 0 {
            return Skipped::There;
        }
        let mut piece = vec![0; PIECE];
        while self.at < bytes {
            let left = usize::try_from(bytes - self.at).unwrap_or(PIECE).min(PIECE);
            match self.made(piece.get_mut(..left).unwrap_or_default()) {
                Ok(0) => return Skipped::Short,
                Ok(_) => {}
                Err(_) => return Skipped::Failed,
            }
        }
        match self.made(&mut piece) {
            Ok(0) => Skipped::End,
            Ok(read) => {
                piece.truncate(read);
                self.first = piece;
                Skipped::There
            }
            Err(_) => Skipped::Failed,
        }
    }

    /// Reads until `buffer` is full or the source ends: small pieces would cost a write each.
    fn made(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            if interrupt::check().is_err() {
                return Err(std::io::Error::other("stopped"));
            }
            match self.reader.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = Some(error);
                    return Err(std::io::Error::other("the source can't be read"));
                }
            }
        }
        let made = u64::try_from(filled).unwrap_or(u64::MAX);
        self.at = self.at.saturating_add(made);
        if self.at > self.told {
            (self.progress)(self.at - self.told);
            self.told = self.at;
        }
        Ok(filled)
    }
}

impl Read for Feed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.first.is_empty() {
            return self.made(buffer);
        }
        let taken = buffer.len().min(self.first.len());
        let rest = self.first.split_off(taken);
        for (to, from) in buffer.iter_mut().zip(&self.first) {
            *to = *from;
        }
        self.first = rest;
        Ok(taken)
    }
}
