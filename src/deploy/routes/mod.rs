//! Every route, a file each.

mod docker;
mod heroku_cli;
mod heroku_yml;
mod images;

use crate::error::Result;
use crate::plan::Route;
use crate::shell::Tool;

use super::{Deploy, Done};

/// A way from a plan to a running release.
pub(super) struct Way {
    /// The programs it needs on this machine.
    pub(super) tools: &'static [Tool],
    /// Goes it.
    pub(super) deploy: fn(&Deploy<'_>) -> Result<Done>,
}

/// The way of a route.
pub(super) fn of(route: Route) -> Way {
    match route {
        Route::Docker => Way {
            tools: &[Tool::Docker],
            deploy: |deploy| images::deploy(deploy, &docker::Docker),
        },
        Route::HerokuCli => Way {
            tools: &[Tool::Docker, Tool::Heroku],
            deploy: |deploy| images::deploy(deploy, &heroku_cli::HerokuCli),
        },
        Route::HerokuYml => Way {
            tools: &[],
            deploy: heroku_yml::deploy,
        },
    }
}
