//! What a heroku.yml is to say, by what it says and by the plan.
//!
//! Heroku builds the last stage of a Dockerfile, and can't be told of another. So one image is built, and the other
//! process types run in it by a command of their own: the stages of a plan differ in nothing else.

use crate::names::ProcessType;
use crate::plan::{Command, Plan, Process};

use super::addon::AddonName;
use super::app_json::AppJson;
use super::types::{Addon, CommandForm, HerokuYml, Release, Run, Setup};

/// Where `generate` writes it.
pub(super) const DOCKERFILE: &str = "Dockerfile";

/// Brings a heroku.yml in line with a plan. Nothing is removed from it.
pub(super) fn merge(file: &HerokuYml, plan: &Plan, app_json: &AppJson) -> (HerokuYml, Vec<String>) {
    let mut merged = file.clone();
    if let Some(image) = image(&mut merged, plan) {
        run(&mut merged, plan, &image);
        release(&mut merged, plan, &image);
    }
    let mut notes = Vec::new();
    let setup = &mut merged.setup;
    if setup.addons.is_empty() {
        setup.addons.clone_from(&app_json.setup.addons);
    }
    if setup.config.is_empty() {
        setup.config.clone_from(&app_json.setup.config);
    }
    notes.extend(app_json.notes.iter().cloned());
    (merged, notes)
}

/// Adds what was asked for, but for services that are there already, whatever their plan.
pub(super) fn add(setup: &mut Setup, asked: &[AddonName]) {
    for name in asked {
        let addon = Addon {
            plan: name.to_string(),
            attachment: None,
        };
        let services: Vec<&str> = setup.addons.iter().map(Addon::service).collect();
        if !services.contains(&addon.service()) {
            setup.addons.push(addon);
        }
    }
}

fn dockerfile(plan: &Plan) -> &str {
    let own = plan.dockerfile.as_ref();
    own.map_or(DOCKERFILE, crate::names::ProjectPath::as_str)
}

/// The process types, `web` first.
fn types(plan: &Plan) -> Vec<(&ProcessType, &Process)> {
    let all = plan.processes.iter().filter(|(kind, _)| !kind.is_release());
    let mut types: Vec<_> = all.collect();
    types.sort_by_key(|(kind, _)| (!kind.is_web(), kind.as_str()));
    types
}

/// The image that all run in. Images that the file has of them, and that are of another Dockerfile, become this one.
fn image(file: &mut HerokuYml, plan: &Plan) -> Option<ProcessType> {
    let path = dockerfile(plan);
    let types = types(plan);
    let (first, _) = types.first()?;
    for (kind, _) in &types {
        if let Some(other) = file.build.docker.get_mut(*kind)
            && !same_path(other, path)
        {
            path.clone_into(other);
        }
    }
    let builds = |kind: &ProcessType| file.build.docker.contains_key(kind);
    if let Some((kind, _)) = types.iter().find(|(kind, _)| builds(kind)) {
        return Some((*kind).clone());
    }
    let mut built = file.build.docker.iter();
    if let Some((kind, _)) = built.find(|(_, it)| same_path(it, path)) {
        return Some(kind.clone());
    }
    file.build.docker.insert((*first).clone(), path.to_owned());
    Some((*first).clone())
}

fn same_path(a: &str, b: &str) -> bool {
    let plain = |path: &str| path.trim().trim_start_matches("./").to_owned();
    plain(a) == plain(b)
}

fn run(file: &mut HerokuYml, plan: &Plan, image: &ProcessType) {
    let types = types(plan);
    // The last stage's `CMD` is its own command, and Private Spaces run that as well.
    let last = plan
        .processes
        .keys()
        .max_by_key(|it| (it.is_web(), it.as_str()));
    let alone = matches!(types.as_slice(), [(kind, _)] if Some(*kind) == last);
    let built = types
        .iter()
        .all(|(kind, _)| file.build.docker.contains_key(*kind));
    if alone && built && file.run.is_empty() {
        return;
    }
    for (kind, process) in types {
        let line = line(&process.command);
        let builds = file.build.docker.contains_key(kind);
        let built = |it: &ProcessType| file.build.docker.contains_key(it);
        match file.run.get_mut(kind) {
            Some(run) => {
                if !says(&run.command, &process.command) {
                    run.command = like(&run.command, line);
                }
                let fits = run.image.as_ref().map_or(builds, built);
                if !fits {
                    run.image = Some(image.clone());
                    run.command = list(&run.command);
                }
            }
            None if builds => {
                let command = CommandForm::Line(line);
                file.run.insert(
                    kind.clone(),
                    Run {
                        command,
                        image: None,
                    },
                );
            }
            None => {
                let command = CommandForm::List(vec![line]);
                let image = Some(image.clone());
                file.run.insert(kind.clone(), Run { command, image });
            }
        }
    }
}

fn release(file: &mut HerokuYml, plan: &Plan, image: &ProcessType) {
    let mut all = plan.processes.iter();
    let Some((_, process)) = all.find(|(kind, _)| kind.is_release()) else {
        return;
    };
    let line = line(&process.command);
    let built = |it: &ProcessType| file.build.docker.contains_key(it);
    match &mut file.release {
        Some(release) => {
            if !says(&release.command, &process.command) {
                release.command = like(&release.command, line);
            }
            if !release.image.as_ref().is_some_and(built) {
                release.image = Some(image.clone());
            }
        }
        None => {
            file.release = Some(Release {
                image: Some(image.clone()),
                command: CommandForm::List(vec![line]),
            });
        }
    }
}

/// Whether what stands there means a command of the plan.
fn says(form: &CommandForm, command: &Command) -> bool {
    let said = form.line();
    said.is_some_and(|said| said == line(command) || Command::parse(&said) == *command)
}

/// Process types of the plan that run in an image of another Dockerfile, and that image.
pub(super) fn elsewhere<'a>(
    file: &'a HerokuYml,
    plan: &'a Plan,
) -> impl Iterator<Item = (&'a ProcessType, &'a ProcessType)> {
    plan.processes.keys().filter_map(|kind| {
        let said = if kind.is_release() {
            file.release.as_ref().and_then(|it| it.image.as_ref())
        } else {
            file.run.get(kind).and_then(|it| it.image.as_ref())
        };
        let image = said.unwrap_or(kind);
        let path = file.build.docker.get(image)?;
        (!same_path(path, dockerfile(plan))).then_some((kind, image))
    })
}

/// A command in the form of another.
fn like(form: &CommandForm, line: String) -> CommandForm {
    match form {
        CommandForm::Line(_) => CommandForm::Line(line),
        CommandForm::List(_) => CommandForm::List(vec![line]),
    }
}

/// A command in the form that Heroku documents beside an image.
fn list(form: &CommandForm) -> CommandForm {
    match form {
        CommandForm::Line(line) => CommandForm::List(vec![line.clone()]),
        CommandForm::List(items) => CommandForm::List(items.clone()),
    }
}

/// The line that Heroku gives to the image's shell.
fn line(command: &Command) -> String {
    match command {
        Command::Exec { words } => words.join(" "),
        Command::Shell { line } => line.clone(),
        // As in the image's own `CMD`.
        Command::OnlyProgram => "exec /app/bin/*".to_owned(),
    }
}
