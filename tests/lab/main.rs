//! The lab ring: the binary against real Docker, real Nix, a real registry, the unmodified Heroku CLI
//! and a loopback Heroku. Run by `tests/run.sh`, which brings the lab up:
//!
//!     tests/lab/setup.sh && tests/lab/run.sh cargo test --test lab -- --ignored

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
#[path = "../common/expected.rs"]
mod expected;
mod lab;
#[path = "../common/hostile.rs"]
mod values;

mod bases;
mod caches;
mod ci;
mod contents;
mod corpus;
mod direct;
mod docker;
mod early;
mod errors;
mod evaluate;
mod examples;
mod fetched;
mod heroku_build;
mod heroku_yml;
mod hostile;
mod image;
mod init;
mod interrupt;
mod layers;
mod linted;
mod matrix;
mod own_flake;
mod prune;
mod roots;
mod second_engine;
mod shells;
mod words;
