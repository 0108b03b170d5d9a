//! `nixdyno plan`: everything a deploy would do, and where each value comes from.

use std::process::ExitCode;

use crate::docker::asked_dockerfile;
use crate::error::Result;
use crate::ui::fit;

use super::Session;

pub(super) fn run(session: &mut Session) -> Result<ExitCode> {
    session.ask_nix()?;
    let project = session.project()?;
    let plan = crate::plan::plan(&project, &session.settings.wishes)?;
    // Better told now than by a build.
    crate::deploy::possible(&plan)?;
    if let Some(path) = &plan.dockerfile {
        asked_dockerfile(&session.settings.dir, path)?;
    }
    session.ui.json(&plan)?;
    let width = plan
        .choices
        .iter()
        .map(|choice| choice.key.len())
        .max()
        .unwrap_or(0);
    for choice in &plan.choices {
        let key = session.ui.name(&format!("{:width$}", choice.key));
        session
            .ui
            .answer(key.then(fit(&format!("  {}", choice.value))));
        session.ui.answer(fit(&format!(
            "{:width$}    from {}: {}",
            "", choice.source, choice.reason
        )));
    }
    for need in &plan.needs {
        let name = session.ui.name("needs");
        session
            .ui
            .answer(name.then(fit(&format!("  {}", need.what))));
        session
            .ui
            .answer(fit(&format!("{:7}do: {}", "", need.todo)));
    }
    for warning in &plan.warnings {
        session.ui.warn(warning);
    }
    Ok(ExitCode::SUCCESS)
}
