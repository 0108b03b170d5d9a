//! `nixdyno base`: the images to build on, and one with the project's nixpkgs.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::{BaseBuildArgs, BaseVerb};
use crate::docker::{build_base, inspect, pin};
use crate::error::{Error, Result};
use crate::inspect::Source;
use crate::names::ImageRef;
use crate::plan::{NixArg, Wishes, known_bases, nixpkgs_image, pinnable};
use crate::render::base_recipe;
use crate::settings::set_base;
use crate::shell::Tool;

use super::Session;

pub(super) fn run(session: &Session, verb: &BaseVerb) -> Result<ExitCode> {
    match verb {
        BaseVerb::List => list(session),
        BaseVerb::Build(args) => build(session, args),
        BaseVerb::Pin(args) => {
            let image = args.image.parse().and_then(pinnable);
            let image = image.map_err(|error| error.said(true))?;
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

fn build(session: &Session, args: &BaseBuildArgs) -> Result<ExitCode> {
    overridden(&session.settings.wishes)?;
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

/// The image is made of what is locked, and nobody would look for another in it.
fn overridden(wishes: &Wishes) -> Result<()> {
    let is_nixpkgs = |words: &[NixArg]| {
        let [flag, name] = words else { return false };
        flag.as_str() == "--override-input" && name.as_str() == "nixpkgs"
    };
    let part = wishes
        .nix
        .iter()
        .find(|part| part.words.windows(2).any(is_nixpkgs));
    let Some(part) = part else { return Ok(()) };
    let todo = "lock the one that is meant: `nix flake lock --override-input nixpkgs URL`";
    let error = Error::user(
        "base/overridden",
        "a base image is made of the nixpkgs that is locked, not of one that takes its place",
        todo,
    );
    Err(error
        .at(&part.source)
        .because("its name is that of the revision in flake.lock")
        .or("build on Nix's own image: `--base nixos/nix`"))
}

/// The image that nixdyno.toml names.
fn named(session: &Session) -> Result<ImageRef> {
    let wish = session.settings.wishes.base.as_ref();
    let why = if wish.is_some() {
        "a flag and NIXDYNO_BASE come before the file"
    } else if session.settings.config.exists() {
        "it has no `base`"
    } else {
        "there is no nixdyno.toml"
    };
    let in_file = wish.filter(|wish| matches!(wish.source, Source::Config { .. }));
    let wish = in_file.ok_or_else(|| {
        Error::user(
            "base/none",
            "nixdyno.toml names no image to build on that could be updated",
            "name one: `nixdyno base pin nixos/nix`",
        )
        .because(why)
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
            session.ui.note(if session.settings.dry_run {
                "Nothing was written"
            } else {
                "Unchanged: nixdyno.toml has this digest already"
            });
        }
        session.ui.answer(pinned.as_str());
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::NixPart;

    #[test]
    fn an_input_in_the_place_of_nixpkgs_makes_no_base() {
        let wishes = |line: &str| {
            let words = line.split(' ').map(str::to_owned).collect();
            let name = "--override-input".to_owned();
            Wishes {
                nix: vec![NixPart::new("x", words, Source::Flag { name }).unwrap()],
                ..Wishes::default()
            }
        };
        assert!(overridden(&wishes("--override-input other path:/x --impure")).is_ok());
        let error = overridden(&wishes("--impure --override-input nixpkgs path:/x"));
        insta::assert_snapshot!("overridden", error.unwrap_err());
    }
}
