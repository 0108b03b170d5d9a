//! Whether a program ends when an environment variable is not set.
//!
//! Takes a file and the place of a read; gives yes only where the text right there says so.

use super::file::File;
use super::lex::Kind;
use super::table::Without;
use crate::inspect::project::Ecosystem;

/// Words that end a program.
const FATAL: &[&str] = &[
    "raise", "throw", "die", "panic", "abort", "exit", "fail", "failwith", "bail", "quit", "Fatal",
    "Fatalf", "Fatalln", "Exit", "Panic", "Panicf", "halt",
];
/// Methods that keep an error an error, in Rust.
const PASSING: &[&str] = &[
    "context",
    "wrap_err",
    "with_context",
    "map_err",
    "wrap_err_with",
    "map",
];
/// A check of a variable stands at most so many tokens behind it.
const NEAR: usize = 40;

/// Whether the read whose tokens are `at..end` must succeed.
pub(super) fn is(file: &File<'_>, without: Without, at: usize, end: usize) -> bool {
    let by_call = match without {
        Without::Ends => !caught(file, at, end),
        Without::EndsUnlessDefault => no_default(file, end),
        Without::Depends => follows(file, end),
    };
    by_call || checked_at_once(file, at, end) || checked_later(file, at)
}

/// `except KeyError` and `with Not_found` behind, or `"X" in os.environ` before.
fn caught(file: &File<'_>, at: usize, end: usize) -> bool {
    let behind = file.tokens.get(end..).unwrap_or_default().iter().take(NEAR);
    let mut behind = behind.take_while(|it| !matches!(it.text, "def" | "class" | "fn"));
    let before = file
        .tokens
        .get(at.saturating_sub(12)..at)
        .unwrap_or_default();
    let tried = before.iter().any(|it| it.text == "try");
    let asked = |it: &str| matches!(it, "in" | "contains");
    let name = file.text(end.saturating_sub(1));
    let asked_before = before
        .windows(2)
        .any(|pair| matches!(pair, [first, second] if first.text == name && asked(second.text)));
    let asked_behind = matches!(file.text(end + 1), "if");
    behind.any(|it| it.text == "except") || tried || asked_before || asked_behind
}

/// One argument, and no block.
fn no_default(file: &File<'_>, end: usize) -> bool {
    match file.text(end) {
        ")" => !matches!(file.text(end + 1), "{" | "do" | "rescue"),
        "," | "{" | "do" => false,
        _ => true,
    }
}

/// What stands behind the call: `|| raise`, `?? throw`, `.unwrap()`, `?`, `!`.
fn follows(file: &File<'_>, end: usize) -> bool {
    let mut at = end;
    while matches!(file.text(at), ")" | "]") && at < end + 2 {
        at += 1;
    }
    let dead = |at: usize| {
        FATAL.contains(&file.text(at)) || (file.text(at) == "error" && file.text(at + 1) == "(")
    };
    match (file.text(at), file.text(at + 1)) {
        ("|", "|") | ("?", "?" | ":") => dead(at + 2) || dead(at + 4),
        ("or", _) => dead(at + 1) || (file.text(at + 1) == "sys" && dead(at + 3)),
        ("!", next) => file.ecosystem == Ecosystem::Node && next != "=",
        ("?" | ".", _) if file.ecosystem == Ecosystem::Rust => chain(file, at),
        (".", "orElseThrow" | "getOrThrow") => true,
        _ => false,
    }
}

/// A chain of methods in Rust that ends in `?`, `.unwrap()` or `.expect(…)`.
fn chain(file: &File<'_>, from: usize) -> bool {
    let mut at = from;
    for _ in 0..4 {
        match (file.text(at), file.text(at + 1)) {
            ("?", _) | (".", "unwrap" | "expect") => return true,
            (".", "unwrap_or_else") => return panics(file, at + 2),
            (".", method) if PASSING.contains(&method) => match closing(file, at + 2) {
                Some(end) => at = end + 1,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// `(|_| panic!(…))`.
fn panics(file: &File<'_>, open: usize) -> bool {
    let inner = file.tokens.get(open..).unwrap_or_default().iter().take(12);
    let mut inner = inner.take_while(|it| it.text != ";");
    inner.any(|it| it.kind == Kind::Word && matches!(it.text, "panic" | "exit"))
}

/// Where the parenthesis at `open` closes, if soon.
fn closing(file: &File<'_>, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for at in open..open + NEAR {
        match file.text(at) {
            "(" => depth += 1,
            ")" if depth <= 1 => return Some(at),
            ")" => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `if (!process.env.X) throw …`, `if os.Getenv("X") == "" { log.Fatal`.
fn checked_at_once(file: &File<'_>, at: usize, end: usize) -> bool {
    let before = file
        .tokens
        .get(at.saturating_sub(4)..at)
        .unwrap_or_default();
    let asked = before.iter().rposition(|it| it.text == "if");
    let Some(asked) = asked.map(|it| at.saturating_sub(4).max(at - before.len()) + it) else {
        return false;
    };
    condition(file, asked, |place| (at..end).contains(&place))
}

/// `if url == "" { log.Fatal(…) }` on the lines behind.
fn checked_later(file: &File<'_>, at: usize) -> bool {
    let Some((name, end)) = file.names.given_to(&file.tokens, at) else {
        return false;
    };
    let is_name = |place: usize| file.text(place) == name;
    // `if v := os.Getenv("X"); v == "" {`
    if file.text(end) == ";" && is_name(end + 1) {
        return condition(file, end, is_name);
    }
    let found = (end..end + NEAR)
        .find(|place| file.text(*place) == "if" && (place + 1..place + 8).any(is_name));
    found.is_some_and(|asked| condition(file, asked, is_name))
}

/// The condition behind `asked` is true when the value is missing, and what it guards ends the program.
fn condition(file: &File<'_>, asked: usize, is_value: impl Fn(usize) -> bool) -> bool {
    let mut missing = false;
    let mut at = asked + 1;
    let line = file.tokens.get(asked).map(|it| it.line);
    while at < asked + 24 {
        let text = file.text(at);
        let kind = file.tokens.get(at).map(|it| it.kind);
        let same_line = file.tokens.get(at).map(|it| it.line) == line;
        if kind != Some(Kind::Text) && matches!(text, "{" | ":" | "then" | "&" | "and" | "")
            || !same_line
        {
            break;
        }
        if FATAL.contains(&text) {
            return missing;
        }
        if is_value(at) {
            let before = at.checked_sub(1).map_or("", |it| file.text(it));
            missing |= matches!(before, "!" | "not") || empty_behind(file, at + 1);
        }
        if matches!(before_value(file, at), Some("!" | "not")) && is_value(at) {
            missing = true;
        }
        at += 1;
    }
    missing && !matches!(file.text(at), "&" | "and") && block_ends(file, at)
}

fn before_value<'a>(file: &File<'a>, at: usize) -> Option<&'a str> {
    at.checked_sub(1).map(|it| file.text(it))
}

/// `== ""`, `is None`, `=== undefined`, also behind the call's own parenthesis.
fn empty_behind(file: &File<'_>, from: usize) -> bool {
    let mut at = from;
    while matches!(file.text(at), ")" | "]") && at < from + 2 {
        at += 1;
    }
    let is_text = |at: usize| file.tokens.get(at).is_some_and(|it| it.kind == Kind::Text);
    let (first, second) = (file.text(at), file.text(at + 1));
    let value = match (first, second) {
        ("=", "=") => at + 2 + usize::from(file.text(at + 2) == "="),
        ("is", _) => at + 1,
        _ => return false,
    };
    let word = file.text(value);
    (is_text(value) && word.is_empty())
        || matches!(word, "nil" | "None" | "null" | "undefined" | "NULL")
}

/// What is guarded ends the program before it sets anything.
fn block_ends(file: &File<'_>, from: usize) -> bool {
    for at in from..from + NEAR {
        let Some(token) = file.tokens.get(at) else {
            return false;
        };
        if token.kind == Kind::Word && FATAL.contains(&token.text) {
            return true;
        }
        let sets = token.text == "=" && file.text(at + 1) != "=";
        if token.kind != Kind::Text
            && (sets || matches!(token.text, "}" | "else" | "return" | "def"))
        {
            return false;
        }
    }
    false
}
