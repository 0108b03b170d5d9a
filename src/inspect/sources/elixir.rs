//! Elixir: what its sources and its config show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// `http: [ip: {0, 0, 0, 0}, port: 4000]`.
const HTTP: Shape = Shape {
    named: true,
    otherwise: Otherwise::All,
    only_readable: true,
    ..SILENT
};
/// `{Bandit, plug: App, port: 4000}`.
const CHILD: Shape = Shape {
    named: true,
    otherwise: Otherwise::All,
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Elixir,
    files: &[".ex", ".exs"],
    lexis: Lexis {
        line: &["#"],
        block: &[],
        texts: &[("\"\"\"", "\"\"\"", true), ("\"", "\"", true)],
        characters: false,
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    with("http:[", &["Endpoint", "Config"], Listens(HTTP)),
    with("https:[", &["Endpoint"], Listens(HTTP)),
    row("use Phoenix.Endpoint", Serves),
    row("{Plug.Cowboy,", Listens(CHILD)),
    row("{Bandit,", Listens(CHILD)),
    row("Plug.Cowboy.http(", Serves),
    row("Bandit.start_link(", Listens(CHILD)),
    row(":cowboy.start_clear(", Serves),
    row("use Broadway", Works),
    row("use Nostrum.Consumer", Works),
    row("use Oban.Worker", Works),
    with("AMQP.Basic.consume(", &["AMQP"], Works),
    row("Basic.consume(", Works),
    row("use Quantum", Works),
    with("ExGram", &["ExGram"], Works),
    row("OptionParser.parse(", Commands),
    row("OptionParser.parse!(", Commands),
    row("File.read!(", Opens),
    row("File.stream!(", Opens),
    row("System.fetch_env!", Reads(Without::Ends)),
    row("System.get_env", Reads(Without::Depends)),
];
