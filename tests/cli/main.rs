//! The fast ring: the binary as a user meets it, without Docker, Nix, network or root.

#![allow(
    missing_docs,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod arguments;
mod files;
mod ids;
mod missing;
mod refused;
