//! nixdyno puts a Nix app on Heroku with one command.
pub mod error;
pub mod inspect;
pub mod names;
pub mod nix;
pub mod secret;
pub mod shell;
