//! What is fetched before the sources come: an edit of the sources then fetches nothing.

use std::process::Command;

use crate::common::{Outcome, Project};
use crate::lab::run;
use crate::layers::NIXPKGS;

const LATE: &str = "the inputs of this build can only be fetched with its sources";

/// The output of Docker's build of the generated Dockerfile, by both builders.
fn built(project: &Project, words: &[&str]) -> [String; 2] {
    run(project.path(), &[&["generate", "--yes"], words].concat()).exits(0);
    ["0", "1"].map(|buildkit| {
        let mut docker = Command::new("docker");
        docker.args(["build", "--no-cache", "."]);
        docker.current_dir(project.path());
        docker.env("DOCKER_BUILDKIT", buildkit);
        docker.env("BUILDKIT_PROGRESS", "plain");
        let outcome = Outcome::of(&docker.output().unwrap());
        assert_eq!(outcome.code, 0, "{outcome}");
        format!("{}{}", outcome.stdout, outcome.stderr)
    })
}

/// A step's own words end in a quote, what it prints does not.
fn is_late(output: &str) -> bool {
    output.lines().any(|line| line.trim_end().ends_with(LATE))
}

#[test]
#[ignore = "lab"]
fn folders_of_sources_are_not_needed_for_it() {
    let package = r#"pkgs.runCommand "web" { meta.mainProgram = "web"; src = ./app; more = [ ./lib/js "${./web}" ]; } ''
      mkdir -p $out/bin; cp $src/run $out/bin/web; chmod +x $out/bin/web; ls $more
    ''"#;
    let classic = format!("{{ pkgs ? import <nixpkgs> {{ }} }}: {package}");
    let flake = format!(
        "{{ outputs = {{ self, nixpkgs }}: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {{
            packages.x86_64-linux.default = {package}; }}; }}"
    );
    let cases = [
        ("default.nix", classic, [].as_slice()),
        ("flake.nix", flake, &NIXPKGS),
    ];
    for (file, text, words) in cases {
        let project = Project::new(&[
            (file, &text),
            ("app/run", "#!/bin/sh\n"),
            ("lib/js/index.js", "\n"),
            ("web/page.html", "\n"),
        ]);
        for output in built(&project, words) {
            assert!(!is_late(&output), "{output}");
        }
    }
}

#[test]
#[ignore = "lab"]
fn a_text_that_is_read_comes_with_the_sources() {
    let text = r#"{ pkgs ? import <nixpkgs> { } }: pkgs.writeShellScriptBin "web" (builtins.readFile ./app/run)"#;
    let project = Project::new(&[("default.nix", text), ("app/run", "exit\n")]);
    for output in built(&project, &[]) {
        assert!(is_late(&output), "{output}");
    }
}
