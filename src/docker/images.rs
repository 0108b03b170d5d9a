//! Builds the image of every process type of a plan.

use std::path::Path;

use crate::context::{Staged, survey};
use crate::error::{Error, Result};
use crate::files;
use crate::names::{Digest, ProcessType, ProjectPath};
use crate::plan::Plan;
use crate::prune::Report;
use crate::render::{State, Target, What, dockerfile, dockerignore, stage_name, state};
use crate::secret::SecretValues;
use crate::shell::{Cmd, Runner, Tool};
use crate::ui::{Ui, human_bytes};

use super::build::{Builder, builder};
use super::failure::finding;
use super::pruned;
use super::secrets::Handing;
use super::{Facts, Version, build, explain_build, local_tag, seal};

/// From here on buildx hands `SOURCE_DATE_EPOCH` on, and knows attestations.
const LEAST_BUILDX: Version = Version {
    major: 0,
    minor: 10,
};

/// An image that was built, in the local engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its process type.
    pub process: ProcessType,
    /// Its name here: `nixdyno/APP-PROCESS:latest`.
    pub tag: String,
    /// Its ID, where the engine's store doesn't change it and it isn't a dry run.
    pub id: Option<Digest>,
    /// What the rules left out of it, where this build said so.
    pub pruned: Report,
}

/// What building needs beside the plan.
pub struct Images<'a> {
    /// The project's folder.
    pub dir: &'a Path,
    /// What Docker is here.
    pub facts: &'a Facts,
    /// Runs the commands.
    pub runner: &'a dyn Runner,
    /// Tells the story.
    pub ui: &'a Ui,
    /// The secrets that variables hold.
    pub secrets: &'a SecretValues,
    /// Use nothing of earlier builds.
    pub no_cache: bool,
}

/// All that a build reads, laid ready: files, and words for Docker.
pub(super) struct Ready {
    pub(super) staged: Staged,
    pub(super) words: Vec<String>,
}

impl Images<'_> {
    /// Builds them all. `more_tags` names each image again, as a registry would know it.
    ///
    /// Errors: those of [`survey`], [`Staged::new`], [`explain_build`] and [`seal`], and of secrets
    /// that can't be handed over.
    pub fn build(
        &self,
        plan: &Plan,
        more_tags: &dyn Fn(&ProcessType) -> Option<String>,
    ) -> Result<Vec<Built>> {
        self.check_store()?;
        self.handing(plan, false).check()?;
        let topic = self.ui.topic(&match &plan.dockerfile {
            Some(own) => format!("Building {own}"),
            None => format!("Building on {}", plan.base),
        });
        let ready = self.ready(plan, false, || self.dockerfile(plan))?;
        let mut built = Vec::new();
        for process in plan.processes.keys() {
            // Only the first build may be without a cache: the others share its layers.
            let first = built.is_empty();
            built.push(self.build_one(plan, &ready, process, first, more_tags(process))?);
        }
        topic.done();
        Ok(built)
    }

    /// The hands that give secrets to a build.
    pub(super) fn handing<'b>(&'b self, plan: &'b Plan, signs: bool) -> Handing<'b> {
        Handing {
            plan,
            values: self.secrets,
            facts: self.facts,
            dir: self.dir,
            signs,
            dry: self.runner.is_dry(),
        }
    }

    /// Collects the project's files, and lays them ready with a Dockerfile and secrets beside them.
    pub(super) fn ready(
        &self,
        plan: &Plan,
        signs: bool,
        dockerfile: impl Fn() -> Result<String>,
    ) -> Result<Ready> {
        let context = survey(self.dir)?;
        let files = context.files.len();
        self.ui.detail(&format!(
            "{files} {}, {} in all",
            if files == 1 { "file" } else { "files" },
            human_bytes(context.bytes())
        ));
        if let Some(warning) = context.warning() {
            self.ui.warn(&warning);
        }
        let staged = Staged::new(self.dir, &context)?;
        staged.dockerignore(&dockerignore()?)?;
        staged.dockerfile("dockerfile", &dockerfile()?)?;
        let mut words = self.handing(plan, signs).words(&context, staged.folder())?;
        // Said even where the Dockerfile has the same as defaults: it may be another Dockerfile.
        for (name, value) in &plan.build.args {
            words.extend(["--build-arg".to_owned(), format!("{name}={value}")]);
        }
        Ok(Ready { staged, words })
    }

    /// Only buildx can be told which media types and times to write where containerd keeps the images.
    pub(super) fn check_store(&self) -> Result<()> {
        let able =
            matches!(builder(self.facts), Builder::Buildx(version) if version >= LEAST_BUILDX);
        if able || !self.facts.containerd_store {
            Ok(())
        } else {
            Err(needs_buildx())
        }
    }

    pub(super) fn dockerfile(&self, plan: &Plan) -> Result<String> {
        planned_dockerfile(self.dir, plan, self.ui)
    }

    fn build_one(
        &self,
        plan: &Plan,
        ready: &Ready,
        process: &ProcessType,
        first: bool,
        more: Option<String>,
    ) -> Result<Built> {
        let name = local_tag(&plan.name, process.as_str());
        let no_cache = self.no_cache && first;
        if !first {
            self.ui
                .detail(&format!("{process}: the same layers, another command"));
        }
        let tag = format!("{name}:latest");
        let stage = (plan.processes.len() > 1).then(|| stage_name(plan, process));
        if self.facts.containerd_store {
            // There an image is its manifest, and buildx already gave it its lasting ID.
            let cmd = build(
                self.facts,
                &ready.staged.context(),
                stage.as_deref(),
                &tag,
                &ready.words,
                no_cache,
            );
            let pruned = self.run(plan, &cmd, first)?;
            if let Some(more) = more {
                self.quietly(&Cmd::writes(Tool::Docker).args(["tag", &tag, &more]))?;
            }
            return Ok(Built {
                process: process.clone(),
                tag,
                id: None,
                pruned,
            });
        }
        let unsealed = format!("{name}:unsealed");
        let cmd = build(
            self.facts,
            &ready.staged.context(),
            stage.as_deref(),
            &unsealed,
            &ready.words,
            no_cache,
        );
        let pruned = self.run(plan, &cmd, first)?;
        let tags: Vec<String> = std::iter::once(tag.clone()).chain(more).collect();
        let sealed = self.seal(&ready.staged, &unsealed, process, &tags);
        // Removed whatever became of it: nobody is to find half an image.
        let removed =
            self.quietly(&Cmd::writes(Tool::Docker).args(["image", "rm", "--no-prune", &unsealed]));
        let id = sealed?;
        removed?;
        Ok(Built {
            process: process.clone(),
            tag,
            id,
            pruned,
        })
    }

    fn seal(
        &self,
        staged: &Staged,
        unsealed: &str,
        process: &ProcessType,
        tags: &[String],
    ) -> Result<Option<Digest>> {
        let sealed = seal(
            self.runner,
            staged.folder(),
            unsealed,
            process.as_str(),
            tags,
        )?;
        self.quietly(&sealed.load)?;
        Ok(sealed.id)
    }

    /// A build, whose output is the story when it's the first: the others repeat it from the cache.
    pub(super) fn run(&self, plan: &Plan, cmd: &Cmd, told: bool) -> Result<Report> {
        // What our Dockerfile found wrong may scroll out of the kept lines: buildx repeats the whole script.
        let mut found = None;
        let mut report = Report::default();
        let mut built = self.runner.stream(cmd, &mut |line| {
            found = finding(line).map(str::to_owned).or(found.take());
            if report.read(line) {
                return;
            }
            if told && !is_noise(line) || self.ui.is_verbose() {
                self.ui.echo(line);
            }
        })?;
        built.tail.extend(found);
        explain_build(plan, &built)?;
        if told {
            pruned::tell(self.ui, &plan.build.prune, &report);
        }
        Ok(report)
    }

    /// A command whose output nobody wants unless it fails.
    pub(super) fn quietly(&self, cmd: &Cmd) -> Result<()> {
        let answer = self.runner.capture(cmd)?;
        if answer.success() {
            return Ok(());
        }
        Err(Error::user(
            "docker/command",
            format!("`{cmd}` failed with status {}", answer.status),
            "mend what Docker says, then run nixdyno again",
        )
        .detail(answer.tail(8)))
    }
}

/// Lines of an old `BuildKit` that tell a person nothing: empty ones, and the digest of each step.
fn is_noise(line: &str) -> bool {
    let step = line.strip_prefix('#').and_then(|rest| rest.split_once(' '));
    line.trim().is_empty() || step.is_some_and(|(_, words)| words.starts_with("sha256:"))
}

fn needs_buildx() -> Error {
    Error::user(
        "docker/needs-buildx",
        "this engine keeps its images in containerd's store, and that needs buildx 0.10 or newer",
        "install buildx: https://docs.docker.com/go/buildx/",
    )
    .because("without it the image would be of a kind that Heroku's registry refuses")
    .or("turn that store off in Docker's settings (`\"features\": {\"containerd-snapshotter\": false}`)")
}

/// The project's own Dockerfile where it was asked for, else ours; what isn't used is named.
///
/// Errors: as [`asked_dockerfile`].
pub fn planned_dockerfile(dir: &Path, plan: &Plan, ui: &Ui) -> Result<String> {
    if let Some(path) = &plan.dockerfile {
        return asked_dockerfile(dir, path);
    }
    let text = dockerfile(plan, Target::All)?;
    // What can't be read here isn't used either, and keeps nobody from building.
    let found = state(dir, What::Dockerfile, &text);
    if !matches!(found, Ok(State::Missing | State::Same)) {
        ui.note(
            "The project's Dockerfile is not what nixdyno writes, and is not used\n\
             to build it: --dockerfile Dockerfile",
        );
    }
    Ok(text)
}

/// The text of the project's own Dockerfile.
///
/// Errors: `docker/dockerfile-outside`, `docker/dockerfile`.
pub fn asked_dockerfile(dir: &Path, path: &ProjectPath) -> Result<String> {
    let full = dir.join(path.as_str());
    if files::leads_out(dir, &full) {
        return Err(outside(path));
    }
    files::read_text(&full, 4 << 20).map_err(|error| no_dockerfile(path, &error))
}

fn outside(path: &ProjectPath) -> Error {
    Error::user(
        "docker/dockerfile-outside",
        format!("`{path}` leads out of the project by a link"),
        "put a copy of the Dockerfile into the project, and name that: `--dockerfile FILE`",
    )
    .because("what is built lies in the project's folder, and nowhere else")
}

fn no_dockerfile(path: &ProjectPath, error: &std::io::Error) -> Error {
    Error::user(
        "docker/dockerfile",
        if error.kind() == std::io::ErrorKind::NotFound {
            format!("there is no Dockerfile `{path}`")
        } else {
            error.to_string()
        },
        "name a Dockerfile below the project's folder: `--dockerfile Dockerfile`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        insta::assert_snapshot!("needs_buildx", needs_buildx());
        let error = std::io::Error::other("failed to open file `Dockerfile`: No such file");
        let path: ProjectPath = "Dockerfile".parse().unwrap();
        insta::assert_snapshot!("no_dockerfile", no_dockerfile(&path, &error));
        let error = asked_dockerfile(Path::new("/nonexistent"), &path).unwrap_err();
        insta::assert_snapshot!("missing_dockerfile", error);
    }

    #[test]
    fn a_dockerfile_outside_of_the_project_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("project");
        fs_err::create_dir(&dir).unwrap();
        fs_err::write(outer.path().join("Dockerfile"), "FROM a\n").unwrap();
        fs_err::write(dir.join("own"), "FROM b\n").unwrap();
        let link = |from: &str, to: &str| std::os::unix::fs::symlink(from, dir.join(to)).unwrap();
        link("../Dockerfile", "file");
        link("..", "folder");
        link("own", "inside");
        let read = |path: &str| asked_dockerfile(&dir, &path.parse().unwrap());
        assert_eq!(read("inside").unwrap(), "FROM b\n");
        for path in ["file", "folder/Dockerfile"] {
            assert_eq!(read(path).unwrap_err().id(), "docker/dockerfile-outside");
        }
        insta::assert_snapshot!("outside", read("file").unwrap_err());
    }
}
