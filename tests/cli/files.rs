//! `inspect`, `plan` and `generate` on small projects, by reading alone.

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

const FLAKE: &str = r#"{
  outputs = { self }: {
    packages.x86_64-linux.default = derivation {
      name = "hello";
      system = "x86_64-linux";
      builder = ./hello;
    } // { meta.mainProgram = "hello"; };
  };
}
"#;

fn read(project: &Project, args: &[&str]) -> Outcome {
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

#[test]
fn a_flake_is_generated_once_and_then_checked() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    check!(
        "generate_check_missing",
        read(&project, &["generate", "--check"]).exits(1)
    );
    check!("generate", read(&project, &["generate"]).exits(0));
    read(&project, &["generate", "--check"]).exits(0);
    read(&project, &["generate"]).exits(0);

    let edited = project.read("Dockerfile") + "# mine\n";
    project.write("Dockerfile", &edited);
    check!(
        "generate_would_overwrite",
        read(&project, &["generate"]).exits(1)
    );
    assert_eq!(project.read("Dockerfile"), edited);
    let dry = read(&project, &["generate", "--dry-run"]).exits(1);
    assert!(dry.stderr.contains("[render/would-overwrite]"), "{dry}");
    let dry = read(&project, &["generate", "--dry-run", "--yes", "-q"]).exits(0);
    assert_eq!(dry.stdout, "would write Dockerfile\n");
    assert_eq!(project.read("Dockerfile"), edited);
    check!(
        "generate_check_changed",
        read(&project, &["generate", "--check", "-q"]).exits(1)
    );
    read(&project, &["generate", "--yes", "dockerfile"]).exits(0);
    assert!(!project.read("Dockerfile").contains("# mine"));
}

#[test]
fn a_wrong_value_of_a_flag_is_a_wrong_command_line() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    for words in [
        ["--prune", "["],
        ["--prune", "@mann"],
        ["--substituter", "htps://x"],
        ["--trusted-public-key", "foo"],
    ] {
        read(&project, &[&["plan"][..], &words].concat()).exits(2);
    }
    project.write("nixdyno.toml", "[cache]\nsubstituters = [\"htps://x\"]\n");
    read(&project, &["plan"]).exits(1);
}

#[test]
fn an_own_dockerfile_is_refused_where_it_counts_for_nothing() {
    let project = Project::new(&[("flake.nix", FLAKE), ("own", "FROM x\n")]);
    let own = |words: &[&str]| read(&project, &[words, &["--dockerfile", "own"]].concat());
    check!("generate_own_dockerfile", own(&["generate"]).exits(2));
    let push = own(&["cache", "push", "--to", "https://x.example"]).exits(2);
    assert!(push.stderr.contains("[cli/own-dockerfile]"), "{push}");
    own(&["plan"]).exits(0);
    let none = read(&project, &["plan", "--dockerfile", "nope"]).exits(1);
    assert!(
        none.stderr.contains("there is no Dockerfile `nope`"),
        "{none}"
    );
}

#[test]
fn a_generated_file_says_how_it_is_made_again() {
    let project = Project::new(&[
        ("flake.nix", FLAKE),
        ("nixdyno.toml", "options = { cores = 2 }\n"),
    ]);
    let words = [
        "generate",
        "--root",
        "shell",
        "--with",
        "curl",
        "--with",
        "a.\"b c\"",
        "--impure",
        "--build-arg",
        "MOTTO=it's $5",
        "--override-input",
        "nixpkgs",
        "github:NixOS/nixpkgs/nixos-25.05",
    ];
    let mut generate = nixdyno(project.path(), &words);
    let generate = generate.env_clear().env("PATH", "/nonexistent");
    run(generate.env("NIXDYNO_NIX_ARGS", "--option timeout '60'")).exits(0);
    let text = project.read("Dockerfile");
    let again = text
        .lines()
        .find_map(|line| line.strip_prefix("# Again: nixdyno "))
        .unwrap();
    check!("again", text.lines().take(3).collect::<Vec<_>>().join("\n"));
    // The command makes the same bytes, for who has none of the variables.
    let words = shlex::split(again).unwrap();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.push("--check");
    read(&project, &words).exits(0);
    check!(
        "plan_words",
        run(nixdyno(
            project.path(),
            &["plan", "--impure", "--build-arg", "A=b c"]
        )
        .env_clear())
        .exits(0)
    );
    let unread = run(nixdyno(project.path(), &["plan", "--build-arg", "A=1"]).env_clear()).exits(0);
    check!("build_arg_unread", unread);
    let refused = read(&project, &["plan", "--argstr", "name", "x"]).exits(1);
    check!("flake_arguments", refused);
    let dry = read(&project, &["generate", "sub"]).exits(2);
    check!("generate_folder", dry);
}

#[test]
fn arguments_take_the_place_of_call_package() {
    let file = "{ stdenv, hello }: stdenv.mkDerivation { pname = \"a\"; version = \"1\"; src = ./.; meta.mainProgram = \"a\"; }";
    let project = Project::new(&[("default.nix", file)]);
    let called = |args: &[&str]| {
        let told = read(&project, &[&["plan", "--json"], args].concat()).exits(0);
        told.json()["build"]["call_package"].clone()
    };
    assert_eq!(called(&[]), true);
    let pkgs = "import <nixpkgs> { }";
    let stdenv = format!("({pkgs}).stdenv");
    let all = ["--arg", "stdenv", &stdenv, "--arg", "hello", "null"];
    assert_eq!(called(&all), false);
    let some = read(&project, &["plan", "--arg", "hello", "null"]).exits(1);
    check!("call_arguments", some);
}

#[test]
fn files_go_to_standard_output_when_asked() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    let printed = read(&project, &["generate", "dockerfile", "--stdout", "-q"]).exits(0);
    assert!(
        printed.stdout.starts_with("# Written by nixdyno"),
        "{printed}"
    );
    assert!(!project.path().join("Dockerfile").exists());
    let json = read(&project, &["generate", "--stdout", "--json"])
        .exits(0)
        .json();
    assert!(json["files"]["Dockerfile"].is_string(), "{json}");
    let dry = read(&project, &["generate", "--dry-run", "-q"]).exits(0);
    assert_eq!(
        dry.stdout,
        "would write Dockerfile\nwould write .dockerignore\n"
    );
}

#[test]
fn plan_says_where_each_value_comes_from() {
    let project = Project::new(&[
        ("flake.nix", FLAKE),
        (
            "Procfile",
            "web: hello --port $PORT\nrelease: hello --migrate\n",
        ),
        ("nixdyno.toml", "app = \"my-app\"\n"),
    ]);
    check!(
        "plan",
        read(&project, &["plan", "--route", "heroku-cli"]).exits(0)
    );
    let json = read(&project, &["plan", "--json"]).exits(0).json();
    assert_eq!(json["ship"]["route"], "docker", "{json}");
    assert_eq!(
        json["processes"]["release"]["command"]["words"][1], "--migrate",
        "{json}"
    );
}

#[test]
fn a_plan_is_read_back_unchanged() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    let printed = read(&project, &["plan", "--json"]).exits(0).stdout;
    let plan: nixdyno::plan::Plan = serde_json::from_str(&printed).unwrap();
    let again = serde_json::to_string_pretty(&plan).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&again).unwrap(),
        serde_json::from_str::<serde_json::Value>(&printed).unwrap()
    );
}

#[test]
fn the_dry_run_of_generate_writes_nothing() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    read(&project, &["generate", "--dry-run"]).exits(0);
    assert_eq!(std::fs::read_dir(project.path()).unwrap().count(), 1);
}

#[test]
fn processes_of_several_packages_are_one_plan() {
    let project = Project::copy("tests/corpus/flake-many");
    let packages = |names: &[&str]| {
        let names = names.iter().map(|it| format!("packages.x86_64-linux.{it}"));
        serde_json::json!(names.collect::<Vec<_>>())
    };
    check!("plan_several_packages", read(&project, &["plan"]).exits(0));
    let also = |args: &[&str]| {
        let json = read(&project, args).exits(0).json();
        json["build"]["also"].clone()
    };
    assert_eq!(also(&["plan", "--json"]), packages(&["worker"]));
    // What `--program` takes the place of needs nothing of its package.
    project.write("Procfile", "web: stall-worker\nclock: stall-server\n");
    assert_eq!(also(&["plan", "--json"]), packages(&["server"]));
    let asked = also(&["plan", "--json", "--program", "x"]);
    assert_eq!(asked, packages(&["server"]));
    project.write("Procfile", "web: stall-server\nclock: stall-server\n");
    let asked = also(&["plan", "--json", "--program", "x"]);
    assert_eq!(asked, serde_json::Value::Null);
}
