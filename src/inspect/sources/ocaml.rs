//! OCaml: what its sources show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves};
use super::table::{Otherwise, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// Dream listens on this machine at 8080 unless told.
const DREAM: Shape = Shape {
    named: true,
    otherwise: Otherwise::Local,
    default_port: Some(8080),
    ..SILENT
};
/// cohttp's and others' methods take anything.
const NAMED_PORT: Shape = Shape {
    port: Some(0),
    serves: false,
    only_readable: true,
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Ocaml,
    files: &[".ml", ".re"],
    lexis: Lexis {
        line: &[],
        block: &[("(*", "*)")],
        texts: &[("{|", "|}", true), ("\"", "\"", true)],
        primes: true,
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    row("Dream.run", Listens(DREAM)),
    row("Server.create", Serves),
    with("App.port", &["Opium"], Listens(NAMED_PORT)),
    with("App.run_command", &["Opium"], Serves),
    with("App.run_multicore", &["Opium"], Serves),
    with(
        "Server.make",
        &["Cohttp_lwt_unix", "Cohttp_async", "Cohttp_eio"],
        Serves,
    ),
    with(
        "`Port",
        &["Cohttp_lwt_unix", "Cohttp_eio"],
        Listens(NAMED_PORT),
    ),
    with("Cmd.v", &["Cmdliner"], Commands),
    with("Cmd.eval", &["Cmdliner"], Commands),
    with("Arg.parse", &["Arg"], Commands),
    row("Command_unix.run", Commands),
    row("Dream.static", Opens),
    row("open_in", Opens),
    row("In_channel.open_text", Opens),
    row("Sys.getenv", Reads(Without::Ends)),
    row("Sys.getenv_opt", Reads(Without::Depends)),
    row("Unix.getenv", Reads(Without::Ends)),
];
