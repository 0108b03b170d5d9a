//! The questions, in their order: one row is one question.
//!
//! A question is open where neither the project nor a flag or a variable answers it. What nixdyno.toml says is its
//! default.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::inspect::{NeedId, Program, Verdict};
use crate::manifest::AddonName;
use crate::names::{AppName, AttrPath, ProgramName, Region};
use crate::plan::{BaseName, RootKind, RootName, Route};
use crate::ui::{Answer, Kind};

use super::facts::{is_typed, is_typed_source};
use super::{Answers, Facts};

/// The words of a question: what is asked, why, and what can be answered.
type Words = (&'static str, String, Kind);

/// A row of the table.
pub(super) struct Step {
    /// The flag that answers it.
    pub(super) flag: &'static str,
    /// Whether it must be asked.
    pub(super) is_open: fn(&Facts, &Answers) -> bool,
    /// Its words.
    pub(super) question: fn(&Facts, &Answers) -> Words,
    /// What an answer means.
    pub(super) take: fn(&Facts, &mut Answers, &Answer) -> Result<()>,
}

/// Every question.
pub(super) const STEPS: &[Step] = &[
    Step {
        flag: "--attr",
        is_open: |facts, _| {
            let open = [Verdict::Ask, Verdict::Unknown].contains(&facts.first.verdict);
            open && !is_typed(facts.attr.as_ref())
        },
        question: output,
        take: |facts, answers, answer| {
            answers.attr = match answer {
                Answer::One(at) => {
                    let rivals = facts.first.rivals();
                    rivals.get(*at).map(|it| it.attribute.clone())
                }
                answer => Some(text(answer).parse()?),
            };
            Ok(())
        },
    },
    Step {
        flag: "--program",
        is_open: |facts, _| !is_typed(facts.wishes.program.as_ref()) && lacks_program(facts),
        question: program,
        take: |facts, answers, answer| {
            let name = match answer {
                Answer::One(at) => programs(facts).get(*at).cloned().unwrap_or_default(),
                answer => text(answer).to_owned(),
            };
            answers.program = Some(name.parse()?);
            Ok(())
        },
    },
    Step {
        flag: "--processes",
        is_open: |facts, _| {
            facts.project.processes.len() > 1 && !is_typed(facts.wishes.processes.as_ref())
        },
        question: |facts, answers| {
            let marked = answers.counts(&facts.project).into_iter();
            let items = marked.map(|(name, on)| (shown_process(facts, &name), on));
            let why = "each runs in an image of its own, and all have the same layers";
            let kind = Kind::Several {
                items: items.collect(),
            };
            ("Which processes?", why.to_owned(), kind)
        },
        take: |facts, answers, answer| {
            let Answer::Several(marked) = answer else {
                return Ok(());
            };
            let names: Vec<_> = facts.project.processes.keys().collect();
            let all = marked.len() == names.len();
            let chosen = marked.iter().filter_map(|at| names.get(*at));
            let chosen = chosen.map(|name| (*name).clone()).collect();
            answers.processes = (!all).then_some(chosen);
            Ok(())
        },
    },
    Step {
        flag: "--app",
        is_open: |facts, _| !is_typed(facts.wishes.app.as_ref()),
        question: |_, answers| {
            let why = "the name of the app at Heroku; leave it empty to say it at the deploy";
            let kind = Kind::Text {
                default: answers
                    .app
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                check: |text| empty_or::<AppName>(text),
            };
            ("Which app?", why.to_owned(), kind)
        },
        take: |_, answers, answer| {
            answers.app = some(text(answer))?;
            Ok(())
        },
    },
    Step {
        flag: "--region",
        is_open: |facts, answers| {
            let said = answers.app.is_some() || answers.region.is_some();
            said && !is_typed(facts.wishes.region.as_ref())
        },
        question: |facts, answers| {
            let (items, default) = list(&regions(facts), &answers.region, |it| match it {
                None => "Heroku's default".to_owned(),
                Some(region) => region.to_string(),
            });
            let why = "where the app is made; an app that is there stays where it is";
            (
                "Which region?",
                why.to_owned(),
                Kind::One { items, default },
            )
        },
        take: |facts, answers, answer| {
            answers.region = pick(&regions(facts), answer).flatten();
            Ok(())
        },
    },
    Step {
        flag: "--route",
        is_open: |facts, _| !is_typed(facts.wishes.route.as_ref()),
        question: |facts, answers| {
            let now = answers.route.unwrap_or_else(|| facts.route());
            let (items, default) = list(&Route::ALL, &now, |it| words(ROUTES, it.name()));
            let why = "the way from the project to a running release";
            ("Which route?", why.to_owned(), Kind::One { items, default })
        },
        take: |facts, answers, answer| {
            answers.route = facts.route_to_say(pick(&Route::ALL, answer));
            // On a route that needs it an answer of before counts no longer.
            if answers.heroku_builds() {
                answers.heroku_yml = facts.heroku.said();
            }
            Ok(())
        },
    },
    Step {
        flag: "--base",
        is_open: |facts, _| {
            facts.wishes.dockerfile.is_none() && !is_typed(facts.wishes.base.as_ref())
        },
        question: |facts, answers| {
            let now = answers.base.clone().unwrap_or(BaseName::NixosNix);
            let now = (!answers.other_base).then_some(now);
            let (items, default) = list(&bases(facts), &now, |it| match it {
                Some(base) => words(BASES, &base.to_string()),
                None => "another image".to_owned(),
            });
            let why = "the image in which Nix builds; nothing of it is in the app's own";
            (
                "Which base image?",
                why.to_owned(),
                Kind::One { items, default },
            )
        },
        take: |facts, answers, answer| {
            let chosen = pick(&bases(facts), answer).flatten();
            answers.other_base = chosen.is_none();
            answers.base = chosen.or(answers.base.take());
            Ok(())
        },
    },
    Step {
        flag: "--base",
        is_open: |_, answers| answers.other_base,
        question: |_, answers| {
            let now = match &answers.base {
                Some(base @ BaseName::Image(_)) => base.to_string(),
                _ => String::new(),
            };
            let why = "an image with Nix, with a tag or a digest: ghcr.io/nixos/nix:2.31.2";
            let kind = Kind::Text {
                default: now,
                check: |text| text.parse::<BaseName>().map(drop),
            };
            ("Which image?", why.to_owned(), kind)
        },
        take: |_, answers, answer| {
            answers.base = Some(text(answer).parse()?);
            Ok(())
        },
    },
    Step {
        flag: "--root",
        is_open: |facts, _| {
            facts.wishes.dockerfile.is_none() && !is_typed(facts.wishes.root.as_ref())
        },
        question: |facts, answers| {
            let now = answers.root.clone().unwrap_or(DEFAULT_ROOT);
            let (items, default) = list(&roots(facts), &now, |it| words(ROOTS, &it.to_string()));
            let why =
                "what the image has beside the app; each more is more to push and to keep safe";
            (
                "What else in it?",
                why.to_owned(),
                Kind::One { items, default },
            )
        },
        take: |facts, answers, answer| {
            answers.root = pick(&roots(facts), answer);
            Ok(())
        },
    },
    Step {
        flag: "--accept-flake-config",
        is_open: |facts, _| {
            let said = facts.wishes.caches.accept_flake_config.as_ref();
            !facts.caches().is_empty() && !said.is_some_and(is_typed_source)
        },
        question: |facts, answers| {
            let why = format!(
                "the flake's nixConfig names {}: accept what you trust; without it Nix builds more",
                facts.caches().join(", ")
            );
            let default = answers.accept_flake_config;
            ("Accept its caches?", why, Kind::YesNo { default })
        },
        take: |_, answers, answer| {
            answers.accept_flake_config = *answer == Answer::YesNo(true);
            Ok(())
        },
    },
    Step {
        flag: "--heroku-yml",
        is_open: |facts, answers| facts.heroku.wanted.is_none() && !answers.heroku_builds(),
        question: |_, answers| {
            let why = "with it Heroku can build what `git push` brings; a deploy needs none";
            let default = answers.needs_heroku_yml();
            ("Write heroku.yml?", why.to_owned(), Kind::YesNo { default })
        },
        take: |_, answers, answer| {
            answers.heroku_yml = Some(*answer == Answer::YesNo(true));
            Ok(())
        },
    },
    Step {
        flag: "--addon",
        is_open: |facts, answers| answers.needs_heroku_yml() && !facts.heroku.asked,
        question: |_, answers| {
            let names: Vec<String> = answers.addons.iter().map(ToString::to_string).collect();
            let why = "what a new app is given, such as heroku-postgresql heroku-redis:mini; may be empty";
            let kind = Kind::Text {
                default: names.join(" "),
                check: |text| addons(text).map(drop),
            };
            ("Which add-ons?", why.to_owned(), kind)
        },
        take: |_, answers, answer| {
            answers.addons = addons(text(answer))?;
            Ok(())
        },
    },
];

/// What a plan takes where nothing is said.
pub(super) const DEFAULT_ROOT: RootName = RootName::Kind(RootKind::Scratch);

/// A name and what it means, for people.
type Meaning = (&'static str, &'static str);

/// Routes by name; one that is not here is shown by its name alone.
const ROUTES: &[Meaning] = &[
    ("direct", "built by Nix here, no Docker"),
    ("docker", "built here, the very image is released"),
    ("heroku-cli", "built here, shipped by the Heroku CLI"),
    ("heroku-yml", "built at Heroku, by heroku.yml"),
];

const BASES: &[Meaning] = &[
    ("nixos/nix", "Nix's own, pinned by digest"),
    ("nixpkgs", "made here, holds the project's nixpkgs"),
    ("nixery", "made by nixery.dev, pinned to nothing"),
];

const ROOTS: &[Meaning] = &[
    ("scratch", "nothing but the app"),
    ("shell", "bash and coreutils, for heroku run bash"),
    ("exec", "all that heroku ps:exec needs"),
];

/// `NAME: what it means`.
fn words(table: &[Meaning], name: &str) -> String {
    match table.iter().find(|(it, _)| *it == name) {
        Some((_, meaning)) => format!("{name}: {meaning}"),
        None => name.to_owned(),
    }
}

/// Every route has a meaning; for tests.
#[cfg(test)]
pub(super) fn has_words(route: Route) -> bool {
    words(ROUTES, route.name()) != route.name()
}

fn regions(facts: &Facts) -> Vec<Option<Region>> {
    let known = ["us", "eu"].into_iter().filter_map(|it| it.parse().ok());
    let said = facts.wishes.region.iter().map(|it| it.value.clone());
    let mut all = vec![None];
    for region in known.chain(said).map(Some) {
        if !all.contains(&region) {
            all.push(region);
        }
    }
    all
}

/// Those with a name, the one that was said, and `None` for another.
fn bases(facts: &Facts) -> Vec<Option<BaseName>> {
    let mut all = vec![BaseName::NixosNix, BaseName::Nixpkgs, BaseName::Nixery];
    let said = facts.wishes.base.iter().map(|it| it.value.clone());
    all.extend(said.filter(|it| matches!(it, BaseName::Image(_))));
    all.into_iter().map(Some).chain([None]).collect()
}

fn roots(facts: &Facts) -> Vec<RootName> {
    let mut all: Vec<RootName> = RootKind::NAMED.into_iter().map(RootName::Kind).collect();
    let said = facts.wishes.root.iter().map(|it| it.value.clone());
    all.extend(said.filter(|it| matches!(it, RootName::Image(_))));
    all
}

/// The items to show, and the place of the one that holds now.
fn list<T: PartialEq>(all: &[T], now: &T, show: impl Fn(&T) -> String) -> (Vec<String>, usize) {
    let at = all.iter().position(|it| it == now).unwrap_or_default();
    (all.iter().map(show).collect(), at)
}

fn pick<T: Clone>(all: &[T], answer: &Answer) -> Option<T> {
    match answer {
        Answer::One(at) => all.get(*at).cloned(),
        _ => None,
    }
}

fn text(answer: &Answer) -> &str {
    match answer {
        Answer::Text(text) => text,
        _ => "",
    }
}

/// The value of a text; nothing for an empty one.
fn some<T: FromStr<Err = Error>>(text: &str) -> Result<Option<T>> {
    (!text.is_empty()).then(|| text.parse()).transpose()
}

fn empty_or<T: FromStr<Err = Error>>(text: &str) -> Result<()> {
    some::<T>(text).map(drop)
}

fn addons(text: &str) -> Result<Vec<AddonName>> {
    let words = text.split([' ', ',']).filter(|it| !it.is_empty());
    words.map(str::parse).collect()
}

fn output(facts: &Facts, answers: &Answers) -> Words {
    let rivals = facts.first.rivals();
    if facts.first.verdict == Verdict::Unknown || rivals.is_empty() {
        let now = answers.attr.as_ref().map(ToString::to_string);
        let kind = Kind::Text {
            default: now.unwrap_or_default(),
            check: |text| text.parse::<AttrPath>().map(drop),
        };
        let why = "reading the files is not enough to tell; name the attribute, such as server";
        return ("Which output?", why.to_owned(), kind);
    }
    let items = rivals.iter().map(|it| {
        let program = it.program.name().map(|name| format!(", runs {name}"));
        let name = facts.first.shown(it.from, &it.attribute);
        format!("{name}: {}{}", it.kind.name(), program.unwrap_or_default())
    });
    let now = answers.attr.as_ref();
    let at = rivals.iter().position(|it| Some(&it.attribute) == now);
    let kind = Kind::One {
        items: items.collect(),
        default: at.unwrap_or_default(),
    };
    let why = "several could be deployed, and none is clearly the one";
    ("Which output?", why.to_owned(), kind)
}

/// Whether nobody knows what `web` would run.
fn lacks_program(facts: &Facts) -> bool {
    let Some(candidate) = facts.candidate() else {
        return false;
    };
    let none = facts
        .project
        .needs
        .iter()
        .any(|it| it.id == NeedId::StartCommand);
    let unknown = matches!(candidate.program, Program::Unknown { .. });
    facts.project.processes.is_empty() && (none || unknown && candidate.programs.len() > 1)
}

fn programs(facts: &Facts) -> Vec<String> {
    facts
        .candidate()
        .map(|it| it.programs.clone())
        .unwrap_or_default()
}

fn program(facts: &Facts, answers: &Answers) -> Words {
    let all = programs(facts);
    let now = answers
        .program
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let why = "the package does not say which of its programs serves".to_owned();
    let kind = if all.is_empty() {
        Kind::Text {
            default: now,
            check: |text| text.parse::<ProgramName>().map(drop),
        }
    } else {
        let (items, default) = list(&all, &now, Clone::clone);
        Kind::One { items, default }
    };
    ("Which program?", why, kind)
}

/// `web: server --port $PORT`.
fn shown_process(facts: &Facts, name: &crate::names::ProcessType) -> String {
    let command = facts.project.processes.get(name);
    let command = command.map(|it| it.value.as_str()).unwrap_or_default();
    format!("{name}: {command}")
}
