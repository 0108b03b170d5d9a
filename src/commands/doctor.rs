//! `nixdyno doctor`: everything a deploy needs, each with its mend, and what is said of the project here.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::deploy::{takes_images, tools};
use crate::docker::{Builder, builder};
use crate::error::{Error, Result};
use crate::heroku::{Credentials, Endpoints};
use crate::inspect::Verdict;
use crate::plan::{NixHere, Route, Wishes, obstacle_asked, unasked_route};
use crate::registry::Registry;
use crate::shell::{Cmd, Tool};

use super::Session;
use super::inspect::{headline, stops};

/// One thing looked at.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    #[serde(flatten)]
    state: State,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
enum State {
    Good {
        found: String,
    },
    /// Not needed for every route.
    Missing {
        todo: String,
    },
    Bad {
        what: String,
        todo: String,
    },
}

pub(super) fn run(session: &Session) -> Result<ExitCode> {
    let here = session.nix_for_project();
    let route = route(session, here.as_ref().ok());
    let mut checks = vec![
        docker(session, route),
        direct_route(session, here),
        cli_route(session, route),
        heroku(session),
        nix(session),
    ];
    checks.extend(account(session, route));
    checks.extend(project(session));
    let bad = checks
        .iter()
        .any(|check| matches!(check.state, State::Bad { .. }));
    session.ui.json(&json!({ "checks": checks }))?;
    for check in &checks {
        let text = match &check.state {
            State::Good { found } => vec![format!("ok       {}: {found}", check.name)],
            State::Missing { todo } => vec![
                format!("missing  {}", check.name),
                format!("           do: {todo}"),
            ],
            State::Bad { what, todo } => {
                vec![
                    format!("bad      {}: {what}", check.name),
                    format!("           do: {todo}"),
                ]
            }
        };
        for line in text {
            session.ui.answer(line);
        }
    }
    Ok(if bad { super::no() } else { ExitCode::SUCCESS })
}

fn bad(name: &'static str, error: &Error) -> Check {
    Check {
        name,
        state: State::Bad {
            what: error.what().to_owned(),
            todo: error.todo().join("; or: "),
        },
    }
}

fn good(name: &'static str, found: impl Into<String>) -> Check {
    Check {
        name,
        state: State::Good {
            found: found.into(),
        },
    }
}

/// What another route would need.
fn not_needed(name: &'static str) -> Check {
    good(name, "not needed by this route")
}

/// The route that is asked for, or the one that a deploy would take.
fn route(session: &Session, here: Option<&NixHere>) -> Route {
    let wishes = &session.settings.wishes;
    let unasked = || {
        unasked_route(&Wishes {
            nix_here: here.cloned(),
            ..wishes.clone()
        })
    };
    wishes
        .route
        .as_ref()
        .map_or_else(unasked, |wish| wish.value)
}

fn docker(session: &Session, route: Route) -> Check {
    match session.docker() {
        Err(_) if !tools(route).contains(&Tool::Docker) => not_needed("docker"),
        Err(error) => bad("docker", &error),
        Ok(facts) => {
            let builder = match builder(&facts) {
                Builder::Buildx(version) => format!("buildx {version}"),
                Builder::Embedded => "BuildKit in the engine".to_owned(),
                Builder::Classic => "the classic builder".to_owned(),
            };
            let emulated = if facts.is_amd64() {
                ""
            } else {
                ", linux/amd64 by emulation"
            };
            good(
                "docker",
                format!(
                    "client {}, engine {}, {builder}{emulated}",
                    facts.client, facts.engine
                ),
            )
        }
    }
}

/// Whether the route without Docker can be taken. Who asked for it needs it.
fn direct_route(session: &Session, here: Result<NixHere>) -> Check {
    let name = "route direct";
    let wish = session.settings.wishes.route.as_ref();
    let asked = wish.is_some_and(|it| it.value == Route::Direct);
    if wish.is_some() && !asked {
        return not_needed(name);
    }
    let todo = match here {
        Ok(NixHere::Able(how)) => match obstacle_asked(&session.settings.wishes) {
            None => return good(name, format!("can be taken: {how}")),
            Some(why) => format!("use the route docker: {why}"),
        },
        Ok(NixHere::Unable(why)) => format!("use the route docker: {why}"),
        Err(error) if asked => return bad(name, &error),
        Err(error) => error.todo().join("; or: "),
    };
    cant_be_taken(name, asked, todo)
}

/// A route that can't be taken is bad only for who asked for it.
fn cant_be_taken(name: &'static str, asked: bool, todo: String) -> Check {
    let state = if asked {
        let what = "can't be taken".to_owned();
        State::Bad { what, todo }
    } else {
        State::Missing { todo }
    };
    Check { name, state }
}

/// Whether the route through the Heroku CLI can be taken. Who asked for it needs it.
fn cli_route(session: &Session, route: Route) -> Check {
    let name = "route heroku-cli";
    let asked = route == Route::HerokuCli;
    let said = session.settings.wishes.route.is_some();
    if !asked && (said || route == Route::Direct) {
        return not_needed(name);
    }
    let obstacle = || -> Result<Option<String>> {
        let facts = session.docker()?;
        let obstacle = facts.heroku_cli_obstacle();
        let obstacle = obstacle.map(|it| format!("use the route docker: {it}"));
        session
            .tools
            .require(&[Tool::Heroku], "this route runs it")?;
        Ok(obstacle)
    };
    let todo = match obstacle() {
        Ok(None) => return good(name, "can be taken"),
        Ok(Some(todo)) => todo,
        Err(error) if asked => return bad(name, &error),
        Err(error) => error.todo().join("; or: "),
    };
    cant_be_taken(name, asked, todo)
}

fn version(session: &Session, name: &'static str, tool: Tool, why: &str) -> Check {
    if !session.tools.has(tool) {
        let todo = format!("{why}; {}", tool.install_hint());
        return Check {
            name,
            state: State::Missing { todo },
        };
    }
    match session.runner.capture(&Cmd::reads(tool).arg("--version")) {
        Ok(answer) if answer.success() => good(
            name,
            answer.stdout.lines().next().unwrap_or_default().trim(),
        ),
        Ok(answer) => {
            let error = Error::user(
                "doctor/broken-tool",
                format!(
                    "`{} --version` failed with status {}",
                    tool.program(),
                    answer.status
                ),
                tool.install_hint(),
            );
            bad(name, &error)
        }
        Err(error) => bad(name, &error),
    }
}

fn heroku(session: &Session) -> Check {
    let wish = session.settings.wishes.route.as_ref();
    let other = wish.is_some_and(|it| !tools(it.value).contains(&Tool::Heroku));
    if other && !session.tools.has(Tool::Heroku) {
        return not_needed("heroku");
    }
    version(
        session,
        "heroku",
        Tool::Heroku,
        "only the route heroku-cli needs it",
    )
}

fn nix(session: &Session) -> Check {
    version(
        session,
        "nix",
        Tool::Nix,
        "without it projects are only read, not evaluated",
    )
}

/// What inspection says of the project, where there is one.
fn project(session: &Session) -> Option<Check> {
    let name = "project";
    let dir = &session.settings.dir;
    let mut files = ["flake.nix", "default.nix"].into_iter();
    let there = files.any(|file| fs_err::symlink_metadata(dir.join(file)).is_ok());
    if !there && session.settings.file.is_none() {
        return None;
    }
    let asked = session.settings.attribute.as_ref();
    let project = match session.inspect(asked.map(|wish| wish.value.clone())) {
        Ok(project) => project,
        Err(error) => return Some(bad(name, &error)),
    };
    let headline = headline(&project);
    let first = project.candidates.first();
    Some(match (project.verdict, first) {
        (Verdict::Deploy, Some(first)) if stops(&project) == 0 => {
            let attribute = project.shown(first.from, &first.attribute);
            good(name, format!("{headline}: {attribute}"))
        }
        (Verdict::Ask, _) => Check {
            name,
            state: State::Bad {
                what: headline,
                todo: "name one with `--attr`; `nixdyno inspect` lists them".to_owned(),
            },
        },
        _ => Check {
            name,
            state: State::Bad {
                what: headline,
                todo: "see why: `nixdyno inspect`".to_owned(),
            },
        },
    })
}

/// The login, the registry, and the app when one is named.
fn account(session: &Session, route: Route) -> Vec<Check> {
    let login = || -> Result<(Endpoints, Credentials)> {
        let endpoints = session.endpoints()?;
        let credentials = session.credentials(&endpoints)?;
        Ok((endpoints, credentials))
    };
    let (endpoints, credentials) = match login() {
        Ok(found) => found,
        Err(error) => return vec![bad("login", &error)],
    };
    vec![
        account_of(session, &endpoints, &credentials),
        registry(route, &endpoints, credentials.clone()),
        app(session, &endpoints, &credentials),
    ]
}

fn account_of(session: &Session, endpoints: &Endpoints, credentials: &Credentials) -> Check {
    let name = "login";
    let api = session.api(endpoints, credentials);
    match api.and_then(|api| api.account()) {
        Err(error) => bad(name, &error),
        Ok(account) => good(name, format!("{} by {}", account.email, credentials.source)),
    }
}

/// Images go there, unless Heroku builds them.
fn registry(route: Route, endpoints: &Endpoints, credentials: Credentials) -> Check {
    let name = "registry";
    if route == Route::HerokuYml {
        return not_needed(name);
    }
    let host = &endpoints.registry;
    let answer = Registry::new(host, credentials).and_then(|registry| registry.reach());
    match answer {
        Err(error) => bad(name, &error),
        Ok(()) => good(name, format!("{host} takes the login")),
    }
}

fn app(session: &Session, endpoints: &Endpoints, credentials: &Credentials) -> Check {
    let name = "app";
    let Some(wish) = &session.settings.wishes.app else {
        let todo = "name it: `-a NAME`, or `app` in nixdyno.toml".to_owned();
        let state = State::Missing { todo };
        return Check { name, state };
    };
    let app = session
        .api(endpoints, credentials)
        .and_then(|api| api.app(&wish.value));
    match app {
        Err(error) if error.id() == "heroku/app-not-found" => {
            let make = format!("make it: `nixdyno deploy -a {} --create`", wish.value);
            bad(name, &error.or(make))
        }
        Err(error) => bad(name, &error),
        Ok(app) => match takes_images(&app) {
            Err(error) => bad(name, &error),
            Ok(()) => good(name, format!("{} takes images", app.name)),
        },
    }
}
