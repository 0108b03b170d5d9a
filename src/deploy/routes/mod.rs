//! Every route, a file each.

mod direct;
mod docker;
mod heroku_cli;
mod heroku_yml;
mod images;
mod known;

use crate::error::Result;
use crate::plan::{Plan, Route};
use crate::shell::Tool;

use super::{Deploy, Done};

/// A way from a plan to a running release.
pub(super) struct Way {
    /// The programs it needs on this machine.
    pub(super) tools: &'static [Tool],
    /// Refuses a plan that can't be carried out by it, before anything is asked or sent.
    pub(super) possible: fn(&Plan) -> Result<()>,
    /// Goes it.
    pub(super) deploy: fn(&Deploy<'_>) -> Result<Done>,
}

/// The way of a route.
pub(super) fn of(route: Route) -> Way {
    match route {
        Route::Direct => Way {
            tools: &[Tool::Nix],
            possible: direct::possible,
            deploy: direct::deploy,
        },
        Route::Docker => Way {
            tools: &[Tool::Docker],
            possible: |_| Ok(()),
            deploy: |deploy| images::deploy(deploy, &docker::Docker),
        },
        Route::HerokuCli => Way {
            tools: &[Tool::Docker, Tool::Heroku],
            possible: |_| Ok(()),
            deploy: |deploy| images::deploy(deploy, &heroku_cli::HerokuCli),
        },
        Route::HerokuYml => Way {
            tools: &[],
            possible: heroku_yml::possible,
            deploy: heroku_yml::deploy,
        },
    }
}
