//! Where `--output` brings an image.

use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::heroku::RegistryHost;
use crate::names::RepositoryName;

/// Where an image is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// An archive.
    File(PathBuf),
    /// The Docker engine of this machine.
    Engine,
    /// A registry.
    Registry(Place),
}

/// A place in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The registry.
    pub host: RegistryHost,
    /// The repository; with several process types each has one below it.
    pub repository: RepositoryName,
    /// The tag.
    pub tag: String,
}

/// How a registry is named, as other tools do.
const REGISTRY: &str = "docker://";

impl FromStr for Output {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "docker" {
            return Ok(Output::Engine);
        }
        if let Some(name) = text.strip_prefix(REGISTRY) {
            return place(text, name).map(Output::Registry);
        }
        if text.is_empty() || text.ends_with('/') || text.contains("://") {
            return Err(refuse(text, "it is no file, and no registry"));
        }
        Ok(Output::File(PathBuf::from(text)))
    }
}

/// `HOST[:PORT]/NAME[:TAG]`.
fn place(text: &str, name: &str) -> Result<Place> {
    let (host, rest) = name
        .split_once('/')
        .filter(|(host, _)| host.contains(['.', ':']) || *host == "localhost")
        .ok_or_else(|| refuse(text, "it names no registry"))?;
    let (repository, tag) = rest.rsplit_once(':').unwrap_or((rest, "latest"));
    if tag.contains('@') || repository.contains('@') {
        return Err(refuse(text, "a digest can't be pushed to, only a tag"));
    }
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let fits = tag.len() <= 128
        && tag.starts_with(word)
        && tag.chars().all(|c| word(c) || matches!(c, '.' | '-'));
    if !fits {
        return Err(refuse(text, "its tag is none"));
    }
    Ok(Place {
        host: host.parse()?,
        repository: repository.parse()?,
        tag: tag.to_owned(),
    })
}

fn refuse(text: &str, why: &str) -> Error {
    Error::usage(
        "ship/output",
        format!(
            "an image can't be brought to `{}`: {why}",
            text.escape_debug()
        ),
        "name a file: `--output image.tar`",
    )
    .or("or the engine of this machine: `--output docker`")
    .or("or a registry: `--output docker://ghcr.io/me/app:1`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match text.parse::<Output>() {
            Ok(Output::File(path)) => format!("{text}: the file {}", path.display()),
            Ok(Output::Engine) => format!("{text}: the engine"),
            Ok(Output::Registry(at)) => {
                format!(
                    "{text}: {} at {}, tag {}",
                    at.repository,
                    at.host.base(),
                    at.tag
                )
            }
            Err(error) => format!("{text}: {error}"),
        }
    }

    #[test]
    fn the_table() {
        let rows = [
            "image.tar",
            "./docker",
            "docker",
            "docker://ghcr.io/me/app:1",
            "docker://127.0.0.1:5000/app",
            "docker://localhost/app",
            "docker://app",
            "docker://ghcr.io/Me/app",
            "docker://ghcr.io/me/app:",
            "docker://ghcr.io/me/app@sha256:00",
            "docker://user:password@ghcr.io/me/app",
            "oci://x/y",
            "out/",
            "",
        ];
        let rows: Vec<String> = rows.into_iter().map(shown).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }
}
