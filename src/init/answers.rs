//! What was answered so far, by a person, a flag or a default.

use crate::inspect::Project;
use crate::manifest::AddonName;
use crate::names::{AppName, AttrPath, ProcessType, ProgramName, Region};
use crate::plan::{BaseName, RootName, Route};

use super::Facts;

/// The name of the route on which Heroku builds, by heroku.yml.
const HEROKU_BUILDS: &str = "heroku-yml";

/// The answers. What is `None` is left to the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The attribute to deploy.
    pub attr: Option<AttrPath>,
    /// The program that `web` runs.
    pub program: Option<ProgramName>,
    /// The process types that count; `None` for all.
    pub processes: Option<Vec<ProcessType>>,
    /// The app.
    pub app: Option<AppName>,
    /// Where it is made.
    pub region: Option<Region>,
    /// The route; `None` for the one that a plan takes by itself.
    pub route: Option<Route>,
    /// The base image.
    pub base: Option<BaseName>,
    /// Whether the base is an image that is still to be named.
    pub other_base: bool,
    /// How much of a system the image is.
    pub root: Option<RootName>,
    /// Whether the flake's settings count.
    pub accept_flake_config: bool,
    /// Whether heroku.yml is written; `None` where the route says it.
    pub heroku_yml: Option<bool>,
    /// What heroku.yml gives a new app.
    pub addons: Vec<AddonName>,
}

impl Answers {
    /// What holds before anybody is asked: what was said, and the defaults.
    pub(super) fn of(facts: &Facts) -> Self {
        let wishes = &facts.wishes;
        Answers {
            attr: facts.attr.as_ref().map(|it| it.value.clone()),
            program: wishes.program.as_ref().map(|it| it.value.clone()),
            processes: wishes.processes.as_ref().map(|it| it.value.clone()),
            app: wishes.app.as_ref().map(|it| it.value.clone()),
            region: wishes.region.as_ref().map(|it| it.value.clone()),
            route: facts.route_to_say(wishes.route.as_ref().map(|it| it.value)),
            base: wishes.base.as_ref().map(|it| it.value.clone()),
            other_base: false,
            root: wishes.root.as_ref().map(|it| it.value.clone()),
            accept_flake_config: wishes.caches.accept_flake_config.is_some(),
            heroku_yml: facts.heroku.said(),
            addons: facts.heroku.addons.clone(),
        }
    }

    /// Whether heroku.yml is to be written: because it was asked for, or because the route builds by it.
    pub fn needs_heroku_yml(&self) -> bool {
        self.heroku_yml.unwrap_or_else(|| self.heroku_builds())
    }

    /// Whether the route is the one on which Heroku builds.
    pub fn heroku_builds(&self) -> bool {
        self.route.is_some_and(|it| it.name() == HEROKU_BUILDS)
    }

    /// The process types that count, of those that the project declares.
    pub(super) fn counts(&self, project: &Project) -> Vec<(ProcessType, bool)> {
        let chosen = |name: &ProcessType| {
            let some = self.processes.as_ref();
            some.is_none_or(|it| it.contains(name))
        };
        let names = project.processes.keys();
        names.map(|name| (name.clone(), chosen(name))).collect()
    }
}
