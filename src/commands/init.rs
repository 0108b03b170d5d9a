//! `nixdyno init`: looks at a project, asks what can't be known, and writes the files of its first deploy.

mod look;
mod prepare;

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::{Cli, InitArgs};
use crate::error::{Error, Kind, Result};
use crate::init::{self, Facts, Wizard};
use crate::plan;
use crate::render::{self, State, What};
use crate::settings::Environment;
use crate::shell::interrupt;
use crate::ui::{self, Answer, Question, Reply, fit};

use super::Session;
use super::inspect::stops;
use prepare::Prepared;

/// What a question can mend, and so is no reason to end before the first one.
const MENDABLE: &[&str] = &[
    "plan/ambiguous",
    "plan/nixery-lacks",
    "plan/no-nixpkgs",
    "plan/no-program",
    "plan/no-revision",
    "plan/no-such-process",
    "plan/unknown",
];

/// Names an environment as `--env` does.
const ENV_VARIABLE: &str = "NIXDYNO_ENV";

/// One run: what was typed is needed twice, for the answers and for the files.
struct Init<'a> {
    session: &'a Session,
    cli: &'a Cli,
    env: &'a Environment,
}

/// Refuses words that can't be honoured, before anything is read.
///
/// Errors: `init/one-file`, `init/unasked`.
pub(super) fn refuse(cli: &Cli, env: &Environment) -> Result<()> {
    one_file(cli, env)?;
    no_answers_unseen(cli, env)
}

pub(super) fn run(
    session: &Session,
    cli: &Cli,
    env: &Environment,
    args: &InitArgs,
) -> Result<ExitCode> {
    wizard(session, cli, env, args).inspect_err(|error| {
        // All files are written at once, and at the very end.
        if error.kind() == Kind::Interrupted {
            session.ui.note("nothing was written");
        }
    })
}

fn wizard(session: &Session, cli: &Cli, env: &Environment, args: &InitArgs) -> Result<ExitCode> {
    let init = Init { session, cli, env };
    let mut wizard = Wizard::new(init.facts(args)?);
    if session.settings.headless {
        // What was typed is refused where it was typed.
        plan::plan(&wizard.facts().project, &wizard.facts().wishes)?;
        let prepared = init.prepare(&wizard)?;
        return init.finish(&wizard, &prepared);
    }
    check_hopeless(wizard.facts())?;
    let detail = |text: &str| session.ui.detail(text);
    detail("Enter takes what is marked, Escape goes back, Ctrl-C writes nothing.");
    loop {
        init::ask(
            &mut wizard,
            session.ask.as_ref(),
            &|attribute| init.look(attribute),
            &|error| session.ui.error(error),
        )?;
        let prepared = match init.prepare(&wizard) {
            // Another answer may mend it.
            Err(error) if error.kind() == Kind::User && wizard.back() => {
                session.ui.error(&error);
                continue;
            }
            prepared => prepared?,
        };
        match init.agreed(&prepared)? {
            Some(true) => return init.finish(&wizard, &prepared),
            Some(false) => {
                session.ui.answer("nothing was written");
                return Ok(super::no());
            }
            None => {
                wizard.back();
            }
        }
    }
}

/// On a terminal questions are expected, and none is asked where standard output is one document.
fn no_answers_unseen(cli: &Cli, env: &Environment) -> Result<()> {
    let common = &cli.common;
    if !common.json || common.yes || common.no_input || common.dry_run || !env.has_terminal {
        return Ok(());
    }
    let what = "`--json` asks nothing, and would write without a question";
    let todo = "say that it may: `nixdyno init --json --no-input`, or `--yes`";
    Err(Error::usage("init/unasked", what, todo)
        .or("see what would be written: `nixdyno init --json --dry-run`"))
}

/// Refuses to answer for a file that `nixdyno` alone doesn't read, or for a part of it. It needs no file to be read.
fn one_file(cli: &Cli, env: &Environment) -> Result<()> {
    let (flag, why) = if cli.common.config.is_some() {
        (
            "--config",
            "other commands read nixdyno.toml by themselves, and no other file",
        )
    } else {
        let flag = if cli.common.named_env.is_some() {
            "--env"
        } else if env.get(ENV_VARIABLE).is_some() {
            ENV_VARIABLE
        } else {
            return Ok(());
        };
        (
            flag,
            "the keys of one environment are yours to write, below `[env.NAME]`",
        )
    };
    let what = format!("`nixdyno init` writes nixdyno.toml as a whole, and `{flag}` can't count");
    let todo = format!("leave out `{flag}`");
    Err(Error::usage("init/one-file", what, todo).because(why))
}

/// Ends before the first question where no answer can help.
fn check_hopeless(facts: &Facts) -> Result<()> {
    match plan::plan(&facts.project, &facts.wishes) {
        Err(error) if !MENDABLE.contains(&error.id()) => Err(error),
        _ => Ok(()),
    }
}

impl Init<'_> {
    /// Shows what would change, and asks; nothing for Escape.
    fn agreed(&self, prepared: &Prepared) -> Result<Option<bool>> {
        if prepared.drift.is_empty() || self.session.settings.dry_run {
            return Ok(Some(true));
        }
        self.warn(prepared);
        self.show(prepared);
        let theirs: Vec<String> = prepared
            .drift
            .iter()
            .filter(|(what, state, _)| *what != What::Config && *state == State::Foreign)
            .map(|(what, _, _)| what.path().display().to_string())
            .collect();
        let count = prepared.drift.len();
        let question = Question {
            text: match count {
                1 => "Write this file?".to_owned(),
                _ => format!("Write these {count} files?"),
            },
            why: match theirs.as_slice() {
                [] => "all of them or none".to_owned(),
                _ => format!(
                    "{}: not written by nixdyno, would be changed",
                    theirs.join(", ")
                ),
            },
            flag: "--yes".to_owned(),
            kind: ui::Kind::YesNo {
                default: theirs.is_empty(),
            },
        };
        Ok(match self.session.ask.ask(&question)? {
            Reply::Back => None,
            Reply::Answer(answer) => Some(answer == Answer::YesNo(true)),
        })
    }

    /// What the plan warns of, before anything is written.
    fn warn(&self, prepared: &Prepared) {
        for warning in &prepared.plan.warnings {
            self.session.ui.warn(warning);
        }
    }

    /// Each file that would be written, as a diff.
    fn show(&self, prepared: &Prepared) {
        for (what, state, diff) in &prepared.drift {
            let word = match state {
                State::Missing => "is new",
                _ => "changes",
            };
            let topic = self
                .session
                .ui
                .topic(&format!("{} {word}", what.path().display()));
            self.session.ui.diff(diff);
            topic.done();
        }
    }

    fn finish(&self, wizard: &Wizard, prepared: &Prepared) -> Result<ExitCode> {
        let session = self.session;
        let settings = &session.settings;
        interrupt::check()?;
        if settings.dry_run {
            return self.dry_run(wizard, prepared);
        }
        if settings.headless {
            self.warn(prepared);
            self.show(prepared);
        }
        self.check_overwrite(prepared)?;
        let outcomes = render::write(&settings.dir, &prepared.bundle, &prepared.seen, true)?;
        session.ui.json(&json!({
            "decided": init::decided(wizard),
            "files": outcomes,
            "next": self.next(wizard),
        }))?;
        if prepared.drift.is_empty() {
            session
                .ui
                .answer("nothing to change: every file is as it would be written");
        }
        for outcome in outcomes.iter().filter(|it| it.written) {
            session.ui.answer(format!("wrote {}", outcome.path));
        }
        self.left_over(prepared);
        session.ui.answer(format!("Next: {}", self.next(wizard)));
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses to change a file that is there, where nobody was asked: `--yes` can't mean what nobody has seen. Of nixdyno.toml only the values change that
    /// somebody just gave.
    fn check_overwrite(&self, prepared: &Prepared) -> Result<()> {
        let settings = &self.session.settings;
        let in_the_way = |(what, state, _): &&(What, State, String)| {
            *what != What::Config && *state != State::Missing
        };
        let rows = prepared.drift.iter().filter(in_the_way);
        let paths: Vec<&str> = rows.filter_map(|it| it.0.path().to_str()).collect();
        if paths.is_empty() || !settings.headless {
            return Ok(());
        }
        let what = format!(
            "{}: there, and not as it would be written",
            paths.join(", ")
        );
        let todo =
            "move it away, then run the same command again; `--yes` writes over no file either";
        let error = Error::user("init/would-overwrite", what, todo)
            .or("see the difference and be asked: `nixdyno init` on a terminal, without `--yes`")
            .or("write over it, by what nixdyno.toml says: `nixdyno generate --yes`");
        Err(if paths.contains(&"Dockerfile") {
            error.or("build with the Dockerfile as it is: `nixdyno init --dockerfile Dockerfile`")
        } else {
            error
        })
    }

    /// Flags that have no key: they are in the head of the files only.
    fn left_over(&self, prepared: &Prepared) {
        let again = &prepared.plan.again;
        if !again.is_empty() {
            let words = again.join(" ");
            let note = format!(
                "not in nixdyno.toml, say it at each command: {}",
                fit(&words)
            );
            self.session.ui.note(&note);
        }
    }

    /// Shows what would be written; what would be refused is refused too.
    fn dry_run(&self, wizard: &Wizard, prepared: &Prepared) -> Result<ExitCode> {
        let session = self.session;
        let settings = &session.settings;
        self.warn(prepared);
        self.check_overwrite(prepared)?;
        let outcomes = render::would_write(&settings.dir, &prepared.bundle, &prepared.seen, true)?;
        let rows = outcomes.iter().map(|it| {
            let mut drift = prepared.drift.iter();
            let diff = drift.find(|(what, _, _)| what.path().display().to_string() == it.path);
            let diff = diff.map_or(Value::Null, |(_, _, diff)| json!(diff));
            json!({"path": it.path, "before": it.before, "would_write": it.written, "diff": diff})
        });
        session.ui.json(&json!({
            "decided": init::decided(wizard),
            "files": rows.collect::<Vec<_>>(),
            "next": self.next(wizard),
        }))?;
        for (what, _, diff) in &prepared.drift {
            session
                .ui
                .answer(format!("would write {}", what.path().display()));
            for line in diff.lines() {
                session.ui.answer(line);
            }
        }
        if prepared.drift.is_empty() {
            session
                .ui
                .answer("nothing to change: every file is as it would be written");
        }
        session.ui.answer(format!("Next: {}", self.next(wizard)));
        Ok(ExitCode::SUCCESS)
    }

    fn next(&self, wizard: &Wizard) -> String {
        let next = init::next(wizard, &self.session.settings.dir);
        match stops(&wizard.facts().project) {
            0 => next,
            _ => format!("mend what `nixdyno inspect` says first, then {next}"),
        }
    }
}
