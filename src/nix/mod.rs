//! Asks the `nix` program, and builds with it.
//!
//! Takes what to evaluate; gives typed answers. Knows the command line and the words of Nix, Lix and
//! Determinate Nix, and tells them apart by what they print, never by their version. Never: a change of
//! the project (locks are not written), a build during evaluation unless it is asked for, a number where a
//! shape will do.

mod able;
mod answer;
mod build;
mod closure;
mod container;
mod evaluate;
mod facts;
mod failure;
pub mod formats;
#[cfg(test)]
mod lab;
pub mod log;
mod progress;
mod roots;
mod stand;
mod version;
mod words;

pub use able::{Able, How, able};
pub use answer::Answer;
pub use build::{Realised, Watch, realise};
pub use closure::closure;
pub use evaluate::{Nix, SYSTEM, Where};
pub use facts::{ClassicFacts, Facts, ImageFacts};
pub use progress::{Count, Progress};
pub use roots::{Roots, keep};
pub use stand::{Shell, certificates_of, no_certificates, shell_of};
pub use version::{Flavour, Version};
pub use words::{Argument, arguments};
