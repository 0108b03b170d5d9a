//! `nixdyno build`: the image of each process type, in the local engine or wherever `--output` says.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::BuildArgs;
use crate::deploy::possible;
use crate::direct::{Ready, ready, show};
use crate::docker::{Images, inspect, local_tag};
use crate::error::{Error, Result};
use crate::heroku::{RegistryHost, WallClock};
use crate::image::Cache;
use crate::names::{ProcessType, RepositoryName};
use crate::plan::{Plan, Route};
use crate::registry::{Login, Registry};
use crate::shell::interrupt::TempFolder;
use crate::shell::{Cmd, Tool};
use crate::ship::{Hands, Image, Output, Place, Target, archive, send};

use super::Session;

/// What containerd's image store says where its sweeping, after a container ended, has met the image that is being loaded.
const SWEPT: &str = "failed to unpack loaded image";

pub(super) fn run(session: &mut Session, args: &BuildArgs) -> Result<ExitCode> {
    match &args.output {
        Some(output) => {
            // How a deploy would go is another matter.
            session.settings.wishes.route = None;
            direct(session, args, &output.parse()?)
        }
        None => match args.image.given() {
            Some(flag) => Err(no_output(flag)),
            None => by_docker(session, args),
        },
    }
}

fn by_docker(session: &Session, args: &BuildArgs) -> Result<ExitCode> {
    // What is wrong with the project needs no engine to be told.
    let plan = session.plan()?;
    let facts = session.docker_to_run()?;
    let runner = session.runner.as_ref();
    let images = Images {
        dir: &session.settings.dir,
        facts: &facts,
        runner,
        ui: &session.ui,
        secrets: &session.settings.secrets,
        no_cache: args.no_cache,
    };
    let built = images.build(&plan, &|_| None)?;
    if session.settings.dry_run {
        return shown(session);
    }
    let mut rows = Vec::new();
    for image in &built {
        let found = inspect(runner, &image.tag)?;
        rows.push(json!({
            "process": image.process, "image": image.tag, "id": found.id, "bytes": found.size,
        }));
        session.ui.answer(format!("{} {}", image.process, found.id));
    }
    let mut answer = json!({ "images": rows, "commands": runner.journal() });
    let pruned = built.first().map(|it| it.pruned.json(&plan.build.prune));
    if let (Some(pruned), Some(object)) =
        (pruned.filter(|it| !it.is_null()), answer.as_object_mut())
    {
        object.insert("pruned".to_owned(), pruned);
    }
    session.ui.json(&answer)?;
    Ok(ExitCode::SUCCESS)
}

/// A dry run's answer.
fn shown(session: &Session) -> Result<ExitCode> {
    let commands = session.runner.journal();
    session.ui.json(&json!({ "commands": commands }))?;
    for command in commands {
        session.ui.answer(command);
    }
    Ok(ExitCode::SUCCESS)
}

fn direct(session: &Session, args: &BuildArgs, output: &Output) -> Result<ExitCode> {
    if args.no_cache {
        return Err(no_cache());
    }
    let mut plan = session.plan()?;
    plan.ship.route = Route::Direct;
    possible(&plan)?;
    session.check_trust(&plan)?;
    session
        .tools
        .require(&[Tool::Nix], "`--output` builds by Nix alone")?;
    if *output == Output::Engine {
        session
            .tools
            .require(&[Tool::Docker], "`--output docker` loads the image")?;
    }
    let (dir, runner) = (&session.settings.dir, session.runner.as_ref());
    if session.settings.dry_run {
        show(&plan, dir, runner)?;
        return shown(session);
    }
    let topic = session.ui.topic("Building with Nix");
    let ready = ready(&plan, dir, runner, &session.ui)?;
    topic.done();
    let made = Made {
        session,
        plan: &plan,
        image: image(&plan, &ready),
    };
    let rows = match output {
        Output::File(place) => made.file(place)?,
        Output::Engine => made.engine()?,
        Output::Registry(place) => made.registry(place)?,
    };
    for row in &rows {
        if let (Some(process), Some(id)) = (row["process"].as_str(), row["id"].as_str()) {
            session.ui.answer(format!("{process} {id}"));
        }
    }
    session
        .ui
        .json(&json!({ "images": rows, "commands": runner.journal() }))?;
    Ok(ExitCode::SUCCESS)
}

fn image<'a>(plan: &'a Plan, ready: &'a Ready) -> Image<'a> {
    Image {
        root: Path::new("/"),
        closure: &ready.closure,
        roots: &ready.roots,
        frame: ready.frame.clone(),
        starts: ready.starts.clone(),
        layers: &plan.layers,
    }
}

/// An image to bring somewhere.
struct Made<'a> {
    session: &'a Session,
    plan: &'a Plan,
    image: Image<'a>,
}

impl Made<'_> {
    fn cache(&self) -> Cache {
        Cache::new(self.session.settings.cache.clone())
    }

    /// An archive with the names that a build by Docker gives.
    fn file(&self, place: &Path) -> Result<Vec<Value>> {
        let ui = &self.session.ui;
        let topic = ui.topic(&format!("Writing {}", place.display()));
        let hands = Hands {
            cache: &self.cache(),
            ui,
        };
        let name = |process: &ProcessType| {
            format!("{}:latest", local_tag(&self.plan.name, process.as_str()))
        };
        let ids = archive(&self.image, &hands, place, &name)?;
        topic.done();
        let row = |(process, id)| json!({ "process": process, "image": name(&process), "id": id });
        Ok(ids.into_iter().map(row).collect())
    }

    fn engine(&self) -> Result<Vec<Value>> {
        let folder = TempFolder::new()?;
        let file = folder.path().join("image.tar");
        let rows = self.file(&file)?;
        let load = Cmd::writes(Tool::Docker)
            .args(["load", "--input"])
            .arg(file.to_string_lossy())
            .deadline(Duration::from_secs(60 * 60));
        let topic = self.session.ui.topic("Loading into Docker");
        let mut loaded = self.session.runner.capture(&load)?;
        if !loaded.success() && loaded.stderr.contains(SWEPT) {
            loaded = self.session.runner.capture(&load)?;
        }
        if !loaded.success() {
            return Err(not_loaded(loaded.status).detail(loaded.tail(6)));
        }
        topic.done();
        rows.iter().map(|row| self.known_to_docker(row)).collect()
    }

    /// With the ID that Docker has for it, which depends on how Docker keeps its images.
    fn known_to_docker(&self, row: &Value) -> Result<Value> {
        let (process, name) = (&row["process"], row["image"].as_str().unwrap_or_default());
        let id = inspect(self.session.runner.as_ref(), name)?.id;
        Ok(json!({ "process": process, "image": name, "id": id }))
    }

    fn registry(&self, place: &Place) -> Result<Vec<Value>> {
        let ui = &self.session.ui;
        let topic = ui.topic(&format!("Sending to {}", place.host));
        let (host, login) = self.login(place)?;
        let registry = Registry::of(&host, login, Box::new(WallClock::start()))?;
        let several = self.image.starts.len() > 1;
        let repository = |process: &ProcessType| -> Result<RepositoryName> {
            if several {
                format!("{}/{process}", place.repository).parse()
            } else {
                Ok(place.repository.clone())
            }
        };
        let hands = Hands {
            cache: &self.cache(),
            ui,
        };
        let target = Target {
            registry: &registry,
            host: place.host.name().to_owned(),
            repository: &repository,
            tag: &place.tag,
        };
        let went = send(&self.image, &hands, &target)?;
        topic.done();
        let mut rows = Vec::new();
        for it in went {
            let name = format!("{}/{}", place.host, repository(&it.process)?);
            rows.push(json!({
                "process": it.process, "image": format!("{name}@{}", it.manifest), "id": it.image_id,
                "layers": it.layers, "bytes": it.bytes, "sent": it.sent, "unchanged": it.unchanged,
            }));
        }
        Ok(rows)
    }

    /// Heroku's registry takes the token that its API takes; any other one what the environment says, or nobody.
    fn login(&self, place: &Place) -> Result<(RegistryHost, Option<Login>)> {
        let session = self.session;
        let endpoints = session.endpoints()?;
        if endpoints.registry.name() == place.host.name() {
            let login = session.credentials(&endpoints)?.into();
            return Ok((endpoints.registry, Some(login)));
        }
        let login = session.settings.heroku.registry_login.clone();
        let source = "NIXDYNO_REGISTRY_PASSWORD";
        let login = login.map(|(user, password)| Login::new(&user, password, source));
        Ok((place.host.clone(), login))
    }
}

fn not_loaded(status: i32) -> Error {
    Error::user(
        "docker/load",
        format!("`docker load` failed with status {status}"),
        "see whether the engine runs: `docker info`",
    )
}

fn no_output(flag: &str) -> Error {
    Error::usage(
        "build/no-output",
        format!(
            "`{flag}` is for an image that is made without Docker, and nothing says where it is to be"
        ),
        "add `--output FILE`, `--output docker` or `--output docker://HOST/NAME:TAG`",
    )
}

fn no_cache() -> Error {
    Error::usage(
        "build/no-cache",
        "Nix can't do without earlier builds: the same inputs give the same output",
        "leave out `--no-cache`; `--fresh` keeps no layer of the last image",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_takes_no_archive() {
        insta::assert_snapshot!(not_loaded(1));
    }
}
