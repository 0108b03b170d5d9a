//! One container of one dyno, from its creation to its exit status.
//!
//! Takes a decided [`Plan`]; sends the output to the app's log and to a release's stream. Never decides what its end
//! means for the dyno.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::command::{self, Surroundings};
use super::docker::REGISTRY;
use crate::ids;
use crate::lab::Lab;
use crate::model::image::Image;
use crate::model::output::Output;
use crate::rules::lines::Splitter;

/// The runtime may not start images with more layers than this.
const MOST_LAYERS: usize = 40;

/// All that is known before a container is made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The app's id.
    pub app: String,
    /// The dyno's id.
    pub dyno: String,
    /// The dyno's name.
    pub name: String,
    /// What it runs.
    pub image: Image,
    /// A one-off dyno's command; the image's own when `None`.
    pub command: Option<String>,
    /// Config vars and a one-off dyno's additions.
    pub env: Vec<(String, String)>,
    /// Where a release command's output also goes.
    pub output: Option<Arc<Output>>,
}

/// A container that was started.
#[derive(Debug)]
pub struct Running {
    /// docker's id.
    pub id: String,
    /// `$PORT`.
    pub port: u16,
    client: Child,
    pumps: Vec<JoinHandle<()>>,
}

/// Pulls the image, makes the container and starts it; the exit status with which the dyno ends when that fails.
pub async fn start(lab: &Arc<Lab>, plan: &Plan) -> Result<Running, i32> {
    runnable(lab, plan)?;
    let complain = |error: String| {
        for line in error.lines() {
            say(lab, plan, "app", line);
        }
        127
    };
    let reference = reference(&plan.image);
    lab.docker
        .run(&["pull", "--quiet", &reference])
        .await
        .map_err(complain)?;
    let port = u16::try_from(ids::between(10_000, 60_000)).unwrap_or(10_000);
    let invocation = command::invocation(
        &plan.image,
        plan.command.as_deref(),
        lab.settings().login_shell,
    );
    let around = Surroundings {
        dyno: &plan.name,
        user: lab
            .options
            .user
            .unwrap_or_else(|| ids::between(10_000, 60_000)),
        port,
        env: &plan.env,
        network: lab.docker.network(),
    };
    say(
        lab,
        plan,
        "heroku",
        &format!("Starting process with command `{}`", invocation.shown),
    );
    let id = lab
        .docker
        .make(&command::create(&reference, &invocation, &around))
        .await
        .map_err(complain)?;
    let mut client = lab
        .docker
        .attach(&id)
        .map_err(|error| complain(error.to_string()))?;
    let pumps = pumps(lab, plan, &mut client);
    Ok(Running {
        id,
        port,
        client,
        pumps,
    })
}

/// The name by which docker pulls `image`.
pub fn reference(image: &Image) -> String {
    format!("{REGISTRY}/{}@{}", image.repository, image.manifest_digest)
}

/// Images that the registry takes although no dyno can run them.
fn runnable(lab: &Arc<Lab>, plan: &Plan) -> Result<(), i32> {
    if plan.image.layers > MOST_LAYERS {
        // Heroku's users see a crash without a word in the log; a test's author should see more.
        eprintln!(
            "{}: {} layers, more than {MOST_LAYERS}",
            plan.name, plan.image.layers
        );
        return Err(1);
    }
    if plan.image.architecture != "amd64" {
        say(lab, plan, "app", "Exec format error");
        return Err(126);
    }
    Ok(())
}

/// Writes a line about the dyno to its app's log.
pub fn say(lab: &Arc<Lab>, plan: &Plan, source: &'static str, text: &str) {
    lab.with_app(&plan.app, |app| app.say(source, &plan.name, text));
}

impl Running {
    /// Waits for the process's end and for the last of its output; the exit status.
    pub async fn wait(&mut self) -> i32 {
        let status = self
            .client
            .wait()
            .await
            .ok()
            .and_then(|status| status.code())
            .unwrap_or(1);
        for pump in self.pumps.drain(..) {
            // A process that left a child behind may keep its pipe open.
            let _ = timeout(Duration::from_secs(5), pump).await;
        }
        status
    }

    /// SIGTERM, then SIGKILL after the limit; whether SIGKILL was needed, and the exit status.
    pub async fn stop(&mut self, lab: &Arc<Lab>) -> (bool, i32) {
        let limit = Duration::from_secs(lab.settings().stop_limit_s);
        lab.docker.terminate(&self.id).await;
        match timeout(limit, self.wait()).await {
            Ok(status) => (false, status),
            Err(_) => (true, self.kill(lab).await),
        }
    }

    /// SIGKILL; the exit status.
    pub async fn kill(&mut self, lab: &Arc<Lab>) -> i32 {
        // One that has just ended by itself can't be killed, and needn't be.
        let _ = lab.docker.run(&["kill", &self.id]).await;
        self.wait().await
    }
}

fn pumps(lab: &Arc<Lab>, plan: &Plan, client: &mut Child) -> Vec<JoinHandle<()>> {
    let mut pumps = Vec::new();
    pumps.extend(
        client
            .stdout
            .take()
            .map(|pipe| tokio::spawn(pump(Arc::clone(lab), plan.clone(), pipe))),
    );
    pumps.extend(
        client
            .stderr
            .take()
            .map(|pipe| tokio::spawn(pump(Arc::clone(lab), plan.clone(), pipe))),
    );
    pumps
}

async fn pump(lab: Arc<Lab>, plan: Plan, mut pipe: impl AsyncRead + Unpin) {
    let mut splitter = Splitter::default();
    let mut buffer = vec![0; 8192];
    while let Ok(length @ 1..) = pipe.read(&mut buffer).await {
        let bytes = buffer.get(..length).unwrap_or_default();
        if let Some(output) = &plan.output {
            output.write(bytes);
        }
        for line in splitter.push(bytes) {
            say(&lab, &plan, "app", &line);
        }
    }
    if let Some(line) = splitter.finish() {
        say(&lab, &plan, "app", &line);
    }
}
