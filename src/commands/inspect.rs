//! `nixdyno inspect`: one screen on what would be deployed, and why.

use std::fmt::Write;
use std::process::ExitCode;

use crate::error::Result;
use crate::inspect::{Candidate, Program, Project, Verdict};
use crate::ui::Ui;

use super::Session;

pub(super) fn run(session: &Session) -> Result<ExitCode> {
    let named = session
        .settings
        .attribute
        .as_ref()
        .map(|wish| wish.value.clone());
    let project = session.inspect(named)?;
    session.ui.json(&project)?;
    session.ui.answer(&report(&session.ui, &project));
    Ok(if project.verdict == Verdict::Deploy {
        ExitCode::SUCCESS
    } else {
        super::no()
    })
}

fn report(ui: &Ui, project: &Project) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{words}");
    };
    line(&ui.bold(&headline(project)));
    for (index, candidate) in project.candidates.iter().enumerate() {
        let mark = if index == 0 && project.verdict == Verdict::Deploy {
            "→"
        } else {
            " "
        };
        line(&format!("{mark} {}", describe(ui, candidate)));
        for reason in &candidate.reasons {
            line(&format!("    {reason}"));
        }
    }
    if !project.processes.is_empty() {
        line(&ui.bold("Processes"));
    }
    for (name, command) in &project.processes {
        line(&format!(
            "  {}: {} ({})",
            ui.name(name.as_str()),
            command.value,
            command.source
        ));
    }
    if !project.pins.is_empty() {
        line(&ui.bold("Pinned"));
    }
    for pin in &project.pins {
        let revision = pin
            .revision
            .as_deref()
            .or(pin.nar_hash.as_deref())
            .unwrap_or("no revision");
        line(&format!(
            "  {}: {} {revision} ({})",
            ui.name(&pin.name),
            pin.kind,
            pin.source
        ));
    }
    if !project.warnings.is_empty() {
        line(&ui.bold("To watch"));
    }
    for warning in &project.warnings {
        let place = warning
            .source
            .as_ref()
            .map(|source| format!(" ({source})"))
            .unwrap_or_default();
        line(&format!("  {}{place} [{}]", warning.what, warning.id));
        line(&format!("    do: {}", warning.todo));
    }
    match &project.evaluated_by {
        Some(version) => line(&format!("Evaluated by {version}")),
        None => line("Read without evaluating"),
    }
    text
}

fn headline(project: &Project) -> String {
    let name = &project.name;
    match project.verdict {
        Verdict::Deploy => format!("{name}: ready to deploy"),
        Verdict::Ask => {
            format!(
                "{name}: {} attributes to choose from; use --attr",
                project.candidates.len()
            )
        }
        Verdict::Nothing => format!("{name}: nothing to deploy"),
        Verdict::Broken => format!("{name}: Nix would refuse this project"),
        Verdict::Unknown => format!("{name}: reading the files is not enough to tell; use --attr"),
    }
}

fn describe(ui: &Ui, candidate: &Candidate) -> String {
    let attribute = if candidate.attribute.is_root() {
        "default.nix".to_owned()
    } else {
        candidate.attribute.to_string()
    };
    let program = match &candidate.program {
        Program::Known { name, source } => format!("runs {name} ({source})"),
        Program::Unknown { because } => format!("program unknown: {because}"),
    };
    let package = candidate
        .package
        .as_deref()
        .map(|name| format!(" {name},"))
        .unwrap_or_default();
    format!("{}:{package} {program}", ui.name(&attribute))
}
