//! What the chosen candidate needs on a dyno, and what would keep it from serving there.
//!
//! Takes the judged candidate and the processes; gives needs and warnings, each with its place. Never: a
//! warning about what was not read.

mod command;
mod flags;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::needs;
use super::procfile;
use super::project::{CandidateKind, Declared, Ecosystem, Need, NeedId, Source, Warning};
use super::sources::{Address, Listen, Port, Seen};
use super::weigh::Judged;
use crate::names::ProcessType;
use command::Words;

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

/// Looks at the chosen candidate, and sets the folder it starts in: the one its files are in, before one that
/// was told.
pub(super) fn look(judged: &mut Judged, processes: &BTreeMap<ProcessType, Declared>) -> Report {
    let told = judged.draft.candidate.working_directory.take();
    judged.draft.candidate.working_directory = shipped(judged).or(told);
    let judged = &*judged;
    let mut report = Report::default();
    match judged.draft.candidate.kind {
        CandidateKind::Server => listening(&mut report, judged, processes),
        CandidateKind::StaticSite => static_site(&mut report, judged),
        _ => {}
    }
    licences(&mut report, judged);
    without_program(&mut report, judged, processes);
    development(&mut report, judged, processes);
    elixir(&mut report, judged, processes);
    config(&mut report, judged);
    working_directory(&mut report, judged);
    report
}

/// Where it listens: the router reaches `0.0.0.0:$PORT` and nothing else.
fn listening(report: &mut Report, judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) {
    let listens = &judged.sources.listens;
    let words = told(judged, processes);
    phoenix_server(report, judged, processes, &words);
    address(report, listens, &words);
    address_variable(report, listens, &words);
    let web = processes.get(&ProcessType::web());
    report.needs.extend(flags::address(judged, web, &words));
    if listens.is_empty() {
        by_command(report, judged, processes);
    }
    let variable = |it: &Listen| match &it.port {
        Port::Variable(name) => Some(name.clone()),
        _ => None,
    };
    let from_environment = listens
        .iter()
        .any(|it| variable(it).as_deref() == Some("PORT"));
    if from_environment || words.give_port() {
        return;
    }
    if let Some((name, it)) = listens.iter().find_map(|it| Some((variable(it)?, it))) {
        let value = if it.whole { "0.0.0.0:$PORT" } else { "$PORT" };
        report.needs.push(Need {
            id: NeedId::PortVariable,
            what: format!("the port comes from `{name}`, and Heroku sets `PORT`"),
            todo: format!(
                "nothing where nixdyno writes the command; in a Procfile, write `{name}={value}` before it"
            ),
            names: vec![name],
            value: Some(value.to_owned()),
            source: Some(place(&it.seen)),
        });
        return;
    }
    report.needs.extend(flags::port(judged, web, &words));
    let fixed = listens.iter().find_map(|it| match it.port {
        Port::Fixed(port) => Some((port, &it.seen)),
        _ => None,
    });
    if let (Some((port, seen)), true) = (fixed, listens.iter().all(|it| it.port != Port::Elsewhere))
    {
        let what = format!("the server listens on port {port}, whatever `$PORT` says");
        let todo = "listen on the port that the environment variable PORT gives";
        let warning = Warning::new("inspect/fixed-port", what, todo);
        report.warnings.push(warning.at(place(seen)));
    }
}

/// A Phoenix release listens only when a variable says so, which its script `server` does.
fn phoenix_server(
    report: &mut Report,
    judged: &Judged,
    processes: &BTreeMap<ProcessType, Declared>,
    words: &Words,
) {
    const NAME: &str = "PHX_SERVER";
    let web = processes.get(&ProcessType::web());
    let started = web.map(|it| procfile::program_of(&it.value).word);
    let own = judged.draft.candidate.program.name();
    let started = started.as_deref().or(own).unwrap_or_default();
    let by_script = started.rsplit('/').next() == Some("server");
    let mut variables = judged.sources.variables.iter();
    let Some(read) = variables.find(|it| it.name == NAME) else {
        return;
    };
    if by_script || words.set(NAME) || judged.draft.candidate.ecosystem != Some(Ecosystem::Elixir) {
        return;
    }
    report.needs.push(Need {
        id: NeedId::ServerVariable,
        what: format!("it answers HTTP only where `{NAME}` is set"),
        todo: format!(
            "nothing where nixdyno writes the command; in a Procfile, write `{NAME}=true` before it"
        ),
        names: vec![NAME.to_owned()],
        value: Some("true".to_owned()),
        source: Some(place(&read.seen)),
    });
}

/// The words that the program is started with, by whomever.
fn told(judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) -> Words {
    let mut words = Words::default();
    words.add(&judged.draft.candidate.arguments.join(" "));
    if let Some(web) = processes.get(&ProcessType::web()) {
        words.add(&web.value);
    }
    if let Some((command, _)) = judged
        .draft
        .package
        .as_ref()
        .and_then(|it| it.command.as_ref())
    {
        words.add(&command.join(" "));
    }
    words
}

/// The address comes from a variable: whatever its default is, `0.0.0.0` is right on a dyno.
fn address_variable(report: &mut Report, listens: &[Listen], words: &Words) {
    let named = |it: &Listen| it.address_variable.clone().filter(|name| !words.set(name));
    let Some((name, it)) = listens.iter().find_map(|it| Some((named(it)?, it))) else {
        return;
    };
    report.needs.push(Need {
        id: NeedId::AddressVariable,
        what: format!("the address comes from `{name}`, and must be 0.0.0.0 on a dyno"),
        todo: format!(
            "nothing where nixdyno writes the command; in a Procfile, write `{name}=0.0.0.0` before it"
        ),
        names: vec![name],
        value: Some("0.0.0.0".to_owned()),
        source: Some(place(&it.seen)),
    });
}

/// Where the sources don't say it: the words of the script, or of the Procfile.
fn by_command(report: &mut Report, judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) {
    let web = processes.get(&ProcessType::web());
    let web = web.map(|web| (web.value.clone(), web.source.clone()));
    let command = judged
        .draft
        .package
        .as_ref()
        .and_then(|it| it.command.as_ref());
    let command =
        command.map(|(words, at)| (words.join(" "), Source::file(at.path.clone(), at.line)));
    let Some((words, source)) = web.or(command) else {
        return;
    };
    let mut told = Words::default();
    told.add(&words);
    if let Some(word) = told.local().filter(|_| !told.open()) {
        let what = format!("the server is told to listen on this machine only: `{word}`");
        let todo = "write 0.0.0.0 in its place: Heroku's router comes from outside the dyno";
        report
            .warnings
            .push(Warning::new("inspect/localhost", what, todo).at(source));
    }
}

/// An address that the router can't reach, and that nothing changes at the start.
fn address(report: &mut Report, listens: &[Listen], words: &Words) {
    let local = listens.iter().all(|it| it.address == Address::Local);
    let (Some(first), true) = (listens.first(), local) else {
        return;
    };
    if words.open() {
        return;
    }
    let what = format!(
        "the server listens on this machine only: {}",
        first.seen.what
    );
    let todo = "listen on 0.0.0.0: Heroku's router comes from outside the dyno";
    let warning = Warning::new("inspect/localhost", what, todo);
    report.warnings.push(warning.at(place(&first.seen)));
}

fn static_site(report: &mut Report, judged: &Judged) {
    report.needs.push(Need {
        id: NeedId::StaticServer,
        what: "the package is files for a browser: something must serve them".to_owned(),
        // Offered, and not done: which server, and with which headers, is the owner's to say.
        todo: "deploy a package that serves it, SITE being this one: `pkgs.writeShellScriptBin \"web\" \"exec \
               ${pkgs.static-web-server}/bin/static-web-server --port $PORT --root ${SITE}\"`"
            .to_owned(),
        names: Vec::new(),
        value: None,
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

/// The interpreter of an ecosystem whose packages are texts.
fn runtime(ecosystem: Option<Ecosystem>) -> Option<&'static str> {
    match ecosystem? {
        Ecosystem::Node => Some("node"),
        Ecosystem::Python => Some("python"),
        Ecosystem::Ruby => Some("ruby"),
        Ecosystem::Php => Some("php"),
        _ => None,
    }
}

/// Whether it is known that a package holds no program of its own.
pub(super) fn is_without_program(judged: &Judged) -> bool {
    let candidate = &judged.draft.candidate;
    let environment = candidate.kind == CandidateKind::Environment;
    runtime(candidate.ecosystem).is_some()
        && (!judged.manifests.is_empty() || environment)
        && judged.programs.is_empty()
        && candidate.program.name().is_none()
        && candidate.kind != CandidateKind::StaticSite
}

fn without_program(
    report: &mut Report,
    judged: &Judged,
    processes: &BTreeMap<ProcessType, Declared>,
) {
    let candidate = &judged.draft.candidate;
    let (Some(runtime), true) = (runtime(candidate.ecosystem), is_without_program(judged)) else {
        return;
    };
    let source = Some(candidate.source.clone());
    let what = "the package holds no program of its own in bin/";
    let warning = Warning::new("inspect/no-program", what, program_for(judged, runtime));
    report.warnings.push(warning.at(candidate.source.clone()));
    report.needs.push(Need {
        id: NeedId::Runtime,
        what: format!("it is run by `{runtime}`, which must be in the package, too"),
        todo: format!(
            "start it through a wrapper in $out/bin that names `${{pkgs.…}}/bin/{runtime}`"
        ),
        names: vec![runtime.to_owned()],
        value: None,
        source: source.clone(),
    });
    let started = processes
        .values()
        .any(|it| it.attribute.is_none() && !it.missing);
    if started {
        return;
    }
    let what = if processes.is_empty() {
        "nothing says how it is started"
    } else {
        "what its processes start is not in the package"
    };
    let start = judged.manifests.iter().find_map(|it| it.start.as_ref());
    let line = start.map_or_else(|| format!("{runtime} …"), |said| said.value.clone());
    report.needs.push(Need {
        id: NeedId::StartCommand,
        what: what.to_owned(),
        todo: format!(
            "give the package a program that runs `{line}`, and start that: `web: PROGRAM`"
        ),
        names: Vec::new(),
        value: None,
        source,
    });
}

/// How a package of this kind gets a program.
fn program_for(judged: &Judged, runtime: &str) -> String {
    let wrapper = "makeWrapper ${pkgs.…}/bin";
    match judged.draft.candidate.ecosystem {
        Some(Ecosystem::Node) => {
            "name the file that starts it under `bin` in package.json".to_owned()
        }
        Some(Ecosystem::Python) => {
            "name a function that starts it under `[project.scripts]` in pyproject.toml".to_owned()
        }
        _ => format!(
            "make one: `postInstall = \"{wrapper}/{runtime} $out/bin/web --add-flags FILE\"`"
        ),
    }
}

fn development(report: &mut Report, judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) {
    let todo =
        "start it by a server made for production: such a one is slow, and may show its insides";
    let mut warn = |name: &str, source: Source| {
        let what = format!("`{name}` is a development server");
        let warning = Warning::new("inspect/dev-server", what, todo);
        report.warnings.push(warning.at(source));
    };
    let web = processes.get(&ProcessType::web());
    let command = judged
        .draft
        .package
        .as_ref()
        .and_then(|it| it.command.as_ref());
    let command = command.filter(|_| judged.draft.candidate.kind == CandidateKind::Server);
    if let Some((web, name)) = web.and_then(|web| Some((web, procfile::development(&web.value)?))) {
        // The Procfile's own reader has told of its lines.
        if !matches!(&web.source, Source::File { path, .. } if path == Path::new(procfile::NAME)) {
            warn(&name, web.source.clone());
        }
    } else if let Some((name, at)) =
        command.and_then(|(words, at)| Some((procfile::development(&words.join(" "))?, at)))
    {
        warn(&name, Source::file(at.path.clone(), at.line));
    } else if let (Some(seen), None) = (&judged.sources.development, web) {
        warn(&seen.what, place(seen));
    }
}

/// A release of Elixir prints its help when it is started without a word. Where a process starts it with one all
/// is well; where none does, it is worth to know, and stops nothing.
fn elixir(report: &mut Report, judged: &Judged, processes: &BTreeMap<ProcessType, Declared>) {
    let candidate = &judged.draft.candidate;
    let starts = candidate
        .arguments
        .first()
        .is_some_and(|word| word == "start");
    let is_release = |name: &str| Some(name) == candidate.program.name();
    let silent = processes.values().find(|it| {
        let found = procfile::program_of(&it.value);
        let name = found.word.rsplit('/').next().unwrap_or_default();
        is_release(name) && found.arguments.is_empty()
    });
    let mut said = processes.values().map(|it| procfile::program_of(&it.value));
    let said = said.any(|it| is_release(it.word.rsplit('/').next().unwrap_or_default()));
    let release = candidate.ecosystem == Some(Ecosystem::Elixir) && (starts || silent.is_some());
    if !release || said && silent.is_none() {
        return;
    }
    let name = candidate.program.name().unwrap_or("app");
    let what = format!(
        "an Elixir release does nothing without a command: it is started as `{name} start`"
    );
    let todo = format!("in a Procfile, write `web: {name} start`");
    let source = silent.map_or_else(|| candidate.source.clone(), |it| it.source.clone());
    let warning = Warning::new("inspect/phoenix-start", what, todo);
    report.warnings.push(warning.at(source));
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
        what: format!("it reads variables without a default: {}", names.join(", ")),
        todo: format!(
            "`heroku config:set {}`",
            example.collect::<Vec<_>>().join(" ")
        ),
        source: Some(place(&first.seen)),
        names,
        value: None,
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
    let todo = match shipped(judged) {
        Some(folder) => format!(
            "start it there, in the package's own folder: `cd /app/{}` before the command",
            folder.display()
        ),
        None => "install them with the package, and start it in their folder or give it their path"
            .to_owned(),
    };
    report.needs.push(Need {
        id: NeedId::WorkingDirectory,
        what: format!("it opens files by a relative path: {}", names.join(", ")),
        todo,
        names,
        value: None,
        source: Some(place(first)),
    });
}

/// The folder of the package in which the relative paths of its sources lead to files.
fn shipped(judged: &Judged) -> Option<PathBuf> {
    let package = judged.draft.package.as_ref()?;
    let mut found = judged.sources.relative.iter().filter_map(|seen| {
        let first = seen.what.trim_start_matches("./").split('/').next()?;
        let ships = package.ships.iter().find(|(what, _)| what == first)?;
        Some(ships.1.clone())
    });
    let folder = found.next()?;
    found.all(|other| other == folder).then_some(folder)
}

fn place(seen: &Seen) -> Source {
    Source::file(seen.path.clone(), seen.line)
}

#[cfg(test)]
mod tests;
