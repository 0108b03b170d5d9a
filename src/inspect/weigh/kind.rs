//! What a candidate is for: the kind with the most evidence.

use super::super::candidates::source;
use super::super::manifests::Manifest;
use super::super::procfile;
use super::super::project::{CandidateKind, Declared, Ecosystem, Source};
use super::super::read::Makes;
use super::super::sources::{Address, Listen, Port, Role, Seen, Sources};
use super::words::{DOCS, FRAMEWORKS, GENERATORS, INTERPRETERS, SERVERS, TOOLS, WORDS, WORKERS};
use super::{Judge, Judged};
use crate::files::file_name;
use CandidateKind::{Client, Docs, Library, Script, Server, StaticSite, Worker};

/// Less than this says nothing.
const ENOUGH: i32 = 20;

/// What was collected.
#[derive(Default)]
struct Votes(Vec<(CandidateKind, i32, String, Option<Source>)>);

impl Votes {
    fn add(
        &mut self,
        kind: CandidateKind,
        points: i32,
        what: impl Into<String>,
        source: Option<Source>,
    ) {
        self.0.push((kind, points, what.into(), source));
    }

    fn seen(&mut self, kind: CandidateKind, points: i32, seen: Option<&Seen>) {
        if let Some(seen) = seen {
            let source = Source::file(seen.path.clone(), seen.line);
            self.add(
                kind,
                points,
                format!("its sources show `{}`", seen.what),
                Some(source),
            );
        }
    }

    fn sum(&self, kind: CandidateKind) -> i32 {
        let points = self
            .0
            .iter()
            .filter(|vote| vote.0 == kind)
            .map(|vote| vote.1);
        points.sum()
    }
}

impl Judge<'_> {
    /// Decides the kind, and notes what speaks for it.
    pub(super) fn kind(&self, judged: &mut Judged) {
        let ecosystem = judged.draft.candidate.ecosystem;
        if let Some(folder) = sources_folder(judged) {
            judged.sources = self.scan(&folder, &judged.others, ecosystem);
        }
        let mut votes = Votes::default();
        let own = judged
            .entry
            .as_ref()
            .map(|entry| self.scan(entry, &[], ecosystem));
        match own {
            Some(own) => by_sources(&mut votes, &own, 1),
            None => by_sources(&mut votes, &judged.sources, 1),
        }
        // What it shares with its neighbours says less.
        if judged.entry.is_some() && votes.0.is_empty() {
            let share = if judged.others.is_empty() { 1 } else { 2 };
            by_sources(&mut votes, &judged.sources, share);
        }
        // A member of a workspace has its own dependencies.
        let own =
            |it: &&Manifest| judged.entry.is_none() || it.path.parent() == judged.entry.as_deref();
        let mut manifests: Vec<&Manifest> = judged.manifests.iter().filter(own).collect();
        if manifests.is_empty() {
            manifests = judged.manifests.iter().collect();
        }
        for manifest in &manifests {
            by_manifest(&mut votes, manifest, manifests.len() == 1);
        }
        by_name(&mut votes, judged);
        self.by_processes(&mut votes, judged);
        self.by_services(&mut votes, judged);
        by_command(&mut votes, judged);
        by_tools(&mut votes, judged);
        if let Some(package) = &judged.draft.package {
            by_builder(&mut votes, package.builder.makes);
        }
        decide(judged, votes);
    }

    /// What systemd starts runs for long.
    fn by_services(&self, votes: &mut Votes, judged: &Judged) {
        let program = judged.draft.candidate.program.name();
        let mut services = self.around.services.iter();
        if let Some(service) =
            services.find(|it| Some(it.program.as_str()) == program && !it.foreign && !it.oneshot)
        {
            let what = format!("the service `{}` keeps it running", service.name);
            votes.add(Worker, 30, what, Some(source(&service.place)));
        }
    }

    fn by_processes(&self, votes: &mut Votes, judged: &mut Judged) {
        let Some(program) = judged.draft.candidate.program.name().map(str::to_owned) else {
            return;
        };
        for (process, declared) in self.around.processes {
            if procfile::program_of(&declared.value)
                .word
                .rsplit('/')
                .next()
                != Some(program.as_str())
            {
                continue;
            }
            if process.is_web() {
                judged.web = true;
                vote_for(votes, Server, 60, "web", declared);
            } else if !process.is_release() {
                vote_for(votes, Worker, 45, process.as_str(), declared);
            }
        }
    }
}

fn by_sources(votes: &mut Votes, sources: &Sources, share: i32) {
    // A program of commands that listens for itself alone awaits an answer of a browser, at a sign-in.
    let commands = sources
        .roles
        .iter()
        .find(|(_, role)| **role == Role::Commands);
    let own = |it: &Listen| it.address == Address::Local && matches!(it.port, Port::Fixed(_));
    let mut share = share;
    if let Some((path, _)) = commands
        && !sources.listens.is_empty()
        && sources.listens.iter().all(own)
    {
        share *= 2;
        let what = "it takes commands, and listens for itself alone";
        votes.add(Client, 40, what, Some(Source::file(path.clone(), None)));
    }
    votes.seen(Server, 60 / share, sources.serves.as_ref());
    votes.seen(Worker, 40 / share, sources.works.as_ref());
    votes.seen(Client, 20 / share, sources.commands.as_ref());
}

/// Whether a name has a word by which servers are called.
pub(super) fn is_called_server(name: &str) -> bool {
    let mut rows = WORDS.iter().filter(|(kind, ..)| *kind == Server);
    rows.any(|(_, _, words)| has_word(name, words))
}

fn vote_for(
    votes: &mut Votes,
    kind: CandidateKind,
    points: i32,
    process: &str,
    declared: &Declared,
) {
    let what = format!("the process `{process}` starts it");
    votes.add(kind, points, what, Some(declared.source.clone()));
}

/// Where the program's sources lie: its own entry, or the folder that the package is built from.
fn sources_folder(judged: &Judged) -> Option<std::path::PathBuf> {
    let whole = judged.draft.candidate.folder.clone().or_else(|| {
        let first = judged.manifests.first()?;
        first.path.parent().map(std::path::Path::to_owned)
    });
    match &judged.entry {
        // A crate or package of its own knows all; a mere file (`src/bin/x.rs`) shares the rest.
        Some(entry)
            if judged
                .manifests
                .iter()
                .any(|it| it.path.parent() == Some(entry)) =>
        {
            Some(entry.clone())
        }
        _ => whole,
    }
}

fn by_manifest(votes: &mut Votes, manifest: &Manifest, only: bool) {
    let source = |line| Some(Source::file(manifest.path.clone(), line));
    let needs = |is: &dyn Fn(&str) -> bool| manifest.dependencies.iter().find(|name| is(name));
    if let Some(name) = needs(&|name| is_framework(manifest.ecosystem, name)) {
        let points = if only { 30 } else { 10 };
        votes.add(
            Server,
            points,
            format!("it depends on `{name}`"),
            source(None),
        );
    }
    if let Some(name) = needs(&|name| WORKERS.contains(&name)) {
        votes.add(Worker, 30, format!("it depends on `{name}`"), source(None));
    }
    if let Some(name) = needs(&|name| GENERATORS.contains(&name)) {
        let what = format!("it depends on `{name}`, which makes sites");
        votes.add(Client, 40, what, source(None));
    }
    if !manifest.programs.is_empty() {
        return;
    }
    if let Some(site) = &manifest.builds_site {
        let what = format!("`{}` makes a site of it", site.value);
        votes.add(StaticSite, 50, what, source(Some(site.line)));
    } else if manifest.is_library && only {
        votes.add(Library, 40, "its manifest calls it a library", source(None));
    }
}

fn is_framework(ecosystem: Ecosystem, name: &str) -> bool {
    let rows = FRAMEWORKS.iter().filter(|row| row.0 == ecosystem);
    let mut known = rows.flat_map(|row| row.1);
    known.any(|known| match known.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name.eq_ignore_ascii_case(known),
    })
}

fn by_name(votes: &mut Votes, judged: &Judged) {
    let candidate = &judged.draft.candidate;
    let last = candidate.attribute.names().last();
    let names = [
        last.filter(|last| *last != "default").map(String::as_str),
        candidate.package.as_deref(),
        candidate.program.name(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    if candidate.program.name().is_none()
        && let Some(name) = names.iter().find(|name| has_word(name, DOCS))
    {
        votes.add(Docs, 60, format!("it is called `{name}`"), None);
        return;
    }
    // What a name ends with is what the thing is: `docs-api` is an API.
    let ends = |name: &&&str| {
        name.rsplit(['-', '_', '.'])
            .next()
            .unwrap_or(name)
            .to_lowercase()
    };
    let by_end = WORDS.iter().find_map(|(kind, points, words)| {
        let name = names
            .iter()
            .find(|name| words.contains(&ends(name).as_str()))?;
        Some((*kind, *points, *name))
    });
    let by_any = || {
        WORDS.iter().find_map(|(kind, points, words)| {
            let name = names.iter().find(|name| has_word(name, words))?;
            Some((*kind, *points, *name))
        })
    };
    if let Some((kind, points, name)) = by_end.or_else(by_any) {
        votes.add(kind, points, format!("it is called `{name}`"), None);
        return;
    }
    // `atticd` of `attic`: a trailing d is a daemon's.
    if let Some(program) = candidate.program.name()
        && let Some(stem) = program.strip_suffix('d')
        && candidate.package.as_deref() == Some(stem)
    {
        votes.add(
            Server,
            15,
            format!("`{program}` is called like a daemon"),
            None,
        );
    }
}

/// Whether one of the words stands in a name.
fn has_word(name: &str, words: &[&str]) -> bool {
    let lower = name.to_lowercase();
    lower
        .split(['-', '_', '.'])
        .any(|word| words.contains(&word))
}

/// What a script runs in the end.
fn by_command(votes: &mut Votes, judged: &Judged) {
    let Some(package) = &judged.draft.package else {
        return;
    };
    let Some((words, place)) = &package.command else {
        return;
    };
    let first = words.first().map_or("", String::as_str);
    let first = file_name(first);
    let module = words.iter().any(|word| word == "http.server");
    if SERVERS.contains(&first) || module {
        votes.add(
            Server,
            50,
            format!("it starts `{}`", words.join(" ")),
            Some(source(place)),
        );
    } else if words
        .iter()
        .any(|word| word.contains("$PORT") || word.contains("${PORT"))
    {
        votes.add(Server, 50, "it passes on `$PORT`", Some(source(place)));
    }
}

/// What is run to build it.
fn by_tools(votes: &mut Votes, judged: &Judged) {
    let Some(package) = &judged.draft.package else {
        return;
    };
    if !judged.programs.is_empty() {
        return;
    }
    for (kind, tools) in TOOLS {
        if let Some(tool) = package
            .tools
            .iter()
            .find(|tool| tools.contains(&tool.as_str()))
        {
            votes.add(
                *kind,
                50,
                format!("`{tool}` makes it"),
                package.place.as_ref().map(source),
            );
        }
    }
}

fn by_builder(votes: &mut Votes, makes: Makes) {
    match makes {
        Makes::Files => votes.add(StaticSite, 20, "it makes files, not programs", None),
        Makes::Docs => votes.add(Docs, 60, "it makes documentation", None),
        Makes::Check => votes.add(Script, 80, "it is a check", None),
        Makes::DevStack => votes.add(Script, 100, "it starts a stack for development", None),
        _ => {}
    }
}

/// `python3.13`: the name without its version.
fn is_interpreter(candidate: &super::super::project::Candidate) -> bool {
    let name = candidate.program.name().unwrap_or_default();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    INTERPRETERS.contains(&name)
}

fn decide(judged: &mut Judged, votes: Votes) {
    let kinds = [Server, Worker, StaticSite, Client, Script, Docs, Library];
    let mut best = (CandidateKind::Unknown, ENOUGH - 1);
    for kind in kinds {
        let sum = votes.sum(kind);
        if sum > best.1 {
            best = (kind, sum);
        }
    }
    // Who only makes an environment makes no server, whatever its libraries could be used for.
    let told = judged.draft.candidate.kind;
    let interpreter = judged.draft.package.is_none() && is_interpreter(&judged.draft.candidate);
    if interpreter {
        best = (CandidateKind::Environment, 0);
    } else if told != CandidateKind::Unknown {
        best = (told, 0);
    }
    judged.certainty = best.1;
    judged.draft.candidate.kind = best.0;
    for (kind, _, what, source) in votes.0 {
        let shown = if kind == best.0 {
            what
        } else {
            format!("{what} ({} rather)", kind.name())
        };
        judged.draft.candidate.because(0, shown, source);
    }
}
