//! `nixdyno base`: the images to build on, and one with the project's nixpkgs.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::{BaseVerb, BuildArgs};
use crate::docker::{build_base, inspect, pin};
use crate::error::{Error, Result};
use crate::inspect::Source;
use crate::names::ImageRef;
use crate::plan::{known_bases, nixpkgs_image, pinnable};
use crate::render::base_recipe;
use crate::settings::set_base;
use crate::shell::Tool;

use super::Session;

pub(super) fn run(session: &Session, verb: &BaseVerb) -> Result<ExitCode> {
    match verb {
        BaseVerb::List => list(session),
        BaseVerb::Build(args) => build(session, args),
        BaseVerb::Pin(args) => {
            let image = pinnable(args.image.parse()?)?;
            write(session, &image, false)
        }
        BaseVerb::Update(_) => write(session, &named(session)?, true),
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
    let facts = session.docker_to_run()?;
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

/// The image that nixdyno.toml names.
fn named(session: &Session) -> Result<ImageRef> {
    let wish = session.settings.wishes.base.as_ref();
    let in_file = wish.filter(|wish| matches!(wish.source, Source::Config { .. }));
    let wish = in_file.ok_or_else(|| {
        Error::user(
            "base/none",
            "nixdyno.toml names no image to build on that could be updated",
            "name one: `nixdyno base pin nixos/nix`",
        )
        .because("a flag and NIXDYNO_BASE come before the file")
    })?;
    pinnable(wish.value.clone())
}

/// Writes an image with its digest into nixdyno.toml.
fn write(session: &Session, image: &ImageRef, fresh: bool) -> Result<ExitCode> {
    let runner = session.runner.as_ref();
    let pinned = if image.digest().is_some() && !fresh {
        Some(image.clone())
    } else {
        session
            .tools
            .require(&[Tool::Docker], "Docker is asked for the image's digest")?;
        pin(runner, &image.undigested(), fresh)?
    };
    let changed = match &pinned {
        Some(pinned) if !session.settings.dry_run => set_base(&session.settings.config, pinned)?,
        _ => false,
    };
    session.ui.json(&json!({
        "base": pinned, "changed": changed, "commands": runner.journal(),
    }))?;
    for command in runner.journal().iter().filter(|_| session.settings.dry_run) {
        session.ui.answer(command);
    }
    if let Some(pinned) = pinned {
        if !changed {
            session.ui.note("Nothing was written");
        }
        session.ui.answer(pinned.as_str());
    }
    Ok(ExitCode::SUCCESS)
}
