//! The routes: which rooms, in which order. Each route reads like a row of the table in
//! ARCHITECTURE.md and has no logic of its own.
//!
//! Takes a plan and the rooms' handles; gives a [`Done`]. Never calls a deploy a success that isn't
//! one: what was pushed is fetched back and checked, the release is awaited, the web dyno watched.
//!
//! A new route is a file in `routes/` and a row in [`routes::of`].

mod app;
mod known;
mod routes;
mod settle;

use serde::Serialize;

use crate::docker::{Built, Images};
use crate::error::{Error, Kind, Result};
use crate::heroku::{Api, Clock, Credentials, Endpoints};
use crate::names::{AppName, Digest, ProcessType};
use crate::plan::{Plan, Route};
use crate::registry::{PushedImage, Registry, Repository, check};
use crate::shell::{Cmd, Runner, Streamed};
use crate::ui::{Ui, human_bytes};

pub use app::{app_of, takes_images};

/// What a deploy needs beside the plan.
pub struct Deploy<'a> {
    /// What to do.
    pub plan: &'a Plan,
    /// Builds the images.
    pub images: Images<'a>,
    /// Runs commands.
    pub runner: &'a dyn Runner,
    /// Speaks to Heroku.
    pub api: &'a dyn Api,
    /// Fetches back what was pushed; absent in a dry run, where nothing was.
    pub registry: Option<&'a Registry>,
    /// Where Heroku is.
    pub endpoints: &'a Endpoints,
    /// Who we are there.
    pub credentials: &'a Credentials,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Tells the story.
    pub ui: &'a Ui,
}

/// An image that was pushed, as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// Its process type.
    pub process: ProcessType,
    /// The manifest's digest.
    pub manifest: Digest,
    /// The config's digest, which Heroku calls the image's ID.
    pub image_id: Digest,
    /// How many layers.
    pub layers: usize,
    /// All layers' bytes, compressed.
    pub bytes: u64,
}

/// How a deploy ended well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// The app.
    pub app: AppName,
    /// The route taken.
    pub route: String,
    /// Where the app answers.
    pub url: Option<String>,
    /// The number of the release that runs, if one was made or is there.
    pub release: Option<u64>,
    /// Whether a release was made; not when the same images were already running.
    pub changed: bool,
    /// How many web dynos were seen up.
    pub web_dynos: usize,
    /// What was pushed.
    pub images: Vec<Pushed>,
    /// The commands that were run, or would be, as shown.
    pub commands: Vec<String>,
    /// The writing calls to Heroku that were made, or would be.
    pub requests: Vec<String>,
}

impl Deploy<'_> {
    /// Deploys.
    ///
    /// Errors: those of every room it goes through, and `deploy/no-app`, `deploy/wrong-stack`,
    /// `deploy/fir`, `deploy/wrong-command`, `deploy/other-image`, `deploy/heroku-cli`.
    pub fn run(&self) -> Result<Done> {
        let name = app_of(self.plan)?;
        let found = self.find(name)?;
        let route = routes::of(self.plan.ship.route);
        route.check(self)?;
        let built = self.build(name)?;
        // Nothing at Heroku is changed before there is something to release.
        let app = self.prepare(name, found)?;
        let pushed = self.push(&app.name, route, &built)?;
        let before = self.api.newest_release(&app.name)?;
        let topic = self.ui.topic(&format!("Releasing {}", self.process_list()));
        route.release(self, &app.name, &pushed)?;
        let settled = self
            .settle(&app.name, before.as_ref(), &pushed)
            .map_err(|error| still_on(error, &app.name))?;
        topic.done();
        let dynos = self
            .watch(&app.name, &settled)
            .map_err(|error| still_on(error, &app.name))?;
        Ok(Done {
            app: app.name,
            route: self.plan.ship.route.to_string(),
            url: app.web_url.map(String::from),
            release: settled.release.map(|release| release.version),
            changed: settled.changed,
            web_dynos: dynos,
            images: pushed,
            commands: self.runner.journal(),
            requests: self.api.journal(),
        })
    }

    fn build(&self, app: &AppName) -> Result<Vec<Built>> {
        self.images.build(self.plan, &|process| {
            Some(format!("{}:latest", self.image(app, process)))
        })
    }

    /// An image's name in Heroku's registry, without a tag.
    fn image(&self, app: &AppName, process: &ProcessType) -> String {
        format!("{}/{app}/{process}", self.endpoints.registry)
    }

    fn push(
        &self,
        app: &AppName,
        route: &dyn routes::Ship,
        built: &[Built],
    ) -> Result<Vec<Pushed>> {
        let topic = self
            .ui
            .topic(&format!("Pushing to {}", self.endpoints.registry));
        route.login(self)?;
        let mut pushed = Vec::new();
        for image in built {
            let digest = match known::look(self, app, image, pushed.is_empty())? {
                Some(digest) => digest,
                None => route.push(self, app, image)?,
            };
            pushed.push(self.check(app, image, digest)?);
        }
        topic.done();
        Ok(pushed)
    }

    /// Fetches back by digest what was pushed, and checks that a dyno can run it.
    fn check(&self, app: &AppName, built: &Built, digest: Digest) -> Result<Pushed> {
        let process = built.process.clone();
        let Some(registry) = self.registry else {
            let image_id = digest.clone();
            return Ok(Pushed {
                process,
                manifest: digest,
                image_id,
                layers: 0,
                bytes: 0,
            });
        };
        let repository = Repository {
            app: app.clone(),
            process: process.clone(),
        };
        let image = registry.fetch_back(&repository, &digest)?;
        for warning in check(&image)? {
            self.ui.note(&warning);
        }
        self.check_command(&process, &image)?;
        // The Heroku CLI builds once more, `FROM` the image: the layers are the same, the ID need not be.
        if self.plan.ship.route == Route::Docker {
            check_identity(built, &image)?;
        }
        self.ui.detail(&format!(
            "{process}: {} layer{}, {} compressed, image {}",
            image.layers,
            if image.layers == 1 { "" } else { "s" },
            human_bytes(image.compressed_bytes),
            short(&image.image_id)
        ));
        Ok(Pushed {
            process,
            manifest: digest,
            image_id: image.image_id,
            layers: image.layers,
            bytes: image.compressed_bytes,
        })
    }

    fn check_command(&self, process: &ProcessType, image: &PushedImage) -> Result<()> {
        let planned = self
            .plan
            .processes
            .get(process)
            .map(|process| process.command.cmd_words());
        // A Dockerfile of the project's own says itself what runs.
        if self.plan.dockerfile.is_some() || planned.as_ref() == Some(&image.cmd) {
            return Ok(());
        }
        Err(Error::user(
            "deploy/wrong-command",
            format!(
                "the image pushed for `{process}` starts {:?}, not what was planned",
                image.cmd
            ),
            "deploy again; somebody else may have pushed at the same moment",
        ))
    }

    fn process_list(&self) -> String {
        let names: Vec<&str> = self
            .plan
            .processes
            .keys()
            .map(ProcessType::as_str)
            .collect();
        names.join(", ")
    }

    /// Runs a command whose output is the story.
    fn show(&self, cmd: &Cmd) -> Result<Streamed> {
        let token = &self.credentials.token;
        let mut shown = self
            .runner
            .stream(cmd, &mut |line| self.ui.echo(&token.redact(line)))?;
        for line in &mut shown.tail {
            *line = token.redact(line);
        }
        Ok(shown)
    }
}

/// Where the ID of what was built is known, what was pushed must have it.
fn check_identity(built: &Built, image: &PushedImage) -> Result<()> {
    let same = built.id.as_ref().is_none_or(|id| *id == image.image_id);
    if same {
        return Ok(());
    }
    Err(Error::transient(
        "deploy/other-image",
        format!(
            "what was pushed as `{}` is not what was built",
            built.process
        ),
        "deploy again; another build of a project of the same name ran at the same moment",
    ))
}

/// Ctrl-C ends the waiting, not the release.
fn still_on(error: Error, app: &AppName) -> Error {
    if error.kind() != Kind::Interrupted {
        return error;
    }
    error.or(format!(
        "the release goes on at Heroku: `nixdyno status -a {app}`"
    ))
}

/// The first twelve digits of a digest, as Heroku and Docker show them.
fn short(digest: &Digest) -> &str {
    let hex = digest.as_str().trim_start_matches("sha256:");
    hex.get(..12).unwrap_or(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(c: char) -> Digest {
        format!("sha256:{}", c.to_string().repeat(64))
            .parse()
            .unwrap()
    }

    fn image(id: char) -> PushedImage {
        PushedImage {
            manifest: digest('0'),
            media_type: String::new(),
            image_id: digest(id),
            architecture: "amd64".to_owned(),
            os: "linux".to_owned(),
            layers: 1,
            compressed_bytes: 1,
            cmd: vec!["web".to_owned()],
            entrypoint: Vec::new(),
        }
    }

    #[test]
    fn what_was_pushed_must_be_what_was_built() {
        let built = Built {
            process: ProcessType::web(),
            tag: "nixdyno/app-web:latest".to_owned(),
            id: Some(digest('a')),
            pruned: crate::prune::Report::default(),
        };
        assert!(check_identity(&built, &image('a')).is_ok());
        insta::assert_snapshot!(check_identity(&built, &image('b')).unwrap_err());
    }

    #[test]
    fn an_interrupted_wait_says_that_the_release_goes_on() {
        let app: AppName = "my-app".parse().unwrap();
        insta::assert_snapshot!(still_on(Error::interrupted(), &app));
    }
}
