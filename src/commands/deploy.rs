//! `nixdyno deploy`: from a directory to a running release.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::DeployArgs;
use crate::deploy::{Deploy, Done, app_of, tools};
use crate::docker::Images;
use crate::error::{Error, Result};
use crate::heroku::WallClock;
use crate::image::Cache;
use crate::plan::Route;
use crate::registry::Registry;
use crate::shell::Tool;

use super::Session;

pub(super) fn run(session: &mut Session, args: &DeployArgs) -> Result<ExitCode> {
    // Everything that could be missing is asked for before anything slow starts.
    let plan = session.plan_to_deploy()?;
    app_of(&plan)?;
    let route = plan.ship.route;
    if let Some(flag) = args.image.given()
        && route != Route::Direct
    {
        return Err(not_by(route, flag));
    }
    session.check_trust(&plan)?;
    let needed = tools(plan.ship.route);
    if !session.settings.dry_run {
        session.tools.require(needed, "this route needs it")?;
    }
    let builds_here = needed.contains(&Tool::Docker);
    if args.no_cache && !builds_here {
        return Err(no_cache(plan.ship.route));
    }
    // A route that builds elsewhere asks no engine.
    let facts = builds_here.then(|| session.docker_to_run()).transpose()?;
    let endpoints = session.endpoints()?;
    let credentials = session.credentials(&endpoints)?;
    let api = session.api(&endpoints, &credentials)?;
    let registry = if session.settings.dry_run {
        None
    } else {
        Some(Registry::new(&endpoints.registry, credentials.clone())?)
    };
    let runner = session.runner.as_ref();
    let done = Deploy {
        plan: &plan,
        dir: &session.settings.dir,
        images: facts.as_ref().map(|facts| Images {
            dir: &session.settings.dir,
            facts,
            runner,
            ui: &session.ui,
            secrets: &session.settings.secrets,
            no_cache: args.no_cache,
        }),
        runner,
        api: api.as_ref(),
        registry: registry.as_ref(),
        cache: &Cache::new(session.settings.cache.clone()),
        endpoints: &endpoints,
        credentials: &credentials,
        clock: &WallClock::start(),
        ui: &session.ui,
    }
    .run()?;
    tell(session, &done)?;
    Ok(ExitCode::SUCCESS)
}

fn not_by(route: Route, flag: &str) -> Error {
    Error::usage(
        "deploy/not-by-route",
        format!("`{flag}` is for an image that is made without Docker, and the route is {route}"),
        "take the route that can: `--route direct`",
    )
    .or(format!("leave out `{flag}`"))
}

fn no_cache(route: Route) -> Error {
    let why = match route {
        Route::Direct => "Nix builds, which uses what it has: the same inputs give the same output",
        _ => "Heroku builds, which can't be told to use nothing of earlier builds",
    };
    Error::usage(
        "deploy/no-cache",
        format!("the route {route} can't do without earlier builds: {why}"),
        "leave out `--no-cache`, or take another route: `--route docker`",
    )
}

fn tell(session: &Session, done: &Done) -> Result<()> {
    let ui = &session.ui;
    if session.settings.dry_run {
        ui.note("Heroku was asked nothing: the login, the app and its stack are not checked");
        let mut answer = json!({ "commands": done.commands, "requests": done.requests });
        if let (Some(source), Some(object)) = (&done.source, answer.as_object_mut()) {
            object.insert("source".to_owned(), json!(source));
        }
        ui.json(&answer)?;
        for command in &done.commands {
            ui.answer(command);
        }
        for request in &done.requests {
            ui.answer(format!("# {request}"));
        }
        return Ok(());
    }
    ui.json(done)?;
    let release = done
        .release
        .map(|version| format!("v{version}"))
        .unwrap_or_default();
    if done.changed {
        let topic = ui.topic(&format!("{} {release} is live", done.app));
        topic.done();
    } else {
        let topic = ui.topic(&format!("{} {release} is unchanged", done.app));
        topic.done();
    }
    if let Some(url) = &done.url {
        ui.answer(url.as_str());
    }
    Ok(())
}
