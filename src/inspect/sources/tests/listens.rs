//! Where servers listen, language by language.

use super::*;

/// File name, text, what is wanted.
type Row = (&'static str, &'static str, &'static [&'static str]);

const RUST: &[Row] = &[
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
];

#[test]
fn rust_listens() {
    check_places(RUST);
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
            &["Elsewhere ? whole"],
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

const OTHERS: &[Row] = &[
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
    (
        "run.sh",
        "exec uvicorn a:app --host 127.0.0.1 --port $APP_PORT\nflask run --host=0.0.0.0\nexec gunicorn a:app",
        &["Local $APP_PORT", "All 5000", "All $PORT"],
    ),
    (
        "run.sh",
        "python3 -m http.server 8080 --bind 127.0.0.1\npip install uvicorn",
        &["Local 8080"],
    ),
    ("run.sh", "# php -S localhost:80\necho \"http.server\"", &[]),
    ("a.c", "MHD_start_daemon(FLAGS, 8888, NULL)", &["All 8888"]),
    ("a.c", "/* MHD_start_daemon(F, 1) */ start(8888);", &[]),
];

#[test]
fn the_other_languages_listen() {
    check_places(OTHERS);
}
