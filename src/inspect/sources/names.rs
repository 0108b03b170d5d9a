//! What a name of a source file stands for, as far as one look at the file tells.
//!
//! Takes tokens; gives for a name the pieces of the file that it was set to. Names that are parameters of a
//! function stand for anything, so they stand for nothing here. Never follows a value by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::lex::{Kind, Token};

/// A value longer than this is no simple one.
const MOST_TOKENS: usize = 60;
/// Words behind which a name is set.
const SETTERS: &[&str] = &[
    "let", "const", "var", "val", "mut", "static", "final", "local", "export", "my", "int",
    "String", "string", "auto", "if", "public", "private", "readonly",
];
/// Words behind which parameters stand.
const FUNCTIONS: &[&str] = &["fn", "func", "def", "function", "fun", "proc", "defp"];
/// A line that starts so goes on with the value of the line before.
const GOES_ON: &[&str] = &[".", "|", "?", "&", "+", "or", "and", "else", "with"];
/// A line that ends so has its value on the next.
const OPEN_END: &[&str] = &[
    "=", "|", "+", "?", "&", "\\", ">", ":", "<", "-", "or", "match", "$",
];

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    set: BTreeMap<&'a str, Vec<Range<usize>>>,
    parameters: BTreeSet<&'a str>,
    /// Members whose value is an environment variable: `args.port` with `#[arg(env = "PORT")] port: u16`.
    pub(super) members: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// Looks at all tokens once.
    pub(super) fn of(tokens: &[Token<'a>]) -> Self {
        let mut names = Names::default();
        let mut open: Vec<(usize, &str)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            match (token.kind, token.text) {
                (Kind::Mark, "(" | "[" | "{") => open.push((at, token.text)),
                (Kind::Mark, ")" | "]" | "}") => {
                    if let Some((start, _)) = open.pop() {
                        names.arrow(tokens, start, at);
                    }
                }
                (Kind::Word, word) if FUNCTIONS.contains(&word) => names.function(tokens, at),
                (Kind::Word, word) => {
                    let in_call = open.last().is_some_and(|(start, mark)| {
                        *mark != "{" && !opens_declarations(tokens, *start)
                    });
                    names.value(tokens, at, word, in_call);
                }
                _ => {}
            }
        }
        names
    }

    /// Where `name` is set, unless it is a parameter somewhere.
    pub(super) fn get(&self, name: &str) -> Option<&[Range<usize>]> {
        if self.parameters.contains(name) {
            return None;
        }
        self.set.get(name).map(Vec::as_slice)
    }

    /// The name that the value around `at` is given to, and the value's end.
    pub(super) fn given_to(&self, tokens: &[Token<'a>], at: usize) -> Option<(&'a str, usize)> {
        // The name stands a few tokens before: no need to look through all names.
        let before = tokens.get(at.saturating_sub(8)..at)?;
        before.iter().rev().find_map(|token| {
            let ranges = self.set.get(token.text)?;
            let range = ranges.iter().rev().take(8).find(|it| it.contains(&at))?;
            Some((token.text, range.end))
        })
    }

    /// Sets `name` to these tokens.
    pub(super) fn set(&mut self, name: &'a str, range: Range<usize>) {
        // `let _ = x;` names nothing, and `|_| y` means nobody by it.
        if name != "_" {
            self.set.entry(name).or_default().push(range);
        }
    }

    fn value(&mut self, tokens: &[Token<'a>], at: usize, word: &'a str, in_call: bool) {
        let Some(start) = value_start(tokens, at) else {
            return;
        };
        let before = at.checked_sub(1).and_then(|it| tokens.get(it));
        let line = tokens.get(at).map(|it| it.line);
        let starts = before.is_none_or(|it| {
            Some(it.line) != line
                || matches!(it.text, ";" | "{" | "}" | "*")
                || SETTERS.contains(&it.text)
        });
        let set = before.is_some_and(|it| SETTERS.contains(&it.text));
        // `port, err := …`: the value is the first name's.
        let first = at.checked_sub(2).and_then(|it| tokens.get(it));
        let pair = before.is_some_and(|it| it.text == ",")
            && first.is_some_and(|it| it.kind == Kind::Word);
        if in_call && !set {
            return;
        }
        if starts || pair {
            let range = start..value_end(tokens, start);
            if let (true, Some(first)) = (pair, first) {
                self.set(first.text, range.clone());
            }
            self.set(word, range);
        }
    }

    /// Words in the parentheses of a function's head.
    fn function(&mut self, tokens: &[Token<'a>], at: usize) {
        let mut depth = 0usize;
        for token in tokens.iter().skip(at + 1).take(MOST_TOKENS) {
            match (token.kind, token.text) {
                (_, "(") => depth += 1,
                (_, ")") => depth = depth.saturating_sub(1),
                (_, "{" | ":" | "=" | ";") if depth == 0 => break,
                (Kind::Word, word) if depth > 0 => {
                    self.parameters.insert(word);
                }
                _ => {}
            }
        }
    }

    /// `(port) => …`, `Serve { port } => …`.
    fn arrow(&mut self, tokens: &[Token<'a>], start: usize, end: usize) {
        let next = |by: usize| tokens.get(end + by).map(|it| it.text);
        if end - start > 24 || next(1) != Some("=") || next(2) != Some(">") {
            return;
        }
        let inner = tokens.get(start..end).unwrap_or_default();
        let words = inner.iter().filter(|it| it.kind == Kind::Word);
        self.parameters.extend(words.map(|it| it.text));
    }
}

/// `const (` and `var (` of Go hold settings, not arguments.
fn opens_declarations(tokens: &[Token<'_>], open: usize) -> bool {
    let before = open.checked_sub(1).and_then(|it| tokens.get(it));
    before.is_some_and(|it| matches!(it.text, "const" | "var"))
}

/// Where the value of the name at `at` starts: behind `=`, `:=`, `: Type =`, `<-`.
fn value_start(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let text = |by: usize| tokens.get(at + by).map(|it| it.text);
    match (text(1)?, text(2)?) {
        ("=", "=" | ">" | "~") => None,
        ("=", _) => Some(at + 2),
        (":", "=") | ("<", "-") => Some(at + 3),
        (":", _) | (_, "=") => {
            // `let port: u16 =`, `let Ok(port) =`, `const port string =`.
            let types = tokens.get(at + 1..at + 10)?;
            let stop = |it: &&Token<'_>| matches!(it.text, "," | ";" | "{" | "}" | "(" | "\n");
            let length = types
                .iter()
                .take_while(|it| !stop(it))
                .position(|it| it.text == "=")?;
            let after = tokens.get(at + length + 2)?;
            (!matches!(after.text, "=" | ">")).then_some(at + length + 2)
        }
        _ => None,
    }
}

/// Where a value that starts at `start` ends.
fn value_end(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0usize;
    let most = tokens.len().min(start + MOST_TOKENS);
    for at in start..most {
        let (Some(token), before) = (tokens.get(at), tokens.get(at.saturating_sub(1))) else {
            return at;
        };
        let is_mark = token.kind == Kind::Mark;
        let new_line =
            before.is_some_and(|it| it.line < token.line && !OPEN_END.contains(&it.text));
        if depth == 0 {
            let ends = is_mark && matches!(token.text, ";" | "," | ")" | "]" | "}");
            if ends
                || token.text == "in"
                || (new_line && at > start && !GOES_ON.contains(&token.text))
            {
                return at;
            }
        }
        match token.text {
            "(" | "[" | "{" if is_mark => depth += 1,
            ")" | "]" | "}" if is_mark => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}
