//! Says what a failed `docker build` or `docker push` means, from the end of its output.
//!
//! Our own Dockerfile marks what it finds wrong (`nixdyno[id] words`, [`findings`]); the rest is Nix's or Docker's
//! words, kept as they are ([`lines`]) and, where they're known, explained ([`reasons`]).

mod findings;
mod images;
mod lines;
mod reasons;

pub(super) use findings::finding;
pub(super) use lines::is_network;

use crate::error::{Error, Result};
use crate::plan::{Base, NixpkgsImage, Plan};
use crate::shell::Streamed;
use lines::{SHOWN, telling};
use reasons::{Failure, known};

/// Turns a failed build into an error; a build that worked into nothing.
///
/// Errors: `docker/which-program`, `docker/no-such-program`, `docker/not-a-folder`, `docker/no-shell`, `docker/prune-needed`,
/// `docker/prune-program`, `docker/no-space`, `docker/no-base`, `docker/no-root`, `docker/wrong-architecture`,
/// `docker/no-attribute`, `docker/no-package`, `docker/cache-refused`, `docker/no-download` (transient),
/// `docker/cache-push`, `docker/build`.
pub fn explain_build(plan: &Plan, built: &Streamed) -> Result<()> {
    if built.status == 0 {
        return Ok(());
    }
    let mut last_first = built.tail.iter().rev();
    let found = last_first.find_map(|line| findings::explain(plan, line));
    let asked = || images::no_root(plan, built).or_else(|| no_package(plan, built));
    let by_words = || {
        let attributes = attributes(plan);
        known(&Failure::new(
            &plan.base,
            &attributes,
            "`nixdyno build` tries it again without deploying",
            built,
        ))
    };
    Err(found.or_else(asked).unwrap_or_else(by_words))
}

/// Turns a failed build of a base image into an error; one that worked into nothing.
///
/// Errors: those of [`explain_build`] that Docker or the network can be blamed for, and `docker/build`.
pub fn explain_base(image: &NixpkgsImage, built: &Streamed) -> Result<()> {
    if built.status == 0 {
        return Ok(());
    }
    let from = Base::of(image.from.clone());
    let again = "`nixdyno base build --dry-run` shows the recipe";
    Err(known(&Failure::new(&from, "in nixpkgs", again, built)))
}

/// A package that was asked for beside the app, and that nixpkgs has not.
fn no_package(plan: &Plan, built: &Streamed) -> Option<Error> {
    let mut packages = plan.build.root.packages.iter().map(ToString::to_string);
    let tail = built.tail.iter();
    let refused = tail.clone().find(|it| it.contains("in selection path"))?;
    let last = |path: &str| path.rsplit('.').next().map(|name| format!("'{name}'"));
    let named = |path: &String| {
        refused.contains(&format!("'{path}'"))
            || last(path).is_some_and(|name| refused.contains(&format!("attribute {name}")))
    };
    let package = packages.find(named)?;
    let near = tail.filter_map(|line| line.split_once("Did you mean "));
    let near = near.map(|(_, near)| near.trim_end_matches('?')).next_back();
    let todo = match near {
        Some(near) => format!("did you mean {near}? say it by `--with`"),
        None => "name one that it has: `--with NAME`".to_owned(),
    };
    let error = Error::user(
        "docker/no-package",
        format!("nixpkgs has no package `{package}`"),
        todo,
    );
    Some(error.detail(telling(&built.tail)))
}

/// Those that were built, any of which may be the one that isn't there.
fn attributes(plan: &Plan) -> String {
    let names = plan.build.attributes().map(|it| format!("`{it}`"));
    names.collect::<Vec<_>>().join(" or ")
}

/// Turns a failed push into an error; a push that worked into nothing.
///
/// Errors: `docker/push-unauthorized`, `docker/push-unsupported`, `docker/push` (transient).
pub fn explain_push(what: &str, pushed: &Streamed) -> Result<()> {
    if pushed.status == 0 {
        return Ok(());
    }
    let text = pushed.tail.join("\n");
    let has = |needle: &str| text.contains(needle);
    let error = if has("unauthorized") || has("denied") || has("no basic auth credentials") {
        Error::user(
            "docker/push-unauthorized",
            format!("the registry doesn't let you push {what}"),
            "check who you are and whose app it is: `heroku auth:whoami`, `heroku access -a APP`",
        )
    } else if has("unsupported") || has("405 Method Not Allowed") {
        Error::user(
            "docker/push-unsupported",
            format!("the registry refuses the kind of image that {what} is"),
            "turn Docker's containerd image store off, or update buildx: `nixdyno doctor` says which",
        )
        .because("Heroku's registry takes Docker schema 2 manifests only, without attestations")
    } else {
        Error::transient(
            "docker/push",
            format!("pushing {what} failed with status {}", pushed.status),
            "try again; layers that arrived are not sent again",
        )
    };
    Err(error.detail(pushed.tail.iter().rev().take(SHOWN).rev().cloned()))
}

#[cfg(test)]
mod tests;
