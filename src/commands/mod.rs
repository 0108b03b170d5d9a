//! One file a verb: glue between the command line and the rooms, without logic of its own.

mod base;
mod build;
mod cache;
mod config;
mod contents;
mod deploy;
mod doctor;
mod generate;
mod init;
mod inspect;
mod plan;
mod rollback;
mod session;
mod shell;
mod status;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::{Cli, Verb};
use crate::error::{Error, Kind, Result};
use crate::inspect::Source;
use crate::settings::{Environment, Settings};
use crate::shell::interrupt;
use crate::ui::{self, Level, Ui};

use session::Session;

/// Runs the words of a command line, the program's own name first, to its exit code.
pub fn main(words: &[OsString]) -> ExitCode {
    match usage::parsed(words) {
        Ok(cli) => run(&cli),
        Err(error) => usage::refused(error, words),
    }
}

/// Runs a command line to its exit code; every error is printed here.
fn run(cli: &Cli) -> ExitCode {
    let env = Environment::read();
    let level = if cli.common.quiet {
        Level::Quiet
    } else {
        Level::Normal
    };
    let ui = Ui::new(level, cli.common.json, cli.common.color, &env.color());
    let teller = ui.clone();
    let result = interrupt::install(move |error| {
        ui::restore();
        teller.error(error);
    })
    .and_then(|()| verb(cli, &env));
    let code = result.unwrap_or_else(|error| {
        ui.error(&error);
        ExitCode::from(error.kind().exit_code())
    });
    ui.end(code)
}

fn verb(cli: &Cli, env: &Environment) -> Result<ExitCode> {
    match &cli.verb {
        Verb::Completions { shell } => return shell::completions(*shell, &cli.common),
        Verb::Man(args) => return shell::man(args, &cli.common),
        Verb::Inspect(args) if args.schema => return Ok(shell::schema(crate::inspect::SCHEMA)),
        Verb::Config(args) if args.schema => return Ok(shell::schema(crate::settings::SCHEMA)),
        _ => {}
    }
    if matches!(cli.verb, Verb::Init(_)) {
        init::refuse(cli, env)?;
    }
    let settings = Settings::resolve(cli, env)?;
    let mut session = Session::new(settings, cli, env);
    match &cli.verb {
        Verb::Init(args) => init::run(&session, cli, env, args),
        Verb::Inspect(_) => inspect::run(&session),
        Verb::Plan(_) => plan::run(&mut session),
        Verb::Config(_) => config::run(&session),
        Verb::Generate(args) => generate::run(&session, args),
        Verb::Build(args) => build::run(&mut session, args),
        Verb::Contents(args) => contents::contents(&session, args),
        Verb::Why(args) => contents::why(&session, args),
        Verb::Deploy(args) => deploy::run(&mut session, args),
        Verb::Status(_) => status::run(&session),
        Verb::Rollback(args) => rollback::run(&session, args),
        Verb::Doctor(_) => doctor::run(&session),
        Verb::Base(args) => base::run(&session, &args.verb),
        Verb::Cache(args) => cache::run(&session, &args.verb),
        Verb::Completions { .. } | Verb::Man(_) => Ok(ExitCode::SUCCESS),
    }
}

/// A flag that a verb can't honour is refused, never ignored.
fn refuse_json(common: &crate::cli::Common, verb: &str) -> Result<()> {
    if common.json {
        return Err(Error::usage(
            "cli/no-json",
            format!("`nixdyno {verb}` has no JSON answer"),
            "leave out --json",
        ));
    }
    Ok(())
}

/// A verb that follows our Dockerfile has no use for another, which somebody just named.
fn no_own_dockerfile(session: &Session, why: &str) -> Result<()> {
    let Some(wish) = &session.settings.wishes.dockerfile else {
        return Ok(());
    };
    if matches!(wish.source, Source::Config { .. }) {
        return Ok(());
    }
    let what = format!(
        "no Dockerfile of the project counts here, and so not `{}`",
        wish.value
    );
    let error = Error::usage("cli/own-dockerfile", what, "leave out `--dockerfile`");
    Err(error.at(&wish.source).because(why))
}

/// Exit code 1 without an error, for an answer that is "no".
fn no() -> ExitCode {
    ExitCode::from(Kind::User.exit_code())
}
