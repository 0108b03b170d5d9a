//! nixdyno puts a Nix app on Heroku with one command.
//!
//! Data flows one way, through rooms with one type in and one type out; ARCHITECTURE.md has the
//! picture, each room's own page says what it takes, gives and never does.

pub mod cli;
pub mod closure;
pub mod commands;
pub mod contents;
pub mod context;
pub mod deploy;
pub mod direct;
pub mod docker;
pub mod error;
pub mod files;
pub mod heroku;
mod ignores;
pub mod image;
pub mod init;
pub mod inspect;
pub mod manifest;
pub mod names;
pub mod nix;
pub mod plan;
mod programs;
pub mod prune;
pub mod registry;
pub mod render;
pub mod secret;
pub mod settings;
pub mod shell;
pub mod ship;
pub mod ui;
