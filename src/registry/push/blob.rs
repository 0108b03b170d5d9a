//! Blobs whose bytes are here, or somewhere at the registry already.

use crate::error::{Error, Result};
use crate::names::{Digest, RepositoryName};

use super::patience::Patience;
use super::refusal;
use super::upload::{Pusher, Put, Trouble};
use crate::registry::Registry;
use crate::registry::image::matches;

/// What a registry, or who gives its tokens, says to a request that it won't grant.
const REFUSALS: [&str; 3] = [
    "registry/refused",
    "registry/unauthorized",
    "registry/not-found",
];

impl Registry {
    /// The size of a blob, where it is there. One whose size the registry doesn't tell counts as not there.
    ///
    /// Errors: `registry/unauthorized`, `registry/refused`, `registry/unreachable`.
    pub fn has_blob(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<u64>> {
        Pusher::new(&self.reader, repository).has(digest)
    }

    /// Asks to share a blob of another repository; whether it is there now. It is only a wish: whatever a registry has
    /// against it, the blob can still be sent.
    ///
    /// Errors: `registry/unreachable`, where the registry doesn't answer or wants to be left alone; and Ctrl-C.
    pub fn mount(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        from: &RepositoryName,
    ) -> Result<bool> {
        let pusher = Pusher::sharing(&self.reader, repository, from);
        let query = [("mount", digest.as_str()), ("from", from.as_str())];
        let (answer, next) = match pusher.post(&query) {
            // There is no token for both repositories, or no answer that could be one.
            Err(error) if REFUSALS.contains(&error.id()) => return Ok(false),
            answer => answer?,
        };
        match answer.status {
            201 => {
                let named = answer.header("docker-content-digest");
                Ok(named.is_none_or(|named| named == digest.as_str()))
            }
            202 => {
                // It isn't there, so an upload was opened in its place.
                if let Some(upload) = next {
                    pusher.cancel(&upload);
                }
                Ok(false)
            }
            429 => Err(pusher.refused(&answer)),
            _ => Ok(false),
        }
    }

    /// Pushes a small blob.
    ///
    /// Errors: `registry/unauthorized`, `registry/not-found`, `registry/refused`, `registry/unreachable`,
    /// `registry/arrived-otherwise`, and Ctrl-C.
    pub fn put_blob(
        &self,
        repository: &RepositoryName,
        bytes: &[u8],
        digest: &Digest,
    ) -> Result<()> {
        if !matches(bytes, digest) {
            let what = format!("{digest} is not the digest of what is to be pushed");
            return Err(Error::bug("registry/wrong-digest", what));
        }
        let pusher = Pusher::new(&self.reader, repository);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut patience = Patience::default();
        let mut otherwise = false;
        loop {
            let upload = pusher.open()?;
            let put = pusher.put(&upload, digest, bytes, size);
            if !matches!(put, Ok(Put::Done)) {
                pusher.cancel(&upload);
            }
            let (says, wish) = match put? {
                Put::Done => return Ok(()),
                Put::Trouble(Trouble::Refused(error)) => return Err(error),
                Put::Trouble(Trouble::Otherwise(says)) if otherwise => {
                    return Err(refusal::arrived_otherwise("blob", &says).at(pusher.place()));
                }
                Put::Trouble(Trouble::Otherwise(says)) => {
                    otherwise = true;
                    (says, None)
                }
                Put::Trouble(Trouble::Gone(says)) => (says, None),
                Put::Trouble(Trouble::Again(says, wish)) => (says, wish),
            };
            let Some(wait) = patience.again(wish) else {
                return Err(refusal::unreachable(&says).at(pusher.place()));
            };
            self.reader.net.wait(wait)?;
            // The answer may have been lost, and not the blob. One that arrived otherwise is not believed.
            if !otherwise && pusher.has(digest)? == Some(size) {
                return Ok(());
            }
        }
    }
}
