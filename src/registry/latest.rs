//! What a tag stands for now, as it is.

use crate::error::{Kind, Result};
use crate::names::{Digest, RepositoryName};

use super::Registry;
use super::fetch::{ANY_MANIFEST, LARGEST};
use super::image::{Manifest, digest_of, matches};

/// An image under a tag, byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// The digest of its manifest.
    pub digest: Digest,
    /// Its manifest.
    pub manifest: Vec<u8>,
    /// Its config.
    pub config: Vec<u8>,
}

impl Registry {
    /// What was pushed last under a tag, by whomever; nothing where nothing was, or no image.
    ///
    /// Good for knowing what the registry has, never for learning what a push of ours became: it is only a hint, and
    /// what can't be read, or is larger than ours ever are, counts as nothing.
    /// Errors: `registry/unauthorized`, `registry/unreachable`, and Ctrl-C.
    pub fn latest(&self, repository: &RepositoryName, tag: &str) -> Result<Option<Latest>> {
        let path = format!("v2/{repository}/manifests/{tag}");
        let answer = match self.reader.get(&path, ANY_MANIFEST, LARGEST) {
            // An answer that is too large is among what is refused.
            Err(error) if matches!(error.id(), "registry/not-found" | "registry/refused") => {
                return Ok(None);
            }
            answer => answer?,
        };
        let manifest = serde_json::from_slice::<Manifest>(&answer.body).ok();
        let config = manifest.and_then(|it| it.config?.digest.parse::<Digest>().ok());
        let Some(id) = config else { return Ok(None) };
        let path = format!("v2/{repository}/blobs/{id}");
        let config = match self.reader.get(&path, "*/*", LARGEST) {
            Err(error)
                if error.kind() == Kind::Interrupted
                    || matches!(error.id(), "registry/unauthorized" | "registry/unreachable") =>
            {
                return Err(error);
            }
            Err(_) => return Ok(None),
            Ok(config) => config,
        };
        if !matches(&config.body, &id) {
            return Ok(None);
        }
        Ok(Some(Latest {
            digest: digest_of(&answer.body).parse()?,
            manifest: answer.body,
            config: config.body,
        }))
    }
}
