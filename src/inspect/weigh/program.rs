//! Which program a candidate runs, and with which words.
//!
//! The evidence, strongest first: a service or an image that starts it, an app of the flake, the Procfile,
//! sources that answer HTTP where its neighbours don't, what the expression says outright
//! (`meta.mainProgram`), what a manifest says. One name of several that nothing sets apart is not known.

use std::path::{Path, PathBuf};

use super::super::candidates::source;
use super::super::manifests::{Manifest, Said};
use super::super::procfile;
use super::super::project::{Ecosystem, Program, Source};
use super::super::read::Makes;
use super::{Judge, Judged};
use crate::files::file_name;
use crate::names::ProcessType;

/// A program that the package holds.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) name: String,
    pub(super) source: Source,
    /// The file or folder of its own sources, if they can be told from those of its neighbours.
    pub(super) entry: Option<PathBuf>,
}

/// An answer, with its reason.
struct Choice {
    name: String,
    arguments: Vec<String>,
    source: Source,
    what: String,
}

impl Judge<'_> {
    /// Decides, and notes the reason.
    pub(super) fn program(&self, judged: &mut Judged) {
        let held = held(self, judged);
        let choice = self
            .by_procfile(judged, &held)
            .or_else(|| self.by_service(judged, &held))
            .or_else(|| self.by_image(judged))
            .or_else(|| self.by_app(judged))
            .or_else(|| self.by_sources(judged, &held))
            .or_else(|| said(judged))
            .or_else(|| by_default(judged, &held))
            .or_else(|| by_only(&held))
            .or_else(|| by_package(judged, &held))
            .or_else(|| by_name(judged, &held));
        let mut all = from_manifests(self, judged);
        // What a phase renames is another program's by name, and its sources may be this one's.
        if let Some(package) = &judged.draft.package {
            all.retain(|it| !package.removed.contains(&it.name));
        }
        let entry = choice
            .as_ref()
            .and_then(|choice| entry_of(&held, &choice.name));
        let name = choice.as_ref().map(|choice| choice.name.as_str());
        judged.others = others(&all, name, entry.as_deref());
        judged.programs = held.iter().map(|it| it.name.clone()).collect();
        judged.programs.sort();
        judged.draft.candidate.programs.clone_from(&judged.programs);
        judged.entry = entry;
        match choice {
            Some(choice) => take(judged, choice),
            None => unknown(judged, &held),
        }
        self.folder(judged);
    }

    /// The folder of the package in which the services start its program, where they agree.
    fn folder(&self, judged: &mut Judged) {
        let candidate = &mut judged.draft.candidate;
        let program = candidate.program.name();
        let services = self.around.services.iter();
        let mut about = services
            .filter(|it| !it.foreign && !it.oneshot && Some(it.program.as_str()) == program);
        let Some(first) = about.next() else { return };
        if let Some(folder) = &first.folder
            && about.all(|other| other.folder == first.folder)
        {
            let what = format!(
                "started in {} by the service `{}`",
                folder.display(),
                first.name
            );
            candidate.working_directory = Some(folder.clone());
            candidate.because(0, what, Some(source(&first.place)));
        }
    }

    /// A systemd service of the project's own NixOS module starts it.
    fn by_service(&self, judged: &Judged, held: &[Held]) -> Option<Choice> {
        let named = |name: &str| held.iter().any(|it| it.name == name);
        let package = judged.draft.candidate.package.as_deref();
        let last = judged.draft.candidate.attribute.names().last();
        let about = |service: &super::Service| {
            if service.foreign || service.oneshot {
                return false;
            }
            named(&service.program)
                || held.is_empty()
                    && (self.only
                        || package == Some(service.program.as_str())
                        || last.is_some_and(|last| *last == service.program))
        };
        let found: Vec<_> = self.around.services.iter().filter(|it| about(it)).collect();
        let (service, rest) = found.split_first()?;
        // Two that start one program with other words: which of them is the app isn't said.
        let alone = rest
            .iter()
            .all(|it| it.program == service.program && it.arguments == service.arguments);
        Some(Choice {
            name: service.program.clone(),
            arguments: if alone {
                service.arguments.clone()
            } else {
                Vec::new()
            },
            source: source(&service.place),
            what: format!(
                "the service `{}` starts `{}`",
                service.name, service.program
            ),
        })
    }

    /// An image of the project is made of it, and says what it starts.
    fn by_image(&self, judged: &Judged) -> Option<Choice> {
        let package = judged.draft.package.as_ref()?;
        let same = |other: &super::super::read::Package| {
            other.place.is_some() && other.place == package.place && other.name == package.name
        };
        let image = self
            .images
            .iter()
            .find(|image| image.package.contents.iter().any(same))?;
        let (words, place) = image.package.command.as_ref()?;
        let (name, arguments) = words.split_first()?;
        let image = image.package.name.as_deref().unwrap_or("image");
        Some(Choice {
            name: file_name(name).to_owned(),
            arguments: arguments.to_vec(),
            source: source(place),
            what: format!("the image `{image}` starts `{}`", words.join(" ")),
        })
    }

    /// `apps.SYSTEM.NAME` starts it.
    fn by_app(&self, judged: &Judged) -> Option<Choice> {
        let package = judged.draft.package.as_ref()?;
        let apps = self.around.apps.iter().filter(|app| {
            let same =
                |other: &super::super::read::Package| other.place.is_some() && other == package;
            app.package.as_ref().is_some_and(same)
        });
        let mut apps: Vec<_> = apps.filter(|app| app.program.is_some()).collect();
        apps.sort_by_key(|app| app.name != "default");
        let app = apps.first()?;
        let place = app.place.as_ref()?;
        Some(Choice {
            name: app.program.clone()?,
            arguments: Vec::new(),
            source: source(place),
            what: format!("the app `{}` of the flake starts it", app.name),
        })
    }

    /// The Procfile's `web` starts it.
    fn by_procfile(&self, judged: &Judged, held: &[Held]) -> Option<Choice> {
        let web = self.around.processes.get(&ProcessType::web())?;
        let started = procfile::program_of(&web.value);
        let name = file_name(&started.word);
        let said = judged.draft.candidate.program.name() == Some(name);
        let found = held.iter().find(|it| it.name == name);
        if started.runner.is_some() || found.is_none() && !said {
            return None;
        }
        Some(Choice {
            name: name.to_owned(),
            arguments: started.arguments,
            source: web.source.clone(),
            what: format!("`web` starts `{name}`"),
        })
    }

    /// Of several programs only one answers HTTP.
    fn by_sources(&self, judged: &Judged, held: &[Held]) -> Option<Choice> {
        let apart: Vec<&Held> = held.iter().filter(|it| it.entry.is_some()).collect();
        if held.len() < 2 || apart.len() < 2 {
            return None;
        }
        let ecosystem = judged.draft.candidate.ecosystem;
        let serving: Vec<_> = apart
            .into_iter()
            .filter_map(|it| {
                let serves = self.scan(it.entry.as_deref()?, &[], ecosystem).serves?;
                Some((it, serves))
            })
            .collect();
        let [(one, serves)] = serving.as_slice() else {
            return None;
        };
        Some(Choice {
            name: one.name.clone(),
            arguments: Vec::new(),
            source: one.source.clone(),
            what: format!(
                "of its {} programs `{}` answers HTTP ({}:{})",
                held.len(),
                one.name,
                serves.path.display(),
                serves.line
            ),
        })
    }
}

/// An image starts what its `Cmd` says.
pub(super) fn of_image(judged: &mut Judged) {
    let command = judged
        .draft
        .package
        .as_ref()
        .and_then(|it| it.command.clone());
    let Some((words, place)) = command else {
        return;
    };
    let Some((name, arguments)) = words.split_first() else {
        return;
    };
    take(
        judged,
        Choice {
            name: file_name(name).to_owned(),
            arguments: arguments.to_vec(),
            source: source(&place),
            what: format!("it starts `{}`", words.join(" ")),
        },
    );
}

/// What the package holds, by the expression first, by its manifests else.
fn held(judge: &Judge<'_>, judged: &mut Judged) -> Vec<Held> {
    let listed = from_manifests(judge, judged);
    let package = judged.draft.package.as_ref();
    let mut held: Vec<Held> = Vec::new();
    for (name, place) in package.iter().flat_map(|it| &it.installs) {
        let same = listed.iter().find(|other| other.name == *name);
        held.push(Held {
            name: name.clone(),
            source: source(place),
            entry: same.and_then(|other| other.entry.clone()),
        });
    }
    let all = package.is_some_and(|it| it.installs_all);
    let own = package.is_none_or(|it| it.builder.makes != Makes::Environment);
    if own && !all {
        // What a phase adds comes to what the builder installs by itself, but for what is taken away.
        let gone =
            |name: &str| package.is_some_and(|it| it.removed.iter().any(|gone| gone == name));
        let known = |name: &str| held.iter().any(|it| it.name == name);
        let more = listed
            .into_iter()
            .filter(|it| !gone(&it.name) && !known(&it.name));
        let more: Vec<Held> = more.collect();
        judged.complete = !more.is_empty();
        held.extend(more);
    }
    let script = package.is_some_and(|it| it.builder.ecosystem == Some(Ecosystem::Shell));
    judged.complete |= all || script;
    if let Program::Known { name, source } = &judged.draft.candidate.program
        && held.is_empty()
    {
        held.push(Held {
            name: name.clone(),
            source: source.clone(),
            entry: None,
        });
    }
    for it in held.iter_mut().filter(|it| it.entry.is_none()) {
        it.entry = member(judged, &it.name);
    }
    held
}

/// The member of a workspace that is called like the program, the package or the attribute.
fn member(judged: &Judged, program: &str) -> Option<PathBuf> {
    let candidate = &judged.draft.candidate;
    let last = candidate.attribute.names().last().map(String::as_str);
    let names = [Some(program), candidate.package.as_deref(), last];
    let is_called = |name: &str| names.contains(&Some(name));
    let members = judged
        .manifests
        .iter()
        .filter_map(|it| Some((it, it.path.parent()?)));
    let mut members = members.filter(|(_, folder)| !folder.as_os_str().is_empty());
    let found = members.find(|(manifest, folder)| {
        // `@scope/name` of npm.
        let name = manifest.name.as_ref().map(|said| file_name(&said.value));
        let folder = folder.file_name().and_then(|it| it.to_str());
        name.is_some_and(is_called) || folder.is_some_and(is_called)
    });
    found.map(|(_, folder)| folder.to_owned())
}

/// The programs that the manifests name, with the places of their sources.
fn from_manifests(judge: &Judge<'_>, judged: &Judged) -> Vec<Held> {
    let said = judged.manifests.iter().flat_map(|manifest| {
        let programs = manifest.programs.iter();
        programs.map(move |said| (manifest, said))
    });
    said.map(|(manifest, said)| Held {
        name: said.value.clone(),
        source: Source::file(said.path.clone(), said.line),
        entry: entry(judge, manifest, said),
    })
    .collect()
}

/// The file or folder that bears the program's name, or the folder of a manifest that has no other program.
fn entry(judge: &Judge<'_>, manifest: &Manifest, said: &Said) -> Option<PathBuf> {
    let folder = manifest.path.parent().unwrap_or(Path::new(""));
    let named = judge.named(folder).get(&plain(&said.value)).cloned();
    let alone = manifest.programs.len() == 1 && folder != Path::new("");
    named.or_else(|| alone.then(|| folder.to_owned()))
}

/// A name as files bear it: `my_app.rs` holds `my-app`.
fn plain(name: &str) -> String {
    name.replace('_', "-")
}

/// Source files below a folder, and the folders on the way to them, by their names without an ending.
pub(super) fn names_below(tree: &super::Tree, folder: &Path) -> Names {
    let mut names = Names::new();
    for file in tree.below(folder).filter(|file| is_source(file)) {
        let Ok(inside) = file.strip_prefix(folder) else {
            continue;
        };
        let mut path = folder.to_owned();
        for part in inside.components() {
            path.push(part);
            let stem = Path::new(part.as_os_str())
                .file_stem()
                .and_then(|it| it.to_str());
            if let Some(stem) = stem {
                names.entry(plain(stem)).or_insert_with(|| path.clone());
            }
        }
    }
    names
}

/// Paths by the plain name of their last part.
pub(super) type Names = std::collections::BTreeMap<String, PathBuf>;

/// Endings of files in which programs are written.
const SOURCES: &[&str] = &[
    "rs", "go", "py", "js", "mjs", "cjs", "ts", "hs", "ml", "ex", "exs", "cs", "fs", "rb", "scala",
    "java", "kt",
];

fn is_source(file: &Path) -> bool {
    let extension = file.extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| SOURCES.contains(&it))
}

fn entry_of(held: &[Held], name: &str) -> Option<PathBuf> {
    held.iter().find(|it| it.name == name)?.entry.clone()
}

/// The entries of the other programs: their sources are not this one's.
fn others(held: &[Held], name: Option<&str>, own: Option<&Path>) -> Vec<PathBuf> {
    let Some(name) = name else {
        return Vec::new();
    };
    let others = held.iter().filter(|it| it.name != name);
    let entries = others.filter_map(|it| it.entry.clone());
    entries.filter(|other| own != Some(other)).collect()
}

/// What the expression or Nix says outright.
fn said(judged: &Judged) -> Option<Choice> {
    let Program::Known { name, source } = &judged.draft.candidate.program else {
        return None;
    };
    Some(Choice {
        name: name.clone(),
        arguments: Vec::new(),
        source: source.clone(),
        what: format!("its program is `{name}`"),
    })
}

fn by_default(judged: &Judged, held: &[Held]) -> Option<Choice> {
    let defaults = judged
        .manifests
        .iter()
        .filter_map(|it| it.default_program.as_ref());
    let mut defaults = defaults.filter(|said| held.iter().any(|it| it.name == said.value));
    let said = defaults.next()?;
    Some(Choice {
        name: said.value.clone(),
        arguments: Vec::new(),
        source: Source::file(said.path.clone(), said.line),
        what: format!("`{}` is its manifest's default program", said.value),
    })
}

fn by_only(held: &[Held]) -> Option<Choice> {
    let [one] = held else { return None };
    Some(Choice {
        name: one.name.clone(),
        arguments: Vec::new(),
        source: one.source.clone(),
        what: format!("its only program is `{}`", one.name),
    })
}

/// The program of the package's own name, which `nix run` would start.
fn by_package(judged: &Judged, held: &[Held]) -> Option<Choice> {
    let named = judged.manifests.first().and_then(|it| it.name.as_ref());
    let said = judged.draft.candidate.package.as_deref();
    let package = said.or(named.map(|said| said.value.as_str()))?;
    let plain = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    let found = held.iter().find(|it| plain(&it.name) == plain(package))?;
    Some(Choice {
        name: found.name.clone(),
        arguments: Vec::new(),
        source: found.source.clone(),
        what: format!(
            "of {} programs `{package}` has the package's name",
            held.len()
        ),
    })
}

/// The only one of several that is called like a server, or like the daemon of another (`atticd` of `attic`).
fn by_name(judged: &Judged, held: &[Held]) -> Option<Choice> {
    let named = judged.manifests.first().and_then(|it| it.name.as_ref());
    let package = named.map(|said| said.value.as_str());
    let package = judged.draft.candidate.package.as_deref().or(package);
    let is_daemon = |name: &str| {
        let stem = name.strip_suffix('d').filter(|stem| !stem.is_empty());
        let kin = |stem: &str| ["", "ctl", "-cli", "-client"].map(|end| format!("{stem}{end}"));
        stem.is_some() && stem == package
            || stem.is_some_and(|stem| {
                kin(stem)
                    .iter()
                    .any(|kin| held.iter().any(|it| it.name == *kin))
            })
    };
    let mut called = held
        .iter()
        .filter(|it| super::kind::is_called_server(&it.name) || is_daemon(&it.name));
    let (found, None) = (called.next()?, called.next()) else {
        return None;
    };
    Some(Choice {
        name: found.name.clone(),
        arguments: Vec::new(),
        source: found.source.clone(),
        what: format!(
            "of {} programs only `{}` is called like a server",
            held.len(),
            found.name
        ),
    })
}

/// Writes the answer into the candidate; one that differs from what was said outright tells both.
fn take(judged: &mut Judged, choice: Choice) {
    let candidate = &mut judged.draft.candidate;
    let before = candidate.program.name().map(str::to_owned);
    let mut what = choice.what;
    if let Some(before) = before.filter(|before| *before != choice.name) {
        what = format!("{what}, though `{before}` is called its main program");
    }
    candidate.because(super::score::PROGRAM, what, Some(choice.source.clone()));
    candidate.arguments = if choice.arguments.is_empty() {
        told_by_manifest(&judged.manifests, &choice.name)
    } else {
        choice.arguments
    };
    candidate.program = Program::Known {
        name: choice.name,
        source: choice.source,
    };
}

/// Words that a program's own manifest says it needs.
fn told_by_manifest(manifests: &[Manifest], name: &str) -> Vec<String> {
    let mut named = manifests
        .iter()
        .filter(|it| it.programs.iter().any(|said| said.value == name));
    named
        .next()
        .map(|it| it.arguments.clone())
        .unwrap_or_default()
}

fn unknown(judged: &mut Judged, held: &[Held]) {
    if held.len() > 1 {
        let names: Vec<_> = held.iter().map(|it| format!("`{}`", it.name)).collect();
        let because = format!("it holds several programs: {}", names.join(", "));
        judged.draft.candidate.program = Program::unknown(because);
    }
}
