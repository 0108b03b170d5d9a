//! `nixdyno config`: each value in force, and where it comes from.

use std::process::ExitCode;

use serde_json::json;

use crate::error::Result;
use crate::settings::{Row, in_force};
use crate::ui::{Line, fit};

use super::Session;

pub(super) fn run(session: &Session) -> Result<ExitCode> {
    let settings = &session.settings;
    let rows = in_force(settings);
    let env = settings.named_env.as_ref().map(|wish| wish.value.as_str());
    let is_there = settings.config.is_file();
    session.ui.json(&json!({
        "file": is_there.then(|| settings.config.display().to_string()),
        "env": env,
        "values": rows,
    }))?;
    let head = match (is_there, env) {
        (true, Some(env)) => format!("{}, environment {env}", settings.config.display()),
        (true, None) => settings.config.display().to_string(),
        (false, _) => format!("{} is not there", settings.config.display()),
    };
    session.ui.answer(session.ui.bold(&fit(&head)));
    let wide = rows.iter().map(|row| row.key.len().min(40)).max();
    for row in &rows {
        session
            .ui
            .answer(shown(session, row, wide.unwrap_or_default()));
    }
    let rest = "nixdyno plan says what becomes of the rest";
    session.ui.answer(rest);
    Ok(ExitCode::SUCCESS)
}

fn shown(session: &Session, row: &Row, wide: usize) -> Line {
    let space = " ".repeat(wide.saturating_sub(row.key.len()) + 2);
    let name = session.ui.name(&fit(&row.key));
    let rest = match (&row.value, &row.source) {
        (Some(value), Some(source)) => format!("{} ({source})", fit(value)),
        _ => format!("- ({})", row.otherwise),
    };
    Line::from("  ").then(name).then(space).then(rest)
}
