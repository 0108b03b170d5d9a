//! `nixdyno init`: on a real terminal, and without one.

use std::process::Command;

use nixdyno::plan::Route;

use crate::check;
use crate::common::{Outcome, Project, nixdyno, run};
use crate::terminal::{CLEAR, CTRL_C, DOWN, ENTER, ESCAPE, End, Terminal};

const LARGE: (u16, u16) = (24, 80);
const NARROW: (u16, u16) = (24, 40);

/// Two packages that are as good, a cache of its own, and a variable that an add-on gives.
const FLAKE: &str = r#"{
  nixConfig.extra-substituters = [ "https://gulls.example.org" ];
  outputs = { self }: {
    packages.x86_64-linux = {
      gull = derivation { name = "gull"; } // { meta.mainProgram = "gull"; };
      tern = derivation { name = "tern"; } // { meta.mainProgram = "tern"; };
    };
  };
}
"#;

const PROCFILE: &str = "web: server --port $PORT\nworker: server work\n";

/// Leaves every question open but for the program.
fn colony() -> Project {
    Project::new(&[("flake.nix", FLAKE), ("Procfile", PROCFILE)])
}

/// Stands for the last of them: there may be more one day.
const ROUTES: &str = "ROUTES";

/// The screen at a question, when all of it is there.
#[track_caller]
fn at(terminal: &Terminal, question: &str, last: &str) -> String {
    let route = Route::ALL.last().unwrap().name();
    let last = if last == ROUTES { route } else { last };
    terminal.shows(&[question, last])
}

/// What a question shows last: then all of it is there.
const QUESTIONS: [(&str, &str); 9] = [
    ("? Which output?", "tern: unknown, runs"),
    ("? Which processes?", "worker: server work"),
    ("? Which app?", "❯"),
    ("? Which region?", "eu"),
    ("? Which route?", ROUTES),
    ("? Which base image?", "another image"),
    ("? What else in it?", "exec: all that"),
    ("? Accept its caches?", "(y/n)"),
    ("? Write heroku.yml?", "(y/n)"),
];

/// The last word of a project's folder, however it is cut.
fn named(screen: &str, project: &Project) -> String {
    let name = project.path().file_name().unwrap().to_string_lossy();
    screen.replace(&*name, "gulls")
}

fn bare(project: &Project, args: &[&str]) -> Outcome {
    run(nixdyno(project.path(), args)
        .env_clear()
        .env("PATH", "/nonexistent"))
}

fn files(project: &Project) -> Vec<String> {
    let entries = std::fs::read_dir(project.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Answers one question after another; the screen at each, and the terminal after the last.
fn lead(terminal: &Terminal, project: &Project, steps: &[(&str, &str, &str)]) -> Vec<String> {
    let mut screens = Vec::new();
    for (question, last, keys) in steps {
        screens.push(named(&at(terminal, question, last), project));
        terminal.press(keys);
    }
    screens
}

fn parted(screens: &[String], end: &End) -> String {
    let line = "\n".to_owned() + &"=".repeat(20) + "\n";
    format!("{}{line}exit: {}", screens.join(&line), end.code)
}

/// Asks for all that is open, and takes what stands there, but for an app.
const DEFAULTS: [(&str, &str, &str); 10] = [
    (QUESTIONS[0].0, QUESTIONS[0].1, ENTER),
    (QUESTIONS[1].0, QUESTIONS[1].1, ENTER),
    (QUESTIONS[2].0, QUESTIONS[2].1, "gull-colony\r"),
    (QUESTIONS[3].0, QUESTIONS[3].1, ENTER),
    (QUESTIONS[4].0, QUESTIONS[4].1, ENTER),
    (QUESTIONS[5].0, QUESTIONS[5].1, ENTER),
    (QUESTIONS[6].0, QUESTIONS[6].1, ENTER),
    (QUESTIONS[7].0, QUESTIONS[7].1, ENTER),
    (QUESTIONS[8].0, QUESTIONS[8].1, ENTER),
    ("? Write these 3 files?", "(y/n)", ENTER),
];

#[test]
fn what_stands_there_is_taken_by_enter() {
    let project = colony();
    let terminal = Terminal::new(project.path(), &["init"], LARGE, &[]);
    let mut screens = lead(&terminal, &project, &DEFAULTS);
    let end = terminal.ends();
    assert_eq!(end.code, 0, "{}", end.screen);
    assert!(end.restored, "the terminal is left as it was");
    screens.push(named(&end.screen, &project));
    check!("defaults", parted(&screens, &end));
    check!("defaults_toml", project.read("nixdyno.toml"));
    bare(&project, &["generate", "--check"]).exits(0);
}

#[test]
fn every_question_takes_another_answer() {
    let project = colony();
    let terminal = Terminal::new(project.path(), &["init"], LARGE, &[]);
    let down = |times: usize| DOWN.repeat(times) + ENTER;
    let screens = lead(
        &terminal,
        &project,
        &[
            (QUESTIONS[0].0, QUESTIONS[0].1, &down(1)),
            // The space bar takes the mark off the second.
            (QUESTIONS[1].0, QUESTIONS[1].1, &format!("{DOWN} {ENTER}")),
            (QUESTIONS[2].0, QUESTIONS[2].1, "gull-colony\r"),
            (QUESTIONS[3].0, QUESTIONS[3].1, &down(2)),
            (QUESTIONS[4].0, QUESTIONS[4].1, &down(1)),
            (QUESTIONS[5].0, QUESTIONS[5].1, &down(3)),
            ("? Which image?", "❯", "ghcr.io/me/nix:1\r"),
            (QUESTIONS[6].0, QUESTIONS[6].1, &down(2)),
            (QUESTIONS[7].0, QUESTIONS[7].1, "y"),
            (QUESTIONS[8].0, QUESTIONS[8].1, "y"),
            ("? Which add-ons?", "❯", "heroku-redis:mini\r"),
            ("? Write these 4 files?", "(y/n)", "y"),
        ],
    );
    let end = terminal.ends();
    assert_eq!(end.code, 0, "{}", end.screen);
    check!("others", parted(&screens, &end));
    let written = ["nixdyno.toml", "heroku.yml"].map(|it| project.read(it));
    check!("others_files", written.join("=====\n"));
    bare(&project, &["generate", "--check"]).exits(0);
    bare(&project, &["generate", "heroku-yml", "--check"]).exits(0);
}

#[test]
fn escape_goes_back_and_the_answer_is_still_there() {
    let project = colony();
    let terminal = Terminal::new(project.path(), &["init"], LARGE, &[]);
    let (output, app) = (QUESTIONS[0], QUESTIONS[2]);
    // Where there is nothing before, it stays.
    terminal.shows(&[output.0, output.1]);
    terminal.press(ESCAPE);
    terminal.shows_times("none is clearly the one", 2);
    terminal.shows(&[output.0, output.1]);
    let down = format!("{DOWN}{ENTER}");
    lead(
        &terminal,
        &project,
        &[
            (output.0, output.1, &down),
            (QUESTIONS[1].0, QUESTIONS[1].1, ENTER),
            (app.0, app.1, "gull-colony\r"),
            (QUESTIONS[3].0, QUESTIONS[3].1, ESCAPE),
            (app.0, "❯ gull-colony", ESCAPE),
            (QUESTIONS[1].0, QUESTIONS[1].1, ESCAPE),
        ],
    );
    let back = terminal.shows(&[output.0, "❯ packages.x86_64-linux.tern"]);
    check!("back", named(&back, &project));
    terminal.press(CTRL_C);
    assert_eq!(terminal.ends().code, 130);
    // From the last question, too.
    let terminal = Terminal::new(
        project.path(),
        &["init", "--attr", "gull", "-a", "gull-colony"],
        LARGE,
        &[],
    );
    let [.., base, root, caches, manifest] = QUESTIONS;
    let flags = [
        QUESTIONS[1],
        QUESTIONS[3],
        QUESTIONS[4],
        base,
        root,
        caches,
        manifest,
    ];
    for (question, last) in flags {
        at(&terminal, question, last);
        terminal.press(ENTER);
    }
    terminal.shows(&["? Write these 3 files?", "(y/n)"]);
    terminal.press(ESCAPE);
    terminal.shows(&[manifest.0, manifest.1]);
    terminal.press("y");
    terminal.shows(&["? Which add-ons?", "❯"]);
    terminal.press(ENTER);
    terminal.shows(&["? Write these 4 files?", "(y/n)"]);
    terminal.press("n");
    let end = terminal.ends();
    assert_eq!(end.code, 1, "{}", end.screen);
    assert!(end.screen.contains("nothing was written"), "{}", end.screen);
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
}

#[test]
fn what_is_no_answer_is_refused_and_asked_again() {
    let project = colony();
    let terminal = Terminal::new(project.path(), &["init", "--attr", "gull"], LARGE, &[]);
    let (processes, app) = (QUESTIONS[1], QUESTIONS[2]);
    let screens = lead(
        &terminal,
        &project,
        &[
            (processes.0, processes.1, &format!(" {DOWN} {ENTER}")),
            ("nothing is marked", processes.1, &format!(" {ENTER}")),
            (app.0, app.1, "My App\r"),
            (
                "is not a name Heroku takes",
                "❯ My App",
                &format!("{CLEAR}my-app\r"),
            ),
            (QUESTIONS[3].0, QUESTIONS[3].1, CTRL_C),
        ],
    );
    let end = terminal.ends();
    check!("refused", parted(&screens, &end));
    assert!(end.restored);
}

#[test]
fn ctrl_c_leaves_at_every_question_with_nothing_written() {
    let project = colony();
    std::thread::scope(|scope| {
        for stop in 0..DEFAULTS.len() {
            let project = &project;
            scope.spawn(move || {
                let terminal = Terminal::new(project.path(), &["init"], LARGE, &[]);
                let mut steps = DEFAULTS[..=stop].to_vec();
                steps[stop].2 = CTRL_C;
                lead(&terminal, project, &steps);
                let end = terminal.ends();
                assert_eq!(end.code, 130, "{}", end.screen);
                assert!(end.restored, "{}", end.screen);
                assert!(end.screen.contains("stopped on request"), "{}", end.screen);
                let mut lines = end.screen.lines();
                assert!(
                    lines.any(|it| it == " !     nothing was written"),
                    "{}",
                    end.screen
                );
            });
        }
    });
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
}

#[test]
fn a_signal_leaves_the_terminal_as_it_was() {
    let project = colony();
    for (at, (question, last)) in [QUESTIONS[0], QUESTIONS[2]].into_iter().enumerate() {
        let args = if at == 0 {
            &["init"][..]
        } else {
            &["init", "--attr", "gull", "--processes", "web"]
        };
        let terminal = Terminal::new(project.path(), args, LARGE, &[]);
        terminal.shows(&[question, last]);
        let id = terminal.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status();
        assert!(kill.unwrap().success());
        let end = terminal.ends();
        assert_eq!(end.code, 130, "{}", end.screen);
        assert!(end.restored, "{}", end.screen);
    }
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
}

#[test]
fn a_narrow_terminal_shows_the_same() {
    let project = colony();
    let terminal = Terminal::new(project.path(), &["init", "--attr", "gull"], NARROW, &[]);
    let name = "a-name-that-is-much-longer-than-this-terminal";
    let screens = lead(
        &terminal,
        &project,
        &[
            (
                QUESTIONS[1].0,
                "worker: server work",
                &format!("{DOWN}{DOWN}{ENTER}"),
            ),
            (QUESTIONS[2].0, QUESTIONS[2].1, name),
            (
                QUESTIONS[2].0,
                "terminal",
                &format!("{CLEAR}gull-colony{ENTER}"),
            ),
            (QUESTIONS[3].0, QUESTIONS[3].1, ENTER),
            (QUESTIONS[4].0, ROUTES, &format!("{DOWN}{DOWN}{ENTER}")),
            (QUESTIONS[5].0, QUESTIONS[5].1, ENTER),
            (QUESTIONS[6].0, "exec: all", ENTER),
            (QUESTIONS[7].0, QUESTIONS[7].1, ESCAPE),
            (QUESTIONS[6].0, "exec: all", CTRL_C),
        ],
    );
    let end = terminal.ends();
    assert_eq!(end.code, 130, "{}", end.screen);
    check!("narrow", parted(&screens, &end));
}

#[test]
fn colour_is_left_out_where_it_is_not_wanted() {
    let project = colony();
    for (env, args, colored) in [
        (&[][..], &["init"][..], true),
        (&[("NO_COLOR", "1")], &["init"], false),
        (&[], &["init", "--color", "never"], false),
        (&[("NO_COLOR", "1")], &["init", "--color", "always"], true),
    ] {
        let terminal = Terminal::new(project.path(), args, LARGE, env);
        terminal.shows(&[QUESTIONS[0].0, QUESTIONS[0].1]);
        assert_eq!(terminal.has_color(), colored, "{env:?} {args:?}");
        terminal.press(CTRL_C);
        assert_eq!(terminal.ends().code, 130);
    }
}

#[test]
fn without_a_terminal_the_defaults_are_taken_and_flags_answer() {
    let project = colony();
    let undecided = bare(&project, &["init"]).exits(1);
    check!("headless_undecided", undecided);
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
    let flags = [
        "init",
        "--attr",
        "gull",
        "--processes",
        "web",
        "--region",
        "eu",
        "--addon",
        "heroku-redis:mini",
    ];
    let dry = bare(&project, &[&flags[..], &["--dry-run", "--json"]].concat())
        .exits(0)
        .json();
    assert_eq!(dry["decided"]["processes"], serde_json::json!(["web"]));
    assert_eq!(dry["files"][3]["path"], "nixdyno.toml");
    assert_eq!(dry["files"][3]["would_write"], true);
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
    let written = bare(&project, &[&flags[..], &["--json", "-q"]].concat()).exits(0);
    check!("headless_json", written);
    for words in [
        &["generate", "--check"][..],
        &["generate", "heroku-yml", "--check"],
    ] {
        bare(&project, words).exits(0);
    }
    // Again: it says so, and nothing is touched.
    let again = bare(&project, &["init", "-q"]).exits(0);
    check!("again", again);
    // One value changes; a comment of somebody's stays. A Dockerfile that would differ must be out of the way.
    let toml = project.read("nixdyno.toml") + "\n# ours\nwith = [ 'curl' ]\n";
    project.write("nixdyno.toml", &toml);
    let before = project.read("Dockerfile");
    let refused = bare(&project, &["init", "--yes", "--root", "shell"]).exits(1);
    assert!(refused.stderr.contains("[init/would-overwrite]"));
    assert_eq!(project.read("Dockerfile"), before);
    assert_eq!(project.read("nixdyno.toml"), toml, "all or none");
    std::fs::remove_file(project.path().join("Dockerfile")).unwrap();
    bare(&project, &["init", "--yes", "--root", "shell"]).exits(0);
    check!("changed_toml", project.read("nixdyno.toml"));
    bare(&project, &["generate", "--check"]).exits(0);
}

#[test]
fn what_is_somebody_s_is_written_over_only_when_told() {
    let project = Project::new(&[("flake.nix", FLAKE), ("Dockerfile", "FROM scratch\n")]);
    let refused = bare(&project, &["init", "--attr", "tern", "-q"]).exits(1);
    check!("would_overwrite", &refused);
    assert_eq!(files(&project), ["Dockerfile", "flake.nix"], "all or none");
    let yes = bare(&project, &["init", "--attr", "tern", "-q", "--yes"]).exits(1);
    assert_eq!(yes.stderr, refused.stderr);
    assert_eq!(project.read("Dockerfile"), "FROM scratch\n");
    assert_eq!(files(&project), ["Dockerfile", "flake.nix"], "all or none");
    let own = ["init", "--attr", "tern", "--dockerfile", "Dockerfile", "-q"];
    assert_eq!(
        bare(&project, &own).exits(0).stdout.lines().next(),
        Some("wrote nixdyno.toml")
    );
    assert_eq!(project.read("Dockerfile"), "FROM scratch\n");
    check!(
        "other_file",
        bare(&project, &["init", "--config", "other.toml"]).exits(2)
    );
    check!(
        "no_such_process",
        bare(&project, &["init", "--attr", "tern", "--processes", "wep"]).exits(1)
    );
}

#[test]
fn an_edit_while_the_question_stands_is_not_lost() {
    let project = colony();
    let terminal = Terminal::new(project.path(), &["init"], LARGE, &[]);
    let (last, steps) = DEFAULTS.split_last().unwrap();
    lead(&terminal, &project, steps);
    at(&terminal, last.0, last.1);
    project.write("Dockerfile", "FROM mine\n");
    terminal.press("y");
    let end = terminal.ends();
    assert_eq!(end.code, 1, "{}", end.screen);
    let id = "[render/changed-meanwhile]";
    assert!(end.screen.contains(id), "{}", end.screen);
    assert_eq!(project.read("Dockerfile"), "FROM mine\n");
    assert_eq!(files(&project), ["Dockerfile", "Procfile", "flake.nix"]);

    let words = ["generate", "--attr", "gull"];
    let terminal = Terminal::new(project.path(), &words, LARGE, &[]);
    terminal.shows(&["? Write over them?", "(y/n)"]);
    project.write("Dockerfile", "FROM another\n");
    terminal.press("y");
    let end = terminal.ends();
    assert_eq!(end.code, 1, "{}", end.screen);
    assert!(end.screen.contains(id), "{}", end.screen);
    assert_eq!(project.read("Dockerfile"), "FROM another\n");
    assert_eq!(files(&project), ["Dockerfile", "Procfile", "flake.nix"]);
}

#[test]
fn keys_pressed_before_a_question_shows_answer_none() {
    let project = colony();
    let keys = ENTER.repeat(12);
    let terminal = Terminal::with_keys(project.path(), &["init"], LARGE, &[], &keys);
    let (question, last) = QUESTIONS[0];
    at(&terminal, question, last);
    terminal.press(CTRL_C);
    let end = terminal.ends();
    assert_eq!(end.code, 130, "{}", end.screen);
    assert!(!end.screen.contains("Which processes?"), "{}", end.screen);
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
}

#[test]
fn a_terminal_that_is_too_small_ends_with_an_error() {
    let project = colony();
    let small = Terminal::new(project.path(), &["init"], (2, 80), &[]).ends();
    assert_eq!(small.code, 1, "{}", small.screen);
    assert!(small.screen.contains("ui/terminal-too-small"));
    // Made small while a list stands on it.
    let terminal = Terminal::new(project.path(), &["init"], LARGE, &[]);
    let (question, last) = QUESTIONS[0];
    at(&terminal, question, last);
    terminal.resize(2, 80);
    terminal.press(DOWN);
    let end = terminal.ends();
    assert_eq!(end.code, 1, "{}", end.screen);
    let id = "[ui/terminal-too-small]";
    assert!(end.screen.contains(id), "{}", end.screen);
    assert!(!end.screen.contains("panicked"), "{}", end.screen);
    assert!(end.restored, "{}", end.screen);
}

#[test]
fn a_list_of_marks_says_its_keys_and_where_one_stands() {
    let project = colony();
    let args = ["init", "--attr", "gull"];
    let terminal = Terminal::new(project.path(), &args, LARGE, &[("NO_COLOR", "1")]);
    at(&terminal, QUESTIONS[1].0, QUESTIONS[1].1);
    let screen = terminal.shows(&["Space marks, Enter goes on", "❯ ✔ web:", "  ✔ worker:"]);
    assert!(!screen.contains("❯ ✔ worker:"), "{screen}");
    terminal.press(DOWN);
    terminal.shows(&["  ✔ web:", "❯ ✔ worker:"]);
    terminal.press(CTRL_C);
    assert_eq!(terminal.ends().code, 130);
}

#[test]
fn words_that_cannot_count_are_refused_at_once() {
    let project = colony();
    let end = Terminal::new(project.path(), &["init", "--json"], LARGE, &[]).ends();
    assert_eq!(end.code, 2, "{}", end.screen);
    check!("unasked", end.screen);
    // Neither is there, and neither is looked for.
    let named = bare(&project, &["init", "--env", "staging"]).exits(2);
    check!("one_environment", named);
    let variable = run(nixdyno(project.path(), &["init"])
        .env_clear()
        .env("NIXDYNO_ENV", "staging"))
    .exits(2);
    assert!(variable.stderr.contains("[init/one-file]"));
    assert!(variable.stderr.contains("leave out `NIXDYNO_ENV`"));
    assert_eq!(files(&project), ["Procfile", "flake.nix"]);
}

#[test]
fn what_the_plan_warns_of_is_said_before_anything_is_written() {
    let project = Project::new(&[("flake.nix", FLAKE)]);
    let args = ["init", "--yes", "--attr", "gull", "--program", "bogus"];
    let written = bare(&project, &args).exits(0);
    let at = |text: &str| written.stderr.find(text);
    let warned = at("[plan/unknown-program]").expect("a warning");
    assert!(warned < at("nixdyno.toml is new").unwrap());
}

/// The screens in README.md are these.
#[test]
fn the_readme_shows_what_a_terminal_shows() {
    let flake = r#"{
  outputs = { self }: {
    packages.x86_64-linux.default = derivation {
      name = "gull";
      system = "x86_64-linux";
      builder = ./gull;
    } // { meta.mainProgram = "gull"; };
  };
}
"#;
    let project = Project::new(&[("gulls/flake.nix", flake)]);
    let size = (40, 100);
    let mut terminal = Terminal::new(&project.path().join("gulls"), &["init"], size, &[]);
    let [_, _, app, region, route, base, root, _, manifest] = QUESTIONS;
    for ((question, last), keys) in [
        (app, "gull-colony\r"),
        (region, &*format!("{DOWN}{DOWN}{ENTER}")),
        (route, ENTER),
        (base, ENTER),
        (root, ENTER),
        (manifest, ENTER),
        (("? Write these 3 files?", "(y/n)"), ENTER),
    ] {
        at(&terminal, question, last);
        if question == base.0 {
            shown("init-questions.svg", &terminal.picture("----->"));
        }
        terminal.press(keys);
    }
    let end = terminal.end();
    assert_eq!(end.code, 0, "{}", end.screen);
    shown("init-files.svg", &terminal.picture("-----> nixdyno.toml"));
}

/// A picture of the README is what the terminal shows today; `UPDATE_SCREENS=1` takes it anew.
fn shown(name: &str, picture: &str) {
    let path = crate::common::root().join(".github").join(name);
    if std::env::var_os("UPDATE_SCREENS").is_some() {
        std::fs::write(&path, picture).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        before == picture,
        "{name} is older: UPDATE_SCREENS=1 cargo test --test cli init"
    );
    let readme = std::fs::read_to_string(crate::common::root().join("README.md")).unwrap();
    assert!(readme.contains(name), "{name} is not in README.md");
}
