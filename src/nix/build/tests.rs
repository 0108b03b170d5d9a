//! What is run, in what order, and what is made of the answers.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::shell::Recorded;

const NEW: &str = "nix --extra-experimental-features 'nix-command flakes'";

fn path(letter: char, name: &str) -> String {
    format!("/nix/store/{}-{name}", letter.to_string().repeat(32))
}

fn plan(change: impl FnOnce(&mut Plan)) -> Plan {
    let text = include_str!("../../../tests/fixtures/plan.json");
    let mut plan = serde_json::from_str(text).unwrap();
    change(&mut plan);
    plan
}

/// What a store says of paths that refer to nothing.
fn infos(paths: &[String]) -> String {
    let one = |it: &String| {
        (
            it.clone(),
            serde_json::json!({"narHash": "sha256-x", "narSize": 1, "references": []}),
        )
    };
    serde_json::Value::Object(paths.iter().map(one).collect()).to_string()
}

/// A machine that has all it needs: `a` is the app, `b` is busybox, `c` are certificates.
fn machine() -> Recorded {
    let app = serde_json::json!([{"drvPath": path('d', "app.drv"), "outputs": {
        "bin": path('1', "app-bin"), "out": path('a', "app"),
    }}]);
    let noise = "warning: something\n@nix {\"action\":\"stop\",\"id\":1}\n@nix what\n";
    let archive = serde_json::json!({"path": path('s', "source"), "inputs": {"nixpkgs": {"path": path('n', "source")}}});
    let busybox = format!(
        "{}\n{}\n",
        path('b', "busybox.drv"),
        path('c', "cacert.drv")
    );
    let built = format!("{}\n{}\n", path('b', "busybox"), path('c', "cacert"));
    Recorded::new()
        .answer(&format!("{NEW} build"), 0, &format!("{app}\n"), noise)
        .answer(
            &format!("{NEW} path-info"),
            0,
            &infos(&[path('a', "app"), path('1', "app-bin")]),
            "",
        )
        .answer(&format!("{NEW} flake archive"), 0, &archive.to_string(), "")
        .answer("nix-instantiate --find-file", 0, "/nixpkgs", "")
        .answer("nix-instantiate", 0, &busybox, "")
        .answer("nix-store --realise", 0, &built, "")
}

fn realised(plan: &Plan, runner: &dyn Runner) -> Result<Realised> {
    realise(plan, Path::new("/staged"), runner, None, &mut |_, _| {})
}

fn names(paths: &[StorePath]) -> Vec<&str> {
    paths.iter().map(StorePath::name).collect()
}

#[test]
fn a_flake_is_built_and_stood_on_its_own_nixpkgs() {
    let plan = plan(|plan| plan.build.fallback_shell = crate::plan::FallbackShell::FlakeNixpkgs);
    let runner = machine();
    let realised = realised(&plan, &runner).unwrap();
    assert_eq!(names(&realised.app[0]), ["app", "app-bin"]);
    assert_eq!(
        realised.shell.as_ref().unwrap().sh,
        path('b', "busybox/bin/sh")
    );
    assert_eq!(names(&realised.roots()), ["app-bin", "app", "busybox"]);
    // Nothing is really there to copy.
    assert_eq!((realised.certificates, realised.warnings.len()), (None, 1));
    insta::assert_snapshot!(runner.all().join("\n"));
}

#[test]
fn packages_beside_the_app_are_built_with_all_else() {
    let plan = plan(|plan| {
        plan.build.root.packages = ["curl", "python3Packages.flask"]
            .map(|it| it.parse().unwrap())
            .to_vec();
        plan.build.nix_args = ["--cores", "2"]
            .map(|it| it.to_owned().try_into().unwrap())
            .to_vec();
        plan.build.args = [("A".parse().unwrap(), "b c".parse().unwrap())].into();
        plan.caches.substituters = vec![
            "cachix:me".parse().unwrap(),
            "https://b.example".parse().unwrap(),
        ];
    });
    let two = |ending: &str| {
        ["e-curl", "f-flask-man"]
            .iter()
            .map(|it| {
                let (letter, name) = it.split_once('-').unwrap();
                path(
                    if letter == "e" { '2' } else { 'f' },
                    &format!("{name}{ending}"),
                ) + "\n"
            })
            .collect::<String>()
    };
    let lines = |ending: &str| {
        format!(
            "{}{}\n{}\n",
            two(ending),
            path('b', &format!("busybox{ending}")),
            path('c', &format!("cacert{ending}"))
        )
    };
    let runner = Recorded::new()
        .answer("A='b c' nix-instantiate", 0, &lines(".drv"), "")
        .answer("A='b c' nix-store", 0, &lines(""), "")
        .answer(
            &format!("A='b c' {NEW} build"),
            0,
            &format!(
                "[{{\"drvPath\":\"{}\",\"outputs\":{{\"out\":\"{}\"}}}}]",
                path('d', "x.drv"),
                path('a', "app")
            ),
            "",
        )
        .answer(
            &format!("{NEW} path-info"),
            0,
            &infos(&[path('a', "app")]),
            "",
        );
    let realised = realised(&plan, &runner).unwrap();
    // Nobody reads a manual there.
    assert_eq!(names(&realised.tools), ["curl"]);
    insta::assert_snapshot!(runner.all().join("\n"));
}

#[test]
fn what_is_no_flake_is_evaluated_and_then_realised() {
    let plan = plan(|plan| {
        plan.build.from = Origin::Classic;
        plan.build.file = "nix/app.nix".parse().unwrap();
        plan.build.attribute = "web".parse().unwrap();
        plan.build.also = vec!["worker".parse().unwrap()];
        plan.base.nixpkgs = Some("https://example.org/nixpkgs.tar.gz".parse().unwrap());
        let words = ["--argstr", "name", "x", "--max-jobs", "3", "-I", "a=/b"];
        plan.build.nix_args = words.map(|it| it.to_owned().try_into().unwrap()).to_vec();
    });
    let instantiated = format!(
        "{}\n{}!bin\nwarning: you did not specify '--add-root'\n",
        path('b', "web.drv"),
        path('c', "worker.drv")
    );
    let built = format!("{}\n{}\n", path('1', "web"), path('2', "worker-bin"));
    let runner = Recorded::new()
        .answer(
            "nix-instantiate --find-file",
            1,
            "",
            "error: file 'nixpkgs' was not found in the Nix search path",
        )
        .answer("nix-instantiate", 0, &instantiated, "")
        .answer("nix-store --realise", 0, &built, "")
        .answer(
            &format!("{NEW} path-info"),
            0,
            &infos(&[path('1', "web"), path('2', "worker-bin")]),
            "",
        );
    let realised = realised(&plan, &runner).unwrap();
    let app: Vec<_> = realised.app.iter().map(|it| names(it)).collect();
    assert_eq!(app, [["web"], ["worker-bin"]]);
    insta::assert_snapshot!(runner.all().join("\n"));
}

#[test]
fn every_command_that_builds_leaves_a_root() {
    let roots = Roots::new().unwrap();
    // What Nix would leave, and prints in place of the path.
    let link = roots.link();
    let folder = link.strip_suffix('1').unwrap();
    std::os::unix::fs::symlink(path('b', "busybox"), format!("{folder}b-bin")).unwrap();
    let app = serde_json::json!([{"drvPath": path('d', "app.drv"), "outputs": {"out": path('a', "app")}}]);
    let derivations = format!("{}\n{}\n", path('b', "b.drv"), path('c', "c.drv"));
    let built = format!("{folder}b-bin\n{}\n", path('c', "cacert"));
    let runner = Recorded::new()
        .answer(&format!("{NEW} build"), 0, &format!("{app}\n"), "")
        .answer(
            &format!("{NEW} path-info"),
            0,
            &infos(&[path('a', "app")]),
            "",
        )
        .answer("nix-instantiate --find-file", 0, "/nixpkgs", "")
        .answer("nix-instantiate", 0, &derivations, "")
        .answer("nix-store --realise", 0, &built, "");
    let plan = plan(|_| ());
    let watch = &mut |_: &Progress, _: Option<&str>| {};
    let realised = realise(&plan, Path::new("/staged"), &runner, Some(&roots), watch).unwrap();
    assert_eq!(names(&realised.roots()), ["app", "busybox"]);
    // Its nixpkgs is whatever this machine has.
    let warning = &realised.warnings[0];
    insta::assert_snapshot!(
        "unpinned",
        format!("{}\n{}\n{}", warning.id, warning.what, warning.todo)
    );
    let all = runner.all();
    let building = all
        .iter()
        .filter(|it| it.contains("--out-link") || it.contains("--add-root"));
    let building: Vec<String> = building.map(|it| it.replace(folder, "FOLDER/")).collect();
    insta::assert_snapshot!("roots", building.join("\n"));
    assert!(!all.join("\n").contains("--no-link"));
}

#[test]
fn what_the_user_pins_is_pinned() {
    let plan = plan(|plan| {
        plan.build.from = Origin::Classic;
        let words = ["-I", "nixpkgs=https://example.org/1.tar.gz"];
        plan.build.nix_args = words.map(|it| it.to_owned().try_into().unwrap()).to_vec();
    });
    let nothing = Recorded::new().answer("nix-instantiate", 0, "", "");
    let error = realised(&plan, &nothing).unwrap_err();
    insta::assert_snapshot!("names_nothing", error);
    let both = |ending: &str| {
        format!(
            "{}\n{}\n",
            path('b', &format!("b{ending}")),
            path('c', &format!("c{ending}"))
        )
    };
    let runner = Recorded::new()
        .answer("nix-instantiate --find-file", 0, "/nixpkgs", "")
        .answer("nix-instantiate", 0, &both(".drv"), "")
        .answer("nix-store --realise", 0, &both(""), "")
        .answer(
            &format!("{NEW} path-info"),
            0,
            &infos(&[path('b', "b"), path('c', "c")]),
            "",
        );
    let mut plan = plan;
    plan.build.also = vec!["worker".parse().unwrap()];
    let ids: Vec<String> = realised(&plan, &runner)
        .unwrap()
        .warnings
        .into_iter()
        .map(|it| it.id)
        .collect();
    assert_eq!(ids, ["nix/no-certificates"]);
}

#[test]
fn a_function_of_packages_is_called() {
    let plan = plan(|plan| {
        plan.build.from = Origin::Classic;
        plan.build.call_package = true;
        plan.build.attribute = AttrPath::default();
    });
    let runner = machine();
    let _ = realised(&plan, &runner);
    let words = "--expr '(import <nixpkgs> { }).callPackage ./default.nix { }'";
    assert!(runner.all()[0].ends_with(words), "{:?}", runner.all());
}

#[test]
fn each_attribute_of_a_flake_knows_its_own_outputs() {
    let plan = plan(|plan| plan.build.also = vec!["packages.x86_64-linux.worker".parse().unwrap()]);
    let built = |drv: &str, out: &str| serde_json::json!({"drvPath": path('d', drv), "outputs": {"out": out, "doc": null}});
    let (web, worker) = (path('a', "web"), path('b', "worker"));
    let of = |list: &[serde_json::Value]| serde_json::Value::from(list.to_vec()).to_string();
    let words =
        format!("{NEW} build --json --no-link --log-format internal-json --no-update-lock-file");
    let first = "'path:.#packages.x86_64-linux.default'";
    let second = "'path:.#packages.x86_64-linux.worker'";
    let runner = Recorded::new()
        .answer(
            &format!("{words} {first} {second}"),
            0,
            &of(&[built("y.drv", &worker), built("x.drv", &web)]),
            "",
        )
        .answer(
            &format!("{words} {first}"),
            0,
            &of(&[built("x.drv", &web), built("x.drv", &web)]),
            "",
        )
        .answer(
            &format!("{words} {second}"),
            0,
            &of(&[built("y.drv", &worker)]),
            "",
        )
        .answer(
            &format!("{NEW} path-info"),
            0,
            &infos(&[web.clone(), worker.clone()]),
            "",
        )
        .answer(
            "nix-instantiate",
            0,
            &format!("{}\n{}\n", path('1', "b.drv"), path('2', "c.drv")),
            "",
        )
        .answer(
            "nix-store",
            0,
            &format!("{}\n{}\n", path('1', "b"), path('2', "c")),
            "",
        );
    let realised = realised(&plan, &runner).unwrap();
    let app: Vec<_> = realised.app.iter().map(|it| names(it)).collect();
    assert_eq!(app, [["web"], ["worker"]]);
}

#[test]
fn without_certificates_there_is_a_warning_and_without_a_shell_an_error() {
    let nowhere = plan(|plan| plan.build.fallback_shell = crate::plan::FallbackShell::Nowhere);
    insta::assert_snapshot!("no_shell", realised(&nowhere, &machine()).unwrap_err());
    // On an image it is for that to have them.
    let image = plan(|plan| plan.build.root.image = Some("heroku/heroku:24".parse().unwrap()));
    let runner = machine();
    let built = realised(&image, &runner).unwrap();
    assert_eq!(
        (built.shell, built.certificates, built.warnings.len()),
        (None, None, 0)
    );
    assert_eq!(runner.all().len(), 1);
}

#[test]
fn what_cannot_be_given_or_read_is_said() {
    let secret = plan(|plan| {
        let kinds = [
            crate::names::SecretKind::Aws,
            crate::names::SecretKind::Netrc,
        ];
        plan.caches.secrets = kinds.map(|kind| (kind, "env:A".parse().unwrap())).into();
    });
    insta::assert_snapshot!("secrets", realised(&secret, &machine()).unwrap_err());
    let silent = Recorded::new().answer(NEW, 0, "warning: hm", "");
    insta::assert_snapshot!("not_said", realised(&plan(|_| ()), &silent).unwrap_err());
}

#[test]
fn a_failed_build_is_explained_and_watched() {
    let log = include_str!("../logs/failed-2.26.txt");
    let runner = Recorded::new().answer(NEW, 100, "", log);
    let mut last = String::new();
    let watch = &mut |progress: &Progress, built: Option<&str>| {
        assert_eq!(built, None);
        last = progress.to_string();
    };
    let error = realise(&plan(|_| ()), Path::new("."), &runner, None, watch).unwrap_err();
    insta::assert_snapshot!("build_failed", error);
    assert_eq!(last, "building");
}

#[test]
fn words_for_the_evaluation_stay_there() {
    let words = [
        "--arg",
        "--cores",
        "2",
        "-I",
        "--keep-going",
        "--cores",
        "4",
        "-k",
        "--option",
        "a",
        "b",
        "--option",
    ];
    let words: Vec<String> = words.map(str::to_owned).to_vec();
    assert_eq!(
        building_words(&words).join(" "),
        "--cores 4 -k --option a b --option"
    );
}

#[test]
fn only_derivations_pass() {
    let drv = path('a', "x.drv");
    assert_eq!(derivation(&drv), Some(format!("{drv}!out")));
    assert_eq!(
        derivation(&format!("{drv}!bin")),
        Some(format!("{drv}!bin"))
    );
    for wrong in [
        "",
        "warning: x",
        "--option",
        &path('a', "x"),
        &format!("{drv}!a b"),
        &format!("{drv}/x"),
    ] {
        assert_eq!(derivation(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(lines in prop::collection::vec("\\PC*|[\\[\\]{}\":,a-z/!-]{0,40}", 0..6)) {
        let _ = outputs(&lines);
        for line in &lines {
            let _ = derivation(line);
        }
        let _ = building_words(&lines);
    }
}
