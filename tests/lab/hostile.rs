//! Hostile values, judged by Docker itself: a plan holds one in every place that takes it, both builders build its
//! Dockerfile on an image whose Nix only notes what it was called with, and every value must come back as it was.

use std::collections::BTreeMap;
use std::process::Command;

use nixdyno::inspect::Origin;
use nixdyno::render::{Target, dockerfile};

use crate::common::{Outcome, Project};
use crate::lab::{base, tool};
use crate::values::{Hostile, hostile};

/// A Nix that notes how many words it got, and the words.
const NIX: &str = "#!/bin/sh\nprintf '%s\\0' \"${0##*/}\" \"$#\" \"$@\" >> /noted/calls\n";

/// The builders that this client has, as `DOCKER_BUILDKIT` names them.
pub(crate) fn kits() -> &'static [&'static str] {
    let version = tool("docker", &["version", "--format", "{{.Client.Version}}"]);
    let buildx = Command::new("docker").args(["buildx", "version"]).output();
    if version.starts_with("20.") {
        &["0", "1"]
    } else if buildx.unwrap().status.success() {
        &["1"]
    } else {
        &["0"]
    }
}

/// The image that the Dockerfiles start from here.
fn stub(kit: &str) -> &'static str {
    let recipe = format!(
        "FROM {}\nCOPY nix /stub/nix\nRUN mkdir /noted && chmod +x /stub/nix && ln -s nix /stub/nix-build\nENV PATH=/stub:$PATH\n",
        base()
    );
    let folder = Project::new(&[("Dockerfile", &recipe), ("nix", NIX)]);
    build(&folder, kit, "registry.example/stub:1", None);
    "registry.example/stub:1"
}

fn build(folder: &Project, kit: &str, tag: &str, target: Option<&str>) {
    let mut docker = Command::new("docker");
    docker.args(["build", "--tag", tag]);
    docker.args(target.iter().flat_map(|it| ["--target", it]));
    docker.arg(".").current_dir(folder.path());
    Outcome::of(&docker.env("DOCKER_BUILDKIT", kit).output().unwrap()).exits(0);
}

/// Our Dockerfile, but for the steps that need what Nix has built; the image has what Nix was called with.
fn dockerfile_of(it: &Hostile) -> String {
    let text = dockerfile(&it.plan, Target::All).unwrap();
    let (start, rest) = text
        .split_once("# What an edit of the sources leaves alone")
        .unwrap();
    let (_, end) = rest.split_once("\nFROM scratch").unwrap();
    let end: Vec<&str> = end
        .lines()
        .filter(|line| !line.starts_with("COPY --from=build"))
        .collect();
    let (first, end) = end.split_first().unwrap();
    format!(
        "{start}RUN env -0 > /noted/variables\nFROM scratch{first}\nCOPY --from=build /noted/ /\n{}\n",
        end.join("\n")
    )
}

fn words(bytes: &str) -> Vec<String> {
    let words = bytes.split_terminator('\0');
    words.map(str::to_owned).collect()
}

/// A file of an image.
fn file(tag: &str, path: &str, to: &Project) -> String {
    let container = tool("docker", &["create", tag]);
    let container = container.trim();
    let target = to.path().join("copied");
    tool(
        "docker",
        &[
            "cp",
            &format!("{container}:{path}"),
            target.to_str().unwrap(),
        ],
    );
    tool("docker", &["rm", container]);
    to.read("copied")
}

/// The words of each call of Nix.
fn calls(tag: &str, folder: &Project) -> Vec<Vec<String>> {
    let all = words(&file(tag, "/calls", folder));
    let mut rest = all.as_slice();
    let mut calls = Vec::new();
    while let [program, count, more @ ..] = rest {
        let (own, after) = more.split_at(count.parse().unwrap());
        calls.push([std::slice::from_ref(program), own].concat());
        rest = after;
    }
    calls
}

#[track_caller]
fn called(calls: &[Vec<String>], start: &[&str], part: &[String]) {
    let call = calls
        .iter()
        .find(|it| it.iter().take(start.len()).eq(start.iter()));
    let call = call.unwrap_or_else(|| panic!("{start:?}: {calls:?}"));
    assert!(
        call.windows(part.len()).any(|it| it == part),
        "{part:?}: {call:?}"
    );
}

fn flagged(flag: &str, values: &[String]) -> Vec<String> {
    let words = values.iter().flat_map(|it| [flag.to_owned(), it.clone()]);
    words.collect()
}

#[test]
#[ignore = "lab"]
fn every_engine_reads_what_was_meant() {
    let kits = kits();
    let stub = stub(kits[0]);
    for kit in kits {
        for from in [Origin::Flake, Origin::Classic] {
            let mut it = hostile();
            it.plan.base.image = stub.parse().unwrap();
            it.plan.build.from = from;
            it.plan.build.recipe = vec!["default.nix".into()];
            let folder = Project::new(&[("flake.nix", "{ }"), ("default.nix", "{ }")]);
            folder.write("Dockerfile", &dockerfile_of(&it));
            build(&folder, kit, "hostile:1", None);
            let calls = calls("hostile:1", &folder);
            match from {
                Origin::Flake => {
                    let refs: Vec<String> = it
                        .attributes
                        .iter()
                        .map(|path| format!("path:/src#{path}"))
                        .collect();
                    called(&calls, &["nix", "flake", "archive"], &it.nix_words);
                    called(
                        &calls,
                        &["nix", "build", "--print-build-logs"],
                        &it.nix_words,
                    );
                    called(&calls, &["nix", "build", "--print-build-logs"], &refs);
                }
                Origin::Classic => {
                    called(&calls, &["nix-build", "--option"], &it.nix_words);
                    let built: Vec<Vec<String>> = calls.iter().rev().cloned().collect();
                    called(
                        &built,
                        &["nix-build", "--option"],
                        &flagged("--attr", &it.attributes),
                    );
                    called(
                        &calls,
                        &["nix-build", "<nixpkgs>"],
                        &flagged("--attr", &it.packages),
                    );
                }
            }
            variables(&it, &folder);
            if from == Origin::Flake {
                commands(&it, &folder, kit);
            }
            println!("{} cases, DOCKER_BUILDKIT={kit}, {from:?}", it.fates.len());
        }
    }
}

/// Arguments of the Docker build are variables of what runs in it.
fn variables(it: &Hostile, folder: &Project) {
    let all = words(&file("hostile:1", "/variables", folder));
    let all: BTreeMap<&str, &str> = all.iter().filter_map(|it| it.split_once('=')).collect();
    for (name, value) in &it.args {
        assert_eq!(all.get(name.as_str()), Some(&value.as_str()), "{name}");
    }
}

/// Each process type's command is the one of its image.
fn commands(it: &Hostile, folder: &Project, kit: &str) {
    // An image each takes a while: by the old builder, which has the same reader, every fourth.
    let every = if kit == "0" { 4 } else { 1 };
    for (process, words) in it.commands.iter().step_by(every) {
        build(folder, kit, "hostile:2", Some(process));
        let cmd = tool(
            "docker",
            &["inspect", "--format", "{{json .Config.Cmd}}", "hostile:2"],
        );
        let cmd: Vec<String> = serde_json::from_str(&cmd).unwrap();
        assert_eq!(cmd, *words, "{process}");
    }
}
