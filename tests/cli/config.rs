//! `nixdyno config`, and the environments of nixdyno.toml.

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

const FILE: &str = "app = \"shop\"\nroot = \"shell\"\nimpure = true\nbuild-args = { A = 1 }\n\
    args = { debug = true }\nprune = [\"@man\", \"*.a\"]\n[cache]\nsubstituters = [\"https://a.example\"]\n\
    [env.staging]\napp = \"shop-staging\"\nregion = \"eu\"\n";

fn bare(project: &Project, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", "/nonexistent")
        .envs(variables.iter().copied()))
}

#[test]
fn every_value_has_a_place() {
    let project = Project::new(&[("nixdyno.toml", FILE)]);
    check!("all", bare(&project, &["config"], &[]).exits(0));
    let words = ["config", "--env", "staging", "--with", "curl"];
    let staging = bare(&project, &words, &[("NIXDYNO_ROUTE", "docker")]);
    check!("staging", staging.exits(0));
    let json = bare(
        &project,
        &["config", "--json"],
        &[("NIXDYNO_ENV", "staging")],
    );
    let json = json.exits(0).json();
    assert_eq!(json["env"], "staging");
    let app = json["values"].as_array().unwrap();
    let app = app.iter().find(|row| row["key"] == "app").unwrap();
    assert_eq!(app["value"], "shop-staging");
    assert_eq!(app["source"]["key"], "env.staging.app");
    check!(
        "no_file",
        bare(&Project::new(&[]), &["config"], &[]).exits(0)
    );
}

#[test]
fn the_head_of_a_file_names_the_environment() {
    let flake = r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = "hello"; system = "x86_64-linux"; builder = "/bin/sh"; } // { meta.mainProgram = "hello"; }; }; }"#;
    let toml = "[env.staging]\nroot = \"shell\"\n";
    let project = Project::new(&[("flake.nix", flake), ("nixdyno.toml", toml)]);
    bare(&project, &["generate", "--env", "staging"], &[]).exits(0);
    let text = project.read("Dockerfile");
    assert!(
        text.contains("# Again: nixdyno generate --env staging\n"),
        "{text}"
    );
    bare(&project, &["generate", "--check", "--env", "staging"], &[]).exits(0);
    bare(&project, &["generate", "--check"], &[]).exits(1);
}

#[test]
fn what_is_wrong_in_the_file_is_pointed_at() {
    let wrong = |text: &str, words: &[&str]| {
        let project = Project::new(&[("nixdyno.toml", text)]);
        bare(&project, &[&["config"], words].concat(), &[]).exits(1)
    };
    check!(
        "near_miss",
        wrong("app = \"shop\"\nrout = \"docker\"\n", &[])
    );
    check!("unknown_key", wrong("xyzzy = 1\n", &[]));
    check!("not_toml", wrong("app = \"shop\nroot\n", &[]));
    check!("no_such_env", wrong(FILE, &["--env", "stagin"]));
    let project = Project::new(&[("nixdyno.toml", FILE)]);
    check!(
        "bad_env",
        bare(&project, &["config", "--env", "a b"], &[]).exits(2)
    );
}

#[test]
fn the_schema_is_a_document() {
    let printed = bare(&Project::new(&[]), &["config", "--schema"], &[]).exits(0);
    assert!(printed.json()["properties"]["env"].is_object());
}
