//! Digests, as the registry writes them.

use std::fmt::Write;

use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::names::Digest;

/// `sha256:` and the digits of a hash.
///
/// Errors: none that can happen with the 32 bytes of a hash.
pub(crate) fn digest(hash: &[u8]) -> Result<Digest> {
    let mut text = String::from("sha256:");
    for byte in hash {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.parse()
}

/// The digest of bytes.
///
/// Errors: as [`digest`].
pub(crate) fn of(bytes: &[u8]) -> Result<Digest> {
    digest(&Sha256::digest(bytes))
}
