//! Asks the `nix` program.
//!
//! Takes what to evaluate; gives typed answers. Knows the command line and the words of Nix, Lix and
//! Determinate Nix, and tells them apart by what they print, never by their version. Never: a change of
//! the project (locks are not written), a build during evaluation, a number where a shape will do.

mod answer;
mod evaluate;
pub mod formats;
mod version;

pub use answer::{Answer, ClassicFacts, Facts};
pub use evaluate::Nix;
pub use version::{Flavour, Version};
