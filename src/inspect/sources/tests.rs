//! Each language: the right reading, and the near miss that must give nothing.

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
    let listens = of(name, text).listens.into_iter();
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
fn rust_listens() {
    check_places(&[
        (
            "a.rs",
            "TcpListener::bind(\"127.0.0.1:3000\").await",
            &["Local 3000"],
        ),
        (
            "a.rs",
            "const PORT: u16 = 8080;\nfn main() { TcpListener::bind((\"0.0.0.0\", PORT)); }",
            &["All 8080"],
        ),
        (
            "a.rs",
            "let port = std::env::var(\"PORT\").unwrap_or(\"3000\".into());\nlet addr = format!(\"0.0.0.0:{port}\");\nTcpListener::bind(&addr)",
            &["All $PORT"],
        ),
        (
            "a.rs",
            "let addr = SocketAddr::from(([127, 0, 0, 1], 4000));\naxum_server::bind(addr)",
            &["Local 4000"],
        ),
        (
            "a.rs",
            "let port: u16 = env::var(\"P_PORT\").ok().and_then(|it| it.parse().ok()).unwrap_or(1);\nTcpListener::bind((\"0.0.0.0\", port))",
            &["All $P_PORT"],
        ),
        (
            "a.rs",
            "let at = env::var(\"APP_LISTEN\").unwrap_or_else(|_| \"0.0.0.0:80\".into()); TcpListener::bind(at)",
            &["Elsewhere $APP_LISTEN whole"],
        ),
        (
            "a.rs",
            "use actix_web::HttpServer; HttpServer::new(f).bind((Ipv4Addr::UNSPECIFIED, 8080))",
            &["All 8080"],
        ),
        (
            "a.rs",
            "use rocket::launch; fn rocket() -> _ { rocket::build() }",
            &["Local $ROCKET_PORT"],
        ),
        // A parameter may be anything; a query's bind is no server's.
        (
            "a.rs",
            "let port = 1;\nfn go(port: u16) { TcpListener::bind((\"0.0.0.0\", port)); }",
            &["All ?"],
        ),
        (
            "a.rs",
            "let _ = HttpServer::new(f); sqlx::query(\"select $1\").bind(id)",
            &[],
        ),
        (
            "a.rs",
            "// TcpListener::bind(\"127.0.0.1:3000\")\nlet s = \"TcpListener::bind(1)\";",
            &[],
        ),
        (
            "a.rs",
            "fn main() {}\n#[cfg(test)]\nmod tests { fn t() { TcpListener::bind(\"127.0.0.1:0\"); } }",
            &[],
        ),
        (
            "a.rs",
            "TcpListener::bind(cli.addr.unwrap_or(\"127.0.0.1:3000\"))",
            &["Elsewhere ?"],
        ),
        (
            "a.rs",
            "struct A { #[arg(long, env = \"A_PORT\", default_value_t = 1)] port: u16 }\nTcpListener::bind((\"0.0.0.0\", args.port))",
            &["All $A_PORT"],
        ),
    ]);
}

#[test]
fn rust_variables() {
    check_variables(&[
        (
            "a.rs",
            "let a = env::var(\"A_KEY\").unwrap(); env::var(\"B\\u{1}\").unwrap()",
            &["A_KEY!"],
        ),
        (
            "a.rs",
            "env::var(\"AB\").context(\"must be set\")?",
            &["AB!"],
        ),
        (
            "a.rs",
            "env::var(\"AB\").unwrap_or_else(|_| panic!(\"no AB\"))",
            &["AB!"],
        ),
        (
            "a.rs",
            "env::var(\"AB\").unwrap_or_default(); if let Ok(it) = env::var(\"CD\") {}",
            &["AB", "CD"],
        ),
        ("a.rs", "env::var(\"AB\").ok()?; env!(\"CD\")", &["AB"]),
        (
            "a.rs",
            "#[derive(Parser)] struct A { #[arg(env = \"AB\")] a: String, #[arg(env = \"CD\")] c: Option<String> }",
            &["AB!", "CD"],
        ),
        (
            "a.rs",
            "enum A { Send { #[arg(long, env = \"AB\")] to: String } }",
            &["AB"],
        ),
    ]);
}

#[test]
fn go_listens() {
    let gin = "import \"github.com/gin-gonic/gin\"\nfunc main() { r := gin.Default(); ";
    check_places(&[
        ("a.go", "http.ListenAndServe(\":8000\", nil)", &["All 8000"]),
        (
            "a.go",
            "http.ListenAndServe(\"localhost:8000\", nil)",
            &["Local 8000"],
        ),
        (
            "a.go",
            "port := os.Getenv(\"PORT\")\nif port == \"\" {\n\tport = \"80\"\n}\nhttp.ListenAndServe(\":\"+port, nil)",
            &["All $PORT"],
        ),
        (
            "a.go",
            "srv := &http.Server{\n\tAddr: fmt.Sprintf(\":%s\", os.Getenv(\"APP_PORT\")),\n}",
            &["All $APP_PORT"],
        ),
        (
            "a.go",
            "addr := flag.String(\"addr\", \"127.0.0.1:8080\", \"where\")\nhttp.ListenAndServe(*addr, nil)",
            &["Elsewhere ?"],
        ),
        (
            "a.go",
            "addr := net.JoinHostPort(os.Getenv(\"HOST\"), os.Getenv(\"PORT\"))\nhttp.ListenAndServe(addr, nil)",
            &["Elsewhere $PORT"],
        ),
        (
            "a.go",
            "func serve(addr string) { http.ListenAndServe(addr, nil) }",
            &["Elsewhere ?"],
        ),
        ("a.go", &format!("{gin} r.Run() }}"), &["All $PORT"]),
        ("a.go", &format!("{gin} r.Run(\":3000\") }}"), &["All 3000"]),
        ("a.go", "cmd.Run(); job.Start(\":1\")", &[]),
        (
            "a.go",
            "client := &http.Client{Timeout: 3}; http.Get(\"http://localhost:80\")",
            &[],
        ),
    ]);
    assert!(
        of("a.go", "http.Get(\"http://localhost:80\")")
            .serves
            .is_none()
    );
}

#[test]
fn go_variables() {
    check_variables(&[
        (
            "a.go",
            "url := os.Getenv(\"DB_URL\")\nif url == \"\" {\n\tlog.Fatal(\"no\")\n}",
            &["DB_URL!"],
        ),
        (
            "a.go",
            "url, ok := os.LookupEnv(\"DB_URL\")\nif !ok {\n\tpanic(\"no\")\n}",
            &["DB_URL!"],
        ),
        (
            "a.go",
            "if os.Getenv(\"AB\") == \"\" {\n\tlog.Fatal(1)\n}",
            &["AB!"],
        ),
        ("a.go", "mustGetenv(\"AB\")", &["AB!"]),
        (
            "a.go",
            "url := os.Getenv(\"AB\")\nif url == \"\" {\n\turl = \"x\"\n}\nlog.Fatal(url)",
            &["AB"],
        ),
        (
            "a.go",
            "mode := os.Getenv(\"MODE\")\nif mode != \"\" {\n\tlog.Fatal(1)\n}",
            &["MODE"],
        ),
        ("a.go", "getEnv(\"AB\", \"1\"); os.Getenv(name)", &["AB"]),
    ]);
}

#[test]
fn python_listens() {
    let flask = "from flask import Flask\napp = Flask(__name__)\n";
    let uvicorn = "import os, uvicorn\n";
    check_places(&[
        ("a.py", &format!("{flask}app.run()"), &["Local 5000"]),
        (
            "a.py",
            &format!("{flask}app.run(host='0.0.0.0', port=int(os.environ.get('PORT', 80)))"),
            &["All $PORT"],
        ),
        (
            "a.py",
            &format!("{uvicorn}uvicorn.run(\"m:app\", host=\"0.0.0.0\", port=8000)"),
            &["All 8000"],
        ),
        (
            "a.py",
            &format!("{uvicorn}uvicorn.run(app, **options)"),
            &["Elsewhere ?"],
        ),
        (
            "a.py",
            &format!("{uvicorn}uvicorn.run(app, host=args.host, port=args.port)"),
            &["Elsewhere ?"],
        ),
        (
            "a.py",
            "from waitress import serve\nserve(app, listen=f\"*:{os.environ.get('PORT', '5000')}\")",
            &["All $PORT"],
        ),
        (
            "a.py",
            "from http.server import HTTPServer\nHTTPServer((\"\", 8000), H)",
            &["All 8000"],
        ),
        (
            "gunicorn.conf.py",
            "workers = 2\nbind = \"127.0.0.1:8000\"",
            &["Local 8000"],
        ),
        (
            "a.py",
            "import subprocess\nsubprocess.run(port=1)\nserve(1)\n# app.run()",
            &[],
        ),
        ("a.py", "\"\"\"\napp.run(port=1)\n\"\"\"\nimport flask", &[]),
    ]);
    assert!(
        of("a.py", &format!("{flask}app.run(debug=True)"))
            .development
            .is_some()
    );
    assert!(of("a.py", flask).development.is_none());
}

#[test]
fn python_variables() {
    check_variables(&[
        (
            "a.py",
            "import os\na = os.environ[\"AB\"]\nos.environ[\"CD\"] = a",
            &["AB!"],
        ),
        (
            "a.py",
            "import os\ntry:\n    a = os.environ['AB']\nexcept KeyError:\n    a = 1",
            &["AB"],
        ),
        (
            "a.py",
            "a = os.getenv('AB')\nif not a:\n    raise ValueError('no')",
            &["AB!"],
        ),
        (
            "a.py",
            "a = os.getenv('AB')\nif a:\n    raise ValueError('no')",
            &["AB"],
        ),
        (
            "a.py",
            "a = os.environ.get('AB') or sys.exit('no')",
            &["AB!"],
        ),
        ("a.py", "a = os.environ.get('AB', 'x')", &["AB"]),
    ]);
}

#[test]
fn node_listens() {
    let express = "import express from 'express';\nconst app = express();\n";
    check_places(&[
        (
            "a.js",
            &format!("{express}app.listen(process.env.PORT || 3000)"),
            &["All $PORT"],
        ),
        (
            "a.js",
            &format!("{express}const port = 3000;\napp.listen(port, () => console.log(port))"),
            &["All 3000"],
        ),
        (
            "a.js",
            &format!("{express}app.listen(process.env.PORT, 'localhost')"),
            &["Local $PORT"],
        ),
        (
            "a.js",
            &format!("{express}const {{ PORT = 3000 }} = process.env;\napp.listen(PORT)"),
            &["All $PORT"],
        ),
        (
            "a.js",
            &format!(
                "{express}const c = {{ port: process.env.APP_PORT ?? 1 }};\napp.listen(c.port)"
            ),
            &["All $APP_PORT"],
        ),
        (
            "a.ts",
            "import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen({ port: 3000 });",
            &["Local 3000"],
        ),
        (
            "a.ts",
            "import Fastify from 'fastify';\nawait app.listen({ port: 3000, host: '0.0.0.0' });",
            &["All 3000"],
        ),
        (
            "a.ts",
            "import { serve } from '@hono/node-server';\nserve({ fetch: app.fetch, port: 8787 });",
            &["All 8787"],
        ),
        (
            "a.js",
            "make().listen(args.port, '127.0.0.1', () => {})",
            &["Local ?"],
        ),
        (
            "a.js",
            "store.listen(change => render(change)); emitter.listen('event', handler)",
            &[],
        ),
        (
            "a.js",
            "const quote = /['\"`]/;\nconst x = 1; // app.listen(3000)",
            &[],
        ),
    ]);
}

#[test]
fn node_variables() {
    check_variables(&[
        (
            "a.js",
            "const s = process.env.SECRET;\nif (!s) {\n  console.error('no');\n  process.exit(1);\n}",
            &["SECRET!"],
        ),
        (
            "a.js",
            "if (!process.env.AB) throw new Error('no')",
            &["AB!"],
        ),
        ("a.ts", "new Pool(process.env.DB_URL!)", &["DB_URL!"]),
        (
            "a.js",
            "const a = process.env.AB ?? 'x'; process.env.CD = a; const { EF } = process.env",
            &["AB", "EF"],
        ),
        (
            "a.js",
            "const a = process.env.AB;\nif (a !== 'x') throw new Error()",
            &["AB"],
        ),
    ]);
}

#[test]
fn the_other_languages_listen() {
    let erl = "use Mix.Config\nconfig :a, AWeb.Endpoint, http: ";
    check_places(&[
        (
            "runtime.exs",
            "import Config\nconfig :a, A.Endpoint, http: [ip: {0,0,0,0,0,0,0,0}, port: String.to_integer(System.get_env(\"PORT\") || \"4000\")]",
            &["All $PORT"],
        ),
        (
            "prod.exs",
            "import Config\nconfig :a, A.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4000]",
            &["Local 4000"],
        ),
        (
            "a.ex",
            "children = [{Bandit, plug: App, port: 4000}]",
            &["All 4000"],
        ),
        ("a.ex", "options = [http: [timeout: 4000]]", &[]),
        (
            "Main.hs",
            "import Network.Wai.Handler.Warp (run)\nmain = run 8080 app",
            &["All 8080"],
        ),
        (
            "Main.hs",
            "import Network.Wai.Handler.Warp\nmain = runSettings (setHost \"127.0.0.1\" (setPort 3000 defaultSettings)) app",
            &["Local 3000"],
        ),
        (
            "Main.hs",
            "import Web.Scotty\nmain = do\n  port <- read <$> getEnv \"PORT\"\n  scotty port $ get \"/\" x",
            &["All $PORT"],
        ),
        (
            "Main.hs",
            "import Control.Monad.State\nmain = run 8080 app\n-- Warp",
            &[],
        ),
        (
            "main.ml",
            "let () = Dream.run @@ Dream.logger",
            &["Local 8080"],
        ),
        (
            "main.ml",
            "let () = Dream.run ~interface:\"0.0.0.0\" ~port:3000 @@ app",
            &["All 3000"],
        ),
        (
            "main.ml",
            "(* Dream.run *) let () = Lwt_main.run (f ())",
            &[],
        ),
        (
            "Program.cs",
            "var app = WebApplication.Create(args); app.Run(\"http://localhost:5080\");",
            &["Local 5080"],
        ),
        (
            "Program.cs",
            "b.WebHost.UseUrls($\"http://*:{Environment.GetEnvironmentVariable(\"PORT\")}\");",
            &["All ?"],
        ),
        ("Program.cs", "Task.Run(1); app.Run(handler);", &[]),
        (
            "Main.scala",
            "import org.http4s.ember.server.EmberServerBuilder\nEmberServerBuilder.default[IO].withHost(ipv4\"0.0.0.0\").withPort(port\"8080\").build",
            &["All 8080"],
        ),
        (
            "Main.java",
            "import io.javalin.Javalin;\nJavalin.create().start(7000);",
            &["All 7000"],
        ),
        ("Main.java", "thread.start(); timer.start(7000);", &[]),
        (
            "application.properties",
            "server.port=${APP_PORT:8080}",
            &["Elsewhere $APP_PORT"],
        ),
        (
            "application.properties",
            "server.port=9000\n# server.port=1",
            &["Elsewhere 9000"],
        ),
        (
            "app.rb",
            "require \"sinatra\"\nset :bind, \"0.0.0.0\"\nset :port, 4567",
            &["All 4567"],
        ),
        ("app.rb", "set :port, 4567", &[]),
        (
            "puma.rb",
            "workers 2\nport ENV.fetch(\"PORT\") { 3000 }",
            &["All $PORT"],
        ),
        (
            "a.gleam",
            "import mist\nmist.new |> mist.bind(\"localhost\") |> mist.port(8000)",
            &["Local 8000"],
        ),
        ("a.gleam", "import list\nlist.new |> ports.port(8000)", &[]),
        (
            "a.nim",
            "import jester\nlet s = newSettings(port = Port(5000), bindAddr = \"127.0.0.1\")",
            &["Local 5000"],
        ),
        ("a.nim", "let s = newSettings(port = Port(5000))", &[]),
        ("run.sh", "exec python3 -m http.server 8080", &["All 8080"]),
        (
            "run.sh",
            "exec php -S 0.0.0.0:$PORT -t public",
            &["All $PORT"],
        ),
        ("run.sh", "# php -S localhost:80\necho \"http.server\"", &[]),
        ("a.c", "MHD_start_daemon(FLAGS, 8888, NULL)", &["All 8888"]),
        ("a.c", "/* MHD_start_daemon(F, 1) */ start(8888);", &[]),
    ]);
    assert!(places("a.ex", erl).is_empty());
}

#[test]
fn the_other_languages_read_variables() {
    check_variables(&[
        (
            "runtime.exs",
            "System.fetch_env!(\"AB\")\nSystem.get_env(\"CD\") || raise \"no\"\nSystem.get_env(\"EF\") || \"x\"",
            &["AB!", "CD!", "EF"],
        ),
        (
            "Main.hs",
            "a <- getEnv \"AB\"\nb <- lookupEnv \"CD\"",
            &["AB!", "CD"],
        ),
        (
            "main.ml",
            "let a = Sys.getenv \"AB\"\nlet b = try Sys.getenv \"CD\" with Not_found -> \"\"\nlet c = Sys.getenv_opt \"EF\"",
            &["AB!", "CD", "EF"],
        ),
        (
            "A.cs",
            "var a = Environment.GetEnvironmentVariable(\"AB\") ?? throw new Exception(); var b = Environment.GetEnvironmentVariable(\"CD\") ?? \"x\";",
            &["AB!", "CD"],
        ),
        (
            "A.kt",
            "val a = System.getenv(\"AB\") ?: error(\"no\")\nval b = System.getenv(\"CD\") ?: \"x\"",
            &["AB!", "CD"],
        ),
        (
            "A.scala",
            "val a = sys.env(\"AB\")\nval b = sys.env.getOrElse(\"CD\", \"x\")",
            &["AB!", "CD"],
        ),
        (
            "application.properties",
            "a=${AB}\nb=${CD:x}",
            &["AB!", "CD"],
        ),
        (
            "a.rb",
            "ENV.fetch(\"AB\"); ENV.fetch(\"CD\", 1); ENV.fetch(\"EF\") { 1 }; ENV[\"GH\"]",
            &["AB!", "CD", "EF", "GH"],
        ),
        (
            "a.php",
            "<?php getenv('AB') ?: die('no'); getenv('CD') ?: 'x';",
            &["AB!", "CD"],
        ),
        (
            "a.gleam",
            "let assert Ok(a) = envoy.get(\"AB\")\nlet b = envoy.get(\"CD\")",
            &["AB!", "CD"],
        ),
        (
            "a.sh",
            "A_B=1\necho ${AB:?no} $CD ${EF:-1} $A_B $#",
            &["AB!", "CD", "EF"],
        ),
    ]);
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
    let tree = Tree::of(dir.path());
    let paths = |folder: &str, of: Option<Ecosystem>| -> Vec<String> {
        let found = scan(&tree, Path::new(folder), of);
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
    ];
    let started = std::time::Instant::now();
    for piece in nasty {
        for name in ["a.rs", "a.go", "a.js", "a.py", "a.hs"] {
            of(name, &piece.repeat((64 << 10) / piece.len()));
        }
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
