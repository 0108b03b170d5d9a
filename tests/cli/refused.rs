//! What a project, a folder or a tool may be that nothing can be made of.

use std::os::unix::fs::PermissionsExt;

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

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

#[test]
fn procfiles_that_cannot_be_planned() {
    let project = Project::new(&[FLAKE, ("Procfile", "release: hello --migrate\n")]);
    check!("only_release", bare(&project, &["plan"]).exits(1));
    project.write("Procfile", "web: hello\nWorker_: hello\n");
    check!("process_type", bare(&project, &["plan"]).exits(1));
    check!(
        "bad_attribute",
        bare(&project, &["plan", "--attr", "a..b"]).exits(1)
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
