//! `nixdyno inspect`: one screen on what would be deployed, and why.

use std::process::ExitCode;

use crate::error::Result;
use crate::inspect::{
    Candidate, CandidateKind, Declared, Need, NeedId, Pin, Program, Project, Source, Verdict,
    Warning,
};
use crate::names::{AttrPath, ProcessType};
use crate::ui::Ui;

use super::Session;

/// One screen: reasons of the chosen one, and lines for the others.
const MOST_REASONS: usize = 6;
const MOST_OTHERS: usize = 8;

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
    let chosen = usize::from(project.verdict == Verdict::Deploy);
    for candidate in project.candidates.iter().take(chosen) {
        lines.push(format!("→ {}", describe(ui, candidate)));
        lines.extend(reasons(candidate));
    }
    let mut section = |title: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(ui.bold(title));
            lines.extend(rows);
        }
    };
    let (stops, advice): (Vec<&Warning>, Vec<&Warning>) =
        project.warnings.iter().partition(|warning| warning.blocks);
    section("To mend first", warnings(&stops));
    section("Needs", needs(project));
    let seen = if chosen == 1 { "Also seen" } else { "Seen" };
    section(seen, others(ui, project, chosen));
    section("Processes", processes(ui, project));
    section("To watch", warnings(&advice));
    section("Pinned", pins(ui, project));
    lines.push(match &project.evaluated_by {
        Some(version) => format!("Evaluated by {version}"),
        None => "Read without evaluating".to_owned(),
    });
    lines.extend(next(project));
    lines.join("\n")
}

/// The weightiest reasons, in the order they were found.
fn reasons(candidate: &Candidate) -> Vec<String> {
    let evidence = &candidate.evidence;
    let mut order: Vec<usize> = (0..evidence.len()).collect();
    order.sort_by_key(|at| evidence.get(*at).map_or(0, |it| -it.points.abs()));
    order.truncate(MOST_REASONS);
    order.sort_unstable();
    let chosen = order.into_iter().filter_map(|at| evidence.get(at));
    chosen
        .map(|it| match &it.source {
            Some(source) => format!("    {} ({source})", it.what),
            None => format!("    {}", it.what),
        })
        .collect()
}

/// One line for each of the others, best first.
fn others(ui: &Ui, project: &Project, chosen: usize) -> Vec<String> {
    let others = project.candidates.iter().skip(chosen);
    let all = project.candidates.len() - chosen.min(project.candidates.len());
    let mut rows: Vec<String> = others
        .take(MOST_OTHERS)
        .map(|it| format!("  {}", describe(ui, it)))
        .collect();
    if all > MOST_OTHERS {
        rows.push(format!(
            "  and {} more: --json lists them",
            all - MOST_OTHERS
        ));
    }
    rows
}

fn needs(project: &Project) -> Vec<String> {
    let row = |need: &Need| {
        let place = place(need.source.as_ref());
        [
            format!("  {}{place}", need.what),
            format!("    do: {}", need.todo),
        ]
    };
    project.needs.iter().flat_map(row).collect()
}

fn place(source: Option<&Source>) -> String {
    source
        .map(|source| format!(" ({source})"))
        .unwrap_or_default()
}

fn processes(ui: &Ui, project: &Project) -> Vec<String> {
    let row = |(name, command): (&ProcessType, &Declared)| {
        let of = command.attribute.as_ref();
        let of = of
            .map(|attribute| format!(", of {attribute}"))
            .unwrap_or_default();
        let name = ui.name(name.as_str());
        format!("  {name}: {}{of} ({})", command.value, command.source)
    };
    project.processes.iter().map(row).collect()
}

fn pins(ui: &Ui, project: &Project) -> Vec<String> {
    let row = |pin: &Pin| {
        let revision = pin
            .revision
            .as_deref()
            .map(|revision| revision.get(..12).unwrap_or(revision))
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

fn warnings(found: &[&Warning]) -> Vec<String> {
    let rows = |warning: &Warning| {
        let place = place(warning.source.as_ref());
        let mut rows = vec![format!("  {}{place} [{}]", warning.what, warning.id)];
        rows.extend(warning.detail.iter().map(|words| format!("    | {words}")));
        rows.push(format!("    do: {}", warning.todo));
        rows
    };
    found.iter().flat_map(|it| rows(it)).collect()
}

fn headline(project: &Project) -> String {
    let name = &project.name;
    match project.verdict {
        Verdict::Deploy => match stops(project) {
            0 => format!("{name}: ready to deploy"),
            1 => format!("{name}: chosen, but one thing is to mend first"),
            many => format!("{name}: chosen, but {many} things are to mend first"),
        },
        Verdict::Ask => {
            format!(
                "{name}: {} attributes are as good; one must be chosen",
                project.rivals().len()
            )
        }
        Verdict::Nothing => format!("{name}: nothing to deploy"),
        Verdict::Broken => format!("{name}: Nix would refuse this project"),
        Verdict::Unknown => format!("{name}: reading the files is not enough to tell; use --attr"),
    }
}

/// `packages.x86_64-linux.default: server, runs api serve (Cargo.toml:12)`
/// How many things keep the chosen one from being deployed as it is.
fn stops(project: &Project) -> usize {
    let stops = [NeedId::StartCommand, NeedId::StaticServer];
    let needs = project.needs.iter().filter(|need| stops.contains(&need.id));
    let image = project
        .candidates
        .first()
        .is_some_and(|it| it.kind == CandidateKind::Image);
    project.warnings.iter().filter(|it| it.blocks).count() + needs.count() + usize::from(image)
}

/// What a person would do after reading the answer.
fn next(project: &Project) -> Option<String> {
    let second = project
        .candidates
        .get(1)
        .filter(|it| !it.attribute.is_root());
    let other = second.map(|it| format!("; another one: `--attr {}`", short(&it.attribute)));
    let other = other.unwrap_or_default();
    match project.verdict {
        Verdict::Deploy if stops(project) == 0 => {
            Some(format!("Next: `nixdyno deploy --app NAME --create`{other}"))
        }
        Verdict::Ask => {
            let first = project.candidates.first()?;
            Some(format!(
                "Next: choose, for example `nixdyno inspect --attr {}`",
                short(&first.attribute)
            ))
        }
        _ => None,
    }
}

/// The shortest way to name an attribute: `server` for `packages.x86_64-linux.server`.
fn short(attribute: &AttrPath) -> String {
    match attribute.names() {
        [first, _, last] if first == "packages" => AttrPath::new([last.as_str()]).to_string(),
        _ => attribute.to_string(),
    }
}

fn describe(ui: &Ui, candidate: &Candidate) -> String {
    let attribute = if candidate.attribute.is_root() {
        "default.nix".to_owned()
    } else {
        candidate.attribute.to_string()
    };
    let kind = match candidate.kind {
        CandidateKind::Unknown => String::new(),
        kind => format!(" {},", kind.name()),
    };
    let program = match &candidate.program {
        Program::Known { name, source } => {
            let words = std::iter::once(name).chain(&candidate.arguments);
            let words: Vec<&str> = words.map(String::as_str).collect();
            format!("runs {} ({source})", words.join(" "))
        }
        Program::Unknown { because, .. } => format!("program unknown: {because}"),
    };
    format!("{}:{kind} {program}", ui.name(&attribute))
}
