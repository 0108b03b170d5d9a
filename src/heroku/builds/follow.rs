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
        tail: VecDeque::new(),
    };
    watch.settle(line)?;
    match &watch.build.status {
        BuildStatus::Succeeded => watch.await_release()?,
        BuildStatus::Failed => {
            // The last lines say why, and a stream may have ended before them.
            watch.read(line)?;
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
                self.read(line)?;
                idle = if self.shown > before { 0 } else { idle + 1 };
            }
            self.ask()?;
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
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the output from its start, as far as it is there, and shows what wasn't shown before.
    fn read(&mut self, line: &mut dyn FnMut(&str)) -> Result<StreamEnd> {
        let Some(url) = self.build.output_stream_url.clone() else {
            return Ok(StreamEnd::NotThere);
        };
        let (mut read, shown) = (0, &mut self.shown);
        let mut tail = VecDeque::new();
        let end = self.api.output_stream(&url, &mut |text| {
            read += 1;
            if read > *shown {
                *shown = read;
                line(text);
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
        Ok(end)
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
        Error::transient(
            "heroku/build-unknown",
            format!("it is not known how the build at Heroku ended: {why}"),
            format!("look at it: https://dashboard.heroku.com/apps/{app}/activity"),
        )
        .because("a build that isn't known to be good doesn't count as deployed")
        .or(format!("see what runs: `nixdyno status --app {app}`"))
        .at(format!("app {app}, build {}", self.build.id))
    }
}
