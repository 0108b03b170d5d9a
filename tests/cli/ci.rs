//! `generate ci`: the file of each platform, written once, checked, and never over somebody's own.

use std::os::unix::fs::PermissionsExt;

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

fn generate(project: &Project, words: &[&str]) -> Outcome {
    let words = [&["generate"], words].concat();
    run(nixdyno(project.path(), &words)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

#[test]
fn each_platform_has_its_file_and_a_check_holds_it() {
    for (platform, path) in [
        ("github", ".github/workflows/nixdyno.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("circleci", ".circleci/config.yml"),
        ("generic", "ci/nixdyno.sh"),
    ] {
        let project = Project::new(&[("flake.nix", FLAKE)]);
        let words = ["ci", "--for", platform, "-a", "my-app"];
        let wrote = generate(&project, &words).exits(0);
        assert_eq!(wrote.stdout, format!("wrote {path}\n"), "{wrote}");
        let text = project.read(path);
        // What it runs for a pull request is true of what was written.
        let check = text
            .lines()
            .find_map(|line| line.split_once("nixdyno generate ci --for "))
            .map(|(_, flags)| flags.to_owned());
        let again = format!("{platform} --app my-app --no-eval");
        assert_eq!(check.unwrap(), again, "the head");
        let check = text.lines().find(|it| it.ends_with(" --check")).unwrap();
        let (_, check) = check.split_once("nixdyno generate ").unwrap();
        let check: Vec<&str> = check.split(' ').collect();
        generate(&project, &check).exits(0);
        generate(&project, &words).exits(0);

        project.write(path, &format!("{text}# mine\n"));
        generate(&project, &check).exits(1);
        let kept = generate(&project, &words).exits(1);
        assert!(kept.stderr.contains("[render/would-overwrite]"), "{kept}");
        assert!(project.read(path).ends_with("# mine\n"));
        generate(&project, &[&words[..], &["--yes"]].concat()).exits(0);
        assert!(!project.read(path).contains("# mine"));
        let mode = std::fs::metadata(project.path().join(path)).unwrap();
        let runs = mode.permissions().mode() & 0o111 != 0;
        assert_eq!(runs, platform == "generic");
    }
}

#[test]
fn what_is_meant_must_be_said() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    let words = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        generate(&project, &words)
    };
    check!("ci_no_platform", words("ci -a my-app").exits(2));
    check!("ci_not_for_ci", words("dockerfile --for github").exits(2));
    check!("ci_no_app", words("ci --for github -q").exits(1));
    let odd = words("ci --for githup -a my-app").exits(2);
    assert!(odd.stderr.contains("'github'"), "{odd}");
    let odd = words("ci --for github -a my-app --branch rel*").exits(2);
    assert!(odd.stderr.contains("[names/branch]"), "{odd}");
    words("--review-apps").exits(2);
}

#[test]
fn files_of_nixdyno_s_are_checked_too_and_the_configuration_is_followed() {
    let project = Project::new(&[
        ("flake.nix", FLAKE),
        (
            "nixdyno.toml",
            "app = \"my-app\"\n[env.staging]\napp = \"my-staging\"\n",
        ),
    ]);
    generate(&project, &["--env", "staging"]).exits(0);
    project.write("heroku.yml", "build:\n  docker:\n    web: Dockerfile\n");
    let words = ["ci", "--for", "github", "--env", "staging"];
    check!("ci_written", generate(&project, &words).exits(0));
    let text = project.read(".github/workflows/nixdyno.yml");
    let check = "nixdyno generate ci --for github --no-eval --env staging --check";
    assert!(text.contains(check), "{text}");
    assert!(text.contains("--app my-staging "), "{text}");
    let other = generate(
        &project,
        &[&words[..], &["--root", "shell", "--yes"]].concat(),
    )
    .exits(0);
    assert!(
        other
            .stderr
            .contains("Dockerfile is not what would be written by these flags"),
        "{other}"
    );
    // Another app there is a difference here.
    project.write("nixdyno.toml", "[env.staging]\napp = \"my-other\"\n");
    generate(&project, &[&words[..], &["--check"]].concat()).exits(1);
}

#[test]
fn a_file_of_somebody_else_is_taken_in_or_left() {
    let project = Project::new(&[
        ("flake.nix", FLAKE),
        (".gitlab-ci.yml", "test:\n  script: [make]\n"),
        (".circleci/config.yml", "version: 2.1\n"),
    ]);
    let words = |platform| ["ci", "--for", platform, "-a", "my-app"];
    check!(
        "ci_gitlab_part",
        generate(&project, &words("gitlab")).exits(0)
    );
    assert!(
        project
            .read(".gitlab/nixdyno.yml")
            .contains("- local: .gitlab/nixdyno.yml")
    );
    assert!(!project.read(".gitlab-ci.yml").contains("nixdyno"));
    generate(&project, &[&words("gitlab")[..], &["--check"]].concat()).exits(0);
    let kept = generate(&project, &words("circleci")).exits(1);
    assert!(kept.stderr.contains("[render/would-overwrite]"), "{kept}");
}

#[test]
fn nothing_is_written_behind_a_link_that_leads_out() {
    let project = Project::new(&[("inside/flake.nix", FLAKE), ("outside/x", "")]);
    let inside = project.path().join("inside");
    std::os::unix::fs::symlink("../outside", inside.join("ci")).unwrap();
    let words = [
        "ci", "--for", "generic", "-a", "my-app", "--dir", "inside", "--yes",
    ];
    let refused = generate(&project, &words).exits(1);
    assert!(refused.stderr.contains("[render/outside]"), "{refused}");
    assert!(!project.path().join("outside/nixdyno.sh").exists());
}

#[test]
fn below_the_top_of_a_repository_nothing_is_written_that_nobody_reads() {
    let project = Project::new(&[("api/flake.nix", FLAKE), (".git/HEAD", "x")]);
    let words = |platform| ["ci", "--for", platform, "-a", "my-app", "--dir", "api"];
    check!(
        "ci_below_the_top",
        generate(&project, &words("github")).exits(1)
    );
    assert!(!project.path().join("api/.github").exists());
    generate(&project, &[&words("github")[..], &["--stdout"]].concat()).exits(0);
    generate(&project, &words("generic")).exits(0);
}

#[test]
fn the_file_stays_the_same_when_others_come() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    let words = ["ci", "--for", "github", "-a", "my-app", "--no-eval"];
    generate(&project, &words).exits(0);
    generate(&project, &["--no-eval"]).exits(0);
    generate(&project, &words).exits(0);
    let check = [&words[..], &["--check"]].concat();
    let checked = generate(&project, &check).exits(0);
    assert_eq!(
        checked.stdout,
        "every file is what would be written: Dockerfile, .dockerignore, .github/workflows/nixdyno.yml\n"
    );
    // It holds those that came later.
    let text = project.read("Dockerfile");
    project.write("Dockerfile", &format!("{text}# mine\n"));
    let drifted = generate(&project, &check).exits(1);
    assert!(
        drifted.stdout.starts_with("Dockerfile differs\n"),
        "{drifted}"
    );
}

#[test]
fn a_check_of_nothing_named_looks_at_a_heroku_yml_of_nixdyno_s() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    generate(&project, &["heroku-yml"]).exits(0);
    let checked = generate(&project, &["--check"]).exits(0);
    assert!(checked.stdout.contains("heroku.yml"), "{checked}");
    let text = project.read("heroku.yml");
    project.write(
        "heroku.yml",
        &text.replace("Dockerfile", "Dockerfile.other"),
    );
    let drifted = generate(&project, &["--check"]).exits(1);
    assert!(drifted.stdout.contains("heroku.yml differs"), "{drifted}");
    generate(&project, &["dockerfile", "--check"]).exits(0);
    // Somebody else's is not nixdyno's to hold.
    project.write("heroku.yml", "build:\n  docker:\n    web: Dockerfile\n");
    generate(&project, &["--check"]).exits(0);
}
