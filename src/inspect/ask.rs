//! What the caller wants to know, beside the directory.

use crate::names::AttrPath;

/// The question put to [`super::inspect`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// The attribute the user named (`--attr`): exactly one candidate results, or an error.
    pub attribute: Option<AttrPath>,
    /// Whether Nix may be asked. Without it, and without `nix` on `PATH`, the files are only read.
    pub evaluate: bool,
    /// Words the user wants on every call of Nix, such as `--override-input nixpkgs path:…`.
    pub nix_args: Vec<String>,
}
