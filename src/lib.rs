//! nixdyno puts a Nix app on Heroku with one command.
pub mod error;
pub mod heroku;
pub mod inspect;
pub mod names;
pub mod registry;
pub mod secret;
pub mod shell;
