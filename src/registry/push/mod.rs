//! Pushes blobs and manifests, by the distribution protocol.
//!
//! Takes bytes, or a [`BlobSource`] that makes them; gives digests that the registry agrees with. An upload is
//! opened (POST), filled (PATCH) and given its digest (PUT), each at the address that the answer before it named.
//! Never: believes a digest that isn't the one of what was sent, tells a login to another host, leaves an upload
//! open that it could close.
//!
//! What may be sent twice, when nobody knows whether the first arrived:
//!
//! - HEAD, GET and the PUT of a manifest: freely. They ask, or name a final state.
//! - POST: freely. A lost one leaves an empty upload behind, which no one sees and registries purge.
//! - PATCH: never as it is, it would append twice. How much arrived is asked first, and only the rest is sent. A
//!   registry that can't tell gets all of it again in a new upload: Docker's own, up to 2.8, signs the length into
//!   the address, and gives up an upload that was cut.
//!   One that is answered with 401 was refused before any of it was taken, and goes again with a new token.
//! - PUT of a digest: never as it is, the first one ends the upload. Whether the blob is there is asked first.
//! - DELETE of an upload: once, as a last word.

mod blob;
mod location;
mod manifest;
mod patience;
mod refusal;
mod stream;
#[cfg(test)]
mod tests;
mod upload;

use std::io::Read;

use crate::error::Result;
use crate::names::Digest;

pub use manifest::ManifestPut;

/// Makes the same bytes as often as it is asked to.
pub trait BlobSource: Send {
    /// The bytes from the start. What the registry has already is skipped: making it is quicker than sending it, so
    /// nothing need be kept.
    ///
    /// The reader's errors may carry an [`crate::error::Error`], which is what a person is told then.
    fn open(&mut self) -> Result<Box<dyn Read + Send + '_>>;

    /// So many bytes at most, about: how long they may take depends on it.
    fn most(&self) -> u64;

    /// Digest and size, known after the reader has been read to its end.
    fn finish(&mut self) -> Result<(Digest, u64)>;
}

/// A blob that the registry has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its digest.
    pub digest: Digest,
    /// Its size.
    pub bytes: u64,
}
