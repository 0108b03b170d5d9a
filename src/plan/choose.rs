//! From facts and wishes to a plan: every decision of a deploy is in this file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::error::{Error, Result, near_misses};
use crate::inspect::{Candidate, Entry, Origin, Project, Source, Verdict, Warning};
use crate::names::{AttrPath, ProcessType};
use crate::shell::quote;

use super::caches::caches;
use super::family::base;
use super::prune::prune;
use super::root::root;
use super::words::{asked_words, check_fit, is_for_call_package, unread_args};
use super::{
    Base, BaseFamily, Build, Choice, Command, FallbackShell, NixHere, Plan, Process, Root, Route,
    Ship, Wishes,
};
use super::{direct, own, start};

/// The other file in which a project may declare its processes.
const HEROKU_YML: &str = "heroku.yml";

/// The version of the plan's format.
pub(super) const FORMAT: u32 = 1;

/// Recipe files beyond this many would make a Dockerfile nobody reads; then only those at the top enter it.
const RECIPE_FILES: usize = 24;

/// Decides.
///
/// Errors: `plan/nothing`, `plan/broken`, `plan/unknown`, `plan/ambiguous` (from the inspection's
/// verdict), `plan/no-web` (a program was asked for, but the Procfile says otherwise), `plan/no-revision`,
/// `plan/nixery-lacks`, `plan/no-nixpkgs` (of a base that was asked for), `plan/no-packages` (of packages that were).
pub fn plan(project: &Project, wishes: &Wishes) -> Result<Plan> {
    let candidate = candidate(project)?;
    let mut choices = asked(project, candidate, wishes);
    let (base, watched) = base(project, candidate.from, wishes, &mut choices)?;
    let (caches, told) = caches(candidate.from, &wishes.caches, &mut choices)?;
    let processes = processes(project, candidate, wishes, &mut choices)?;
    choices.extend(elsewhere(project, wishes).map(|(name, attribute, source)| {
        let reason = "its program is in that package";
        let key = format!("attribute {name}");
        choice(&key, &attribute.to_string(), source, reason)
    }));
    let mut build = build(project, candidate, wishes, &base);
    check_fit(&wishes.nix, build.from, build.call_package)?;
    build.root = root(wishes, build.fallback_shell, &mut choices)?;
    build.prune = prune(wishes, &mut choices);
    let layers = direct::layers(wishes, &mut choices);
    let route = route(
        wishes,
        direct::obstacle(&build, &caches, wishes.dockerfile.is_some()),
        &mut choices,
    );
    let decides = own::decides(wishes, &mut choices);
    choices.sort_by(|a, b| a.key.cmp(&b.key));
    let mut needs = start::needs(project, wishes);
    needs.retain(|need| !caches.meets(need));
    let accepted = caches.accept_flake_config;
    let holds =
        |it: &&Warning| (!accepted || it.id != "inspect/nix-config") && !is_met_image(project, it);
    Ok(Plan {
        format: FORMAT,
        name: image_name(&project.name),
        build,
        base,
        caches,
        dockerfile: wishes.dockerfile.as_ref().map(|wish| wish.value.clone()),
        processes,
        layers,
        ship: Ship::by(route, wishes),
        choices,
        needs,
        warnings: start::unknown_program(candidate, wishes)
            .into_iter()
            .chain(decides)
            .chain(watched.into_iter().filter(|_| wishes.dockerfile.is_none()))
            .chain(unread_args(wishes, candidate.from))
            .chain(told)
            .chain(project.warnings.iter().filter(holds).cloned())
            .collect(),
        again: wishes.again.clone(),
    })
}

/// Whether a warning is of a process in heroku.yml that runs in another one's image. In a plan that is so for all:
/// their images differ in the command only.
fn is_met_image(project: &Project, warning: &Warning) -> bool {
    let mut names = project.processes.keys();
    warning.id == "inspect/heroku-yml"
        && names.any(|it| {
            warning
                .what
                .contains(&format!(" runs in the image of `{it}`;"))
        })
}

/// What to build, and what was asked for in so many words.
fn asked(project: &Project, candidate: &Candidate, wishes: &Wishes) -> Vec<Choice> {
    let attribute = Choice {
        key: "attribute".to_owned(),
        value: project.shown(candidate.from, &candidate.attribute),
        source: candidate.source.clone(),
        reason: weightiest(candidate),
    };
    let app = wishes.app.as_ref();
    let app = app.map(|wish| choice("app", wish.value.as_str(), &wish.source, "asked for"));
    let dockerfile = wishes.dockerfile.as_ref().map(|wish| {
        let reason = "asked for: it is built as it is";
        choice("dockerfile", wish.value.as_str(), &wish.source, reason)
    });
    std::iter::once(attribute)
        .chain(app)
        .chain(dockerfile)
        .chain(asked_words(wishes))
        .collect()
}

/// The one candidate of a project whose verdict is `deploy`.
fn candidate(project: &Project) -> Result<&Candidate> {
    let fail = |id: &'static str, what: &str, todo: &str| {
        let warnings = project.warnings.iter().flat_map(|warning| {
            let words = warning.detail.iter().map(|words| format!("  {words}"));
            std::iter::once(format!("{} ({})", warning.what, warning.id)).chain(words)
        });
        let error = Error::user(id, what, todo).detail(warnings);
        let todos = project
            .warnings
            .iter()
            .map(|w| w.todo.clone())
            .filter(|t| !t.is_empty());
        Err(todos.fold(error, Error::or))
    };
    match project.verdict {
        Verdict::Deploy => project
            .candidates
            .first()
            .ok_or_else(|| Error::bug("plan/no-candidate", "a verdict without a candidate")),
        Verdict::Ask => Err(ambiguous(project)),
        Verdict::Nothing => fail(
            "plan/nothing",
            "there is nothing to deploy here",
            "add a package for x86_64-linux: `packages.x86_64-linux.default = …;`",
        ),
        Verdict::Broken => fail(
            "plan/broken",
            "Nix would refuse this project",
            "mend what is said above, then run `nixdyno inspect`",
        )
        .map_err(|error| match &project.evaluated_by {
            Some(_) => error.or("go on without asking this machine's Nix: `--no-eval`"),
            None => error,
        }),
        Verdict::Unknown => fail(
            "plan/unknown",
            "what can be deployed can't be seen by reading the files",
            "name the attribute: `--attr NAME`",
        ),
    }
}

fn ambiguous(project: &Project) -> Error {
    let rivals = project.rivals();
    let list = rivals.iter().map(|it| {
        let program = it.program.name().map(|name| format!(", runs {name}"));
        let program = program.unwrap_or_default();
        format!(
            "{}: {}{program}",
            project.shown(it.from, &it.attribute),
            it.kind.name()
        )
    });
    let first = rivals
        .first()
        .map(|it| project.shown(it.from, &it.attribute))
        .unwrap_or_default();
    Error::user(
        "plan/ambiguous",
        format!(
            "{} attributes could be deployed, none clearly first",
            rivals.len()
        ),
        format!("choose one, for example `--attr {}`", quote(&first)),
    )
    .or("set `attr` in nixdyno.toml")
    .detail(list)
}

/// What speaks most for it: something that was seen, before what follows from it.
fn weightiest(candidate: &Candidate) -> String {
    let mut evidence = candidate.evidence.iter();
    let seen = evidence.clone().find(|it| {
        it.source.is_some() && (it.what.starts_with("its sources") || it.what.starts_with("the "))
    });
    // Of equals the first: later ones follow from it.
    let most = || evidence.by_ref().rev().max_by_key(|it| it.points);
    let most = seen.or_else(most);
    most.map(|it| it.what.clone()).unwrap_or_default()
}

pub(super) fn choice(key: &str, value: &str, source: &Source, reason: &str) -> Choice {
    Choice {
        key: key.to_owned(),
        value: value.to_owned(),
        source: source.clone(),
        reason: reason.to_owned(),
    }
}

/// The route that was asked for; else `direct` where Nix can build here and nothing stands in its way.
pub(super) fn route(wishes: &Wishes, obstacle: Option<String>, choices: &mut Vec<Choice>) -> Route {
    let (route, source, reason) = match (&wishes.route, &wishes.nix_here, obstacle) {
        (Some(wish), _, _) => {
            let reason = why_route(wish.value).to_owned();
            (wish.value, wish.source.clone(), reason)
        }
        (None, Some(NixHere::Able(how)), None) => {
            let reason = format!("{how}: no Docker is needed, and only what changed is sent");
            (Route::Direct, Source::Default, reason)
        }
        // The Heroku CLI releases whatever `latest` is by then; the Platform API releases what was pushed.
        (None, nix, obstacle) => {
            let mut reason = "releases exactly the image that was pushed".to_owned();
            let why_not = match nix {
                Some(NixHere::Unable(why)) => Some(why.clone()),
                Some(NixHere::Able(_)) => obstacle,
                None => None,
            };
            if let Some(why) = why_not {
                reason = format!("{reason}; not direct: {why}");
            }
            (Route::Docker, Source::Default, reason)
        }
    };
    choices.push(choice("route", route.name(), &source, &reason));
    route
}

fn why_route(route: Route) -> &'static str {
    match route {
        Route::Direct | Route::Docker | Route::HerokuCli => "asked for",
        Route::HerokuYml => {
            "asked for: Heroku builds what is sent, by this plan's Dockerfile and heroku.yml"
        }
    }
}

fn build(project: &Project, candidate: &Candidate, wishes: &Wishes, base: &Base) -> Build {
    let inputs = project.entry.iter().find_map(|entry| match entry {
        Entry::Flake { locked, inputs } => Some((*locked, inputs)),
        Entry::Classic { .. } => None,
    });
    let has_nixpkgs = inputs.is_some_and(|(_, names)| names.iter().any(|name| name == "nixpkgs"));
    let base_has = base.family != BaseFamily::Nixery || base.nixpkgs.is_some();
    let fallback_shell = match candidate.from {
        Origin::Flake if has_nixpkgs => FallbackShell::FlakeNixpkgs,
        Origin::Flake | Origin::Classic if base_has => FallbackShell::BaseNixpkgs,
        Origin::Flake | Origin::Classic => FallbackShell::Nowhere,
    };
    Build {
        from: candidate.from,
        file: project.classic_file(),
        attribute: candidate.attribute.clone(),
        also: also(project, candidate, wishes),
        store_paths: Vec::new(),
        call_package: candidate.from == Origin::Classic
            && is_for_call_package(project, &wishes.nix),
        nix_args: wishes.nix_args(),
        args: wishes
            .build_args
            .iter()
            .map(|(name, wish)| (name.clone(), wish.value.clone()))
            .collect(),
        locked: inputs.is_some_and(|(locked, names)| locked || names.is_empty()),
        relative_inputs: project.pins.iter().any(|pin| pin.path.is_some()),
        root: Root::default(),
        prune: Vec::new(),
        fallback_shell,
        recipe: recipe(&project.recipe),
        input_derivation: candidate.input_derivation,
    }
}

/// The recipe files that can stand in a `COPY` line as they are, few enough to be read.
fn recipe(found: &[PathBuf]) -> Vec<PathBuf> {
    let plain = |path: &PathBuf| path.to_str().is_some_and(is_plain_path);
    let files: Vec<PathBuf> = found.iter().filter(|path| plain(path)).cloned().collect();
    if files.len() <= RECIPE_FILES {
        return files;
    }
    let (flake, others): (Vec<PathBuf>, Vec<PathBuf>) = files
        .into_iter()
        .filter(|path| path.components().count() == 1)
        .partition(|path| path.starts_with("flake.nix") || path.starts_with("flake.lock"));
    flake.into_iter().chain(others).take(RECIPE_FILES).collect()
}

/// No wildcard of `COPY`, no variable, no white space, nothing hidden.
fn is_plain_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+@/".contains(c);
    !path.starts_with(['.', '-']) && path.chars().all(plain)
}

/// The Procfile's processes; without a Procfile, `web` runs the package's program.
fn processes(
    project: &Project,
    candidate: &Candidate,
    wishes: &Wishes,
    choices: &mut Vec<Choice>,
) -> Result<BTreeMap<ProcessType, Process>> {
    let mut processes: BTreeMap<ProcessType, Process> = project
        .processes
        .iter()
        .map(|(name, line)| {
            let command = Command::parse(&line.value);
            (
                name.clone(),
                Process {
                    command,
                    source: line.source.clone(),
                },
            )
        })
        .collect();
    if let Some(wish) = &wishes.program {
        let process = start::asked(project, candidate, wish);
        processes.insert(ProcessType::web(), process);
    } else if processes.is_empty() {
        start::check(project, candidate)?;
        processes.insert(
            start::process_type(candidate)?,
            start::found(project, candidate),
        );
    }
    only(&mut processes, wishes)?;
    check_types(&processes)?;
    for (name, process) in &processes {
        let key = format!("process {name}");
        let reason = match (&process.command, &process.source) {
            (Command::OnlyProgram, _) => "its name is not known before the build",
            (_, Source::Flag { .. } | Source::Environment { .. } | Source::Config { .. }) => {
                "asked for"
            }
            _ if project.processes.is_empty() => "what inspection found there",
            _ => "as written there",
        };
        choices.push(choice(
            &key,
            &process.command.shown(),
            &process.source,
            reason,
        ));
    }
    Ok(processes)
}

/// Leaves those that were asked for.
///
/// Errors: `plan/no-such-process`.
pub(super) fn only(processes: &mut BTreeMap<ProcessType, Process>, wishes: &Wishes) -> Result<()> {
    let Some(wish) = &wishes.processes else {
        return Ok(());
    };
    if let Some(odd) = wish.value.iter().find(|it| !processes.contains_key(it)) {
        let there: Vec<&str> = processes.keys().map(ProcessType::as_str).collect();
        let todo = match near_misses(odd.as_str(), there.iter().copied()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("name some of these: {}", there.join(", ")),
        };
        let what = format!("the project has no process `{odd}`");
        return Err(Error::user("plan/no-such-process", what, todo).at(&wish.source));
    }
    processes.retain(|name, _| wish.value.contains(name));
    Ok(())
}

/// The processes whose program is in another package than the chosen one, and that package.
fn elsewhere<'a>(
    project: &'a Project,
    wishes: &'a Wishes,
) -> impl Iterator<Item = (&'a ProcessType, &'a AttrPath, &'a Source)> {
    // A program that was asked for takes the place of what the Procfile has for `web`.
    let replaced = |name: &ProcessType| wishes.program.is_some() && *name == ProcessType::web();
    let asked = wishes.processes.as_ref();
    let left_out = move |name| asked.is_some_and(|wish| !wish.value.contains(name));
    let others = project.processes.iter();
    others
        .filter(move |(name, _)| !replaced(name) && !left_out(name))
        .filter_map(|(name, it)| Some((name, it.attribute.as_ref()?, &it.source)))
}

/// The attributes that are built beside the chosen one.
fn also(project: &Project, candidate: &Candidate, wishes: &Wishes) -> Vec<AttrPath> {
    let others = elsewhere(project, wishes).map(|(_, attribute, _)| attribute);
    let others: BTreeSet<&AttrPath> = others.filter(|it| **it != candidate.attribute).collect();
    others.into_iter().cloned().collect()
}

/// Refuses sets of process types that could not be shipped.
pub(super) fn check_types(processes: &BTreeMap<ProcessType, Process>) -> Result<()> {
    if let Some(release) = only_release(processes) {
        let (what, todo) = match file_of(release) {
            HEROKU_YML => (
                "heroku.yml has a `release` command, and there is nothing to run after it",
                "add a line such as `web: server --port $PORT` below `run:` in heroku.yml",
            ),
            _ => (
                "the Procfile has a `release` process and nothing to run after it",
                "add a line such as `web: server --port $PORT` to the Procfile",
            ),
        };
        return Err(Error::user("plan/only-release", what, todo).at(&release.source));
    }
    let mut odd = processes.iter();
    if let Some((odd, process)) = odd.find(|(name, _)| !is_image_name(name.as_str())) {
        let file = match file_of(process) {
            HEROKU_YML => HEROKU_YML,
            _ => "the Procfile",
        };
        return Err(Error::user(
            "plan/process-type",
            format!("the process type `{odd}` can't be the name of an image"),
            format!(
                "rename it in {file}, for example to `{}`",
                image_name(odd.as_str())
            ),
        )
        .because(
            "Docker takes lower-case letters and digits, with single `_` or any `-` between them",
        ));
    }
    Ok(())
}

/// The release phase's process, where there is no other.
fn only_release(processes: &BTreeMap<ProcessType, Process>) -> Option<&Process> {
    let all = processes.keys().all(ProcessType::is_release);
    processes.values().next().filter(|_| all)
}

/// The file that declares a process; empty for one that no file does.
fn file_of(process: &Process) -> &str {
    match &process.source {
        Source::File { path, .. } => path.to_str().unwrap_or_default(),
        _ => "",
    }
}

/// Whether Docker takes it as the last part of a repository: lower-case letters and digits, joined
/// by `-`s, or by one or two `_`s.
fn is_image_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let allowed = name.chars().all(|c| plain(c) || matches!(c, '-' | '_'));
    let joined = name.replace("__", "_");
    allowed
        && name.starts_with(plain)
        && name.ends_with(plain)
        && !["__", "-_", "_-"].iter().any(|pair| joined.contains(pair))
}

/// A name that an image may have: lower case, and nothing but letters, digits and `-`.
pub(super) fn image_name(name: &str) -> String {
    let mapped: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    // Docker takes 255 characters for all of a repository's name.
    let cut: String = mapped.chars().take(60).collect();
    let trimmed = cut.trim_matches('-');
    let words: Vec<&str> = trimmed.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "app".to_owned()
    } else {
        words.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_names_are_plain() {
        assert_eq!(image_name("My App_2"), "my-app-2");
        assert_eq!(image_name("--é--"), "app");
    }

    #[test]
    fn process_types_become_image_names() {
        for good in ["web", "my-worker", "a--b", "a_b", "a__b", "1x"] {
            assert!(is_image_name(good), "{good}");
        }
        for bad in ["Web", "-x", "x_", "a___b", "a-_b"] {
            assert!(!is_image_name(bad), "{bad}");
        }
    }

    #[test]
    fn copy_paths_are_plain() {
        assert!(is_plain_path("nix/pkgs/a_b.nix"));
        for odd in [
            "a b.nix",
            "a*.nix",
            "[x].nix",
            "$HOME.nix",
            ".hidden",
            "-x",
            "é.nix",
        ] {
            assert!(!is_plain_path(odd), "{odd}");
        }
    }
}
