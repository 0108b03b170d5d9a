//! `nixdyno cache push`: what was built, to a binary cache.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::{CachePushArgs, CacheVerb};
use crate::docker::Images;
use crate::error::{Error, Result};
use crate::names::{CacheUrl, SecretKind};
use crate::render::Push;

use super::Session;

pub(super) fn run(session: &Session, verb: &CacheVerb) -> Result<ExitCode> {
    let CacheVerb::Push(args) = verb;
    push(session, args)
}

fn push(session: &Session, args: &CachePushArgs) -> Result<ExitCode> {
    let to = CacheUrl::to_send(&args.to).map_err(|error| error.at("--to"))?;
    if to.cachix().is_some() {
        return Err(cachix(&to));
    }
    super::no_own_dockerfile(session, "what is sent is built as nixdyno builds it")?;
    let facts = session.docker_to_run()?;
    let plan = session.plan()?;
    let ui = &session.ui;
    if plan.dockerfile.is_some() {
        ui.note("The project's own Dockerfile is not used: this builds as nixdyno does");
    }
    if !plan.caches.secrets.contains_key(&SecretKind::SigningKey) {
        ui.note("Without a key nothing is signed: --secret signing-key=FILE");
    }
    let runner = session.runner.as_ref();
    let push = Push {
        to,
        build_closure: args.build_closure,
    };
    let images = Images {
        dir: &session.settings.dir,
        facts: &facts,
        runner,
        ui,
        secrets: &session.settings.secrets,
        no_cache: false,
    };
    images.send(&plan, &push, &session.settings.now)?;
    ui.json(&json!({ "to": push.to, "commands": runner.journal() }))?;
    if session.settings.dry_run {
        runner
            .journal()
            .iter()
            .for_each(|command| ui.answer(command));
    } else {
        ui.answer(push.to.as_str());
    }
    Ok(ExitCode::SUCCESS)
}

fn cachix(to: &CacheUrl) -> Error {
    let name = to.cachix().unwrap_or_default();
    Error::user(
        "cache/cachix",
        format!("Nix itself can't send to {to}"),
        format!(
            "use the client of Cachix where Nix is: `nix build && cachix push {name} ./result`"
        ),
    )
    .because("Cachix takes uploads from its own client only; reading from it needs none")
    .or("send to S3, or to a server that takes uploads by HTTP")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_at_cachix_has_a_client_of_its_own() {
        insta::assert_snapshot!("cachix", cachix(&"cachix:me".parse().unwrap()));
    }
}
