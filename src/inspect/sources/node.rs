//! JavaScript and TypeScript on a server: what their sources show.

use super::file::{File, Language, Read};
use super::lex::{COMMON, Kind, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, PORT_HOST, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// Others have a `listen`, too.
const METHOD: Shape = Shape {
    only_readable: true,
    ..PORT_HOST
};
/// fastify listens on this machine only, unless told.
const FASTIFY: Shape = Shape {
    otherwise: Otherwise::Local,
    ..PORT_HOST
};
/// `{ port, hostname }`.
const OPTIONS: Shape = Shape {
    named: true,
    otherwise: Otherwise::All,
    ..SILENT
};
/// A socket server beside others: it counts when it has a port of its own.
const SOCKET: Shape = Shape {
    only_readable: true,
    ..OPTIONS
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Node,
    files: &[".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"],
    lexis: Lexis {
        texts: &[("`", "`", true), ("\"", "\"", false), ("'", "'", false)],
        characters: false,
        patterns: true,
        ..COMMON
    },
    rows: ROWS,
    prepare: Some(taken_apart),
};

const ROWS: &[Row] = &[
    with("express()", &["express"], Serves),
    with("new Koa(", &["koa"], Serves),
    with("fastify(", &["fastify"], Serves),
    with("Fastify(", &["fastify"], Serves),
    with(
        "createServer(",
        &[
            "http",
            "https",
            "node:http",
            "node:https",
            "node:http2",
            "http2",
        ],
        Serves,
    ),
    with("Hapi.server(", &["@hapi/hapi"], Listens(OPTIONS)),
    with("hapi.server(", &["@hapi/hapi"], Listens(OPTIONS)),
    with("NestFactory.create(", &["@nestjs/core"], Serves),
    with("restify.createServer(", &["restify"], Serves),
    with("serve({", &["@hono/node-server"], Listens(OPTIONS)),
    with("serve(", &["@hono/node-server"], Serves),
    row("\"getUpdates\"", Works),
    row("Bun.serve({", Listens(OPTIONS)),
    row("Deno.serve({", Listens(OPTIONS)),
    with("new Elysia(", &["elysia"], Serves),
    with("new WebSocketServer({", &["ws"], Listens(SOCKET)),
    with("new WebSocket.Server({", &["ws"], Listens(SOCKET)),
    with(
        ".listen(",
        &["fastify", "@fastify/autoload"],
        Listens(FASTIFY),
    ),
    with(
        ".listen(",
        &[
            "@nestjs/core",
            "connect",
            "express",
            "h3",
            "http",
            "http2",
            "https",
            "koa",
            "node:http",
            "node:http2",
            "node:https",
            "polka",
            "restify",
            "restana",
            "uWebSockets.js",
        ],
        Listens(METHOD),
    ),
    with("new Client({", &["discord.js"], Works),
    with("new Client(", &["discord.js"], Works),
    with("new Telegraf(", &["telegraf"], Works),
    with("new Bot(", &["grammy"], Works),
    with("new TelegramBot(", &["node-telegram-bot-api"], Works),
    with("new Worker(", &["bullmq"], Works),
    with(".process(", &["bull"], Works),
    with(".consume(", &["amqplib"], Works),
    with(".consumer(", &["kafkajs"], Works),
    with("new PgBoss(", &["pg-boss"], Works),
    with("boss.work(", &["pg-boss"], Works),
    with("cron.schedule(", &["node-cron"], Works),
    with("new CronJob(", &["cron"], Works),
    with("new Agenda(", &["agenda"], Works),
    with("run({", &["graphile-worker"], Works),
    // A server that another file makes.
    row(".listen(", Listens(METHOD)),
    row("process.argv", Commands),
    with("parseArgs(", &["util", "node:util"], Commands),
    with("new Command(", &["commander"], Commands),
    row("express.static(", Opens),
    with(
        "serveStatic({root:",
        &["@hono/node-server/serve-static"],
        Opens,
    ),
    row("readFileSync(", Opens),
    row("readFile(", Opens),
    row("createReadStream(", Opens),
    row("readdirSync(", Opens),
    row("process.env.", Reads(Without::Depends)),
    row("process.env[", Reads(Without::Depends)),
    row("Bun.env.", Reads(Without::Depends)),
    row("Deno.env.get(", Reads(Without::Depends)),
    row("requireEnv(", Reads(Without::EndsUnlessDefault)),
    row("mustEnv(", Reads(Without::EndsUnlessDefault)),
    row("assert(process.env.", Reads(Without::Ends)),
    row("invariant(process.env.", Reads(Without::Ends)),
];

/// `const { PORT, HOST = "::" } = process.env`: each name is its variable.
fn taken_apart(file: &mut File<'_>) {
    let wanted = ["}", "=", "process", ".", "env"];
    for close in 0..file.tokens.len() {
        let found = wanted
            .iter()
            .enumerate()
            .all(|(by, it)| file.text(close + by) == *it);
        if !found || matches!(file.text(close + wanted.len()), "." | "[") {
            continue;
        }
        let start = close.saturating_sub(60);
        let Some(open) = (start..close).rev().find(|at| file.text(*at) == "{") else {
            continue;
        };
        for at in open + 1..close {
            let named = file.tokens.get(at).filter(|it| it.kind == Kind::Word);
            let starts = matches!(file.text(at - 1), "{" | ",");
            let Some(name) = named.filter(|_| starts).map(|it| it.text) else {
                continue;
            };
            let renamed = file.text(at + 1) == ":";
            let local = if renamed { file.text(at + 2) } else { name };
            file.names.set(local, at..at + 1);
            file.reads.push(Read {
                at,
                end: at + 1,
                name,
                required: false,
            });
        }
    }
}
