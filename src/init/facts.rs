//! What is known before the first question.

use crate::inspect::{Candidate, NeedId, Origin, Project, Source, Verdict};
use crate::manifest::AddonName;
use crate::names::AttrPath;
use crate::plan::{Route, Wish, Wishes, unasked_route};

/// What is known.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The project as it was found, with no attribute named in nixdyno.toml.
    pub first: Project,
    /// The project with the attribute that counts.
    pub project: Project,
    /// What was said in flags, variables and nixdyno.toml.
    pub wishes: Wishes,
    /// The attribute that was said.
    pub attr: Option<Wish<AttrPath>>,
    /// What concerns heroku.yml.
    pub heroku: Heroku,
}

/// What is known of heroku.yml.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heroku {
    /// What a flag says of writing it.
    pub wanted: Option<bool>,
    /// Whether the one that is there is nixdyno's.
    pub ours: bool,
    /// Add-ons that a flag names, or that it has.
    pub addons: Vec<AddonName>,
    /// Whether flags named those.
    pub asked: bool,
}

impl Heroku {
    /// What is said of writing it: by a flag, or by a file of ours that is there.
    pub(super) fn said(&self) -> Option<bool> {
        self.wanted.or(self.ours.then_some(true))
    }
}

/// Variables by which an app finds what an add-on gives it, and that add-on.
const ADDONS: &[(&str, &str)] = &[
    ("AMQP_URL", "cloudamqp"),
    ("CLOUDAMQP_URL", "cloudamqp"),
    ("DATABASE_URL", "heroku-postgresql"),
    ("KAFKA_URL", "heroku-kafka"),
    ("MEMCACHIER_SERVERS", "memcachier"),
    ("POSTGRES_URL", "heroku-postgresql"),
    ("RABBITMQ_URL", "cloudamqp"),
    ("REDIS_URL", "heroku-redis"),
];

impl Facts {
    /// With the add-ons that the project's own variables ask for, where none are named.
    #[must_use]
    pub fn with_suggestions(mut self) -> Self {
        if self.heroku.addons.is_empty() && !self.heroku.asked {
            self.heroku.addons = self.suggested();
        }
        self
    }

    fn suggested(&self) -> Vec<AddonName> {
        let needs = self.project.needs.iter();
        let variables = needs.filter(|need| need.id == NeedId::Config);
        let names = variables.flat_map(|need| &need.names);
        let rows = names.filter_map(|name| ADDONS.iter().find(|(it, _)| it == name));
        let mut addons: Vec<AddonName> = rows.filter_map(|(_, it)| it.parse().ok()).collect();
        addons.sort();
        addons.dedup();
        addons
    }

    /// The route that a plan takes here by itself.
    pub(super) fn route(&self) -> Route {
        unasked_route(&self.wishes)
    }

    /// A route, where it is to be said: one that a plan takes by itself is not, unless nixdyno.toml has it.
    pub(super) fn route_to_say(&self, route: Option<Route>) -> Option<Route> {
        let in_file = |it: &&Wish<Route>| matches!(it.source, Source::Config { .. });
        let there = self.wishes.route.as_ref().filter(in_file);
        let there = there.map(|wish| wish.value);
        route.filter(|it| *it != self.route() || there == Some(*it))
    }

    /// What would be deployed; nothing where that is still to be chosen.
    pub(super) fn candidate(&self) -> Option<&Candidate> {
        let decided = self.project.verdict == Verdict::Deploy;
        self.project.candidates.first().filter(|_| decided)
    }

    /// The caches that the flake names, and that count only where they are accepted.
    pub(super) fn caches(&self) -> Vec<&str> {
        let flake = |it: &Candidate| it.from == Origin::Flake;
        if !self.candidate().is_some_and(flake) {
            return Vec::new();
        }
        let needs = self.project.needs.iter();
        let caches = needs.filter(|need| need.id == NeedId::Substituters);
        caches
            .flat_map(|need| &need.names)
            .map(String::as_str)
            .collect()
    }
}

/// Whether it was said on the command line or in a variable, and so is no question.
pub(super) fn is_typed<T>(wish: Option<&Wish<T>>) -> bool {
    wish.is_some_and(|it| is_typed_source(&it.source))
}

pub(super) fn is_typed_source(source: &Source) -> bool {
    matches!(source, Source::Flag { .. } | Source::Environment { .. })
}
