//! What a project, a folder or a tool may be that nothing can be made of.

use std::os::unix::fs::PermissionsExt;

use crate::check;
use crate::common::{Outcome, Project, nixdyno, root, run};

const FLAKE: (&str, &str) = (
    "flake.nix",
    r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = "hello"; system = "x86_64-linux"; builder = "/bin/sh"; } // { meta.mainProgram = "hello"; }; }; }"#,
);

/// What an engine answers to `docker info`.
const DOCKER: &str = r#"#!/bin/sh
case $1 in
  info) echo '{"ServerVersion":"20.10.24","Architecture":"x86_64","OSType":"linux","DriverStatus":[],"ClientInfo":{"Plugins":[]}}' ;;
  version) echo 20.10.24 ;;
  *) echo "no such thing: $1" >&2; exit 1 ;;
esac
"#;

fn bare(project: &Project, args: &[&str]) -> Outcome {
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

/// Runs with a `docker` of the test's own.
fn with_docker(project: &Project, script: &str, args: &[&str], tmpdir: &str) -> Outcome {
    let tools = Project::new(&[("docker", script)]);
    let docker = tools.path().join("docker");
    std::fs::set_permissions(docker, std::fs::Permissions::from_mode(0o755)).unwrap();
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", tools.path())
        .env("TMPDIR", tmpdir))
}

#[test]
fn projects_that_cannot_be_planned() {
    let nothing = Project::new(&[("flake.nix", "{ outputs = { self }: { }; }\n")]);
    check!("nothing_to_deploy", bare(&nothing, &["plan"]).exits(1));
    let two = Project::new(&[(
        "flake.nix",
        r#"{ outputs = { self }: { packages.x86_64-linux = {
          a = derivation { name = "a"; system = "x86_64-linux"; builder = "/bin/sh"; };
          b = derivation { name = "b"; system = "x86_64-linux"; builder = "/bin/sh"; };
        }; }; }"#,
    )]);
    check!("ambiguous", bare(&two, &["plan"]).exits(1));
    let unknown = Project::new(&[("flake.nix", "{ outputs = import ./outputs.nix; }\n")]);
    check!("unknown", bare(&unknown, &["plan"]).exits(1));
    let broken = Project::new(&[("flake.nix", "{ outputs = { self }: {\n")]);
    check!("broken", bare(&broken, &["plan"]).exits(1));
}

/// What is found in it, and what a plan says then.
fn found(project: &Project) -> String {
    let inspected = bare(project, &["inspect"]).exits(0);
    let planned = bare(project, &["plan"]).exits(1);
    let folder = project.path().file_name().unwrap().to_string_lossy();
    format!("{inspected}\n{planned}").replace(&*folder, "DIR")
}

#[test]
fn packages_that_cannot_be_started() {
    let package = |text: &str| {
        format!(
            "{{ pkgs ? import (fetchTarball {{ url = \"https://x.example/a.tar.gz\"; sha256 = \"0v8pkjx8rp0c7qv1zkq0dpqpxv6a2ymvfk1h6ysd8gmyd6mb3rka\"; }}) {{ }} }}:\npkgs.{text}\n"
        )
    };
    let sources = package("buildNpmPackage { pname = \"shop\"; version = \"1\"; src = ./.; }");
    let manifest = r#"{ "name": "shop", "version": "1.0.0", "dependencies": { "express": "^4" } }"#;
    let project = Project::new(&[("default.nix", &sources), ("package.json", manifest)]);
    check!("no_program", found(&project));
    let site = package("buildNpmPackage { pname = \"pages\"; version = \"1\"; src = ./.; }");
    let manifest = r#"{ "name": "pages", "version": "1.0.0", "scripts": { "build": "vite build" }, "devDependencies": { "vite": "^6" } }"#;
    let page = ("index.html", "<script src=\"main.js\"></script>\n");
    let project = Project::new(&[("default.nix", &site), ("package.json", manifest), page]);
    check!("static_site", found(&project));
    let image =
        package("dockerTools.buildImage { name = \"shop\"; config.Cmd = [ \"/bin/shop\" ]; }");
    let project = Project::new(&[("default.nix", &image)]);
    check!("image", found(&project));
}

#[test]
fn what_inspection_found_is_planned() {
    let project = Project::new(&[
        (
            "default.nix",
            "{ lib, rustPlatform }:\nrustPlatform.buildRustPackage {\n  pname = \"bell\"; version = \"1\"; src = ./.; cargoHash = \"\";\n  postInstall = ''\n    mkdir -p $out/share/bell\n    cp -r templates $out/share/bell/\n  '';\n}\n",
        ),
        (
            "Cargo.toml",
            "[package]\nname = \"bell\"\nversion = \"1.0.0\"\n\n[dependencies]\naxum = \"0.8\"\n",
        ),
        (
            "src/main.rs",
            "async fn main() {\n    let port = std::env::var(\"BELL_PORT\").unwrap();\n    let page = std::fs::read_to_string(\"templates/page.html\").unwrap();\n    let listener = tokio::net::TcpListener::bind(format!(\"0.0.0.0:{port}\")).await.unwrap();\n    axum::serve(listener, app(page)).await.unwrap();\n}\n",
        ),
        ("templates/page.html", "<p>ding</p>\n"),
    ]);
    check!("found_is_planned", bare(&project, &["plan"]).exits(0));
}

#[test]
fn procfiles_that_cannot_be_planned() {
    let project = Project::new(&[FLAKE, ("Procfile", "release: hello --migrate\n")]);
    check!("only_release", bare(&project, &["plan"]).exits(1));
    let yml = "release:\n  command: hello --migrate\n";
    let manifest = Project::new(&[FLAKE, ("heroku.yml", yml)]);
    check!(
        "only_release_of_heroku_yml",
        bare(&manifest, &["plan"]).exits(1)
    );
    project.write("Procfile", "web: hello\nWorker_: hello\n");
    check!("process_type", bare(&project, &["plan"]).exits(1));
    check!(
        "bad_attribute",
        bare(&project, &["plan", "--attr", "a..b"]).exits(2)
    );
}

#[test]
fn a_folder_that_is_not_there() {
    let project = Project::new(&[FLAKE]);
    let args = ["generate", "--stdout", "-q", "--dir", "nowhere"];
    check!("no_folder", bare(&project, &args).exits(1));
}

#[test]
fn a_file_that_is_a_folder() {
    let project = Project::new(&[FLAKE, ("Dockerfile/mine", "")]);
    check!(
        "dockerfile_is_a_folder",
        bare(&project, &["generate", "-q"]).exits(1)
    );
}

#[test]
fn a_tool_that_does_not_start() {
    let project = Project::new(&[FLAKE]);
    let script = "#!/nonexistent/interpreter\n";
    check!(
        "docker_does_not_start",
        with_docker(&project, script, &["build", "-q"], "/tmp").exits(1)
    );
}

#[test]
fn no_temporary_folder() {
    let project = Project::new(&[FLAKE]);
    check!(
        "no_temporary_folder",
        with_docker(&project, DOCKER, &["build", "-q"], "/nonexistent").exits(1)
    );
}

#[test]
fn an_engine_that_only_says_no() {
    let project = Project::new(&[FLAKE]);
    let temporary = Project::new(&[]);
    let tmpdir = temporary.path().display().to_string();
    check!(
        "docker_says_no",
        with_docker(&project, DOCKER, &["build", "-q"], &tmpdir).exits(1)
    );
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

/// The headline's number is what the section lists, whatever kind of thing is in the way.
#[test]
fn what_is_to_mend_first_is_all_there_to_read() {
    let mut several = 0;
    for project in std::fs::read_dir(root().join("tests/corpus")).unwrap() {
        let path = project.unwrap().path();
        let words = ["inspect", "--no-eval", path.to_str().unwrap()];
        let answer = run(nixdyno(&root(), &words)
            .env_clear()
            .env("PATH", "/nonexistent"));
        let (headline, report) = answer.stdout.split_once('\n').unwrap_or_default();
        let Some((_, said)) = headline.split_once(": chosen, but ") else {
            continue;
        };
        let said = match said.split(' ').next().unwrap() {
            "one" => 1,
            many => many.parse::<usize>().unwrap(),
        };
        let (_, section) = report.split_once("To mend first\n").expect(headline);
        let lines = section.lines().take_while(|it| it.starts_with("  "));
        let rows = lines.filter(|it| !it.starts_with("    ")).count();
        assert_eq!(rows, said, "{answer}");
        several += usize::from(said > 1);
    }
    assert!(several > 1, "the search is broken");
}
