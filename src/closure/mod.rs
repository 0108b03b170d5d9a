//! The graph of store paths that stand on each other.
//!
//! Takes what Nix has registered of some paths; gives a [`Closure`]: their sizes, who refers to whom, what stands
//! below a path, the shortest way to it, and what would go if it went ([`Dominators`]). Pure: no file, no store.
//! Never recurses, and its work is linear in the references, or nearly so.

mod dominators;
mod graph;
mod path;
mod registration;

pub use dominators::Dominators;
pub use graph::{Closure, Cycle, Id};
pub use path::StorePath;
pub use registration::{Malformed, Registered, registration};
