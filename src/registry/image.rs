//! What a registry holds of an image: its manifest and its config, read from JSON. Pure.

use std::fmt;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::names::{AppName, Digest, ProcessType, RepositoryName};

/// Where Heroku keeps the image of a process type: `APP/PROCESS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The app.
    pub app: AppName,
    /// The process type.
    pub process: ProcessType,
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.app, self.process)
    }
}

impl Repository {
    /// Its name, as any registry takes it.
    ///
    /// Errors: `names/repository`: Heroku knows process types, such as `Web`, that are no part of one.
    pub fn name(&self) -> Result<RepositoryName> {
        self.to_string().parse()
    }
}

/// An image as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedImage {
    /// The digest of its manifest, by which it was fetched.
    pub manifest: Digest,
    /// The manifest's own word for what it is.
    pub media_type: String,
    /// The digest of its config: what Heroku calls `docker_image`.
    pub image_id: Digest,
    /// Such as `amd64`.
    pub architecture: String,
    /// Such as `linux`.
    pub os: String,
    /// How many layers.
    pub layers: usize,
    /// The size of all layers as they are stored.
    pub compressed_bytes: u64,
    /// `CMD`.
    pub cmd: Vec<String>,
    /// `ENTRYPOINT`.
    pub entrypoint: Vec<String>,
}

/// A layer that a registry has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The digest of its tar, by which an engine knows it.
    pub diff_id: String,
    /// Its size as it is stored, compressed.
    pub bytes: u64,
}

/// What a tag stood for when it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The digest of its config: the image's ID.
    pub image_id: Digest,
    /// Its layers, the lowest first.
    pub layers: Vec<Layer>,
}

/// A manifest of any kind: the fields that images have, all optional, because a list of manifests
/// has none of them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    #[serde(default)]
    pub(super) media_type: Option<String>,
    #[serde(default)]
    pub(super) config: Option<Descriptor>,
    #[serde(default)]
    pub(super) layers: Vec<Descriptor>,
}

/// A pointer to a blob.
#[derive(Debug, Deserialize)]
pub(super) struct Descriptor {
    pub(super) digest: String,
    #[serde(default)]
    pub(super) size: u64,
}

/// An image's config.
#[derive(Debug, Deserialize)]
pub(super) struct ImageConfig {
    #[serde(default)]
    pub(super) architecture: String,
    #[serde(default)]
    pub(super) os: String,
    #[serde(default)]
    pub(super) config: Option<Run>,
    #[serde(default)]
    pub(super) rootfs: RootFs,
}

/// The layers of an image's config. A list of another length than the manifest's has no meaning.
#[derive(Debug, Default, Deserialize)]
pub(super) struct RootFs {
    #[serde(default)]
    pub(super) diff_ids: Vec<String>,
}

/// How a container starts. Docker writes `null` where there is nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Run {
    #[serde(default)]
    pub(super) cmd: Option<Vec<String>>,
    #[serde(default)]
    pub(super) entrypoint: Option<Vec<String>>,
}

/// Whether `bytes` are what `digest` names.
pub(super) fn matches(bytes: &[u8], digest: &Digest) -> bool {
    digest_of(bytes) == digest.as_str()
}

/// `sha256:` and the digest of `bytes`.
pub(super) fn digest_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut hex = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl Newest {
    /// Puts a manifest and its config together; nothing where they don't fit each other.
    pub(super) fn new(
        digest: Digest,
        image_id: Digest,
        manifest: &Manifest,
        config: ImageConfig,
    ) -> Option<Self> {
        if manifest.layers.len() != config.rootfs.diff_ids.len() {
            return None;
        }
        let layers = manifest.layers.iter().zip(config.rootfs.diff_ids);
        Some(Newest {
            manifest: digest,
            image_id,
            layers: layers
                .map(|(layer, diff_id)| Layer {
                    diff_id,
                    bytes: layer.size,
                })
                .collect(),
        })
    }
}

impl PushedImage {
    /// Puts a manifest and its config together.
    pub(super) fn new(
        digest: Digest,
        media_type: String,
        image_id: Digest,
        manifest: &Manifest,
        config: ImageConfig,
    ) -> Self {
        let run = config.config.unwrap_or_default();
        PushedImage {
            manifest: digest,
            media_type,
            image_id,
            architecture: config.architecture,
            os: config.os,
            layers: manifest.layers.len(),
            compressed_bytes: manifest
                .layers
                .iter()
                .fold(0, |sum, layer| layer.size.saturating_add(sum)),
            cmd: run.cmd.unwrap_or_default(),
            entrypoint: run.entrypoint.unwrap_or_default(),
        }
    }
}
