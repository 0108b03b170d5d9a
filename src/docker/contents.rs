//! Has a build tell what is in the image, and takes that out of the engine.
//!
//! A stage more at the end of the Dockerfile writes it down; all before it is in Docker's cache after a build. Both
//! builders can do that, and only a container hands out files in every version of Docker. It is never started, and
//! neither it nor its image stays.

use std::path::Path;
use std::time::Duration;

use crate::contents::{Layer, Texts};
use crate::error::{Error, Result};
use crate::files;
use crate::plan::Plan;
use crate::render::{CONTENTS_STAGE, contents_stages};
use crate::shell::{Cmd, Runner, Tool};

use super::{Images, build};

/// No file of the listing is larger: that of a closure of 100,000 paths has some 100 MB.
const MOST_BYTES: u64 = 256 << 20;

/// For what makes, copies from or removes a container.
const SHORT: Duration = Duration::from_secs(60);

/// Run when dropped, after Ctrl-C too.
struct Tidy<'a> {
    runner: &'a dyn Runner,
    cmd: Cmd,
}

impl Drop for Tidy<'_> {
    fn drop(&mut self) {
        // What was never made can't be removed, and there is nobody left to tell.
        let _ = self.runner.capture(&self.cmd);
    }
}

impl Images<'_> {
    /// What the image of a plan holds. `None` in a dry run.
    ///
    /// Errors: as [`Images::build`], `docker/command`, `contents/unreadable`.
    pub fn contents(&self, plan: &Plan) -> Result<Option<Texts>> {
        self.check_store()?;
        let topic = self
            .ui
            .topic(&format!("Looking into the image, built on {}", plan.base));
        self.handing(plan, false).check()?;
        let more = contents_stages()?;
        let ready = self.ready(plan, false, || Ok(self.dockerfile(plan)? + &more))?;
        let staged = &ready.staged;
        let tag = format!("nixdyno/{}.contents:latest", plan.name);
        let remove = |words: &[&str]| Tidy {
            runner: self.runner,
            cmd: docker(words).tidies(),
        };
        let image = remove(&["image", "rm", "--no-prune", &tag]);
        let build = build(
            self.facts,
            &staged.context(),
            Some(CONTENTS_STAGE),
            &tag,
            &ready.words,
            self.no_cache,
        );
        self.run(plan, &build, true)?;
        // The folder's name is no other run's, and so is the container's.
        let name = staged
            .folder()
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let container = remove(&["rm", "--force", &name]);
        // It has no program, and needs the name of one to be made.
        self.quietly(&docker(&["create", "--name", &name, &tag, "none"]))?;
        self.quietly(&docker(&["cp", &format!("{name}:/contents"), "."]).dir(staged.folder()))?;
        drop((container, image));
        topic.done();
        if self.runner.is_dry() {
            return Ok(None);
        }
        read(&staged.folder().join("contents")).map(Some)
    }
}

fn docker(words: &[&str]) -> Cmd {
    Cmd::writes(Tool::Docker)
        .deadline(SHORT)
        .args(words.iter().copied())
}

/// Reads the files that the stage wrote.
fn read(folder: &Path) -> Result<Texts> {
    let text = |name: &str| {
        let path = folder.join(name);
        if files::leads_out(folder, &path) {
            return Err(unreadable(&format!("`{name}` is a link")));
        }
        files::read_text(&path, MOST_BYTES).map_err(|error| unreadable(&error))
    };
    let layers = Layer::ALL.map(|layer| text(layer.name()).map(|names| (layer, names)));
    Ok(Texts {
        layers: layers.into_iter().collect::<Result<_>>()?,
        registration: text("registration")?,
        roots: text("roots")?,
    })
}

fn unreadable(why: &dyn std::fmt::Display) -> Error {
    Error::bug(
        "contents/not-written",
        "the build did not write down what is in the image",
    )
    .because(why.to_string())
}
