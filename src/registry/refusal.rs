//! The registry's refusals as errors a user can act on. Pure.

use serde::Deserialize;

use crate::error::Error;

/// The registry's error body: `{"errors": [{"code", "message"}]}`.
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
pub(super) fn refused(status: u16, reason: &str, source: &str) -> Error {
    let says = match reason {
        "" => format!("the registry answered {status}"),
        reason => format!("the registry answered {status}: {reason}"),
    };
    match status {
        401 | 403 => Error::user(
            "registry/unauthorized",
            format!("{says} (token from {source})"),
            "check that the app exists and is yours: `heroku apps:info --app APP`",
        )
        .because("the registry says the same of a wrong token and of an app that isn't yours")
        .or("log in again with `heroku login`, or set HEROKU_API_KEY"),
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
