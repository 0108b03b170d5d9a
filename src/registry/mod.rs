//! Pushes images to a registry, fetches back what was pushed, and says whether Heroku can run it.
//!
//! Takes blobs and a manifest, gives the digest it ended with (`push`); takes such a digest, gives the image behind
//! it, checked byte by byte against its digests. [`check()`] then holds it against what Heroku accepts. Never reads
//! a tag back to learn what was pushed: somebody else's push could stand behind it by then. [`Registry::newest`]
//! only tells which layers are there.

mod challenge;
mod check;
mod exchange;
mod fetch;
mod image;
mod latest;
mod login;
mod push;
mod reader;
mod refusal;

pub use check::check;
pub use fetch::Registry;
pub use image::{Layer, Newest, PushedImage, Repository};
pub use latest::Latest;
pub use login::Login;
pub use push::{BlobSource, ManifestPut, Sent};
