//! `nixdyno inspect`: one screen on what would be deployed, and why.

use std::path::Path;
use std::process::ExitCode;

use crate::error::Result;
use crate::inspect::{
    Candidate, CandidateKind, Declared, Need, NeedId, Pin, Program, Project, Source, Verdict,
    Warning,
};
use crate::names::{AttrPath, ProcessType};
use crate::shell::quote;
use crate::ui::{Line, Ui, fit, short};

use super::Session;

/// One screen: reasons of the chosen one, and lines for the others.
const MOST_REASONS: usize = 6;
const MOST_OTHERS: usize = 8;
/// Entries of every other section.
const MOST_ROWS: usize = 20;

pub(super) fn run(session: &Session) -> Result<ExitCode> {
    let named = session
        .settings
        .attribute
        .as_ref()
        .map(|wish| wish.value.clone());
    let project = session.inspect(named)?;
    session.ui.json(&project)?;
    for line in report(&session.ui, &session.settings.dir, &project) {
        session.ui.answer(line);
    }
    Ok(if project.verdict == Verdict::Deploy {
        ExitCode::SUCCESS
    } else {
        super::no()
    })
}

fn report(ui: &Ui, dir: &Path, project: &Project) -> Vec<Line> {
    let mut lines = vec![ui.bold(&fit(&headline(project)))];
    let chosen = usize::from(project.verdict == Verdict::Deploy);
    for candidate in project.candidates.iter().take(chosen) {
        lines.push(Line::from("→ ").then(describe(ui, project, candidate)));
        lines.extend(reasons(candidate));
    }
    let mut section = |title: &str, rows: Vec<Line>| {
        if !rows.is_empty() {
            lines.push(ui.bold(title));
            lines.extend(rows);
        }
    };
    let advice: Vec<&Warning> = project.warnings.iter().filter(|it| !it.blocks).collect();
    let stops = obstacles(project);
    let in_the_way = |it: &&Need| project.verdict == Verdict::Deploy && stops_a_deploy(it);
    let needs: Vec<&Need> = project.needs.iter().filter(|it| !in_the_way(it)).collect();
    let others = project.candidates.get(chosen..).unwrap_or_default();
    let others = rows(others, MOST_OTHERS, |it| {
        vec![Line::from("  ").then(describe(ui, project, it))]
    });
    let processes: Vec<_> = project.processes.iter().collect();
    let processes = rows(&processes, MOST_ROWS, |it| process(ui, *it));
    section("To mend first", rows(&stops, MOST_ROWS, Obstacle::lines));
    section("Needs", rows(&needs, MOST_ROWS, |it| need(it)));
    section(if chosen == 1 { "Also seen" } else { "Seen" }, others);
    section("Processes", processes);
    section("To watch", rows(&advice, MOST_ROWS, |it| warning(it)));
    section("Pinned", rows(&project.pins, MOST_ROWS, |it| pin(ui, it)));
    lines.push(match &project.evaluated_by {
        Some(version) => fit(&format!("Evaluated by {version}")).into(),
        None => "Read without evaluating".into(),
    });
    lines.extend(next(dir, project).map(|line| fit(&line).into()));
    lines
}

/// The lines of the first entries; the others are counted.
fn rows<T>(all: &[T], most: usize, lines: impl Fn(&T) -> Vec<Line>) -> Vec<Line> {
    let mut rows: Vec<Line> = all.iter().take(most).flat_map(lines).collect();
    if all.len() > most {
        let more = all.len() - most;
        rows.push(format!("  and {more} more: --json lists them").into());
    }
    rows
}

/// The weightiest reasons, in the order they were found.
fn reasons(candidate: &Candidate) -> Vec<Line> {
    let evidence = &candidate.evidence;
    let mut order: Vec<usize> = (0..evidence.len()).collect();
    order.sort_by_key(|at| evidence.get(*at).map_or(0, |it| -it.points.abs()));
    order.truncate(MOST_REASONS);
    order.sort_unstable();
    let chosen = order.into_iter().filter_map(|at| evidence.get(at));
    let texts = chosen.map(|it| format!("    {}{}", it.what, place(it.source.as_ref())));
    texts.map(|it| fit(&it).into()).collect()
}

fn need(need: &Need) -> Vec<Line> {
    let place = place(need.source.as_ref());
    vec![
        fit(&format!("  {}{place}", need.what)).into(),
        fit(&format!("    do: {}", need.todo)).into(),
    ]
}

fn place(source: Option<&Source>) -> String {
    source
        .map(|source| format!(" ({source})"))
        .unwrap_or_default()
}

fn process(ui: &Ui, (name, command): (&ProcessType, &Declared)) -> Vec<Line> {
    let of = command.attribute.as_ref();
    let of = of
        .map(|attribute| format!(", of {attribute}"))
        .unwrap_or_default();
    let rest = format!(": {}{of} ({})", command.value, command.source);
    let name = ui.name(&short(name.as_str()));
    vec![Line::from("  ").then(name).then(fit(&rest))]
}

fn pin(ui: &Ui, pin: &Pin) -> Vec<Line> {
    let revision = pin
        .revision
        .as_deref()
        .map(|revision| revision.get(..12).unwrap_or(revision))
        .or(pin.nar_hash.as_deref())
        .unwrap_or("no revision");
    let rest = format!(
        ": {} {} ({})",
        short(&pin.kind),
        short(revision),
        pin.source
    );
    let name = ui.name(&short(&pin.name));
    vec![Line::from("  ").then(name).then(fit(&rest))]
}

fn warning(warning: &Warning) -> Vec<Line> {
    let place = place(warning.source.as_ref());
    let mut lines = vec![Line::from(format!(
        "  {}{place} [{}]",
        fit(&warning.what),
        warning.id
    ))];
    let words = warning.detail.iter().take(MOST_ROWS);
    lines.extend(words.map(|words| format!("    | {}", fit(words)).into()));
    lines.push(format!("    do: {}", fit(&warning.todo)).into());
    lines
}

pub(super) fn headline(project: &Project) -> String {
    let name = short(&project.name);
    match project.verdict {
        Verdict::Deploy => match stops(project) {
            0 if is_client(project) => {
                format!("{name}: all it has is a client; on a dyno it would start and end")
            }
            0 => format!("{name}: ready to deploy"),
            1 => format!("{name}: chosen, but one thing is to mend first"),
            many => format!("{name}: chosen, but {many} things are to mend first"),
        },
        Verdict::Ask => {
            format!(
                "{name}: {} attributes are equally good; one must be chosen",
                project.rivals().len()
            )
        }
        Verdict::Nothing => format!("{name}: nothing to deploy"),
        Verdict::Broken => format!("{name}: Nix would refuse this project"),
        Verdict::Unknown => format!("{name}: reading the files is not enough to tell; use --attr"),
    }
}

/// Whether what would run as `web` is for people in a terminal, and nobody said that it shall.
fn is_client(project: &Project) -> bool {
    let first = project.candidates.first();
    let client = first.is_some_and(|it| it.kind == CandidateKind::Client && !is_asked(it));
    client && project.processes.is_empty()
}

/// How many things keep the chosen one from being deployed as it is.
pub(super) fn stops(project: &Project) -> usize {
    obstacles(project).len()
}

/// What must be mended before a deploy: each is a row of one section, and counts in the headline.
enum Obstacle<'a> {
    Warning(&'a Warning),
    Need(&'a Need),
    /// The chosen one is an image itself.
    Image,
}

impl Obstacle<'_> {
    fn lines(&self) -> Vec<Line> {
        match self {
            Obstacle::Warning(it) => warning(it),
            Obstacle::Need(it) => need(it),
            Obstacle::Image => vec![
                "  the package is an image for another place, and not the app itself".into(),
                "    do: give the package that the image is made of: `packages.x86_64-linux.default = …;`".into(),
            ],
        }
    }
}

fn obstacles(project: &Project) -> Vec<Obstacle<'_>> {
    let warnings = project.warnings.iter().filter(|it| it.blocks);
    let mut found: Vec<_> = warnings.map(Obstacle::Warning).collect();
    if project.verdict == Verdict::Deploy {
        let needs = project.needs.iter().filter(|it| stops_a_deploy(it));
        found.extend(needs.map(Obstacle::Need));
        let first = project.candidates.first();
        let image = first.is_some_and(|it| it.kind == CandidateKind::Image);
        found.extend(image.then_some(Obstacle::Image));
    }
    found
}

fn stops_a_deploy(need: &Need) -> bool {
    matches!(need.id, NeedId::StartCommand | NeedId::StaticServer)
}

/// What a person would do after reading the answer.
fn next(dir: &Path, project: &Project) -> Option<String> {
    let dir = dir.to_str().filter(|dir| *dir != ".");
    let dir = dir.map_or_else(String::new, |dir| format!(" {}", quote(dir)));
    let second = project
        .candidates
        .get(1)
        .filter(|it| !it.attribute.is_root());
    let other = second.map(|it| format!("; another one: `--attr {}`", shortest(&it.attribute)));
    let other = other.unwrap_or_default();
    // Nix would not look there by itself, and neither would the next command.
    let file = project.classic_file();
    let file = if file.is_default() {
        String::new()
    } else {
        format!(" --file {file}")
    };
    let first = project.candidates.first();
    let asked = first.filter(|it| is_asked(it));
    let asked = asked.map_or_else(String::new, |it| {
        format!(" --attr {}", quote(&shortest(&it.attribute)))
    });
    match project.verdict {
        Verdict::Deploy if stops(project) == 0 && is_client(project) => Some(format!(
            "Next: if it has a command that serves, say so in a Procfile: `web: NAME serve`{other}"
        )),
        Verdict::Deploy if stops(project) == 0 => Some(format!(
            "Next: `nixdyno deploy{dir}{file}{asked} --app NAME --create`{other}"
        )),
        Verdict::Ask => {
            let first = project.candidates.first()?;
            Some(format!(
                "Next: choose, for example `nixdyno inspect{dir}{file} --attr {}`",
                shortest(&first.attribute)
            ))
        }
        Verdict::Deploy => Some(format!(
            "Next: mend that, then `nixdyno inspect{dir}{file}{asked}` again"
        )),
        _ => None,
    }
}

/// Whether it is first because `--attr` names it.
fn is_asked(candidate: &Candidate) -> bool {
    let by_flag =
        |it: &Option<Source>| matches!(it, Some(Source::Flag { name }) if name == "--attr");
    candidate.evidence.iter().any(|it| by_flag(&it.source)) && !candidate.attribute.is_root()
}

/// The shortest way to name an attribute: `server` for `packages.x86_64-linux.server`.
fn shortest(attribute: &AttrPath) -> String {
    match attribute.names() {
        [first, _, last] if first == "packages" => AttrPath::new([last.as_str()]).to_string(),
        _ => attribute.to_string(),
    }
}

/// `packages.x86_64-linux.default: server, runs api serve (Cargo.toml:12)`
pub(super) fn describe(ui: &Ui, project: &Project, candidate: &Candidate) -> Line {
    let attribute = project.shown(candidate.from, &candidate.attribute);
    let kind = match candidate.kind {
        CandidateKind::Unknown => String::new(),
        kind => format!(" {},", kind.name()),
    };
    let program = match &candidate.program {
        Program::Known { name, source } => {
            let words = std::iter::once(name).chain(&candidate.arguments);
            let words: Vec<&str> = words.map(String::as_str).collect();
            format!("runs {} ({source})", short(&words.join(" ")))
        }
        Program::Unknown { because, .. } => format!("program unknown: {because}"),
    };
    ui.name(&short(&attribute))
        .then(fit(&format!(":{kind} {program}")))
}
