//! The Heroku CLI's own commands.
//!
//! `container:push` builds what it pushes, from a Dockerfile in a folder of its own: it would skip
//! names with a dash and ask a person when there are several. The image is built and sealed before,
//! so that its Dockerfile is one line, `FROM` that image, and `container:push` only ships it.

use std::time::Duration;

use crate::deploy::{Deploy, Pushed};
use crate::docker::{Builder, Built, builder, explain_push, pushed_digest};
use crate::error::{Error, Result};
use crate::names::{AppName, Digest};
use crate::shell::interrupt::TempFolder;
use crate::shell::{Cmd, Streamed, Tool};

use super::images::{self, Ship};

pub(super) struct HerokuCli;

impl Ship for HerokuCli {
    fn check(&self, deploy: &Deploy<'_>) -> Result<()> {
        if let Some(obstacle) = images::images(deploy)?.facts.heroku_cli_obstacle() {
            return Err(blocked(obstacle));
        }
        if !deploy.endpoints.cli_agrees {
            return Err(elsewhere());
        }
        Ok(())
    }

    fn login(&self, deploy: &Deploy<'_>) -> Result<()> {
        let cmd = Cmd::writes(Tool::Heroku)
            .deadline(Duration::from_secs(5 * 60))
            .arg("container:login");
        explain(&cmd, &deploy.show(&cmd)?)
    }

    fn push(&self, deploy: &Deploy<'_>, app: &AppName, built: &Built) -> Result<Digest> {
        let folder = TempFolder::new()?;
        let text = format!("FROM {}\n", built.tag);
        fs_err::write(folder.path().join("Dockerfile"), text).map_err(|error| {
            Error::user(
                "deploy/dockerfile",
                error.to_string(),
                "free some space in TMPDIR",
            )
        })?;
        let kit = builder(images::images(deploy)?.facts) != Builder::Classic;
        let cmd = Cmd::writes(Tool::Heroku)
            .dir(folder.path())
            .env("DOCKER_BUILDKIT", if kit { "1" } else { "0" })
            // A builder of the user's own can't see the image that was just made.
            .env("BUILDX_BUILDER", "default")
            .args([
                "container:push",
                built.process.as_str(),
                "--app",
                app.as_str(),
            ]);
        let pushed = deploy.show(&cmd)?;
        let image = images::name(deploy, app, &built.process);
        explain_push(&image, &pushed)?;
        pushed_digest(deploy.runner, &image, &pushed)
    }

    fn release(&self, deploy: &Deploy<'_>, app: &AppName, pushed: &[Pushed]) -> Result<()> {
        let types = pushed.iter().map(|image| image.process.as_str());
        let cmd = Cmd::writes(Tool::Heroku)
            .arg("container:release")
            .args(types)
            .args(["--app", app.as_str()]);
        let answer = deploy.show(&cmd)?;
        // A failed release command is told better by the release itself, which is read next.
        if answer
            .tail
            .iter()
            .any(|line| line.contains("release command failed"))
        {
            return Ok(());
        }
        explain(&cmd, &answer)
    }
}

fn blocked(obstacle: &str) -> Error {
    Error::user(
        "deploy/heroku-cli-blocked",
        format!("`heroku container:push` can't work with this Docker: {obstacle}"),
        "take the other route: `--route docker`",
    )
    .or("install buildx: https://docs.docker.com/go/buildx/")
}

fn elsewhere() -> Error {
    Error::usage(
        "deploy/heroku-cli-elsewhere",
        "the Heroku CLI speaks to another Heroku than --api-url and --registry name",
        "set HEROKU_HOST in place of them, or take the other route: `--route docker`",
    )
}

fn explain(cmd: &Cmd, answer: &Streamed) -> Result<()> {
    if answer.status == 0 {
        return Ok(());
    }
    Err(Error::user(
        "deploy/heroku-cli",
        format!("`{cmd}` failed with status {}", answer.status),
        "mend what the Heroku CLI says above, or take the other route: `--route docker`",
    )
    .detail(answer.tail.iter().rev().take(8).rev().cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        insta::assert_snapshot!("elsewhere", elsewhere());
        insta::assert_snapshot!("blocked", blocked("the obstacle"));
    }
}
