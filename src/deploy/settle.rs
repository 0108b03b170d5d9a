//! After the release was asked for: was one made, did it succeed, does its web dyno run.

use crate::error::{Error, Result};
use crate::heroku::dynos::{DEFAULT_LIMIT, WebOutcome, watch_web};
use crate::heroku::release::follow;
use crate::heroku::{Release, ReleaseId};
use crate::names::{AppName, ProcessType};
use crate::ui::human_time;

use super::{Deploy, Pushed, short};

/// How many releases are looked through for ours.
const NEWER: u16 = 20;

/// What became of the release.
pub(super) struct Settled {
    /// The newest one, if there is any.
    pub(super) release: Option<Release>,
    /// Whether it is new.
    pub(super) changed: bool,
}

impl Deploy<'_> {
    /// Finds the release that was made, if one was, and waits for it to end well.
    ///
    /// Heroku answers a release of images that already run with success and makes none. Then the newest
    /// release must itself have ended well: it may be pending still, from a deploy that was cut short.
    pub(super) fn settle(
        &self,
        app: &AppName,
        before: Option<&Release>,
        pushed: &[Pushed],
    ) -> Result<Settled> {
        // A dry run makes none, and would otherwise always look unchanged.
        if self.api.is_dry() {
            return Ok(Settled {
                release: None,
                changed: true,
            });
        }
        let made = self.made_since(app, before, pushed)?;
        let changed = made.is_some();
        let Some(release) = made.or_else(|| before.cloned()) else {
            return Err(no_release(app));
        };
        if changed {
            self.ui
                .detail(&format!("v{}: {}", release.version, release.description));
        } else {
            self.ui
                .detail("These images are already running: Heroku made no release");
            self.ui
                .detail("`--force` makes a new image ID and releases again");
        }
        let release = self.follow(app, &release.id)?;
        Ok(Settled {
            release: Some(release),
            changed,
        })
    }

    /// Waits for a release that is known to be ours.
    pub(super) fn settle_release(&self, app: &AppName, id: &ReleaseId) -> Result<Settled> {
        let release = if self.api.is_dry() {
            None
        } else {
            let release = self.follow(app, id)?;
            self.ui
                .detail(&format!("v{}: {}", release.version, release.description));
            Some(release)
        };
        Ok(Settled {
            release,
            changed: true,
        })
    }

    fn follow(&self, app: &AppName, id: &ReleaseId) -> Result<Release> {
        let echo = &mut |line: &str| self.ui.echo(line);
        follow(self.api, self.clock, app, id, echo)
    }

    /// The release that runs our images among those made since: others may have released, too.
    fn made_since(
        &self,
        app: &AppName,
        before: Option<&Release>,
        pushed: &[Pushed],
    ) -> Result<Option<Release>> {
        let last = before.map_or(0, |release| release.version);
        let mut newer = self.api.releases(app, NEWER)?;
        newer.retain(|release| release.version > last);
        newer.sort_by_key(|release| release.version);
        let ours = |release: &&Release| {
            pushed
                .iter()
                .any(|image| release.description.contains(short(&image.image_id)))
        };
        let named = newer.iter().find(ours).cloned();
        Ok(named.or_else(|| newer.into_iter().next()))
    }

    /// Scales `web` up when nothing runs it, then watches it start. Returns how many dynos are up.
    pub(super) fn watch(&self, app: &AppName, settled: &Settled) -> Result<usize> {
        let web = ProcessType::web();
        let (Some(release), true) = (&settled.release, settled.changed) else {
            return Ok(0);
        };
        self.tell_unscaled(app)?;
        if !self.plan.processes.contains_key(&web) {
            return Ok(0);
        }
        let topic = self.ui.topic("Starting web");
        let mut outcome = watch_web(self.api, self.clock, app, release.version, DEFAULT_LIMIT)?;
        if outcome == WebOutcome::NotScaled {
            self.ui.detail("No web dyno is asked for yet: scaling to 1");
            self.api.scale(app, &web, 1, None)?;
            outcome = watch_web(self.api, self.clock, app, release.version, DEFAULT_LIMIT)?;
        }
        let WebOutcome::Up { dynos, took } = outcome else {
            return Err(not_started(app));
        };
        self.ui
            .detail(&format!("{dynos} web up after {}", human_time(took)));
        topic.done();
        Ok(dynos)
    }

    /// Says which of the other processes nobody has asked for yet.
    fn tell_unscaled(&self, app: &AppName) -> Result<()> {
        let formation = self.api.formation(app)?;
        let unscaled = formation.iter().filter(|row| {
            row.quantity == 0
                && !row.process.is_web()
                && !row.process.is_release()
                && self.plan.processes.contains_key(&row.process)
        });
        for row in unscaled {
            let process = &row.process;
            self.ui.note(&format!(
                "`{process}` runs no dyno yet: heroku ps:scale {process}=1 -a {app}"
            ));
        }
        Ok(())
    }
}

fn no_release(app: &AppName) -> Error {
    Error::transient(
        "deploy/no-release",
        "Heroku took the images and made no release, and there is none before",
        format!("see what it says: `heroku releases -a {app}`, then deploy again"),
    )
}

fn not_started(app: &AppName) -> Error {
    Error::transient(
        "deploy/not-started",
        "the release is live, but Heroku still asks for no web dyno",
        format!("ask for one: `heroku ps:scale web=1 -a {app}`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_no_success() {
        let app: AppName = "my-app".parse().unwrap();
        for error in [no_release(&app), not_started(&app)] {
            assert_eq!(error.kind().exit_code(), 75);
        }
        insta::assert_snapshot!("no_release", no_release(&app));
        insta::assert_snapshot!("not_started", not_started(&app));
    }
}
