//! A deploy whose build is Heroku's, against a server that answers by a script; and what it sends.

use std::path::Path;

use flate2::read::GzDecoder;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::*;
use crate::heroku::testing::{Asked, FakeClock, Reply, Server, credentials};
use crate::heroku::{Api, DryApi};
use crate::inspect::Warning;
use crate::plan::{Plan, Route};
use crate::shell::Recorded;
use crate::ui::{ColorChoice, ColorEnv, Level, Ui};

fn plan() -> Plan {
    let text = include_str!("../../../../tests/fixtures/plan.json");
    let mut plan: Plan = serde_json::from_str(text).unwrap();
    plan.ship.route = Route::HerokuYml;
    plan
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    dir
}

/// Deploys `dir` by `plan`, or does something else with the hands for it.
fn with<T>(
    plan: &Plan,
    dir: &Path,
    api: &dyn Api,
    clock: &FakeClock,
    act: impl FnOnce(&Deploy<'_>) -> T,
) -> T {
    let endpoints = crate::heroku::Endpoints::resolve(crate::heroku::HostSettings::default());
    let ui = Ui::new(
        Level::Quiet,
        false,
        ColorChoice::Never,
        &ColorEnv::default(),
    );
    act(&Deploy {
        plan,
        dir,
        images: None,
        runner: &Recorded::new(),
        api,
        registry: None,
        cache: &crate::image::Cache::default(),
        endpoints: &endpoints.unwrap().0,
        credentials: &credentials(),
        clock,
        ui: &ui,
    })
}

fn run(deploy: &Deploy<'_>) -> Result<Done> {
    deploy.run()
}

/// A Heroku whose build ends as `status` with `output`, and whose answer to a cancelled one is `cancel`.
fn heroku(app: Value, status: &'static str, output: &'static str, cancel: u16) -> Server {
    Server::scripted(move |asked: &Asked| {
        let url = format!("http://{}", asked.header("host"));
        let build = |status: &str| {
            let release = (status == "succeeded").then(|| json!({ "id": "r-1" }));
            json!({ "id": "b-1", "status": status, "output_stream_url": format!("{url}/output"), "release": release })
        };
        let (method, path) = asked.line.split_once(' ').unwrap();
        let answer = match (method, path) {
            ("PUT", _) => return Some(Reply::new(200, "")),
            (_, "/output") => return Some(Reply::new(200, output)),
            ("POST", "/sources") => {
                json!({ "source_blob": { "get_url": format!("{url}/get"), "put_url": format!("{url}/put") } })
            }
            ("POST", _) => build("pending"),
            ("DELETE", _) => return Some(Reply::json(cancel, &build("failed").to_string())),
            (_, "/apps/my-app") => app.clone(),
            (_, "/apps/my-app/builds/b-1") => build(status),
            (_, "/apps/my-app/formation") => json!([{ "type": "web", "quantity": 1 }]),
            (_, "/apps/my-app/dynos") => {
                json!([{ "name": "web.1", "type": "web", "state": "up", "release": { "version": 7 } }])
            }
            _ => {
                json!({ "id": "r-1", "version": 7, "status": "succeeded", "description": "Deploy 0123abcd" })
            }
        };
        Some(Reply::json(200, &answer.to_string()))
    })
}

fn container() -> Value {
    json!({ "name": "my-app", "stack": "container", "web_url": "https://my-app.herokuapp.com/" })
}

fn deployed(server: &Server, plan: &Plan, dir: &Path, patience: Option<u32>) -> Result<Done> {
    let (api, clock) = server.api();
    clock.patience.set(patience);
    with(plan, dir, &api, &clock, run)
}

#[test]
fn sources_become_a_release() {
    let dir = project(&[("flake.nix", "{ }")]);
    let server = heroku(container(), "succeeded", "built\n", 200);
    let done = deployed(&server, &plan(), dir.path(), None).unwrap();
    assert_eq!(
        (done.release, done.changed, done.web_dynos),
        (Some(7), true, 1)
    );
    assert!(done.images.is_empty());
    let asked: Vec<String> = server.asked().into_iter().map(|it| it.line).collect();
    assert_snapshot!("asked", asked.join("\n"));
    let source = done.source.clone().unwrap();
    assert_eq!(source.files, 4);
    let checksum = format!("\"checksum\":\"{}\"", source.checksum);
    assert!(server.asked().iter().any(|it| it.body.contains(&checksum)));
    assert_eq!(
        fs_err::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing is written"
    );
    let shown = serde_json::to_string_pretty(&done).unwrap();
    let shown = server
        .steady(&shown)
        .replace(&source.checksum[7..], "DIGEST");
    let shown = shown.replace(&source.checksum[7..47], "VERSION");
    assert_snapshot!("done", shown.replace(&source.bytes.to_string(), "BYTES"));
}

#[test]
fn a_dry_run_packs_and_sends_nothing() {
    let dir = project(&[("flake.nix", "{ }")]);
    let endpoints = crate::heroku::Endpoints::resolve(crate::heroku::HostSettings::default());
    let api = DryApi::new(&endpoints.unwrap().0);
    let done = with(&plan(), dir.path(), &api, &FakeClock::default(), |deploy| {
        deploy.run()
    })
    .unwrap();
    assert!(done.source.is_some_and(|it| it.bytes > 0));
    assert_eq!(done.requests.len(), 3, "{:?}", done.requests);
}

#[test]
fn a_dry_run_shows_what_would_make_the_app() {
    let dir = project(&[("flake.nix", "{ }")]);
    let mut plan = plan();
    (plan.ship.create, plan.ship.set_stack) = (true, true);
    plan.ship.region = Some("eu".parse().unwrap());
    let endpoints = crate::heroku::Endpoints::resolve(crate::heroku::HostSettings::default());
    let api = DryApi::new(&endpoints.unwrap().0);
    let done = with(&plan, dir.path(), &api, &FakeClock::default(), run).unwrap();
    let shown = done.requests.get(2..4).unwrap().join("\n");
    assert_snapshot!("dry_create", shown);
}

#[test]
fn a_refused_upload_makes_no_app() {
    let dir = project(&[("flake.nix", "{ }")]);
    let mut plan = plan();
    plan.ship.create = true;
    let server = Server::scripted(|asked: &Asked| {
        let url = format!("http://{}", asked.header("host"));
        Some(match asked.line.as_str() {
            "POST /sources" => {
                let blob = json!({ "get_url": format!("{url}/get"), "put_url": format!("{url}/put") });
                Reply::json(201, &json!({ "source_blob": blob }).to_string())
            }
            "PUT /put" => Reply::new(403, ""),
            _ => Reply::json(404, &json!({ "id": "not_found", "resource": "app", "message": "Couldn't find that app." }).to_string()),
        })
    });
    let error = deployed(&server, &plan, dir.path(), None).unwrap_err();
    assert_eq!(error.id(), "heroku/upload-refused");
    let asked = server.asked();
    assert!(asked.iter().all(|it| it.line != "POST /apps"));
}

#[test]
fn a_build_without_an_answer_may_have_started() {
    let dir = project(&[("flake.nix", "{ }")]);
    let server = Server::scripted(|asked: &Asked| {
        let url = format!("http://{}", asked.header("host"));
        Some(match asked.line.as_str() {
            "POST /sources" => {
                let blob =
                    json!({ "get_url": format!("{url}/get"), "put_url": format!("{url}/put") });
                Reply::json(201, &json!({ "source_blob": blob }).to_string())
            }
            "PUT /put" => Reply::new(200, ""),
            "GET /apps/my-app" => Reply::json(200, &container().to_string()),
            _ => Reply::new(503, ""),
        })
    });
    let error = deployed(&server, &plan(), dir.path(), None).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("a build may have started at Heroku"),
        "{error}"
    );
}

#[test]
fn secrets_that_git_does_not_have_are_not_sent() {
    let sent = packed(
        &plan(),
        &[
            ("flake.nix", "{ }"),
            (".env", "KEY=1"),
            (".env.example", "KEY="),
            (".netrc", "x"),
            (".ssh/id_ed25519", "x"),
            (".dockerignore", ".env\n"),
        ],
    );
    let paths: Vec<&str> = sent.iter().map(|(path, _)| path.as_str()).collect();
    for gone in [".env", ".netrc", ".ssh/id_ed25519"] {
        assert!(!paths.contains(&gone), "{paths:?}");
    }
    assert!(paths.contains(&".env.example"));
}

#[test]
fn a_secret_that_git_has_is_sent() {
    // An index of version 2 with one entry: 40 bytes of what is on disk, the hash, the length, the path; a checksum.
    let zeros = |count| "\0".repeat(count);
    let entry = format!("{}\0\u{4}.env{}", zeros(60), zeros(6));
    let index = format!("DIRC\0\0\0\u{2}\0\0\0\u{1}{entry}{}", zeros(20));
    let files = [
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/index", index.as_str()),
        (".env", "A=1"),
        (".env.local", "B=2"),
    ];
    let sent = packed(&plan(), &files);
    assert_eq!(
        (text(&sent, ".env"), text(&sent, ".env.local")),
        ("A=1", "")
    );
}

#[test]
fn a_build_that_fails() {
    let dir = project(&[("flake.nix", "{ }")]);
    let error = |output| {
        let server = heroku(container(), "failed", output, 200);
        let error = deployed(&server, &plan(), dir.path(), None).unwrap_err();
        server.steady(&error.to_string())
    };
    assert_snapshot!(
        "build_failed",
        error("Step 1/2 : FROM a\nStep 2/2 : RUN b\nb: not found\n")
    );
    assert_snapshot!("build_failed_without_a_word", error(""));
    let known = "nixdyno[docker/which-program] server worker\nThe command '/bin/sh -c x' returned a non-zero code: 1\n";
    assert_snapshot!("build_failed_for_a_known_reason", error(known));
}

#[test]
fn ctrl_c_ends_the_build() {
    let dir = project(&[("flake.nix", "{ }")]);
    for (name, cancel) in [("cancelled", 200), ("not_cancelled", 422)] {
        let server = heroku(container(), "pending", "", cancel);
        let error = deployed(&server, &plan(), dir.path(), Some(1)).unwrap_err();
        assert_eq!(error.kind(), Kind::Interrupted);
        let last = server.asked().pop().unwrap();
        assert_eq!(last.line, "DELETE /apps/my-app/builds/b-1");
        assert_snapshot!(name, error);
    }
}

#[test]
fn an_app_that_leaves_the_stack_is_refused() {
    let dir = project(&[("flake.nix", "{ }")]);
    let leaving = json!({ "name": "my-app", "stack": "container", "build_stack": "heroku-24" });
    let server = heroku(leaving, "succeeded", "", 200);
    let error = deployed(&server, &plan(), dir.path(), None).unwrap_err();
    assert_snapshot!("leaving", error);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_heroku_can_not_build_is_not_sent() {
    let refused = |plan: &Plan, files: &[(&str, &str)]| {
        let dir = project(files);
        let server = heroku(container(), "succeeded", "", 200);
        let error = deployed(&server, plan, dir.path(), None).unwrap_err();
        assert!(server.asked().len() < 2);
        error.to_string()
    };
    let mut mounts = plan();
    mounts.caches.cache_mounts = true;
    assert_snapshot!("mounts", refused(&mounts, &[]));
    let mut submodule = plan();
    let what = "the folder of the submodule `theme` is empty or missing";
    submodule.warnings = vec![Warning::new("inspect/submodule-empty", what, "")];
    assert_snapshot!("submodule_empty", refused(&submodule, &[]));
    let manifest = "build:\n  docker:\n    web: Dockerfile\n    cron: cron/Dockerfile\n";
    assert_snapshot!(
        "no_dockerfile",
        refused(&plan(), &[("heroku.yml", manifest)])
    );
}

/// The paths and texts of what would be sent.
fn packed(plan: &Plan, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let dir = project(files);
    let server = Server::replies([]);
    let (api, clock) = server.api();
    let source = with(plan, dir.path(), &api, &clock, source::pack).unwrap();
    let file = fs_err::File::open(source.archive.path()).unwrap();
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    let entries = tar.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        (path, std::io::read_to_string(&mut entry).unwrap())
    });
    entries.collect()
}

fn text<'a>(packed: &'a [(String, String)], path: &str) -> &'a str {
    let found = packed.iter().find(|(it, _)| it == path);
    found.map_or("", |(_, text)| text)
}

#[test]
fn what_generate_would_write_is_sent() {
    let sent = packed(
        &plan(),
        &[("flake.nix", "{ }"), ("Dockerfile", "FROM mine\n")],
    );
    let paths: Vec<&str> = sent.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [".dockerignore", "Dockerfile", "flake.nix", "heroku.yml"]
    );
    assert!(text(&sent, "Dockerfile").starts_with("# Written by nixdyno"));
    assert!(text(&sent, "heroku.yml").contains("web: Dockerfile"));
    // A heroku.yml that is right is sent to the byte, and one's own .dockerignore always.
    let own = "# mine\nbuild:\n  docker:\n    web: Dockerfile\n";
    let sent = packed(&plan(), &[("heroku.yml", own), (".dockerignore", "x\n")]);
    assert_eq!(
        (text(&sent, "heroku.yml"), text(&sent, ".dockerignore")),
        (own, "x\n")
    );
}

#[test]
fn a_dockerfile_of_ones_own_is_sent_as_it_is() {
    let mut plan = plan();
    plan.dockerfile = Some("./docker/Web".parse().unwrap());
    let mine = "# Written by nixdyno 0.0.1, and edited\nFROM mine\n";
    let files = [
        ("docker/Web", mine),
        (".gitignore", "docker/Web\n"),
        ("other/Dockerfile", "FROM other\n"),
    ];
    let sent = packed(&plan, &files);
    assert_eq!(text(&sent, "docker/Web"), mine);
    assert_eq!(text(&sent, "other/Dockerfile"), "FROM other\n");
    assert_eq!(
        sent.iter()
            .filter(|(path, _)| path.ends_with("Web"))
            .count(),
        1
    );
    assert_eq!(text(&sent, "Dockerfile"), "");
}
