//! Builds by a real Nix, in the lab.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::closure::StorePath;
use crate::context::{Staged, survey};
use crate::error::Result;
use crate::inspect::Origin;
use crate::plan::{FallbackShell, Plan};
use crate::shell::{Cmd, Real, Runner, Tool, Tools};

use super::{Progress, Realised, Roots, closure, realise};

fn real() -> Real {
    Real::new(Tools::find(), Vec::new(), |_| {})
}

fn plan(change: impl FnOnce(&mut Plan)) -> Plan {
    let text = include_str!("../../tests/fixtures/plan.json");
    let mut plan = serde_json::from_str(text).unwrap();
    change(&mut plan);
    plan
}

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Builds a staged copy of a project; what was built, and what a person saw at the end.
fn build(dir: &Path, plan: &Plan) -> (Result<Realised>, String, Vec<String>) {
    let staged = Staged::new(dir, &survey(dir).unwrap()).unwrap();
    let (mut last, mut news) = (String::new(), Vec::new());
    let roots = Roots::new().unwrap();
    let watch = &mut |progress: &Progress, built: Option<&str>| {
        last = progress.to_string();
        news.extend(built.map(str::to_owned));
    };
    let realised = realise(plan, &staged.context(), &real(), Some(&roots), watch);
    if let Ok(realised) = &realised {
        check_roots(realised);
    }
    (realised, last, news)
}

fn asked(tool: Tool, words: &[&str], paths: &[StorePath]) -> String {
    let cmd = Cmd::reads(tool)
        .args(words.iter().copied())
        .args(paths.iter().map(ToString::to_string));
    let answer = real().capture(&cmd).unwrap();
    assert!(answer.success(), "{answer:?}");
    answer.stdout
}

/// The closure has the paths, the sizes and the references that Nix itself says.
fn check_closure(realised: &Realised) {
    let roots = realised.roots();
    let closure = closure(&real(), &roots).unwrap();
    let listed = asked(Tool::NixStore, &["--query", "--requisites"], &roots);
    let mut listed: Vec<&str> = listed.lines().collect();
    listed.sort_unstable();
    listed.dedup();
    let paths: Vec<String> = closure
        .ids()
        .map(|id| closure.path(id).to_string())
        .collect();
    let mut sorted = paths.clone();
    sorted.sort();
    assert_eq!(sorted, listed);
    for root in &roots {
        let id = closure.find(root).unwrap();
        let mut below = closure.below(id);
        if !below.contains(&id) {
            below.push(id);
        }
        let words = [
            "--extra-experimental-features",
            "nix-command",
            "path-info",
            "-S",
        ];
        let said = asked(Tool::Nix, &words, std::slice::from_ref(root));
        let said = said.split_whitespace().next_back().unwrap();
        assert_eq!(closure.sum(below).to_string(), said, "{root}");
        let refers = asked(
            Tool::NixStore,
            &["--query", "--references"],
            std::slice::from_ref(root),
        );
        let others = refers.lines().filter(|it| *it != root.to_string()).count();
        assert_eq!(closure.references(id).len(), others, "{root}");
    }
}

/// All that was built is a root of the store as long as the links are there.
fn check_roots(realised: &Realised) {
    let kept = asked(Tool::NixStore, &["--gc", "--print-roots"], &[]);
    for path in realised.roots() {
        let is = |line: &str| line.contains("nixdyno-") && line.ends_with(&format!(" -> {path}"));
        // The shell may be one that the app refers to.
        let below = realised.shell.iter().flat_map(|it| [&it.sh, &it.env]);
        let mut below = below.filter_map(|it| StorePath::around(it));
        assert!(
            kept.lines().any(is) || below.any(|it| it == path),
            "{path}: {kept}"
        );
    }
}

fn is_program(path: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs_err::metadata(path).is_ok_and(|it| it.permissions().mode() & 0o111 != 0)
}

#[test]
#[ignore = "needs the lab: tests/lab/run.sh"]
fn a_flake_of_the_examples_is_built() {
    let plan = plan(|plan| {
        plan.build.locked = false;
        plan.build.fallback_shell = FallbackShell::FlakeNixpkgs;
        let words = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"];
        plan.build.nix_args = words.map(|it| it.to_owned().try_into().unwrap()).to_vec();
        plan.build.root.packages = vec!["curl".parse().unwrap()];
    });
    let (realised, ..) = build(&project("examples/python-web"), &plan);
    let realised = realised.unwrap();
    assert!(is_program(&format!("{}/bin/guestbook", realised.app[0][0])));
    assert!(is_program(&format!("{}/bin/curl", realised.tools[0])));
    let shell = realised.shell.as_ref().unwrap();
    // The app has bash and no coreutils.
    assert!(
        shell.sh.ends_with("/bin/bash") || shell.sh.ends_with("/bin/sh"),
        "{shell:?}"
    );
    assert!(shell.env.contains("busybox"), "{shell:?}");
    assert!(is_program(&shell.sh) && is_program(&shell.env));
    let certificates = realised.certificates.as_ref().unwrap();
    assert!(
        fs_err::read_to_string(certificates)
            .unwrap()
            .contains("BEGIN CERTIFICATE")
    );
    assert!(realised.warnings.is_empty());
    check_closure(&realised);
}

#[test]
#[ignore = "needs the lab: tests/lab/run.sh"]
fn a_default_nix_of_the_examples_is_built() {
    let plan = plan(|plan| {
        plan.build.from = Origin::Classic;
        plan.build.attribute = crate::names::AttrPath::default();
    });
    let (realised, ..) = build(&project("examples/classic-jobs"), &plan);
    let realised = realised.unwrap();
    assert!(is_program(&format!("{}/bin/worker", realised.app[0][0])));
    check_closure(&realised);
}

/// A project of its own, that no other test has built.
fn folder(text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("default.nix"), text).unwrap();
    dir
}

const SEVERAL: &str = r#"
{ pkgs ? import <nixpkgs> { } }:
{
  bb = pkgs.runCommand "bb-1.0" { } "mkdir -p $out/bin";
  aa = pkgs.runCommand "aa-1.0" { outputs = [ "bin" "out" "man" ]; } "mkdir $bin $out $man";
  bad = pkgs.runCommand "bad-1.0" { } "echo one; echo two >&2; exit 3";
  on = pkgs.runCommand "on-1.0" { dep = (import ./. { }).bad; } "mkdir $out";
  arm = derivation { name = "arm"; system = "aarch64-linux"; builder = "/bin/sh"; };
  system = pkgs.runCommand "for-${builtins.currentSystem}" { } "mkdir $out";
  unfree = throw "Package ‘x’ has an unfree license (‘unfree’), refusing to evaluate.";
  hash = pkgs.runCommand "hash-1.0" {
    outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; outputHashMode = "recursive";
  } "mkdir $out";
}
"#;

fn classic(attributes: &[&str]) -> Plan {
    plan(|plan| {
        plan.build.from = Origin::Classic;
        plan.build.attribute = attributes[0].parse().unwrap();
        plan.build.also = attributes[1..]
            .iter()
            .map(|it| it.parse().unwrap())
            .collect();
    })
}

#[test]
#[ignore = "needs the lab: tests/lab/run.sh"]
fn several_attributes_keep_their_order() {
    let dir = folder(SEVERAL);
    let (realised, last, news) = build(dir.path(), &classic(&["bb", "aa", "system"]));
    let realised = realised.unwrap();
    let names: Vec<_> = realised.app.iter().map(|it| it[0].name()).collect();
    assert_eq!(names, ["bb-1.0", "aa-1.0-bin", "for-x86_64-linux"]);
    assert!(news.contains(&"for-x86_64-linux".to_owned()), "{news:?}");
    assert_ne!(last, "");
}

#[test]
#[ignore = "needs the lab: tests/lab/run.sh"]
fn a_flake_of_several_packages_knows_whose_outputs_are_whose() {
    let dir = folder(SEVERAL);
    let flake = "{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\"; outputs = { nixpkgs, ... }: { packages.x86_64-linux = \
        let all = import ./default.nix { pkgs = nixpkgs.legacyPackages.x86_64-linux; }; in { inherit (all) aa bb; }; }; }";
    fs_err::write(dir.path().join("flake.nix"), flake).unwrap();
    let plan = plan(|plan| {
        plan.build.locked = false;
        plan.build.fallback_shell = FallbackShell::FlakeNixpkgs;
        let words = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"];
        plan.build.nix_args = words.map(|it| it.to_owned().try_into().unwrap()).to_vec();
        plan.build.attribute = "packages.x86_64-linux.bb".parse().unwrap();
        plan.build.also = vec!["packages.x86_64-linux.aa".parse().unwrap()];
    });
    let (realised, ..) = build(dir.path(), &plan);
    let realised = realised.unwrap();
    assert_eq!(realised.app[0][0].name(), "bb-1.0");
    assert!(
        realised.app[1]
            .iter()
            .all(|it| it.name().starts_with("aa-1.0")),
        "{:?}",
        realised.app
    );
    check_closure(&realised);
}

#[test]
#[ignore = "needs the lab: tests/lab/run.sh"]
fn failures_are_told_apart() {
    let dir = folder(SEVERAL);
    let failed = |attribute: &str| {
        let (realised, ..) = build(dir.path(), &classic(&[attribute]));
        realised.unwrap_err()
    };
    let found: BTreeMap<&str, &str> = ["bad", "on", "arm", "unfree", "hash", "nosuch"]
        .iter()
        .map(|it| (*it, failed(it).id()))
        .collect();
    let expected = [
        ("arm", "nix/no-builder"),
        ("bad", "nix/build-failed"),
        ("hash", "nix/hash-mismatch"),
        ("nosuch", "nix/no-attribute"),
        ("on", "nix/build-failed"),
        ("unfree", "nix/unfree"),
    ];
    assert_eq!(found, BTreeMap::from(expected));
    let error = failed("on").to_string();
    assert!(error.contains("the build of bad-1.0 failed"), "{error}");
    assert!(error.contains("two"), "{error}");
}
