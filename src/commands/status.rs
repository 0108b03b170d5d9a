//! `nixdyno status`: what runs now.

use std::process::ExitCode;

use serde_json::json;

use crate::error::Result;

use super::Session;

pub(super) fn run(session: &Session) -> Result<ExitCode> {
    let name = session.app()?;
    let endpoints = session.endpoints()?;
    let credentials = session.credentials(&endpoints)?;
    let api = session.api(&endpoints, &credentials)?;
    let app = api.app(name)?;
    let release = api.newest_release(name)?;
    let formation = api.formation(name)?;
    let dynos = api.dynos(name)?;
    let ui = &session.ui;
    ui.json(&json!({
        "app": app, "release": release, "formation": formation, "dynos": dynos,
    }))?;
    let url = app.web_url.as_ref().map_or("no URL", |url| url.as_str());
    ui.answer(ui.bold(name.as_str()).then(format!("  {url}")));
    ui.answer(format!(
        "stack    {}",
        app.stack.as_deref().unwrap_or("unknown")
    ));
    match &release {
        Some(release) => ui.answer(format!(
            "release  v{} {}: {}",
            release.version, release.status, release.description
        )),
        None => ui.answer("release  none yet: `nixdyno deploy`"),
    }
    for row in &formation {
        let size = row.size.as_deref().unwrap_or("");
        let process = ui.name(row.process.as_str());
        ui.answer(process.then(format!("  {} x {size}", row.quantity)));
    }
    for dyno in &dynos {
        ui.answer(format!(
            "  {} {} (v{})",
            dyno.name, dyno.state, dyno.release.version
        ));
    }
    Ok(ExitCode::SUCCESS)
}
