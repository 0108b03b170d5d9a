//! Heroku's rules as plain functions.
//!
//! Takes text, gives an answer or a refusal. Never touches the network, the clock or the shared state, so every rule is
//! tested by itself in the file that holds it.

pub mod lines;
pub mod names;
pub mod quantity;
pub mod quote;
pub mod range;
