//! Nim: what its sources show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// jester's and prologue's settings.
const SETTINGS: Shape = Shape {
    named: true,
    otherwise: Otherwise::All,
    serves: false,
    only_readable: true,
    ..SILENT
};
/// `serve(Port(8080), …)` of asynchttpserver, mummy's `serve(Port(8080))`.
const SERVE: Shape = Shape {
    port: Some(0),
    only_readable: true,
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Nim,
    files: &[".nim"],
    lexis: Lexis {
        line: &["#"],
        block: &[("#[", "]#")],
        texts: &[("\"\"\"", "\"\"\"", true), ("\"", "\"", false)],
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    with("routes:", &["jester"], Serves),
    with("newSettings(", &["jester", "prologue"], Listens(SETTINGS)),
    with("newApp(", &["prologue"], Serves),
    with("newAsyncHttpServer(", &["asynchttpserver"], Serves),
    with(".serve(", &["asynchttpserver", "mummy"], Listens(SERVE)),
    with("newServer(", &["mummy"], Serves),
    with("newDiscordClient(", &["dimscord"], Works),
    with("initOptParser(", &["parseopt"], Commands),
    with("commandLineParams(", &["os"], Commands),
    with("dispatch", &["cligen"], Commands),
    row("readFile(", Opens),
    row("getEnv(", Reads(Without::Depends)),
];
