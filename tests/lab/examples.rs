//! Every example, on every route, as a user would deploy it.

use std::path::PathBuf;

use serde::Deserialize;

use crate::common::root;
use crate::lab::{App, no_secret, run, tool};

/// What an example promises, in its `expect.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// The process types, sorted.
    processes: Vec<String>,
    /// What the page holds.
    answer: String,
    /// The least number of store paths in the image.
    store_paths: usize,
    /// Words for Nix that only the lab needs, in place of a network.
    #[serde(default)]
    lab_nix_args: Vec<String>,
    /// How many bytes the image may have beside its closure and the certificates.
    overhead: Option<u64>,
}

impl Expect {
    /// A command line with what the lab needs.
    fn args<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        let words = self
            .lab_nix_args
            .iter()
            .flat_map(|word| ["--nix-arg", word]);
        args.iter().copied().chain(words).collect()
    }
}

fn examples() -> Vec<(String, PathBuf, Expect)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("examples")).unwrap() {
        let dir = entry.unwrap().path();
        if dir.is_dir() {
            let name = dir.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(dir.join("expect.json"))
                .unwrap_or_else(|error| panic!("{name}/expect.json: {error}"));
            let expect = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{name}/expect.json: {error}"));
            found.push((name, dir, expect));
        }
    }
    assert!(found.len() >= 3, "examples are missing");
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
#[ignore = "lab"]
fn each_example_on_each_route() {
    for (name, dir, expect) in examples() {
        for route in ["docker", "heroku-cli", "direct"] {
            deploy_twice(&name, &dir, &expect, route);
        }
    }
}

fn deploy_twice(name: &str, dir: &std::path::Path, expect: &Expect, route: &str) {
    let app = App::to_come(&format!("{name}-{}", &route[..2]));
    let args = expect.args(&[
        "deploy", "--app", &app.0, "--route", route, "--create", "--json",
    ]);
    let first = run(dir, &args).exits(0);
    no_secret(&first);
    let done = first.json();
    assert_eq!(done["changed"], true, "{first}");
    assert!(app.page().contains(&expect.answer), "{}", app.page());

    // A dry run shows exactly the commands that were run.
    let mut dry = args.clone();
    dry.push("--dry-run");
    let dry = run(dir, &dry).exits(0);
    no_secret(&dry);
    let (shown, done_by) = (dry.json()["commands"].clone(), done["commands"].clone());
    if route == "direct" {
        // What stands beside the app is asked for when it is known what the app lacks.
        // Only when it runs is there a folder for the links that keep what was built.
        let named = |commands: &serde_json::Value| {
            let first = commands[0].as_str().unwrap().to_owned();
            let last = first.rsplit(' ').next().unwrap().to_owned();
            (first.split(' ').next().unwrap().to_owned(), last)
        };
        assert_eq!(named(&shown), named(&done_by), "{dry}\n{first}");
    } else {
        assert_eq!(shown, done_by, "{dry}\n{first}");
    }
    assert!(!done["commands"].as_array().unwrap().is_empty(), "{first}");

    for process in &expect.processes {
        let manifest = app.skopeo(process, &["--raw"]);
        assert_eq!(
            manifest["mediaType"],
            "application/vnd.docker.distribution.manifest.v2+json"
        );
        assert!(
            manifest["layers"].as_array().unwrap().len() <= 30,
            "{manifest}"
        );
        let image = app.skopeo(process, &[]);
        assert_eq!(image["Architecture"], "amd64");
        assert_eq!(image["Os"], "linux");
    }

    let before = app.releases();
    let second = run(dir, &args).exits(0);
    assert_eq!(second.json()["changed"], false, "{second}");
    assert_eq!(app.releases(), before, "an unchanged image made a release");
    assert_eq!(
        second.json()["images"],
        done["images"],
        "the same sources gave other images"
    );
}

#[test]
#[ignore = "lab"]
fn no_cache_gives_the_same_image() {
    for (name, dir, expect) in examples() {
        let args = expect.args(&["build", "--no-cache", "--quiet"]);
        let first = run(&dir, &args).exits(0);
        let second = run(&dir, &args).exits(0);
        assert_eq!(first.stdout, second.stdout, "{name}");
        assert_eq!(
            first.stdout.lines().count(),
            expect.processes.len(),
            "{first}"
        );
    }
}

#[test]
#[ignore = "lab"]
fn an_image_is_its_closure_and_little_more() {
    for (name, dir, expect) in examples() {
        let built = run(&dir, &expect.args(&["build", "--json"]))
            .exits(0)
            .json();
        let tag = built["images"][0]["image"].as_str().unwrap().to_owned();
        let files = image_files(&tag);
        let bytes = |prefix: &str| -> u64 {
            files
                .iter()
                .filter(|(path, _)| path.starts_with(prefix))
                .map(|(_, size)| size)
                .sum()
        };
        let paths: std::collections::BTreeSet<_> = files
            .iter()
            .filter_map(|(path, _)| path.strip_prefix("nix/store/")?.split('/').next())
            .filter(|name| !name.is_empty())
            .collect();
        assert!(
            paths.len() >= expect.store_paths,
            "{name}: {} store paths",
            paths.len()
        );
        let total = bytes("");
        let overhead = total - bytes("nix/store/") - bytes("etc/ssl/certs/");
        println!(
            "{name}: {total} bytes, {} store paths, {overhead} bytes beside",
            paths.len()
        );
        if let Some(most) = expect.overhead {
            assert!(
                overhead < most,
                "{name}: {overhead} bytes beside the closure"
            );
        }
    }
}

/// Every file of an image with its size, as `tar` lists them.
fn image_files(tag: &str) -> Vec<(String, u64)> {
    let container = tool("docker", &["create", tag, "x"]);
    let container = container.trim();
    let script = format!("docker export {container} | tar -tv; docker rm {container} >/dev/null");
    let listed = tool("bash", &["-c", &script]);
    listed
        .lines()
        .filter(|line| line.starts_with('-'))
        .map(|line| {
            let mut words = line.split_whitespace();
            let size = words.nth(2).unwrap().parse().unwrap();
            (words.nth(2).unwrap().to_owned(), size)
        })
        .filter(|(path, _): &(String, u64)| !path.starts_with("dev/"))
        .collect()
}

#[test]
#[ignore = "lab"]
fn an_edit_of_the_source_fetches_no_input_again() {
    let project = crate::common::Project::copy("examples/python-web");
    let (_, _, expect) = examples()
        .into_iter()
        .find(|(name, ..)| name == "python-web")
        .unwrap();
    let args = expect.args(&["build"]);
    run(project.path(), &args).exits(0);
    let app = project.read("app/app.py");
    project.write("app/app.py", &format!("{app}\n# edited\n"));
    let second = run(project.path(), &args).exits(0);
    let cached = |step: &str| {
        let id = second
            .stderr
            .lines()
            .find(|line| line.contains(step))
            .unwrap_or_else(|| panic!("{step}: {second}"));
        let number = id.trim().split(' ').next().unwrap();
        second
            .stderr
            .lines()
            .any(|line| line.trim() == format!("{number} CACHED"))
    };
    assert!(cached("nix flake archive"), "{second}");
    assert!(cached("cp -a /src /early"), "{second}");
    assert!(!cached("--out-link /result"), "{second}");
}

#[test]
#[ignore = "lab"]
fn a_forced_deploy_releases_again() {
    let app = App::new("forced-again");
    let dir = root().join("examples/static-binary");
    run(&dir, &["deploy", "--app", &app.0]).exits(0);
    let before = app.releases();
    let forced = run(&dir, &["deploy", "--app", &app.0, "--force", "--json"]).exits(0);
    assert_eq!(forced.json()["changed"], true, "{forced}");
    assert_eq!(app.releases(), before + 1);
    let back = run(&dir, &["rollback", "--app", &app.0]).exits(0);
    assert!(back.stdout.contains("runs what"), "{back}");
    assert!(app.page().contains("Hello"));
}
