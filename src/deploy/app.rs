//! The app: there, ours, and of a kind that takes images. Asked before anything is built.

use crate::error::{Error, Result};
use crate::heroku::{App, NewApp};
use crate::names::AppName;

use super::Deploy;

impl Deploy<'_> {
    /// Finds the app, makes it or moves it to the `container` stack where the plan says so.
    pub(super) fn app(&self) -> Result<App> {
        let ship = &self.plan.ship;
        let name = ship.app.as_ref().ok_or_else(|| no_app(&self.plan.name))?;
        let topic = self
            .ui
            .topic(&format!("Deploying {name} by route {}", ship.route));
        let app = match self.api.app(name) {
            Ok(app) => app,
            Err(error) if error.id() == "heroku/app-not-found" => {
                if !ship.create {
                    return Err(error.or(format!("make it: `nixdyno deploy -a {name} --create`")));
                }
                self.create(name)?
            }
            Err(error) => return Err(error),
        };
        if app.generation.as_deref() == Some("fir") {
            return Err(fir(name));
        }
        let app = if app.takes_images() {
            app
        } else {
            self.move_stack(&app)?
        };
        topic.done();
        Ok(app)
    }

    fn create(&self, name: &AppName) -> Result<App> {
        self.ui
            .detail(&format!("Creating {name} on the stack container"));
        self.api.create_app(&NewApp {
            name: Some(name.clone()),
            region: self.plan.ship.region.clone(),
            team: None,
            stack: Some("container".to_owned()),
        })
    }

    fn move_stack(&self, app: &App) -> Result<App> {
        let stack = app.stack.as_deref().unwrap_or("unknown");
        if !self.plan.ship.set_stack {
            return Err(wrong_stack(&app.name, stack));
        }
        self.ui.detail(&format!(
            "Moving {} from the stack {stack} to container",
            app.name
        ));
        self.api.set_build_stack(&app.name, "container")
    }
}

fn no_app(name: &str) -> Error {
    Error::user(
        "deploy/no-app",
        "which Heroku app to deploy to is not said anywhere",
        format!("name it: `nixdyno deploy -a {name}`, with `--create` if it isn't there yet"),
    )
    .or("set `app` in nixdyno.toml, or NIXDYNO_APP")
}

fn wrong_stack(app: &AppName, stack: &str) -> Error {
    Error::user(
        "deploy/wrong-stack",
        format!("{app} is on the stack {stack}, which takes no images"),
        format!("move it: `nixdyno deploy -a {app} --set-stack`"),
    )
    .because(
        "images run on the stack `container`; once moved, a plain `git push heroku` is refused",
    )
    .or(format!("back again: `heroku stack:set {stack} -a {app}`"))
}

fn fir(app: &AppName) -> Error {
    Error::user(
        "deploy/fir",
        format!("{app} is a Fir app, and Fir takes no images from the registry"),
        "deploy to a Cedar app: the Common Runtime, or a Cedar private space",
    )
}
