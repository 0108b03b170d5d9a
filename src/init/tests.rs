//! The wizard, led by a script in place of a person.

#![expect(
    clippy::panic_in_result_fn,
    reason = "a script without an answer is a failed test"
)]

use std::cell::RefCell;
use std::collections::VecDeque;

use super::*;
use crate::inspect::{Ask as Look, Declared, Need, NeedId, Source, Verdict, inspect};
use crate::plan::{NixHere, Route, Wish, Wishes};
use crate::shell::Recorded;
use crate::ui::{Answer, Kind as Form, Question};

/// Answers by a script, one word a question; `-` is what stands there already. Writes down what was asked.
struct Script {
    words: RefCell<VecDeque<String>>,
    said: RefCell<Vec<String>>,
}

impl Script {
    fn new(words: &str) -> Self {
        let words = words.split(", ").map(str::to_owned);
        Script {
            words: RefCell::new(words.collect()),
            said: RefCell::default(),
        }
    }

    fn say(&self, line: impl Into<String>) {
        self.said.borrow_mut().push(line.into());
    }

    fn transcript(&self) -> String {
        assert!(self.words.borrow().is_empty(), "answers are left");
        self.said.borrow().join("\n")
    }
}

fn shown(form: &Form) -> Vec<String> {
    let mark = |on: bool, text: &String| format!("  {} {text}", if on { '*' } else { ' ' });
    match form {
        Form::One { items, default } => {
            let items = items.iter().enumerate();
            items.map(|(at, it)| mark(at == *default, it)).collect()
        }
        Form::Several { items } => items.iter().map(|(it, on)| mark(*on, it)).collect(),
        Form::Text { default, .. } => vec![format!("  > {default}")],
        Form::YesNo { default } => vec![format!("  {}", if *default { "Y/n" } else { "y/N" })],
    }
}

fn answer(form: &Form, word: &str) -> Answer {
    let places = |word: &str| word.split('+').filter_map(|it| it.parse().ok()).collect();
    match (form, word) {
        (Form::One { default, .. }, "-") => Answer::One(*default),
        (Form::One { .. }, at) => Answer::One(at.parse().unwrap()),
        (Form::Several { items }, "-") => {
            let on = items.iter().enumerate().filter(|(_, it)| it.1);
            Answer::Several(on.map(|(at, _)| at).collect())
        }
        (Form::Several { .. }, all) => Answer::Several(places(all)),
        (Form::Text { default, .. }, "-") => Answer::Text(default.clone()),
        (Form::Text { .. }, text) => Answer::Text(text.trim_matches('"').to_owned()),
        (Form::YesNo { default }, "-") => Answer::YesNo(*default),
        (Form::YesNo { .. }, word) => Answer::YesNo(word == "yes"),
    }
}

impl Ask for Script {
    fn ask(&self, question: &Question) -> Result<Reply> {
        self.say(format!("{} [{}]", question.text, question.flag));
        self.say(format!("  {}", question.why));
        for line in shown(&question.kind) {
            self.say(line);
        }
        loop {
            let word = self.words.borrow_mut().pop_front();
            let word = word.unwrap_or_else(|| panic!("no answer to {}", question.text));
            if word == "back" {
                self.say("  <- back");
                return Ok(Reply::Back);
            }
            let answer = answer(&question.kind, &word);
            self.say(format!("  = {answer:?}"));
            match question.check(&answer) {
                Ok(()) => return Ok(Reply::Answer(answer)),
                Err(error) => self.say(format!("  {}; {}", error.what(), error.todo()[0])),
            }
        }
    }
}

const TWO: &str = r#"{
  nixConfig.extra-substituters = [ "https://gulls.example.org" ];
  outputs = { self }: {
    packages.x86_64-linux = {
      gull = derivation { name = "gull"; } // { meta.mainProgram = "gull"; };
      tern = derivation { name = "tern"; } // { meta.mainProgram = "tern"; };
    };
  };
}
"#;

/// A project that leaves every question open.
fn open(attribute: Option<AttrPath>) -> Result<Project> {
    let mut project = look(TWO, attribute)?;
    for (name, value) in [("web", "gull --port $PORT"), ("worker", "gull work")] {
        let source = Source::file("Procfile", 1);
        let declared = Declared {
            value: value.to_owned(),
            source,
            attribute: None,
            missing: false,
        };
        project.processes.insert(name.parse()?, declared);
    }
    project.needs.push(Need {
        id: NeedId::Config,
        what: String::new(),
        todo: String::new(),
        names: vec!["DATABASE_URL".to_owned(), "REDIS_URL".to_owned()],
        value: None,
        source: None,
    });
    Ok(project)
}

fn look(flake: &str, attribute: Option<AttrPath>) -> Result<Project> {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("flake.nix"), flake).unwrap();
    let ask = Look {
        attribute,
        ..Look::default()
    };
    inspect(dir.path(), &ask, &Recorded::new())
}

fn facts(project: Project) -> Facts {
    let facts = Facts {
        first: project.clone(),
        project,
        wishes: Wishes::default(),
        attr: None,
        heroku: Heroku::default(),
    };
    facts.with_suggestions()
}

/// What was asked and answered, and the nixdyno.toml of it.
fn led(facts: Facts, words: &str) -> (String, Wizard) {
    let script = Script::new(words);
    let mut wizard = Wizard::new(facts);
    let tell = |error: &Error| script.say(format!("  {}", error.what()));
    ask(&mut wizard, &script, &open, &tell).unwrap();
    let toml = text("", wizard.answers(), &[]).unwrap();
    (format!("{}\n\n{toml}", script.transcript()), wizard)
}

fn all_open() -> Facts {
    let project = open(None).unwrap();
    assert_eq!(project.verdict, Verdict::Ask);
    facts(project)
}

#[test]
fn every_question_has_a_default() {
    let words = "-, -, \"\", -, -, -, -, yes, -";
    insta::assert_snapshot!(led(all_open(), words).0);
}

#[test]
fn every_question_takes_another_answer() {
    let words = "1, 0, gull-colony, 2, 2, 3, ghcr.io/me/nix:1, 2, yes, yes, heroku-redis:mini";
    let (shown, wizard) = led(all_open(), words);
    insta::assert_snapshot!(shown);
    let next = next(&wizard, std::path::Path::new("my app"));
    insta::assert_snapshot!("decided", format!("{:#}\nNext: {next}", decided(&wizard)));
}

#[test]
fn an_image_that_is_still_to_be_made_comes_first() {
    let (_, wizard) = led(all_open(), "-, -, gull-colony, -, -, 1, -, -, -");
    assert_eq!(
        next(&wizard, std::path::Path::new(".")),
        "`nixdyno base build`, then `nixdyno deploy --create`"
    );
}

#[test]
fn escape_leads_to_the_question_before_with_what_was_answered() {
    // Back where there is nothing before; then after each answer, which stands there again.
    let words = "back, 1, back, -, 0, back, -, gull-colony, back, -, 1, back, -, 2, back, -, 3, back, 3, \
                 ghcr.io/me/nix:1, back, -, 2, back, -, yes, back, -, yes, back, -, back, -, \"\"";
    insta::assert_snapshot!(led(all_open(), words).0);
}

#[test]
fn what_is_no_answer_is_refused_with_the_reason() {
    let words =
        "-, \"\", -, My App, ab, \"\", -, 3, a b, nixos/nix:2, -, no, yes, heroku postgres!, \"\"";
    insta::assert_snapshot!(led(all_open(), words).0);
}

#[test]
fn an_attribute_that_is_not_there_is_told_and_asked_again() {
    let project = open(None).unwrap();
    let mut facts = facts(project);
    facts.first.verdict = Verdict::Unknown;
    let words = "gul, gull, -, \"\", -, -, -, -, -";
    insta::assert_snapshot!(led(facts, words).0);
}

#[test]
fn a_program_is_asked_for_where_none_is_known() {
    let flake = "{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = \"gull\"; }; }; }";
    let mut project = look(flake, None).unwrap();
    let first = project.candidates.first_mut().unwrap();
    first.program = crate::inspect::Program::unknown("two");
    first.programs = vec!["gull".to_owned(), "gullctl".to_owned()];
    let (several, _) = led(facts(project.clone()), "1, \"\", -, -, -, -");
    project.candidates.first_mut().unwrap().programs.clear();
    project.needs.push(Need {
        id: NeedId::StartCommand,
        what: String::new(),
        todo: String::new(),
        names: Vec::new(),
        value: None,
        source: None,
    });
    let (none, _) = led(facts(project), "a/b, gull, \"\", -, -, -, -");
    insta::assert_snapshot!(format!("{several}\n{none}"));
}

#[test]
fn a_flag_answers_for_good_and_the_file_for_now() {
    let mut facts = all_open();
    let flag = |name: &str| Source::Flag {
        name: name.to_owned(),
    };
    let file = |key: &str| Source::Config {
        key: key.to_owned(),
    };
    facts.attr = Some(Wish {
        value: "gull".parse().unwrap(),
        source: flag("--attr"),
    });
    facts.project = open(Some("gull".parse().unwrap())).unwrap();
    facts.wishes = Wishes {
        app: Some(Wish {
            value: "gull-colony".parse().unwrap(),
            source: file("app"),
        }),
        region: Some(Wish {
            value: "virginia".parse().unwrap(),
            source: file("region"),
        }),
        route: Some(Wish {
            value: Route::HerokuCli,
            source: flag("--route"),
        }),
        base: Some(Wish {
            value: "ghcr.io/me/nix:1".parse().unwrap(),
            source: file("base"),
        }),
        root: Some(Wish {
            value: "heroku/heroku:24".parse().unwrap(),
            source: file("root"),
        }),
        ..Wishes::default()
    };
    facts.heroku.wanted = Some(false);
    insta::assert_snapshot!(led(facts, "-, -, -, -, -, -").0);
}

#[test]
fn every_route_has_words() {
    for route in Route::ALL {
        assert!(super::questions::has_words(route), "{route}");
    }
}

#[test]
fn a_route_is_written_where_a_plan_would_take_another() {
    let here = |able: bool, file: Option<Route>| {
        let mut facts = all_open();
        let word = String::new();
        let nix_here = if able {
            NixHere::Able(word)
        } else {
            NixHere::Unable(word)
        };
        let source = || Source::Config {
            key: "route".to_owned(),
        };
        facts.wishes = Wishes {
            nix_here: Some(nix_here),
            route: file.map(|value| Wish {
                value,
                source: source(),
            }),
            ..Wishes::default()
        };
        facts
    };
    let answered = |facts: Facts, route: &str| {
        let words = format!("-, -, \"\", {route}, -, -, -, -");
        let wizard = led(facts, &words).1;
        let shown = decided(&wizard)["route"].as_str().unwrap().to_owned();
        (wizard.answers().route, shown)
    };
    let word = |it: Route| it.name().to_owned();
    let (direct, docker) = (Route::Direct, Route::Docker);
    let rows = [
        (true, None, "-", None, direct),
        (true, None, "0", None, direct),
        (true, None, "1", Some(docker), docker),
        (false, None, "-", None, docker),
        (false, None, "1", None, docker),
        (false, None, "0", Some(direct), direct),
        // What the file has stays, and is the default.
        (true, Some(docker), "-", Some(docker), docker),
        (false, Some(docker), "-", Some(docker), docker),
        (true, Some(docker), "0", None, direct),
    ];
    for (able, file, answer, said, shown) in rows {
        let got = answered(here(able, file), answer);
        assert_eq!(got, (said, word(shown)), "{able} {file:?} {answer}");
    }
    let mut pruned = here(true, None);
    let flag = Source::Flag {
        name: "--prune".to_owned(),
    };
    pruned.wishes.prune = crate::prune::of_lines([("@man", flag)]).unwrap();
    assert_eq!(answered(pruned, "-"), (None, word(docker)));
}

#[test]
fn only_what_changed_is_changed_in_the_file() {
    let answers = |words: &str| led(all_open(), words).1.answers().clone();
    let least = answers("0, -, \"\", -, -, -, -, -");
    let most = answers("1, 0, gull-colony, 2, 2, 3, ghcr.io/me/nix:1, 2, yes, -");
    let old = "# Ours.\napp   = 'tern-colony' # at Heroku\nroot = \"shell\"\n\n# why not\nwith = ['curl']\n\n[options]\ncores = 2 # two\n";
    let extras = [
        Extra::List("with", vec!["curl".to_owned()]),
        Extra::Text("file", "a.nix".to_owned()),
        Extra::Yes("impure"),
    ];
    let mut shown = Vec::new();
    for (old, answers, extras) in [
        (old, &most, &extras[..]),
        (old, &least, &[]),
        ("# Only a comment.\n", &most, &[]),
        ("# Only a comment.\n", &least, &[]),
    ] {
        let mut answers = answers.clone();
        if answers == least {
            answers.attr = None;
        }
        let new = text(old, &answers, extras).unwrap();
        assert_eq!(text(&new, &answers, extras).unwrap(), new, "twice");
        shown.push(new);
    }
    assert_eq!(shown.last().unwrap(), "# Only a comment.\n");
    insta::assert_snapshot!(shown.join("=====\n"));
    insta::assert_snapshot!("not_toml", text("app = [", &least, &[]).unwrap_err());
}

#[test]
fn the_file_names_the_schema_and_keys_that_it_has() {
    let (_, wizard) = led(
        all_open(),
        "1, 0, gull-colony, 2, 2, 3, ghcr.io/me/nix:1, 2, yes, -",
    );
    let new = text("", wizard.answers(), &[]).unwrap();
    assert!(new.starts_with("#:schema https://"), "{new}");
    let table: ::toml::Table = ::toml::from_str(&new).unwrap();
    let schema: serde_json::Value = serde_json::from_str(crate::settings::SCHEMA).unwrap();
    for key in table.keys() {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}
