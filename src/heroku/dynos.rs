//! Watches the web dynos of a new release start.
//!
//! Takes a release's number, gives whether its web process runs. Never takes "no news" for good news.

use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::names::{AppName, ProcessType};

use super::api::Api;
use super::clock::Clock;
use super::symptoms;
use super::types::Dyno;

/// How long a web process may take by default: a minute to bind its port (R10), and the time to
/// pull the image. How Heroku counts the pull is not documented.
pub const DEFAULT_LIMIT: Duration = Duration::from_secs(180);

/// How many lines of the log an error shows.
const LOG_LINES: u16 = 20;

/// How a web process came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebOutcome {
    /// All its dynos run.
    Up {
        /// How many.
        dynos: usize,
        /// How long it took to see it.
        took: Duration,
    },
    /// There is a web process, scaled to zero (or not yet scaled).
    NotScaled,
}

/// Waits until the web dynos of release `version` are up, for at most `limit`.
///
/// Errors: `heroku/dyno-crashed`, `heroku/dyno-slow` (transient), and those of [`Api`].
pub fn watch_web(
    api: &dyn Api,
    clock: &dyn Clock,
    app: &AppName,
    version: u64,
    limit: Duration,
) -> Result<WebOutcome> {
    let formation = api.formation(app)?;
    let web = ProcessType::web();
    let wanted = formation
        .iter()
        .find(|process| process.process == web)
        .map_or(0, |process| process.quantity);
    if wanted == 0 {
        return Ok(WebOutcome::NotScaled);
    }
    let start = clock.now();
    loop {
        let dynos = web_dynos(api, app, version)?;
        if let Some(dyno) = dynos.iter().find(|dyno| dyno.state == "crashed") {
            return Err(crashed(api, app, dyno, version));
        }
        let took = clock.now().saturating_sub(start);
        // Dynos of the release before are replaced one by one: being all up means being all there.
        let all_there = dynos.len() >= wanted.try_into().unwrap_or(usize::MAX);
        if all_there && dynos.iter().all(|dyno| is_running(&dyno.state)) {
            let dynos = dynos.len();
            return Ok(WebOutcome::Up { dynos, took });
        }
        if took >= limit {
            return Err(slow(app, &dynos, version, limit));
        }
        clock.sleep(Duration::from_secs(2))?;
    }
}

/// The web dynos of this release, or of a newer one that a change of configuration may have made.
fn web_dynos(api: &dyn Api, app: &AppName, version: u64) -> Result<Vec<Dyno>> {
    let mut dynos = api.dynos(app)?;
    dynos.retain(|dyno| dyno.process == "web" && dyno.release.version >= version);
    Ok(dynos)
}

/// An Eco dyno that went to sleep has been up.
fn is_running(state: &str) -> bool {
    matches!(state, "up" | "idle")
}

fn crashed(api: &dyn Api, app: &AppName, dyno: &Dyno, version: u64) -> Error {
    // Without its log the crash is still a crash.
    let log = match api.log_tail(app, Some(&dyno.name), LOG_LINES) {
        Ok(log) if log.is_empty() => vec!["(its log is empty)".to_owned()],
        Ok(log) => log,
        Err(error) if error.kind() == Kind::Interrupted => return error,
        Err(error) => vec![format!("(no log: {})", error.what())],
    };
    let mut hints = symptoms::hints(&log).into_iter();
    let first = hints
        .next()
        .unwrap_or("mend what the log says, then deploy again");
    let what = format!("{} of release v{version} crashed", dyno.name);
    let error = Error::user("heroku/dyno-crashed", what, first);
    hints
        .fold(error, Error::or)
        .or(format!("see more: `heroku logs --num 200 --app {app}`"))
        .or(format!("go back: `nixdyno rollback --app {app}`"))
        .detail(log)
        .at(format!("app {app}"))
}

fn slow(app: &AppName, dynos: &[Dyno], version: u64, limit: Duration) -> Error {
    let seen: Vec<String> = dynos
        .iter()
        .map(|dyno| format!("{} is {}", dyno.name, dyno.state))
        .collect();
    let seen = match seen.as_slice() {
        [] => format!("no web dyno of v{version} was seen"),
        seen => seen.join(", "),
    };
    Error::transient(
        "heroku/dyno-slow",
        format!("the web process was not up after {} seconds: {seen}", limit.as_secs()),
        format!("look at it: `heroku ps --app {app}` and `heroku logs --app {app}`"),
    )
    .because("a large image takes time to pull, and a dyno that doesn't bind $PORT in 60 seconds is ended")
    .at(format!("app {app}"))
}

#[cfg(test)]
mod tests;
