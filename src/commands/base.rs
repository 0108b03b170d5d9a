//! `nixdyno base`: the images to build on, and one with the project's nixpkgs.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::{BaseVerb, BuildArgs};
use crate::docker::{build_base, inspect};
use crate::error::Result;
use crate::plan::{known_bases, nixpkgs_image};
use crate::render::base_recipe;

use super::Session;

pub(super) fn run(session: &Session, verb: &BaseVerb) -> Result<ExitCode> {
    match verb {
        BaseVerb::List => list(session),
        BaseVerb::Build(args) => build(session, args),
    }
}

fn list(session: &Session) -> Result<ExitCode> {
    let bases = known_bases()?;
    let ui = &session.ui;
    ui.json(&json!({ "bases": bases }))?;
    for base in &bases {
        ui.answer(
            ui.name(&format!("{:9}", base.name))
                .then(format!("  {}", base.image)),
        );
        for line in base.digest.iter().chain([&base.note]) {
            ui.answer(format!("{:9}    {line}", ""));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn build(session: &Session, args: &BuildArgs) -> Result<ExitCode> {
    let facts = session.docker()?;
    let named = session.settings.attribute.as_ref();
    let project = session.inspect(named.map(|wish| wish.value.clone()))?;
    let image = nixpkgs_image(&project, &session.settings.wishes)?;
    let runner = session.runner.as_ref();
    build_base(&image, &facts, runner, &session.ui, args.no_cache)?;
    let dry = session.settings.dry_run;
    let id = if dry {
        None
    } else {
        Some(inspect(runner, image.image.as_str())?.id)
    };
    session.ui.json(&json!({
        "image": image.image, "from": image.from, "revision": image.revision, "id": id,
        "dockerfile": base_recipe(&image)?, "commands": runner.journal(),
    }))?;
    if dry {
        runner
            .journal()
            .iter()
            .for_each(|command| session.ui.answer(command));
    } else {
        session.ui.note("Builds start from it with --base nixpkgs");
        session.ui.answer(image.image.as_str());
    }
    Ok(ExitCode::SUCCESS)
}
