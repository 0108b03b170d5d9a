//! Each language: the right reading, and the near miss that must give nothing.

mod flags;
mod listens;
mod variables;

use super::*;
use proptest::prelude::*;

/// What one file of that name shows.
fn of(name: &str, text: &str) -> Sources {
    let mut out = Sources::default();
    let mut words = subcommand::Words::default();
    let path = Path::new(name);
    if let Some(language) = language_of(path, None) {
        out.add(path, text, language, &mut words);
    }
    out.finish(words);
    out
}

/// Where it listens, in one line each.
fn places(name: &str, text: &str) -> Vec<String> {
    // A bare socket counts where its connections are taken.
    let taken = match name {
        "a.rs" => format!("{text}\nfn take() {{ it.accept() }}"),
        "a.go" => format!("{text}\nfunc take() {{ it.Accept() }}"),
        _ => text.to_owned(),
    };
    let listens = of(name, &taken).listens.into_iter();
    let shown = |it: Listen| {
        let port = match it.port {
            Port::Fixed(port) => port.to_string(),
            Port::Variable(name) => format!("${name}"),
            Port::Elsewhere => "?".to_owned(),
        };
        let whole = if it.whole { " whole" } else { "" };
        format!("{:?} {port}{whole}", it.address)
    };
    listens.map(shown).collect()
}

/// The variables; a required one with `!`.
fn variables(name: &str, text: &str) -> Vec<String> {
    let variables = of(name, text).variables.into_iter();
    let shown = |it: Variable| format!("{}{}", it.name, if it.required { "!" } else { "" });
    variables.map(shown).collect()
}

fn opened(name: &str, text: &str) -> Vec<String> {
    let relative = of(name, text).relative.into_iter();
    relative.map(|it| it.what).collect()
}

/// Checks rows of file name, text and places.
fn check_places(rows: &[(&str, &str, &[&str])]) {
    for (name, text, wanted) in rows {
        assert_eq!(places(name, text), *wanted, "{name}: {text}");
    }
}

fn check_variables(rows: &[(&str, &str, &[&str])]) {
    for (name, text, wanted) in rows {
        assert_eq!(variables(name, text), *wanted, "{name}: {text}");
    }
}

#[test]
fn a_worker_is_no_client_and_no_server() {
    let workers = [
        ("a.rs", "use lapin::Channel; c.basic_consume(\"q\").await"),
        (
            "a.go",
            "import \"github.com/bwmarrin/discordgo\"\nfunc main() { flag.Parse(); discordgo.New(t) }",
        ),
        ("a.py", "from celery import Celery\napp = Celery('a')"),
        (
            "a.js",
            "const { Telegraf } = require('telegraf');\nnew Telegraf(t)",
        ),
        ("a.ex", "defmodule A do\n  use Oban.Worker\nend"),
        (
            "a.rb",
            "require 'sidekiq'\nclass A\n  include Sidekiq::Job\nend",
        ),
    ];
    for (name, text) in workers {
        let found = of(name, text);
        assert!(
            found.works.is_some() && found.serves.is_none() && found.commands.is_none(),
            "{name}"
        );
    }
    let both = "import \"github.com/bwmarrin/discordgo\"\nfunc main() { discordgo.New(t); http.ListenAndServe(\":1\", nil) }";
    let both = of("a.go", both);
    assert!(both.works.is_none() && both.serves.is_some());
}

#[test]
fn a_client_parses_arguments_and_serves_not() {
    assert!(
        of("a.rs", "use clap::Parser; #[derive(Parser)] struct A {}")
            .commands
            .is_some()
    );
    assert!(
        of("a.go", "cobra.Command{Use: \"serve\"}")
            .arguments
            .is_empty()
    );
    assert!(of("a.rs", "fn main() {}").commands.is_none());
}

#[test]
fn a_socket_for_a_moment_is_no_server() {
    for (name, text) in [
        (
            "a.rs",
            "fn free() -> u16 { TcpListener::bind(\"127.0.0.1:0\").unwrap().local_addr().unwrap().port() }",
        ),
        (
            "a.rs",
            "fn once() { let lock = TcpListener::bind(\"127.0.0.1:7777\"); work() }",
        ),
        (
            "a.go",
            "import \"net\"\nfunc free() { l, _ := net.Listen(\"tcp\", \"127.0.0.1:0\") }",
        ),
        (
            "a.go",
            "import \"net\"\nfunc lock() { net.Listen(\"tcp\", \":7777\") }",
        ),
        (
            "a.js",
            "import http from 'http';\nconst server = http.createServer(back);\nserver.listen(0, '127.0.0.1')",
        ),
    ] {
        let found = of(name, text);
        assert!(
            found.serves.is_none() && found.listens.is_empty(),
            "{name}: {found:?}"
        );
    }
    for (name, text) in [
        (
            "a.rs",
            "let l = TcpListener::bind(\"0.0.0.0:7777\"); for one in l.incoming() { }",
        ),
        (
            "a.rs",
            "let l = TcpListener::bind(\"0.0.0.0:7777\"); loop { l.accept().await; }",
        ),
        (
            "a.rs",
            "let l = TcpListener::bind(\"0.0.0.0:7777\"); axum::serve(l, app)",
        ),
        (
            "a.go",
            "import \"net\"\nfunc main() { l, _ := net.Listen(\"tcp\", \":7777\"); for { l.Accept() } }",
        ),
        (
            "a.js",
            "import http from 'http';\nhttp.createServer(on).listen(7777)",
        ),
        (
            "a.js",
            "import http from 'http';\nhttp.createServer(on).listen(port)",
        ),
    ] {
        assert!(of(name, text).serves.is_some(), "{name}: {text}");
    }
}

#[test]
fn words_are_none_when_the_program_serves_without() {
    let root = "import \"github.com/spf13/cobra\"\nvar root = &cobra.Command{Use: \"hub\", RunE: func(c *cobra.Command, a []string) error { return http.ListenAndServe(\":80\", nil) }}\n";
    let server = "var server = &cobra.Command{Use: \"server\", Run: func(c *cobra.Command, a []string) { fmt.Println(\"up\") }}\n";
    assert!(of("a.go", &format!("{root}{server}")).arguments.is_empty());
    let named = "import \"github.com/spf13/cobra\"\nvar root = &cobra.Command{Use: \"hub\", RunE: all}\nfunc all(c *cobra.Command, a []string) error { return http.ListenAndServe(\":80\", nil) }\n";
    assert!(of("a.go", &format!("{named}{server}")).arguments.is_empty());
    let main = "import \"github.com/spf13/cobra\"\nfunc main() { if len(os.Args) > 1 { root.Execute(); return }; http.ListenAndServe(\":80\", nil) }\n";
    assert!(of("a.go", &format!("{main}{server}")).arguments.is_empty());
    let elsewhere = "import \"github.com/spf13/cobra\"\nvar root = &cobra.Command{Use: \"hub\", Run: func() { site.Run() }}\nfunc init() { root.AddCommand(server) }\nfunc lib() { http.ListenAndServe(\":80\", nil) }\n";
    assert!(
        of("a.go", &format!("{elsewhere}{server}"))
            .arguments
            .is_empty()
    );
    // The command itself serves, in its block or in what it calls.
    let plain = "import \"github.com/spf13/cobra\"\nvar root = &cobra.Command{Use: \"hub\"}\nfunc init() { root.AddCommand(serve) }\n";
    for serve in [
        "var serve = &cobra.Command{Use: \"serve\", RunE: func() error { return http.ListenAndServe(\":80\", nil) }}",
        "var serve = &cobra.Command{Use: \"serve\", RunE: all}\nfunc all() error { return http.ListenAndServe(\":80\", nil) }",
    ] {
        assert_eq!(
            of("a.go", &format!("{plain}{serve}")).arguments,
            ["serve"],
            "{serve}"
        );
    }
}

#[test]
fn the_words_that_serve() {
    let clap =
        "use clap::Subcommand;\n#[derive(Subcommand)]\nenum What { RunAll { a: u8 }, Check }\n";
    let arm = "fn main() { match what { What::RunAll { a } => { axum::serve(l, a) } What::Check => {} } }";
    assert_eq!(of("a.rs", &format!("{clap}{arm}")).arguments, ["run-all"]);
    let optional = "struct A { what: Option<What> }\n";
    assert!(
        of("a.rs", &format!("{clap}{optional}{arm}"))
            .arguments
            .is_empty()
    );

    let go = "switch os.Args[1] {\ncase \"depart\":\n\thttp.ListenAndServe(\":1\", nil)\ncase \"check\":\n}";
    assert_eq!(of("a.go", go).arguments, ["depart"]);
    let only = "if os.Args[1] != \"watch\" {\n\tos.Exit(2)\n}\nhttp.ListenAndServe(\":1\", nil)";
    assert_eq!(of("a.go", only).arguments, ["watch"]);
    let plain = "switch mode() {\ncase \"depart\":\n\thttp.ListenAndServe(\":1\", nil)\n}";
    assert!(of("a.go", plain).arguments.is_empty());
}

#[test]
fn paths_from_the_working_directory() {
    assert_eq!(
        opened(
            "a.rs",
            "ServeDir::new(\"static\"); include_str!(\"a.txt\"); ServeDir::new(dir)"
        ),
        ["static"]
    );
    assert_eq!(
        opened(
            "a.go",
            "http.Dir(\"static\"); template.ParseGlob(\"templates/*.html\"); os.Open(\"/etc/x\")"
        ),
        ["static", "templates/*.html"]
    );
    assert_eq!(
        opened(
            "a.js",
            "express.static('public'); express.static(path.join(__dirname, 'public'))"
        ),
        ["public"]
    );
    assert_eq!(
        opened("a.py", "open('config.yml'); open(f'{here}/x'); open(name)"),
        ["config.yml"]
    );
}

#[test]
fn tests_and_examples_do_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let server = "package main\nfunc main() { http.ListenAndServe(\":80\", nil) }";
    for path in ["examples/a.go", "a_test.go", "tests/b.go", "cmd/a/main.go"] {
        let path = dir.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, server).unwrap();
    }
    let tree = Tree::of(dir.path()).unwrap();
    let paths = |folder: &str, of: Option<Ecosystem>| -> Vec<String> {
        let found = scan(&tree, Path::new(folder), &[], of);
        found
            .roles
            .keys()
            .map(|it| it.display().to_string())
            .collect()
    };
    assert_eq!(paths("", None), ["cmd/a/main.go"]);
    assert_eq!(paths("cmd", Some(Ecosystem::Go)), ["cmd/a/main.go"]);
    assert_eq!(paths("cmd/a/main.go", None), ["cmd/a/main.go"]);
    assert_eq!(paths("", Some(Ecosystem::Rust)), Vec::<String>::new());
    // A folder that is asked for by name counts.
    assert_eq!(paths("examples", None), ["examples/a.go"]);
}

const NAMES: &[&str] = &[
    "a.rs",
    "a.go",
    "a.py",
    "a.js",
    "a.exs",
    "a.hs",
    "a.ml",
    "a.cs",
    "a.kt",
    "application.properties",
    "a.rb",
    "a.php",
    "a.gleam",
    "a.nim",
    "a.c",
    "a.zig",
    "a.sh",
];

proptest! {
    #[test]
    fn no_text_panics(name in 0..NAMES.len(), text in "\\PC{0,300}") {
        of(NAMES[name], &text);
    }

    #[test]
    fn no_order_of_known_pieces_panics(name in 0..NAMES.len(), pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|it| PIECES[*it]).collect();
        of(NAMES[name], &text);
    }
}

/// Pieces that make rows match.
const PIECES: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    "=",
    ":",
    ".",
    "\"",
    "'",
    "`",
    "\n",
    " ",
    "|",
    "?",
    "!",
    "$",
    "#",
    "/",
    "*",
    "\\",
    "port",
    "PORT",
    "process.env.",
    "os.Getenv(",
    "env::var(\"PORT\")",
    "TcpListener::bind(",
    "http.ListenAndServe(",
    "flask",
    "app.run(",
    ".listen(",
    "express",
    "if ",
    "let ",
    "const ",
    "fn ",
    "derive(Subcommand)",
    "enum A {",
    "case ",
    "os.Args[1]",
    "127, 0, 0, 1",
    "\":8080\"",
    "format!(\"{port}\")",
    "#[cfg(test)]",
    "import ",
    "Warp",
    "run ",
    "=>",
    "<-",
    "~port",
    "-",
    "é",
    "flag.String(\"addr\", \":80\", \"\")",
    "flag.StringVar(&a.b, ",
    "add_argument(\"--port\", default=",
    "args.port",
    "#[arg(long, default_value = \"::1\")] port: u16",
    "Options",
    "data A = A { port :: Int }",
    "A <$> option auto (long \"port\" <> value 80)",
    "<*>",
];

#[test]
fn twice_the_text_is_about_twice_the_work() {
    // Each of these would take minutes if any part were looked at again and again.
    let nasty = [
        "(",
        "{",
        "[",
        "\"",
        "'",
        "r#\"",
        "/*",
        "port = port\n",
        "TcpListener::bind(",
        "#[cfg(test)]",
        "a.b.",
        "\\\"",
        "#[arg(",
        "case ",
        "fn a(",
        "http.Server{",
        "derive(Subcommand) ",
        "What::A => {",
        "os.Args[1] {case ",
        "flag.String(",
        "fs.String(\"a\", fs",
        ".add_argument(\"--a\", default=",
        "Options data A = A { a :: ",
        "A <$> ",
        "option auto (long \"a\"",
    ];
    let started = std::time::Instant::now();
    for piece in nasty {
        for name in ["a.rs", "a.go", "a.js", "a.py", "a.hs"] {
            of(name, &piece.repeat((64 << 10) / piece.len()));
        }
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
