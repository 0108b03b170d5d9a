//! Turns a plan into files, in memory.
//!
//! Takes a [`Plan`]; gives a [`Bundle`]. Never touches the disk (see [`write`]), never decides
//! anything: what differs between two plans differs in their files and nowhere else.

mod base;
mod bundle;
mod caches;
mod ci;
mod contents;
pub(crate) mod dockerfile;
mod head;
mod heroku_yml;
mod long;
mod nix;
mod prune;
mod write;

pub use base::base_recipe;
pub use bundle::{Bundle, What};
pub use caches::Push;
pub use ci::{Ci, CiFile, Looks, Platform, ci, ci_again};
pub use contents::{CONTENTS_STAGE, contents_stages};
pub use dockerfile::{Target, dockerfile, push_dockerfile, stage_name};
pub use heroku_yml::heroku_yml;
pub use write::{Outcome, Seen, State, drift, state, would_write, write};

use askama::Template;

use crate::error::{Error, Result};
use crate::plan::Plan;

/// What every file starts with; a file that starts so is nixdyno's to write again while unchanged.
pub const MARK: &str = "# Written by nixdyno ";

#[derive(Template)]
#[template(path = "dockerignore.j2", escape = "none")]
struct DockerIgnore<'a> {
    version: &'a str,
}

/// Renders every file of a plan that needs no other file: heroku.yml is for [`heroku_yml`].
///
/// Errors: `render/template`, a defect.
pub fn render(plan: &Plan) -> Result<Bundle> {
    let mut bundle = Bundle::default();
    bundle.add(What::Dockerfile, dockerfile(plan, Target::All)?);
    bundle.add(What::Dockerignore, dockerignore()?);
    bundle.said(&plan.again);
    Ok(bundle)
}

/// What stays out of the build context.
///
/// Errors: `render/template`, a defect.
pub fn dockerignore() -> Result<String> {
    fill(&DockerIgnore {
        version: env!("CARGO_PKG_VERSION"),
    })
}

fn fill(template: &impl Template) -> Result<String> {
    let text = template.render().map_err(|error| {
        Error::bug(
            "render/template",
            format!("cannot fill a template: {error}"),
        )
    })?;
    Ok(format!("{}\n", text.trim_end()))
}
