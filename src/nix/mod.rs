//! Asks the `nix` program.
//!
//! Takes what to evaluate; gives typed answers. Knows the command line and the words of Nix, Lix and
//! Determinate Nix, and tells them apart by what they print, never by their version. Never: a change of
//! the project (locks are not written), a build during evaluation unless it is asked for, a number where a
//! shape will do.

mod answer;
mod container;
mod evaluate;
mod facts;
pub mod formats;
mod version;
mod words;

pub use answer::Answer;
pub use evaluate::{Nix, SYSTEM, Where};
pub use facts::{ClassicFacts, Facts, ImageFacts};
pub use version::{Flavour, Version};
pub use words::{Argument, arguments};
