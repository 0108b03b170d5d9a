//! The image itself, and the generated files in the hands of somebody who only has Docker.

use std::process::Command;

use crate::common::{Outcome, Project};
use crate::lab::{App, base, nixdyno, run, tool};

/// Builds the generated files with plain Docker and returns the image's name.
fn plain_build(project: &Project, kit: &str) -> String {
    let tag = format!("plain-{kit}");
    let output = Command::new("docker")
        .args(["build", "--tag", &tag, "."])
        .current_dir(project.path())
        .env("DOCKER_BUILDKIT", kit)
        .output()
        .unwrap();
    Outcome::of(&output).exits(0);
    tag
}

#[test]
#[ignore = "lab"]
fn the_generated_files_need_nothing_but_docker() {
    let project = Project::copy("examples/classic-jobs");
    run(project.path(), &["generate"]).exits(0);
    run(project.path(), &["generate", "--check"]).exits(0);
    for kit in ["1", "0"] {
        let tag = plain_build(&project, kit);
        assert!(page(&tag).contains("Classic jobs"), "{tag}");
    }
}

/// Runs an image as a dyno would be run, and fetches its page.
pub fn page(tag: &str) -> String {
    let dyno = [
        "run",
        "--detach",
        "--rm",
        "--read-only",
        "--tmpfs",
        "/tmp",
        "--user",
        "54321:54321",
        "--cap-drop",
        "ALL",
        "--security-opt",
        "no-new-privileges",
        "--memory",
        "512m",
        "--env",
        "PORT=8080",
        tag,
    ];
    let container = tool("docker", &dyno);
    let container = container.trim();
    let format = "{{.NetworkSettings.IPAddress}}";
    let address = tool("docker", &["inspect", "--format", format, container]);
    let url = format!("http://{}:8080/", address.trim());
    let page = tool(
        "curl",
        &[
            "-sS",
            "--retry",
            "9",
            "--retry-connrefused",
            "--retry-delay",
            "1",
            &url,
        ],
    );
    tool("docker", &["kill", container]);
    page
}

#[test]
#[ignore = "lab"]
fn the_root_has_what_programs_expect() {
    let project = Project::copy("examples/static-binary");
    let built = run(project.path(), &["build", "--json"]).exits(0).json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    let container = tool("docker", &["create", tag]);
    let container = container.trim();
    let listed = tool(
        "bash",
        &[
            "-c",
            &format!("docker export {container} | tar -tv --numeric-owner"),
        ],
    );
    tool("docker", &["rm", container]);
    let line = |path: &str| {
        let found = listed
            .lines()
            .find(|line| line.split_whitespace().nth(5) == Some(path));
        found
            .unwrap_or_else(|| panic!("{path} is missing:\n{listed}"))
            .to_owned()
    };
    assert!(
        line("tmp/").starts_with("drwxrwxrwt 0/0"),
        "{}",
        line("tmp/")
    );
    assert!(
        line("app/").starts_with("drwxrwxrwt 0/0"),
        "{}",
        line("app/")
    );
    for path in [
        "etc/passwd",
        "etc/group",
        "etc/nsswitch.conf",
        "etc/ssl/certs/ca-bundle.crt",
    ] {
        assert!(line(path).contains("1970-01-01 00:00"), "{}", line(path));
    }
    for link in [
        "etc/ssl/certs/ca-certificates.crt",
        "etc/pki/tls/certs/ca-bundle.crt",
        "bin/sh",
        "usr/bin/env",
    ] {
        assert!(line(link).starts_with('l'), "{}", line(link));
    }
    let foreign = listed
        .lines()
        .filter(|line| line.split_whitespace().nth(1) != Some("0/0"))
        .count();
    assert_eq!(foreign, 0, "{listed}");
}

#[test]
#[ignore = "lab"]
fn process_types_with_a_dash_reach_heroku_by_both_routes() {
    let project = Project::copy("examples/static-binary");
    project.write("Procfile", "web: hello\nmy-worker: hello\n");
    // Several Dockerfiles in the project are nobody's business here.
    project.write("Dockerfile", "FROM nothing\n");
    project.write("Dockerfile.web", "FROM nothing\n");
    for route in ["heroku-cli", "docker"] {
        let app = App::new(&format!("dashes-{route}"));
        let outcome = run(
            project.path(),
            &["deploy", "--app", &app.0, "--route", route],
        )
        .exits(0);
        assert!(outcome.stderr.contains("ps:scale my-worker=1"), "{outcome}");
        assert!(outcome.stderr.contains("is not used"), "{outcome}");
        assert!(app.page().contains("Hello"));
    }
}

#[test]
#[ignore = "lab"]
fn an_edited_dockerfile_is_built_when_asked() {
    let project = Project::copy("examples/static-binary");
    run(project.path(), &["generate"]).exits(0);
    let edited = project.read("Dockerfile").replace("HOME=/app", "HOME=/tmp");
    project.write("Dockerfile", &edited);
    let ignored = run(project.path(), &["build"]).exits(0);
    assert!(ignored.stderr.contains("is not used"), "{ignored}");
    let built = run(
        project.path(),
        &["build", "--dockerfile", "Dockerfile", "--json"],
    )
    .exits(0)
    .json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    let env = tool(
        "docker",
        &["image", "inspect", "--format", "{{.Config.Env}}", tag],
    );
    assert!(env.contains("HOME=/tmp"), "{env}");
}

#[test]
#[ignore = "lab"]
fn the_only_program_is_found_by_the_build() {
    let project = Project::new(&[(
        "default.nix",
        r#"{ pkgs ? import <nixpkgs> { } }:
        pkgs.runCommand "greeter" { } ''
          mkdir -p $out/bin
          printf '#!%s\nexec %s httpd -f -p "$PORT" -h %s\n' ${pkgs.bash}/bin/bash ${pkgs.busybox}/bin/busybox ${./www} > $out/bin/greet
          chmod +x $out/bin/greet
          touch $out/bin/.greet-wrapped
        ''"#,
    )]);
    project.write("www/index.html", "greetings");
    let mut command = nixdyno(project.path(), &["build", "--json"]);
    let built = crate::common::run(command.env("NIXDYNO_BASE", base()))
        .exits(0)
        .json();
    assert!(page(built["images"][0]["image"].as_str().unwrap()).contains("greetings"));
}

#[test]
#[ignore = "lab"]
fn several_outputs_are_one_app() {
    // Such a package leaves /result-bin and /result, and its programs are not in /result.
    let project = Project::copy("examples/static-binary");
    project.write(
        "flake.nix",
        r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation {
            name = "several"; system = "x86_64-linux"; outputs = [ "out" "bin" ];
            builder = "/bin/sh"; PATH = "/nix/var/nix/profiles/default/bin";
            args = [ "-c" "mkdir $out; echo x > \"$out/with space\"; mkdir -p $bin/bin; cd $bin/bin; cp ${./hello} hello; ln -s hello sh; ln -s hello env; true" ];
          } // { meta = { mainProgram = "hello"; outputsToInstall = [ "bin" "out" ]; }; }; }; }"#,
    );
    let built = run(project.path(), &["build", "--json"]).exits(0).json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    assert!(page(tag).contains("Hello"));
    let container = tool("docker", &["create", tag]);
    let listed = tool(
        "bash",
        &[
            "-c",
            &format!("docker export {} | tar -t", container.trim()),
        ],
    );
    tool("docker", &["rm", container.trim()]);
    assert!(
        listed.contains("app/bin\n") && listed.contains("app/with space\n"),
        "{listed}"
    );
}

/// Two packages and a Procfile that needs both; `pkgs` is bound around it.
const TWO_PACKAGES: &str = r#"{
    server = pkgs.writeShellScriptBin "api" ''echo "api $1 as $UID"'';
    crew = pkgs.writeShellScriptBin "crunch" ''echo "crunch as $UID"'';
}"#;

#[test]
#[ignore = "lab"]
fn programs_of_several_packages_are_in_one_image() {
    let classic = format!("{{ pkgs ? import <nixpkgs> {{ }} }}: {TWO_PACKAGES}");
    let flake = format!(
        "{{ outputs = {{ self, nixpkgs }}: {{ packages.x86_64-linux =
            let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {TWO_PACKAGES}; }}; }}"
    );
    let words = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"];
    let words: Vec<&str> = words.into_iter().flat_map(|it| ["--nix-arg", it]).collect();
    for (file, text, words) in [
        ("default.nix", classic, [].as_slice()),
        ("flake.nix", flake, words.as_slice()),
    ] {
        let project = Project::new(&[("Procfile", "web: api serve\nworker: /app/bin/crunch\n")]);
        project.write(file, &text);
        let args = [&["build", "--json"], words].concat();
        let built = run(project.path(), &args).exits(0).json();
        let images = built["images"].as_array().unwrap();
        let says = |at: usize| once(images[at]["image"].as_str().unwrap(), &[]);
        let mut said = [says(0), says(1)];
        said.sort();
        assert_eq!(
            said,
            ["api serve as 54321\n", "crunch as 54321\n"],
            "{file}"
        );
        let list = ["/bin/sh", "-c", "cd /app; echo * bin/*"];
        let tag = images[0]["image"].as_str().unwrap();
        assert_eq!(once(tag, &list), "bin bin/api bin/crunch\n", "{file}");
    }
}

#[test]
#[ignore = "lab"]
fn a_nix_file_of_another_name_is_built() {
    let text =
        fs_err::read_to_string(crate::common::root().join("examples/classic-jobs/default.nix"));
    let jobs = text.unwrap().split_once(":\n").unwrap().1.to_owned();
    let project = Project::new(&[
        (
            "nix/release.nix",
            &format!("{{ pkgs ? import <nixpkgs> {{ }} }}: {{ jobs = {jobs}; }}"),
        ),
        ("Procfile", "web: web"),
    ]);
    let words = ["build", "--json", "--file", "nix/release.nix"];
    let built = run(project.path(), &words).exits(0).json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    assert!(page(tag).contains("Classic jobs"), "{tag}");
}

#[test]
#[ignore = "lab"]
fn a_root_has_the_programs_that_were_asked_for() {
    let override_nixpkgs = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"];
    let words: Vec<&str> = override_nixpkgs
        .into_iter()
        .flat_map(|it| ["--nix-arg", it])
        .collect();
    // Each says one word for each program that is there.
    let bash = "[[ -n $BASH_VERSION ]] && ls -d /bin/ls >&1; type -P env > /dev/null && echo env; readlink /bin/sh";
    let exec = "for it in bash curl ssh python; do type -P $it > /dev/null && echo $it; done; \
                cat /app/.profile.d/heroku-exec.sh | grep -c HEROKU_EXEC_URL || cat /app/.profile.d/heroku-exec.sh";
    let zone = "cd /usr/share/zoneinfo/Europe && echo Berlin* curl; command -v curl";
    for example in ["examples/classic-jobs", "examples/python-web"] {
        let words = if example.ends_with("web") {
            words.as_slice()
        } else {
            &[]
        };
        let says = |root: &[&str], script: &str| {
            let project = Project::copy(example);
            let args = [&["build", "--json"], root, words].concat();
            let built = run(project.path(), &args).exits(0).json();
            let images = built["images"].as_array().unwrap();
            let web = images.iter().find(|it| it["process"] == "web").unwrap();
            let tag = web["image"].as_str().unwrap();
            (once(tag, &["/bin/sh", "-c", script]), tag.to_owned())
        };
        let (said, tag) = says(&["--root", "shell"], bash);
        assert!(said.starts_with("/bin/ls\nenv\n/nix/store/"), "{said}");
        assert!(said.trim_end().ends_with("/bin/bash"), "{said}");
        if example.ends_with("jobs") {
            assert!(page(&tag).contains("Classic jobs"));
        }
        let (said, _) = says(&["--root", "exec"], exec);
        assert!(said.starts_with("bash\ncurl\nssh\npython\n"), "{said}");
        assert!(
            said.contains("HEROKU_EXEC_URL") || said.ends_with("1\n"),
            "{said}"
        );
        let (said, _) = says(&["--with", "tzdata", "--with", "curl"], zone);
        assert_eq!(said, "Berlin curl\n/bin/curl\n", "{example}");
    }
}

/// What an image's command, or another one, says as a user whom nobody knows.
fn once(tag: &str, command: &[&str]) -> String {
    let user = ["run", "--rm", "--read-only", "--user", "54321:54321", tag];
    tool("docker", &[user.as_slice(), command].concat())
}
