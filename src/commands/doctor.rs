//! `nixdyno doctor`: everything a deploy needs, each with its mend, and what is said of the project here.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::deploy::tools;
use crate::docker::{Builder, builder};
use crate::error::{Error, Result};
use crate::inspect::Verdict;
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
    let mut checks = vec![
        docker(session),
        cli_route(session),
        heroku(session),
        nix(session),
    ];
    checks.extend(account(session));
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
    let todo = error.todo().first().cloned().unwrap_or_default();
    Check {
        name,
        state: State::Bad {
            what: error.what().to_owned(),
            todo,
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

/// Whether the route that is asked for builds here; the default does.
fn needs_docker(session: &Session) -> bool {
    let route = session.settings.wishes.route.as_ref();
    route.is_none_or(|wish| tools(wish.value).contains(&Tool::Docker))
}

fn docker(session: &Session) -> Check {
    match session.docker() {
        Err(_) if !needs_docker(session) => Check {
            name: "docker",
            state: State::Missing {
                todo: "the routes docker and heroku-cli need it, and heroku-yml doesn't".to_owned(),
            },
        },
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

fn cli_route(session: &Session) -> Check {
    let name = "route heroku-cli";
    match session.docker().map(|facts| facts.heroku_cli_obstacle()) {
        Ok(None) if session.tools.has(Tool::Heroku) => good(name, "can be taken"),
        Ok(Some(obstacle)) => Check {
            name,
            state: State::Missing {
                todo: format!("use the route docker: {obstacle}"),
            },
        },
        Ok(None) | Err(_) => Check {
            name,
            state: State::Missing {
                todo: "it needs docker and the Heroku CLI".to_owned(),
            },
        },
    }
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

/// The login, and the app when one is named.
fn account(session: &Session) -> Vec<Check> {
    let reach = || -> Result<Vec<Check>> {
        let endpoints = session.endpoints()?;
        let credentials = session.credentials(&endpoints)?;
        let api = session.api(&endpoints, &credentials)?;
        let account = api.account()?;
        let mut checks = vec![good(
            "login",
            format!("{} by {}", account.email, credentials.source),
        )];
        if let Some(wish) = &session.settings.wishes.app {
            checks.push(match api.app(&wish.value) {
                Err(error) => bad("app", &error),
                Ok(app) if !app.takes_images() => bad(
                    "app",
                    &Error::user(
                        "deploy/wrong-stack",
                        format!("{} is not on the stack container", app.name),
                        format!("`nixdyno deploy -a {} --set-stack` moves it", app.name),
                    ),
                ),
                Ok(app) => good("app", format!("{} takes images", app.name)),
            });
        }
        Ok(checks)
    };
    reach().unwrap_or_else(|error| vec![bad("login", &error)])
}
