//! After the release was asked for: was one made, did it succeed, does its web dyno run.

use crate::error::Result;
use crate::heroku::dynos::{DEFAULT_LIMIT, WebOutcome, watch_web};
use crate::heroku::release::follow;
use crate::heroku::{App, Release};
use crate::names::{AppName, ProcessType};
use crate::ui::human_time;

use super::Deploy;

/// What became of the release.
pub(super) struct Settled {
    /// The newest one, if there is any.
    pub(super) release: Option<Release>,
    /// Whether it is new.
    pub(super) changed: bool,
}

impl Deploy<'_> {
    /// Compares the newest release with the one before, and waits for a new one to end well.
    ///
    /// Heroku answers a release of images that already run with success and makes none.
    pub(super) fn settle(&self, app: &App, before: Option<Release>) -> Result<Settled> {
        let after = self.api.newest_release(&app.name)?;
        let changed =
            after.as_ref().map(|release| &release.id) != before.as_ref().map(|release| &release.id);
        // A dry run makes none, and would otherwise always look unchanged.
        if self.api.is_dry() {
            return Ok(Settled {
                release: None,
                changed: true,
            });
        }
        let (Some(release), true) = (&after, changed) else {
            self.ui
                .detail("These images are already running: Heroku made no release");
            self.ui
                .detail("`--force` makes a new image ID and releases again");
            return Ok(Settled {
                release: before,
                changed: false,
            });
        };
        self.ui
            .detail(&format!("v{}: {}", release.version, release.description));
        let release = follow(self.api, self.clock, &app.name, &release.id, &mut |line| {
            self.ui.echo(line);
        })?;
        Ok(Settled {
            release: Some(release),
            changed: true,
        })
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
            return Ok(0);
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
