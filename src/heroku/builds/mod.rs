//! Builds at Heroku: from a tarball of sources to a release, made by Heroku's own builder.
//!
//! Takes what `/sources` and `/apps/{app}/builds` answer, cut down to what is used; [`follow`] waits for a build to
//! end. Never shows an address that `/sources` gave: whoever has it has the sources.

mod follow;
#[cfg(test)]
mod tests;
pub(super) mod upload;

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use super::types::ReleaseId;

pub use follow::{Ended, follow, page};

/// A place for a tarball of sources.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Source {
    source_blob: SourceBlob,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
struct SourceBlob {
    get_url: Url,
    put_url: Url,
}

impl Source {
    /// Where the tarball is read from by a build.
    pub fn get_url(&self) -> &Url {
        &self.source_blob.get_url
    }

    /// Where it is sent to.
    pub fn put_url(&self) -> &Url {
        &self.source_blob.put_url
    }

    /// The place of a dry run.
    pub(super) fn pretended(url: &Url) -> Self {
        Source {
            source_blob: SourceBlob {
                get_url: url.clone(),
                put_url: url.clone(),
            },
        }
    }
}

/// Its addresses are permissions, so only their host is shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.put_url().host_str().unwrap_or_default();
        f.debug_struct("Source").field("host", &host).finish()
    }
}

/// A tarball that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
}

impl Upload {
    /// The journal's line.
    pub(super) fn shown(&self) -> String {
        format!("PUT {} bytes to the address that /sources gave", self.bytes)
    }
}

/// What a build is to be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBuild {
    /// What the sources are called: Heroku shows it with the release.
    pub version: String,
    /// The same in words.
    pub description: String,
    /// SHA-256 of the tarball, in hexadecimal digits.
    pub sha256: String,
}

/// The id of a build; safe in a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BuildId(String);

impl BuildId {
    /// The id of a dry run.
    pub(super) fn pretended() -> Self {
        BuildId("00000000-0000-4000-8000-000000000000".to_owned())
    }
}

impl TryFrom<String> for BuildId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = (1..=64).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if fits {
            return Ok(BuildId(text));
        }
        Err(format!(
            "`{}` is not the id of a build",
            text.escape_debug()
        ))
    }
}

impl From<BuildId> for String {
    fn from(id: BuildId) -> String {
        id.0
    }
}

impl fmt::Display for BuildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A build.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Build {
    /// Its id.
    pub id: BuildId,
    /// How far it is.
    pub status: BuildStatus,
    /// Where its output can be read while it runs, and after.
    #[serde(default)]
    pub output_stream_url: Option<Url>,
    /// The release that was made of it.
    #[serde(default, deserialize_with = "id_of")]
    pub release: Option<ReleaseId>,
}

/// How far a build is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum BuildStatus {
    /// It waits or runs.
    Pending,
    /// There is an image, and a release is made of it.
    Succeeded,
    /// There is none.
    Failed,
    /// A word that is not in the schema.
    Other(String),
}

impl From<String> for BuildStatus {
    fn from(text: String) -> Self {
        match text.as_str() {
            "pending" => Self::Pending,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            _ => Self::Other(text),
        }
    }
}

impl fmt::Display for BuildStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Other(text) => text,
        })
    }
}

/// `{"id": "…"}`, `{"id": null}` or `null`.
fn id_of<'de, D: Deserializer<'de>>(value: D) -> Result<Option<ReleaseId>, D::Error> {
    #[derive(Deserialize)]
    struct Named {
        id: Option<ReleaseId>,
    }
    let named = Option::<Named>::deserialize(value)?;
    Ok(named.and_then(|named| named.id))
}
