//! `generate heroku-yml`: beside nothing, beside files of the project's own, and where it can't work.

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};

const FLAKE: (&str, &str) = (
    "flake.nix",
    r#"{
  outputs = { self }: {
    packages.x86_64-linux.default = derivation {
      name = "gull";
      system = "x86_64-linux";
      builder = ./gull;
    } // { meta.mainProgram = "gull"; };
  };
}
"#,
);

const PROCFILE: (&str, &str) = (
    "Procfile",
    "web: gull serve --port $PORT\nworker: gull work\nrelease: gull migrate\n",
);

fn generate(project: &Project, args: &[&str]) -> Outcome {
    let words = [&["generate", "heroku-yml"], args].concat();
    run(nixdyno(project.path(), &words)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

/// So that a difference shows heroku.yml alone.
fn with_dockerfile(project: &Project) {
    let mut generate = nixdyno(project.path(), &["generate"]);
    run(generate.env_clear().env("PATH", "/nonexistent")).exits(0);
}

#[test]
fn it_comes_with_what_it_points_to_and_is_checked() {
    let project = Project::new(&[FLAKE, PROCFILE]);
    let missing = generate(&project, &["--check"]).exits(1);
    for name in ["Dockerfile", ".dockerignore", "heroku.yml"] {
        let line = format!("{name} is missing\n");
        assert!(missing.stdout.contains(&line), "{missing}");
    }
    check!("printed", generate(&project, &["--stdout"]).exits(0));
    assert!(!project.path().join("heroku.yml").exists());
    let dry = generate(&project, &["--dry-run", "-q"]).exits(0);
    assert_eq!(
        dry.stdout,
        "would write Dockerfile\nwould write .dockerignore\nwould write heroku.yml\n"
    );
    check!("written", generate(&project, &[]).exits(0));
    // The processes come from heroku.yml now, and are the same.
    let checked = generate(&project, &["--check"]).exits(0);
    assert!(!checked.stderr.contains("inspect/heroku-yml"), "{checked}");
    assert!(!checked.stderr.contains("the image of `web`"), "{checked}");
    let json = generate(&project, &["--json"]).exits(0).json();
    assert_eq!(json["files"][0]["written"], false, "{json}");
    run(nixdyno(project.path(), &["generate", "--check"])
        .env_clear()
        .env("PATH", "/nonexistent"))
    .exits(0);
    // An edited Dockerfile is a person's; nobody asked for it.
    let edited = project.read("Dockerfile") + "# mine\n";
    project.write("Dockerfile", &edited);
    check!("edited_dockerfile", generate(&project, &[]).exits(0));
    assert_eq!(project.read("Dockerfile"), edited);
}

#[test]
fn only_what_differs_is_changed() {
    let before = "# Of the gulls.\nsetup:\n  addons:\n    - plan: heroku-postgresql # the store\nrun:\n  web: gull serve\nbuild:\n  docker:\n    web: docker/Dockerfile\n";
    let project = Project::new(&[FLAKE, ("heroku.yml", before)]);
    let refused = generate(&project, &[]).exits(1);
    check!("would_overwrite", refused);
    assert_eq!(project.read("heroku.yml"), before);
    assert!(
        !project.path().join("Dockerfile").exists(),
        "all of them or none"
    );
    with_dockerfile(&project);
    check!("differs", generate(&project, &["--check"]).exits(1));
    generate(&project, &["--yes"]).exits(0);
    let after = before.replace("docker/Dockerfile", "Dockerfile");
    assert_eq!(project.read("heroku.yml"), after);
    generate(&project, &["--check"]).exits(0);
}

#[test]
fn what_cannot_be_edited_is_written_anew_when_told_to() {
    let flow = "# gone\n{build: {docker: {web: old/Dockerfile}}}\n";
    let project = Project::new(&[FLAKE, PROCFILE, ("heroku.yml", flow)]);
    with_dockerfile(&project);
    check!("whole", generate(&project, &["--check"]).exits(1));
    generate(&project, &["--yes"]).exits(0);
    assert!(
        project
            .read("heroku.yml")
            .starts_with("# Written by nixdyno")
    );
}

#[test]
fn app_json_fills_setup() {
    let app_json = r#"{"addons": ["heroku-postgresql"], "env": {"LEVEL": "info", "API_KEY": "x"}, "formation": {"web": {"quantity": 2}}}"#;
    let project = Project::new(&[FLAKE, ("app.json", app_json)]);
    check!("app_json", generate(&project, &["--stdout"]).exits(0));
    project.write("app.json", "{");
    check!("app_json_broken", generate(&project, &[]).exits(1));
}

#[test]
fn what_cannot_be_read_or_built_is_refused() {
    let unknown = "build:\n  dokcer:\n    web: Dockerfile\n";
    let project = Project::new(&[FLAKE, ("heroku.yml", unknown)]);
    check!("unknown_key", generate(&project, &[]).exits(1));
    let mounts = generate(&Project::new(&[FLAKE]), &["--ssh"]).exits(1);
    check!("mounts", mounts);
    let project = Project::new(&[FLAKE]);
    std::os::unix::fs::symlink("/etc/passwd", project.path().join("app.json")).unwrap();
    check!("link_out", generate(&project, &[]).exits(1));
    let project = Project::new(&[FLAKE]);
    std::fs::create_dir(project.path().join("app.json")).unwrap();
    check!("unreadable", generate(&project, &[]).exits(1));
}
