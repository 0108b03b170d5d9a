//! `docker push`, then the Platform API. Releases exactly what was pushed.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::deploy::{Deploy, Pushed};
use crate::docker::{Built, explain_push, login, push, pushed_digest};
use crate::error::{Error, Kind, Result};
use crate::names::{AppName, Digest, ProcessType};
use crate::shell::interrupt;

use super::images::{self, Ship};

/// How often a push is tried; what has arrived is not sent again.
const TRIES: u32 = 3;

pub(super) struct Docker;

impl Ship for Docker {
    fn login(&self, deploy: &Deploy<'_>) -> Result<()> {
        let cmd = login(
            deploy.endpoints.registry.name(),
            deploy.credentials.token.clone(),
        );
        let answer = deploy.runner.capture(&cmd)?;
        if answer.success() {
            return Ok(());
        }
        let lines = answer
            .tail(6)
            .into_iter()
            .map(|line| deploy.credentials.token.redact(&line));
        let text = answer.stderr.to_ascii_lowercase();
        let error = if text.contains("unauthorized") || text.contains("denied") {
            Error::user(
                "docker/login-refused",
                format!("{} doesn't take the token", deploy.endpoints.registry),
                "log in again: `heroku login`, or set HEROKU_API_KEY to a token that works",
            )
        } else {
            Error::transient(
                "docker/login",
                format!("`{cmd}` failed with status {}", answer.status),
                "check that the registry can be reached, then try again",
            )
        };
        Err(error.detail(lines))
    }

    fn push(&self, deploy: &Deploy<'_>, app: &AppName, built: &Built) -> Result<Digest> {
        let image = images::name(deploy, app, &built.process);
        let cmd = push(&format!("{image}:latest"));
        let mut tries = 1;
        loop {
            let pushed = deploy.show(&cmd)?;
            match explain_push(&image, &pushed) {
                Ok(()) => return pushed_digest(deploy.runner, &image, &pushed),
                Err(error) if error.kind() == Kind::Transient && tries < TRIES => {
                    deploy.ui.note(&format!("{}: trying again", error.what()));
                    interrupt::sleep(Duration::from_secs(2 * u64::from(tries)))?;
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn release(&self, deploy: &Deploy<'_>, app: &AppName, pushed: &[Pushed]) -> Result<()> {
        let images: BTreeMap<ProcessType, Digest> = pushed
            .iter()
            .map(|image| (image.process.clone(), image.image_id.clone()))
            .collect();
        deploy.api.release_images(app, &images)
    }
}
