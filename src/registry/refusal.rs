//! The registry's refusals as errors a user can act on. Pure.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::error::Error;
use crate::names::Digest;

use super::login::Login;

/// The length of `sha256:` and its digits.
const DIGEST: usize = 71;

/// The registry's error body: `{"errors": [{"code", "message", "detail"}]}`.
#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default)]
    errors: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    /// Whatever the registry likes.
    #[serde(default)]
    detail: serde_json::Value,
}

/// Whether an error body has one of these codes.
pub(super) fn has_code(body: &[u8], codes: &[&str]) -> bool {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    body.errors
        .iter()
        .any(|entry| codes.contains(&entry.code.as_str()))
}

/// The digests that an error body names beside one of these codes, in order, once each.
pub(super) fn digests_named(body: &[u8], codes: &[&str]) -> Vec<Digest> {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let mut named = BTreeSet::new();
    for entry in body.errors {
        if codes.contains(&entry.code.as_str()) {
            // Where it stands differs: in the message, or somewhere in the detail.
            let text = format!("{} {}", entry.message, entry.detail);
            let digests = text
                .match_indices("sha256:")
                .filter_map(|(at, _)| text.get(at..at + DIGEST)?.parse::<Digest>().ok());
            named.extend(digests);
        }
    }
    named.into_iter().collect()
}

/// What a registry's error body says, in one line; empty when it says nothing.
pub(super) fn reason(body: &[u8]) -> String {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let said: Vec<String> = body
        .errors
        .iter()
        .map(|entry| {
            format!("{} {}", entry.code, entry.message)
                .trim()
                .to_owned()
        })
        .collect();
    said.join("; ")
}

/// The error for an answer that is no success; `reason` is already fit to be shown.
pub(super) fn refused(status: u16, reason: &str, login: Option<&Login>) -> Error {
    let says = match reason {
        "" => format!("the registry answered {status}"),
        reason => format!("the registry answered {status}: {reason}"),
    };
    match status {
        401 | 403 => unauthorized(&says, login),
        404 => Error::user(
            "registry/not-found",
            format!("what was pushed is not in the registry; {says}"),
            "push it again",
        )
        .because("nothing is released that couldn't be read back"),
        429 | 500.. => unreachable(&says),
        _ => Error::user(
            "registry/refused",
            says,
            "change what the registry objects to, then run the same command again",
        ),
    }
}

fn unauthorized(says: &str, login: Option<&Login>) -> Error {
    const ID: &str = "registry/unauthorized";
    match login {
        Some(login) if login.is_heroku() => Error::user(
            ID,
            format!("{says} (token from {})", login.source()),
            "check that the app exists and is yours: `heroku apps:info --app APP`",
        )
        .because("the registry says the same of a wrong token and of an app that isn't yours")
        .or("log in again with `heroku login`, or set HEROKU_API_KEY"),
        Some(login) => Error::user(
            ID,
            format!("{says} (login from {})", login.source()),
            "check that this login may read and write there",
        ),
        None => Error::user(
            "registry/unauthorized",
            format!("{says} (without a login)"),
            "log in to it first",
        ),
    }
}

/// The error for an answer that is longer than any should be.
pub(super) fn too_large(limit: u64) -> Error {
    Error::user(
        "registry/refused",
        format!("the registry's answer is longer than {limit} bytes"),
        "check that the address is a registry",
    )
}

/// The error for a registry that gave no usable answer.
pub(super) fn unreachable(what: &str) -> Error {
    Error::transient(
        "registry/unreachable",
        format!("the registry can't be read: {what}"),
        "run the same command again: layers that are already there are not pushed twice",
    )
}

/// The error for a manifest of another kind than Heroku takes.
pub(super) fn wrong_manifest(media_type: &str) -> Error {
    let name = match media_type {
        "application/vnd.oci.image.manifest.v1+json" => "an OCI image",
        "application/vnd.oci.image.index.v1+json" => "an OCI index",
        "application/vnd.docker.distribution.manifest.list.v2+json" => "a list of images",
        "application/vnd.docker.distribution.manifest.v1+prettyjws" => "an image of schema 1",
        _ => "something else",
    };
    Error::user(
        "registry/wrong-manifest",
        format!("what was pushed is {name} (`{media_type}`), and Heroku only takes Docker's schema 2"),
        "turn containerd's image store off in Docker's settings (`\"features\": {\"containerd-snapshotter\": false}`)",
    )
    .because("Docker's containerd image store and BuildKit's attestations both make OCI images")
    .or("build with `--platform linux/amd64 --provenance=false --sbom=false`")
}

/// The error for a manifest whose config is not that of an image.
pub(super) fn unreadable_config() -> Error {
    Error::user(
        "registry/wrong-manifest",
        "what was pushed is no image: its config can't be read as one",
        "push an image, such as `docker build` makes",
    )
}

/// The error for bytes that are not what their digest says.
pub(super) fn mismatch(what: &str) -> Error {
    Error::transient(
        "registry/digest-mismatch",
        format!("the registry's copy of the {what} is not what was pushed"),
        "push it again; if that doesn't help, something on the way changes what passes through",
    )
    .because("nothing is released that isn't byte for byte what was built")
}
