use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::inspect::Source;
use crate::names::ProcessType;
use crate::plan::{Command, Process};

const HEAD: &str = "# Written by nixdyno 1 for a test.\n# Again: nixdyno generate heroku-yml\n";
const MARK: &str = "# Written by nixdyno ";

fn plan(processes: &[(&str, &str)]) -> Plan {
    let text = include_str!("../../tests/fixtures/plan.json");
    let mut plan: Plan = serde_json::from_str(text).unwrap();
    let process = |line: &str| Process {
        command: Command::parse(line),
        source: Source::Default,
    };
    plan.processes = processes
        .iter()
        .map(|(kind, line)| (kind.parse().unwrap(), process(line)))
        .collect();
    plan.warnings.clear();
    plan
}

fn there(_: &str) -> Place {
    Place::File
}

fn made(plan: &Plan, heroku_yml: Option<&str>, app_json: Option<&str>) -> Manifest {
    let found = Found {
        heroku_yml: heroku_yml.map(str::to_owned),
        app_json: app_json.map(str::to_owned),
        procfile: false,
    };
    manifest(plan, &found, HEAD, MARK, &there).unwrap()
}

fn shown(manifest: &Manifest) -> String {
    let mut text = format!("{:?}\n{}", manifest.how, manifest.text);
    for it in &manifest.warnings {
        let place = it
            .source
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let Warning { id, what, todo, .. } = it;
        text.extend([format!("! {id} {place}\n!   {what}\n!   do: {todo}\n")]);
    }
    for note in &manifest.notes {
        text.extend([format!("! {note}\n")]);
    }
    text
}

/// Every document of tests/heroku-yml: name and text.
fn documents() -> Vec<(String, String)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/heroku-yml");
    let mut documents: Vec<_> = fs_err::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs_err::read_to_string(path).unwrap())
        })
        .collect();
    documents.sort();
    assert!(documents.len() >= 40, "{}", documents.len());
    documents
}

#[test]
fn documents_are_read_written_and_read_back() {
    for (name, text) in documents() {
        let file = read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = write(&file);
        assert_eq!(read(&written).unwrap(), file, "{name}:\n{written}");
        assert_eq!(elsewhere(&written), super::write::value(&file), "{name}");
        assert_eq!(write(&read(&written).unwrap()), written, "{name}");
    }
}

#[test]
fn nothing_to_change_changes_no_byte() {
    for (name, text) in documents() {
        let file = read(&text).unwrap();
        assert_eq!(
            edit::edit(&text, &file, &file).as_ref(),
            Ok(&text),
            "{name}"
        );
    }
}

/// The plan that a heroku.yml itself asks for.
fn plan_of(file: &HerokuYml) -> Plan {
    let lines = file
        .run
        .iter()
        .map(|(kind, run)| (kind.clone(), run.command.line()));
    let release = file.release.iter();
    let release = release.map(|it| ("release".parse().unwrap(), it.command.line()));
    let mut processes: BTreeMap<ProcessType, Process> = lines
        .chain(release)
        .map(|(kind, line)| {
            let command = Command::parse(&line.unwrap_or_else(|| "x".to_owned()));
            let source = Source::Default;
            (kind, Process { command, source })
        })
        .collect();
    if file.run.is_empty() {
        let command = Command::parse("gull serve");
        let source = Source::Default;
        processes.insert(ProcessType::web(), Process { command, source });
    }
    let mut plan = plan(&[]);
    plan.processes = processes;
    plan
}

#[test]
fn documents_are_brought_in_line_once() {
    let mut table = String::new();
    for (name, text) in documents() {
        let plan = plan_of(&read(&text).unwrap());
        let once = made(&plan, Some(&text), None);
        let again = made(&plan, Some(&once.text), None);
        assert_eq!(
            (&again.text, &again.how),
            (&once.text, &How::Kept),
            "{name}"
        );
        table.extend([format!("{name}: {:?}\n", once.how)]);
        if once.how == How::Edited {
            let diff = similar::TextDiff::from_lines(text.as_str(), once.text.as_str());
            table += &diff.unified_diff().context_radius(1).to_string();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_new_file_for_each_kind_of_plan() {
    let own = {
        let mut plan = plan(&[("web", "gull serve")]);
        plan.dockerfile = Some("deploy/Dockerfile".parse().unwrap());
        plan
    };
    let plans = [
        ("web", plan(&[("web", "gull serve --port $PORT")])),
        (
            "three",
            plan(&[
                ("release", "gull migrate"),
                ("web", "gull serve"),
                ("worker", "gull work \"$Q\""),
            ]),
        ),
        (
            "worker and release",
            plan(&[("release", "gull migrate"), ("worker", "gull work")]),
        ),
        (
            "clock and release",
            plan(&[("release", "gull migrate"), ("clock", "gull tick")]),
        ),
        ("a Dockerfile of its own", own),
    ];
    let texts = plans.iter().map(|(name, plan)| {
        let manifest = made(plan, None, None);
        assert_eq!(manifest.how, How::New);
        assert_eq!(
            made(plan, Some(&manifest.text), None).how,
            How::Kept,
            "{name}"
        );
        format!("== {name}\n{}", shown(&manifest))
    });
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_edit_keeps_comments_order_and_style() {
    let plan = plan(&[
        ("release", "gull migrate"),
        ("web", "gull serve"),
        ("worker", "gull work"),
    ]);
    let comments = "# Ours.\nrun: # starts\n  # the site\n  web: gull  start # old\n\n# The images.\nbuild:\n  docker:\n    web: old/Dockerfile # was\n";
    let windows = comments.replace('\n', "\r\n");
    let several = "build:\n  docker:\n    web: Dockerfile\nrelease:\n  command:\n    # why\n    - gull migrate --old\n  image: web\n";
    let flow = "# a flow\n{build: {docker: {web: Dockerfile}}}\n";
    let ours = made(&super::tests::plan(&[("web", "gull")]), None, None).text;
    for (name, text) in [
        ("comments", comments),
        ("windows", &windows),
        ("a comment inside", several),
        ("flow", flow),
        ("as nixdyno wrote it", &ours),
    ] {
        insta::assert_snapshot!(
            format!("edit of {name}"),
            shown(&made(&plan, Some(text), None))
        );
    }
}

#[test]
fn app_json_fills_what_is_empty() {
    let app_json = r#"{
      "addons": ["heroku-postgresql", {"plan": "heroku-redis:mini", "as": "QUEUE", "options": {"version": "7"}}],
      "env": {
        "GREETING": "hello: world",
        "LEVEL": {"value": "info", "required": true},
        "COOKIE_SECRET": {"generator": "secret"},
        "STRIPE_KEY": "sk_live_1",
        "MIRROR": "https://me:pw@example.org/",
        "TOKENIZER": {"description": "which", "required": true},
        "WORKERS": {"value": 4}
      },
      "formation": {"web": {"quantity": 1, "size": "standard-1x"}, "worker": {"quantity": 0}},
      "scripts": {"postdeploy": "gull seed"}
    }"#;
    let plan = plan(&[("web", "gull serve")]);
    insta::assert_snapshot!("app_json", shown(&made(&plan, None, Some(app_json))));
    let text = "setup:\n  config:\n    A: b\nbuild:\n  docker:\n    web: Dockerfile\n";
    insta::assert_snapshot!(
        "app_json_beside",
        shown(&made(&plan, Some(text), Some(app_json)))
    );
}

#[test]
fn what_cannot_work_is_explained() {
    let text = "\
stack: container
setup:
  config:
    API_KEY: abc
    WORKERS: 4
build:
  languages: [ruby]
  docker:
    a: ../Dockerfile
    b: sub/Dockerfile
    c: Dockerfile
    d: ./Dockerfile
    e: gone/Dockerfile
    f: Dockerfile
  target: x
  config:
    DEBUG: false
release:
  image: z
  command:
    - one two
    - three
run:
  d: gull
  g: gull
  h:
    image: y
    command: gull
";
    let place = |path: &str| match path {
        "../Dockerfile" => Place::Outside,
        "gone/Dockerfile" => Place::Missing,
        _ => Place::File,
    };
    let told = |text: &str| {
        let warnings = explain(text, &place).unwrap().into_iter().map(|it| {
            let place = it.source.map(|it| it.to_string()).unwrap_or_default();
            format!("{} {place}\n  {}\n  do: {}\n", it.id, it.what, it.todo)
        });
        warnings.collect::<String>()
    };
    let release = "build:\n  docker:\nrelease:\n  command: x\n";
    let twice = "build:\n  docker:\n    a: D\n    b: D\nrun:\n  a: x\n  b: y\n";
    insta::assert_snapshot!([text, release, twice].map(told).join("\n"));
    let fine = "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: x\n";
    assert_eq!(told(fine), "");
}

#[test]
fn errors_say_where() {
    let texts = [
        "biuld:\n  docker:\n    web: Dockerfile\n",
        "build:\n  dokcer:\n    web: Dockerfile\n",
        "build:\n  docker:\n    web: Dockerfile\nprocesses: {}\n",
        "- a\n",
        "build: Dockerfile\n",
        "build:\n  docker: [Dockerfile]\n",
        "build:\n  docker:\n    web:\n",
        "build:\n  docker:\n    web: ''\n",
        "build:\n  docker:\n    we b: Dockerfile\n",
        "build:\n  docker:\n    web: {a: b}\n",
        "build:\n  config:\n    A-B: c\n",
        "build:\n  config:\n    A: [c]\n",
        "setup:\n  addons: heroku-postgresql\n",
        "setup:\n  addons:\n    - heroku-postgresql\n",
        "setup:\n  addons:\n    - as: DATABASE\n",
        "setup:\n  addons:\n    - plan: a\n      name: b\n",
        "setup:\n  addons:\n    - plan: [a]\n",
        "release:\n  image: web\n",
        "release:\n  command: x\n  image: a/b:c\n",
        "run:\n  web:\n    comand: x\n",
        "run:\n  web:\n    image: web\n",
        "run:\n  web:\n",
        "run:\n  web: []\n",
        "run:\n  web: [[a]]\n",
        "run:\n  web: ' '\n",
        "run:\n\tweb: a\n",
        "run: {web: a\n",
        "run:\n  web: a\n  web: b\n",
        "a: &x b\nrun:\n  web: *x\n",
        "run:\n  <<: {web: a}\n",
        "run:\n  web: a\n---\nrun: {}\n",
    ];
    let mut all: Vec<String> = texts
        .iter()
        .map(|text| format!("{text:?}\n{}\n", read(text).unwrap_err()))
        .collect();
    let deep = "[".repeat(40) + &"]".repeat(40);
    all.push(format!("deep\n{}\n", read(&deep).unwrap_err()));
    all.push(format!(
        "long\n{}\n",
        read(&"#\n".repeat(20_000)).unwrap_err()
    ));
    insta::assert_snapshot!("errors", all.join("\n"));
    let texts = [
        "[]",
        "{",
        "{\"addons\": {}}",
        "{\"addons\": [1]}",
        "{\"env\": {\"a b\": \"c\"}}",
        "{\"env\": {\"a\": [1]}}",
        "{\"formation\": []}",
    ];
    let all = texts.map(|text| format!("{text}\n{}\n", AppJson::read(text).unwrap_err()));
    insta::assert_snapshot!("app_json_errors", all.join("\n"));
}

#[test]
fn what_herokus_builder_lacks_is_refused() {
    let mut plan = plan(&[("web", "gull serve")]);
    plan.caches.ssh = true;
    plan.caches.cache_mounts = true;
    plan.caches.secrets = [(crate::names::SecretKind::Netrc, "env:A".parse().unwrap())].into();
    let refused = || manifest(&plan, &Found::default(), HEAD, MARK, &there);
    insta::assert_snapshot!(refused().unwrap_err());
    let signs = crate::names::SecretKind::SigningKey;
    plan.caches = crate::plan::Caches::default();
    plan.caches.secrets = [(signs, "env:A".parse().unwrap())].into();
    assert!(manifest(&plan, &Found::default(), HEAD, MARK, &there).is_ok());
}

fn kind() -> impl Strategy<Value = ProcessType> {
    "(web|worker|clock|[a-zA-Z0-9_-]{1,6})".prop_map(|name| name.parse().unwrap())
}

fn command_form() -> impl Strategy<Value = CommandForm> {
    let text = || "\\PC{0,20}[!-~]";
    prop_oneof![
        text().prop_map(CommandForm::Line),
        prop::collection::vec(text(), 1..3).prop_map(CommandForm::List),
    ]
}

fn any_file() -> impl Strategy<Value = HerokuYml> {
    let variables =
        || prop::collection::btree_map("[A-Za-z_][A-Za-z0-9_]{0,6}", any::<String>(), 0..3);
    let addon = ("[a-z:-]{0,8}[a-z]", prop::option::of("\\PC{0,5}[A-Z]"));
    let addon = addon.prop_map(|(plan, attachment)| Addon { plan, attachment });
    let run = (command_form(), prop::option::of(kind()));
    let run = run.prop_map(|(command, image)| Run { command, image });
    let release = (command_form(), prop::option::of(kind()));
    let release = release.prop_map(|(command, image)| Release { image, command });
    let setup = (prop::collection::vec(addon, 0..3), variables());
    let build = (
        prop::collection::btree_map(kind(), "\\PC{0,9}[a-z]", 0..3),
        variables(),
    );
    let run = prop::collection::btree_map(kind(), run, 0..4);
    (setup, build, prop::option::of(release), run).prop_map(|(setup, build, release, run)| {
        HerokuYml {
            setup: Setup {
                addons: setup.0,
                config: setup.1,
            },
            build: Build {
                docker: build.0,
                config: build.1,
            },
            release,
            run,
        }
    })
}

/// What another parser reads. Everything that we write is a text, a list or a set to it.
fn elsewhere(text: &str) -> super::write::Value {
    use super::write::Value;
    use serde_yaml_ng::Value as Theirs;
    fn of(value: Theirs) -> Value {
        match value {
            Theirs::Null => Value::Map(Vec::new()),
            Theirs::String(text) => Value::Text(text),
            Theirs::Sequence(items) => Value::List(items.into_iter().map(of).collect()),
            Theirs::Mapping(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(name, value)| (name.as_str().unwrap().to_owned(), of(value)))
                    .collect(),
            ),
            other => panic!("{other:?}"),
        }
    }
    of(serde_yaml_ng::from_str(text).unwrap())
}

/// What another parser reads as one text.
fn theirs(text: &str) -> Option<String> {
    let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).ok()?;
    value.get("a")?.as_str().map(str::to_owned)
}

/// Texts that some YAML reads as something else.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "", " ", "yes", "No", "ON", "y", "null", "~", "true", "1", "1_000", "0x1f", "0o7", "1e3", ".5", ".inf",
    "-.INF", ".nan", "1:30", "2024-01-01", "-", "- a", "?", ": a", "a: b", "a:", "a #b", "#a", "&a", "*a", "!a",
    "%a", "@a", "`a", "|", ">", "'", "\"", "[a]", "{a}", "a\nb", "a\r", "\u{85}", "\u{2028}", "\u{feff}a", "\0",
    "=", "<<", "---", "...", " a", "a ", "\t", "a\tb", "Grüße", "🐦", "\u{fffe}",
];

#[test]
fn words_that_mean_something_are_quoted() {
    for text in ODD {
        let line = format!("a: {}\n", super::write::scalar(text));
        assert_eq!(theirs(&line).as_deref(), Some(*text), "{line}");
    }
}

#[test]
fn images_of_elsewhere_are_told() {
    let text = "build:\n  docker:\n    web: Dockerfile\n    db: db/Dockerfile\nrun:\n  web: gull\nrelease:\n  image: db\n  command: up\n";
    let mut plan = plan(&[("web", "gull"), ("release", "up")]);
    plan.base = crate::plan::Base::of("nixdyno/nixpkgs:1".parse().unwrap());
    insta::assert_snapshot!(shown(&made(&plan, Some(text), None)));
}

proptest! {
    #[test]
    fn any_text_is_read_back_by_two_parsers(text in prop_oneof![any::<String>(), "\\PC*", "[ -~]{0,12}", "[-:# .0-9a-z'\"]{0,9}"]) {
        let file = HerokuYml {
            setup: Setup { config: [("a".to_owned(), text.clone())].into(), ..Setup::default() },
            ..HerokuYml::default()
        };
        prop_assert_eq!(read(&write(&file)).ok(), Some(file));
        let line = format!("a: {}\n", super::write::scalar(&text));
        prop_assert_eq!(theirs(&line), Some(text));
    }

    #[test]
    fn any_file_is_written_and_read_back(file in any_file()) {
        let text = write(&file);
        prop_assert_eq!(&read(&text).unwrap(), &file, "{}", text);
        prop_assert_eq!(elsewhere(&text), super::write::value(&file));
    }

    #[test]
    fn any_file_can_be_edited(file in any_file(), worker in any::<bool>()) {
        let mut processes = vec![("web", "gull serve"), ("release", "gull migrate $A")];
        if worker {
            processes.push(("worker", "gull work"));
        }
        let text = write(&file);
        // In a text it counts as a comment, which must stay: then the whole is written anew.
        prop_assume!(!text.contains('#'));
        let text = format!("# Kept.\n{text}");
        let once = made(&plan(&processes), Some(&text), None);
        prop_assert_eq!(&once.how, &How::Edited, "{}", text);
        prop_assert!(once.text.starts_with("# Kept.\n"));
        let again = made(&plan(&processes), Some(&once.text), None);
        prop_assert_eq!(again.how, How::Kept);
    }

    #[test]
    fn what_is_written_for_any_text_is_right_the_second_time(text in prop_oneof!["\\PC{0,80}", "([ ]{0,4}(build|docker|web|run|- |: |[\\[\\]{}\"'#&*|>?!\n]){1,3}){0,20}"]) {
        let made = |heroku_yml: &str| {
            let found = Found { heroku_yml: Some(heroku_yml.to_owned()), app_json: Some(text.clone()), procfile: true };
            let found = Found { app_json: AppJson::read(&text).ok().and(found.app_json), ..found };
            manifest(&plan(&[("web", "gull serve"), ("worker", "w")]), &found, HEAD, MARK, &there)
        };
        if let Ok(first) = made(&text) {
            let again = made(&first.text);
            prop_assert_eq!(again.map(|it| it.how).ok(), Some(How::Kept), "{}", first.text);
        }
    }
}
