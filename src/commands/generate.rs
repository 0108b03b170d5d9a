//! `nixdyno generate`: writes the files, or checks that they are what would be written.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::GenerateArgs;
use crate::error::Result;
use crate::render::{Bundle, State, drift, render, would_write, write};

use super::Session;

pub(super) fn run(session: &Session, args: &GenerateArgs) -> Result<ExitCode> {
    super::no_own_dockerfile(session, "what is written is nixdyno's own Dockerfile")?;
    let plan = session.plan()?;
    let bundle = render(&plan)?.only(&args.what);
    if args.stdout {
        return print(session, &bundle);
    }
    if args.check {
        return check(session, &bundle);
    }
    let dir = &session.settings.dir;
    if session.settings.dry_run {
        return dry_run(session, &bundle);
    }
    let overwrite = session.settings.yes || agreed(session, &bundle)?;
    let outcomes = write(dir, &bundle, overwrite)?;
    session.ui.json(&json!({ "files": outcomes }))?;
    for outcome in &outcomes {
        let word = if outcome.written {
            "wrote"
        } else {
            "unchanged:"
        };
        session.ui.answer(format!("{word} {}", outcome.path));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a person agrees to what would be overwritten; without a terminal `write` itself refuses.
fn agreed(session: &Session, bundle: &Bundle) -> Result<bool> {
    let in_the_way: Vec<_> = drift(&session.settings.dir, bundle)?
        .into_iter()
        .filter(|(_, state, _)| *state != State::Missing)
        .collect();
    if in_the_way.is_empty() || session.settings.headless {
        return Ok(false);
    }
    for (what, _, diff) in &in_the_way {
        session
            .ui
            .note(&format!("{} would change:", what.path().display()));
        for line in diff.lines() {
            session.ui.detail(line);
        }
    }
    session.ask.confirm("Write over them?", "--yes")
}

fn print(session: &Session, bundle: &Bundle) -> Result<ExitCode> {
    let files: serde_json::Map<_, _> = bundle
        .files()
        .map(|(what, text)| (what.path().display().to_string(), json!(text)))
        .collect();
    session.ui.json(&json!({ "files": files }))?;
    let several = bundle.files().count() > 1;
    for (what, text) in bundle.files() {
        if several {
            let title = format!("==> {} <==", what.path().display());
            session.ui.answer(session.ui.bold(&title));
        }
        session.ui.file(text);
    }
    Ok(ExitCode::SUCCESS)
}

fn check(session: &Session, bundle: &Bundle) -> Result<ExitCode> {
    let drifted = drift(&session.settings.dir, bundle)?;
    let rows: Vec<_> = drifted
        .iter()
        .map(|(what, state, diff)| json!({"path": what.path(), "state": state, "diff": diff}))
        .collect();
    session.ui.json(&json!({ "drift": rows }))?;
    for (what, state, diff) in &drifted {
        let word = if *state == State::Missing {
            "is missing"
        } else {
            "differs"
        };
        session
            .ui
            .answer(format!("{} {word}", what.path().display()));
        for line in diff.lines() {
            session.ui.answer(line);
        }
    }
    if drifted.is_empty() {
        session.ui.answer("every file is what would be written");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(super::no())
}

/// A dry run of what would be refused is refused too; where a person would be asked it says so.
fn dry_run(session: &Session, bundle: &Bundle) -> Result<ExitCode> {
    let may = session.settings.yes || !session.settings.headless;
    let outcomes = would_write(&session.settings.dir, bundle, may)?;
    let written: Vec<_> = outcomes.iter().filter(|it| it.written).collect();
    let paths: Vec<&str> = written.iter().map(|it| it.path.as_str()).collect();
    session.ui.json(&json!({ "would_write": paths }))?;
    for outcome in written {
        let asked = outcome.before != State::Missing && !session.settings.yes;
        let words = if asked {
            "would ask before it writes over"
        } else {
            "would write"
        };
        session.ui.answer(format!("{words} {}", outcome.path));
    }
    Ok(ExitCode::SUCCESS)
}
