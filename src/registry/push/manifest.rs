//! Manifests: what makes blobs an image.

use crate::error::{Error, Result};
use crate::heroku::net::{Method, Repeat, upload_limits};
use crate::names::{Digest, RepositoryName};

use super::patience::Patience;
use super::refusal;
use super::upload::{Pusher, Trouble};
use crate::registry::Registry;
use crate::registry::exchange::{Broken, Content};
use crate::registry::image::digest_of;
use crate::registry::refusal as registry;

/// What a registry says of a blob that a manifest names and it doesn't have.
const MISSING: [&str; 2] = ["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN"];

/// What became of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestPut {
    /// The registry has it, by this digest.
    Stored(Digest),
    /// The registry lacks blobs of it that were believed to be there: send them, and put it again. Empty where it
    /// doesn't say which.
    Missing(Vec<Digest>),
}

impl Registry {
    /// Puts a manifest under a tag or its digest.
    ///
    /// Errors: `registry/unauthorized`, `registry/not-found`, `registry/refused`, `registry/unreachable`,
    /// `registry/arrived-otherwise`, and Ctrl-C.
    pub fn put_manifest(
        &self,
        repository: &RepositoryName,
        reference: &str,
        media_type: &str,
        body: &[u8],
    ) -> Result<ManifestPut> {
        if !is_reference(reference) {
            let what = format!("`{}` is no tag", reference.escape_debug());
            return Err(Error::bug("registry/wrong-reference", what));
        }
        let digest: Digest = digest_of(body).parse()?;
        let pusher = Pusher::new(&self.reader, repository);
        let place = pusher.at(&format!("manifests/{reference}"))?;
        // Repeated below, with more patience; a token that ended is no try.
        let mut request = Pusher::request(Method::Put, &place, Repeat::Unsent);
        request.headers = vec![("content-type", media_type.to_owned())];
        let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let content = Content::Bytes(body, upload_limits(size));
        let mut patience = Patience::default();
        loop {
            let (says, wish) = match pusher.ask(&place, &request, &content) {
                Ok(answer) if (200..=299).contains(&answer.status) => {
                    return match answer.header("docker-content-digest") {
                        Some(named) if named != digest.as_str() => {
                            let says = format!("it calls it {}", pusher.quote(named));
                            Err(refusal::arrived_otherwise("manifest", &says).at(pusher.place()))
                        }
                        _ => Ok(ManifestPut::Stored(digest)),
                    };
                }
                Ok(answer) if registry::has_code(&answer.body, &MISSING) => {
                    let missing = registry::digests_named(&answer.body, &MISSING);
                    return Ok(ManifestPut::Missing(missing));
                }
                Ok(answer) => match pusher.trouble(&answer) {
                    Trouble::Again(says, wish) => (says, wish),
                    Trouble::Otherwise(says) => {
                        let error = refusal::arrived_otherwise("manifest", &says);
                        return Err(error.at(pusher.place()));
                    }
                    Trouble::Gone(_) | Trouble::Refused(_) => return Err(pusher.refused(&answer)),
                },
                Err(Broken::Lost(what)) => (what, None),
                Err(Broken::Final(error)) => return Err(error),
            };
            match patience.again(wish) {
                Some(wait) => self.reader.net.wait(wait)?,
                None => return Err(refusal::unreachable(&says).at(pusher.place())),
            }
        }
    }
}

/// A tag, `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`, or a digest.
fn is_reference(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let tag = text.len() <= 128
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || matches!(c, '.' | '-'));
    tag || text.parse::<Digest>().is_ok()
}
