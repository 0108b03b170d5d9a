//! Stays until a release is known to be good or bad.
//!
//! Takes a release's id, gives the release once it has succeeded; shows the release command's output
//! on the way. Never takes the end of that output for the end of the release: streams end early or
//! never start (heroku/cli#1271, heroku/cli#2631), so only a status other than `pending` counts.

use std::collections::VecDeque;
use std::time::Duration;

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::names::AppName;

use super::api::Api;
use super::clock::Clock;
use super::types::{Release, ReleaseId, ReleaseStatus, StreamEnd};

/// Heroku ends a release command after an hour; the rest is for it to notice.
const LIMIT: Duration = Duration::from_secs(65 * 60);

/// How long the output is read at least, of a release that is over as well.
const LAST: Duration = Duration::from_secs(30);

/// How long Heroku may be out of reach before we stop asking.
const BLIND: Duration = Duration::from_secs(5 * 60);

/// The longest pause between two questions.
const SLOWEST: Duration = Duration::from_secs(5);

/// The address of the output is known before there is anything behind it. The Heroku CLI asks as often.
const STREAM_TRIES: u32 = 31;

/// How many lines of output an error shows.
const TAIL: usize = 20;

/// How many lines of the app's log are looked through for those of the release command.
const LOG_LINES: u16 = 200;

/// How often the log is asked for them: it is a little behind.
const LOG_TRIES: u32 = 3;

/// Waits for a release, handing the lines of its output to `line` as they come.
///
/// Errors: `heroku/release-failed`, `heroku/release-expired`, `heroku/release-unknown` (transient),
/// and those of [`Api`].
pub fn follow(
    api: &dyn Api,
    clock: &dyn Clock,
    app: &AppName,
    id: &ReleaseId,
    line: &mut dyn FnMut(&str),
) -> Result<Release> {
    let mut watch = Watch {
        api,
        clock,
        app,
        id,
        end: clock.now() + LIMIT,
        tail: VecDeque::new(),
        from_log: false,
    };
    let first = watch.ask()?;
    let mut seen = false;
    if let (ReleaseStatus::Pending, Some(url)) = (&first.status, &first.output_stream_url) {
        seen = watch.show(url, line)?;
    }
    let release = match first.status {
        ReleaseStatus::Pending => watch.settle()?,
        _ => first,
    };
    if release.status == ReleaseStatus::Failed && !seen {
        watch.read_again(&release, line)?;
    }
    if release.status == ReleaseStatus::Failed && watch.tail.len() < TAIL {
        watch.read_log()?;
    }
    watch.verdict(release)
}

/// One release being watched.
struct Watch<'a> {
    api: &'a dyn Api,
    clock: &'a dyn Clock,
    app: &'a AppName,
    id: &'a ReleaseId,
    /// When to give up.
    end: Duration,
    /// The last lines of the output.
    tail: VecDeque<String>,
    /// Whether they came from the app's log and not from the stream.
    from_log: bool,
}

impl Watch<'_> {
    /// Asks until there is an answer: the release goes on at Heroku's whether or not we can see it.
    fn ask(&self) -> Result<Release> {
        let start = self.clock.now();
        loop {
            match self.api.release(self.app, self.id) {
                Err(error) if error.kind() == Kind::Transient => {
                    if self.clock.now() >= start + BLIND {
                        let why = format!("Heroku can't be asked: {}", error.what());
                        return Err(self.unknown(&why));
                    }
                    self.clock.sleep(SLOWEST)?;
                }
                answer => return answer,
            }
        }
    }

    /// Shows the output; says whether it was seen to its proper end.
    fn show(&mut self, url: &Url, line: &mut dyn FnMut(&str)) -> Result<bool> {
        for _ in 1..STREAM_TRIES {
            match self.read(url, line)? {
                StreamEnd::NotThere => self.clock.sleep(Duration::from_secs(1))?,
                end => return Ok(end == StreamEnd::Finished),
            }
        }
        Ok(self.read(url, line)? == StreamEnd::Finished)
    }

    fn read(&mut self, url: &Url, line: &mut dyn FnMut(&str)) -> Result<StreamEnd> {
        let (tail, clock) = (&mut self.tail, self.clock);
        // It may trickle for good.
        let end = self.end.max(clock.now() + LAST);
        let mut more = || clock.now() < end;
        self.api.output_stream(url, &mut more, &mut |text| {
            line(text);
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(text.to_owned());
        })
    }

    /// Asks until the status is no longer `pending`.
    fn settle(&self) -> Result<Release> {
        let mut pause = Duration::from_secs(1);
        loop {
            let release = self.ask()?;
            if release.status != ReleaseStatus::Pending {
                return Ok(release);
            }
            if self.clock.now() >= self.end {
                let minutes = LIMIT.as_secs() / 60;
                let why = format!("it is still pending after {minutes} minutes");
                return Err(self.unknown(&why));
            }
            self.clock.sleep(pause)?;
            pause = (pause * 2).min(SLOWEST);
        }
    }

    /// The output of a failed release whose stream broke off is read again, for the error's sake.
    fn read_again(&mut self, release: &Release, line: &mut dyn FnMut(&str)) -> Result<()> {
        let Some(url) = &release.output_stream_url else {
            return Ok(());
        };
        let shown_before = !self.tail.is_empty();
        self.tail.clear();
        self.read(url, &mut |text| {
            if !shown_before {
                line(text);
            }
        })?;
        Ok(())
    }

    /// An image without `curl` has an empty stream, and others end early: what the command said is in
    /// the app's log too, a little later.
    fn read_log(&mut self) -> Result<()> {
        for _ in 0..LOG_TRIES {
            let said = match self.api.log_tail(self.app, None, LOG_LINES) {
                Ok(log) => said_by_release(&log),
                Err(error) if error.kind() == Kind::Interrupted => return Err(error),
                // Without its log the failure is still a failure.
                Err(_) => return Ok(()),
            };
            // One line of the log is Heroku's own: the exit status.
            if said.len() > self.tail.len() + usize::from(!self.tail.is_empty()) {
                let skip = said.len().saturating_sub(TAIL);
                self.tail = said.into_iter().skip(skip).collect();
                self.from_log = true;
            }
            if !self.tail.is_empty() {
                break;
            }
            self.clock.sleep(Duration::from_secs(1))?;
        }
        Ok(())
    }

    fn verdict(self, release: Release) -> Result<Release> {
        let version = release.version;
        let at = format!("app {}, release v{version}", self.app);
        match &release.status {
            ReleaseStatus::Succeeded => Ok(release),
            ReleaseStatus::Failed => Err(Error::user(
                "heroku/release-failed",
                format!("the release command of v{version} failed"),
                "mend what the lines above say, then deploy again",
            )
            .because("the app still runs its last good release")
            .or(if self.from_log {
                format!("see more: `heroku logs --num 200 --app {}`", self.app)
            } else {
                format!(
                    "see all of it: `heroku releases:output v{version} --app {}`",
                    self.app
                )
            })
            .detail(self.tail)
            .at(at)),
            ReleaseStatus::Expired => Err(Error::user(
                "heroku/release-expired",
                format!("Heroku no longer has what v{version} needs to run"),
                "deploy again",
            )
            .because("releases older than 30 days and older than the last 20 expire")
            .at(at)),
            ReleaseStatus::Pending | ReleaseStatus::Other(_) => {
                Err(self.unknown(&format!("its status is `{}`", release.status)))
            }
        }
    }

    fn unknown(&self, why: &str) -> Error {
        Error::transient(
            "heroku/release-unknown",
            format!("it is not known how the release ended: {why}"),
            format!("look at it: `nixdyno status --app {}`", self.app),
        )
        .because("a release that isn't known to be good doesn't count as deployed")
        .at(format!("app {}, release {}", self.app, self.id))
    }
}

/// What the newest `release.N` dyno of a log said, and how it ended.
fn said_by_release(log: &[String]) -> Vec<String> {
    let lines = log.iter().filter_map(|line| {
        let (head, text) = line.split_once("]: ")?;
        let (source, dyno) = head.rsplit_once('[')?;
        let told = source.ends_with("app") || text.starts_with("Process exited");
        (dyno.starts_with("release.") && told).then_some((dyno, text))
    });
    let lines: Vec<_> = lines.collect();
    let newest = lines.last().map(|(dyno, _)| *dyno);
    lines
        .into_iter()
        .filter(|(dyno, _)| Some(*dyno) == newest)
        .map(|(_, text)| text.to_owned())
        .collect()
}

#[cfg(test)]
mod tests;
