//! What Docker is here: client, engine, buildx, image store.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::shell::{Captured, Cmd, Runner, Tool};

/// Major and minor of a version; patch levels and suffixes (`+dfsg1`, `-ce`) decide nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl Version {
    /// Reads the first two numbers of a text such as `20.10.24+dfsg1` or `v0.13.1`; 0 where there are none.
    pub fn read(text: &str) -> Self {
        let mut numbers = text
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .split(|c: char| !c.is_ascii_digit())
            .map(|part| part.parse().unwrap_or(0));
        Version {
            major: numbers.next().unwrap_or(0),
            minor: numbers.next().unwrap_or(0),
        }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What was found out about Docker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The client's version.
    pub client: Version,
    /// The engine's version.
    pub engine: Version,
    /// The buildx plugin's version, when the client has it and it works.
    pub buildx: Option<Version>,
    /// The engine keeps images in containerd's store, and would push OCI manifests by default.
    pub containerd_store: bool,
    /// The engine's architecture, as it names it: `x86_64`, `aarch64`.
    pub architecture: String,
}

impl Facts {
    /// A Docker of today, with buildx: for showing commands where none can be asked.
    pub fn assumed() -> Self {
        let today = Version {
            major: 28,
            minor: 0,
        };
        Facts {
            client: today,
            engine: today,
            buildx: Some(today),
            containerd_store: false,
            architecture: "x86_64".to_owned(),
        }
    }

    /// Whether the engine runs linux/amd64 without emulation.
    pub fn is_amd64(&self) -> bool {
        matches!(self.architecture.as_str(), "x86_64" | "amd64")
    }

    /// Whether `heroku container:push` can't work here, and why.
    ///
    /// The Heroku CLI adds `--provenance false --sbom false` for clients from 25 on (it compares
    /// version numbers as text, which is why 24 counts as old), and those flags need buildx. It has
    /// no way to ask for Docker media types, which an engine with containerd's store needs.
    pub fn heroku_cli_obstacle(&self) -> Option<&'static str> {
        if self.containerd_store {
            return Some(
                "the engine's containerd image store pushes OCI images, which Heroku's registry refuses",
            );
        }
        if self.client.major >= 25 && self.buildx.is_none() {
            return Some(
                "the Heroku CLI passes flags that this Docker client only knows with the buildx plugin",
            );
        }
        None
    }
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
struct Info {
    server_version: Option<String>,
    architecture: Option<String>,
    #[serde(rename = "OSType")]
    os_type: Option<String>,
    driver_status: Option<Vec<Vec<String>>>,
    server_errors: Option<Vec<String>>,
    #[serde(rename = "ClientInfo")]
    client: Option<ClientInfo>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
struct ClientInfo {
    version: Option<String>,
    plugins: Option<Vec<Plugin>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
struct Plugin {
    name: String,
    version: Option<String>,
    err: Option<String>,
}

/// Asks Docker about itself.
///
/// Errors: `docker/no-engine`, `docker/no-permission`, `docker/windows-containers`, `docker/unreadable`.
pub fn probe(runner: &dyn Runner) -> Result<Facts> {
    let answer =
        runner.capture(&Cmd::reads(Tool::Docker).args(["info", "--format", "{{json .}}"]))?;
    let info: Option<Info> = serde_json::from_str(answer.stdout.trim()).ok();
    let errors = info
        .as_ref()
        .and_then(|info| info.server_errors.clone())
        .unwrap_or_default();
    let text = format!("{}\n{}", answer.stderr, errors.join("\n"));
    if !answer.success() || !errors.is_empty() {
        return Err(no_engine(&text));
    }
    let Some(info) = info else {
        return Err(unreadable(&answer));
    };
    // Podman answers to Docker's name with a document of its own.
    if info.server_version.is_none() || info.os_type.is_none() {
        return Err(unreadable(&answer));
    }
    if info.os_type.as_deref().is_some_and(|os| os != "linux") {
        return Err(Error::user(
            "docker/windows-containers",
            "this Docker engine doesn't run Linux containers",
            "switch Docker to Linux containers",
        ));
    }
    let client = match info
        .client
        .as_ref()
        .and_then(|client| client.version.clone())
    {
        Some(version) => Version::read(&version),
        None => client_version(runner)?,
    };
    Ok(facts(info, client))
}

fn facts(info: Info, client: Version) -> Facts {
    let store = info.driver_status.unwrap_or_default();
    let containerd_store = store.iter().any(|row| {
        row.iter()
            .any(|cell| cell.starts_with("io.containerd.snapshotter"))
    });
    let plugins = info
        .client
        .and_then(|client| client.plugins)
        .unwrap_or_default();
    let buildx = plugins
        .iter()
        .find(|plugin| plugin.name == "buildx" && plugin.err.as_deref().unwrap_or("").is_empty())
        .map(|plugin| Version::read(plugin.version.as_deref().unwrap_or_default()));
    Facts {
        client,
        engine: Version::read(&info.server_version.unwrap_or_default()),
        buildx,
        containerd_store,
        architecture: info.architecture.unwrap_or_default(),
    }
}

/// Clients before 23 don't tell their version in `docker info`.
fn client_version(runner: &dyn Runner) -> Result<Version> {
    let cmd = Cmd::reads(Tool::Docker).args(["version", "--format", "{{.Client.Version}}"]);
    let answer = runner.capture(&cmd)?;
    Ok(Version::read(answer.stdout.trim()))
}

fn no_engine(text: &str) -> Error {
    let detail = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned);
    if text.contains("permission denied") {
        return Error::user(
            "docker/no-permission",
            "you may not use the Docker engine",
            "join the group `docker`: `sudo usermod -aG docker $USER`, then log in again",
        )
        .because("images are built by the engine, which answers on a socket")
        .detail(detail);
    }
    Error::user(
        "docker/no-engine",
        "the Docker engine doesn't answer",
        "start it: `sudo systemctl start docker`, or open Docker Desktop",
    )
    .because("images are built by the engine, which answers on a socket")
    .or("if it runs elsewhere, set DOCKER_HOST or `docker context use NAME`")
    .detail(detail)
}

fn unreadable(answer: &Captured) -> Error {
    Error::user(
        "docker/unreadable",
        "`docker info` answered something that is not Docker's",
        "look at it: `docker info --format '{{json .}}'`",
    )
    .because("nixdyno needs Docker itself; Podman's `docker` is another program")
    .detail(answer.tail(5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    const INFO: &str = "docker info";

    fn with(info: &str, client: &str) -> Result<Facts> {
        probe(
            &Recorded::new()
                .answer(INFO, 0, info, "")
                .answer("docker version", 0, client, ""),
        )
    }

    #[test]
    fn reads_an_old_client_and_engine() {
        let info = r#"{"ServerVersion":"20.10.24+dfsg1","Architecture":"x86_64","OSType":"linux",
            "DriverStatus":[["Backing Filesystem","extfs"]],"ClientInfo":{"Plugins":[]}}"#;
        let facts = with(info, "20.10.24+dfsg1\n").unwrap();
        assert_eq!(
            facts.client,
            Version {
                major: 20,
                minor: 10
            }
        );
        assert_eq!(
            facts.engine,
            Version {
                major: 20,
                minor: 10
            }
        );
        assert_eq!(facts.buildx, None);
        assert!(!facts.containerd_store);
        assert!(facts.is_amd64());
        assert_eq!(facts.heroku_cli_obstacle(), None);
    }

    #[test]
    fn reads_a_new_client_with_a_broken_plugin() {
        let info = r#"{"ServerVersion":"28.2.2","Architecture":"aarch64","OSType":"linux",
            "DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]],
            "ClientInfo":{"Version":"28.2.2","Plugins":[{"Name":"buildx","Err":"exec format error"}]}}"#;
        let facts = with(info, "").unwrap();
        assert_eq!(facts.buildx, None);
        assert!(facts.containerd_store);
        assert!(!facts.is_amd64());
        assert!(facts.heroku_cli_obstacle().is_some());
    }

    #[test]
    fn a_new_client_without_buildx_stops_the_heroku_cli() {
        let info = r#"{"ServerVersion":"28.2.2","Architecture":"x86_64","OSType":"linux",
            "ClientInfo":{"Version":"28.2.2","Plugins":[]}}"#;
        assert!(with(info, "").unwrap().heroku_cli_obstacle().is_some());
        let info = info.replace("[]", r#"[{"Name":"buildx","Version":"v0.13.1"}]"#);
        let facts = with(&info, "").unwrap();
        assert_eq!(
            facts.buildx,
            Some(Version {
                major: 0,
                minor: 13
            })
        );
        assert_eq!(facts.heroku_cli_obstacle(), None);
    }

    #[test]
    fn tells_no_engine_from_no_permission() {
        let ask = |stderr: &str| probe(&Recorded::new().answer(INFO, 1, "{}", stderr)).unwrap_err();
        insta::assert_snapshot!(ask(
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock."
        ));
        insta::assert_snapshot!(ask(
            "dial unix /var/run/docker.sock: connect: permission denied"
        ));
        // A 20.10 client exits with 0 and hides the error in the document.
        let hidden = r#"{"ServerErrors":["Cannot connect to the Docker daemon"]}"#;
        let error = probe(&Recorded::new().answer(INFO, 0, hidden, "")).unwrap_err();
        assert_eq!(error.id(), "docker/no-engine");
    }

    #[test]
    fn other_answers_are_refused() {
        insta::assert_snapshot!(with("podman 4.3", "").unwrap_err());
        let podman =
            r#"{"host":{"arch":"amd64","os":"linux"},"store":{},"version":{"Version":"4.3.1"}}"#;
        assert_eq!(with(podman, "4.3.1").unwrap_err().id(), "docker/unreadable");
        let error = with(r#"{"OSType":"windows","ServerVersion":"1"}"#, "").unwrap_err();
        insta::assert_snapshot!(error);
    }
}
