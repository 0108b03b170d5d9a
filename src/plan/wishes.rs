//! What the user asked for, resolved from flags, environment and file: the plan's second input.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::closure::StorePath;
use crate::error::{Error, Result, near_misses};
use crate::inspect::Source;
use crate::names::{
    AppName, AttrPath, BuildArgName, BuildArgValue, ProcessType, ProgramName, ProjectPath, Region,
};

use super::{BaseName, CacheWishes, Compression, MostLayers, NixArg, NixPart, Percent, RootName};

/// A value the user gave, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<T> {
    /// The value.
    pub value: T,
    /// A flag, a variable, or a key of nixdyno.toml.
    pub source: Source,
}

/// Everything the user may ask of a plan. What is `None` was not asked for: the plan decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The Heroku app.
    pub app: Option<Wish<AppName>>,
    /// The route.
    pub route: Option<Wish<Route>>,
    /// The base image.
    pub base: Option<Wish<BaseName>>,
    /// A Dockerfile of the project to build.
    pub dockerfile: Option<Wish<ProjectPath>>,
    /// The program in `bin/` that `web` runs.
    pub program: Option<Wish<ProgramName>>,
    /// The process types that count, of those that the project declares.
    pub processes: Option<Wish<Vec<ProcessType>>>,
    /// How much of a system the image is.
    pub root: Option<Wish<RootName>>,
    /// Packages of nixpkgs that the image has beside the app.
    pub with: Option<Wish<Vec<AttrPath>>>,
    /// Rules for what stays out of the image, each with its own place.
    pub prune: Vec<crate::prune::Line>,
    /// Words for every call of Nix.
    pub nix: Vec<NixPart>,
    /// Arguments of the Docker build.
    pub build_args: BTreeMap<BuildArgName, Wish<BuildArgValue>>,
    /// The flags of `nixdyno generate` that say what was said here beside nixdyno.toml.
    pub again: Vec<String>,
    /// Caches to read from, and the secrets of a build.
    pub caches: CacheWishes,
    /// Create the app when it isn't there.
    pub create: bool,
    /// The region of a created app.
    pub region: Option<Wish<Region>>,
    /// Move an app of another stack to `container`.
    pub set_stack: bool,
    /// What was built already and is deployed in place of an attribute.
    pub store_paths: Vec<StorePath>,
    /// Layers that an image has at most, all in all.
    pub most_layers: Option<Wish<MostLayers>>,
    /// What of an image may be stale.
    pub waste: Option<Wish<Percent>>,
    /// How hard layers are compressed.
    pub compression: Option<Wish<Compression>>,
    /// Keep nothing of the last image.
    pub fresh: bool,
    /// Whether the Nix of this machine can build what a dyno runs, where it was asked.
    pub nix_here: Option<NixHere>,
    /// Release even an unchanged image: a word, new each time, that makes a new image ID.
    pub force_id: Option<String>,
}

impl Wishes {
    /// The words for Nix, all together.
    pub fn nix_args(&self) -> Vec<NixArg> {
        let words = self.nix.iter().flat_map(|part| &part.words);
        words.cloned().collect()
    }
}

/// Whether the Nix of this machine can build for x86_64-linux, and why or why not: a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NixHere {
    /// It can.
    Able(String),
    /// It can't.
    Unable(String),
}

/// The way from the app to a running release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// `nix build`, layers made here and sent to the registry, and the Platform API.
    Direct,
    /// `heroku container:push` and `container:release`.
    HerokuCli,
    /// `docker build`, `docker push`, and the Platform API.
    Docker,
    /// The sources are sent, and Heroku builds.
    HerokuYml,
}

impl Route {
    /// Every route, in the order shown.
    pub const ALL: [Route; 4] = [
        Route::Direct,
        Route::Docker,
        Route::HerokuCli,
        Route::HerokuYml,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Route::Direct => "direct",
            Route::HerokuCli => "heroku-cli",
            Route::Docker => "docker",
            Route::HerokuYml => "heroku-yml",
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Route {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Route::ALL
            .into_iter()
            .find(|route| route.name() == text)
            .ok_or_else(|| {
                let names: Vec<_> = Route::ALL
                    .iter()
                    .map(|route| format!("`{route}`"))
                    .collect();
                let what = format!("`{}` is not a route", text.escape_debug());
                let use_one = format!("use one of {}", names.join(", "));
                match near_misses(text, Route::ALL.map(Route::name)).first() {
                    Some(near) => {
                        let todo = format!("did you mean `{near}`?");
                        Error::usage("plan/route", what, todo).or(use_one)
                    }
                    None => Error::usage("plan/route", what, use_one),
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_that_is_nearly_one_is_proposed() {
        let error = "dokcer".parse::<Route>().unwrap_err();
        assert_eq!(error.todo()[0], "did you mean `docker`?");
        let error = "teleport".parse::<Route>().unwrap_err();
        assert!(error.todo()[0].starts_with("use one of"), "{error}");
    }
}
