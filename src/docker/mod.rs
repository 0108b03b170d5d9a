//! Drives Docker: from a plan's files to images in the local engine, and from there to a registry.
//!
//! Takes a [`Context`] and what was probed; gives an image's ID and digest. Docker is reached through
//! `shell` only. Never chooses a flag by a version it assumes: client, engine and buildx are asked.

mod build;
mod context;
mod failure;
mod image;
mod probe;

pub use build::{Builder, build, builder, local_tag};
pub use context::{Context, Staged, survey};
pub use failure::explain_build;
pub use image::push;
pub use image::{Image, inspect, login, pushed_digest};
pub use probe::{Facts, Version, probe};
