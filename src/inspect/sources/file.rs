//! One source file, prepared: its tokens, its names, and the environment variables it reads.
//!
//! Takes a path, a text and a [`Language`]; gives a [`File`]. Never looks at another file.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::Path;

use super::flags::{Flag, Member};
use super::lex::{self, Kind, Lexis, Token};
use super::names::Names;
use super::required;
use super::table::{Means, Row};
use crate::inspect::project::Ecosystem;

/// Steps from name to value in one file; more are not worth the time.
const MOST_STEPS: usize = 2000;
/// Frameworks' words that begin alike.
const MOST_ALIKE: usize = 40;

/// What is known of one language.
pub(super) struct Language {
    pub(super) ecosystem: Ecosystem,
    /// Ends of file names, with their dot, or whole names.
    pub(super) files: &'static [&'static str],
    pub(super) lexis: Lexis,
    pub(super) rows: &'static [Row],
    /// What no row can say: more reads of variables, names bound by macros.
    pub(super) prepare: Option<fn(&mut File<'_>)>,
}

/// A place where an environment variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read<'a> {
    /// The call's first token.
    pub(super) at: usize,
    /// Behind the name.
    pub(super) end: usize,
    pub(super) name: &'a str,
    pub(super) required: bool,
}

/// A file under the lens.
pub(super) struct File<'a> {
    pub(super) path: &'a Path,
    pub(super) ecosystem: Ecosystem,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) names: Names<'a>,
    /// By place.
    pub(super) reads: Vec<Read<'a>>,
    /// By place.
    pub(super) flags: Vec<Flag>,
    /// By name; nothing where two flags have one name.
    pub(super) flag_members: BTreeMap<String, Option<Member<'a>>>,
    words: BTreeSet<&'a str>,
    steps: Cell<usize>,
}

impl<'a> File<'a> {
    /// Prepares `text`.
    pub(super) fn of(path: &'a Path, text: &'a str, language: &Language) -> Self {
        let mut tokens = lex::tokens(text, &language.lexis);
        if language.ecosystem == Ecosystem::Rust {
            tokens = without_tests(&tokens);
        }
        let names = Names::of(&tokens);
        let worded = tokens.iter().filter(|it| it.kind != Kind::Mark);
        let mut file = File {
            path,
            ecosystem: language.ecosystem,
            words: worded.map(|it| it.text).collect(),
            tokens,
            names,
            reads: Vec::new(),
            flags: Vec::new(),
            flag_members: BTreeMap::new(),
            steps: Cell::new(0),
        };
        if language.ecosystem == Ecosystem::Haskell {
            file.drop_imports();
        }
        file.find_reads(language.rows);
        if let Some(prepare) = language.prepare {
            prepare(&mut file);
            file.reads.sort_by_key(|it| it.at);
            file.flags.sort_by_key(|it| it.at);
        }
        file.name_members();
        file
    }

    /// The text of a token, or nothing.
    pub(super) fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |it| it.text)
    }

    /// Whether one of `given` is in the file.
    pub(super) fn holds(&self, given: &[&str]) -> bool {
        given.is_empty() || given.iter().any(|wanted| self.holds_one(wanted))
    }

    fn holds_one(&self, wanted: &str) -> bool {
        let from = (Bound::Included(wanted), Bound::Unbounded);
        let alike = self.words.range::<str, _>(from).take(MOST_ALIKE);
        alike
            .map_while(|word| word.strip_prefix(wanted))
            .any(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The read that starts at a token.
    pub(super) fn read_at(&self, at: usize) -> Option<&Read<'a>> {
        let index = self.reads.binary_search_by_key(&at, |it| it.at).ok()?;
        self.reads.get(index)
    }

    /// Takes one of the steps that the file may cost.
    pub(super) fn may_step(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() < MOST_STEPS
    }

    /// `import Network.Wai.Handler.Warp (run)` runs nothing.
    fn drop_imports(&mut self) {
        let mut depth = 0usize;
        let mut importing = None;
        self.tokens.retain(|token| {
            let at_import = token.text == "import" && depth == 0;
            importing = match importing {
                _ if at_import => Some(token.line),
                Some(line) if line < token.line && depth == 0 && token.text != "(" => None,
                other => other,
            };
            match token.text {
                "(" if importing.is_some() => depth += 1,
                ")" if importing.is_some() => depth = depth.saturating_sub(1),
                _ => {}
            }
            importing.is_none()
        });
        self.names = Names::of(&self.tokens);
    }

    fn find_reads(&mut self, rows: &[Row]) {
        let rows: Vec<&Row> = rows
            .iter()
            .filter(|it| matches!(it.means, Means::Reads(_)) && self.holds(it.given))
            .collect();
        let mut reads = Vec::new();
        for at in 0..self.tokens.len() {
            let behind = self.tokens.get(at..).unwrap_or_default();
            let found = rows
                .iter()
                .find_map(|row| Some((*row, row.length(behind)?)));
            let Some((row, length)) = found else {
                continue;
            };
            let open = self.text(at + length) == "(" && !row.needle.ends_with(['(', '[']);
            let name_at = at + length + usize::from(open);
            let Some(name) = self.tokens.get(name_at).filter(|it| is_variable(it)) else {
                continue;
            };
            let end = name_at + 1;
            let Means::Reads(without) = row.means else {
                continue;
            };
            if !self.is_set(end) {
                let required = required::is(self, without, at, end);
                let name = name.text;
                reads.push(Read {
                    at,
                    end,
                    name,
                    required,
                });
            }
        }
        self.reads = reads;
    }

    /// `os.environ["X"] = …` sets, and reads nothing.
    fn is_set(&self, end: usize) -> bool {
        let closed = usize::from(self.text(end) == "]");
        self.text(end + closed) == "=" && !matches!(self.text(end + closed + 1), "=" | "~")
    }

    /// `port: Number(process.env.PORT)` makes `settings.port` that variable, when nothing else does.
    fn name_members(&mut self) {
        let mut found: Vec<(&'a str, &'a str)> = Vec::new();
        for read in &self.reads {
            let before = self
                .tokens
                .get(read.at.saturating_sub(5)..read.at)
                .unwrap_or_default();
            let stop = before
                .iter()
                .rposition(|it| matches!(it.text, "," | "{" | ";"));
            let before = before
                .get(stop.map_or(0, |it| it + 1)..)
                .unwrap_or_default();
            if let [name, colon, ..] = before
                && name.kind == Kind::Word
                && colon.text == ":"
                && before.get(2).is_none_or(|it| it.text != ":")
                && stop.is_some()
            {
                found.push((name.text, read.name));
            }
        }
        for (name, variable) in found {
            self.names.members.entry(name).or_insert(variable);
        }
    }
}

/// Whether it can be the name of an environment variable: `DATABASE_URL`.
fn is_variable(token: &Token<'_>) -> bool {
    let is_part = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    let named = matches!(token.kind, Kind::Text | Kind::Word);
    named
        && token.text.len() > 1
        && token.text.chars().all(is_part)
        && !token.text.starts_with(|it: char| it.is_ascii_digit())
}

/// The tokens without what stands under `#[cfg(test)]`.
fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let start = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let marks = tokens
            .get(at..)
            .unwrap_or_default()
            .iter()
            .map(|it| it.text);
        if token.text != "#" || !marks.take(start.len()).eq(start) {
            kept.push(*token);
            at += 1;
            continue;
        }
        at += start.len();
        let mut depth = 0usize;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let is_mark = token.kind == Kind::Mark;
            match token.text {
                "{" if is_mark => depth += 1,
                "}" if is_mark && depth == 1 => break,
                "}" if is_mark => depth = depth.saturating_sub(1),
                ";" if is_mark && depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}
