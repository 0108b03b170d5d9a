//! PHP: what its sources show. A page needs no server of its own to be one.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Reads, Serves, Works};
use super::table::{Row, WHOLE, Without, row, with};
use crate::inspect::project::Ecosystem;

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Php,
    files: &[".php"],
    lexis: Lexis {
        line: &["//", "#"],
        texts: &[("\"", "\"", true), ("'", "'", true)],
        characters: false,
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    with("AppFactory::create(", &["Slim"], Serves),
    with("new Kernel(", &["Kernel"], Serves),
    with("new App(", &["Slim"], Serves),
    with("new HttpServer(", &["React"], Serves),
    with("new SocketServer(", &["React"], Listens(WHOLE)),
    row("$_GET[", Serves),
    row("$_POST[", Serves),
    with("basic_consume(", &["PhpAmqpLib"], Works),
    row("$argv", Commands),
    with("new Application(", &["Console"], Commands),
    row("getenv(", Reads(Without::Depends)),
    row("$_ENV[", Reads(Without::Depends)),
];
