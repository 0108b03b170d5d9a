//! What a heroku.yml says, and what is wrong with one.

use proptest::prelude::*;

use super::*;

const FULL: &str = "\
# how Heroku builds it
setup:
  addons:
    - plan: heroku-postgresql
      as: DATABASE
    - plan: heroku-redis:mini
  config:
    S3_BUCKET: my-bucket
build:
  docker:
    web: Dockerfile
    worker: worker/Dockerfile
  config:
    APP_ENV: production
release:
  image: worker
  command:
    - ./migrate.sh --all
run:
  web: gull serve --port $PORT
  sweeper:
    command:
      - gull sweep
    image: worker
  words: [gull, count]
";

fn commands(read: &HerokuYml) -> Vec<(&str, &str, String)> {
    let processes = read.processes.iter();
    processes
        .map(|(name, it)| (name.as_str(), it.value.as_str(), it.source.to_string()))
        .collect()
}

#[test]
fn the_documented_shape_is_read() {
    let read = parse(FULL).unwrap();
    let at = |line: u32| format!("heroku.yml:{line}");
    assert_eq!(
        commands(&read),
        [
            ("release", "./migrate.sh --all", at(18)),
            ("sweeper", "gull sweep", at(23)),
            ("web", "gull serve --port $PORT", at(20)),
            ("words", "gull count", at(25)),
        ]
    );
    assert!(read.runs);
    assert_eq!(read.warnings, []);
}

#[test]
fn an_image_that_nothing_builds_is_told() {
    let warnings = |text: &str| {
        let read = parse(text).unwrap();
        let words = read.warnings.iter();
        words
            .map(|it| format!("{}: {}", it.what, it.todo))
            .collect::<Vec<_>>()
    };
    let run = "run:\n  sweeper: { command: gull sweep, image: worker }\n";
    insta::assert_debug_snapshot!([
        warnings(run),
        warnings(&format!("{run}build:\n  docker:\n    web: Dockerfile\n")),
        warnings(&format!("{run}build: Dockerfile\n")),
    ]);
    let built = format!("{run}build: {{ docker: {{ worker: Dockerfile }} }}\n");
    assert_eq!(warnings(&built), [""; 0]);
}

#[test]
fn what_is_not_used_may_have_any_shape() {
    for text in [
        "setup:\n  addons: heroku-postgresql\n",
        "setup:\n  addons:\n    - heroku-postgresql\n    - as: DATABASE\n  config: [A]\n",
        "setup: none\nbuild: Dockerfile\n",
        "build:\n  docker: Dockerfile\n  config: 1\n  languages: [go]\n",
    ] {
        let read = parse(&format!("{text}release:\n  command: a\n")).unwrap();
        assert_eq!(read.processes.len(), 1, "{text}");
        assert!(!read.runs && read.warnings.is_empty(), "{text}");
    }
}

#[test]
fn little_is_enough() {
    for text in [
        "",
        "# nothing\n\n",
        "---\n",
        "run:\n",
        "{}",
        "build:\n  docker:\n    web: Dockerfile\n",
    ] {
        let read = parse(text).unwrap();
        assert!(
            read.processes.is_empty() && read.warnings.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn wrong_files_are_shown() {
    let errors: Vec<_> = [
        "run: [",
        "run:\n\tweb: x\n",
        "- run\n",
        "just text\n",
        "run:\n  my web: x\n",
        "run:\n  web:\n",
        "run:\n  web: ''\n",
        "run:\n  web: |\n    one\n    two\n",
        "run:\n  web: { image: worker }\n",
        "run:\n  web: { command: { a: b } }\n",
        "run:\n  web: x\n  web: y\n",
        "run: server\n",
        "release: ./migrate.sh\n",
        "release:\n  image: web\n",
        "release:\n  command:\n    - ./one.sh --all\n    - ./two.sh\n",
        "a: &a x\nrun:\n  web: *a\n",
        "run:\n  web: x\n---\nrun:\n  web: y\n",
        &"#".repeat(20_001),
    ]
    .map(|text| parse(text).unwrap_err().to_string())
    .into();
    insta::assert_snapshot!(errors.join("\n\n"));
}

#[test]
fn what_heroku_does_not_know_is_told() {
    let text = "runs:\n  web: x\nformation:\n  web: 1\nrelease:\n  command: a\n  phase: x\nrun:\n  release: b\n  web: c\n";
    let read = parse(text).unwrap();
    insta::assert_snapshot!(crate::inspect::needs::shown(&[], &read.warnings));
}

#[test]
fn no_file_grows_while_it_is_read() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let before = level - 1;
        let items = format!("*a{before},").repeat(9);
        bomb.extend([format!("a{level}: &a{level} [{items}]\n")]);
    }
    let nested = format!("run: {}{}", "[".repeat(5_000), "]".repeat(5_000));
    for text in [bomb, nested, "? ".repeat(5_000), "- ".repeat(5_000)] {
        assert_eq!(parse(&text).unwrap_err().id(), "inspect/heroku-yml");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_yaml_makes_it_panic(words in prop::collection::vec(prop::sample::select(vec![
        "run", "release", "setup", "addons", "command", "image", "web", ": ", ":\n", "\n", "  ", "    ", "- ", "[", "]", "{", "}", ",",
        "x", "1", "1e999", "~", "&a ", "*a", "!!binary ", "!x ", "'", "\"", "|\n", "<<: ", "---\n", "...\n", "? ", "# ", "%YAML 1.2\n",
    ]), 0..40)) {
        let _ = parse(&words.concat());
    }

    #[test]
    fn plain_commands_survive(name in "[a-z][a-z0-9_-]{0,20}", command in "[a-zA-Z./][a-zA-Z0-9./$=-]{0,9}( [a-zA-Z0-9./$=-]{1,9}){0,4}") {
        let command = format!("x{command}");
        let read = parse(&format!("run:\n  x{name}: {command}\n")).unwrap();
        prop_assert_eq!(&read.processes[&format!("x{name}").parse().unwrap()].value, &command);
    }
}
