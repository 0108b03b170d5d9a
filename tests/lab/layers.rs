//! The layers of an image: which store paths each has, and which of them an edit of the sources makes anew.

use std::collections::BTreeSet;

use crate::common::{Project, root};
use crate::lab::{App, run, tool};

pub const NIXPKGS: [&str; 6] = [
    "--nix-arg",
    "--override-input",
    "--nix-arg",
    "nixpkgs",
    "--nix-arg",
    "path:/srv/lab/nixpkgs",
];

/// What is known of one layer.
pub struct Layer {
    /// The SHA-256 of its tar.
    pub diff_id: String,
    /// Names in the store.
    pub paths: BTreeSet<String>,
}

/// The layers of an image, the lowest first.
pub fn layers(tag: &str) -> Vec<Layer> {
    let place = tempfile::tempdir().unwrap();
    let saved = place.path().join("image.tar");
    let saved = saved.to_str().unwrap();
    tool("docker", &["save", "--output", saved, tag]);
    let manifest = tool("tar", &["-xOf", saved, "manifest.json"]);
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let files = manifest[0]["Layers"].as_array().unwrap().iter();
    let ids = tool(
        "docker",
        &[
            "image",
            "inspect",
            "--format",
            "{{range .RootFS.Layers}}{{println .}}{{end}}",
            tag,
        ],
    );
    let ids: Vec<&str> = ids.split_whitespace().collect();
    assert_eq!(ids.len(), files.len());
    let layer = |(file, id): (&serde_json::Value, &str)| {
        let script = format!(
            "tar -xOf {saved} {} | tar -tz 2>/dev/null || tar -xOf {saved} {0} | tar -t",
            file.as_str().unwrap()
        );
        let listed = tool("bash", &["-c", &script]);
        let inside = listed
            .lines()
            .filter_map(|line| line.strip_prefix("nix/store/"));
        let names = inside.filter_map(|rest| rest.split('/').next());
        let names = names.filter(|name| !name.is_empty());
        Layer {
            diff_id: id.to_owned(),
            paths: names.map(str::to_owned).collect(),
        }
    };
    files.zip(ids).map(layer).collect()
}

fn build(project: &Project, words: &[&str]) -> Vec<Layer> {
    let args = [&["build", "--json"], words].concat();
    let built = run(project.path(), &args).exits(0).json();
    layers(built["images"][0]["image"].as_str().unwrap())
}

/// Builds, edits, builds again: only the last layer differs, and it holds just what is new in the store.
pub fn only_the_last_changes(
    project: &Project,
    words: &[&str],
    edit: impl Fn(&Project),
) -> Vec<Layer> {
    let before = build(project, words);
    edit(project);
    let after = build(project, words);
    let ids =
        |layers: &[Layer]| -> Vec<String> { layers.iter().map(|it| it.diff_id.clone()).collect() };
    let (old, new) = (ids(&before), ids(&after));
    assert_eq!(old.len(), 3);
    assert_eq!(old[..2], new[..2], "the parts below stay");
    assert_ne!(old[2], new[2], "the edit is there");
    let all: BTreeSet<&String> = before.iter().flat_map(|it| &it.paths).collect();
    let fresh: BTreeSet<&String> = after.iter().flat_map(|it| &it.paths).collect();
    let changed: BTreeSet<&String> = fresh.difference(&all).copied().collect();
    assert_eq!(after[2].paths.iter().collect::<BTreeSet<_>>(), changed);
    after
}

#[test]
#[ignore = "lab"]
fn an_edit_makes_only_the_last_layer_anew() {
    let project = Project::copy("examples/python-web");
    let after = only_the_last_changes(&project, &NIXPKGS, |project| {
        let app = project.read("app/app.py");
        project.write("app/app.py", &format!("{app}\n# edited\n"));
    });
    let count = |at: usize| after[at].paths.len();
    assert!(count(0) >= 2 && count(1) >= 15, "{} {}", count(0), count(1));
}

#[test]
#[ignore = "lab"]
fn what_stands_between_the_sources_and_the_app_goes_with_the_app() {
    let shared = r#"
      assets = pkgs.runCommand "assets" { } "mkdir $out; cp ${./web/page.html} $out/index.html";
      # the text enters the derivation, and no file does
      banner = pkgs.writeText "banner" (builtins.readFile ./banner.txt);
      settings = pkgs.writeText "settings" "none of this is in the sources";
      version = builtins.readFile ./VERSION;
      app = pkgs.writeShellScriptBin "web" "${pkgs.coreutils}/bin/cat ${banner} ${settings}; exec ${pkgs.busybox}/bin/busybox httpd -f -p $PORT -h ${assets} # ${version}";
    "#;
    let classic = format!("{{ pkgs ? import <nixpkgs> {{ }} }}: let {shared} in app");
    let flake = format!(
        "{{ outputs = {{ self, nixpkgs }}: let pkgs = nixpkgs.legacyPackages.x86_64-linux; {shared} in {{
            packages.x86_64-linux.default = app; }}; }}"
    );
    for (file, text, words) in [
        ("default.nix", classic, [].as_slice()),
        ("flake.nix", flake, NIXPKGS.as_slice()),
    ] {
        for (edited, text_after) in [
            ("web/page.html", "<h1>Hello</h1>\n<p>again</p>\n"),
            ("banner.txt", "two\nother lines\n"),
        ] {
            let project = Project::new(&[
                (file, &text),
                ("web/page.html", "<h1>Hello</h1>\n<p>once</p>\n"),
                ("banner.txt", "two\nlines\n"),
                ("VERSION", "1.0"),
            ]);
            let before = build(&project, words);
            project.write(edited, text_after);
            let after = build(&project, words);
            let named =
                |layer: &Layer, name: &str| layer.paths.iter().any(|path| path.ends_with(name));
            for name in ["-assets", "-banner", "-web"] {
                assert!(named(&after[2], name), "{file} {edited}: {name}");
            }
            assert!(named(&after[1], "-settings"), "{file} {edited}");
            for at in [0, 1] {
                assert_eq!(before[at].diff_id, after[at].diff_id, "{file} {edited}");
            }
        }
    }
}

#[test]
#[ignore = "lab"]
fn a_push_after_an_edit_sends_the_edit() {
    let app = App::new("edited-app");
    let project = Project::copy("examples/python-web");
    let deploy = || {
        let args = [&["deploy", "--app", &app.0], NIXPKGS.as_slice()].concat();
        run(project.path(), &args).exits(0);
        let manifest = app.skopeo("web", &["--raw"]);
        let layers = manifest["layers"].as_array().unwrap().clone();
        let layers = layers.into_iter().map(|it| {
            let digest = it["digest"].as_str().unwrap().to_owned();
            (digest, it["size"].as_u64().unwrap())
        });
        layers.collect::<Vec<_>>()
    };
    let before = deploy();
    let text = project.read("app/app.py");
    // What was sent must weigh more than the frame of a tar.
    let ballast: Vec<String> = (0..40_000)
        .map(|n| format!("# {}", n * 7919 % 10_007))
        .collect();
    project.write("app/app.py", &format!("{text}\n{}\n", ballast.join("\n")));
    let after = deploy();
    assert_eq!(before[..2], after[..2]);
    let built = run(
        project.path(),
        &[&["build", "--json"], NIXPKGS.as_slice()].concat(),
    );
    let built = built.exits(0).json();
    let tag = built["images"][0]["image"].as_str().unwrap().to_owned();
    let paths: Vec<String> = layers(&tag)[2].paths.iter().cloned().collect();
    let container = tool("docker", &["create", &tag]);
    let container = container.trim();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let script = format!(
        "docker export {container} | tar -xC {folder}; docker rm {container} > /dev/null; \
         tar -cC {folder}/nix/store {} | gzip -6 | wc -c",
        paths.join(" ")
    );
    let changed: u64 = tool("bash", &["-c", &script]).trim().parse().unwrap();
    let sent = after[2].1;
    println!("sent {sent} bytes, the changed store paths compress to {changed}");
    assert!(sent * 10 <= changed * 12, "{sent} of {changed}");
}

#[test]
#[ignore = "lab"]
fn an_edit_that_cannot_be_planned_changes_the_package_alone() {
    // A file of two lines that must not have a third.
    let text = r#"{ pkgs ? import <nixpkgs> { } }:
      assert builtins.readFile ./exact == "a\nb\n";
      pkgs.writeShellScriptBin "web" "exec ${pkgs.busybox}/bin/busybox cat ${./exact}""#;
    let project = Project::new(&[("default.nix", text), ("exact", "a\nb\n")]);
    let layers = build(&project, &[]);
    let last: Vec<_> = layers[2].paths.iter().collect();
    assert_eq!(last.len(), 1, "{last:?}");
    assert!(last[0].ends_with("-web"), "{last:?}");
}

#[test]
#[ignore = "lab"]
fn both_builders_and_an_empty_cache_give_the_same_layers() {
    let project = Project::copy("examples/classic-jobs");
    run(project.path(), &["generate"]).exits(0);
    let build = |kit: &str, words: &str| {
        let script = format!(
            "cd {}; DOCKER_BUILDKIT={kit} docker build {words} --quiet --tag layers-{kit} . > /dev/null",
            project.path().display()
        );
        tool("bash", &["-c", &script]);
        let layers = layers(&format!("layers-{kit}"));
        // BuildKit makes an empty one for WORKDIR, whether the folder is there or not.
        let parts = layers.into_iter().take(3);
        parts.map(|it| it.diff_id).collect::<Vec<_>>()
    };
    let first = build("1", "");
    assert_eq!(build("0", "--no-cache"), first, "the classic builder");
    tool("docker", &["builder", "prune", "--all", "--force"]);
    assert_eq!(build("1", "--no-cache"), first, "after the cache is gone");
}

/// What a registry is sent is compressed by the engine: one that has neither the image nor a cache must send the same
/// bytes, or a push from a second machine would send all again. Each lab has an engine and a registry of its own.
#[test]
#[ignore = "lab"]
fn every_engine_pushes_the_same_blobs() {
    let app = App::new("every-engine");
    let dir = root().join("examples/static-binary");
    run(&dir, &["deploy", "--app", &app.0]).exits(0);
    let manifest = app.skopeo("web", &["--raw"]);
    let blobs = manifest["layers"].as_array().unwrap().iter().take(3);
    let blobs: Vec<_> = blobs.map(|it| it["digest"].as_str().unwrap()).collect();
    let built = run(&dir, &["build", "--json"]).exits(0).json();
    let layers = layers(built["images"][0]["image"].as_str().unwrap());
    let store = tool("docker", &["info", "--format", "{{.Driver}}"]);
    let known = format!("blobs-{}-{}", store.trim(), stands_on(&layers));
    println!("{known}\n{}", blobs.join("\n"));
    as_others_made_it(&known, &blobs.join("\n"));
}

/// Run by every kind of engine, one after another: what the first has made, all others must make.
#[test]
#[ignore = "lab"]
fn every_engine_gives_the_same_layers() {
    let dir = root().join("examples/static-binary");
    let built = run(&dir, &["build", "--json", "--no-cache"])
        .exits(0)
        .json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    let layers = layers(tag);
    let all =
        |what: fn(&Layer) -> String| -> Vec<String> { layers.iter().take(3).map(what).collect() };
    let ids = all(|it| it.diff_id.clone()).join("\n");
    // Of other store paths the layers differ, and containerd's image store writes its tars in a way of its own.
    let store = tool("docker", &["info", "--format", "{{.Driver}}"]);
    let known = format!("layers-{}-{}", store.trim(), stands_on(&layers));
    as_others_made_it(&known, &ids);
}

/// Names the store paths of the layers.
fn stands_on(layers: &[Layer]) -> String {
    let paths = layers.iter().take(3).map(|it| {
        let hashes = it.paths.iter().map(|path| &path[..8]);
        hashes.collect::<Vec<_>>().join("-")
    });
    paths.collect::<Vec<_>>().join("+")
}

/// Holds what this engine made against what the ones before it made, and keeps it for the ones after.
fn as_others_made_it(name: &str, made: &str) {
    let known = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if let Ok(first) = std::fs::read_to_string(&known) {
        let known = known.display();
        assert_eq!(made, first, "not as another engine made them: {known}");
    }
    std::fs::write(&known, made).unwrap();
}
