//! What is sent: the project's files, and beside them what `nixdyno generate` would write.
//!
//! Takes a deploy; gives a tarball. What in it differs from a file of the project is said. Never writes into the project,
//! never packs what Heroku could not build.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use crate::context::{Archive, Secrets, survey};
use crate::deploy::Deploy;
use crate::docker::{asked_dockerfile, planned_dockerfile};
use crate::error::{Error, Result};
use crate::inspect::{Warning, git_has};
use crate::manifest::{Found, How, Manifest, Setup, buildable, place, read};
use crate::names::{AppName, ProjectPath};
use crate::plan::Plan;
use crate::render::{Bundle, What, dockerignore, drift, heroku_yml};
use crate::ui::{Ui, human_bytes};

/// What is said of a heroku.yml that Heroku surely fails at.
const HOPELESS: &[&str] = &[
    "manifest/local-base",
    "manifest/no-build",
    "manifest/no-dockerfile",
    "manifest/not-built",
    "manifest/outside",
];

/// Sources that are ready to be sent.
pub(super) struct Source {
    pub(super) archive: Archive,
    setup: Setup,
}

/// Packs the sources.
///
/// Errors: `deploy/heroku-yml`, and those of [`heroku_yml`], [`planned_dockerfile`], [`survey`] and [`Archive::new`].
pub(super) fn pack(deploy: &Deploy<'_>) -> Result<Source> {
    let (plan, dir) = (deploy.plan, deploy.dir);
    let topic = deploy.ui.topic("Packing the sources");
    let found = Found::read(dir)?;
    let manifest = heroku_yml(plan, &found, &|path| place(dir, plan, path))?;
    tell(deploy.ui, dir, &manifest)?;
    let file = read(&manifest.text)?;
    let mut made = BTreeMap::from([
        (What::HerokuYml.path().to_owned(), manifest.text),
        (
            dockerfile_path(plan),
            planned_dockerfile(dir, plan, deploy.ui)?,
        ),
    ]);
    // Named ones are packed as they are, whatever git or we think of them.
    for path in file.build.docker.values() {
        let path: ProjectPath = path.trim().parse()?;
        if let Entry::Vacant(place) = made.entry(normal(&path)) {
            place.insert(asked_dockerfile(dir, &path)?);
        }
    }
    let mut context = survey(dir)?;
    tell_secrets(deploy.ui, &context.leave_secrets(git_has(dir)));
    deploy.ui.detail(&format!(
        "{} files, {} in all",
        context.files.len(),
        human_bytes(context.bytes())
    ));
    if let Some(warning) = context.warning() {
        deploy.ui.warn(&warning);
    }
    let ignores = What::Dockerignore.path();
    // Also where a link stands that leads nowhere: what is there is the project's own.
    if fs_err::symlink_metadata(dir.join(ignores)).is_err() {
        made.insert(ignores.to_owned(), dockerignore()?);
    }
    let archive = Archive::new(dir, &context, &made)?;
    topic.done();
    Ok(Source {
        archive,
        setup: file.setup,
    })
}

/// Names what looks like a secret: what is sent lies on another's machine, and in the image's build.
fn tell_secrets(ui: &Ui, secrets: &Secrets) {
    for path in &secrets.left_out {
        ui.note(&left_out(path));
    }
    for path in &secrets.kept {
        ui.note(&sent_along(path));
    }
}

fn left_out(path: &Path) -> String {
    format!(
        "left out: {} (it looks like a secret and git doesn't have it)",
        path.display()
    )
}

fn sent_along(path: &Path) -> String {
    format!(
        "{} looks like a secret, and is sent: git has it",
        path.display()
    )
}

/// Refuses what Heroku's builder can't do with this plan.
///
/// Errors: `manifest/mounts`, `deploy/submodule-empty`.
pub(in crate::deploy::routes) fn possible(plan: &Plan) -> Result<()> {
    buildable(plan).map_err(|error| error.or("take the other route: `--route docker`"))?;
    let empty = |warning: &&Warning| warning.id == "inspect/submodule-empty";
    match plan.warnings.iter().find(empty) {
        None => Ok(()),
        Some(warning) => Err(submodule_empty(&warning.what)),
    }
}

fn dockerfile_path(plan: &Plan) -> PathBuf {
    let own = plan.dockerfile.as_ref();
    own.map_or_else(|| What::Dockerfile.path().to_owned(), normal)
}

/// `./a` as `a`: one place has one name in a tarball.
fn normal(path: &ProjectPath) -> PathBuf {
    Path::new(path.as_str())
        .components()
        .skip_while(|part| *part == std::path::Component::CurDir)
        .collect()
}

/// Says what is sent in the place of the project's own, and refuses what would fail.
///
/// Errors: `deploy/heroku-yml`.
fn tell(ui: &Ui, dir: &Path, manifest: &Manifest) -> Result<()> {
    let (fatal, others): (Vec<&Warning>, Vec<&Warning>) = manifest
        .warnings
        .iter()
        .partition(|warning| HOPELESS.contains(&warning.id.as_str()));
    if let Some(warning) = fatal.first() {
        return Err(hopeless(warning));
    }
    for warning in others {
        ui.warn(warning);
    }
    match manifest.how {
        How::New => ui.detail("heroku.yml and Dockerfile are made for this build, and only sent"),
        How::Kept => ui.detail("heroku.yml: the project's own"),
        How::Edited | How::Whole { .. } => {
            ui.note(
                "The project's heroku.yml is not what this plan needs: another is sent in its place\n\
                 to write it: nixdyno generate heroku-yml",
            );
            let bundle = Bundle::default().with(What::HerokuYml, manifest.text.clone());
            for (_, _, diff) in drift(dir, &bundle)? {
                for line in diff.lines() {
                    ui.detail(line);
                }
            }
        }
    }
    // Its notes are for who keeps the file: they tell of what `setup` and a Procfile mean from then on.
    Ok(())
}

impl Source {
    /// Says what of heroku.yml a build passes over: `setup` is for apps that are made by it.
    pub(super) fn tell_setup(&self, ui: &Ui, app: &AppName) {
        let addons = self.setup.addons.iter().map(|addon| {
            let name = addon.attachment.as_ref();
            let named = name.map_or(String::new(), |name| format!(" --as {name}"));
            format!("heroku addons:create {}{named} -a {app}", addon.plan)
        });
        let config = self.setup.config.keys();
        let config = config.map(|name| format!("heroku config:set {name}=… -a {app}"));
        let todo: Vec<String> = addons.chain(config).collect();
        if !todo.is_empty() {
            ui.note(&format!(
                "`setup` of heroku.yml is not done by a build; the app has none of it yet:\n{}",
                todo.join("\n")
            ));
        }
    }
}

fn submodule_empty(what: &str) -> Error {
    Error::user(
        "deploy/submodule-empty",
        format!("{what}, and would be sent so"),
        "check it out: `git submodule update --init --recursive`",
    )
    .because("Heroku gets the files that are here, and has no repository to look for others")
}

fn hopeless(warning: &Warning) -> Error {
    let error = Error::user(
        "deploy/heroku-yml",
        format!("Heroku could not build this: {}", warning.what),
        warning.todo.clone(),
    )
    .or("build here: `--route docker`");
    match &warning.source {
        Some(source) => error.at(source),
        None => error,
    }
}
