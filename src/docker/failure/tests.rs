use super::*;

fn failed(lines: &[&str]) -> Streamed {
    Streamed {
        status: 1,
        tail: lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

fn plan() -> Plan {
    let text = include_str!("../../../tests/fixtures/plan.json");
    serde_json::from_str(text).unwrap()
}

fn build_error(lines: &[&str]) -> String {
    explain_build(&plan(), &failed(lines))
        .unwrap_err()
        .to_string()
}

#[test]
fn what_our_dockerfile_found_is_told_in_our_words() {
    insta::assert_snapshot!(
        "several_programs",
        build_error(&[
            "#9 1.2 nixdyno[docker/which-program] client server",
            "exit code: 1"
        ])
    );
    insta::assert_snapshot!(
        "no_program",
        build_error(&["nixdyno[docker/which-program] *"])
    );
    insta::assert_snapshot!(
        "no_such_program",
        build_error(&["nixdyno[docker/no-such-program] servr client server"])
    );
    insta::assert_snapshot!(
        "not_a_folder",
        build_error(&["nixdyno[docker/not-a-folder] /nix/store/x-y"])
    );
    insta::assert_snapshot!("no_shell", build_error(&["nixdyno[docker/no-shell]"]));
}

#[test]
fn a_marker_that_is_only_quoted_is_no_finding() {
    let line =
        "executor failed running [/bin/sh -c set -eu; echo \"nixdyno[docker/which-program] $x\"]";
    assert!(build_error(&[line]).contains("[docker/build]"));
}

#[test]
fn a_cache_that_takes_nothing_is_another_failure_than_a_build() {
    let command =
        "/bin/sh -c set -eu; : \"$NIXDYNO_PUSH\"; xargs nix copy --to 's3://b' < /tmp/push";
    let kit =
        format!("#9 ERROR: process \"{command}\" did not complete successfully: exit code: 123");
    let classic = format!("The command '{command}' returned a non-zero code: 123");
    let why = "#9 0.5 error: bucket 'b' does not exist";
    insta::assert_snapshot!("cache_push", build_error(&[why, &kit]));
    assert!(build_error(&[&classic]).contains("[docker/cache-push]"));
    // Only shown, before the step that failed.
    assert!(
        build_error(&[&format!("#8 [build 9/9] RUN {command}"), why]).contains("[docker/build]")
    );
}

#[test]
fn known_words_of_docker_are_explained() {
    insta::assert_snapshot!(
        "no_space",
        build_error(&["write /x: no space left on device"])
    );
    insta::assert_snapshot!(
        "architecture",
        build_error(&["exec /bin/sh: exec format error"])
    );
    insta::assert_snapshot!(
        "no_base",
        build_error(&["nixos/nix:2.31.2: failed to resolve source metadata"])
    );
    insta::assert_snapshot!(
        "no_attribute",
        build_error(&[
            "#9 0.5 error: flake 'path:/src' does not provide attribute 'packages.x86_64-linux.default'",
            "------",
            "executor failed running [/bin/sh -c nix build]: exit code: 1",
        ])
    );
    insta::assert_snapshot!(
        "only_the_failed_step",
        build_error(&[
            "#7 0.1 copying",
            "#9 [build 7/8] RUN nix build",
            "#9 0.5 error: a semicolon is missing",
            "#8 DONE 0.1s",
            "#9 ERROR: process \"/bin/sh -c nix build\" did not complete successfully: exit code: 1",
            "------",
            " > [build 7/8] RUN nix build:",
            "0.5 error: a semicolon is missing",
            "------",
            "Dockerfile:33",
        ])
    );
    let refused = "#9 0.5 error: unable to download 'https://x/nix-cache-info': HTTP error 401";
    insta::assert_snapshot!("cache_refused", build_error(&[refused]));
    insta::assert_snapshot!(
        "no_download",
        build_error(&["#9 0.5 error: unable to download 'https://x': Could not resolve host: x"])
    );
    let mut on_nixpkgs = plan();
    on_nixpkgs.base = Base::of("nixdyno/nixpkgs:8fd9daa3db09".parse().unwrap());
    let lines = failed(&["nixdyno/nixpkgs:8fd9daa3db09: failed to resolve source metadata"]);
    let error = explain_build(&on_nixpkgs, &lines).unwrap_err();
    insta::assert_snapshot!("no_nixpkgs_base", error);
    let stage = "ERROR: failed to solve: target stage \"worker\" could not be found";
    insta::assert_snapshot!("no_stage", build_error(&[stage]));
    insta::assert_snapshot!(
        "other",
        build_error(&["error: builder for '/nix/store/x.drv' failed"])
    );
}

fn id(plan: &Plan, text: &str) -> &'static str {
    let lines: Vec<&str> = text.lines().collect();
    explain_build(plan, &failed(&lines)).unwrap_err().id()
}

#[test]
fn only_the_step_that_takes_it_lacks_the_base() {
    let kit = "#2 [internal] load metadata for docker.io/nixos/nix:2.31.2\n#2 DONE 0.2s\n#4 [build 1/3] FROM docker.io/nixos/nix:2.31.2\n#4 CACHED\n";
    let copy = "#6 [3/3] COPY nonexist.txt ./\n#6 ERROR: failed to calculate checksum of ref x::y: \"/nonexist.txt\": not found\n------\n > [3/3] COPY nonexist.txt ./:\n------\nDockerfile:2\n   1 |     FROM nixos/nix:2.31.2\n   2 | >>> COPY nonexist.txt ./\nERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x::y: \"/nonexist.txt\": not found";
    let run = "#5 [2/2] RUN frobnicate\n#5 0.321 /bin/sh: frobnicate: not found\n#5 ERROR: executor failed running [/bin/sh -c frobnicate]: exit code: 127\n------\n > [2/2] RUN frobnicate:\n#5 0.321 /bin/sh: frobnicate: not found\n------";
    let classic = "Step 1/2 : FROM nixos/nix:2.31.2\n ---> 0123456789ab\nStep 2/2 : ";
    let classic_copy = "COPY nonexist.txt ./\nCOPY failed: file not found in build context or excluded by .dockerignore: stat nonexist.txt: file does not exist";
    let classic_run = "RUN frobnicate\n ---> Running in 0123456789ab\n/bin/sh: frobnicate: not found\nThe command '/bin/sh -c frobnicate' returned a non-zero code: 127";
    for text in [
        format!("{kit}{copy}"),
        format!("{kit}{run}"),
        format!("{classic}{classic_copy}"),
        format!("{classic}{classic_run}"),
        format!("{kit}#7 0.2 error: github:nixos/nix was not found"),
    ] {
        assert_eq!(id(&plan(), &text), "docker/build", "{text}");
    }
    for text in [
        "#2 [internal] load metadata for docker.io/nixos/nix:2.31.2\n#2 ERROR: docker.io/nixos/nix:2.31.2: not found\n------\n > [internal] load metadata for docker.io/nixos/nix:2.31.2:\n------\nERROR: failed to solve: nixos/nix:2.31.2: docker.io/nixos/nix:2.31.2: not found",
        "#3 [internal] load metadata for docker.io/nixos/nix:2.31.2\n#3 ERROR: failed to do request: Head \"https://mirror.example/v2/other/manifests/2.31.2\": x509: certificate signed by unknown authority",
        "failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head \"https://registry-1.docker.io/v2/nixos/nix/manifests/2.31.2\": dial tcp: lookup registry-1.docker.io: no such host",
        "Step 1/9 : FROM nixos/nix:2.31.2\nmanifest for nixos/nix:2.31.2 not found: manifest unknown: manifest unknown",
        "Step 1/9 : FROM nixos/nix:2.31.2\npull access denied for nixos/nix, repository does not exist or may require 'docker login'",
        "Step 1/9 : FROM nixos/nix:2.31.2\nGet \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
    ] {
        assert_eq!(id(&plan(), text), "docker/no-base", "{text}");
    }
}

#[test]
fn a_package_that_nixpkgs_lacks_is_no_attribute_of_the_project() {
    let text = "Step 1/9 : FROM nixos/nix:2.31.2\n ---> 0123456789ab\nStep 7/9 : RUN nix-build '<nixpkgs>' --attr curll\n ---> Running in 0123456789ab\nerror: attribute 'curll' in selection path 'curll' not found\n       Did you mean curl?\nThe command '/bin/sh -c nix-build' returned a non-zero code: 1";
    assert_eq!(id(&plan(), text), "docker/no-attribute");
    let mut plan = plan();
    plan.build.root.packages = vec!["bash".parse().unwrap(), "curll".parse().unwrap()];
    let lines: Vec<&str> = text.lines().collect();
    insta::assert_snapshot!(
        "no_package",
        explain_build(&plan, &failed(&lines)).unwrap_err()
    );
    let inner = text.replace(
        "'curll' in selection path 'curll'",
        "'pipp' in selection path 'python3Packages.pipp'",
    );
    assert_eq!(id(&plan, &inner), "docker/no-attribute");
    plan.build.root.packages = vec!["python3Packages.pipp".parse().unwrap()];
    assert_eq!(id(&plan, &inner), "docker/no-package");
}

#[test]
fn an_image_to_stand_on_that_is_missing_is_named() {
    let mut on_image = plan();
    on_image.build.root.image = Some("heroku/heroku:42".parse().unwrap());
    let lines = failed(&["heroku/heroku:42: failed to resolve source metadata"]);
    let error = explain_build(&on_image, &lines).unwrap_err();
    insta::assert_snapshot!("no_root", error);
    let lines = failed(&[
        "#3 [internal] load metadata for docker.io/nixos/nix:2.31.2",
        "#4 ERROR: failed to do request: Head \"https://x/v2/heroku/heroku/manifests/42\"",
        " > [internal] load metadata for docker.io/heroku/heroku:42:",
    ]);
    let error = explain_build(&on_image, &lines).unwrap_err();
    assert_eq!(error.id(), "docker/no-root");
    let lines = failed(&["heroku/heroku:42: built", "nixos/nix:2.31.2: not found"]);
    let error = explain_build(&on_image, &lines).unwrap_err();
    assert_eq!(error.id(), "docker/no-base");
}

#[test]
fn a_refused_push_is_explained() {
    let push = |line: &str| {
        explain_push("r/app/web", &failed(&[line]))
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(
        "push_unauthorized",
        push("unauthorized: authentication required")
    );
    insta::assert_snapshot!(
        "push_unsupported",
        push("unsupported: The operation is unsupported.")
    );
    insta::assert_snapshot!("push_other", push("EOF"));
    assert!(explain_push("x", &Streamed::default()).is_ok());
}

#[test]
fn a_network_that_fails_may_work_later() {
    let kind = |line: &str| {
        explain_build(
            &plan(),
            &failed(&["Step 1/9 : FROM nixos/nix:2.31.2", line]),
        )
        .unwrap_err()
        .kind()
    };
    let lookup = "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host";
    assert_eq!(kind(lookup), crate::error::Kind::Transient);
    let unknown = "manifest for nixos/nix:2.31.2 not found: manifest unknown: manifest unknown";
    assert_eq!(kind(unknown), crate::error::Kind::User);
}
