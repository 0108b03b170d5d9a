//! Ruby: what its sources show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, WHOLE, Without, row, with};
use crate::inspect::project::Ecosystem;

const SET_PORT: Shape = Shape {
    port: Some(0),
    serves: false,
    only_readable: true,
    ..SILENT
};
const SET_BIND: Shape = Shape {
    host: Some(0),
    serves: false,
    only_readable: true,
    ..SILENT
};
/// puma's `port 3000`, on all addresses.
const PUMA_PORT: Shape = Shape {
    port: Some(0),
    otherwise: Otherwise::All,
    only_readable: true,
    ..SILENT
};
/// puma's `bind "tcp://0.0.0.0:3000"`.
const PUMA_BIND: Shape = Shape {
    only_readable: true,
    ..WHOLE
};

/// `WEBrick`'s `Port: 8000`.
const WEBRICK: Shape = Shape {
    named: true,
    otherwise: Otherwise::All,
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Ruby,
    files: &[".rb", ".ru"],
    lexis: Lexis {
        line: &["#"],
        block: &[("=begin", "=end")],
        texts: &[("\"", "\"", true), ("'", "'", true)],
        characters: false,
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    with("Sinatra::Base", &["sinatra/base", "sinatra"], Serves),
    with("require \"sinatra\"", &["sinatra"], Serves),
    with("Roda", &["roda"], Serves),
    with("Grape::API", &["grape"], Serves),
    with("Rails.application", &["run"], Serves),
    with("Hanami.app", &["run"], Serves),
    with("WEBrick::HTTPServer.new(", &["webrick"], Listens(WEBRICK)),
    with(
        "set :port,",
        &["sinatra", "sinatra/base"],
        Listens(SET_PORT),
    ),
    with(
        "set :bind,",
        &["sinatra", "sinatra/base"],
        Listens(SET_BIND),
    ),
    with(
        "port",
        &["threads", "workers", "plugin", "pidfile", "preload_app"],
        Listens(PUMA_PORT),
    ),
    with(
        "bind",
        &["threads", "workers", "pidfile", "preload_app"],
        Listens(PUMA_BIND),
    ),
    with("Discordrb::Bot.new", &["discordrb"], Works),
    with("Telegram::Bot::Client.run", &["telegram/bot"], Works),
    with("Sidekiq::Job", &["sidekiq"], Works),
    with("Sidekiq::Worker", &["sidekiq"], Works),
    with(".subscribe(", &["bunny"], Works),
    with("Rufus::Scheduler.new", &["rufus-scheduler"], Works),
    with(".blpop(", &["redis"], Works),
    with(".brpop(", &["redis"], Works),
    with("OptionParser.new", &["optparse"], Commands),
    with("Thor", &["thor"], Commands),
    row("ARGV", Commands),
    row("File.read(", Opens),
    row("YAML.load_file(", Opens),
    row("File.open(", Opens),
    row("ENV.fetch", Reads(Without::EndsUnlessDefault)),
    row("ENV[", Reads(Without::Depends)),
];
