//! The fast ring: the binary as a user meets it, without Docker, Nix, network or root.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests: a failure is a panic"
)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/dockerfile.rs"]
mod dockerfile;
#[path = "../common/hostile.rs"]
mod values;

mod arguments;
mod bases;
mod ci;
mod config;
mod contents;
mod direct;
mod files;
mod heroku_yml;
mod hostile;
mod ids;
mod init;
mod interrupted;
mod left_out;
mod matrix;
mod missing;
mod picture;
mod reference;
mod refused;
mod rendered;
mod terminal;
