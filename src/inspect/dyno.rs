//! What the chosen candidate needs on a dyno, and what would keep it from serving there.
//!
//! Takes the judged candidate and the processes; gives needs and warnings, each with its place. Never: a
//! warning about what was not read.

use std::collections::BTreeMap;

use super::needs;
use super::project::{CandidateKind, Declared, Ecosystem, Need, NeedId, Program, Source, Warning};
use super::sources::{Address, Listen, Port, Seen};
use super::weigh::Judged;
use crate::names::ProcessType;

/// Variables that every dyno or every program has.
const GIVEN: &[&str] = &[
    "PORT", "HOME", "PATH", "PWD", "USER", "SHELL", "LANG", "TERM", "TMPDIR", "DYNO", "TZ",
];

/// What to need and to watch.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) needs: Vec<Need>,
    pub(super) warnings: Vec<Warning>,
}

/// Looks at the chosen candidate.
pub(super) fn look(judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) -> Report {
    let mut report = Report::default();
    match judged.draft.candidate.kind {
        CandidateKind::Server => listening(&mut report, judged, processes),
        CandidateKind::StaticSite => static_site(&mut report, judged),
        _ => {}
    }
    licences(&mut report, judged);
    without_program(&mut report, judged, processes);
    development(&mut report, judged);
    elixir(&mut report, judged);
    config(&mut report, judged);
    working_directory(&mut report, judged);
    report
}

/// Where it listens: the router reaches `0.0.0.0:$PORT` and nothing else.
fn listening(report: &mut Report, judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) {
    let listens = &judged.sources.listens;
    let told = |what: &str| {
        let mut words = judged.draft.candidate.arguments.iter().map(String::as_str);
        let web = processes.get(&ProcessType::web());
        words.any(|word| word.contains(what)) || web.is_some_and(|web| web.value.contains(what))
    };
    if let Some(first) = listens.first()
        && listens.iter().all(|it| it.address == Address::Local)
    {
        let what = format!(
            "the server listens on this machine only: {}",
            first.seen.what
        );
        let todo = "listen on 0.0.0.0: Heroku's router comes from outside the dyno";
        report
            .warnings
            .push(Warning::new("inspect/localhost", what, todo).at(place(&first.seen)));
    }
    let variable = |it: &Listen| match &it.port {
        Port::Variable(name) => Some(name.clone()),
        _ => None,
    };
    let from_environment = listens
        .iter()
        .any(|it| variable(it).as_deref() == Some("PORT"));
    if from_environment || told("$PORT") {
        return;
    }
    if let Some((name, seen)) = listens
        .iter()
        .find_map(|it| Some((variable(it)?, &it.seen)))
    {
        report.needs.push(Need {
            id: NeedId::PortVariable,
            what: format!("the port comes from `{name}`, and Heroku sets `PORT`"),
            todo: format!("start it with `{name}=$PORT` before the command, or read `PORT`"),
            names: vec![name],
            source: Some(place(seen)),
        });
        return;
    }
    let fixed = listens.iter().find_map(|it| match it.port {
        Port::Fixed(port) => Some((port, &it.seen)),
        _ => None,
    });
    if let (Some((port, seen)), true) = (fixed, listens.iter().all(|it| it.port != Port::Elsewhere))
    {
        let what = format!("the server listens on port {port}, whatever `$PORT` says");
        let todo = "listen on the port that the environment variable PORT gives";
        report
            .warnings
            .push(Warning::new("inspect/fixed-port", what, todo).at(place(seen)));
    }
}

fn static_site(report: &mut Report, judged: &Judged) {
    report.needs.push(Need {
        id: NeedId::StaticServer,
        what: "the package is files for a browser: something must serve them".to_owned(),
        todo: "add a program that does, such as `pkgs.static-web-server`, with `--port $PORT`"
            .to_owned(),
        names: Vec::new(),
        source: Some(judged.draft.candidate.source.clone()),
    });
}

/// What Nix refuses to build unless it is told to.
fn licences(report: &mut Report, judged: &Judged) {
    let Some(facts) = &judged.draft.facts else {
        return;
    };
    let candidate = &judged.draft.candidate;
    let name = candidate.package.clone().unwrap_or_default();
    for (is, id) in [
        (facts.unfree, NeedId::Unfree),
        (facts.insecure, NeedId::Insecure),
    ] {
        if is {
            report
                .needs
                .push(needs::need(id, &name, candidate.source.clone()));
        }
    }
    for (is, word) in [
        (facts.broken, "broken"),
        (facts.unsupported, "unsupported on x86_64-linux"),
    ] {
        if is {
            let what = format!("nixpkgs calls the package {word}, and refuses to build it");
            let todo = "mend `meta` of the package, or take another release of nixpkgs";
            let warning = Warning::new("inspect/marked-broken", what, todo);
            report.warnings.push(warning.at(candidate.source.clone()));
        }
    }
}

/// A package that is known to hold no program of its own.
fn without_program(
    report: &mut Report,
    judged: &Judged,
    processes: &BTreeMap<ProcessType, Declared>,
) {
    let candidate = &judged.draft.candidate;
    let runtime = match candidate.ecosystem {
        Some(Ecosystem::Node) => "node",
        Some(Ecosystem::Python) => "python",
        Some(Ecosystem::Ruby) => "ruby",
        Some(Ecosystem::Php) => "php",
        _ => return,
    };
    let environment = candidate.kind == CandidateKind::Environment;
    let known = !judged.manifests.is_empty() || environment;
    let none = judged.programs.is_empty() && matches!(candidate.program, Program::Unknown { .. });
    if !known || !none || candidate.kind == CandidateKind::StaticSite {
        return;
    }
    let source = Some(candidate.source.clone());
    let what = "the package holds no program of its own";
    let todo = format!("say what starts it: a Procfile line `web: {runtime} …`");
    report
        .warnings
        .push(Warning::new("inspect/no-program", what, &todo).at(candidate.source.clone()));
    report.needs.push(Need {
        id: NeedId::Runtime,
        what: format!("it runs by `{runtime}`"),
        todo: format!("make `{runtime}` part of the package, by a wrapper in $out/bin"),
        names: vec![runtime.to_owned()],
        source: source.clone(),
    });
    if processes.is_empty() {
        report.needs.push(Need {
            id: NeedId::StartCommand,
            what: "nothing says how it is started".to_owned(),
            todo,
            names: Vec::new(),
            source,
        });
    }
}

fn development(report: &mut Report, judged: &Judged) {
    if let Some(seen) = &judged.sources.development {
        let what = format!("`{}` is a development server", seen.what);
        let todo = "start it by a server made for production: such a one is slow, and may show its insides";
        report
            .warnings
            .push(Warning::new("inspect/dev-server", what, todo).at(place(seen)));
    }
}

/// A release of Elixir prints its help when it is started without a word.
fn elixir(report: &mut Report, judged: &Judged) {
    let candidate = &judged.draft.candidate;
    let starts = candidate
        .arguments
        .first()
        .is_some_and(|word| word == "start");
    if candidate.ecosystem == Some(Ecosystem::Elixir) && starts {
        let name = candidate.program.name().unwrap_or("app");
        let what = format!(
            "an Elixir release does nothing without a command: it is started as `{name} start`"
        );
        let todo = format!("in a Procfile, write `web: {name} start`");
        report
            .warnings
            .push(Warning::new("inspect/phoenix-start", what, todo).at(candidate.source.clone()));
    }
}

/// Variables that must be set before it starts.
fn config(report: &mut Report, judged: &Judged) {
    let is_port = |name: &str| {
        let ports = report
            .needs
            .iter()
            .filter(|need| need.id == NeedId::PortVariable);
        ports.flat_map(|need| &need.names).any(|port| port == name)
    };
    let missing = judged
        .sources
        .variables
        .iter()
        .filter(|it| it.required && !GIVEN.contains(&it.name.as_str()) && !is_port(&it.name));
    let missing: Vec<_> = missing.collect();
    let Some(first) = missing.first() else { return };
    let names: Vec<String> = missing.iter().map(|it| it.name.clone()).collect();
    let example = names.iter().map(|name| format!("{name}=…"));
    report.needs.push(Need {
        id: NeedId::Config,
        what: format!("it ends without: {}", names.join(", ")),
        todo: format!(
            "set them: `heroku config:set {}`",
            example.collect::<Vec<_>>().join(" ")
        ),
        source: Some(place(&first.seen)),
        names,
    });
}

fn working_directory(report: &mut Report, judged: &Judged) {
    let relative = &judged.sources.relative;
    let Some(first) = relative.first() else {
        return;
    };
    let mut names: Vec<String> = relative.iter().map(|seen| seen.what.clone()).collect();
    names.sort();
    names.dedup();
    report.needs.push(Need {
        id: NeedId::WorkingDirectory,
        what: format!("it opens files by a relative path: {}", names.join(", ")),
        todo: "install them with the package, and start it in their folder or give it their path"
            .to_owned(),
        names,
        source: Some(place(first)),
    });
}

fn place(seen: &Seen) -> Source {
    Source::file(seen.path.clone(), seen.line)
}
