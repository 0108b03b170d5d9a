//! Images that can't be had: the one to build on, and the one to stand on.

use super::lines::{is_network, is_printed, telling};
use crate::error::Error;
use crate::plan::{Base, BaseFamily, Plan};
use crate::shell::Streamed;

/// How builders say that an image can't be had.
const MISSING: &[&str] = &[
    "not found",
    "failed to resolve",
    "failed to do request",
    "pull access denied",
];

/// How a builder says that a step of its own failed: then the image to build on was there.
const STEP_FAILED: &[&str] = &[
    "The command '",
    "COPY failed",
    "ADD failed",
    "executor failed running",
    "did not complete successfully",
    "failed to compute cache key",
    "failed to calculate checksum",
];

fn says_missing(line: &str) -> bool {
    MISSING.iter().any(|words| line.contains(words))
}

/// An image to stand on that no registry has under that name.
pub(super) fn no_root(plan: &Plan, built: &Streamed) -> Option<Error> {
    let image = plan.build.root.image.as_ref()?;
    if !is_missing(image.as_str(), &built.tail) {
        return None;
    }
    let what = format!("the image to stand on, {image}, can't be had");
    let todo = "check its name and tag, and the network: `docker pull` says more";
    let error = Error::user("docker/no-root", what, todo).passing(is_network(&built.tail));
    Some(error.detail(telling(&built.tail)))
}

/// Whether Docker could not pull an image. Old builders name it only as the step that failed.
fn is_missing(image: &str, tail: &[String]) -> bool {
    let said_at_all = tail.iter().any(|line| says_missing(line));
    let failed = |line: &str| line.contains(" > [internal] load metadata for ");
    let mut lines = tail.iter().filter(|line| line.contains(image));
    lines.any(|line| says_missing(line) || said_at_all && failed(line))
}

/// Whether the step that failed is the one that takes the base image.
pub(super) fn lacks_base(base: &Base, tail: &[String]) -> bool {
    let of_step = |line: &String| STEP_FAILED.iter().any(|words| line.contains(words));
    if tail.iter().any(of_step) {
        return false;
    }
    let repository = repository(base.image.as_str());
    classic_lacks(repository, tail) || buildkit_lacks(repository, tail)
}

/// The classic builder says no more than the words of the registry, after the step that takes the image.
fn classic_lacks(repository: &str, tail: &[String]) -> bool {
    let last = tail.iter().rposition(|line| line.starts_with("Step "));
    let mut last = tail.iter().skip(last.unwrap_or(tail.len()));
    let taken = |line: &String| line.starts_with(" ---> ");
    let of_image = |step: &String| step.contains(" : FROM ") && step.contains(repository);
    last.next().is_some_and(of_image) && !last.any(taken)
}

/// `BuildKit` says where it looked, and then the registry's words, which may name another address.
fn buildkit_lacks(repository: &str, tail: &[String]) -> bool {
    let looks = |line: &String| line.contains("load metadata for") && line.contains(repository);
    let looked = tail.iter().any(looks);
    let says = |line: &&String| !is_printed(line) && says_missing(line);
    let mut said = tail.iter().filter(says);
    said.any(|line| looked || line.contains(repository))
}

/// `host/name:tag@digest` as `host/name`.
fn repository(image: &str) -> &str {
    let named = image.split('@').next().unwrap_or(image);
    // A colon before a slash is that of a port.
    named
        .rsplit_once(':')
        .filter(|(_, tag)| !tag.contains('/'))
        .map_or(named, |(repository, _)| repository)
}

/// The base image can't be had. An image of nixpkgs is nowhere until it is made.
pub(super) fn no_base(base: &Base, tail: &[String]) -> Error {
    let network = "check the network, or name another: `--base nixos/nix:VERSION`";
    let todo = match base.family {
        BaseFamily::Nixpkgs => "make it: `nixdyno base build`",
        _ => network,
    };
    let what = format!("the base image {base} can't be had");
    let error = Error::user("docker/no-base", what, todo);
    match base.family {
        // Waiting makes none.
        BaseFamily::Nixpkgs => error
            .or("if it is made and your builder runs elsewhere, choose one that sees it: `docker buildx use default`")
            .or(network),
        _ => error.passing(is_network(tail)),
    }
}
