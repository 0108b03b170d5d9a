//! Dynos: containers that are started, watched, restarted and ended as Heroku does.
//!
//! Takes releases and scales from the API; the app's list of dynos and its log tell what came of them. Never answers a
//! request and never routes one.

pub mod command;
pub mod container;
pub mod docker;
pub mod formation;
pub mod oneoff;
pub mod release;
mod supervise;
