//! Other images to build on: a bare one as Nixery makes them, and one with the project's nixpkgs in its store.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use crate::common::matrix::{Archive, Combination, combinations, lock};
use crate::common::{self, Outcome, Project, root};
use crate::image::page;
use crate::lab::{self, base, run, tool};

/// Words for Nix in place of a network.
const OVERRIDE: &[&str] = &[
    "--nix-arg=--override-input",
    "--nix-arg=nixpkgs",
    "--nix-arg=path:/srv/lab/nixpkgs",
];
pub const SEARCH: &[&str] = &["--nix-arg=-I", "--nix-arg=nixpkgs=/srv/lab/nixpkgs"];

/// Makes the stand-in for an image of Nixery, under the name that nixdyno gives it, and tells that.
pub fn nixery() -> String {
    let folder = Project::new(&[]);
    let recipe = root().join("tests/lab/nixery.Dockerfile");
    std::fs::copy(recipe, folder.path().join("Dockerfile")).unwrap();
    let listed = run(folder.path(), &["base", "list", "--json"]).json();
    let bases = listed["bases"].as_array().unwrap();
    let nixery = bases.iter().find(|it| it["name"] == "nixery").unwrap();
    let nixery = nixery["image"].as_str().unwrap().to_owned();
    let mut build = Command::new("docker");
    let build = build.args(["build", "--tag", &nixery, "."]);
    let build = build.current_dir(folder.path()).env("DOCKER_BUILDKIT", "1");
    Outcome::of(&build.output().unwrap()).exits(0);
    nixery
}

/// Builds an example on an image, runs its `web` and holds its page against what it must say.
fn builds(example: &str, image: &str, words: &[&str], answer: &str) {
    let project = Project::copy(example);
    let words = [&["build", "--json", "--base", image], words].concat();
    let built = run(project.path(), &words).exits(0).json();
    let mut images = built["images"].as_array().unwrap().iter();
    let web = images.find(|it| it["process"] == "web").unwrap();
    let page = page(web["image"].as_str().unwrap());
    assert!(page.contains(answer), "{example} on {image}: {page}");
}

#[test]
#[ignore = "lab"]
fn apps_are_built_in_an_image_of_nixery() {
    let image = nixery();
    builds("examples/python-web", "nixery", OVERRIDE, "uestbook");
    builds("examples/classic-jobs", "nixery", SEARCH, "Classic jobs");
    let words = [
        &[
            "inspect",
            "--json",
            "--evaluate",
            "docker",
            "--base",
            &image,
        ],
        OVERRIDE,
    ];
    let project = Project::copy("examples/python-web");
    let asked = run(project.path(), &words.concat()).exits(0);
    assert!(asked.json()["evaluated_by"].is_string(), "{asked}");
}

#[test]
#[ignore = "lab"]
fn apps_are_built_in_images_of_ones_own() {
    tool("docker", &["tag", &base(), "registry.example/me/builder:1"]);
    builds(
        "examples/python-web",
        "registry.example/me/builder:1",
        OVERRIDE,
        "uestbook",
    );
    // Even one without users to build as.
    tool("docker", &["tag", &nixery(), "registry.example/me/bare:1"]);
    builds(
        "examples/python-web",
        "registry.example/me/bare:1",
        OVERRIDE,
        "uestbook",
    );
}

#[test]
#[ignore = "lab"]
fn an_image_of_nixpkgs_saves_its_download() {
    let server = Server::of_nixpkgs();
    let archive = server.archive();
    let Archive { url, hash } = &archive;
    let project = Project::copy("examples/python-web");
    let flake = project.read("flake.nix");
    let flake = flake.replace("github:NixOS/nixpkgs/nixos-25.11", url);
    project.write("flake.nix", &flake);
    project.write("flake.lock", &lock(&archive));
    let no_eval = |words: &[&'static str]| run(project.path(), &[words, &["--no-eval"]].concat());

    let missing = no_eval(&["build", "--base", "nixpkgs"]).exits(1);
    assert!(missing.stderr.contains("[docker/no-base]"), "{missing}");
    let made = no_eval(&["base", "build", "--json"]).exits(0).json();
    assert_eq!(made["image"], "nixdyno/nixpkgs:8fd9daa3db09");
    let dry = no_eval(&["base", "build", "--json", "--dry-run"]).exits(0);
    assert_eq!(dry.json()["commands"], made["commands"]);

    // From here on there is nothing to download.
    drop(server);
    let built = no_eval(&["build", "--base", "nixpkgs", "--json"]);
    let built = built.exits(0).json();
    assert!(page(built["images"][0]["image"].as_str().unwrap()).contains("uestbook"));
    let without = no_eval(&["build"]).exits(1);
    assert!(without.stderr.contains("nixpkgs.tar.gz"), "{without}");
    for name in ["source", "nixpkgs-src"] {
        let fetch = format!(
            r#"builtins.pathExists "${{fetchTarball {{ name = "{name}"; url = "{url}"; sha256 = "{hash}"; }}}}/default.nix""#
        );
        let image = made["image"].as_str().unwrap();
        let eval = ["nix-instantiate", "--eval", "--expr", &fetch];
        let found = tool(
            "docker",
            &[&["run", "--rm", image], eval.as_slice()].concat(),
        );
        assert_eq!(found.trim(), "true", "{name}");
    }
}

#[test]
#[ignore = "lab"]
fn a_pinned_nixpkgs_may_be_on_any_port() {
    nixery();
    let server = Server::on_port(8080);
    let fits = |it: &Combination| it.family == "nixery" && !it.flake && it.root == "shell";
    let it = combinations().into_iter().find(fits).unwrap();
    let project = it.project(&server.archive());
    // The shell is of <nixpkgs>.
    let built = run(
        project.path(),
        &[vec!["build", "--json"], it.words()].concat(),
    );
    let built = built.exits(0).json();
    assert!(page(built["images"][0]["image"].as_str().unwrap()).starts_with("web as"));
}

#[test]
#[ignore = "lab"]
fn a_base_is_pinned_and_updated() {
    let image = "127.0.0.1:5000/me/nix:1";
    let project = Project::copy("examples/static-binary");
    let project = project.path();
    let nixdyno =
        |words: &[&str]| common::run(lab::nixdyno(project, words).env_remove("NIXDYNO_BASE"));
    let push = |from: &str| {
        tool("docker", &["tag", from, image]);
        tool("docker", &["push", image]);
        tool("docker", &["rmi", image]);
    };
    push(&base());
    let pinned = nixdyno(&["base", "pin", image]).exits(0).stdout;
    assert!(
        pinned.starts_with("127.0.0.1:5000/me/nix:1@sha256:"),
        "{pinned}"
    );
    let plan = nixdyno(&["plan", "--json"]).exits(0).json();
    assert_eq!(plan["base"]["image"], pinned.trim());
    nixdyno(&["build"]).exits(0);
    let same = nixdyno(&["base", "update", "--json"]).exits(0);
    assert_eq!(same.json()["changed"], false, "{same}");

    push(&nixery());
    let other = nixdyno(&["base", "update"]).exits(0).stdout;
    assert_ne!(other, pinned);
    let text = std::fs::read_to_string(project.join("nixdyno.toml")).unwrap();
    assert_eq!(text, format!("base = \"{}\"\n", other.trim()));
    let refused = nixdyno(&["base", "pin", "127.0.0.1:5000/me/none:1"]).exits(1);
    assert!(refused.stderr.contains("[docker/no-pull]"), "{refused}");
}

/// Makes the image that holds the nixpkgs of an archive.
pub fn nixpkgs_base(archive: &Archive) {
    let flake = format!(
        "{{ inputs.nixpkgs.url = \"{}\"; outputs = {{ self, nixpkgs }}: {{ }}; }}",
        archive.url
    );
    let project = Project::new(&[("flake.nix", &flake), ("flake.lock", &lock(archive))]);
    let words = ["base", "build", "--no-eval"];
    run(project.path(), &words).exits(0);
}

/// Serves one archive to containers until it is dropped.
pub struct Server {
    pub url: String,
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// What a project needs to fetch it.
    pub fn archive(&self) -> Archive {
        let hash = tool("nix", &["hash", "path", "/srv/lab/nixpkgs"]);
        Archive {
            url: self.url.clone(),
            hash: hash.trim().to_owned(),
        }
    }

    /// Serves it on the port that a URL needn't name.
    pub fn of_nixpkgs() -> Self {
        Self::on_port(80)
    }

    fn on_port(port: u16) -> Self {
        let archive = Command::new("tar")
            .args(["-C", "/srv/lab", "-cz", "nixpkgs"])
            .output()
            .unwrap();
        assert!(archive.status.success() && !archive.stdout.is_empty());
        let listener = TcpListener::bind(("0.0.0.0", port)).unwrap();
        let gateway = "{{(index .IPAM.Config 0).Gateway}}";
        let gateway = tool(
            "docker",
            &["network", "inspect", "bridge", "--format", gateway],
        );
        let named = if port == 80 {
            String::new()
        } else {
            format!(":{port}")
        };
        let url = format!("http://{}{named}/nixpkgs.tar.gz", gateway.trim());
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let length = archive.stdout.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(&archive.stdout);
            }
        });
        Server {
            url,
            port,
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread, which then ends.
        let _ = std::net::TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.thread.take().unwrap().join();
    }
}
