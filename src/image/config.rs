//! The config and the manifest of an image, and what its layers hold, written and read back.
//!
//! An image remembers by itself which store paths each layer has: in the history of its config, which Docker keeps and
//! shows (`docker history --no-trunc`). So whoever deploys next, from whatever machine, knows as much. Takes layers
//! and how a process starts; gives JSON. What isn't ours is read as nothing, never guessed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::closure::StorePath;
use crate::error::{Error, Result};
use crate::names::Digest;

use super::digest::of;
use super::gzip::Level;
use super::stream::Blob;

/// The kind of manifest that Heroku's registry takes: Docker's version 2, schema 2.
pub const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";

/// The same by the names of OCI, for archives.
pub(super) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// When everything was made.
const CREATED: &str = "1970-01-01T00:00:01Z";

/// The first words of a layer's comment: its format.
const FORMAT: &str = "nixdyno-1";

/// Names of store paths that a layer is known by, beside how many more it has.
const NAMED: usize = 3;

/// A larger config isn't read back, here or by others.
const LARGEST: usize = 3_500_000;

/// A layer that is larger, packed or not, is none: so many as a manifest can name are still summed without a thought.
const LARGEST_LAYER: u64 = 1 << 48;

/// A layer of an image, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// What it is in a registry.
    pub blob: Blob,
    /// How hard it was compressed.
    pub level: Level,
    /// Its store paths, sorted; none for the root beside the store.
    pub paths: Vec<StorePath>,
}

/// How a container starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    /// `CMD`.
    pub cmd: Vec<String>,
    /// Variables, `NAME=value`, in the order of an image's config.
    pub env: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Config<'a> {
    architecture: &'static str,
    #[serde(rename = "config")]
    run: Run<'a>,
    created: &'static str,
    history: Vec<History>,
    os: &'static str,
    rootfs: RootFs<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Run<'a> {
    env: &'a [String],
    cmd: &'a [String],
    working_dir: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct History {
    #[serde(default)]
    created: String,
    #[serde(default)]
    created_by: String,
    #[serde(default)]
    comment: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    empty_layer: bool,
}

#[derive(Serialize)]
struct RootFs<'a> {
    r#type: &'static str,
    diff_ids: Vec<&'a Digest>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u32,
    media_type: String,
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    size: u64,
    digest: Digest,
}

/// The config of an image of these layers, the lowest first.
///
/// Errors: `image/too-many-paths` for one that nobody would read back.
pub fn config(start: &Start, layers: &[Laid]) -> Result<Vec<u8>> {
    let config = Config {
        architecture: "amd64",
        run: Run {
            env: &start.env,
            cmd: &start.cmd,
            working_dir: "/app",
            labels: &start.labels,
        },
        created: CREATED,
        history: layers.iter().map(history).collect(),
        os: "linux",
        rootfs: RootFs {
            r#type: "layers",
            diff_ids: layers.iter().map(|layer| &layer.blob.diff_id).collect(),
        },
    };
    let config = json(&config)?;
    if config.len() > LARGEST {
        return Err(too_many_paths(layers.iter().map(|it| it.paths.len()).sum()));
    }
    Ok(config)
}

/// The manifest over a config and its layers, as Heroku's registry takes it.
///
/// Errors: none that can happen.
pub fn manifest(config: &[u8], layers: &[Laid]) -> Result<Vec<u8>> {
    manifest_of(config, layers, [MANIFEST, CONFIG, LAYER])
}

/// The same in the words of OCI.
pub(super) fn oci_manifest(config: &[u8], layers: &[Laid]) -> Result<Vec<u8>> {
    manifest_of(config, layers, [OCI_MANIFEST, OCI_CONFIG, OCI_LAYER])
}

fn manifest_of(config: &[u8], layers: &[Laid], types: [&str; 3]) -> Result<Vec<u8>> {
    let [manifest, config_type, layer_type] = types.map(str::to_owned);
    json(&Manifest {
        schema_version: 2,
        media_type: manifest,
        config: Descriptor {
            media_type: config_type,
            size: config.len() as u64,
            digest: of(config)?,
        },
        layers: layers
            .iter()
            .map(|layer| Descriptor {
                media_type: layer_type.clone(),
                size: layer.blob.compressed,
                digest: layer.blob.digest.clone(),
            })
            .collect(),
    })
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Error::bug("image/json", error.to_string()))
}

fn history(layer: &Laid) -> History {
    let Blob { bytes, .. } = layer.blob;
    let level = layer.level.name();
    let paths = layer.paths.iter();
    let comment = paths.fold(format!("{FORMAT} {level} {bytes}"), |line, path| {
        line + " " + path.base()
    });
    History {
        created: CREATED.to_owned(),
        created_by: format!("nixdyno: {}", title(&layer.paths)),
        comment,
        empty_layer: false,
    }
}

/// A few words for what a layer holds.
pub fn title(paths: &[StorePath]) -> String {
    let names: Vec<&str> = paths.iter().take(NAMED).map(StorePath::name).collect();
    match (names.is_empty(), paths.len().saturating_sub(NAMED)) {
        (true, _) => "the root beside the store".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} and {more} more", names.join(", ")),
    }
}

/// What an image remembers of its layers, the lowest first; nothing where it wasn't made here, or where manifest,
/// config and their history don't fit each other.
pub fn remembered(manifest: &[u8], config: &[u8]) -> Option<Vec<Laid>> {
    #[derive(Deserialize)]
    struct Config {
        history: Vec<History>,
        rootfs: RootFs,
    }
    #[derive(Deserialize)]
    struct RootFs {
        diff_ids: Vec<Digest>,
    }
    let manifest: Manifest = serde_json::from_slice(manifest).ok()?;
    let config: Config = serde_json::from_slice(config).ok()?;
    let diff_ids = config.rootfs.diff_ids;
    let count = diff_ids.len();
    if manifest.layers.len() != count || config.history.len() != count {
        return None;
    }
    let layers = manifest.layers.into_iter().zip(diff_ids);
    layers
        .zip(config.history)
        .map(|((layer, diff_id), history)| {
            let (level, bytes, paths) = comment(&history.comment)?;
            let blob = Blob {
                diff_id,
                bytes,
                digest: layer.digest,
                compressed: layer.size,
            };
            let fits = layer.media_type == LAYER && layer.size <= LARGEST_LAYER;
            (fits && !history.empty_layer).then_some(Laid { blob, level, paths })
        })
        .collect()
}

/// What [`history`] wrote.
fn comment(comment: &str) -> Option<(Level, u64, Vec<StorePath>)> {
    let mut words = comment.strip_prefix(FORMAT)?.strip_prefix(' ')?.split(' ');
    let level = words.next()?;
    let level = Level::ALL.into_iter().find(|it| it.name() == level)?;
    let bytes: u64 = words.next()?.parse().ok()?;
    let paths: Vec<StorePath> = words.map(StorePath::from_base).collect::<Option<_>>()?;
    (paths.is_sorted() && bytes <= LARGEST_LAYER).then_some((level, bytes, paths))
}

/// Refuses layers whose names no config could hold, before any of them is made.
///
/// Errors: `image/too-many-paths`.
pub fn check_names<'a>(layers: impl Iterator<Item = &'a [StorePath]>) -> Result<()> {
    let (mut paths, mut bytes) = (0, 0);
    for layer in layers {
        paths += layer.len();
        bytes += layer
            .iter()
            .map(|path| path.base().len() + 1)
            .sum::<usize>();
    }
    if bytes > LARGEST {
        return Err(too_many_paths(paths));
    }
    Ok(())
}

fn too_many_paths(paths: usize) -> Error {
    Error::user(
        "image/too-many-paths",
        format!("the closure has {paths} store paths, more than an image's config can name"),
        "deploy by Docker: `--route docker`",
    )
}
