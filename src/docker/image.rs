//! Images in the local engine: their IDs, pushing them, and logging in to where they go.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::names::Digest;
use crate::secret::Secret;
use crate::shell::{Cmd, Runner, Streamed, Tool};

/// An image as `docker image inspect` tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Image {
    /// The engine's ID: the config's digest, or the manifest's where images live in containerd's store.
    pub id: Digest,
    /// `REPOSITORY@DIGEST` for every registry it was pushed to or pulled from.
    #[serde(default)]
    pub repo_digests: Vec<String>,
    /// Bytes, uncompressed; 0 where it isn't told.
    #[serde(default)]
    pub size: u64,
    /// `amd64`.
    #[serde(default)]
    pub architecture: String,
    /// Its layers.
    #[serde(default, rename = "RootFS")]
    pub root_fs: RootFs,
    /// What it runs with; only labels are looked at.
    #[serde(default)]
    pub config: Option<ImageConfig>,
}

/// The layers of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RootFs {
    /// The digest of each layer's tar, the lowest first.
    pub layers: Vec<String>,
}

/// The part of an image's config that is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageConfig {
    /// The command.
    pub cmd: Option<Vec<String>>,
    /// Labels.
    pub labels: Option<BTreeMap<String, String>>,
}

/// The digest that a dry run answers with.
const PRETENDED: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Asks the engine about an image.
///
/// Errors: `docker/no-image` when it isn't there, `docker/unreadable` for an answer that isn't Docker's.
pub fn inspect(runner: &dyn Runner, tag: &str) -> Result<Image> {
    let pretended = format!(
        r#"[{{"Id":"{PRETENDED}","RepoDigests":["{tag}@{PRETENDED}"],"Architecture":"amd64"}}]"#
    );
    let cmd = Cmd::reads(Tool::Docker)
        .args(["image", "inspect", tag])
        .pretend(pretended);
    let answer = runner.capture(&cmd)?;
    if !answer.success() {
        return Err(Error::user(
            "docker/no-image",
            format!("the image {tag} isn't in the engine although it was built"),
            "if your builder runs elsewhere, choose one that loads its images: `docker buildx use default`",
        )
        .detail(answer.tail(5)));
    }
    let images: Vec<Image> = serde_json::from_str(&answer.stdout).map_err(|error| {
        Error::user(
            "docker/unreadable",
            format!("`docker image inspect` answered something that is not Docker's: {error}"),
            format!("look at it: `docker image inspect {tag}`"),
        )
    })?;
    images
        .into_iter()
        .next()
        .ok_or_else(|| Error::bug("docker/no-image-answer", format!("no answer about {tag}")))
}

/// The command that logs in to a registry; the token goes in by standard input.
pub fn login(registry: &str, token: Secret) -> Cmd {
    Cmd::writes(Tool::Docker)
        .deadline(Duration::from_secs(5 * 60))
        .args(["login", "--username", "_", "--password-stdin", registry])
        .input(token)
}

/// The command that pushes an image.
pub fn push(tag: &str) -> Cmd {
    Cmd::writes(Tool::Docker).args(["push", tag])
}

/// The command that lists the digests by which the engine knows images of a repository: those it pushed or pulled.
pub fn digests(repository: &str) -> Cmd {
    let format = "{{.Digest}}";
    Cmd::reads(Tool::Docker).args(["image", "ls", "--digests", "--format", format, repository])
}

/// The command that pulls an image by its digest, and so without a tag.
pub fn pull(repository: &str, digest: &Digest) -> Cmd {
    Cmd::writes(Tool::Docker).args(["pull", &format!("{repository}@{digest}")])
}

/// The command that forgets an image by that name; layers that others have stay.
pub fn forget(repository: &str, digest: &Digest) -> Cmd {
    Cmd::writes(Tool::Docker).args(["image", "rm", &format!("{repository}@{digest}")])
}

/// The digest that a push was answered with: from its output (`latest: digest: sha256:… size: 1234`),
/// else from the engine's own record.
///
/// Never by asking the registry what the tag is: somebody else may have pushed since.
/// Errors: `docker/no-digest`, and those of [`inspect`].
pub fn pushed_digest(runner: &dyn Runner, tag: &str, pushed: &Streamed) -> Result<Digest> {
    let told = pushed.tail.iter().rev().find_map(|line| {
        let (_, after) = line.split_once("digest: ")?;
        after.split_whitespace().next()?.parse::<Digest>().ok()
    });
    if let Some(digest) = told {
        return Ok(digest);
    }
    let image = inspect(runner, tag)?;
    image
        .repo_digests
        .iter()
        .filter_map(|name| name.strip_prefix(tag)?.strip_prefix('@')?.parse().ok())
        .next_back()
        .ok_or_else(|| {
            Error::user(
                "docker/no-digest",
                format!("Docker doesn't say which digest {tag} was pushed as"),
                "run with -v to see what it said, and report it",
            )
            .detail(pushed.tail.clone())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    fn digest(c: char) -> String {
        format!("sha256:{}", c.to_string().repeat(64))
    }

    #[test]
    fn the_digest_is_read_from_the_push() {
        let tail = vec![format!("latest: digest: {} size: 1234", digest('a'))];
        let pushed = Streamed { status: 0, tail };
        let found = pushed_digest(&Recorded::new(), "r/a/web", &pushed).unwrap();
        assert_eq!(found.as_str(), digest('a'));
    }

    #[test]
    fn or_from_the_engine() {
        let answer = format!(
            r#"[{{"Id":"{}","RepoDigests":["x/y@{}","r/a/web@{}"]}}]"#,
            digest('1'),
            digest('2'),
            digest('3')
        );
        let runner = Recorded::new().answer("docker image inspect", 0, &answer, "");
        let found = pushed_digest(&runner, "r/a/web", &Streamed::default()).unwrap();
        assert_eq!(found.as_str(), digest('3'));
    }

    #[test]
    fn an_image_that_is_missing_is_an_error() {
        let runner =
            Recorded::new().answer("docker image inspect", 1, "[]", "Error: No such image: x");
        insta::assert_snapshot!(inspect(&runner, "x").unwrap_err());
        let runner = Recorded::new().answer("docker image inspect", 0, "nonsense", "");
        assert_eq!(inspect(&runner, "x").unwrap_err().id(), "docker/unreadable");
    }

    #[test]
    fn the_token_is_not_in_the_command() {
        let cmd = login("registry.heroku.com", Secret::new("hunter2"));
        assert_eq!(
            cmd.to_string(),
            "docker login --username _ --password-stdin registry.heroku.com < [REDACTED]"
        );
    }
}
