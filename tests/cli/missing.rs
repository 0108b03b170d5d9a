//! What is missing or refused before anything starts.

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

const FLAKE: (&str, &str) = (
    "flake.nix",
    r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = "hello"; system = "x86_64-linux"; builder = "/bin/sh"; } // { meta.mainProgram = "hello"; }; }; }"#,
);

/// Runs where no tool is: PATH is an empty folder.
fn bare(project: &Project, args: &[&str]) -> Outcome {
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

#[test]
fn no_docker() {
    let project = Project::new(&[FLAKE]);
    check!("no_docker", bare(&project, &["build"]).exits(1));
    check!(
        "no_docker_json",
        bare(&project, &["deploy", "-a", "my-app", "--json"]).exits(1)
    );
    let both = bare(
        &project,
        &["deploy", "-a", "my-app", "--route", "heroku-cli"],
    );
    check!("no_docker_no_heroku", both.exits(1));
    // Which app is meant can be said before any tool is there.
    check!("deploy_no_app", bare(&project, &["deploy"]).exits(1));
}

#[test]
fn a_dry_run_needs_no_engine() {
    let project = Project::new(&[FLAKE]);
    let words = ["deploy", "-a", "my-app", "--dry-run"];
    check!("dry_run_no_engine", bare(&project, &words).exits(0));
    let cli = [&words[..], &["--route", "heroku-cli"]].concat();
    bare(&project, &cli).exits(0);
    let yml = [&words[..], &["--route", "heroku-yml"]].concat();
    check!("dry_run_heroku_yml", bare(&project, &yml).exits(0));
    bare(&project, &["build", "--dry-run", "--json"])
        .exits(0)
        .json();
}

#[test]
fn a_build_at_heroku_needs_no_tool() {
    let project = Project::new(&[FLAKE]);
    let run = |args: &[&str]| bare(&project, &[args, &["--route", "heroku-yml"]].concat());
    // It is the token that is missing, and nothing else.
    let outcome = run(&["deploy", "-a", "my-app"]).exits(1);
    assert!(
        outcome.stderr.contains("[heroku/not-logged-in]"),
        "{outcome}"
    );
    check!("doctor_heroku_yml", run(&["doctor"]));
    check!("plan_heroku_yml", run(&["plan"]).exits(0));
    check!(
        "plan_heroku_yml_mounts",
        run(&["plan", "--cache-mounts"]).exits(1)
    );
    check!(
        "heroku_yml_no_cache",
        run(&["deploy", "-a", "my-app", "--no-cache"]).exits(2)
    );
    assert_eq!(std::fs::read_dir(project.path()).unwrap().count(), 1);
}

#[test]
fn names_that_heroku_would_refuse() {
    let project = Project::new(&[FLAKE]);
    for name in ["My_App", "ab", "-x-", "my app", "a\nb", &"a".repeat(40)] {
        let outcome = bare(&project, &["deploy", &format!("--app={name}")]).exits(2);
        assert!(outcome.stderr.contains("[names/app]"), "{name}: {outcome}");
    }
    check!(
        "bad_app_name",
        bare(&project, &["deploy", "--app", "My_App"]).exits(2)
    );
    check!(
        "with_nothing",
        bare(&project, &["plan", "--with", ""]).exits(2)
    );
    let odd = run(nixdyno(project.path(), &["plan"])
        .env_clear()
        .env("NIXDYNO_APP", "No!"));
    check!("bad_app_name_from_environment", odd.exits(2));
}

#[test]
fn bad_settings() {
    let project = Project::new(&[FLAKE, ("nixdyno.toml", "app = 3\n")]);
    check!("config_wrong_type", bare(&project, &["plan"]).exits(1));
    project.write("nixdyno.toml", "base = \"nixos/nix:1 RUN rm\"\n");
    check!("config_bad_base", bare(&project, &["plan"]).exits(1));
    let newline = bare(
        &project,
        &["plan", "--base", "nixos/nix", "--nix-arg", "a\nRUN b"],
    );
    check!("nix_arg_with_a_line_break", newline.exits(2));
    let program = bare(
        &project,
        &["plan", "--base", "nixos/nix", "--program", "a b"],
    );
    check!("program_with_a_space", program.exits(2));
    check!(
        "config_not_there",
        bare(&project, &["plan", "--config", "no.toml"]).exits(1)
    );
}

#[test]
fn no_app_is_named() {
    let project = Project::new(&[]);
    check!("status_no_app", bare(&project, &["status"]).exits(1));
}

#[test]
fn nobody_is_logged_in() {
    let project = Project::new(&[]);
    check!(
        "not_logged_in",
        bare(&project, &["status", "-a", "my-app"]).exits(1)
    );
}

#[test]
fn doctor_says_how_to_mend_everything() {
    let project = Project::new(&[]);
    check!("doctor_nothing_there", bare(&project, &["doctor"]).exits(1));
    let json = bare(&project, &["doctor", "--json"]).exits(1).json();
    assert!(json["checks"].as_array().unwrap().len() >= 4, "{json}");
}

#[test]
fn doctor_looks_at_the_project_it_stands_in() {
    let line = |project: &Project, words: &[&str]| {
        let told = bare(project, words).exits(1).stdout;
        let from = told.find(" project: ").map(|at| at - "missing ".len());
        told[from.unwrap_or(told.len())..].to_owned()
    };
    let missing = Project::new(&[]);
    let ready = Project::new(&[FLAKE]);
    let text = FLAKE
        .1
        .replace("packages.x86_64-linux.default", "packages.default");
    let broken = Project::new(&[("flake.nix", text.as_str())]);
    let lines = [
        line(&missing, &["doctor"]),
        line(&ready, &["doctor"]),
        line(&broken, &["doctor"]),
        line(&ready, &["doctor", "--attr", "nope"]),
    ];
    check!("doctor_of_projects", lines.join("---\n"));
}

#[test]
fn a_route_that_was_asked_for_is_needed() {
    let project = Project::new(&[]);
    let words = ["doctor", "--route", "heroku-cli", "-a", "my-app"];
    check!("doctor_heroku_cli", bare(&project, &words).exits(1));
}

#[test]
fn a_client_alone_is_not_called_ready() {
    let project = Project::new(&[
        (
            "default.nix",
            "{ pkgs ? import <nixpkgs> { } }:\npkgs.rustPlatform.buildRustPackage {\n  pname = \"note\";\n  version = \"1\";\n  \
             src = ./.;\n  cargoLock.lockFile = ./Cargo.lock;\n}\n",
        ),
        ("Cargo.lock", ""),
        (
            "Cargo.toml",
            "[package]\nname = \"note\"\nversion = \"1.0.0\"\n[dependencies]\nclap = { version = \"4\", features = [\"derive\"] }\n",
        ),
        (
            "src/main.rs",
            "#[derive(clap::Parser)]\nstruct Cli {}\nfn main() { let _ = <Cli as clap::Parser>::parse(); }\n",
        ),
    ]);
    check!("client_alone", bare(&project, &["inspect"]).exits(0));
    project.write("Procfile", "web: note serve\n");
    let told = bare(&project, &["inspect"]).exits(0);
    assert!(told.stdout.contains("ready to deploy"), "{told}");
}

#[test]
fn plain_http_is_for_loopback_only() {
    let project = Project::new(&[]);
    let args = ["status", "-a", "my-app", "--api-url", "http://example.com"];
    check!("plain_http", bare(&project, &args).exits(1));
}

#[test]
fn a_flake_that_nix_would_refuse() {
    let text = FLAKE
        .1
        .replace("packages.x86_64-linux.default", "packages.default");
    let project = Project::new(&[("flake.nix", text.as_str())]);
    check!(
        "plan_broken",
        bare(&project, &["deploy", "-a", "my-app"]).exits(1)
    );
    check!("inspect_broken", bare(&project, &["inspect"]).exits(1));
}

#[test]
fn a_nix_file_of_another_name_is_used_when_asked() {
    let server = FLAKE.1.split_once("default = ").unwrap().1;
    let server = server.strip_suffix("; }; }").unwrap();
    let project = Project::new(&[
        ("release.nix", &format!("{{ server = {server}; }}")),
        ("shell.nix", "{ }"),
    ]);
    let ask = |words: &[&str]| bare(&project, &[&["inspect", "--json"], words].concat());
    let shown = bare(&project, &["inspect", "--file", "release.nix"]).exits(0);
    assert!(
        shown.stdout.contains("nixdyno deploy --file release.nix"),
        "{shown}"
    );
    let answer = ask(&["--file", "./release.nix"]).exits(0).json();
    assert_eq!(answer["candidates"][0]["attribute"], "server");
    assert_eq!(answer["entry"][0]["file"], "release.nix");
    project.write("nixdyno.toml", "file = \"release.nix\"\n");
    ask(&[]).exits(0);
    check!(
        "file_near_miss",
        bare(&project, &["plan", "--file", "realease.nix"]).exits(1)
    );
    check!(
        "file_outside",
        bare(&project, &["plan", "--file", "../release.nix"]).exits(2)
    );
    let empty = Project::new(&[("nix/app.nix", "{ }")]);
    check!(
        "file_missing",
        bare(&empty, &["plan", "--file", "app.nix"]).exits(1)
    );
    let flake = Project::new(&[FLAKE, ("default.nix", "syntax error")]);
    bare(&flake, &["inspect", "--file", "flake.nix"]).exits(0);
    bare(&flake, &["inspect", "--file", "default.nix"]).exits(1);
}

#[test]
fn projects_that_cannot_be_read() {
    let project = Project::new(&[("shell.nix", "{ }")]);
    check!("no_nix_file", bare(&project, &["inspect"]).exits(1));
    project.write("flake.nix", "{ outputs = { self }: { packages = ; }; }\n");
    check!(
        "syntax_error",
        bare(&project, &["deploy", "-a", "my-app"]).exits(1)
    );
    project.write("flake.nix", FLAKE.1);
    project.write("Procfile", "web: hello\nmy worker: hello\n");
    check!("procfile_bad_name", bare(&project, &["plan"]).exits(1));
    project.write("Procfile", "web: hello\n");
    check!(
        "attribute_near_miss",
        bare(&project, &["plan", "--attr", "defualt"]).exits(1)
    );
}
