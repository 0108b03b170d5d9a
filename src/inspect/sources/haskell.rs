//! Haskell: what its sources show.

use std::ops::Range;

use super::file::{File, Language};
use super::flags::Flag;
use super::lex::{COMMON, Kind, Lexis};
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
    prepare: Some(flags),
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

/// Parts of a parser that are looked at.
const MOST_PARTS: usize = 40;
/// Tokens of a parser that are looked at.
const MOST_TOKENS: usize = 600;

/// `port <- option auto (long "port" <> value 8080)`, and the members of `Options <$> … <*> …`.
fn flags(file: &mut File<'_>) {
    if !file.holds(&["Options"]) {
        return;
    }
    let mut options = Vec::new();
    for at in 0..file.tokens.len() {
        if matches!(file.text(at), "option" | "strOption")
            && let Some(flag) = option(file, at)
        {
            options.push(flag);
        }
    }
    file.flags = options;
    let records: Vec<(usize, &str)> = (0..file.tokens.len())
        .filter(|at| file.text(*at) == "data" && file.text(at + 2) == "=")
        .map(|at| (at + 3, file.text(at + 3)))
        .take(MOST_PARTS)
        .collect();
    for (record, name) in records {
        let members = members(file, record + 1);
        for (member, part) in members.into_iter().zip(parts(file, name)) {
            file.names.set(member, part);
        }
    }
}

/// The option whose parser starts at `at`; its modifiers stand in parentheses.
fn option(file: &File<'_>, at: usize) -> Option<Flag> {
    let open = (at..at + 12).find(|it| file.text(it + 1) == "long" && file.text(*it) == "(")?;
    let (_, end) = file.arguments(open + 1)?;
    let name = file.literal(open + 2)?;
    let value = (open..end).find(|it| file.text(*it) == "value");
    let default = value.map(|it| {
        let stop = (it + 1..end).find(|it| matches!(file.text(*it), "<" | "$"));
        it + 1..stop.unwrap_or(end)
    });
    Some(Flag {
        at,
        end: end + 1,
        name: Some(format!("--{name}")),
        default: default.unwrap_or_default(),
    })
}

/// The names of a record's members.
fn members<'a>(file: &File<'a>, open: usize) -> Vec<&'a str> {
    let mut found = Vec::new();
    if file.text(open) != "{" {
        return found;
    }
    for at in open + 1..open + MOST_TOKENS {
        match (file.text(at), file.text(at + 1), file.text(at + 2)) {
            ("}" | "", ..) => break,
            (name, ":", ":") => found.push(name),
            _ => {}
        }
    }
    found
}

/// The parsers between `Name <$>` and the end of the expression, one for each member.
fn parts(file: &File<'_>, name: &str) -> Vec<Range<usize>> {
    let is = |at: usize, mark: &str| {
        let marks = ["<", mark, ">"];
        (0..3).all(|by| marks.get(by).is_some_and(|it| file.text(at + by) == *it))
    };
    let start = (0..file.tokens.len()).find(|at| file.text(*at) == name && is(at + 1, "$"));
    let mut found = Vec::new();
    let Some(start) = start.map(|it| it + 4) else {
        return found;
    };
    let (mut depth, mut from) = (0usize, start);
    let mut at = start;
    while at < file.tokens.len().min(start + MOST_TOKENS) && found.len() < MOST_PARTS {
        let kind = file.tokens.get(at).map(|it| it.kind);
        match file.text(at) {
            "(" | "[" if kind == Some(Kind::Mark) => depth += 1,
            ")" | "]" if kind == Some(Kind::Mark) && depth == 0 => break,
            ")" | "]" if kind == Some(Kind::Mark) => depth -= 1,
            "<" if depth == 0 && is(at, "*") => {
                found.push(from..at);
                from = at + 3;
                at += 2;
            }
            _ => {}
        }
        at += 1;
    }
    // The last ends where its parentheses do.
    let last = (from..at).find(|it| file.text(*it) == "(");
    let end = last
        .and_then(|it| file.arguments(it + 1))
        .map(|it| it.1 + 1);
    found.push(from..end.unwrap_or(from + 1));
    found
}
