//! The `docker` program.
//!
//! Takes arguments, gives what it answers. Never decides what to run, and logs in only inside a configuration directory
//! of its own, so the user's `~/.docker` is neither read nor written.

use std::fs::{OpenOptions, create_dir_all};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::sync::RwLock;
use tokio::time::sleep;

use super::command::LABEL;

/// The registry from which dynos pull, as docker names it.
pub const REGISTRY: &str = "registry.localhost";
/// With host networking dynos are reached here: a process that listens on 127.0.0.1 only doesn't answer, as on Heroku.
const HOST_ADDRESS: &str = "127.0.0.3";

/// The docker client and how it is used.
#[derive(Debug)]
pub struct Docker {
    config: PathBuf,
    bridge: bool,
    /// Whether the program is ending. Read while a container is made, so that none is made behind the last look.
    closed: RwLock<bool>,
}

impl Docker {
    /// Writes the login into `state`, and finds out whether the daemon has a bridge network.
    pub async fn new(state: &Path, token: &str) -> io::Result<Self> {
        let config = state.join("docker");
        write_login(&config, token)?;
        let mut docker = Self {
            config,
            bridge: false,
            closed: RwLock::new(false),
        };
        docker.bridge = docker.run(&["network", "inspect", "bridge"]).await.is_ok();
        Ok(docker)
    }

    /// The network that dynos join.
    pub fn network(&self) -> &'static str {
        if self.bridge { "bridge" } else { "host" }
    }

    /// Runs docker to its end; its output, or what it complained about.
    pub async fn run<S: AsRef<str>>(&self, args: &[S]) -> Result<String, String> {
        let output = self
            .command(args)
            .output()
            .await
            .map_err(|error| format!("docker: {error}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }

    /// As [`Docker::run`], for arguments that make a container; refused when the program is ending.
    pub async fn make<S: AsRef<str>>(&self, args: &[S]) -> Result<String, String> {
        let closed = self.closed.read().await;
        if *closed {
            return Err("the loopback is ending".to_owned());
        }
        self.run(args).await
    }

    /// Lets no container be made any more, and removes all.
    pub async fn close(&self) {
        *self.closed.write().await = true;
        self.remove_all().await;
    }

    /// Starts a container that was created, attached to its output.
    pub fn attach(&self, container: &str) -> io::Result<Child> {
        let mut command = self.command(&["start", "--attach", container]);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }

    /// Where `port` of a running container can be reached; `None` before it runs.
    pub async fn address(&self, container: &str, port: u16) -> Option<String> {
        if !self.bridge {
            return Some(format!("{HOST_ADDRESS}:{port}"));
        }
        let format = "--format={{.NetworkSettings.IPAddress}}";
        let address = self.run(&["inspect", format, container]).await.ok()?;
        (!address.is_empty()).then(|| format!("{address}:{port}"))
    }

    /// SIGTERM to every process of a container but docker's init, as Heroku stops a dyno; docker's own `stop` would
    /// tell only the first. One that was only just started may need a moment until there is a process to tell.
    pub async fn terminate(&self, container: &str) {
        for _ in 0..10 {
            let processes = self.processes(container).await;
            if !processes.is_empty() {
                let mut kill = Command::new("kill");
                // Those that have ended since can't be told.
                let _ = kill
                    .arg("-TERM")
                    .args(processes)
                    .stderr(Stdio::null())
                    .status()
                    .await;
                return;
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// The processes in a container, as numbered outside it.
    async fn processes(&self, container: &str) -> Vec<String> {
        let init = self
            .run(&["inspect", "--format={{.State.Pid}}", container])
            .await
            .unwrap_or_default();
        let listed = self
            .run(&["top", container, "-eo", "pid"])
            .await
            .unwrap_or_default();
        let processes = listed
            .split_whitespace()
            .skip(1)
            .filter(|process| *process != init);
        processes.map(str::to_owned).collect()
    }

    /// Removes a container, running or not.
    pub async fn remove(&self, container: &str) {
        // One that is gone already is what we want.
        let _ = self.run(&["rm", "--force", "--volumes", container]).await;
    }

    /// Removes every container of ours, of this run or one before.
    pub async fn remove_all(&self) {
        let filter = format!("--filter=label={LABEL}");
        let found = self
            .run(&["ps", "--all", "--quiet", &filter])
            .await
            .unwrap_or_default();
        for container in found.split_whitespace() {
            self.remove(container).await;
        }
    }

    /// The client with arguments, for who reads its output while it runs.
    pub fn command<S: AsRef<str>>(&self, args: &[S]) -> Command {
        let mut command = Command::new("docker");
        command
            .env("DOCKER_CONFIG", &self.config)
            .stdin(Stdio::null());
        command.args(args.iter().map(AsRef::as_ref));
        command
    }
}

fn write_login(directory: &Path, token: &str) -> io::Result<()> {
    create_dir_all(directory)?;
    let login = BASE64_STANDARD.encode(format!("_:{token}"));
    let config = json!({ "auths": { REGISTRY: { "auth": login } } });
    let mut file = OpenOptions::new();
    let mut file = file
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(directory.join("config.json"))?;
    file.write_all(config.to_string().as_bytes())
}
