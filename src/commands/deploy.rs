//! `nixdyno deploy`: from a directory to a running release.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::DeployArgs;
use crate::deploy::{Deploy, Done, app_of};
use crate::docker::Images;
use crate::error::Result;
use crate::heroku::WallClock;
use crate::plan::Route;
use crate::registry::Registry;
use crate::shell::Tool;

use super::Session;

pub(super) fn run(session: &Session, args: &DeployArgs) -> Result<ExitCode> {
    // Everything that could be missing is asked for before anything slow starts.
    let plan = session.plan()?;
    app_of(&plan)?;
    if !session.settings.dry_run {
        let why = "this route needs it";
        session.tools.require(needed(plan.ship.route), why)?;
    }
    let facts = session.docker_to_run()?;
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
        images: Images {
            dir: &session.settings.dir,
            facts: &facts,
            runner,
            ui: &session.ui,
            secrets: &session.settings.secrets,
            no_cache: args.no_cache,
        },
        runner,
        api: api.as_ref(),
        registry: registry.as_ref(),
        endpoints: &endpoints,
        credentials: &credentials,
        clock: &WallClock::start(),
        ui: &session.ui,
    }
    .run()?;
    tell(session, &done)?;
    Ok(ExitCode::SUCCESS)
}

fn needed(route: Route) -> &'static [Tool] {
    match route {
        Route::Docker => &[Tool::Docker],
        Route::HerokuCli => &[Tool::Docker, Tool::Heroku],
    }
}

fn tell(session: &Session, done: &Done) -> Result<()> {
    let ui = &session.ui;
    if session.settings.dry_run {
        ui.note("Heroku was asked nothing: the login, the app and its stack are not checked");
        ui.json(&json!({ "commands": done.commands, "requests": done.requests }))?;
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
