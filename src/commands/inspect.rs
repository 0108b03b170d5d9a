//! `nixdyno inspect`: one screen on what would be deployed, and why.

use std::process::ExitCode;

use crate::error::Result;
use crate::inspect::{Candidate, Declared, Pin, Program, Project, Verdict, Warning};
use crate::names::ProcessType;
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
    let mut lines = vec![ui.bold(&headline(project))];
    for (index, candidate) in project.candidates.iter().enumerate() {
        let chosen = index == 0 && project.verdict == Verdict::Deploy;
        let mark = if chosen { "→" } else { " " };
        lines.push(format!("{mark} {}", describe(ui, candidate)));
        lines.extend(
            candidate
                .reasons
                .iter()
                .map(|reason| format!("    {reason}")),
        );
    }
    let mut section = |title: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(ui.bold(title));
            lines.extend(rows);
        }
    };
    section("Processes", processes(ui, project));
    section("Pinned", pins(ui, project));
    section("To watch", warnings(project));
    lines.push(match &project.evaluated_by {
        Some(version) => format!("Evaluated by {version}"),
        None => "Read without evaluating".to_owned(),
    });
    lines.join("\n")
}

fn processes(ui: &Ui, project: &Project) -> Vec<String> {
    let row = |(name, command): (&ProcessType, &Declared)| {
        format!(
            "  {}: {} ({})",
            ui.name(name.as_str()),
            command.value,
            command.source
        )
    };
    project.processes.iter().map(row).collect()
}

fn pins(ui: &Ui, project: &Project) -> Vec<String> {
    let row = |pin: &Pin| {
        let revision = pin
            .revision
            .as_deref()
            .or(pin.nar_hash.as_deref())
            .unwrap_or("no revision");
        format!(
            "  {}: {} {revision} ({})",
            ui.name(&pin.name),
            pin.kind,
            pin.source
        )
    };
    project.pins.iter().map(row).collect()
}

fn warnings(project: &Project) -> Vec<String> {
    let rows = |warning: &Warning| {
        let place = warning
            .source
            .as_ref()
            .map(|source| format!(" ({source})"))
            .unwrap_or_default();
        let mut rows = vec![format!("  {}{place} [{}]", warning.what, warning.id)];
        rows.extend(warning.detail.iter().map(|words| format!("    | {words}")));
        rows.push(format!("    do: {}", warning.todo));
        rows
    };
    project.warnings.iter().flat_map(rows).collect()
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
        Program::Unknown { because, .. } => format!("program unknown: {because}"),
    };
    let package = candidate
        .package
        .as_deref()
        .map(|name| format!(" {name},"))
        .unwrap_or_default();
    format!("{}:{package} {program}", ui.name(&attribute))
}
