//! Reads a directory: what can be deployed, which processes, what it's pinned to, each fact with its source.

mod project;

pub use project::*;
