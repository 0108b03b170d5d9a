//! The app: there, ours, and of a kind that takes images. Asked before anything is built; made or moved
//! only after.

use crate::error::{Error, Result};
use crate::heroku::{App, NewApp};
use crate::names::AppName;
use crate::plan::Plan;

use super::Deploy;

/// The app that a plan names.
///
/// Errors: `deploy/no-app`.
pub fn app_of(plan: &Plan) -> Result<&AppName> {
    let name = plan.ship.app.as_ref();
    name.ok_or_else(|| no_app(&plan.name))
}

/// Refuses an app that images can't be deployed to, as it is.
///
/// Errors: `deploy/fir`, `deploy/wrong-stack`.
pub fn takes_images(app: &App) -> Result<()> {
    takes(app, App::takes_images)
}

/// Refuses an app of another generation, or on a stack that doesn't fit.
fn takes(app: &App, fits: fn(&App) -> bool) -> Result<()> {
    if app.generation.as_deref() == Some("fir") {
        return Err(fir(&app.name));
    }
    if !fits(app) {
        return Err(wrong_stack(&app.name, stack(app)));
    }
    Ok(())
}

impl Deploy<'_> {
    /// Looks the app up and refuses what could only fail later; `None` when it is to be made. `fits` says whether
    /// it is on a stack that the route can deploy to.
    pub(super) fn find(&self, name: &AppName, fits: fn(&App) -> bool) -> Result<Option<App>> {
        let ship = &self.plan.ship;
        let topic = self
            .ui
            .topic(&format!("Deploying {name} by route {}", ship.route));
        let app = match self.api.app(name) {
            Ok(app) => app,
            Err(error) if error.id() == "heroku/app-not-found" => {
                if ship.create {
                    return Ok(None);
                }
                return Err(error.or(format!("make it: `nixdyno deploy -a {name} --create`")));
            }
            Err(error) => return Err(error),
        };
        match takes(&app, fits) {
            Err(error) if error.id() == "deploy/wrong-stack" && ship.set_stack => {}
            answer => answer?,
        }
        topic.done();
        Ok(Some(app))
    }

    /// Makes the app, or moves it to the stack `container`, where that is needed.
    pub(super) fn prepare(
        &self,
        name: &AppName,
        found: Option<App>,
        fits: fn(&App) -> bool,
    ) -> Result<App> {
        if self.api.is_dry() {
            self.tell_maybe(name);
        }
        match found {
            None => self.create(name),
            Some(app) if fits(&app) => Ok(app),
            Some(app) => self.move_stack(&app),
        }
    }

    fn create(&self, name: &AppName) -> Result<App> {
        self.ui
            .topic(&format!("Creating {name} on the stack container"))
            .done();
        self.api.create_app(&self.new_app(name))
    }

    fn new_app(&self, name: &AppName) -> NewApp {
        NewApp {
            name: Some(name.clone()),
            region: self.plan.ship.region.clone(),
            team: None,
            stack: Some("container".to_owned()),
        }
    }

    /// A dry run looks no app up, so it shows what would be done to one that isn't as it should be.
    fn tell_maybe(&self, name: &AppName) {
        let ship = &self.plan.ship;
        if ship.create {
            self.api.may_create_app(&self.new_app(name));
        }
        if ship.set_stack {
            self.api.may_set_build_stack(name, "container");
        }
    }

    fn move_stack(&self, app: &App) -> Result<App> {
        let from = stack(app);
        self.ui
            .topic(&format!(
                "Moving {} from the stack {from} to container",
                app.name
            ))
            .done();
        self.api.set_build_stack(&app.name, "container")
    }
}

/// The stack to name as the wrong one: the next one where that alone is wrong.
fn stack(app: &App) -> &str {
    let wrong = [&app.stack, &app.build_stack].into_iter().flatten();
    let mut wrong = wrong.filter(|stack| *stack != "container");
    wrong.next().map_or("unknown", String::as_str)
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
