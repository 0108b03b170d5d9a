//! What is in an image, and why: held against the image itself and against Nix.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::bases::{SEARCH, nixery};
use crate::common::{Outcome, Project, run as finish};
use crate::interrupt::stopped;
use crate::lab::{nixdyno, run, tool};
use crate::layers::{NIXPKGS, layers};

/// A folder with a `docker` that does what `script` says, and is the lab's own otherwise.
fn docker(script: &str) -> Project {
    let real = tool("bash", &["-c", "command -v docker"]);
    let text = format!("#!/bin/sh\n{script}\nexec {} \"$@\"\n", real.trim());
    let tools = Project::new(&[("docker", &text)]);
    let path = tools.path().join("docker");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    tools
}

fn path_with(tools: &Project) -> String {
    format!(
        "{}:{}",
        tools.path().display(),
        std::env::var("PATH").unwrap()
    )
}

/// Runs with the builder of the lab, or with the classic one.
fn build_and_look(project: &Project, words: &[&str], classic: bool) -> (Value, Value) {
    // From 23 on a client without buildx has the classic builder.
    let tools = docker(if classic {
        r#"[ "$1" != version ] || { echo 24.0.7; exit; }"#
    } else {
        ""
    });
    let told = |verb: &str| -> Outcome {
        let words = [&[verb, "--json", "-v"], words].concat();
        let told = finish(nixdyno(project.path(), &words).env("PATH", path_with(&tools))).exits(0);
        assert_eq!(told.stderr.contains("DOCKER_BUILDKIT=0"), classic, "{told}");
        told
    };
    let built = told("build").json();
    let contents = told("contents").json();
    // It is the same image still, and a second look finds the first in the cache.
    assert_eq!(told("build").json()["images"], built["images"]);
    let again = told("contents");
    let cached = again.stderr.contains("CACHED") || again.stderr.contains("Using cache");
    assert!(cached, "{again}");
    let paths = |contents: &Value| contents["paths"].clone();
    assert_eq!(paths(&again.json()), paths(&contents));
    (built, contents)
}

/// Every path of the image is listed once, with the layer that it is in; and nothing is left in the engine.
fn agrees_with_the_image(built: &Value, contents: &Value) {
    let mut listed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in contents["paths"].as_array().unwrap() {
        let name = path["path"].as_str().unwrap().strip_prefix("/nix/store/");
        let layer = path["layer"].as_str().unwrap().to_owned();
        listed
            .entry(name.unwrap().to_owned())
            .or_default()
            .push(layer);
    }
    let layers = layers(built["images"][0]["image"].as_str().unwrap());
    let mut inside: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (layer, name) in layers.iter().zip(["system", "dependencies", "own"]) {
        for path in &layer.paths {
            inside
                .entry(path.clone())
                .or_default()
                .push(name.to_owned());
        }
    }
    assert_eq!(listed, inside);
    assert!(listed.len() > 1);
    let images = tool("docker", &["images", "--format", "{{.Repository}}"]);
    assert!(!images.contains(".contents"), "{images}");
    let containers = tool("docker", &["ps", "--all", "--format", "{{.Image}}"]);
    assert!(!containers.contains(".contents"), "{containers}");
}

#[test]
#[ignore = "lab"]
fn every_path_is_listed_once_with_its_layer() {
    let flake = Project::copy("examples/python-web");
    let words = [&["--root", "shell", "--with", "curl"], NIXPKGS.as_slice()].concat();
    let classic = Project::copy("examples/classic-jobs");
    for (project, words) in [(&flake, words.as_slice()), (&classic, &[])] {
        for classic in [false, true] {
            let (built, contents) = build_and_look(project, words, classic);
            agrees_with_the_image(&built, &contents);
        }
    }
}

#[test]
#[ignore = "lab"]
fn a_nixery_tells_it_too() {
    let project = Project::copy("examples/classic-jobs");
    nixery();
    let words = [&["--base", "nixery"], SEARCH].concat();
    for classic in [false, true] {
        let (built, contents) = build_and_look(&project, &words, classic);
        agrees_with_the_image(&built, &contents);
    }
}

#[test]
#[ignore = "lab"]
fn sizes_and_ways_are_those_of_nix() {
    let project = Project::copy("examples/python-web");
    let words = [&["--with", "curl"], NIXPKGS.as_slice()].concat();
    let ask = |verb: &[&str]| run(project.path(), &[verb, &words].concat()).exits(0);
    let contents = ask(&["contents", "--json"]).json();
    // The stage that the image was copied from, with its store and its database.
    ask(&["generate"]);
    let dir = project.path().display().to_string();
    tool(
        "docker",
        &["build", "--target", "build", "--tag", "truth", &dir],
    );
    let nix = |words: &[&str]| tool("docker", &[&["run", "--rm", "truth"], words].concat());
    let told = nix(&["nix", "path-info", "--all", "--closure-size", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let truth: BTreeMap<String, Value> = match told {
        Value::Array(rows) => {
            let rows = rows.into_iter();
            rows.map(|row| (row["path"].as_str().unwrap().to_owned(), row))
                .collect()
        }
        Value::Object(rows) => rows.into_iter().collect(),
        other => panic!("{other}"),
    };
    let paths = contents["paths"].as_array().unwrap();
    for path in paths {
        let name = path["path"].as_str().unwrap();
        assert_eq!(path["bytes"], truth[name]["narSize"], "{name}");
    }
    assert!(paths.len() > 20, "{contents:#}");

    let why = ask(&["why", "libc6", "--json"]).json();
    let path = &why["paths"][0];
    let name = path["path"].as_str().unwrap();
    assert_eq!(path["closure_bytes"], truth[name]["closureSize"]);
    let chains = path["chains"].as_array().unwrap();
    assert!(chains.len() >= 2, "from the app, and from curl: {why:#}");
    for chain in chains {
        let steps: Vec<&str> = chain["paths"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        assert_eq!(steps.last(), Some(&name));
        for pair in steps.windows(2) {
            let references = nix(&["nix-store", "--query", "--references", pair[0]]);
            assert!(
                references.lines().any(|it| it == pair[1]),
                "{pair:?}: {references}"
            );
        }
    }
    let app = chains[0]["paths"][0].as_str().unwrap();
    assert!(app.ends_with("-guestbook-1.0.0"), "{app}");
    let referrers = nix(&["nix-store", "--query", "--referrers", name]);
    for referrer in path["referrers"].as_array().unwrap() {
        let referrer = referrer.as_str().unwrap();
        assert!(referrers.lines().any(|it| it == referrer), "{referrer}");
    }
}

#[test]
#[ignore = "lab"]
fn a_look_that_is_stopped_leaves_nothing() {
    let project = Project::copy("examples/static-binary");
    run(project.path(), &["build"]).exits(0);
    let tools = docker(r#"[ "$1" != cp ] || sleep 62"#);
    let mut look = nixdyno(project.path(), &["contents", "-v"]);
    stopped(look.env("PATH", path_with(&tools)), "$ docker cp");
    for left in [&["ps", "--all"][..], &["images", "--all"]] {
        let listed = tool("docker", left);
        assert!(!listed.contains(".contents"), "{listed}");
    }
}
