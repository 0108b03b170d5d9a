//! `nixdyno rollback`: goes back to the release before, and waits until that is live.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::RollbackArgs;
use crate::error::{Error, Result};
use crate::heroku::dynos::{DEFAULT_LIMIT, watch_web};
use crate::heroku::release::follow;
use crate::heroku::{Release, ReleaseStatus, WallClock};
use crate::names::AppName;

use super::Session;

/// How far back a release is looked for.
const RELEASES: u16 = 50;

pub(super) fn run(session: &Session, args: &RollbackArgs) -> Result<ExitCode> {
    let name = session.app()?;
    if session.settings.dry_run {
        return would(session, name, args.release);
    }
    let endpoints = session.endpoints()?;
    let credentials = session.credentials(&endpoints)?;
    let api = session.api(&endpoints, &credentials)?;
    let releases = api.releases(name, RELEASES)?;
    let target = target(&releases, args.release)?;
    let clock = WallClock::start();
    let topic = session
        .ui
        .topic(&format!("Rolling {name} back to v{}", target.version));
    let made = api.rollback(name, &target.id)?;
    let release = follow(api.as_ref(), &clock, name, &made.id, &mut |line| {
        session.ui.echo(line);
    })?;
    watch_web(api.as_ref(), &clock, name, release.version, DEFAULT_LIMIT)?;
    topic.done();
    session
        .ui
        .json(&json!({ "release": release, "rolled_back_to": target.version }))?;
    session.ui.answer(format!(
        "v{} runs what v{} ran",
        release.version, target.version
    ));
    Ok(ExitCode::SUCCESS)
}

/// A dry run asks Heroku nothing, so it can't know the release's number.
fn would(session: &Session, name: &AppName, asked: Option<u64>) -> Result<ExitCode> {
    let target = match asked {
        Some(version) => format!("v{version}"),
        None => "the last good release before the current one".to_owned(),
    };
    session.ui.json(&json!({ "would_roll_back_to": target }))?;
    session
        .ui
        .answer(format!("would roll {name} back to {target}"));
    Ok(ExitCode::SUCCESS)
}

/// The release asked for, or the newest before the current one that Heroku still has.
fn target(releases: &[Release], asked: Option<u64>) -> Result<&Release> {
    let can = |release: &&Release| {
        release.eligible_for_rollback.unwrap_or(true) && release.status == ReleaseStatus::Succeeded
    };
    let current = releases
        .iter()
        .find(|release| release.current)
        .map(|release| release.version);
    let found = releases.iter().filter(can).find(|release| match asked {
        Some(version) => release.version == version,
        None => Some(release.version) < current,
    });
    found.ok_or_else(|| {
        let versions: Vec<String> = releases
            .iter()
            .filter(can)
            .map(|release| format!("v{}", release.version))
            .collect();
        Error::user(
            "rollback/no-release",
            "there is no such release to go back to",
            "choose one of those that succeeded: `nixdyno rollback 12 -a NAME`",
        )
        .detail((!versions.is_empty()).then(|| versions.join(" ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: u64, status: &str, current: bool) -> Release {
        serde_json::from_value(json!({
            "id": format!("01234567-89ab-cdef-0123-{version:012}"),
            "version": version, "status": status, "current": current,
        }))
        .unwrap()
    }

    #[test]
    fn goes_to_the_last_good_one_before_the_current() {
        let releases = [
            release(9, "failed", false),
            release(8, "succeeded", true),
            release(7, "failed", false),
            release(6, "succeeded", false),
        ];
        assert_eq!(target(&releases, None).unwrap().version, 6);
        assert_eq!(target(&releases, Some(8)).unwrap().version, 8);
        insta::assert_snapshot!(target(&releases, Some(7)).unwrap_err());
        assert!(target(&[], None).is_err());
    }
}
