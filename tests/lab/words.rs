//! Words for Nix and arguments of the Docker build, as far as the app that was built with them tells.

use std::process::Command;

use crate::common::{self, Outcome, Project};
use crate::lab::{nixdyno, run, tool};

const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    packages.x86_64-linux.default = (nixpkgs.legacyPackages.x86_64-linux.writeShellScriptBin "say" ''
      echo 'flake: ${builtins.getEnv "MOTTO"}'
    '') // { meta.mainProgram = "say"; };
  };
}
"#;

const CLASSIC: &str = r#"{ pkgs ? import <nixpkgs> { }, name ? "nobody", times ? 1 }:
(pkgs.writeShellScriptBin "say" ''
  echo 'classic: ${name} ${toString (times + 1)} ${builtins.getEnv "MOTTO"}'
'') // { meta.mainProgram = "say"; }
"#;

const MOTTO: &str = "a \"b\" $c \\d # é";

/// What the app of a built project says.
fn says(built: &Outcome) -> String {
    let image = built.json()["images"][0]["image"]
        .as_str()
        .unwrap()
        .to_owned();
    tool("docker", &["run", "--rm", &image])
        .trim_end()
        .to_owned()
}

#[test]
#[ignore = "lab"]
fn a_flake_reads_what_was_given_when_it_may() {
    let project = Project::new(&[("flake.nix", FLAKE), ("Procfile", "web: say\n")]);
    let motto = format!("MOTTO={MOTTO}");
    let input = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"];
    let start = ["build", "--json", "--build-arg", &motto];
    let impure = run(
        project.path(),
        &[&start[..], &input, &["--impure"]].concat(),
    )
    .exits(0);
    assert_eq!(says(&impure), format!("flake: {MOTTO}"));
    let pure = run(project.path(), &[&start[..], &input].concat()).exits(0);
    assert_eq!(says(&pure), "flake:");
    assert!(pure.stderr.contains("[plan/build-arg-unread]"), "{pure}");
    // The variable of an older buildpack, and what it says.
    let words = "--impure --override-input nixpkgs 'path:/srv/lab/nixpkgs'";
    let old = common::run(nixdyno(project.path(), &start).env("NIX_BUILD_FLAGS", words)).exits(0);
    assert_eq!(says(&old), format!("flake: {MOTTO}"));
    assert!(old.stderr.contains("NIX_BUILD_FLAGS"), "{old}");
}

#[test]
#[ignore = "lab"]
fn a_classic_file_takes_arguments() {
    let toml = "args = { name = \"me too\", times = 1 }\nbuild-args = { MOTTO = \"from the file\" }\n\
                nix-args = [\"-I\", \"nixpkgs=/srv/lab/nixpkgs\", \"-k\"]\n";
    let project = Project::new(&[
        ("default.nix", CLASSIC),
        ("nixdyno.toml", toml),
        ("Procfile", "web: say\n"),
    ]);
    let build = |words: &[&str]| {
        says(&run(project.path(), &[&["build", "--json"], words].concat()).exits(0))
    };
    assert_eq!(build(&[]), "classic: me too 2 from the file");
    let words = [
        "--arg",
        "times",
        "20 + 21",
        "--argstr",
        "name",
        "$you",
        "--build-arg",
        "MOTTO=--x",
    ];
    assert_eq!(build(&words), "classic: $you 42 --x");
}

/// A Dockerfile of the project gets the arguments too, and the generated one takes others from plain Docker.
#[test]
#[ignore = "lab"]
fn docker_gives_arguments_to_any_dockerfile() {
    let own = format!(
        "FROM {}\nARG MOTTO\nRUN echo \"own: $MOTTO\" > /motto\nCMD [\"cat\", \"/motto\"]\n",
        crate::lab::base()
    );
    let project = Project::new(&[
        ("default.nix", CLASSIC),
        ("Procfile", "web: say\n"),
        ("own", &own),
    ]);
    let words = [
        "build",
        "--json",
        "--dockerfile",
        "own",
        "--build-arg",
        "MOTTO=a b",
    ];
    assert_eq!(says(&run(project.path(), &words).exits(0)), "own: a b");
    let search = ["--nix-arg=-I", "--nix-arg=nixpkgs=/srv/lab/nixpkgs"];
    let words = [&["generate", "--build-arg", "MOTTO=default"], &search[..]].concat();
    run(project.path(), &words).exits(0);
    let mut docker = Command::new("docker");
    let docker = docker.args([
        "build",
        "--tag",
        "words:1",
        "--build-arg",
        "MOTTO=from docker",
        ".",
    ]);
    Outcome::of(&docker.current_dir(project.path()).output().unwrap()).exits(0);
    let said = tool("docker", &["run", "--rm", "words:1"]);
    assert_eq!(said, "classic: nobody 2 from docker\n");
}

/// What is read, or asked of a Nix, is what is built: also by a function that can't do without arguments.
#[test]
#[ignore = "lab"]
fn evaluation_calls_the_function_as_the_build_does() {
    let needs = "{ pkgs ? import <nixpkgs> { }, name, more ? { a = \"no\"; } }:\n\
                 (pkgs.writeShellScriptBin name \"echo ${name} ${more.a}\") // { meta.mainProgram = name; }\n";
    let set = "{ pkgs ? import <nixpkgs> { }, ... }@all: {\n\
               web = { name }: (pkgs.writeShellScriptBin name \"echo '${all.motto}'\") // { meta.mainProgram = name; }; }\n";
    let arguments = [
        "--argstr",
        "name",
        "serve",
        "--arg",
        "more",
        "{ a = \"yes\"; }",
        "--argstr",
        "motto",
        "a ${b} \"c\"",
    ];
    let search = ["--nix-arg=-I", "--nix-arg=nixpkgs=/srv/lab/nixpkgs"];
    for (text, attribute, says_it) in [(needs, "", "serve yes"), (set, "web", "a ${b} \"c\"")] {
        let project = Project::new(&[("default.nix", text)]);
        let words = [&search[..], &arguments, &["--attr", attribute]].concat();
        for how in ["auto", "never", "docker"] {
            if how == "never" && attribute == "web" {
                continue;
            }
            let flags = ["inspect", "--json", "--evaluate", how];
            let found = run(project.path(), &[&flags[..], &words].concat()).exits(0);
            let found = found.json();
            assert_eq!(found["verdict"], "deploy", "{how}: {found:#}");
            let program = found["candidates"][0]["program"].to_string();
            assert!(program.contains("serve"), "{how}: {found:#}");
            assert_eq!(found["evaluated_by"].is_null(), how == "never", "{found:#}");
        }
        let built = run(project.path(), &[&["build", "--json"], &words[..]].concat()).exits(0);
        assert_eq!(says(&built), says_it);
        let plan = ["plan", "--json", "--argstr", "nme", "x"];
        let plan = run(project.path(), &[&plan[..], &words].concat()).exits(0);
        let told = plan.stdout.contains("inspect/untaken-argument");
        assert_eq!(told, attribute.is_empty(), "{plan}");
    }
}
