//! Python: what its sources show.

use super::file::{File, Language};
use super::flags::Flag;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Development, Listens, Opens, Reads, Serves, Works};
use super::table::{HOST_PORT, Otherwise, Row, SILENT, Shape, WHOLE, Without, row, with};
use crate::inspect::project::Ecosystem;

/// Arguments by name only; on this machine unless told.
const fn local(port: u16) -> Shape {
    Shape {
        named: true,
        otherwise: Otherwise::Local,
        default_port: Some(port),
        ..SILENT
    }
}
/// The same, on all addresses.
const ALL: Shape = Shape {
    otherwise: Otherwise::All,
    ..local(8080)
};
/// `app.run(host, port)`.
const FLASK: Shape = Shape {
    host: Some(0),
    port: Some(1),
    ..local(5000)
};
/// tornado's `listen(port, address)`.
const TORNADO: Shape = Shape {
    port: Some(0),
    host: Some(1),
    named: true,
    otherwise: Otherwise::All,
    only_readable: true,
    ..SILENT
};
const GUNICORN: Shape = Shape {
    only_readable: true,
    ..WHOLE
};
const WSGIREF: Shape = Shape { ..HOST_PORT };

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Python,
    files: &[".py"],
    lexis: Lexis {
        line: &["#"],
        block: &[],
        texts: &[
            ("rb\"", "\"", false),
            ("f\"\"\"", "\"\"\"", true),
            ("r\"\"\"", "\"\"\"", true),
            ("\"\"\"", "\"\"\"", true),
            ("f'''", "'''", true),
            ("r'''", "'''", true),
            ("'''", "'''", true),
            ("f\"", "\"", false),
            ("r\"", "\"", false),
            ("b\"", "\"", false),
            ("f'", "'", false),
            ("r'", "'", false),
            ("b'", "'", false),
            ("\"", "\"", false),
            ("'", "'", false),
        ],
        characters: false,
        ..COMMON
    },
    rows: ROWS,
    prepare: Some(flags),
};

const ROWS: &[Row] = &[
    with("Flask(", &["flask"], Serves),
    with("app.run(", &["flask"], Listens(FLASK)),
    with("app.run(", &["flask"], Development),
    // The file that starts it imports the app; only Flask and its kin take `debug` there.
    with(
        "app.run(debug",
        &["import app", "import create_app"],
        Listens(FLASK),
    ),
    with(
        "app.run(debug",
        &["import app", "import create_app"],
        Development,
    ),
    with("application.run(", &["flask"], Listens(FLASK)),
    with("application.run(", &["flask"], Development),
    with("FastAPI(", &["fastapi"], Serves),
    with("Starlette(", &["starlette"], Serves),
    with("Litestar(", &["litestar"], Serves),
    with("uvicorn.run(", &["uvicorn"], Listens(local(8000))),
    with("uvicorn.Config(", &["uvicorn"], Listens(local(8000))),
    with("get_wsgi_application(", &["django"], Serves),
    with("get_asgi_application(", &["django"], Serves),
    with("web.run_app(", &["aiohttp"], Listens(ALL)),
    with("web.Application(", &["aiohttp"], Serves),
    with("Sanic(", &["sanic"], Serves),
    with("app.run(", &["sanic"], Listens(local(8000))),
    with("tornado.web.Application(", &["tornado"], Serves),
    with(".listen(", &["tornado"], Listens(TORNADO)),
    with("Bottle(", &["bottle"], Serves),
    with(
        "run(",
        &["bottle"],
        Listens(Shape {
            only_readable: true,
            ..local(8080)
        }),
    ),
    with("falcon.App(", &["falcon"], Serves),
    with("falcon.asgi.App(", &["falcon"], Serves),
    with("serve(", &["waitress"], Listens(ALL)),
    with("make_server(", &["wsgiref"], Listens(WSGIREF)),
    with("ThreadingHTTPServer(", &["http"], Listens(WHOLE)),
    with("HTTPServer(", &["http", "socketserver"], Listens(WHOLE)),
    with("TCPServer(", &["socketserver"], Listens(WHOLE)),
    with("WSGIServer(", &["gevent"], Listens(WHOLE)),
    with("Quart(", &["quart"], Serves),
    with("add_insecure_port(", &["grpc"], Listens(WHOLE)),
    with("discord.Client(", &["discord"], Works),
    with("commands.Bot(", &["discord", "nextcord", "disnake"], Works),
    with(".run_polling(", &["telegram"], Works),
    with("Updater(", &["telegram"], Works),
    with(".start_polling(", &["aiogram"], Works),
    with(".infinity_polling(", &["telebot"], Works),
    with("SocketModeHandler(", &["slack_bolt"], Works),
    with("Celery(", &["celery"], Works),
    with(".start_consuming(", &["pika"], Works),
    with("KafkaConsumer(", &["kafka"], Works),
    with(".blpop(", &["redis"], Works),
    with(".brpop(", &["redis"], Works),
    with("Worker(", &["rq"], Works),
    with("schedule.run_pending(", &["schedule"], Works),
    with("BlockingScheduler(", &["apscheduler"], Works),
    with("ArgumentParser(", &["argparse"], Commands),
    with("click.command(", &["click"], Commands),
    with("click.group(", &["click"], Commands),
    with("typer.Typer(", &["typer"], Commands),
    with("typer.run(", &["typer"], Commands),
    with("sys.argv", &["sys"], Commands),
    row("open(", Opens),
    row("StaticFiles(directory=", Opens),
    row("Jinja2Templates(directory=", Opens),
    row("FileSystemLoader(", Opens),
    with(".read(", &["configparser", "ConfigParser"], Opens),
    row("os.environ[", Reads(Without::Ends)),
    with("environ[", &["os"], Reads(Without::Ends)),
    row("os.environ.get(", Reads(Without::Depends)),
    row("os.getenv(", Reads(Without::Depends)),
    with("environ.get(", &["os"], Reads(Without::Depends)),
    with("getenv(", &["os"], Reads(Without::Depends)),
    with("config(", &["decouple"], Reads(Without::EndsUnlessDefault)),
    with("env.str(", &["environs"], Reads(Without::EndsUnlessDefault)),
    with("env.int(", &["environs"], Reads(Without::EndsUnlessDefault)),
    row("require_env(", Reads(Without::EndsUnlessDefault)),
    row("must_env(", Reads(Without::EndsUnlessDefault)),
    with(
        "bind=",
        &["workers", "gunicorn", "worker_class"],
        Listens(GUNICORN),
    ),
];

/// `parser.add_argument("--port", type=int, default=8000)`: `args.port` is the flag.
fn flags(file: &mut File<'_>) {
    for at in 1..file.tokens.len() {
        let call = file.text(at) == "add_argument" && file.text(at + 1) == "(";
        if !call || file.text(at - 1) != "." {
            continue;
        }
        let Some((arguments, end)) = file.arguments(at + 2) else {
            continue;
        };
        let words = arguments.iter().map_while(|it| file.literal(it.start));
        let words: Vec<&str> = words.filter(|it| it.starts_with('-')).collect();
        let long = words.iter().find(|it| it.starts_with("--"));
        let Some(name) = long.or(words.first()).copied() else {
            continue;
        };
        let named = |wanted: &str| {
            let is = |it: &usize| file.text(*it) == wanted && file.text(it + 1) == "=";
            let found = arguments.iter().find(|it| is(&it.start));
            found.map(|it| it.start + 2..it.end)
        };
        let default = named("default").unwrap_or_default();
        let dest = named("dest").and_then(|it| file.literal(it.start));
        let flag = Flag {
            at,
            end,
            name: Some(name.to_owned()),
            default,
        };
        let member = match dest {
            Some(dest) => dest.to_owned(),
            None => name.trim_start_matches('-').replace('-', "_"),
        };
        file.hold_flag(None, &member, flag);
    }
}
