//! Flags of a program's own command line, as far as the file that listens declares them.
//!
//! Takes a [`File`]; adds to it where a flag stands, how it is typed, and its default. A flag whose value goes
//! somewhere that is not plain is none. Never says what a value means: `place` does.

use std::ops::Range;

use super::file::File;
use super::lex::Kind;

/// A declaration longer than this is not looked at.
const MOST_TOKENS: usize = 80;
/// What a file calls its parsed command line, when it is handed over from elsewhere.
const HEADS: &[&str] = &[
    "args",
    "arguments",
    "cli",
    "flags",
    "matches",
    "opt",
    "options",
    "opts",
];
/// Calls that parse a command line.
const PARSES: &[&str] = &["from_args", "parse", "parse_args", "parse_from"];

/// A flag, where its value comes into the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flag {
    /// The first token of the expression that gives its value.
    pub(super) at: usize,
    /// Behind that expression.
    pub(super) end: usize,
    /// As typed: `-addr`, `--port`. None where only a variable can be given.
    pub(super) name: Option<String>,
    /// Its default; empty when it has none.
    pub(super) default: Range<usize>,
}

/// The member that holds a flag's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// What must stand before it; none: whatever holds the parsed command line.
    head: Option<&'a str>,
    flag: Flag,
}

impl<'a> File<'a> {
    /// The flag whose expression starts at a token.
    pub(super) fn flag_at(&self, at: usize) -> Option<&Flag> {
        let index = self.flags.binary_search_by_key(&at, |it| it.at).ok()?;
        self.flags.get(index)
    }

    /// The flag that `head.member` holds.
    pub(super) fn flag_of(&self, head: &str, member: &str) -> Option<&Flag> {
        let found = self.flag_members.get(member)?.as_ref()?;
        let fits = match found.head {
            Some(wanted) => wanted == head,
            None => self.is_command_line(head),
        };
        fits.then_some(&found.flag)
    }

    /// Notes that a member holds a flag; two flags of one member are none.
    pub(super) fn hold_flag(&mut self, head: Option<&'a str>, member: &str, flag: Flag) {
        let new = Member { head, flag };
        let place = self.flag_members.entry(member.to_owned());
        place.and_modify(|it| *it = None).or_insert(Some(new));
    }

    /// Whether `head.member` comes from the command line, or from a variable that stands for it.
    pub(super) fn is_told(&self, head: &str, member: &str) -> bool {
        let variable = self.names.members.contains_key(member) && self.is_command_line(head);
        variable || self.flag_of(head, member).is_some()
    }

    fn is_command_line(&self, head: &str) -> bool {
        let Some(set) = self.names.get(head) else {
            return HEADS.contains(&head);
        };
        let parses = |range: &Range<usize>| {
            let mut words = range.clone().take(MOST_TOKENS);
            words.any(|at| PARSES.contains(&self.text(at)))
        };
        set.iter().take(4).any(parses)
    }

    /// The words of a text literal.
    pub(super) fn literal(&self, at: usize) -> Option<&'a str> {
        let token = self.tokens.get(at)?;
        (token.kind == Kind::Text).then_some(token.text)
    }

    /// The arguments behind an opening mark, and the place of the closing one, if it is near.
    pub(super) fn arguments(&self, from: usize) -> Option<(Vec<Range<usize>>, usize)> {
        let mut depth = 0usize;
        let mut start = from;
        let mut each = Vec::new();
        for at in from..self.tokens.len().min(from + MOST_TOKENS) {
            let mark = self.tokens.get(at).filter(|it| it.kind == Kind::Mark);
            match mark.map_or("", |it| it.text) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth == 0 => {
                    if start < at {
                        each.push(start..at);
                    }
                    return Some((each, at));
                }
                ")" | "]" | "}" => depth -= 1,
                "," if depth == 0 => {
                    each.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        None
    }
}
