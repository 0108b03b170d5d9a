//! What git does not have, or ignores, in repositories that the real git made.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{Project, nixdyno, run};

/// Runs git with settings of its own.
fn git(dir: &Path, args: &[&str]) {
    let status = Command::new("git")
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("git is there: these tests make repositories with it");
    assert!(status.success(), "git {args:?}");
}

/// The warnings about git, a line each.
fn warnings(dir: &Path) -> Vec<String> {
    let found = run(&mut nixdyno(
        dir,
        &["inspect", "--json", "--evaluate", "never"],
    ))
    .json();
    let all = found["warnings"].as_array().unwrap().iter();
    let of_git = all.filter(|it| {
        matches!(
            it["id"].as_str().unwrap(),
            "inspect/ignored" | "inspect/untracked"
        )
    });
    let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
    let line = |it: &serde_json::Value| {
        it["line"]
            .as_u64()
            .map_or(String::new(), |it| format!(":{it}"))
    };
    of_git
        .map(|it| {
            let place = format!("{}{}", text(&it["source"]["path"]), line(&it["source"]));
            format!(
                "{place} {} | {} | {}",
                text(&it["id"]),
                text(&it["what"]),
                text(&it["todo"])
            )
        })
        .collect()
}

const FLAKE: &str = r"{
  outputs = { self, nixpkgs }:
    let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {
      packages.x86_64-linux.default = pkgs.callPackage ./nix/plover.nix {
        pages = ./pages;
      };
    };
}
";
const PACKAGE: &str = r#"{ rustPlatform, pages }:
rustPlatform.buildRustPackage {
  pname = "plover";
  version = "1.0.0";
  src = ../.;
  cargoLock.lockFile = ../Cargo.lock;
  env.PAGES = pages;
}
"#;

fn files() -> Project {
    Project::new(&[
        ("flake.nix", FLAKE),
        ("nix/plover.nix", PACKAGE),
        (
            "Cargo.toml",
            "[package]\nname = \"plover\"\nversion = \"1.0.0\"\n",
        ),
        ("Cargo.lock", "version = 3\n"),
        ("src/main.rs", "fn main() {}\n"),
        ("pages/index.html", "x"),
        ("pages/style.css", "x"),
        ("pages/deep/er/x.html", "x"),
    ])
}

#[test]
fn what_git_does_not_have_is_one_line() {
    let project = files();
    let dir = project.path();
    assert_eq!(warnings(dir), [""; 0], "no repository");
    git(dir, &["init", "-q"]);
    insta::assert_snapshot!(warnings(dir).join("\n"), @r"
        flake.nix inspect/untracked | git doesn't have `flake.nix`, `Cargo.lock`, `nix/plover.nix`, `pages` and 1 more: nixdyno's build takes them, `nix build` and a clone don't | `git add flake.nix Cargo.lock nix/plover.nix pages …`
        ");
    git(dir, &["add", "flake.nix", "Cargo.toml", "pages/index.html"]);
    insta::assert_snapshot!(warnings(dir).join("\n"), @r"
        nix/plover.nix:6 inspect/untracked | git doesn't have `Cargo.lock`, `nix/plover.nix`, 2 files in `pages` (`deep/er/x.html`, `style.css`): nixdyno's build takes them, `nix build` and a clone don't | `git add Cargo.lock nix/plover.nix pages`
        ");
    for version in ["2", "3", "4"] {
        git(dir, &["update-index", "--index-version", version]);
        assert_eq!(warnings(dir).len(), 1, "{version}");
    }
    // Announced is enough for Nix; a file of the sources that nothing names is git's own business.
    git(
        dir,
        &["add", "--intent-to-add", "nix", "Cargo.lock", "pages"],
    );
    assert_eq!(warnings(dir), [""; 0]);
    git(dir, &["update-index", "--split-index"]);
    git(dir, &["rm", "-q", "--cached", "Cargo.lock"]);
    assert_eq!(warnings(dir), [""; 0], "half an index says nothing");
}

#[test]
fn a_default_nix_says_who_sees_it() {
    let project = Project::new(&[
        (
            "default.nix",
            "{ pkgs ? import <nixpkgs> { } }: pkgs.callPackage ./plover.nix { }",
        ),
        (
            "plover.nix",
            "{ buildGoModule }: buildGoModule { pname = \"plover\"; version = \"1\"; src = ./.; vendorHash = null; }",
        ),
        ("go.mod", "module example.org/plover\n"),
    ]);
    git(project.path(), &["init", "-q"]);
    git(project.path(), &["add", "default.nix", "go.mod"]);
    insta::assert_snapshot!(warnings(project.path()).join("\n"), @r"
        default.nix:1 inspect/untracked | git doesn't have `plover.nix`: a build here takes it, one from a clone (CI, a push) doesn't | `git add plover.nix`
        ");
}

#[test]
fn what_git_ignores_and_has_all_the_same_is_told_so() {
    let project = files();
    let dir = project.path();
    git(dir, &["init", "-q"]);
    project.write(".gitignore", "*.lock\n");
    git(dir, &["add", "--force", "."]);
    project.write(".git/info/exclude", "/pages\n");
    insta::assert_snapshot!(warnings(dir).join("\n"), @r"
        nix/plover.nix:6 inspect/ignored | `Cargo.lock` is not in the app's build, though git has it: `*.lock` in .gitignore leaves it out | change the pattern in .gitignore
        flake.nix:5 inspect/ignored | `pages` is not in the app's build, though git has it: `/pages` in .git/info/exclude leaves it out | change the pattern in .git/info/exclude
        ");
}

#[test]
fn worktrees_subfolders_submodules_and_other_hashes_are_read() {
    let project = Project::new(&[("README.md", "x"), (".gitignore", "/old\n")]);
    let top = project.path();
    git(top, &["init", "-q", "--object-format=sha256"]);
    let inside = files();
    for folder in ["apps/web", "old"] {
        for path in [
            "flake.nix",
            "nix/plover.nix",
            "Cargo.toml",
            "Cargo.lock",
            "pages/index.html",
        ] {
            let text = std::fs::read_to_string(inside.path().join(path)).unwrap();
            project.write(&format!("{folder}/{path}"), &text);
        }
    }
    git(
        top,
        &[
            "add",
            "README.md",
            "apps/web/flake.nix",
            "apps/web/Cargo.toml",
            "apps/web/Cargo.lock",
            "apps/web/pages",
        ],
    );
    let lacking = warnings(&top.join("apps/web"));
    assert_eq!(lacking.len(), 1);
    assert!(
        lacking[0].contains("git doesn't have `nix/plover.nix`:"),
        "{lacking:?}"
    );
    // The repository around it ignores the whole folder.
    assert_eq!(warnings(&top.join("old")), [""; 0]);

    git(top, &["add", "apps"]);
    assert_eq!(warnings(&top.join("apps/web")), [""; 0]);
    git(top, &["commit", "-q", "-m", "x"]);
    git(top, &["worktree", "add", "-q", "other"]);
    let other = top.join("other/apps/web");
    assert_eq!(warnings(&other), [""; 0]);
    git(&other, &["rm", "-q", "--cached", "Cargo.lock"]);
    assert_eq!(
        warnings(&other).len(),
        1,
        "a worktree has an index of its own"
    );
    assert_eq!(warnings(&top.join("apps/web")), [""; 0]);
}

#[test]
fn a_submodule_is_gits_as_a_whole() {
    let pages = Project::new(&[("index.html", "x")]);
    git(pages.path(), &["init", "-q"]);
    git(pages.path(), &["add", "."]);
    git(pages.path(), &["commit", "-q", "-m", "x"]);
    let project = files();
    std::fs::remove_dir_all(project.path().join("pages")).unwrap();
    git(project.path(), &["init", "-q"]);
    git(
        project.path(),
        &[
            "submodule",
            "add",
            "-q",
            pages.path().to_str().unwrap(),
            "pages",
        ],
    );
    git(project.path(), &["add", "."]);
    assert_eq!(warnings(project.path()), [""; 0]);
}
