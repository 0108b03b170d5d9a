//! `docker build`: which builder, and which flags.

use std::path::Path;

use crate::shell::{Cmd, Tool};

use super::{Facts, Version};

/// How an image is built here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builder {
    /// `docker build` through the buildx plugin.
    Buildx(Version),
    /// `BuildKit` inside the engine, asked for by an old client.
    Embedded,
    /// The classic builder.
    Classic,
}

/// Chooses the builder: `BuildKit` wherever client and engine can do it together.
///
/// From 23 on a client reaches `BuildKit` through buildx only; before that it needs an engine from 18.09 on.
pub fn builder(facts: &Facts) -> Builder {
    match facts.buildx {
        Some(version) if facts.client.major >= 23 => Builder::Buildx(version),
        _ if facts.client.major < 23
            && facts.engine
                >= (Version {
                    major: 18,
                    minor: 9,
                }) =>
        {
            Builder::Embedded
        }
        _ => Builder::Classic,
    }
}

/// What the tag of an image that stays here starts with.
pub fn local_tag(name: &str, process: &str) -> String {
    format!("nixdyno/{name}-{}", process.to_ascii_lowercase())
}

/// The command that builds one image.
///
/// Runs in `dir`, the context, with the Dockerfile staged beside it; `target` names a stage, and `more` are words of the
/// caller's.
pub fn build(
    facts: &Facts,
    dir: &Path,
    target: Option<&str>,
    tag: &str,
    more: &[String],
    no_cache: bool,
) -> Cmd {
    let builder = builder(facts);
    let kit = if builder == Builder::Classic {
        "0"
    } else {
        "1"
    };
    let mut cmd = Cmd::writes(Tool::Docker)
        .dir(dir)
        .env("DOCKER_BUILDKIT", kit)
        // Read by buildx from 0.10 on: the same content then has the same image ID at any time.
        .env("SOURCE_DATE_EPOCH", "1")
        .arg("build");
    // The classic builder knows the flag on experimental engines only.
    if builder != Builder::Classic || !facts.is_amd64() {
        cmd = cmd.args(["--platform", "linux/amd64"]);
    }
    if let Builder::Buildx(version) = builder {
        if version
            >= (Version {
                major: 0,
                minor: 10,
            })
        {
            // Heroku's registry takes one plain manifest: no index, so no attestations.
            cmd = cmd.args(["--provenance=false", "--sbom=false"]);
        }
        // A builder of the user's own keeps what it made unless told to hand it over.
        cmd = if facts.containerd_store {
            // Docker's own media types; containerd's store would keep and push OCI's.
            cmd.arg(format!(
                "--output=type=docker,name={tag},oci-mediatypes=false"
            ))
        } else {
            cmd.arg("--load")
        };
    }
    if builder == Builder::Classic {
        // Without it a failed step leaves its container behind.
        cmd = cmd.arg("--force-rm");
    }
    if no_cache {
        cmd = cmd.arg("--no-cache");
    }
    cmd = cmd.args(["--file", "../dockerfile/Dockerfile"]);
    if let Some(target) = target {
        cmd = cmd.args(["--target", target]);
    }
    cmd.args(more).args(["--tag", tag, "."])
}
