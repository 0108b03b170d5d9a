//! Every route, a file each.

mod docker;
mod heroku_cli;

use crate::docker::Built;
use crate::error::Result;
use crate::names::{AppName, Digest};
use crate::plan::Route;

use super::{Deploy, Pushed};

/// What differs from route to route.
pub(super) trait Ship {
    /// Refuses before anything is built what this route can't do here.
    fn check(&self, _deploy: &Deploy<'_>) -> Result<()> {
        Ok(())
    }

    /// Makes the registry take what comes next.
    fn login(&self, deploy: &Deploy<'_>) -> Result<()>;

    /// Pushes one image; returns the digest of its manifest, as the push itself told it.
    fn push(&self, deploy: &Deploy<'_>, app: &AppName, built: &Built) -> Result<Digest>;

    /// Asks Heroku to run what was pushed. Whether that made a release is for the caller to see.
    fn release(&self, deploy: &Deploy<'_>, app: &AppName, pushed: &[Pushed]) -> Result<()>;
}

/// The way of a route.
pub(super) fn of(route: Route) -> &'static dyn Ship {
    match route {
        Route::Docker => &docker::Docker,
        Route::HerokuCli => &heroku_cli::HerokuCli,
    }
}
