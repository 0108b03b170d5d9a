//! Sends what a plan builds to a binary cache, by a build of Docker's: so it works wherever Docker does, and uses the steps
//! that a build of the image has already made.

use crate::error::Result;
use crate::plan::Plan;
use crate::render::{Push, push_dockerfile};
use crate::shell::{Cmd, Tool};

use super::{Images, build, local_tag};

impl Images<'_> {
    /// Builds and sends. `nonce` is a word that is new each time: Docker would otherwise call it done.
    ///
    /// Errors: as [`Images::build`], and `docker/cache-push`.
    pub fn send(&self, plan: &Plan, push: &Push, nonce: &str) -> Result<()> {
        self.check_store()?;
        self.handing(plan, true).check()?;
        let topic = self
            .ui
            .topic(&format!("Building on {}, for {}", plan.base, push.to));
        let mut ready = self.ready(plan, true, || push_dockerfile(plan, push))?;
        let argument = format!("NIXDYNO_PUSH={nonce}");
        ready.words.extend(["--build-arg".to_owned(), argument]);
        // The classic builder keeps what it made only under a name. It is a list of the paths.
        let tag = format!("{}:latest", local_tag(&plan.name, "cache-push"));
        let context = ready.staged.context();
        let cmd = build(
            self.facts,
            &context,
            None,
            &tag,
            &ready.words,
            self.no_cache,
        );
        let run = self.run(plan, &cmd, true);
        run.map_err(|error| match error.id() {
            "docker/cache-push" => error.at(&push.to),
            _ => error,
        })?;
        self.quietly(&Cmd::writes(Tool::Docker).args(["image", "rm", &tag]))?;
        topic.done();
        Ok(())
    }
}
