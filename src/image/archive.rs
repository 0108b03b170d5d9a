//! Images in one file: an archive that Docker loads and that is an OCI layout as well.
//!
//! Takes layers as they are made, then images over them; gives a tar with `blobs/sha256/…`, `manifest.json` for Docker
//! (`docker load`, skopeo's `docker-archive:`) and `index.json` for OCI (`oci-archive:`, umoci after unpacking). Every
//! layer is written once, while it is made: its name and size, which are known only then, are put into its header
//! after it. Never a half-written archive: it is written beside its place and renamed. A link to the place stays one,
//! and so does the mode of an archive that was there.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ::tar::{EntryType, Header};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::names::Digest;
use crate::shell::interrupt;

use super::config::{Laid, OCI_MANIFEST, oci_manifest};
use super::digest::of;

/// Everything in a tar starts at a multiple of so many bytes.
const BLOCK: usize = 512;

/// The same as a size of a file.
const BLOCK_BYTES: u64 = 512;

/// An image of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name, with a tag: `my-app/web:latest`.
    pub name: String,
    /// Its config.
    pub config: Vec<u8>,
}

/// An archive that is being written.
pub struct Archive {
    file: tempfile::NamedTempFile,
    place: PathBuf,
    /// The mode of the archive that was there.
    mode: Option<u32>,
    blobs: BTreeSet<Digest>,
    at: u64,
    _leftover: interrupt::Leftover,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DockerImage {
    config: String,
    repo_tags: Vec<String>,
    layers: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: u32,
    manifests: Vec<Pointer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pointer {
    media_type: &'static str,
    size: u64,
    digest: Digest,
    annotations: std::collections::BTreeMap<&'static str, String>,
}

impl Archive {
    /// One that will stand at `place`, where a file, or a link to one, may be already.
    ///
    /// Errors: `image/unwritable`.
    pub fn new(place: &Path) -> Result<Self> {
        let (place, mode) = taken(place).map_err(|error| unwritable(place, &error))?;
        let folder = place.parent().filter(|it| !it.as_os_str().is_empty());
        // A new archive is for whom the system says that new files are; one that was there may be for nobody else.
        let new = if mode.is_some() { 0o600 } else { 0o666 };
        let file = tempfile::Builder::new()
            .prefix(".nixdyno-")
            .permissions(Permissions::from_mode(new))
            .tempfile_in(folder.unwrap_or(Path::new(".")));
        let file = file.map_err(|error| unwritable(&place, &error))?;
        let leftover = interrupt::Leftover::watch(file.path());
        let mut archive = Archive {
            file,
            place,
            mode,
            _leftover: leftover,
            blobs: BTreeSet::new(),
            at: 0,
        };
        let layout = br#"{"imageLayoutVersion":"1.0.0"}"#;
        archive.small("oci-layout", layout)?;
        Ok(archive)
    }

    /// Writes a layer while it is read; `digest` is asked when its end was reached.
    ///
    /// Errors: `image/unwritable`, `image/unreadable`, `interrupted`.
    pub fn layer<R: Read>(
        &mut self,
        mut layer: R,
        digest: impl FnOnce(&R) -> Option<Digest>,
    ) -> Result<()> {
        let start = self.at;
        self.write(&[0; BLOCK])?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            interrupt::check()?;
            let count = match layer.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                count => count.map_err(|error| super::tree::unreadable(&error))?,
            };
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            self.write(bytes)?;
        }
        let digest = digest(&layer).ok_or_else(|| {
            Error::bug(
                "image/no-digest",
                "a layer was read to its end and has no digest",
            )
        })?;
        let size = self.at - start - BLOCK_BYTES;
        if !self.blobs.insert(digest.clone()) {
            // The same layer twice: the first one stays.
            return self.back_to(start);
        }
        self.pad()?;
        let end = self.at;
        self.seek(start)?;
        let header = header(&blob(&digest), size)?;
        self.write(header.as_bytes())?;
        self.seek(end)
    }

    /// Writes what names the images, and puts the archive into its place. All have the same layers.
    ///
    /// Errors: `image/unwritable`.
    pub fn finish(mut self, images: &[Named], layers: &[Laid]) -> Result<()> {
        let mut docker = Vec::new();
        let mut index = Vec::new();
        for image in images {
            let config = of(&image.config)?;
            self.blob(&image.config)?;
            let manifest = oci_manifest(&image.config, layers)?;
            let digest = self.blob(&manifest)?;
            docker.push(DockerImage {
                config: blob(&config),
                repo_tags: vec![image.name.clone()],
                layers: layers.iter().map(|it| blob(&it.blob.digest)).collect(),
            });
            let tag = image.name.rsplit_once(':').map_or("latest", |it| it.1);
            // By this others choose an image, so several need names that differ.
            let reference = match images {
                [_] => tag,
                _ => &image.name,
            };
            index.push(Pointer {
                media_type: OCI_MANIFEST,
                size: manifest.len() as u64,
                digest,
                annotations: [
                    ("io.containerd.image.name", whole_name(&image.name)),
                    ("org.opencontainers.image.ref.name", reference.to_owned()),
                ]
                .into(),
            });
        }
        let index = Index {
            schema_version: 2,
            manifests: index,
        };
        self.json("index.json", &index)?;
        self.json("manifest.json", &docker)?;
        self.write(&[0; 2 * BLOCK])?;
        let Archive {
            file, place, mode, ..
        } = self;
        put_down(file, &place, mode).map_err(|error| unwritable(&place, &error))
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        let bytes = serde_json::to_vec(value);
        let bytes = bytes.map_err(|error| Error::bug("image/json", error.to_string()))?;
        self.small(name, &bytes)
    }

    fn blob(&mut self, bytes: &[u8]) -> Result<Digest> {
        let digest = of(bytes)?;
        if self.blobs.insert(digest.clone()) {
            self.small(&blob(&digest), bytes)?;
        }
        Ok(digest)
    }

    fn small(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let header = header(name, bytes.len() as u64)?;
        self.write(header.as_bytes())?;
        self.write(bytes)?;
        self.pad()
    }

    fn pad(&mut self) -> Result<()> {
        let over = self.at % BLOCK_BYTES;
        let zeros = [0; BLOCK];
        let rest = usize::try_from((BLOCK_BYTES - over) % BLOCK_BYTES).unwrap_or_default();
        self.write(zeros.get(..rest).unwrap_or_default())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| unwritable(&self.place, &error))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn seek(&mut self, at: u64) -> Result<()> {
        let sought = self.file.seek(SeekFrom::Start(at));
        sought.map_err(|error| unwritable(&self.place, &error))?;
        self.at = at;
        Ok(())
    }

    fn back_to(&mut self, at: u64) -> Result<()> {
        self.seek(at)?;
        let cut = self.file.as_file().set_len(at);
        cut.map_err(|error| unwritable(&self.place, &error))
    }
}

/// The place itself, behind all links, and the mode of what is there.
fn taken(place: &Path) -> io::Result<(PathBuf, Option<u32>)> {
    let refuse = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    let found = match fs_err::metadata(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if place.is_symlink() {
                return refuse("it is a link that leads nowhere");
            }
            return Ok((place.to_owned(), None));
        }
        found => found?,
    };
    if found.is_dir() {
        return refuse("it is a folder");
    }
    if !found.is_file() {
        return refuse("it is not a regular file");
    }
    let mode = found.permissions().mode() & 0o777;
    Ok((fs_err::canonicalize(place)?, Some(mode)))
}

fn put_down(file: tempfile::NamedTempFile, place: &Path, mode: Option<u32>) -> io::Result<()> {
    file.as_file().sync_all()?;
    if let Some(mode) = mode {
        file.as_file()
            .set_permissions(Permissions::from_mode(mode))?;
    }
    file.persist(place)?;
    Ok(())
}

/// A name with its registry, as containerd knows images: Docker completes names that people give, but not those in archives.
fn whole_name(name: &str) -> String {
    let host = name.split_once('/').map(|(first, _)| first);
    match host {
        Some(host) if host == "localhost" || host.contains(['.', ':']) => name.to_owned(),
        Some(_) => format!("docker.io/{name}"),
        None => format!("docker.io/library/{name}"),
    }
}

fn blob(digest: &Digest) -> String {
    format!(
        "blobs/sha256/{}",
        digest.as_str().trim_start_matches("sha256:")
    )
}

fn header(name: &str, size: u64) -> Result<Header> {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    let named = header.set_path(name);
    named.map_err(|error| Error::bug("image/archive-name", error.to_string()))?;
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(1);
    header.set_size(size);
    header.set_cksum();
    Ok(header)
}

fn unwritable(place: &Path, error: &io::Error) -> Error {
    Error::user(
        "image/unwritable",
        format!("the archive can't be written: {error}"),
        "name another place, or make room: `--output FILE`",
    )
    .at_path(place)
}
