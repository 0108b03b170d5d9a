//! Parses Nix text into rnix's tree, or says where it stops being Nix.
//!
//! Takes text; gives the tree's root expression. Never: a stack overflow. rnix bounds its own
//! recursion, but chains such as `a a a …` grow a tree as deep as the text is long, and rowan walks
//! and drops trees by recursion: so tokens and depth are counted, and [`with_room`] lends the stack.

use std::path::Path;

use rnix::ast::Expr;
use rnix::{ParseError, SyntaxKind, TextRange, WalkEvent};
use rowan::ast::AstNode;

use crate::error::{Error, Result};

use super::guard::{self, MOST_BRACKETS, MOST_TOKENS};

/// Levels of the tree. Hand-written files stay below one hundred.
const MOST_LEVELS: usize = 1_000;
/// Room for the deepest tree that the guard lets pass; only touched pages cost memory.
const STACK_BYTES: usize = 512 << 20;

/// Runs `work` on a thread with a stack for deep trees.
pub(super) fn with_room<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("reader".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|error| {
                Error::user(
                    "inspect/no-room",
                    format!("cannot start a thread to read Nix files: {error}"),
                    "free some memory, or raise the limit (`ulimit -v unlimited`)",
                )
            })?;
        thread.join().unwrap_or_else(|_| {
            Err(Error::bug(
                "inspect/reader-died",
                "reading the Nix files ended in a panic",
            ))
        })
    })
}

/// The root expression of `text`; `path` is only for the error.
pub(super) fn parse(path: &Path, text: &str) -> Result<Expr> {
    if !guard::fits(text) {
        return Err(too_deep(path));
    }
    let parsed = rnix::Root::parse(text);
    if let Some(error) = parsed.errors().first() {
        return Err(syntax_error(path, text, error));
    }
    let root = parsed.tree();
    let mut level = 0_usize;
    for event in root.syntax().preorder() {
        match event {
            WalkEvent::Enter(_) => level += 1,
            WalkEvent::Leave(_) => level = level.saturating_sub(1),
        }
        if level > MOST_LEVELS {
            return Err(too_deep(path));
        }
    }
    root.expr()
        .ok_or_else(|| syntax_error(path, text, &ParseError::UnexpectedEOF))
}

fn too_deep(path: &Path) -> Error {
    Error::user(
        "inspect/too-deep",
        format!("`{}` is nested too deeply to be read", path.display()),
        "split the expression into files of their own",
    )
    .at_path(path)
    .because(format!(
        "no more than {MOST_BRACKETS} brackets in brackets, and {MOST_TOKENS} words, are read"
    ))
}

/// The error with the line's text and a caret under the place.
fn syntax_error(path: &Path, text: &str, error: &ParseError) -> Error {
    if matches!(error, ParseError::RecursionLimitExceeded) {
        return too_deep(path);
    }
    let offset = range(error).map_or(text.trim_end().len(), |range| usize::from(range.start()));
    let place = Place::of(text, offset);
    Error::user(
        "inspect/syntax",
        format!("`{}` is not Nix: {}", path.display(), wording(error)),
        format!(
            "mend line {}; `nix-instantiate --parse {}` checks it",
            place.line,
            path.display()
        ),
    )
    .at(format!(
        "{}:{}:{}",
        path.display(),
        place.line,
        place.column
    ))
    .detail([
        format!("{:>4} | {}", place.line, place.text),
        format!("     | {}^", " ".repeat(place.indent)),
    ])
}

/// A place in a text, for a person.
struct Place {
    line: usize,
    column: usize,
    text: String,
    indent: usize,
}

impl Place {
    fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().chars().count();
        let whole = text.get(start..).unwrap_or_default();
        let whole = whole.lines().next().unwrap_or_default();
        // A line of a minified file would fill the screen: a window around the place is enough.
        let from = column.saturating_sub(60);
        let window = whole.chars().skip(from).take(100);
        Place {
            line: before.matches('\n').count() + 1,
            column: column + 1,
            text: window
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
            indent: column - from,
        }
    }
}

fn range(error: &ParseError) -> Option<TextRange> {
    match error {
        ParseError::Unexpected(range)
        | ParseError::UnexpectedExtra(range)
        | ParseError::UnexpectedWanted(_, range, _)
        | ParseError::UnexpectedDoubleBind(range)
        | ParseError::DuplicatedArgs(range, _) => Some(*range),
        _ => None,
    }
}

fn wording(error: &ParseError) -> String {
    match error {
        ParseError::UnexpectedExtra(_) => "something stands after the expression's end".to_owned(),
        ParseError::UnexpectedWanted(got, _, wanted) => {
            format!("found {}, expected {}", word(*got), words(wanted))
        }
        ParseError::UnexpectedDoubleBind(_) => "the argument is bound twice".to_owned(),
        ParseError::UnexpectedEOF => "it ends too early".to_owned(),
        ParseError::UnexpectedEOFWanted(wanted) => {
            format!("it ends too early, expected {}", words(wanted))
        }
        ParseError::DuplicatedArgs(_, name) => format!("the argument `{name}` stands twice"),
        _ => "this was not expected here".to_owned(),
    }
}

fn words(kinds: &[SyntaxKind]) -> String {
    let mut names: Vec<_> = kinds.iter().map(|kind| word(*kind)).collect();
    names.dedup();
    names.join(" or ")
}

/// A token's kind as a user writes it.
fn word(kind: SyntaxKind) -> String {
    let sign = match kind {
        SyntaxKind::TOKEN_SEMICOLON => ";",
        SyntaxKind::TOKEN_COLON => ":",
        SyntaxKind::TOKEN_COMMA => ",",
        SyntaxKind::TOKEN_ASSIGN => "=",
        SyntaxKind::TOKEN_DOT => ".",
        SyntaxKind::TOKEN_AT => "@",
        SyntaxKind::TOKEN_QUESTION => "?",
        SyntaxKind::TOKEN_ELLIPSIS => "...",
        SyntaxKind::TOKEN_L_BRACE => "{",
        SyntaxKind::TOKEN_R_BRACE => "}",
        SyntaxKind::TOKEN_L_BRACK => "[",
        SyntaxKind::TOKEN_R_BRACK => "]",
        SyntaxKind::TOKEN_L_PAREN => "(",
        SyntaxKind::TOKEN_R_PAREN => ")",
        SyntaxKind::TOKEN_IN => "in",
        SyntaxKind::TOKEN_LET => "let",
        SyntaxKind::TOKEN_THEN => "then",
        SyntaxKind::TOKEN_ELSE => "else",
        SyntaxKind::TOKEN_INHERIT => "inherit",
        SyntaxKind::TOKEN_STRING_END => "\"",
        SyntaxKind::TOKEN_IDENT => return "a name".to_owned(),
        other => {
            let name = format!("{other:?}").to_lowercase();
            let name = name.trim_start_matches("token_").replace('_', " ");
            return format!("`{name}`");
        }
    };
    format!("`{sign}`")
}
