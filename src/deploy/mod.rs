//! The routes: which rooms, in which order. Each route reads like a row of the table of routes in
//! README.md and has no logic of its own.
//!
//! Takes a plan and the rooms' handles; gives a [`Done`]. Never calls a deploy a success that isn't
//! one: what was pushed is fetched back and checked, the release is awaited, the web dyno watched.
//!
//! A new route is a file in `routes/` and a row in `routes::of`.

mod app;
mod routes;
mod settle;

use std::path::Path;

use serde::Serialize;

use crate::docker::Images;
use crate::error::{Error, Kind, Result};
use crate::heroku::builds::BuildId;
use crate::heroku::{Api, App, Clock, Credentials, Endpoints};
use crate::image::Cache;
use crate::names::{AppName, Digest, ProcessType};
use crate::plan::{Plan, Route};
use crate::registry::Registry;
use crate::shell::{Cmd, Runner, Streamed, Tool};
use crate::ui::Ui;

pub use app::{app_of, takes_images};
use settle::Settled;

/// Refuses a plan that its route can't carry out.
///
/// Errors: `manifest/mounts`, `deploy/submodule-empty`.
pub fn possible(plan: &Plan) -> Result<()> {
    (routes::of(plan.ship.route).possible)(plan)
}

/// The programs that a route needs on this machine.
pub fn tools(route: Route) -> &'static [Tool] {
    routes::of(route).tools
}

/// What a deploy needs beside the plan.
pub struct Deploy<'a> {
    /// What to do.
    pub plan: &'a Plan,
    /// The project's folder.
    pub dir: &'a Path,
    /// Builds the images; absent on a route that builds elsewhere.
    pub images: Option<Images<'a>>,
    /// Runs commands.
    pub runner: &'a dyn Runner,
    /// Speaks to Heroku.
    pub api: &'a dyn Api,
    /// Fetches back what was pushed; absent in a dry run, where nothing was.
    pub registry: Option<&'a Registry>,
    /// What layers came to be before.
    pub cache: &'a Cache,
    /// Where Heroku is.
    pub endpoints: &'a Endpoints,
    /// Who we are there.
    pub credentials: &'a Credentials,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Tells the story.
    pub ui: &'a Ui,
}

/// An image that was pushed, as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// Its process type.
    pub process: ProcessType,
    /// The manifest's digest.
    pub manifest: Digest,
    /// The config's digest, which Heroku calls the image's ID.
    pub image_id: Digest,
    /// How many layers.
    pub layers: usize,
    /// All layers' bytes, compressed.
    pub bytes: u64,
}

/// Sources that were sent to Heroku.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The build that was made of them.
    pub build: BuildId,
    /// How many files.
    pub files: usize,
    /// The tarball's size.
    pub bytes: u64,
    /// Its digest, as Heroku writes it: `SHA256:…`.
    pub checksum: String,
}

/// What a route brought to Heroku.
enum Shipped {
    Images(Vec<Pushed>),
    Source(Sent),
}

/// How a deploy ended well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// The app.
    pub app: AppName,
    /// The route taken.
    pub route: String,
    /// Where the app answers.
    pub url: Option<String>,
    /// The number of the release that runs, if one was made or is there.
    pub release: Option<u64>,
    /// Whether a release was made; not when the same images were already running.
    pub changed: bool,
    /// How many web dynos were seen up.
    pub web_dynos: usize,
    /// What was pushed.
    pub images: Vec<Pushed>,
    /// What Heroku built from, on a route where it builds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Sent>,
    /// The commands that were run, or would be, as shown.
    pub commands: Vec<String>,
    /// The writing calls to Heroku that were made, or would be.
    pub requests: Vec<String>,
}

impl Deploy<'_> {
    /// Deploys.
    ///
    /// Errors: those of every room it goes through, and `deploy/no-app`, `deploy/wrong-stack`,
    /// `deploy/fir`, `deploy/wrong-command`, `deploy/other-image`, `deploy/heroku-cli`, `deploy/heroku-yml`,
    /// `deploy/submodule-empty`, `deploy/not-direct`.
    pub fn run(&self) -> Result<Done> {
        possible(self.plan)?;
        (routes::of(self.plan.ship.route).deploy)(self)
    }

    /// How every route ends: the web dyno is watched.
    fn end(&self, app: App, settled: Settled, shipped: Shipped) -> Result<Done> {
        let dynos = self
            .watch(&app.name, &settled)
            .map_err(|error| still_on(error, &app.name))?;
        let (images, source) = match shipped {
            Shipped::Images(images) => (images, None),
            Shipped::Source(source) => (Vec::new(), Some(source)),
        };
        Ok(Done {
            app: app.name,
            route: self.plan.ship.route.to_string(),
            url: app.web_url.map(String::from),
            release: settled.release.map(|release| release.version),
            changed: settled.changed,
            web_dynos: dynos,
            images,
            source,
            commands: self.runner.journal(),
            requests: self.api.journal(),
        })
    }

    fn process_list(&self) -> String {
        let names: Vec<&str> = self
            .plan
            .processes
            .keys()
            .map(ProcessType::as_str)
            .collect();
        names.join(", ")
    }

    /// Runs a command whose output is the story.
    fn show(&self, cmd: &Cmd) -> Result<Streamed> {
        let token = &self.credentials.token;
        let mut shown = self
            .runner
            .stream(cmd, &mut |line| self.ui.echo(&token.redact(line)))?;
        for line in &mut shown.tail {
            *line = token.redact(line);
        }
        Ok(shown)
    }
}

/// Ctrl-C ends the waiting, not the release.
fn still_on(error: Error, app: &AppName) -> Error {
    if error.kind() != Kind::Interrupted {
        return error;
    }
    error.or(format!(
        "the release goes on at Heroku: `nixdyno status -a {app}`"
    ))
}

/// The first twelve digits of a digest, as Heroku and Docker show them.
fn short(digest: &Digest) -> &str {
    let hex = digest.as_str().trim_start_matches("sha256:");
    hex.get(..12).unwrap_or(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_wait_says_that_the_release_goes_on() {
        let app: AppName = "my-app".parse().unwrap();
        insta::assert_snapshot!(still_on(Error::interrupted(), &app));
    }
}
