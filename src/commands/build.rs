//! `nixdyno build`: the image of each process type, in the local engine.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::BuildArgs;
use crate::docker::{Images, inspect};
use crate::error::Result;

use super::Session;

pub(super) fn run(session: &Session, args: &BuildArgs) -> Result<ExitCode> {
    // What is wrong with the project needs no engine to be told.
    let plan = session.plan()?;
    let facts = session.docker_to_run()?;
    let runner = session.runner.as_ref();
    let images = Images {
        dir: &session.settings.dir,
        facts: &facts,
        runner,
        ui: &session.ui,
        secrets: &session.settings.secrets,
        no_cache: args.no_cache,
    };
    let built = images.build(&plan, &|_| None)?;
    if session.settings.dry_run {
        session.ui.json(&json!({ "commands": runner.journal() }))?;
        for command in runner.journal() {
            session.ui.answer(command);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = Vec::new();
    for image in &built {
        let found = inspect(runner, &image.tag)?;
        rows.push(json!({
            "process": image.process, "image": image.tag, "id": found.id, "bytes": found.size,
        }));
        session.ui.answer(format!("{} {}", image.process, found.id));
    }
    let mut answer = json!({ "images": rows, "commands": runner.journal() });
    let pruned = built.first().map(|it| it.pruned.json(&plan.build.prune));
    if let (Some(pruned), Some(object)) =
        (pruned.filter(|it| !it.is_null()), answer.as_object_mut())
    {
        object.insert("pruned".to_owned(), pruned);
    }
    session.ui.json(&answer)?;
    Ok(ExitCode::SUCCESS)
}
