//! Shell scripts: the servers that they start, and the variables that they insist on.

use super::file::{File, Language, Read};
use super::lex::{COMMON, Lexis};
use super::table::Means::{Development, Listens, Serves};
use super::table::{Otherwise, Row, SILENT, Shape, WHOLE, row, with};
use crate::inspect::project::Ecosystem;

/// `-m http.server 8000 --bind 127.0.0.1`.
const MODULE: Shape = Shape {
    port: Some(0),
    named: true,
    otherwise: Otherwise::All,
    default_port: Some(8000),
    ..SILENT
};
/// `flask run --host 0.0.0.0 --port 80`.
const FLASK: Shape = Shape {
    port: None,
    otherwise: Otherwise::Local,
    default_port: Some(5000),
    ..MODULE
};
const UVICORN: Shape = Shape {
    default_port: Some(8000),
    ..FLASK
};
/// gunicorn minds `$PORT` when it is told nothing.
const GUNICORN: Shape = Shape {
    port: None,
    default_port: None,
    default_variable: Some("PORT"),
    ..MODULE
};
const PHP: Shape = Shape {
    only_readable: true,
    ..WHOLE
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Shell,
    files: &[".sh", ".bash"],
    lexis: Lexis {
        line: &["#"],
        block: &[],
        texts: &[],
        characters: false,
        ..COMMON
    },
    rows: ROWS,
    prepare: Some(insisted),
};

const ROWS: &[Row] = &[
    row("-m http.server", Listens(MODULE)),
    row("php -S", Listens(PHP)),
    row("flask run", Listens(FLASK)),
    row("exec uvicorn", Listens(UVICORN)),
    row("exec gunicorn", Listens(GUNICORN)),
    row("flask run", Development),
    row("manage.py runserver", Serves),
    row("manage.py runserver", Development),
    with("--reload", &["uvicorn"], Development),
];

/// `${SECRET:?must be set}` ends the script without it; `$PORT` and `${PORT:-8080}` only read.
fn insisted(file: &mut File<'_>) {
    for at in 0..file.tokens.len() {
        if file.text(at) != "$" {
            continue;
        }
        let braced = file.text(at + 1) == "{";
        let end = at + 2 + usize::from(braced);
        let name = file.text(end - 1);
        let named = name.len() > 1
            && name
                .chars()
                .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
        // The shell's own, and what the script itself sets.
        let own = matches!(
            name,
            "PWD"
                | "HOME"
                | "PATH"
                | "USER"
                | "SHELL"
                | "OLDPWD"
                | "TMPDIR"
                | "BASH_SOURCE"
                | "IFS"
        );
        if !named
            || own
            || file.names.get(name).is_some()
            || name.starts_with(|it: char| it.is_ascii_digit())
        {
            continue;
        }
        let required = braced && file.text(end) == ":" && file.text(end + 1) == "?"
            || braced && file.text(end) == "?";
        file.reads.push(Read {
            at,
            end,
            name,
            required,
        });
    }
}
