//! Drives Docker: from a plan's files to images in the local engine, and from there to a registry.
//!
//! Takes a plan and what was probed; gives images and their digests. Docker is reached through
//! `shell` only. Never chooses a flag by a version it assumes: client, engine and buildx are asked.

mod base;
mod build;
mod contents;
mod failure;
mod image;
mod images;
mod pin;
mod probe;
mod pruned;
mod seal;
mod secrets;
mod send;

pub use base::build_base;
pub use build::{Builder, build, builder, local_tag};
pub use failure::{explain_base, explain_build, explain_push};
pub use image::{Image, digests, forget, inspect, login, pull, push, pushed_digest};
pub use images::{Built, Images, asked_dockerfile, planned_dockerfile};
pub use pin::pin;
pub use probe::{Facts, Version, probe};
use seal::seal;
