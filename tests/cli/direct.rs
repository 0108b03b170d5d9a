//! The route without Docker: what is refused before Nix is asked for anything.

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

const FLAKE: (&str, &str) = (
    "flake.nix",
    r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = "hello"; system = "x86_64-linux"; builder = "/bin/sh"; } // { meta.mainProgram = "hello"; }; }; }"#,
);

const PATH: &str = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hello-1.0";

/// Runs where no tool is.
fn bare(args: &[&str]) -> Outcome {
    let project = Project::new(&[FLAKE, ("Dockerfile", "FROM scratch\n")]);
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

#[test]
fn what_stands_beside_an_output() {
    let place = ["build", "--store-path", PATH];
    check!("direct_no_output", bare(&place).exits(2));
    bare(&["build", "--fresh"]).exits(2);
    bare(&["build", "--compression", "small"]).exits(2);
    let uncached = ["build", "--output", "image.tar", "--no-cache"];
    check!("direct_no_cache", bare(&uncached).exits(2));
    check!(
        "direct_wrong_output",
        bare(&["build", "--output", "oci://x/y"]).exits(2)
    );
}

#[test]
fn what_was_built_already() {
    let deploy = ["deploy", "-a", "my-app", "--store-path"];
    let with = |words: &[&str]| bare(&[&deploy[..], words].concat());
    check!("direct_no_store_path", with(&["flake.nix"]).exits(2));
    check!(
        "direct_store_path_beside",
        with(&[PATH, "--root", "shell"]).exits(2)
    );
    check!(
        "direct_store_path_docker",
        with(&[PATH, "--route", "docker"]).exits(2)
    );
}

#[test]
fn what_is_for_another_route() {
    let deploy = ["deploy", "-a", "my-app", "--max-layers", "20"];
    let asked = [&deploy[..], &["--route", "heroku-cli"]].concat();
    check!("direct_flag_not_by_route", bare(&asked).exits(2));
    // Without Nix it would be Docker's.
    check!("direct_flag_not_by_docker", bare(&deploy).exits(2));
}

#[test]
fn a_plan_that_needs_docker() {
    let words = ["build", "--output", "image.tar", "--dockerfile"];
    let refused = bare(&[&words[..], &["Dockerfile"]].concat());
    check!("direct_not_by_dockerfile", refused.exits(1));
}

#[test]
fn a_project_does_not_say_whom_nix_trusts() {
    let project = Project::new(&[FLAKE, ("nixdyno.toml", "options = { sandbox = false }\n")]);
    let words = ["deploy", "-a", "my-app", "--route", "direct", "--no-eval"];
    let refused = run(nixdyno(project.path(), &words)
        .env_clear()
        .env("PATH", "/nonexistent"));
    check!("direct_untrusted", refused.exits(1));
    // Where the user names the file, its words are the user's.
    let named = [&words[..], &["--config", "nixdyno.toml"]].concat();
    let named = run(nixdyno(project.path(), &named)
        .env_clear()
        .env("PATH", "/nonexistent"))
    .exits(1);
    assert!(!named.stderr.contains("untrusted"), "{named}");
}

#[test]
fn a_machine_without_nix() {
    let words = ["deploy", "-a", "my-app", "--route", "direct"];
    check!("direct_no_nix", bare(&words).exits(1));
    let words = ["doctor", "--route", "direct"];
    check!("doctor_direct", bare(&words).exits(1));
}
