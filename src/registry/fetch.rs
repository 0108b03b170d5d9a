//! Fetches an image's manifest and config back by digest.

use crate::error::Result;
use crate::heroku::net::Net;
use crate::heroku::{Clock, Credentials, RegistryHost, WallClock};
use crate::names::Digest;

use super::image::{ImageConfig, Manifest, Newest, PushedImage, Repository, digest_of, matches};
use super::login::Login;
use super::reader::Reader;
use super::refusal;

/// Every kind of manifest: asked only for the one that Heroku takes, a registry answers "not found"
/// for the others, and nobody learns what was pushed.
pub(super) const ANY_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.index.v1+json";

/// The largest manifest or config that is read. Registries take manifests up to this size.
pub(super) const LARGEST: u64 = 4 * 1024 * 1024;

/// A registry to read from.
pub struct Registry {
    pub(super) reader: Reader,
}

impl Registry {
    /// The registry at `host`. Errors: `heroku/no-certificates`.
    pub fn new(host: &RegistryHost, credentials: Credentials) -> Result<Self> {
        Self::with_clock(host, credentials, Box::new(WallClock::start()))
    }

    /// As [`Registry::new`], with another time.
    pub fn with_clock(
        host: &RegistryHost,
        credentials: Credentials,
        clock: Box<dyn Clock>,
    ) -> Result<Self> {
        Self::of(host, Some(credentials.into()), clock)
    }

    /// Any registry at `host`, asked by whoever `login` says, or by nobody in particular.
    ///
    /// Errors: `heroku/no-certificates`.
    pub fn of(host: &RegistryHost, login: Option<Login>, clock: Box<dyn Clock>) -> Result<Self> {
        let reader = Reader::new(Net::new(clock)?, host.clone(), login);
        Ok(Registry { reader })
    }

    /// Asks for nothing but an answer: it is there, and takes the login.
    ///
    /// Errors: `registry/unauthorized`, `registry/refused`, `registry/unreachable`.
    pub fn reach(&self) -> Result<()> {
        self.reader.get("v2/", "application/json", LARGEST)?;
        Ok(())
    }

    /// The image whose manifest has this digest.
    ///
    /// Errors: `registry/unauthorized`, `registry/not-found`, `registry/refused`,
    /// `registry/unreachable`, `registry/digest-mismatch`, `registry/wrong-manifest`.
    pub fn fetch_back(&self, repository: &Repository, manifest: &Digest) -> Result<PushedImage> {
        let path = format!("v2/{repository}/manifests/{manifest}");
        let answer = self.reader.get(&path, ANY_MANIFEST, LARGEST)?;
        let place = format!("{}/{repository}@{manifest}", self.reader.host);
        if !matches(&answer.body, manifest) {
            return Err(refusal::mismatch("manifest").at(place));
        }
        // The header is only the server's word; the body is what the digest vouches for.
        let header = answer
            .header("content-type")
            .unwrap_or("unknown")
            .to_owned();
        let parsed: Manifest = serde_json::from_slice(&answer.body)
            .map_err(|_| refusal::wrong_manifest(&header).at(&place))?;
        let media_type = parsed.media_type.clone().unwrap_or(header);
        let image_id = parsed
            .config
            .as_ref()
            .and_then(|config| config.digest.parse::<Digest>().ok())
            .ok_or_else(|| refusal::wrong_manifest(&media_type).at(&place))?;
        let config = self.config(repository, &image_id)?;
        Ok(PushedImage::new(
            manifest.clone(),
            media_type,
            image_id,
            &parsed,
            config,
        ))
    }

    /// What was pushed last to a repository, by whomever; nothing where nothing was, or nothing that has layers.
    ///
    /// Good for knowing what the registry has, never for learning what a push of ours became.
    /// Errors: as [`Registry::fetch_back`].
    pub fn newest(&self, repository: &Repository) -> Result<Option<Newest>> {
        let path = format!("v2/{repository}/manifests/latest");
        let answer = match self.reader.get(&path, ANY_MANIFEST, LARGEST) {
            Err(error) if error.id() == "registry/not-found" => return Ok(None),
            answer => answer?,
        };
        let digest: Digest = digest_of(&answer.body).parse()?;
        let Ok(manifest) = serde_json::from_slice::<Manifest>(&answer.body) else {
            return Ok(None);
        };
        let id = manifest.config.as_ref();
        let Some(id) = id.and_then(|config| config.digest.parse::<Digest>().ok()) else {
            return Ok(None);
        };
        let config = self.config(repository, &id)?;
        Ok(Newest::new(digest, id, &manifest, config))
    }

    fn config(&self, repository: &Repository, image_id: &Digest) -> Result<ImageConfig> {
        let path = format!("v2/{repository}/blobs/{image_id}");
        let answer = self.reader.get(&path, "*/*", LARGEST)?;
        let place = format!("{}/{repository}, config {image_id}", self.reader.host);
        if !matches(&answer.body, image_id) {
            return Err(refusal::mismatch("config").at(place));
        }
        serde_json::from_slice(&answer.body).map_err(|_| refusal::unreadable_config().at(place))
    }
}

#[cfg(test)]
mod tests;
