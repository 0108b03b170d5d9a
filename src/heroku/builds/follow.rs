//! Stays until a build is known to have ended.
//!
//! Takes a build that was just made, gives it as it ended with the last lines of its output, which is shown on the
//! way. Never takes the end of that output for the end of the build: only a status other than `pending` counts.

use std::collections::VecDeque;
use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::heroku::api::Api;
use crate::heroku::clock::Clock;
use crate::heroku::types::StreamEnd;
use crate::names::AppName;

use super::{Build, BuildStatus};

/// Heroku ends builds far earlier; how early those of images isn't documented.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// How long Heroku may be out of reach before we stop asking.
const BLIND: Duration = Duration::from_secs(5 * 60);

/// The longest pause between two questions.
const SLOWEST: Duration = Duration::from_secs(5);

/// How often the output is read without anything new in it: it comes late, and ends early.
const IDLE_READS: u32 = 31;

/// How long a build that succeeded may take to name its release.
const RELEASED: Duration = Duration::from_secs(30);

/// How often the status is asked while the output comes: that may trickle for good.
const ASKED: Duration = Duration::from_secs(15);

/// How long the output is read on once the build has ended.
const LAST: Duration = Duration::from_secs(30);

/// How much of the output is shown.
const MOST_LINES: usize = 100_000;
const MOST_BYTES: usize = 32 << 20;

/// How many lines of output are kept, as of a build by Docker here.
const TAIL: usize = 40;

/// How a build ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The build; never pending.
    pub build: Build,
    /// The last lines of its output.
    pub tail: Vec<String>,
}

/// Waits for a build, handing the lines of its output to `line` as they come. A build that failed is an answer.
///
/// Errors: `heroku/build-unknown` (transient), and those of [`Api`].
pub fn follow(
    api: &dyn Api,
    clock: &dyn Clock,
    app: &AppName,
    build: Build,
    line: &mut dyn FnMut(&str),
) -> Result<Ended> {
    let mut watch = Watch {
        api,
        clock,
        app,
        build,
        shown: 0,
        bytes: 0,
        tail: VecDeque::new(),
    };
    watch.settle(line)?;
    match &watch.build.status {
        BuildStatus::Succeeded => watch.await_release()?,
        BuildStatus::Failed => {
            // The last lines say why, and a stream may have ended before them.
            watch.read(clock.now() + LAST, line)?;
        }
        BuildStatus::Pending | BuildStatus::Other(_) => {
            return Err(watch.unknown(&format!("its status is `{}`", watch.build.status)));
        }
    }
    Ok(Ended {
        build: watch.build,
        tail: watch.tail.into(),
    })
}

/// One build being watched.
struct Watch<'a> {
    api: &'a dyn Api,
    clock: &'a dyn Clock,
    app: &'a AppName,
    build: Build,
    /// How many lines of the output were shown.
    shown: usize,
    /// Their bytes.
    bytes: usize,
    /// The last lines of the output.
    tail: VecDeque<String>,
}

impl Watch<'_> {
    /// Shows the output and asks, until the status is no longer `pending`.
    fn settle(&mut self, line: &mut dyn FnMut(&str)) -> Result<()> {
        let end = self.clock.now() + LIMIT;
        let mut pause = Duration::from_secs(1);
        let mut idle = 0;
        while self.build.status == BuildStatus::Pending {
            if idle < IDLE_READS {
                let before = self.shown;
                self.read(end, line)?;
                idle = if self.shown > before { 0 } else { idle + 1 };
            }
            if self.build.status == BuildStatus::Pending {
                self.ask()?;
            }
            if self.build.status != BuildStatus::Pending {
                break;
            }
            if self.clock.now() >= end {
                let minutes = LIMIT.as_secs() / 60;
                return Err(self.unknown(&format!("it is still pending after {minutes} minutes")));
            }
            self.clock.sleep(pause)?;
            pause = (pause * 2).min(SLOWEST);
        }
        Ok(())
    }

    /// Asks until there is an answer: the build goes on at Heroku's whether or not we can see it.
    fn ask(&mut self) -> Result<()> {
        let start = self.clock.now();
        loop {
            match self.api.build(self.app, &self.build.id) {
                Ok(build) => {
                    self.build = build;
                    return Ok(());
                }
                Err(error) if error.kind() == Kind::Transient => {
                    if self.clock.now() >= start + BLIND {
                        let why = format!("Heroku can't be asked: {}", error.what());
                        return Err(self.unknown(&why));
                    }
                    self.clock.sleep(SLOWEST)?;
                }
                Err(error) if error.kind() == Kind::Interrupted => return Err(error),
                Err(error) => {
                    let page = page(self.app);
                    return Err(error.or(format!(
                        "the build goes on at Heroku, and may be released: {page}"
                    )));
                }
            }
        }
    }

    /// Reads the output from its start, as far as it is there or until `end`, and shows what wasn't shown before.
    fn read(&mut self, end: Duration, line: &mut dyn FnMut(&str)) -> Result<StreamEnd> {
        let Some(url) = self.build.output_stream_url.clone() else {
            return Ok(StreamEnd::NotThere);
        };
        let (api, clock, app, id) = (self.api, self.clock, self.app, self.build.id.clone());
        let (build, shown, bytes) = (&mut self.build, &mut self.shown, &mut self.bytes);
        let (mut end, mut asked) = (end, clock.now());
        let mut more = || {
            let now = clock.now();
            if build.status == BuildStatus::Pending && now >= asked + ASKED {
                asked = now;
                match api.build(app, &id) {
                    Ok(found) => *build = found,
                    // What it means is seen when it is asked again.
                    Err(error) if error.kind() != Kind::Transient => return false,
                    Err(_) => {}
                }
                if build.status != BuildStatus::Pending {
                    end = end.min(now + LAST);
                }
            }
            now < end
        };
        let mut read = 0;
        let mut tail = VecDeque::new();
        let ended = api.output_stream(&url, &mut more, &mut |text| {
            read += 1;
            if read > *shown {
                *shown = read;
                let was_full = is_full(read - 1, *bytes);
                *bytes = bytes.saturating_add(text.len());
                if !is_full(read, *bytes) {
                    line(text);
                } else if !was_full {
                    line(&format!("… there is too much to show: {}", page(app)));
                }
            }
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(text.to_owned());
        })?;
        // A reading that broke off earlier than the one before knows less.
        if read >= self.shown {
            self.tail = tail;
        }
        Ok(ended)
    }

    /// A build's release is made after its image.
    fn await_release(&mut self) -> Result<()> {
        let end = self.clock.now() + RELEASED;
        while self.build.release.is_none() && self.clock.now() < end {
            self.clock.sleep(Duration::from_secs(1))?;
            self.ask()?;
        }
        if self.build.release.is_some() {
            return Ok(());
        }
        Err(self.unknown("it succeeded, and Heroku names no release of it"))
    }

    fn unknown(&self, why: &str) -> Error {
        let app = self.app;
        let page = page(app);
        Error::transient(
            "heroku/build-unknown",
            format!("it is not known how the build at Heroku ended: {why}"),
            format!("look at it: {page}"),
        )
        .because("a build that isn't known to be good doesn't count as deployed")
        .or(format!("see what runs: `nixdyno status --app {app}`"))
        .at(format!("app {app}, build {}", self.build.id))
    }
}

/// Whether no more of the output is shown.
fn is_full(lines: usize, bytes: usize) -> bool {
    lines > MOST_LINES || bytes > MOST_BYTES
}

/// Where Heroku shows an app's builds.
pub fn page(app: &AppName) -> String {
    format!("https://dashboard.heroku.com/apps/{app}/activity")
}
