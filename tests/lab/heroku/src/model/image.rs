//! An image that was pushed to the registry.

/// What the platform must know of an image to release and run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// `APP/TYPE`, where it was pushed.
    pub repository: String,
    /// The image ID: digest of the config, what `docker_image` names.
    pub config_digest: String,
    /// Digest of the manifest, by which dynos pull it.
    pub manifest_digest: String,
    /// The config's `architecture`.
    pub architecture: String,
    /// Number of layers in the manifest.
    pub layers: usize,
    /// `ENTRYPOINT`; empty when there is none.
    pub entrypoint: Vec<String>,
    /// `CMD`; never empty, the registry refuses that.
    pub command: Vec<String>,
}

impl Image {
    /// The image ID as Heroku shortens it in release descriptions.
    pub fn short_id(&self) -> String {
        self.config_digest
            .trim_start_matches("sha256:")
            .chars()
            .take(12)
            .collect()
    }
}
