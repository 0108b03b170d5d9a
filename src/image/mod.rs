//! From a closure to an image: layers of store paths, config and manifest.
//!
//! Takes store paths, what the image is to run, and how the last image laid out its layers; gives layers as
//! normalised tars that are compressed as they are read, and the config and the manifest over them. Never: the
//! network, a whole layer in memory, a name or a time of this machine in an image.

mod archive;
mod assemble;
mod cache;
mod config;
mod crew;
mod digest;
mod frame;
pub mod gzip;
pub mod layers;
mod stream;
mod tar;
mod tree;

pub use archive::{Archive, Named};
pub use assemble::{Known, Slot, slots};
pub use cache::Cache;
pub use config::{Laid, MANIFEST, Start, check_names, config, manifest, remembered, title};
pub use crew::Crew;
pub(crate) use digest::of as digest_of;
pub use frame::{Beside, Outputs, frame, variables};
pub use stream::{Blob, Stream};
pub(crate) use tree::unreadable;
pub use tree::{Entry, Kind, entries, entries_checked};

#[cfg(test)]
mod tests;
