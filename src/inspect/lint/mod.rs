//! What a Nix file says that its value doesn't show: pins, placeholders, names that are gone.
//!
//! Takes the trees of the files that were read; gives pins, needs and warnings, each with its line.
//! Never follows a value: that is the reader's work. Every check looks at one node and the few around
//! it, so the work grows with the text alone, and ends after [`MOST_NODES`].

mod address;
mod fetch;
mod git;
mod needs;
mod paths;
mod placeholder;
mod reach;
mod removed;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rnix::ast::Expr;
use rowan::ast::AstNode;

use super::needs::together;
use super::project::{Need, Pin, Source, Warning};

pub(super) use paths::NamedPath;
use paths::Paths;
pub(super) use placeholder::{is_no_hash, is_one_letter};
pub(super) use reach::{Outputs, reaches};
pub(super) use removed::release_of;
use text::Names;

/// Nodes of all files together that are looked at, three times each. A large project has a tenth of it.
const MOST_NODES: usize = 1_000_000;
/// Findings of each kind: past these nobody reads on.
const MOST_FOUND: usize = 10_000;

/// What was seen in the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lint {
    pub(super) pins: Vec<Pin>,
    pub(super) needs: Vec<Need>,
    pub(super) warnings: Vec<Warning>,
    /// Files and folders of the project that the files name and can't do without.
    pub(super) paths: BTreeMap<PathBuf, NamedPath>,
    /// Findings about git for which what stands around them was looked through.
    asked: usize,
}

impl Lint {
    fn is_full(&self) -> bool {
        let found = self.pins.len().max(self.needs.len());
        found.max(self.warnings.len()) >= MOST_FOUND
    }

    /// Takes back the warnings of names that are gone, where the project is pinned to a release of nixpkgs
    /// (`20.09`, from a lock or a tool's file) that still has them.
    pub(super) fn built_with(&mut self, release: &str) {
        self.warnings
            .retain(|it| !removed::is_there_in(release, it));
    }
}

/// One Nix file of the project that was read.
pub(super) struct Parsed<'a> {
    /// Relative to the project.
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    pub(super) expr: Expr,
}

/// Looks through the files. Pins come sorted by name, the rest by file and line.
pub(super) fn lint(files: &[Parsed<'_>]) -> Lint {
    lint_some(files, MOST_NODES)
}

/// Looks at the first nodes of the files, in their order.
fn lint_some(files: &[Parsed<'_>], most: usize) -> Lint {
    let imported = fetch::imported(files, most);
    let mut lint = Lint::default();
    let mut paths = Paths::default();
    // These two are written by a tool, and its own sources are known better from its JSON.
    let tools = [Path::new("npins/default.nix"), Path::new("nix/sources.nix")];
    let mut left = most;
    for file in files.iter().filter(|file| !tools.contains(&file.path)) {
        if left == 0 {
            break;
        }
        let sheet = Sheet::of(file, left);
        for node in file.expr.syntax().descendants().take(left) {
            left -= 1;
            if lint.is_full() {
                break;
            }
            fetch::look(&sheet, &node, &imported, &mut lint);
            placeholder::look(&sheet, &node, &mut lint);
            removed::look(&sheet, &node, &mut lint);
            git::look(&sheet, &node, &mut lint);
            needs::look(&sheet, &node, &mut lint);
            paths::look(&sheet, &node, &mut paths);
        }
    }
    lint.paths = paths.needed();
    tidy(&mut lint);
    lint
}

/// Sorts, and leaves out what is said twice of one line.
fn tidy(lint: &mut Lint) {
    lint.pins
        .sort_by(|a, b| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
    lint.pins.dedup();
    lint.needs = together(std::mem::take(&mut lint.needs));
    lint.warnings
        .sort_by(|a, b| (&a.source, &a.id, &a.what).cmp(&(&b.source, &b.id, &b.what)));
    lint.warnings.dedup();
}

/// A file with what is needed to look things up in it.
struct Sheet<'a> {
    path: &'a Path,
    /// Where each line starts, from the second on.
    starts: Vec<usize>,
    names: Names,
}

impl<'a> Sheet<'a> {
    fn of(file: &Parsed<'a>, most: usize) -> Self {
        let breaks = file.text.bytes().enumerate();
        Sheet {
            path: file.path,
            starts: breaks
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1)
                .collect(),
            names: Names::of(file.expr.syntax().descendants().take(most)),
        }
    }

    /// The file and the line of a node.
    fn source(&self, node: &rnix::SyntaxNode) -> Source {
        let at = usize::from(node.text_range().start());
        let line = self.starts.partition_point(|start| *start <= at) + 1;
        Source::file(self.path, u32::try_from(line).ok())
    }
}
