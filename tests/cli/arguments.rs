//! The command line itself: help, wrong words, completions, the manual.

use crate::check;
use crate::common::{Project, nixdyno, run};

const VERBS: [&str; 11] = [
    "init", "inspect", "plan", "generate", "build", "contents", "why", "deploy", "status",
    "rollback", "doctor",
];

#[test]
fn help_is_complete() {
    let project = Project::new(&[]);
    check!(
        "help",
        run(nixdyno(project.path(), &["--help"]).env("COLUMNS", "100")).exits(0)
    );
    for verb in VERBS {
        let help = run(nixdyno(project.path(), &[verb, "--help"]).env("COLUMNS", "100")).exits(0);
        check!(format!("help_{verb}"), help);
    }
}

#[test]
fn help_fits_a_narrow_terminal() {
    let project = Project::new(&[]);
    for verb in VERBS {
        for columns in ["40", "60", "80"] {
            let help = run(nixdyno(project.path(), &[verb, "--help"]).env("COLUMNS", columns));
            let most = columns.parse().unwrap();
            // A usage is a line as it is typed.
            let lines = help.stdout.lines().filter(|it| !it.starts_with("Usage:"));
            for line in lines {
                let words = line.split_whitespace().count();
                assert!(line.chars().count() <= most || words < 2, "{verb}: {line}");
            }
        }
    }
}

#[test]
fn the_flag_for_colours_holds_for_help_and_wrong_words() {
    let project = Project::new(&[]);
    for (words, colored) in [
        (["--color", "never", "--help"], false),
        (["--color", "always", "--help"], true),
        (["plan", "--color=never", "--rout"], false),
        (["plan", "--color=always", "--rout"], true),
    ] {
        let mut command = nixdyno(project.path(), &words);
        // Where the environment wants the opposite.
        let outcome = if colored {
            run(command.env("NO_COLOR", "1"))
        } else {
            run(command.env("CLICOLOR_FORCE", "1"))
        };
        let told = format!("{}{}", outcome.stdout, outcome.stderr);
        assert_eq!(told.contains('\u{1b}'), colored, "{words:?}: {told}");
    }
}

#[test]
fn wrong_words_exit_with_2() {
    let project = Project::new(&[]);
    for words in [
        &["deply"][..],
        &["deploy", "--rout", "x"],
        &["-q", "-v", "inspect"],
        &[],
    ] {
        let outcome = run(&mut nixdyno(project.path(), words));
        assert_eq!(outcome.code, 2, "{words:?}: {outcome}");
        assert!(outcome.stdout.is_empty(), "{words:?}: {outcome}");
    }
    check!(
        "did_you_mean",
        run(&mut nixdyno(project.path(), &["deply"]))
    );
    let outcome = run(&mut nixdyno(
        project.path(),
        &["plan", "--route", "teleport"],
    ))
    .exits(2);
    check!("unknown_route", outcome);
    let mut from_environment = nixdyno(project.path(), &["plan"]);
    let outcome = run(from_environment.env("NIXDYNO_ROUTE", "teleport")).exits(2);
    check!("unknown_route_from_environment", outcome);
}

#[test]
fn completions_and_the_manual_are_printed() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&mut nixdyno(project.path(), &["completions", shell]))
            .exits(0)
            .stdout;
        assert!(script.contains("deploy"), "{shell}");
    }
    let page = run(&mut nixdyno(project.path(), &["man"])).exits(0).stdout;
    assert!(page.contains(".TH nixdyno 1"), "{page}");
    let pages = run(&mut nixdyno(project.path(), &["man", "--dir", "pages"])).exits(0);
    assert!(
        pages
            .stdout
            .starts_with("wrote pages/nixdyno-base-build.1\n"),
        "{pages}"
    );
    let page = project.read("pages/nixdyno-deploy.1");
    assert!(
        page.contains(".TH nixdyno-deploy 1") && page.contains("\\-\\-create"),
        "{page}"
    );
    assert!(!page.contains("\\-\\-substituter"), "{page}");
    for verb in VERBS {
        let page = project.read(&format!("pages/nixdyno-{verb}.1"));
        assert!(page.contains("nixdyno\\fR(1)"), "{page}");
    }
    // What is no regular file stays as it is: a page is written beside and put in its place.
    let page = project.path().join("pages/nixdyno-deploy.1");
    project.write("elsewhere", "mine");
    std::fs::remove_file(&page).unwrap();
    std::os::unix::fs::symlink("../elsewhere", &page).unwrap();
    let words = ["man", "--dir", "pages"];
    let refused = run(&mut nixdyno(project.path(), &words)).exits(1);
    assert!(refused.stderr.contains("no regular file"), "{refused}");
    assert_eq!(project.read("elsewhere"), "mine");
    check!(
        "man_unwritable",
        run(&mut nixdyno(
            project.path(),
            &["man", "--dir", "/dev/null/x"]
        ))
        .exits(1)
    );
    check!(
        "no_json_man",
        run(&mut nixdyno(project.path(), &["man", "--json"])).exits(2)
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    use std::process::Stdio;
    let project = Project::new(&[]);
    let mut child = nixdyno(project.path(), &["completions", "bash"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn wrong_words_are_json_for_who_asks_for_it() {
    let project = Project::new(&[]);
    let outcome = run(&mut nixdyno(
        project.path(),
        &["deploy", "--rout", "x", "--json"],
    ));
    check!("wrong_words_json", outcome.exits(2));
    // Help is no error, and JSON is no help.
    let help = run(&mut nixdyno(project.path(), &["--json", "--help"])).exits(0);
    assert!(help.stdout.contains("Exit codes"), "{help}");
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    use std::fs::OpenOptions;
    let package = "{ pkgs ? import <nixpkgs> { } }: pkgs.writeShellScriptBin \"web\" \"\"";
    let project = Project::new(&[("default.nix", package)]);
    for words in [
        &["inspect", "--no-eval"][..],
        &["inspect", "--no-eval", "--json"],
        &["inspect", "--schema"],
        &["generate", "--stdout", "--no-eval"],
        &["man"],
        &["completions", "fish"],
        &["--help"],
        &["--version"],
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut child = nixdyno(project.path(), words);
        let output = child.stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}: {told}");
        assert!(told.contains("[ui/answer-lost]"), "{words:?}: {told}");
    }
    // An error that was to be the answer keeps its code.
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child = nixdyno(project.path(), &["plan", "--rout", "--json"]);
    let output = child.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    check!("answer_lost", String::from_utf8(output.stderr).unwrap());
}
