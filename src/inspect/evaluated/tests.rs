//! What becomes of what was read when Nix can look at some attributes only.

use std::fmt::Write as _;
use std::path::Path;

use crate::error::{Error, Result};
use crate::inspect::{Ask, Project, Verdict, inspect};
use crate::nix::Where;
use crate::shell::{Captured, Cmd, Recorded, Runner, Streamed};

/// Answers by a part of the command's last words: the attribute stands in the middle.
struct Parts<'a>(&'a [(&'a str, i32, &'a str, &'a str)]);

impl Runner for Parts<'_> {
    fn capture(&self, cmd: &Cmd) -> Result<Captured> {
        let shown = cmd.to_string();
        let rule = self.0.iter().find(|rule| shown.contains(rule.0));
        let (_, status, stdout, stderr) = rule.copied().unwrap_or(("", 0, "", ""));
        Ok(Captured {
            status,
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        })
    }

    fn stream(&self, _: &Cmd, _: &mut dyn FnMut(&str)) -> Result<Streamed> {
        Err(Error::interrupted())
    }

    fn journal(&self) -> Vec<String> {
        Vec::new()
    }
}

const VERSION: (&str, i32, &str, &str) = ("--version", 0, "nix (Nix) 2.26.3\n", "");
const OFFLINE: &str = "error: unable to download 'https://x': Couldn't resolve host name (6)";
const BUILDS: &str = "error: cannot build '/nix/store/x.drv' during evaluation because the option 'allow-import-from-derivation' is disabled";
const DRV: &str = r#"{ "derivation": true, "name": "s-1" }"#;

/// A flake with packages `p01` to `p10`.
fn ten() -> String {
    let mut text = "{ outputs = { self, nixpkgs }: { packages.x86_64-linux = {\n".to_owned();
    for n in 1..=10 {
        writeln!(
            text,
            "p{n:02} = nixpkgs.lib.writeShellScriptBin \"p{n:02}\" \"\";"
        )
        .unwrap();
    }
    text + "}; }; }"
}

fn names() -> String {
    let names: Vec<_> = (1..=10).map(|n| format!("\"p{n:02}\"")).collect();
    format!("[{}]", names.join(","))
}

fn ask(file: &str, text: &str, attribute: Option<&str>, runner: &dyn Runner) -> Result<Project> {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join(file), text).unwrap();
    let ask = Ask {
        attribute: attribute.map(|it| it.parse().unwrap()),
        evaluate: Some(Where::Here),
        ..Ask::default()
    };
    inspect(dir.path(), &ask, runner)
}

fn attributes(project: &Project) -> Vec<String> {
    let all = project.candidates.iter();
    let mut all: Vec<_> = all.map(|it| it.attribute.to_string()).collect();
    all.sort();
    all
}

fn warning<'a>(project: &'a Project, id: &str) -> &'a crate::inspect::Warning {
    let mut found = project.warnings.iter().filter(|it| it.id == id);
    let first = found.next().unwrap_or_else(|| panic!("{id}: {project:#?}"));
    assert!(found.next().is_none(), "{id} stands twice");
    first
}

#[test]
fn attributes_that_nix_did_not_look_at_stay() {
    let runner = Parts(&[
        VERSION,
        ("mapAttrs", 1, "", BUILDS),
        ("attrNames", 0, &names(), ""),
        (".p01", 1, "", OFFLINE),
        (".p02", 1, "", BUILDS),
        (
            ".defaultPackage",
            1,
            "",
            "error: flake does not provide attribute",
        ),
        (
            "path:.#defaultPackage",
            1,
            "",
            "error: flake does not provide attribute",
        ),
        ("path:.#packages", 0, DRV, ""),
    ]);
    let project = ask("flake.nix", &ten(), None, &runner).unwrap();
    assert_eq!(attributes(&project).len(), 10, "{:?}", attributes(&project));
    assert!(project.evaluated_by.is_some());
    let skipped = warning(&project, "inspect/not-evaluated");
    let system = "packages.x86_64-linux";
    let expected = format!(
        "Nix did not look at 3 of the attributes, which were only read: `{system}.p01`, `{system}.p09`, `{system}.p10`"
    );
    assert_eq!(skipped.what, expected);
    assert_eq!(skipped.detail, [OFFLINE]);
    let builds = warning(&project, "inspect/needs-build");
    assert!(builds.what.contains(".p02`"), "{}", builds.what);
    assert!(!builds.what.contains("files"), "{}", builds.what);
}

#[test]
fn names_alone_are_no_evaluation() {
    let runner = Parts(&[
        VERSION,
        ("mapAttrs", 1, "", "error: undefined variable 'x'"),
        ("attrNames", 0, &names(), ""),
        ("path:.#", 1, "", OFFLINE),
    ]);
    let project = ask("flake.nix", &ten(), None, &runner).unwrap();
    assert_eq!(project.evaluated_by, None);
    assert_eq!(attributes(&project).len(), 10);
    warning(&project, "inspect/not-evaluated");
}

const NESTED: &str = r#"{ pkgs }: { services = pkgs.lib.recurseIntoAttrs { web = pkgs.writeShellScriptBin "web" ""; }; }"#;

#[test]
fn what_stands_deeper_than_nix_looked_is_asked_or_stays() {
    let set = r#"{ "is": "set", "nixpkgs": true, "attributes": { "services": { "derivation": false } } }"#;
    let deep = r#"{ "is": "derivation", "nixpkgs": true, "facts": { "derivation": true, "name": "web", "program": "webd" } }"#;
    let text = NESTED.replace("{ pkgs }", "{ pkgs ? import <nixpkgs> { } }");
    for (deeper, program) in [((0, deep, ""), "webd"), ((1, "", OFFLINE), "web")] {
        let runner = Parts(&[
            VERSION,
            (
                "path = [ \"services\" \"web\" ]",
                deeper.0,
                deeper.1,
                deeper.2,
            ),
            ("path = [", 0, set, ""),
        ]);
        let project = ask("default.nix", &text, None, &runner).unwrap();
        assert_eq!(attributes(&project), ["services.web"]);
        assert_eq!(project.candidates[0].program.name(), Some(program));
        assert_eq!(project.verdict, Verdict::Deploy);
    }
}

#[test]
fn a_set_too_large_to_look_at_teaches_nothing() {
    let text = NESTED.replace("{ pkgs }", "{ pkgs ? import <nixpkgs> { } }");
    let runner = Parts(&[
        VERSION,
        ("path = [", 0, r#"{ "is": "many", "nixpkgs": true }"#, ""),
    ]);
    let project = ask("default.nix", &text, None, &runner).unwrap();
    assert_eq!(project.evaluated_by, None);
    assert_eq!(attributes(&project), ["services.web"]);
    warning(&project, "inspect/not-evaluated");
}

#[test]
fn a_container_that_was_asked_for_and_cannot_be_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("default.nix"), "{ }").unwrap();
    let ask = Ask {
        evaluate: Some(Where::Docker("nixos/nix:2.31.2".parse().unwrap())),
        ..Ask::default()
    };
    let fails = |runner: Recorded| inspect(dir.path(), &ask, &runner).unwrap_err();
    let pull = Recorded::new()
        .answer("docker image inspect", 1, "", "")
        .answer("docker pull", 1, "", "Cannot connect to the Docker daemon");
    let error = fails(pull);
    assert_eq!(error.id(), "inspect/no-docker-nix");
    insta::assert_snapshot!(error);
    let other = Recorded::new().answer("docker exec", 127, "", "exec: \"nix\": not found");
    assert_eq!(fails(other).id(), "inspect/no-docker-nix");
    let none = Path::new("/nonexistent");
    assert_ne!(
        inspect(none, &ask, &Recorded::new()).unwrap_err().id(),
        "inspect/no-docker-nix"
    );
}

#[test]
fn what_fails_keeps_its_place_and_makes_the_answer_broken() {
    let flake = "{ outputs = { self, nixpkgs }: { packages.x86_64-linux = {\n\
        default = nixpkgs.lib.writeShellScriptBin \"web\" \"\";\n\
        lint = nixpkgs.lib.writeShellScriptBin \"lint\" \"\";\n}; }; }";
    let one_fails = r#"{ "default": { "failed": true }, "lint": { "derivation": true } }"#;
    let runner = Parts(&[
        VERSION,
        ("mapAttrs", 0, one_fails, ""),
        ("path:.#", 1, "", OFFLINE),
    ]);
    let project = ask("flake.nix", flake, None, &runner).unwrap();
    assert_eq!(project.verdict, Verdict::Broken);
    let first = &project.candidates[0];
    assert_eq!(first.attribute.names().last().unwrap(), "default");
    assert!(first.reasons.iter().any(|it| it == "Nix can't evaluate it"));
    warning(&project, "inspect/attribute-fails");
    // One that is named and works is no worse for it.
    let project = ask("flake.nix", flake, Some("lint"), &runner).unwrap();
    assert_eq!(project.verdict, Verdict::Deploy);
}
