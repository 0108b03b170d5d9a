//! The Platform API as a trait.

use std::collections::BTreeMap;

use url::Url;

use crate::error::Result;
use crate::names::{AppName, Digest, ProcessType};

use super::builds::{Build, BuildId, NewBuild, Source, Upload};
use super::types::{Account, App, Dyno, Formation, NewApp, Release, ReleaseId, StreamEnd};

/// The calls nixdyno makes. [`super::HttpApi`] makes them, [`super::DryApi`] only notes the writes.
///
/// Errors, for all: `heroku/unauthorized`, `heroku/two-factor`, `heroku/forbidden`,
/// `heroku/app-not-found`, `heroku/not-found`, `heroku/refused`, `heroku/rate-limit`,
/// `heroku/unavailable`, `heroku/unreachable`, `heroku/untrusted-certificate`,
/// `heroku/unexpected-answer`, and Ctrl-C.
pub trait Api {
    /// Who the token belongs to.
    fn account(&self) -> Result<Account>;

    /// An app.
    fn app(&self, app: &AppName) -> Result<App>;

    /// Makes an app. Also errors with `heroku/name-taken`.
    fn create_app(&self, new: &NewApp) -> Result<App>;

    /// Notes the call that makes an app, for where that isn't looked up: in a dry run.
    fn may_create_app(&self, _: &NewApp) {}

    /// The same of the call that moves an app to another stack.
    fn may_set_build_stack(&self, _: &AppName, _: &str) {}

    /// What the app's next release runs on, such as `container`.
    fn set_build_stack(&self, app: &AppName, stack: &str) -> Result<App>;

    /// The newest release, whatever its status.
    fn newest_release(&self, app: &AppName) -> Result<Option<Release>> {
        Ok(self.releases(app, 1)?.into_iter().next())
    }

    /// One release.
    fn release(&self, app: &AppName, id: &ReleaseId) -> Result<Release>;

    /// Up to `max` releases, newest first.
    fn releases(&self, app: &AppName, max: u16) -> Result<Vec<Release>>;

    /// How many dynos of each process type there should be.
    fn formation(&self, app: &AppName) -> Result<Vec<Formation>>;

    /// Releases images by their ids (the digests of their configs). Heroku makes no release when
    /// all of them are what already runs: compare [`Api::newest_release`] before and after.
    fn release_images(&self, app: &AppName, images: &BTreeMap<ProcessType, Digest>) -> Result<()>;

    /// Sets how many dynos of a process type there are, and of which size.
    fn scale(
        &self,
        app: &AppName,
        process: &ProcessType,
        quantity: u32,
        size: Option<&str>,
    ) -> Result<()>;

    /// The dynos that are there now.
    fn dynos(&self, app: &AppName) -> Result<Vec<Dyno>>;

    /// The last lines of the app's log, or of one dyno's. Reading takes 20 seconds at most.
    fn log_tail(&self, app: &AppName, dyno: Option<&str>, lines: u16) -> Result<Vec<String>>;

    /// Reads an output stream, line by line, to its end or as long as `more` says. For display only: a broken stream
    /// is an answer here, not an error. Errors: Ctrl-C.
    fn output_stream(
        &self,
        url: &Url,
        more: &mut dyn FnMut() -> bool,
        line: &mut dyn FnMut(&str),
    ) -> Result<StreamEnd>;

    /// Makes a new release of what an older one ran.
    fn rollback(&self, app: &AppName, release: &ReleaseId) -> Result<Release>;

    /// Asks for a place for a tarball of sources.
    fn create_source(&self) -> Result<Source>;

    /// Sends a tarball to its place, without a credential of ours: the address is one. Also errors with
    /// `heroku/upload`, `heroku/upload-refused`, `heroku/upload-plain`.
    fn upload(&self, source: &Source, upload: &Upload) -> Result<()>;

    /// Starts a build of the sources at a place.
    fn create_build(&self, app: &AppName, source: &Source, new: &NewBuild) -> Result<Build>;

    /// One build.
    fn build(&self, app: &AppName, id: &BuildId) -> Result<Build>;

    /// Ends a build. Sent after Ctrl-C, too: once, and waiting three seconds at most.
    fn cancel_build(&self, app: &AppName, id: &BuildId) -> Result<()>;

    /// The calls that change something so far, as shown to a user, in order.
    fn journal(&self) -> Vec<String>;

    /// Whether effects are only shown.
    fn is_dry(&self) -> bool {
        false
    }
}
