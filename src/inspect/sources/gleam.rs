//! Gleam: what its sources show.

use super::file::{File, Language};
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves};
use super::table::{Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// mist's builder: `|> mist.port(8000)`; on this machine unless bound.
const PORT: Shape = Shape {
    port: Some(0),
    serves: false,
    ..SILENT
};
const BIND: Shape = Shape {
    host: Some(0),
    serves: false,
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Gleam,
    files: &[".gleam"],
    lexis: Lexis {
        block: &[],
        texts: &[("\"", "\"", true)],
        characters: false,
        ..COMMON
    },
    rows: ROWS,
    prepare: Some(asserted),
};

const ROWS: &[Row] = &[
    with("mist.new(", &["mist"], Serves),
    with("mist.new", &["mist"], Serves),
    with("mist.port(", &["mist"], Listens(PORT)),
    with("mist.bind(", &["mist"], Listens(BIND)),
    with("elli.start(", &["elli"], Serves),
    with("argv.load(", &["argv"], Commands),
    with("glint.run(", &["glint"], Commands),
    row("simplifile.read(", Opens),
    with("envoy.get(", &["envoy"], Reads(Without::Depends)),
    with("os.get_env(", &["os"], Reads(Without::Depends)),
];

/// `let assert Ok(secret) = envoy.get("SECRET")` ends the program without it.
fn asserted(file: &mut File<'_>) {
    let start = ["assert", "Ok", "("];
    let held: Vec<bool> = file
        .reads
        .iter()
        .map(|read| {
            let at = read.at.saturating_sub(6);
            read.at >= 6
                && start
                    .iter()
                    .enumerate()
                    .all(|(by, it)| file.text(at + by) == *it)
                && file.text(read.at - 1) == "="
        })
        .collect();
    for (read, held) in file.reads.iter_mut().zip(held) {
        read.required |= held;
    }
}
