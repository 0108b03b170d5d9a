//! Whether a program with subcommands serves without any of them.
//!
//! Takes files and where they serve; says when that is outside of the commands that are called `serve` or
//! `server`: in `main`, in another command, or behind a parent command that acts by itself. Never follows a
//! call into another file.

use std::collections::BTreeSet;

use super::file::File;
use super::lex::Kind;
use super::subcommand::{SERVING, block_end, literal, stands};
use crate::inspect::project::Ecosystem;

/// Commands and functions of one file that are looked at.
const MOST_BLOCKS: usize = 200;
/// Tokens of a chain of calls.
const MOST_CHAIN: usize = 200;

/// What the files say of the commands above others.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// Something serves outside of a command that is called so.
    outside: bool,
    /// Names of commands that hold others.
    parents: BTreeSet<String>,
    /// Names of commands that do something themselves.
    acting: BTreeSet<String>,
}

/// A command that is written as a literal.
struct Command<'a> {
    start: usize,
    end: usize,
    serves: bool,
    name: &'a str,
    acts: bool,
    holds: bool,
}

impl Roots {
    pub(super) fn look(&mut self, file: &File<'_>, serving: &[usize]) {
        match file.ecosystem {
            Ecosystem::Go => self.look_go(file, serving),
            Ecosystem::Node => {
                let mut programs =
                    (0..file.tokens.len()).filter(|at| stands(file, *at, &["program", "."]));
                self.outside |= file.holds(&["commander"])
                    && programs
                        .by_ref()
                        .take(MOST_BLOCKS)
                        .any(|at| acts_alone(file, at));
            }
            _ => {}
        }
    }

    /// Whether the program serves when it is given no word.
    pub(super) fn serve(&self) -> bool {
        self.outside || !self.parents.is_disjoint(&self.acting)
    }

    fn look_go(&mut self, file: &File<'_>, serving: &[usize]) {
        let adds = |at: &usize| stands(file, at + 1, &[".", "AddCommand", "("]);
        let parents = (0..file.tokens.len()).filter(adds);
        let room = MOST_BLOCKS.saturating_sub(self.parents.len());
        self.parents
            .extend(parents.take(room).map(|at| file.text(at).to_owned()));
        let commands = commands(file);
        for command in commands.iter().filter(|it| it.acts && !it.serves) {
            self.outside |= command.holds;
            self.acting.insert(command.name.to_owned());
        }
        let functions = functions(file);
        self.outside |= serving
            .iter()
            .any(|at| is_outside(file, *at, &commands, &functions));
    }
}

fn is_outside(
    file: &File<'_>,
    at: usize,
    commands: &[Command<'_>],
    functions: &[(&str, usize, usize)],
) -> bool {
    let mut around = commands
        .iter()
        .filter(|it| (it.start..it.end).contains(&at));
    if let Some(inner) = around.next_back() {
        return !inner.serves;
    }
    let mut around = functions.iter().filter(|it| (it.1..it.2).contains(&at));
    let Some((name, ..)) = around.next_back() else {
        return false;
    };
    let mentions = |it: &&Command<'_>| (it.start..it.end).any(|at| file.text(at) == *name);
    let mut callers = commands.iter().filter(mentions);
    // A command that is built in `main` serves in its own block.
    let first = callers.next();
    *name == "main" || first.is_some_and(|first| !first.serves && callers.all(|it| !it.serves))
}

/// `cobra.Command{…}`, `cli.Command{…}` and `cli.App{…}`, outer ones first.
fn commands<'a>(file: &File<'a>) -> Vec<Command<'a>> {
    let starts = (2..file.tokens.len()).filter(|at| {
        matches!(file.text(*at), "App" | "Command")
            && file.text(at + 1) == "{"
            && file.text(at - 1) == "."
            && matches!(file.text(at - 2), "cobra" | "cli")
    });
    let found = starts.take(MOST_BLOCKS).map(|at| {
        let (start, end) = (at + 2, block_end(file, at + 2));
        let own = |names: &[&str]| own_member(file, start, end, names);
        let word = own(&["Use", "Name"]).and_then(|at| literal(file, at + 2));
        let helps = (start..end).any(|at| file.text(at) == "Help");
        Command {
            start,
            end,
            serves: word.is_some_and(|word| SERVING.contains(&word.as_str())),
            name: name_before(file, at - 2),
            acts: !helps && own(&["Action", "Run", "RunE"]).is_some(),
            holds: own(&["Commands"]).is_some(),
        }
    });
    found.collect()
}

/// The member of a literal itself, not of one inside of it.
fn own_member(file: &File<'_>, start: usize, end: usize, names: &[&str]) -> Option<usize> {
    let mut depth = 0usize;
    for at in start..end {
        let token = file.tokens.get(at)?;
        match (token.kind, token.text) {
            (Kind::Mark, "{" | "(" | "[") => depth += 1,
            (Kind::Mark, "}" | ")" | "]") => depth = depth.saturating_sub(1),
            (Kind::Word, word)
                if depth == 0 && names.contains(&word) && file.text(at + 1) == ":" =>
            {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

/// `NAME` of `NAME = &cobra.Command{` and `NAME := …`.
fn name_before<'a>(file: &File<'a>, at: usize) -> &'a str {
    let mut before = at;
    for mark in ["&", "=", ":"] {
        let is_there = before
            .checked_sub(1)
            .is_some_and(|it| file.text(it) == mark);
        before -= usize::from(is_there);
    }
    before.checked_sub(1).map_or("", |it| file.text(it))
}

/// Functions by name, with the tokens of their bodies.
fn functions<'a>(file: &File<'a>) -> Vec<(&'a str, usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < file.tokens.len() && found.len() < MOST_BLOCKS {
        at += 1;
        if file.text(at - 1) != "func" {
            continue;
        }
        let named = file.tokens.get(at).filter(|it| it.kind == Kind::Word);
        // `func (s *Server) Run(`
        let close = (at..at + 8).find(|it| file.text(*it) == ")");
        let name = match (named, close) {
            (Some(name), _) => name.text,
            (None, Some(close)) if file.text(at) == "(" => file.text(close + 1),
            _ => continue,
        };
        let open = (at..at + MOST_CHAIN).find(|it| {
            file.text(*it) == "{" && !matches!(file.text(it - 1), "interface" | "struct")
        });
        let Some(open) = open else { continue };
        let end = block_end(file, open + 1);
        found.push((name, open, end));
        at = end;
    }
    found
}

/// `program.option(…).action(…)` before any `.command(…)`.
fn acts_alone(file: &File<'_>, at: usize) -> bool {
    let chain = (at..at + MOST_CHAIN).take_while(|at| !matches!(file.text(*at), ";" | ""));
    let mut calls = chain.filter(|at| file.text(*at) == "." && file.text(at + 2) == "(");
    let first = calls.find(|at| matches!(file.text(at + 1), "action" | "command"));
    first.is_some_and(|at| file.text(at + 1) == "action")
}
