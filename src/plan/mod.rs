//! Decides everything, from facts and wishes, before anything is done.
//!
//! Takes a [`Project`] and [`Wishes`]; gives a [`Plan`]: complete, plain data that can be printed,
//! read back and compared. Never touches files, the clock or the environment.

mod base;
mod caches;
mod choose;
mod command;
mod direct;
mod family;
mod layers;
mod nixpkgs;
mod own;
mod prune;
mod root;
mod start;
mod store_paths;
mod wishes;
mod words;

pub use base::{KnownBase, Pin, default_base, known_bases, pins};
pub use caches::{CacheWishes, Caches};
pub use choose::plan;
pub use command::Command;
pub use direct::{obstacle as direct_obstacle, obstacle_asked, unasked_route};
pub use family::{Base, BaseFamily, BaseName, base_image, pinnable};
pub use layers::{Compression, Layers, MostLayers, Percent};
pub use nixpkgs::{NixpkgsImage, nixpkgs_image};
pub use root::{Root, RootKind, RootName};
pub use store_paths::of_store_paths;
pub use wishes::{NixHere, Route, Wish, Wishes};
pub use words::{NixArg, NixPart, words_to_evaluate};

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::closure::StorePath;
use crate::inspect::{Need, Origin, Source, Warning};
use crate::names::{
    AppName, AttrPath, BuildArgName, BuildArgValue, NixFile, ProcessType, ProjectPath, Region,
};

/// Everything a deploy will do. The room's one type out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of this format: 1.
    pub format: u32,
    /// The project's own name, fit for an image's name.
    pub name: String,
    /// What Nix builds.
    pub build: Build,
    /// The image the Dockerfile starts from.
    pub base: Base,
    /// Caches that the build reads from, and the secrets it is given.
    #[serde(default, skip_serializing_if = "Caches::is_none")]
    pub caches: Caches,
    /// A Dockerfile of the project, built in place of the rendered one.
    #[serde(default)]
    pub dockerfile: Option<ProjectPath>,
    /// The command of each process type. One image each, all with the same layers.
    pub processes: BTreeMap<ProcessType, Process>,
    /// How an image is laid out that is made here.
    #[serde(default, skip_serializing_if = "Layers::is_default")]
    pub layers: Layers,
    /// How it is shipped.
    pub ship: Ship,
    /// Where each value comes from and why, sorted by key.
    pub choices: Vec<Choice>,
    /// What the project itself does not hold, and no command of this plan brings.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// What to watch.
    pub warnings: Vec<Warning>,
    /// The flags of `nixdyno generate` that make the same files again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
}

/// What Nix builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Which file it starts from.
    pub from: Origin,
    /// The file itself, where it is no flake.
    #[serde(default, skip_serializing_if = "NixFile::is_default")]
    pub file: NixFile,
    /// Which attribute of it.
    pub attribute: AttrPath,
    /// Further attributes of the same file whose programs the processes start, sorted; the image
    /// holds all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AttrPath>,
    /// What was built already and is taken in place of the attribute, its program's package first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub store_paths: Vec<StorePath>,
    /// Whether default.nix is a function for nixpkgs' `callPackage`.
    #[serde(default)]
    pub call_package: bool,
    /// Words added to every call of Nix.
    pub nix_args: Vec<NixArg>,
    /// Arguments of the Docker build, which Nix finds among its variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<BuildArgName, BuildArgValue>,
    /// Whether `flake.lock` pins the inputs.
    pub locked: bool,
    /// Whether an input lies inside the project, so that the lock alone can't fetch all of them.
    pub relative_inputs: bool,
    /// What the image has beside the app.
    #[serde(default)]
    pub root: Root,
    /// What of the closure stays out of the image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prune: Vec<crate::prune::Entry>,
    /// Where `/bin/sh` comes from when the closure has none.
    pub fallback_shell: FallbackShell,
    /// Expressions and lock files that decide the inputs, relative to the project, sorted.
    pub recipe: Vec<PathBuf>,
    /// Whether the package names the inputs of its build (`inputDerivation`), so that they can be
    /// fetched before the sources: yes, no, or not known.
    pub input_derivation: Option<bool>,
}

impl Build {
    /// Every attribute that is built: the chosen one, then the further ones.
    pub fn attributes(&self) -> impl Iterator<Item = &AttrPath> {
        std::iter::once(&self.attribute).chain(&self.also)
    }
}

/// Where `/bin/sh` and `/usr/bin/env` come from when the app's closure has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FallbackShell {
    /// `busybox` of the flake's own input `nixpkgs`.
    FlakeNixpkgs,
    /// `busybox` of the base image's `<nixpkgs>`.
    BaseNixpkgs,
    /// Nowhere: neither the flake nor the base has a nixpkgs, and the build says so when it misses the shell.
    Nowhere,
}

/// One process type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// How it starts.
    pub command: Command,
    /// Where that stands.
    pub source: Source,
}

/// How it is shipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ship {
    /// The way to a running release.
    pub route: Route,
    /// The Heroku app; only `deploy` needs one.
    pub app: Option<AppName>,
    /// Create the app when it isn't there.
    pub create: bool,
    /// The region of a created app.
    pub region: Option<Region>,
    /// Move an app of another stack to `container`.
    pub set_stack: bool,
    /// A label that makes a new image ID, so that an unchanged image is released again.
    pub force_id: Option<String>,
}

impl Ship {
    /// By a route, with all else as it was asked for.
    fn by(route: Route, wishes: &Wishes) -> Self {
        Ship {
            route,
            app: wishes.app.as_ref().map(|wish| wish.value.clone()),
            create: wishes.create,
            region: wishes.region.as_ref().map(|wish| wish.value.clone()),
            set_stack: wishes.set_stack,
            force_id: wishes.force_id.clone(),
        }
    }
}

/// A value of the plan, where it comes from, and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Such as `route`.
    pub key: String,
    /// As shown.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
    /// Why, in one line.
    pub reason: String,
}
