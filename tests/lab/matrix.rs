//! Every combination of `common::matrix`, built by both of Docker's builders and run as a dyno: what its processes say
//! as a user whom nobody knows, where nothing but /tmp is writable, and how much the image holds beside the closure.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bases::{Server, nixery, nixpkgs_base};
use crate::common::matrix::{Archive, Combination, IMAGE, combinations};
use crate::common::{Outcome, Project, root, run as finish};
use crate::lab::{base, nixdyno, tool};

/// What one builder made of one combination, and how long that and running it took.
struct Made {
    /// The image of each process type.
    images: BTreeMap<&'static str, Image>,
    built: f64,
    ran: f64,
    /// How many bytes are beside the closure, where that was counted.
    beside: Option<u64>,
}

/// What `docker image inspect` says of an image.
struct Image {
    tag: String,
    layers: Vec<String>,
    /// The bytes of all files in its layers, a hard link once.
    bytes: u64,
    /// How it starts: command, entrypoint, environment, folder.
    start: String,
}

#[test]
#[ignore = "lab"]
fn every_combination_on_nixos_nix() {
    let server = Server::of_nixpkgs();
    every_combination("nixos-nix", &server.archive());
}

#[test]
#[ignore = "lab"]
fn every_combination_on_nixery() {
    let server = Server::of_nixpkgs();
    nixery();
    every_combination("nixery", &server.archive());
}

#[test]
#[ignore = "lab"]
fn every_combination_on_nixpkgs() {
    let server = Server::of_nixpkgs();
    let archive = server.archive();
    nixpkgs_base(&archive);
    // From here on there is nothing to download.
    drop(server);
    every_combination("nixpkgs", &archive);
}

#[test]
#[ignore = "lab"]
fn every_combination_on_images_of_ones_own() {
    tool("docker", &["tag", &base(), "registry.example/me/builder:1"]);
    let server = Server::of_nixpkgs();
    every_combination("own", &server.archive());
}

/// All sixteen on one base.
fn every_combination(family: &str, archive: &Archive) {
    release_image();
    let below = Image::of(IMAGE.to_owned());
    let all = combinations().into_iter().filter(|it| it.family == family);
    let projects: Vec<(Combination, Project)> = all.map(|it| (it, prepared(it, archive))).collect();
    assert_eq!(projects.len(), 16);
    let started = Instant::now();
    // Builders share nothing, so each has a core of its own.
    let made = std::thread::scope(|scope| {
        let builders = ["1", "0"].map(|kit| {
            let (projects, below) = (&projects, &below);
            let each = move |(it, project): &(_, _)| make(*it, project, kit, below);
            scope.spawn(move || projects.iter().map(each).collect::<Vec<_>>())
        });
        builders.map(|it| it.join().unwrap())
    });
    println!(
        "base      from    processes root    layers      bytes beside  BuildKit built ran  classic built ran"
    );
    let [with_kit, classic] = &made;
    for ((it, _), (a, b)) in projects.iter().zip(with_kit.iter().zip(classic)) {
        same(*it, a, b, &below);
        let web = &a.images["web"];
        println!(
            "{:9} {:7} {:9} {:7} {:6} {:10} {:6} {:14.1} {:3.1} {:14.1} {:3.1}",
            it.family,
            it.origin(),
            it.count(),
            it.kind(),
            web.layers.len(),
            web.bytes,
            a.beside.unwrap(),
            a.built,
            a.ran,
            b.built,
            b.ran
        );
    }
    let seconds = started.elapsed().as_secs();
    println!("{family}, by two builders: {seconds} s");
}

/// Makes the stand-in for the image that roots stand on.
pub fn release_image() {
    let script = root().join("tests/lab/release-image.sh");
    tool("bash", &[script.to_str().unwrap()]);
}

/// A project with its Dockerfile in it.
fn prepared(it: Combination, archive: &Archive) -> Project {
    let project = it.project(archive);
    let words = [vec!["generate"], it.words()].concat();
    finish(&mut nixdyno(project.path(), &words)).exits(0);
    project
}

/// Builds one, runs it, and leaves no image of it.
fn make(it: Combination, project: &Project, kit: &str, below: &Image) -> Made {
    let started = Instant::now();
    let images = it.processes().iter().map(|process| {
        let tag = format!("matrix-{kit}:{it}-{process}");
        let target = it.several.then_some(*process);
        build(project, kit, target, &tag);
        (*process, Image::of(tag))
    });
    let images: BTreeMap<_, _> = images.collect();
    let built = started.elapsed().as_secs_f64();
    answers(it, &images);
    let web = &images["web"];
    let beside = (kit == "1").then(|| beside_the_closure(it, project, web, below));
    for image in images.values() {
        tool("docker", &["rmi", &image.tag]);
    }
    eprintln!("{kit} {it}: {:.0} s", started.elapsed().as_secs_f64());
    if it.several && it.root == IMAGE {
        // What one kind of project leaves helps no other, and a disk has an end.
        let words: &[&str] = match kit {
            "1" => &["builder", "prune", "--all", "--force"],
            _ => &["image", "prune", "--force"],
        };
        tool("docker", words);
    }
    Made {
        built,
        ran: started.elapsed().as_secs_f64() - built,
        images,
        beside,
    }
}

fn build(project: &Project, kit: &str, target: Option<&str>, tag: &str) {
    let mut command = Command::new("docker");
    command.args(["build", "--tag", tag]);
    command.args(target.map(|it| format!("--target={it}")));
    command.arg(".").current_dir(project.path());
    let built = command.env("DOCKER_BUILDKIT", kit).output().unwrap();
    let outcome = Outcome::of(&built);
    assert_eq!(outcome.code, 0, "{tag}: {outcome}");
}

impl Image {
    fn of(tag: String) -> Self {
        let inspected = tool("docker", &["image", "inspect", &tag]);
        let inspected: serde_json::Value = serde_json::from_str(&inspected).unwrap();
        let image = &inspected[0];
        let layers = image["RootFS"]["Layers"].as_array().unwrap().iter();
        let config = &image["Config"];
        let start = ["Entrypoint", "Cmd", "Env", "WorkingDir"].map(|key| config[key].to_string());
        Image {
            layers: layers.map(|it| it.as_str().unwrap().to_owned()).collect(),
            bytes: image["Size"].as_u64().unwrap(),
            start: start.join(" "),
            tag,
        }
    }
}

/// Whichever builder is at hand, an app is the same; and its process types share all layers, so that all images
/// together are no larger than one.
fn same(it: Combination, a: &Made, b: &Made, below: &Image) {
    let first = &a.images["web"];
    let below = if it.root == IMAGE {
        &below.layers[..]
    } else {
        &[]
    };
    let ours = below.len() + 3;
    for (process, image) in &a.images {
        let other = &b.images[process];
        assert_eq!(image.layers, first.layers, "{it} {process}");
        // BuildKit makes an empty layer for WORKDIR.
        assert_eq!(image.layers[..ours], other.layers[..ours], "{it} {process}");
        assert!(
            image.layers.len() <= ours + 1 && other.layers.len() == ours,
            "{it}"
        );
        assert!(image.layers.starts_with(below), "{it} {process}");
        assert_eq!(image.bytes, other.bytes, "{it} {process}");
        assert_eq!(image.start, other.start, "{it} {process}");
    }
}

/// How many bytes an image holds beside the closure of the app, its shell and its tools, as Nix tells it where it was
/// built: the certificates and hardly anything else. What an image stands on isn't counted.
fn beside_the_closure(it: Combination, project: &Project, web: &Image, below: &Image) -> u64 {
    let tag = format!("matrix-stage:{it}");
    build(project, "1", Some("build"), &tag);
    let script = "set -e; for link in /result /result-* /tools /tools-* /shell; do \
          if [ -e $link ]; then readlink -f $link; fi; done > /tmp/roots; \
        find $(nix-store --query --requisites $(cat /tmp/roots) | sort -u) -type f -printf '%D:%i %s\\n'";
    let listed = tool("docker", &["run", "--rm", &tag, "sh", "-c", script]);
    tool("docker", &["rmi", &tag]);
    let mut files: BTreeMap<&str, u64> = BTreeMap::new();
    for line in listed.lines() {
        let (file, size) = line.split_once(' ').unwrap();
        files.insert(file, size.parse().unwrap());
    }
    let closure: u64 = files.values().sum();
    assert!(closure > 1_000_000, "{it}: {closure}");
    let below = if it.root == IMAGE { below.bytes } else { 0 };
    let bytes = web.bytes - below;
    let beside = bytes.checked_sub(closure).unwrap_or_else(|| {
        panic!("{it}: of {closure} bytes of the closure only {bytes} are in the image")
    });
    // Certificates alone are 224,449 bytes, which outweigh one part in a hundred of a small closure.
    assert!(
        beside <= closure / 100 || beside <= 300_000,
        "{it}: {beside}"
    );
    beside
}

/// Every process type says what it should.
fn answers(it: Combination, images: &BTreeMap<&str, Image>) {
    let user = user().to_string();
    let user = user.as_str();
    let web = Dyno::start(&images["web"].tag, user);
    for process in it.processes().iter().filter(|it| **it != "web") {
        let tag = &images[*process].tag;
        let words = [&["run", "--rm"], DYNO, &["--user", user, tag]].concat();
        let said = tool("docker", &words);
        assert_eq!(said, format!("{process} as {user} in /app\n"), "{it}");
    }
    assert_eq!(web.page(), format!("web as {user} in /app\n"), "{it}");
}

/// As a dyno is run.
const DYNO: &[&str] = &[
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=512m",
    "--env=PORT=8080",
];

/// A user whom no image knows, another each time.
fn user() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    10_000 + u32::try_from(RandomState::new().hash_one(0) % 50_000).unwrap()
}

/// A container, gone in the end.
struct Dyno(String);

impl Dyno {
    fn start(tag: &str, user: &str) -> Self {
        let words = [&["run", "--detach"], DYNO, &["--user", user, tag]].concat();
        Dyno(tool("docker", &words).trim().to_owned())
    }

    fn page(&self) -> String {
        let format = "{{.NetworkSettings.IPAddress}}";
        let address = tool("docker", &["inspect", "--format", format, &self.0]);
        let url = format!("http://{}:8080/", address.trim());
        for _ in 0..100 {
            let asked = Command::new("curl").args(["-sS", "--fail", &url]).output();
            let asked = Outcome::of(&asked.unwrap());
            if asked.code == 0 {
                return asked.stdout;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{}", tool("docker", &["logs", &self.0]));
    }
}

impl Drop for Dyno {
    fn drop(&mut self) {
        let _ = Command::new("docker")
            .args(["rm", "--force", &self.0])
            .output();
    }
}
