//! `nixdyno plan`: everything a deploy would do, and where each value comes from.

use std::process::ExitCode;

use crate::error::Result;

use super::Session;

pub(super) fn run(session: &Session) -> Result<ExitCode> {
    let project = session.project()?;
    let plan = crate::plan::plan(&project, &session.settings.wishes)?;
    session.ui.json(&plan)?;
    let width = plan
        .choices
        .iter()
        .map(|choice| choice.key.len())
        .max()
        .unwrap_or(0);
    let lines = plan.choices.iter().map(|choice| {
        let key = session.ui.name(&format!("{:width$}", choice.key));
        format!(
            "{key}  {}\n{:width$}    from {}: {}",
            choice.value, "", choice.source, choice.reason
        )
    });
    let mut lines: Vec<String> = lines.collect();
    for need in &plan.needs {
        lines.push(format!("{}  {}", session.ui.name("needs"), need.what));
        lines.push(format!("{:7}do: {}", "", need.todo));
    }
    session.ui.answer(&lines.join("\n"));
    for warning in &plan.warnings {
        session.ui.warn(warning);
    }
    Ok(ExitCode::SUCCESS)
}
