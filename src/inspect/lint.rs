//! What a Nix file says that its value doesn't show: pins, placeholders, names that are gone.
//!
//! Takes the trees of the files that were read; gives pins, needs and warnings, each with its line.
//! Never follows a value: that is the reader's work.

use std::path::Path;

use rnix::ast::Expr;

use super::project::{Need, Pin, Warning};

/// What was seen in the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lint {
    pub(super) pins: Vec<Pin>,
    pub(super) needs: Vec<Need>,
    pub(super) warnings: Vec<Warning>,
}

/// One Nix file of the project that was read.
pub(super) struct Parsed<'a> {
    /// Relative to the project.
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    pub(super) expr: Expr,
}

/// Looks through the files.
pub(super) fn lint(files: &[Parsed<'_>]) -> Lint {
    let _ = files;
    Lint::default()
}
