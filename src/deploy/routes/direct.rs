//! Nix builds, we make the layers and send what the registry lacks, the Platform API releases. No Docker.

use std::collections::BTreeMap;
use std::path::Path;

use crate::deploy::app::app_of;
use crate::deploy::{Deploy, Done, Pushed, Shipped, still_on};
use crate::direct::{Ready, ready, show};
use crate::error::{Error, Result};
use crate::heroku::App;
use crate::names::{AppName, Digest, ProcessType};
use crate::plan::{Plan, direct_obstacle};
use crate::registry::{Registry, Repository, check};
use crate::ship::{Hands, Image, Target, Went, send};
use crate::ui::human_bytes;

use super::images::check_command;

/// Refuses what only Docker can do.
///
/// Errors: `deploy/not-direct`.
pub(super) fn possible(plan: &Plan) -> Result<()> {
    match direct_obstacle(&plan.build, &plan.caches, plan.dockerfile.is_some()) {
        None => Ok(()),
        Some(why) => Err(Error::user(
            "deploy/not-direct",
            format!("the route direct can't do this: {why}"),
            "deploy by Docker: `--route docker`",
        )),
    }
}

/// Goes it.
pub(super) fn deploy(deploy: &Deploy<'_>) -> Result<Done> {
    let name = app_of(deploy.plan)?;
    let found = deploy.find(name, App::takes_images)?;
    let ready = build(deploy)?;
    // Nothing at Heroku is changed before there is something to release.
    let app = deploy.prepare(name, found, App::takes_images)?;
    let pushed = match (&ready, deploy.registry) {
        (Some(ready), Some(registry)) => push(deploy, registry, &app.name, ready)?,
        _ => unsent(deploy.plan)?,
    };
    let before = deploy.api.newest_release(&app.name)?;
    let topic = deploy
        .ui
        .topic(&format!("Releasing {}", deploy.process_list()));
    let images: BTreeMap<ProcessType, Digest> = pushed
        .iter()
        .map(|image| (image.process.clone(), image.image_id.clone()))
        .collect();
    deploy.api.release_images(&app.name, &images)?;
    let settled = deploy
        .settle(&app.name, before.as_ref(), &pushed)
        .map_err(|error| still_on(error, &app.name))?;
    topic.done();
    deploy.end(app, settled, Shipped::Images(pushed))
}

/// Nothing in a dry run.
fn build(deploy: &Deploy<'_>) -> Result<Option<Ready>> {
    let plan = deploy.plan;
    let topic = deploy.ui.topic(if plan.build.store_paths.is_empty() {
        "Building with Nix"
    } else {
        "Taking what was built"
    });
    if deploy.runner.is_dry() {
        show(plan, deploy.dir, deploy.runner)?;
        return Ok(None);
    }
    let ready = ready(plan, deploy.dir, deploy.runner, deploy.ui)?;
    topic.done();
    Ok(Some(ready))
}

fn push(
    deploy: &Deploy<'_>,
    registry: &Registry,
    app: &AppName,
    ready: &Ready,
) -> Result<Vec<Pushed>> {
    let host = &deploy.endpoints.registry;
    let topic = deploy.ui.topic(&format!("Sending to {host}"));
    let image = Image {
        root: Path::new("/"),
        closure: &ready.closure,
        roots: &ready.roots,
        frame: ready.frame.clone(),
        starts: ready.starts.clone(),
        layers: &deploy.plan.layers,
    };
    let repository = |process: &ProcessType| Repository {
        app: app.clone(),
        process: process.clone(),
    };
    let went = send(
        &image,
        &Hands {
            cache: deploy.cache,
            ui: deploy.ui,
        },
        &Target {
            registry,
            host: host.name().to_owned(),
            repository: &|process| repository(process).name(),
            tag: "latest",
        },
    )?;
    let pushed = went
        .into_iter()
        .map(|went| checked(deploy, registry, &repository(&went.process), went));
    let pushed = pushed.collect::<Result<_>>()?;
    topic.done();
    Ok(pushed)
}

/// Fetches back by digest what was sent, and checks that a dyno can run it.
fn checked(
    deploy: &Deploy<'_>,
    registry: &Registry,
    repository: &Repository,
    went: Went,
) -> Result<Pushed> {
    let image = registry.fetch_back(repository, &went.manifest)?;
    for warning in check(&image)? {
        deploy.ui.note(&warning);
    }
    check_command(deploy, &went.process, &image)?;
    if image.image_id != went.image_id {
        return Err(Error::bug(
            "deploy/other-config",
            format!(
                "the registry has another config for `{}` than was sent",
                went.process
            ),
        ));
    }
    let what = match (went.unchanged, went.sent) {
        (true, _) => "unchanged".to_owned(),
        (false, sent) => format!("{} sent", human_bytes(sent)),
    };
    deploy.ui.detail(&format!(
        "{}: {} layers, {} compressed, {what}",
        went.process,
        went.layers,
        human_bytes(went.bytes)
    ));
    Ok(Pushed {
        process: went.process,
        manifest: went.manifest,
        image_id: went.image_id,
        layers: went.layers,
        bytes: went.bytes,
    })
}

/// What a dry run says of images that aren't made.
fn unsent(plan: &Plan) -> Result<Vec<Pushed>> {
    let nothing: Digest = format!("sha256:{}", "0".repeat(64)).parse()?;
    let one = |process: &ProcessType| Pushed {
        process: process.clone(),
        manifest: nothing.clone(),
        image_id: nothing.clone(),
        layers: 0,
        bytes: 0,
    };
    Ok(plan.processes.keys().map(one).collect())
}
