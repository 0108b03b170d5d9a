//! Every combination of `common::matrix`, built by both of Docker's builders and run as a dyno: what its processes say
//! as a user whom nobody knows, where nothing but /tmp is writable, and how much the image holds beside the closure.
//!
//! What combinations do alike is left to Docker's cache: with several processes only the last steps are others.

mod dyno;
mod size;

use std::collections::{BTreeMap, VecDeque};
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use crate::bases::{Server, nixery, nixpkgs_base};
use crate::common::matrix::{Archive, Combination, IMAGE, combinations};
use crate::common::{Outcome, Project, root, run as finish};
use crate::lab::{base, nixdyno, tool};

use self::dyno::answers;
use self::size::{Size, beside_the_closure};

/// Docker's builders, as `DOCKER_BUILDKIT` names them.
const CLASSIC: &str = "0";
const KIT: &str = "1";

/// What one builder made of one combination.
struct Made {
    /// The image of each process type.
    images: BTreeMap<&'static str, Image>,
    /// That of `web`, and so of all.
    size: Size,
    /// How many bytes are neither of the closure nor certificates, where that was counted.
    beside: Option<u64>,
    /// How long it took.
    built: f64,
    ran: f64,
}

/// What `docker image inspect` says of an image.
struct Image {
    layers: Vec<String>,
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
    let (below, size) = Image::of(&[IMAGE]);
    let all = combinations().into_iter().filter(|it| it.family == family);
    let projects: BTreeMap<Combination, Project> =
        all.map(|it| (it, prepared(it, archive))).collect();
    assert_eq!(projects.len(), 16);
    let started = Instant::now();
    let chains = Mutex::new(chains(&projects));
    let made = Mutex::new(BTreeMap::new());
    let work = || {
        // Apart from the loop's head, or the lock would be held through its body.
        let next = || chains.lock().unwrap().pop_front();
        while let Some((kit, chain)) = next() {
            for it in chain {
                let one = make(it, &projects[&it], kit, size);
                made.lock().unwrap().insert((it, kit), one);
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let seconds = started.elapsed().as_secs();
    clean_up();
    show(family, &made.into_inner().unwrap(), &below[0], seconds);
}

/// What is to be done in its order, so that one gains by what the one before it left in Docker's cache. The longest
/// come first, so that both who work have something to do until the end.
fn chains(projects: &BTreeMap<Combination, Project>) -> VecDeque<(&'static str, Vec<Combination>)> {
    let mut chains = VecDeque::new();
    // What stands on an image has all but the last steps in common with what stands on nothing; of a flake and a
    // default.nix the shell and the tools are the same.
    for roots in [&["exec"][..], &["shell"], &["scratch", IMAGE]] {
        for kit in [CLASSIC, KIT] {
            let fits = |it: &&Combination| roots.contains(&it.root);
            let mut chain: Vec<Combination> = projects.keys().filter(fits).copied().collect();
            chain.sort_by_key(|it| (it.several, it.root == IMAGE));
            chains.push_back((kit, chain));
        }
    }
    chains
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
    if it.several {
        // What it says is in the Dockerfile. Without it the sources are those of a single process, and Docker's cache
        // has all that both do alike.
        std::fs::remove_file(project.path().join("Procfile")).unwrap();
    }
    project
}

/// Builds one, runs it, and leaves nothing of it but what is in Docker's caches.
fn make(it: Combination, project: &Project, kit: &'static str, below: Size) -> Made {
    let started = Instant::now();
    let tags = it.processes().iter().map(|process| {
        let tag = format!("matrix-{kit}:{it}-{process}");
        build(project, kit, it.several.then_some(*process), &tag);
        (*process, tag)
    });
    let tags: BTreeMap<_, _> = tags.collect();
    let built = started.elapsed().as_secs_f64();
    answers(it, &tags);
    let ran = started.elapsed().as_secs_f64() - built;
    // All of them have the same layers, as is checked below.
    let names: Vec<&str> = tags.values().map(String::as_str).collect();
    let (images, size) = Image::of(&names);
    // Of several processes the layers are those of one, and so is what they are made of.
    let count = kit == KIT && !it.several;
    let made = Made {
        images: tags.keys().copied().zip(images).collect(),
        size,
        beside: count.then(|| beside_the_closure(it, project, size, below)),
        built,
        ran,
    };
    tool(
        "docker",
        &[&["rmi", "--no-prune"], names.as_slice()].concat(),
    );
    made
}

fn build(project: &Project, kit: &str, target: Option<&str>, tag: &str) {
    let mut command = Command::new("docker");
    command.args(["build", "--tag", tag]);
    command.args(target.map(|it| format!("--target={it}")));
    command.arg(".").current_dir(project.path());
    command.env("DOCKER_BUILDKIT", kit);
    let mut build = || Outcome::of(&command.output().unwrap());
    let mut outcome = build();
    // The classic builder looks through all images on its way, and fails when one of them is removed meanwhile.
    for _ in 0..5 {
        if outcome.stderr.contains("unable to find image") {
            outcome = build();
        }
    }
    assert_eq!(outcome.code, 0, "{tag}: {outcome}");
}

/// What was built on one base helps no other, and a disk has an end.
fn clean_up() {
    tool("docker", &["builder", "prune", "--all", "--force"]);
    tool("docker", &["image", "prune", "--force"]);
}

impl Image {
    /// Of each of some images, with what the last of them weighs.
    fn of(tags: &[&str]) -> (Vec<Self>, Size) {
        let inspected = tool("docker", &[&["image", "inspect"], tags].concat());
        let inspected: serde_json::Value = serde_json::from_str(&inspected).unwrap();
        let all = inspected.as_array().unwrap();
        let images = all.iter().map(|image| {
            let layers = image["RootFS"]["Layers"].as_array().unwrap().iter();
            let config = &image["Config"];
            let start =
                ["Entrypoint", "Cmd", "Env", "WorkingDir"].map(|key| config[key].to_string());
            Image {
                layers: layers.map(|it| it.as_str().unwrap().to_owned()).collect(),
                start: start.join(" "),
            }
        });
        let size = Size::of(&all.last().unwrap()["GraphDriver"]["Data"]);
        (images.collect(), size)
    }
}

/// Holds what the two builders made against each other, and several processes against one.
#[allow(clippy::print_stdout, reason = "figures, for who asks for them")]
fn show(family: &str, made: &BTreeMap<(Combination, &str), Made>, below: &Image, seconds: u64) {
    println!(
        "base      from    processes root    layers      bytes beside  BuildKit built ran  classic built ran"
    );
    for ((it, _), a) in made.iter().filter(|((_, kit), _)| *kit == KIT) {
        let b = &made[&(*it, CLASSIC)];
        same(*it, a, b, below);
        let one = &made[&(it.of_one_process(), KIT)];
        assert!(a.images["web"].layers == one.images["web"].layers, "{it}");
        println!(
            "{:9} {:7} {:9} {:7} {:6} {:10} {:6} {:14.1} {:3.1} {:14.1} {:3.1}",
            it.family,
            it.origin(),
            it.count(),
            it.kind(),
            a.images["web"].layers.len(),
            a.size.bytes,
            one.beside.unwrap(),
            a.built,
            a.ran,
            b.built,
            b.ran
        );
    }
    println!("{family}, by two builders: {seconds} s");
}

/// Whichever builder is at hand, an app is the same; and its process types share all layers, so that all images
/// together are no larger than one.
fn same(it: Combination, a: &Made, b: &Made, below: &Image) {
    let layers = &a.images["web"].layers;
    let below = if it.root == IMAGE {
        &below.layers[..]
    } else {
        &[]
    };
    let ours = below.len() + 3;
    for (process, image) in &a.images {
        let other = &b.images[process];
        assert_eq!(image.layers, *layers, "{it} {process}");
        // BuildKit makes an empty layer for WORKDIR.
        assert_eq!(image.layers[..ours], other.layers, "{it} {process}");
        assert!(image.layers.len() <= ours + 1, "{it}");
        assert!(image.layers.starts_with(below), "{it} {process}");
        assert_eq!(image.start, other.start, "{it} {process}");
    }
    assert_eq!(a.size, b.size, "{it}");
}
