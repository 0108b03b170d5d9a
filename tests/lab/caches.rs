//! Binary caches and secrets, for real: what is pushed is fetched and not built again, by those who may; and no secret is
//! in anything that a build leaves.
//!
//! The cache is a server of HTTP that asks for a password. The lab's Nix has no S3 in it.

mod leaks;
mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::common::{self, Outcome, Project};
use crate::image::page;
use crate::lab::{nixdyno, tool};

use server::Server;

/// An image that looks into caches, which the lab's own doesn't, and into none but those it is told of.
const BASE: &str = "registry.example/me/caching:1";

/// What the project's builder prints: seen only where something is built.
const BUILDS: &str = "BUILT-HERE";

/// Makes an image to build on from lines behind `FROM`.
fn base(tag: &str, lines: &str) {
    let from = crate::lab::base();
    let text = format!(
        "FROM {from}\nRUN printf '%s\\n' 'substitute = true' 'substituters =' >> /etc/nix/nix.conf\n{lines}"
    );
    let folder = Project::new(&[("Dockerfile", &text)]);
    let mut build = Command::new("docker");
    let build = build.args(["build", "--tag", tag, "."]);
    let build = build.current_dir(folder.path()).env("DOCKER_BUILDKIT", "1");
    Outcome::of(&build.output().unwrap()).exits(0);
}

fn project() -> Project {
    let text = format!(
        r#"{{ pkgs ? import <nixpkgs> {{ }} }}:
pkgs.stdenv.mkDerivation {{
  name = "cached";
  dontUnpack = true;
  installPhase = ''
    echo {BUILDS}
    mkdir -p $out/bin
    echo "<h1>from a cache</h1>" > $out/index.html
    echo '#!${{pkgs.busybox}}/bin/sh' > $out/bin/web
    echo "cd $out && exec ${{pkgs.busybox}}/bin/busybox httpd -f -p \$PORT" >> $out/bin/web
    chmod +x $out/bin/web
  '';
}}
"#
    );
    Project::new(&[("default.nix", &text)])
}

/// A key that signs, and its public half.
fn keys() -> (String, String) {
    let secret = tool("nix", &["key", "generate-secret", "--key-name", "lab-1"]);
    let mut convert = Command::new("nix")
        .args(["key", "convert-secret-to-public"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut convert.stdin.take().unwrap(), secret.as_bytes()).unwrap();
    let public = Outcome::of(&convert.wait_with_output().unwrap()).exits(0);
    (secret.trim().to_owned(), public.stdout.trim().to_owned())
}

/// A file outside of the project.
fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn run(dir: &Path, words: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let words = [&["--base", BASE, "--no-eval"], words].concat();
    common::run(nixdyno(dir, &words).envs(variables.iter().copied()))
}

fn forget_builds() {
    tool("docker", &["builder", "prune", "--all", "--force"]);
}

#[test]
#[ignore = "lab"]
fn what_is_pushed_is_fetched_and_not_built_again() {
    base(BASE, "");
    let server = Server::start("me", "hunter2");
    let (url, project, folder) = (server.url.as_str(), project(), TempDir::new().unwrap());
    let dir = project.path();
    let (secret, public) = keys();
    let login = format!("machine {} login me password hunter2\n", server.host());
    let login = file(&folder, "netrc", &login);
    let netrc = format!("netrc={}", login.display());
    let push = [
        "cache",
        "push",
        "--to",
        url,
        "--secret",
        "signing-key=env:KEY",
    ];
    let signed = [("KEY", secret.as_str())];

    let refused = run(dir, &push, &signed).exits(1);
    assert!(
        refused.stderr.contains("[docker/cache-refused]"),
        "{refused}"
    );
    assert_eq!(server.uploads(), 0);
    let with = [&push[..], &["--secret", &netrc]].concat();
    let pushed = run(dir, &with, &signed).exits(0);
    assert_eq!(pushed.stdout.trim(), url);
    let sent = server.uploads();
    assert!(
        sent > 2 && server.has_signed("cached", "lab-1:"),
        "{pushed}"
    );
    // Docker must do it again, and Nix find nothing to send.
    let again = run(dir, &with, &signed).exits(0);
    assert_eq!(server.uploads(), sent, "{again}");
    assert!(server.asked() > 0);

    let build = ["build", "--json", "--substituter", url];
    let trusts = ["--trusted-public-key", &public];
    let builds = |words: &[&[&str]]| {
        forget_builds();
        run(dir, &[&build[..], &words.concat()].concat(), &[])
    };
    let fetched = builds(&[&trusts, &["--secret", &netrc]]).exits(0);
    assert!(!fetched.stderr.contains(BUILDS), "{fetched}");
    assert!(fetched.stderr.contains("copying path"), "{fetched}");
    let image = &fetched.json()["images"][0];
    assert!(page(image["image"].as_str().unwrap()).contains("from a cache"));

    // Who may not read there builds, or is told; who trusts another key builds.
    let stranger = builds(&[&trusts]);
    assert!(stranger.stderr.contains("401"), "{stranger}");
    assert!(
        stranger.code == 1 || stranger.stderr.contains(BUILDS),
        "{stranger}"
    );
    let (_, other) = keys();
    let other = other.replace("lab-1", "lab-2");
    let doubted = builds(&[&["--trusted-public-key", &other, "--secret", &netrc]]).exits(0);
    assert!(doubted.stderr.contains(BUILDS), "{doubted}");
    assert_eq!(doubted.json()["images"][0]["id"], image["id"]);
}

#[test]
#[ignore = "lab"]
fn what_the_build_needed_is_sent_on_request() {
    base(BASE, "");
    let server = Server::start("me", "hunter2");
    let folder = TempDir::new().unwrap();
    let login = format!("machine {} login me password hunter2\n", server.host());
    let login = file(&folder, "netrc", &login);
    let netrc = format!("netrc={}", login.display());
    let push = ["cache", "push", "--to", &server.url, "--secret", &netrc];
    run(project().path(), &push, &[]).exits(0);
    assert!(server.has("busybox") && !server.has("coreutils"));
    let all = [&push[..], &["--build-closure"]].concat();
    run(project().path(), &all, &[]).exits(0);
    assert!(server.has("coreutils") && !server.has(".drv"));
}
