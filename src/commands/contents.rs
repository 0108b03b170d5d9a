//! `nixdyno contents` and `nixdyno why`: what is in the image, and what for.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::{ContentsArgs, WhyArgs};
use crate::contents::{Contents, contents_json, find, show_contents, show_why, why_json};
use crate::docker::Images;
use crate::error::{Error, Result};
use crate::ui::Line;

use super::Session;

pub(super) fn contents(session: &Session, args: &ContentsArgs) -> Result<ExitCode> {
    let Some(contents) = look(session)? else {
        return would_run(session);
    };
    let answer = show_contents(&session.ui, &contents, args.all);
    tell(session, contents_json(&contents), answer)
}

pub(super) fn why(session: &Session, args: &WhyArgs) -> Result<ExitCode> {
    // Known before the minutes that a build takes.
    if args.path.trim().is_empty() {
        return Err(no_name());
    }
    let Some(contents) = look(session)? else {
        return would_run(session);
    };
    let ids = find(&contents, &args.path)?;
    let answer = show_why(&session.ui, &contents, &ids);
    tell(session, why_json(&contents, &ids), answer)
}

/// Has Docker build and tell. `None` in a dry run.
fn look(session: &Session) -> Result<Option<Contents>> {
    let plan = session.plan()?;
    if let Some(dockerfile) = &plan.dockerfile {
        return Err(own_dockerfile(dockerfile.as_str()));
    }
    let facts = session.docker_to_run()?;
    let images = Images {
        dir: &session.settings.dir,
        facts: &facts,
        runner: session.runner.as_ref(),
        ui: &session.ui,
        secrets: &session.settings.secrets,
        no_cache: false,
    };
    images
        .contents(&plan)?
        .as_ref()
        .map(Contents::read)
        .transpose()
}

fn tell(session: &Session, mut document: Value, answer: Vec<Line>) -> Result<ExitCode> {
    if let Some(document) = document.as_object_mut() {
        document.insert("commands".to_owned(), json!(session.runner.journal()));
    }
    session.ui.json(&document)?;
    for line in answer {
        session.ui.answer(line);
    }
    Ok(ExitCode::SUCCESS)
}

fn would_run(session: &Session) -> Result<ExitCode> {
    let commands = session.runner.journal();
    session.ui.json(&json!({ "commands": commands }))?;
    for command in &commands {
        session.ui.answer(command);
    }
    Ok(ExitCode::SUCCESS)
}

fn no_name() -> Error {
    Error::usage(
        "contents/no-name",
        "the store path to look for has no name",
        "name one that the image holds: `nixdyno why glibc`; `nixdyno contents` lists them",
    )
}

fn own_dockerfile(path: &str) -> Error {
    Error::user(
        "contents/own-dockerfile",
        format!("what an image of the project's own {path} holds is not known"),
        "look at what nixdyno's own would hold: leave out `--dockerfile`, and `dockerfile` in nixdyno.toml",
    )
    .because("the Dockerfile that nixdyno writes has a stage that tells it, and is left aside here")
}
