//! Nix inside a container, where there is none on this machine.
//!
//! One container serves all questions about a project, so that inputs are fetched once. It gets a copy
//! of the files (a mount would not reach an engine on another machine) and is removed when done with,
//! after Ctrl-C too; should nixdyno be killed, it ends by itself.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::error::Result;
use crate::names::ImageRef;
use crate::shell::{Cmd, Runner, Tool};

/// Whoever lists containers sees by this whose it is.
const LABEL: &str = "nixdyno=evaluation";

/// The container ends by itself after this many seconds.
const LIFE: &str = "3600";

/// An image of Nix has some hundred megabytes.
const PULL: Duration = Duration::from_secs(15 * 60);

/// Where the files lie inside.
const FOLDER: &str = "/project";

/// A running container, removed when dropped.
pub(super) struct Container<'a> {
    runner: &'a dyn Runner,
    name: String,
}

impl<'a> Container<'a> {
    /// Starts one of `image`, with a copy of the files in `dir`; fetches the image if need be. `None` and
    /// Docker's words when it can't.
    ///
    /// Errors: Ctrl-C, no Docker, a deadline.
    pub(super) fn start(
        runner: &'a dyn Runner,
        image: &ImageRef,
        dir: &Path,
    ) -> Result<Result<Self, Vec<String>>> {
        let docker = || Cmd::reads(Tool::Docker);
        let here = docker().args(["image", "inspect", "--format", "{{.Id}}", image.as_str()]);
        if !runner.capture(&here)?.success() {
            let pull = docker().args(["pull", "--quiet", image.as_str()]);
            let pulled = runner.capture(&pull.deadline(PULL))?;
            if !pulled.success() {
                return Ok(Err(pulled.tail(4)));
            }
        }
        // Named before it is there: one that is half started can be removed as well.
        let container = Container {
            runner,
            name: name(),
        };
        let name = container.name.as_str();
        let run = docker()
            .args(["run", "--detach", "--rm", "--name", name])
            .args(["--label", LABEL, "--network", "default"])
            .args([image.as_str(), "sleep", LIFE]);
        // `/.`: what is in the folder, and not the folder itself.
        let files = format!("{}/.", dir.display());
        let copy = docker().args(["cp", &files, &format!("{name}:{FOLDER}")]);
        for cmd in [run, copy] {
            let done = runner.capture(&cmd)?;
            if !done.success() {
                return Ok(Err(done.tail(4)));
            }
        }
        Ok(Ok(container))
    }

    /// `cmd` in here: the same words, watched by `timeout`, as a client that ends leaves its process behind.
    pub(super) fn inside(&self, cmd: &Cmd, limits: &[(&str, &str)], deadline: Duration) -> Cmd {
        let limits = limits
            .iter()
            .flat_map(|(name, value)| ["--env".to_owned(), format!("{name}={value}")]);
        let seconds = deadline.as_secs().to_string();
        Cmd::reads(Tool::Docker)
            .args(["exec", "--workdir", FOLDER])
            .args(limits)
            .arg(&self.name)
            .args(["timeout", "--kill-after", "5", &seconds])
            .arg(cmd.tool().program())
            .args(cmd.words().iter().cloned())
            .deadline(deadline + Duration::from_secs(10))
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let words = ["rm", "--force", "--volumes", &self.name];
        // Nobody is left to tell; a container that was never made is no trouble.
        let _ = self
            .runner
            .capture(&Cmd::reads(Tool::Docker).args(words).tidies());
    }
}

/// A name that no other run has, on an engine that others may use too.
fn name() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default().as_nanos();
    format!("nixdyno-evaluates-{}-{now}", std::process::id())
}
