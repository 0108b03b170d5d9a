//! From a new release to one that is live, or has failed.
//!
//! Takes the change; gives the release, still pending when it has a release command. Never lets dynos of a failed
//! release start.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::container::{Plan, reference};
use super::formation::{self, Restart};
use super::{command, oneoff};
use crate::lab::Lab;
use crate::model::App;
use crate::model::image::Image;
use crate::model::output::Output;
use crate::model::release::{Images, RELEASE_TYPE, Release};

/// Releases `images` with the app's config vars.
pub fn publish(lab: &Arc<Lab>, app: &mut App, description: String, images: Images) -> Release {
    let release = app.release(description, images);
    if release.command_image().is_none() && lab.settings().release_delay_ms == 0 {
        finish(lab, app, &release, true);
        return app.releases.find(&release.id).cloned().unwrap_or(release);
    }
    tokio::spawn(carry_out(Arc::clone(lab), app.id.clone(), release.clone()));
    release
}

async fn carry_out(lab: Arc<Lab>, app: String, release: Release) {
    let settings = lab.settings();
    sleep(Duration::from_millis(settings.release_delay_ms)).await;
    let mut succeeded = true;
    if let (Some(image), Some(output)) = (release.command_image(), &release.output) {
        succeeded = run_command(&lab, &app, &release, image, output).await == 0;
        output.close();
        // Heroku decides only after the stream has ended, and clients must bear it.
        sleep(Duration::from_millis(settings.pending_after_stream_ms)).await;
    }
    lab.with_app(&app, |app| finish(&lab, app, &release, succeeded));
}

fn finish(lab: &Arc<Lab>, app: &mut App, release: &Release, succeeded: bool) {
    if !succeeded {
        app.say(
            "app",
            "api",
            format!("Release v{} command failed", release.version),
        );
    }
    if app.finish(&release.id, succeeded) {
        formation::apply(lab, app, Restart::All);
    }
}

async fn run_command(
    lab: &Arc<Lab>,
    app: &str,
    release: &Release,
    image: &Image,
    output: &Arc<Output>,
) -> i32 {
    let shown = command::invocation(image, None, false).shown;
    let added = lab.with_app(app, |app| {
        oneoff::add(app, RELEASE_TYPE, &shown, None, release)
    });
    let Some(dyno) = added else { return 1 };
    // The stream is fed by curl inside the dyno; without it the output is in the log only.
    let streams = !lab.settings().stream_needs_curl || has_curl(lab, image).await;
    if !streams {
        output.start();
    }
    let plan = Plan {
        app: app.to_owned(),
        dyno: dyno.id.clone(),
        name: dyno.name.clone(),
        image: image.clone(),
        command: None,
        env: release.config.clone().into_iter().collect(),
        output: streams.then(|| Arc::clone(output)),
    };
    let limit = Duration::from_secs(lab.settings().release_limit_s);
    oneoff::run(lab, &plan, limit, dyno.stop.subscribe()).await
}

async fn has_curl(lab: &Arc<Lab>, image: &Image) -> bool {
    let reference = reference(image);
    let label = format!("--label={}", command::LABEL);
    let find = [
        "run",
        "--rm",
        &label,
        "--entrypoint=/bin/sh",
        &reference,
        "-c",
        "command -v curl",
    ];
    lab.docker.make(&find).await.is_ok()
}
