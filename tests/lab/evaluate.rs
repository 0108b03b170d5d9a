//! Questions to the real Nix: of this machine, and of the base image where this machine has none.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nixdyno::names::{AttrPath, ImageRef, NixFile};
use nixdyno::nix::{Answer, ClassicFacts, Nix, Where};
use nixdyno::shell::{Real, Tools, interrupt};
use tempfile::TempDir;

use crate::common::root;
use crate::lab::{base, tool, variable};

fn real() -> Real {
    variable("LAB_DIR");
    Real::new(Tools::find(), Vec::new(), |_| {})
}

/// Only the Docker client: as on a machine without Nix.
fn image() -> Where {
    let image: ImageRef = base().parse().unwrap();
    Where::Docker(image)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn no_container_is_left() {
    let filter = "label=nixdyno=evaluation";
    assert_eq!(tool("docker", &["ps", "-aq", "--filter", filter]), "");
}

#[test]
#[ignore = "lab"]
fn the_base_image_answers_in_place_of_a_nix_here() {
    let runner = real();
    let dir = root().join("examples/classic-jobs");
    let args = Vec::new();
    let nix = Nix::new(&runner, &dir, &args).at(image());
    let version = nix.version().unwrap().expect("Nix in the image");
    println!("{version}");
    let Answer::Known(facts) = nix
        .classic(&NixFile::default(), &AttrPath::default())
        .unwrap()
    else {
        panic!(
            "{:?}",
            nix.classic(&NixFile::default(), &AttrPath::default())
        )
    };
    println!("{facts:#?}");
    assert!(!matches!(
        facts,
        ClassicFacts::Function(_) | ClassicFacts::Absent | ClassicFacts::Other(_)
    ));
    drop(nix);
    no_container_is_left();

    let dir = root().join("examples/static-binary");
    let args = words(&["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"]);
    let nix = Nix::new(&runner, &dir, &args).at(image());
    let answer = nix.packages(&AttrPath::new(["packages", "x86_64-linux"]));
    let Answer::Known(facts) = answer.unwrap() else {
        panic!("no facts")
    };
    assert!(facts["default"].derivation, "{facts:#?}");
    // Two questions, one container.
    let apps = AttrPath::new(["apps", "x86_64-linux"]);
    assert_eq!(nix.names(&apps).unwrap(), Answer::Absent);
    drop(nix);
    no_container_is_left();
}

/// Of the given expression as `packages.x86_64-linux.default`.
fn asked(
    place: Where,
    importing: bool,
    expression: &str,
) -> (Answer<nixdyno::nix::Facts>, Duration) {
    let runner = real();
    let dir = TempDir::new().unwrap();
    let flake = format!(
        "{{ outputs = {{ nixpkgs, ... }}: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {{ packages.x86_64-linux.default = {expression}; }}; }}"
    );
    std::fs::write(dir.path().join("flake.nix"), flake).unwrap();
    let args = words(&["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"]);
    let nix = Nix::new(&runner, dir.path(), &args)
        .at(place)
        .import_from_derivation(importing);
    let start = Instant::now();
    let path = AttrPath::new(["packages", "x86_64-linux", "default"]);
    let answer = nix.package(&path).unwrap();
    (answer, start.elapsed())
}

/// Takes for ever, and little memory.
const ENDLESS: &str = "builtins.foldl' (a: b: a + builtins.length (builtins.genList (x: x) 9000)) 0 (builtins.genList (x: x) 99999999)";

const GREEDY: &str = "let more = n: if n == 0 then [ ] else builtins.genList (x: { a = x; b = toString x; }) 200000 ++ more (n - 1); in builtins.deepSeq (more 9999) 1";

#[test]
#[ignore = "lab"]
fn memory_is_bounded_here_and_in_the_image() {
    for place in [Where::Here, image()] {
        let (answer, took) = asked(place.clone(), false, GREEDY);
        let Answer::Unable(words) = answer else {
            panic!("{place:?}: {answer:?}")
        };
        println!("{took:?}: {words:?}");
        assert!(words[0].contains("too much memory"), "{words:?}");
    }
    no_container_is_left();
}

#[test]
#[ignore = "lab"]
fn time_is_bounded_in_the_image_too() {
    let (answer, took) = asked(image(), false, ENDLESS);
    assert!(matches!(answer, Answer::Unable(_)), "{answer:?}");
    assert!(took < Duration::from_secs(100), "{took:?}");
    no_container_is_left();
}

/// Plays nixdyno for the next test: does nothing by itself.
#[test]
#[ignore = "lab"]
fn evaluates_until_it_is_stopped() {
    if std::env::var("NIXDYNO_LAB_ENDLESS").is_ok() {
        interrupt::install(|_| {}).unwrap();
        asked(image(), false, ENDLESS);
    }
}

#[test]
#[ignore = "lab"]
fn ctrl_c_leaves_no_container() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact"])
        .arg("evaluate::evaluates_until_it_is_stopped")
        .env("NIXDYNO_LAB_ENDLESS", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let filter = ["ps", "-q", "--filter", "label=nixdyno=evaluation"];
    while tool("docker", &filter).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(30), "never started");
        std::thread::sleep(Duration::from_millis(100));
    }
    // Well into the evaluation.
    std::thread::sleep(Duration::from_secs(3));
    tool("kill", &["-INT", &child.id().to_string()]);
    let stopped = Instant::now();
    assert!(!child.wait().unwrap().success());
    assert!(stopped.elapsed() < Duration::from_secs(8));
    no_container_is_left();
}

#[test]
#[ignore = "lab"]
fn what_needs_a_build_says_so_and_is_built_when_allowed() {
    let imports =
        "import (pkgs.writeText \"x.nix\" ''{ type = \"derivation\"; name = \"late\"; }'')";
    let (answer, _) = asked(Where::Here, false, imports);
    assert!(matches!(answer, Answer::NeedsBuild(_)), "{answer:?}");
    let (answer, _) = asked(Where::Here, true, imports);
    let Answer::Known(facts) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(facts.name.as_deref(), Some("late"));

    let runner = real();
    let dir = TempDir::new().unwrap();
    let file = format!(
        "let pkgs = import <nixpkgs> {{ }}; in {}",
        imports.replace("late", "later")
    );
    std::fs::write(dir.path().join("default.nix"), file).unwrap();
    let answer = |allowed| {
        let nix = Nix::new(&runner, dir.path(), &[]).import_from_derivation(allowed);
        nix.classic(&NixFile::default(), &AttrPath::default())
            .unwrap()
    };
    assert!(
        matches!(answer(false), Answer::NeedsBuild(_)),
        "{:?}",
        answer(false)
    );
    let Answer::Known(ClassicFacts::Derivation(facts)) = answer(true) else {
        panic!("{:?}", answer(true))
    };
    assert_eq!(facts.name.as_deref(), Some("later"));
}

#[test]
#[ignore = "lab"]
fn one_field_that_throws_hides_nothing_else() {
    let package = "pkgs.buildGoModule { pname = \"web\"; version = \"1\"; meta = { description = throw \"no\"; license = pkgs.lib.licenses.unfree; broken = true; mainProgram = \"webd\"; }; }";
    let (answer, _) = asked(Where::Here, false, package);
    let Answer::Known(facts) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(facts.program.as_deref(), Some("webd"));
    assert!(facts.derivation && facts.unfree && facts.broken && !facts.insecure && !facts.failed);
    let image = "pkgs.dockerTools.buildImage { name = \"registry/web\"; tag = \"v1\"; config.Cmd = [ \"/bin/web\" \"serve\" ]; }";
    let (answer, _) = asked(Where::Here, false, image);
    let Answer::Known(facts) = answer else {
        panic!("{answer:?}")
    };
    let image = facts.image.expect("an image");
    assert_eq!(image.command, ["/bin/web", "serve"]);
}

#[test]
#[ignore = "lab"]
fn a_default_nix_is_called_as_nix_build_would() {
    let runner = real();
    let ask = |text: &str, path: &[&str]| {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("default.nix"), text).unwrap();
        let args = Vec::new();
        let nix = Nix::new(&runner, dir.path(), &args);
        nix.classic(&NixFile::default(), &AttrPath::new(path.iter().copied()))
            .unwrap()
    };
    let Answer::Known(ClassicFacts::CallPackage { required, gives }) = ask(
        "{ lib, buildGoModule, tag ? \"x\" }: buildGoModule { pname = \"web\"; version = tag; }",
        &[],
    ) else {
        panic!("called")
    };
    assert_eq!(required, ["buildGoModule", "lib"]);
    let ClassicFacts::Derivation(facts) = *gives else {
        panic!("{gives:?}")
    };
    assert_eq!(facts.pname.as_deref(), Some("web"));

    let unknown = ask("{ lib, someLibrary }: lib", &[]);
    let Answer::Known(ClassicFacts::Function(required)) = &unknown else {
        panic!("{unknown:?}")
    };
    assert_eq!(*required, ["lib", "someLibrary"]);

    let set = "{ pkgs ? import <nixpkgs> { } }: { web = pkgs.writeText \"web\" \"\"; more = { recurseForDerivations = true; worker = pkgs.writeText \"worker\" \"\"; }; deep.er = { x ? 1 }: { web = pkgs.writeText \"deep\" \"\"; }; }";
    let Answer::Known(ClassicFacts::Set(facts)) = ask(set, &[]) else {
        panic!("{:?}", ask(set, &[]))
    };
    assert!(facts["web"].derivation && !facts["deep"].derivation);
    let worker = &facts["more"].children["worker"];
    assert_eq!(worker.name.as_deref(), Some("worker"));
    let deep = ask(set, &["deep", "er", "web"]);
    let Answer::Known(ClassicFacts::Derivation(facts)) = &deep else {
        panic!("{deep:?}")
    };
    assert_eq!(facts.name.as_deref(), Some("deep"));
    assert_eq!(
        ask(set, &["deep", "no"]),
        Answer::Known(ClassicFacts::Absent)
    );
    assert_eq!(
        ask("pkgs: pkgs.x", &[]),
        Answer::Known(ClassicFacts::Other("lambda".to_owned()))
    );
    // `inNixShell` has its default: not a shell.
    let switch = "{ inNixShell ? false, pkgs ? import <nixpkgs> { } }: if inNixShell then pkgs.mkShell { } else pkgs.writeText \"app\" \"\"";
    let Answer::Known(ClassicFacts::Derivation(facts)) = ask(switch, &[]) else {
        panic!("{:?}", ask(switch, &[]))
    };
    assert_eq!(facts.name.as_deref(), Some("app"));
}
