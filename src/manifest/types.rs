//! What a heroku.yml can say.

use std::collections::BTreeMap;

use crate::names::ProcessType;

/// A heroku.yml.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HerokuYml {
    /// What a new app is given.
    pub setup: Setup,
    /// What is built.
    pub build: Build,
    /// What runs before a release.
    pub release: Option<Release>,
    /// What each process type runs, where that isn't its image's `CMD`.
    pub run: BTreeMap<ProcessType, Run>,
}

/// What an app is given when it is made: by `heroku create --manifest`, and for review apps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    /// In the order of the file.
    pub addons: Vec<Addon>,
    /// Config vars.
    pub config: BTreeMap<String, String>,
}

/// An add-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addon {
    /// Such as `heroku-postgresql` or `heroku-redis:mini`.
    pub plan: String,
    /// The name it is attached by: its variables start so.
    pub attachment: Option<String>,
}

impl Addon {
    /// The service, without the plan.
    pub fn service(&self) -> &str {
        self.plan.split(':').next().unwrap_or_default()
    }
}

/// What is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Build {
    /// The Dockerfile of each image, which has the name of a process type. Its folder is the context.
    pub docker: BTreeMap<ProcessType, String>,
    /// Arguments of the build.
    pub config: BTreeMap<String, String>,
}

/// What runs before a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// In which image.
    pub image: Option<ProcessType>,
    /// What.
    pub command: CommandForm,
}

/// What a process type runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What.
    pub command: CommandForm,
    /// In which image, where not in its own.
    pub image: Option<ProcessType>,
}

/// The two ways to write a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandForm {
    /// As one text.
    Line(String),
    /// As a list: of one text, in all of Heroku's examples.
    List(Vec<String>),
}

impl CommandForm {
    /// The command line that it means; nothing for a list of several commands, which means nothing that is documented.
    pub fn line(&self) -> Option<String> {
        match self {
            CommandForm::Line(line) => Some(line.trim().to_owned()),
            CommandForm::List(items) => match items.as_slice() {
                [one] => Some(one.trim().to_owned()),
                words if words.iter().any(|it| it.contains(char::is_whitespace)) => None,
                words => shlex::try_join(words.iter().map(String::as_str)).ok(),
            },
        }
    }
}
