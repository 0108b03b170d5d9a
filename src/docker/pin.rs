//! The digest of an image: what it is pinned by.
//!
//! Docker is asked, here or by a pull; no registry is spoken to in any other way.

use std::time::Duration;

use super::failure::is_network;
use crate::error::{Error, Result};
use crate::names::{Digest, ImageRef};
use crate::shell::{Cmd, Runner, Tool};

/// An image of Nix has some hundred megabytes.
const PULL: Duration = Duration::from_secs(15 * 60);

/// The image with its digest. One that is here is taken as it is, unless `fresh`: then it is pulled first. `None` in
/// a dry run that would have to pull it.
///
/// Errors: `docker/no-pull`, `docker/no-repo-digest`.
pub fn pin(runner: &dyn Runner, image: &ImageRef, fresh: bool) -> Result<Option<ImageRef>> {
    let here = if fresh { None } else { digest(runner, image)? };
    let digest = if let Some(digest) = here {
        digest
    } else {
        let pull = Cmd::writes(Tool::Docker).args(["pull", "--quiet", image.as_str()]);
        let pulled = runner.capture(&pull.deadline(PULL))?;
        if runner.is_dry() {
            return Ok(None);
        }
        if !pulled.success() {
            return Err(no_pull(image, pulled.tail(4)));
        }
        digest(runner, image)?.ok_or_else(|| no_digest(image))?
    };
    format!("{image}@{digest}").parse().map(Some)
}

/// The digest under which an image that is here came from its registry.
fn digest(runner: &dyn Runner, image: &ImageRef) -> Result<Option<Digest>> {
    let format = "{{json .RepoDigests}}";
    let words = ["image", "inspect", "--format", format, image.as_str()];
    let answer = runner.capture(&Cmd::reads(Tool::Docker).args(words))?;
    if !answer.success() {
        return Ok(None);
    }
    // `null` for an image that was only built.
    let names: Option<Vec<String>> = serde_json::from_str(&answer.stdout).unwrap_or_default();
    let names = names.unwrap_or_default();
    let repository = familiar(image.repository());
    let mut digests = names.iter().filter_map(|name| {
        let (of, digest) = name.split_once('@')?;
        (familiar(of) == repository).then(|| digest.parse().ok())?
    });
    Ok(digests.next_back())
}

/// As Docker itself shortens names of Docker Hub.
fn familiar(repository: &str) -> &str {
    let bare = repository
        .strip_prefix("docker.io/")
        .or_else(|| repository.strip_prefix("index.docker.io/"))
        .unwrap_or(repository);
    bare.strip_prefix("library/").unwrap_or(bare)
}

fn no_pull(image: &ImageRef, words: Vec<String>) -> Error {
    let what = format!("{image} can't be pulled");
    let todo = "check its name, the network, and `docker login`";
    let error = Error::user("docker/no-pull", what, todo).passing(is_network(&words));
    error.detail(words)
}

fn no_digest(image: &ImageRef) -> Error {
    Error::user(
        "docker/no-repo-digest",
        format!("{image} has no digest, since it comes from no registry"),
        format!("push it to one, and pin it from there: `docker push {image}`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    fn pinned(runner: &Recorded, image: &str, fresh: bool) -> Result<Option<ImageRef>> {
        pin(runner, &image.parse().unwrap(), fresh)
    }

    #[test]
    fn an_image_that_is_here_is_not_pulled() {
        let [one, two] = ['1', '2'].map(|c| format!("sha256:{}", c.to_string().repeat(64)));
        let answer = format!(r#"["mirror.example/nix@{one}","nixos/nix@{two}"]"#);
        for (image, fresh) in [("nixos/nix:1", false), ("docker.io/nixos/nix:1", true)] {
            let runner = Recorded::new().answer("docker image inspect", 0, &answer, "");
            let found = pinned(&runner, image, fresh).unwrap().unwrap();
            assert_eq!(found.as_str(), format!("{image}@{two}"));
            assert_eq!(runner.journal().len(), usize::from(fresh), "{image}");
        }
    }

    #[test]
    fn refusals() {
        let runner = Recorded::new()
            .answer("docker image inspect", 1, "", "No such image")
            .answer("docker pull", 1, "", "manifest unknown");
        insta::assert_snapshot!("no_pull", pinned(&runner, "me/nix:1", false).unwrap_err());
        for answer in ["null", "[]", "nonsense", r#"["me/nix@sha256:1"]"#] {
            let runner = Recorded::new()
                .answer("docker image inspect", 0, answer, "")
                .answer("docker pull", 0, "", "");
            let error = pinned(&runner, "me/nix:1", false).unwrap_err();
            insta::assert_snapshot!("no_repo_digest", error);
        }
    }
}
