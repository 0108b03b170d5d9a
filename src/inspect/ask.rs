//! What the caller wants to know, beside the directory.

use crate::names::{AttrPath, NixFile};
use crate::nix::Where;

/// The question put to [`super::inspect`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// The attribute the user named (`--attr`): exactly one candidate results, or an error.
    pub attribute: Option<AttrPath>,
    /// The Nix file the user named (`--file`), in place of flake.nix and default.nix.
    pub file: Option<NixFile>,
    /// Which Nix may be asked; without one the files are only read.
    pub evaluate: Option<Where>,
    /// Whether an expression may import what Nix must build first. That runs the project's builders.
    pub import_from_derivation: bool,
    /// Words the user wants on every call of Nix, such as `--override-input nixpkgs path:…`.
    pub nix_args: Vec<String>,
}
