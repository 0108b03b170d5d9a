//! Heroku builds: the sources are sent with the Dockerfile and the heroku.yml of the plan beside them.
//!
//! Docker and Nix are not needed here, and nothing is written into the project. A build that was started is ended by
//! Ctrl-C, where Heroku still can.

mod source;

use crate::deploy::app::app_of;
use crate::deploy::{Deploy, Done, Sent, Shipped, still_on};
use crate::docker::explain_build;
use crate::error::{Error, Kind, Result};
use crate::heroku::App;
use crate::heroku::builds::{
    Build, BuildId, BuildStatus, Ended, NewBuild, Source as Place, Upload, follow, page,
};
use crate::names::AppName;
use crate::shell::{Streamed, interrupt};
use crate::ui::human_bytes;

use source::Source;
pub(super) use source::possible;

/// How much of the digest names the sources: as long as git's names of commits, which Heroku expects there.
const VERSION_LENGTH: usize = 40;

/// How many lines of a failed build's output the error shows.
const SHOWN: usize = 20;

/// Failures that are the project's own, wherever it is built: Docker's room knows their words.
const WELL_KNOWN: &[&str] = &[
    "docker/cache-refused",
    "docker/no-attribute",
    "docker/no-download",
    "docker/no-package",
    "docker/no-shell",
    "docker/no-such-program",
    "docker/not-a-folder",
    "docker/prune-needed",
    "docker/prune-program",
    "docker/which-program",
];

/// Deploys by a build at Heroku.
pub(super) fn deploy(deploy: &Deploy<'_>) -> Result<Done> {
    let name = app_of(deploy.plan)?;
    let found = deploy.find(name, App::builds_images)?;
    let source = source::pack(deploy)?;
    let is_new = found.is_none();
    // Before the app is made or moved: a refusal then leaves it as it was.
    let place = send(deploy, &source)?;
    let app = deploy.prepare(name, found, App::builds_images)?;
    if is_new {
        source.tell_setup(deploy.ui, &app.name);
    }
    let build = start(deploy, &app.name, &source, &place)?;
    let sent = Sent {
        build: build.id.clone(),
        files: source.archive.files,
        bytes: source.archive.bytes,
        checksum: format!("SHA256:{}", source.archive.sha256),
    };
    let ended = await_build(deploy, &app.name, build)?;
    let release = ended.release.ok_or_else(|| {
        // `follow` waits for it.
        Error::bug(
            "deploy/no-release-id",
            "a build succeeded without a release",
        )
    })?;
    let topic = deploy
        .ui
        .topic(&format!("Releasing {}", deploy.process_list()));
    let settled = deploy
        .settle_release(&app.name, &release)
        .map_err(|error| still_on(error, &app.name))?;
    topic.done();
    deploy.end(app, settled, Shipped::Source(sent))
}

/// Sends the sources to a place that is no app's yet.
fn send(deploy: &Deploy<'_>, source: &Source) -> Result<Place> {
    let archive = &source.archive;
    let topic = deploy.ui.topic("Sending the sources to Heroku");
    deploy.ui.detail(&format!(
        "{} files, {} compressed",
        archive.files,
        human_bytes(archive.bytes)
    ));
    let place = deploy.api.create_source()?;
    let upload = Upload {
        file: archive.path(),
        bytes: archive.bytes,
    };
    deploy.api.upload(&place, &upload)?;
    topic.done();
    Ok(place)
}

/// Starts a build of what was sent.
fn start(deploy: &Deploy<'_>, app: &AppName, source: &Source, place: &Place) -> Result<Build> {
    let archive = &source.archive;
    let version = archive.sha256.get(..VERSION_LENGTH).unwrap_or_default();
    let new = NewBuild {
        version: version.to_owned(),
        description: concat!("sources packed by nixdyno ", env!("CARGO_PKG_VERSION")).to_owned(),
        sha256: archive.sha256.clone(),
    };
    // Without an answer nobody knows whether there is a build, and it has no id to cancel it by.
    let may = format!(
        "a build may have started at Heroku, and be released: {}",
        page(app)
    );
    let _parting = interrupt::parting(&may);
    let made = deploy.api.create_build(app, place, &new);
    made.map_err(|error| match error.kind() {
        Kind::Interrupted | Kind::Transient => error.or(may),
        _ => error,
    })
}

/// Stays until the build has ended well.
fn await_build(deploy: &Deploy<'_>, app: &AppName, build: Build) -> Result<Build> {
    let topic = deploy.ui.topic("Building at Heroku");
    let id = build.id.clone();
    let token = &deploy.credentials.token;
    let ended = follow(deploy.api, deploy.clock, app, build, &mut |line| {
        deploy.ui.echo(&token.redact(line));
    });
    let ended = ended.map_err(|error| cancelled(deploy, app, &id, error))?;
    if ended.build.status == BuildStatus::Failed {
        return Err(failed(deploy, app, &ended));
    }
    topic.done();
    Ok(ended.build)
}

/// Ctrl-C ends the build, too.
fn cancelled(deploy: &Deploy<'_>, app: &AppName, id: &BuildId, error: Error) -> Error {
    if error.kind() != Kind::Interrupted {
        return error;
    }
    match deploy.api.cancel_build(app, id) {
        Ok(()) => error.or("the build at Heroku was cancelled, and nothing was released"),
        Err(_) => error.or(format!(
            "the build may go on at Heroku, and be released: {}",
            page(app)
        )),
    }
}

fn failed(deploy: &Deploy<'_>, app: &AppName, ended: &Ended) -> Error {
    let token = &deploy.credentials.token;
    let tail: Vec<String> = ended.tail.iter().map(|line| token.redact(line)).collect();
    let streamed = Streamed {
        status: 1,
        tail: tail.clone(),
    };
    let known = explain_build(deploy.plan, &streamed).err();
    let known = known.filter(|error| WELL_KNOWN.contains(&error.id()));
    known
        .unwrap_or_else(|| build_failed(&tail))
        .or(format!("see all of it: {}", page(app)))
        .at(format!("app {app}, build {} at Heroku", ended.build.id))
}

fn build_failed(tail: &[String]) -> Error {
    let skip = tail.len().saturating_sub(SHOWN);
    let error = Error::user(
        "deploy/build-failed",
        "the build at Heroku failed",
        "mend what the lines above say, then deploy again",
    )
    .because("the app still runs its last good release")
    .detail(tail.iter().skip(skip).cloned());
    if tail.is_empty() {
        return error.or("Heroku gave no output: look at its status, https://status.heroku.com");
    }
    error
}

#[cfg(test)]
mod tests;
