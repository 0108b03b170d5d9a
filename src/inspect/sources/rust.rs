//! Rust: what its sources show.

use std::ops::Range;

use super::file::{File, Language, Read};
use super::flags::Flag;
use super::lex::{COMMON, Kind, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, WHOLE, Without, row, with};
use crate::inspect::project::Ecosystem;

/// `.bind(` is also what a query of a database does.
const BIND: Shape = Shape {
    only_readable: true,
    ..WHOLE
};
/// Rocket listens on 127.0.0.1:8000 unless its own variables say otherwise.
const ROCKET: Shape = Shape {
    otherwise: Otherwise::Local,
    default_variable: Some("ROCKET_PORT"),
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Rust,
    files: &[".rs"],
    lexis: Lexis {
        texts: &[
            ("br##\"", "\"##", true),
            ("br#\"", "\"#", true),
            ("r##\"", "\"##", true),
            ("r#\"", "\"#", true),
            ("r\"", "\"", true),
            ("b\"", "\"", true),
            ("\"", "\"", true),
        ],
        ..COMMON
    },
    rows: ROWS,
    prepare: Some(clap_variables),
};

const ROWS: &[Row] = &[
    row("axum::serve(", Serves),
    row("axum_server::bind(", Listens(WHOLE)),
    row("axum_server::bind_rustls(", Listens(WHOLE)),
    row("TcpListener::bind(", Listens(WHOLE)),
    row("axum::Server::bind(", Listens(WHOLE)),
    with("Server::bind(", &["hyper", "axum"], Listens(WHOLE)),
    with(".bind(", &["HttpServer"], Listens(BIND)),
    with("HttpServer::new(", &["actix_web", "HttpServer"], Serves),
    with("rocket::build(", &["launch", "rocket"], Listens(ROCKET)),
    with("rocket::ignite(", &["launch", "rocket"], Listens(ROCKET)),
    with("warp::serve(", &["warp"], Serves),
    with(".run(", &["warp"], Listens(BIND)),
    with(".listen(", &["tide"], Listens(BIND)),
    with("tide::new(", &["tide"], Serves),
    with(
        "Server::new(",
        &["poem", "salvo", "rouille", "ohkami"],
        Serves,
    ),
    with("TcpListener::new(", &["salvo"], Listens(WHOLE)),
    row("tiny_http::Server::http(", Listens(WHOLE)),
    with("Server::http(", &["tiny_http"], Listens(WHOLE)),
    row("rouille::start_server(", Listens(WHOLE)),
    with("start_server(", &["rouille"], Listens(WHOLE)),
    with("Server::builder(", &["tonic"], Serves),
    with(".serve(", &["tonic"], Listens(BIND)),
    with("cot::run(", &["cot"], Serves),
    row("http1::Builder::new(", Serves),
    with("gotham::start(", &["gotham"], Listens(WHOLE)),
    row("serenity::Client::builder(", Works),
    with("Client::builder(", &["serenity"], Works),
    row("poise::Framework::builder(", Works),
    with("Shard::new(", &["twilight_gateway"], Works),
    with("teloxide::repl(", &["teloxide"], Works),
    with("Dispatcher::builder(", &["teloxide"], Works),
    with("basic_consume(", &["lapin"], Works),
    with("StreamConsumer", &["rdkafka"], Works),
    with(".blpop(", &["redis"], Works),
    with(".brpop(", &["redis"], Works),
    with("JobScheduler::new(", &["tokio_cron_scheduler"], Works),
    with("WorkerBuilder::new(", &["apalis"], Works),
    with("derive(Parser", &["clap"], Commands),
    with("Parser)]", &["clap"], Commands),
    with("StructOpt)]", &["structopt"], Commands),
    with("Command::new(", &["clap"], Commands),
    with("App::new(", &["clap"], Commands),
    with("argh::from_env(", &["argh"], Commands),
    row("env::args(", Commands),
    row("env::args_os(", Commands),
    row("ServeDir::new(", Opens),
    row("ServeFile::new(", Opens),
    row("NamedFile::open(", Opens),
    row("FileServer::from(", Opens),
    row("warp::fs::dir(", Opens),
    row("warp::fs::file(", Opens),
    row("Tera::new(", Opens),
    row("path_loader(", Opens),
    row("fs::read_to_string(", Opens),
    row("fs::read(", Opens),
    row("fs::read_dir(", Opens),
    row("File::open(", Opens),
    row("config::File::with_name(", Opens),
    row("Toml::file(", Opens),
    row("env::var(", Reads(Without::Depends)),
    row("env::var_os(", Reads(Without::Depends)),
    row("dotenvy::var(", Reads(Without::Depends)),
    row("must_env(", Reads(Without::EndsUnlessDefault)),
    row("require_env(", Reads(Without::EndsUnlessDefault)),
];

/// `#[arg(long, env = "PORT")] port: u16`: the member is the variable, or an argument.
fn clap_variables(file: &mut File<'_>) {
    let mut item = "";
    for at in 0..file.tokens.len() {
        if matches!(file.text(at), "struct" | "enum") {
            item = file.text(at);
        }
        let attribute = matches!(file.text(at), "arg" | "clap" | "structopt" | "command");
        if !attribute || file.text(at + 1) != "(" || file.text(at.wrapping_sub(1)) != "[" {
            continue;
        }
        let Some(close) =
            (at..at + 60).find(|it| file.text(*it) == ")" && file.text(it + 1) == "]")
        else {
            continue;
        };
        let member =
            (close + 2..close + 8).find(|it| file.text(it + 1) == ":" && file.text(it + 2) != ":");
        let Some(member) = member else {
            continue;
        };
        hold_flag(file, at + 2..close, member);
        let Some(env) = setting(file, &(at + 2..close), "env") else {
            continue;
        };
        let variable = file
            .tokens
            .get(env + 2)
            .filter(|it| file.text(env + 1) == "=" && it.kind == Kind::Text);
        let Some(variable) = variable.copied() else {
            continue;
        };
        let free = matches!(file.text(member + 2), "Option" | "bool" | "Vec");
        let default = (at..close).any(|it| file.text(it).starts_with("default_value"));
        let name = file.text(member);
        file.names.members.insert(name, variable.text);
        file.reads.push(Read {
            at: env + 2,
            end: env + 3,
            name: variable.text,
            // A variant's members count only under its subcommand.
            required: !free && !default && item == "struct",
        });
    }
}

/// Where a setting of an attribute stands.
fn setting(file: &File<'_>, range: &Range<usize>, name: &str) -> Option<usize> {
    let starts = |at: usize| matches!(file.text(at), "," | "(");
    range
        .clone()
        .find(|at| file.text(*at) == name && starts(at.saturating_sub(1)))
}

/// Notes the flag of a member: `#[arg(long, default_value = "127.0.0.1:3000")]`.
fn hold_flag(file: &mut File<'_>, attribute: Range<usize>, member: usize) {
    let name = setting(file, &attribute, "long").and_then(|long| match file.text(long + 1) {
        "=" => Some(format!("--{}", file.literal(long + 2)?)),
        _ => Some(format!("--{}", file.text(member).replace('_', "-"))),
    });
    let default = ["default_value", "default_value_t"];
    let default = default
        .iter()
        .find_map(|it| setting(file, &attribute, it))
        .filter(|it| file.text(it + 1) == "=")
        .and_then(|it| file.arguments(it + 2)?.0.first().cloned());
    if name.is_none() && default.is_none() {
        return;
    }
    let flag = Flag {
        at: member,
        end: member + 1,
        name,
        default: default.unwrap_or_default(),
    };
    file.hold_flag(None, file.text(member), flag);
}
