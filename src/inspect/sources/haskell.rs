//! Haskell: what its sources show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// warp's and scotty's `run port app`.
const PORT: Shape = Shape {
    port: Some(0),
    otherwise: Otherwise::All,
    ..SILENT
};
/// `setPort 3000`: only a setting.
const SET_PORT: Shape = Shape {
    port: Some(0),
    serves: false,
    ..SILENT
};
/// `setHost "127.0.0.1"`.
const SET_HOST: Shape = Shape {
    host: Some(0),
    serves: false,
    ..SILENT
};

/// `runEnv 3000 app` minds `$PORT`.
const RUN_ENV: Shape = Shape {
    otherwise: Otherwise::All,
    default_variable: Some("PORT"),
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Haskell,
    files: &[".hs"],
    lexis: Lexis {
        line: &["--"],
        block: &[("{-", "-}")],
        texts: &[("\"", "\"", true)],
        primes: true,
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    with("run", &["Warp"], Listens(PORT)),
    with("Warp.run", &["Warp"], Listens(PORT)),
    with("runEnv", &["Warp"], Listens(RUN_ENV)),
    with("runSettings", &["Warp"], Serves),
    with("runTLS", &["WarpTLS"], Serves),
    with("setPort", &["Warp"], Listens(SET_PORT)),
    with("setHost", &["Warp"], Listens(SET_HOST)),
    with("scotty", &["Scotty"], Listens(PORT)),
    with("scottyT", &["Scotty"], Listens(PORT)),
    with("scottyOpts", &["Scotty"], Serves),
    with("warp", &["Yesod"], Listens(PORT)),
    with("warpEnv", &["Yesod"], Listens(RUN_ENV)),
    with("runSpock", &["Spock"], Listens(PORT)),
    with("simpleHTTP", &["Happstack"], Serves),
    with("quickHttpServe", &["Snap"], Serves),
    with("execParser", &["Options"], Commands),
    with("customExecParser", &["Options"], Commands),
    with("getArgs", &["System"], Commands),
    with("runDiscord", &["Discord"], Works),
    with("startBot_", &["Telegram"], Works),
    with("consumeMsgs", &["AMQP"], Works),
    with("readFile", &["main", "IO"], Opens),
    with("staticDir", &["Static"], Opens),
    with("serveDirectoryWebApp", &["Servant"], Opens),
    row("getEnv", Reads(Without::Ends)),
    row("lookupEnv", Reads(Without::Depends)),
];
