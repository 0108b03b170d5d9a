//! What layers of store paths came to be, remembered on this machine.
//!
//! Takes the paths of a layer and how hard it is compressed; gives its digests and sizes, where they were made here
//! before: then the layer need not be read, nor compressed, to ask a registry for it. Never the layer itself; never a
//! reason to fail: a cache that can't be read or written is an empty one.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::closure::StorePath;
use crate::files;
use crate::names::Digest;

use super::digest::digest;
use super::gzip::Level;
use super::stream::Blob;

/// Changes whenever the same paths would give other bytes.
const FORMAT: &str = "nixdyno layer 2";

/// No entry is larger.
const LARGEST: u64 = 4096;

/// A folder of small files, one a layer.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    diff_id: Digest,
    bytes: u64,
    digest: Digest,
    compressed: u64,
}

impl Cache {
    /// The cache in a folder, which need not be there; without a folder it forgets everything.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Cache { folder }
    }

    /// What these paths came to be, if they were a layer here before.
    pub fn find(&self, paths: &[StorePath], level: Level) -> Option<Blob> {
        let text = files::read_text(&self.file(paths, level)?, LARGEST).ok()?;
        let row: Row = serde_json::from_str(&text).ok()?;
        Some(Blob {
            diff_id: row.diff_id,
            bytes: row.bytes,
            digest: row.digest,
            compressed: row.compressed,
        })
    }

    /// Remembers; what went wrong, where something did.
    pub fn keep(&self, paths: &[StorePath], level: Level, blob: &Blob) -> std::io::Result<()> {
        let Some(file) = self.file(paths, level) else {
            return Ok(());
        };
        let row = Row {
            diff_id: blob.diff_id.clone(),
            bytes: blob.bytes,
            digest: blob.digest.clone(),
            compressed: blob.compressed,
        };
        fs_err::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        files::replace(&file, &serde_json::to_string(&row)?)
    }

    /// Bytes in a second of the way to a registry, as measured last.
    pub fn rate(&self, host: &str) -> Option<u64> {
        let text = files::read_text(&self.rate_file(host)?, LARGEST).ok()?;
        text.trim().parse().ok()
    }

    /// Remembers a rate. Without it the next choice is made without knowing, so nothing can fail.
    pub fn keep_rate(&self, host: &str, rate: u64) {
        if let Some(file) = self.rate_file(host) {
            let folder = file.parent().unwrap_or(Path::new("."));
            let _ = fs_err::create_dir_all(folder)
                .and_then(|()| files::replace(&file, &format!("{rate}\n")));
        }
    }

    fn rate_file(&self, host: &str) -> Option<PathBuf> {
        let name = digest(&Sha256::digest(host)).ok()?;
        let name = name.as_str().trim_start_matches("sha256:");
        Some(self.folder.as_ref()?.join("rates").join(name))
    }

    fn file(&self, paths: &[StorePath], level: Level) -> Option<PathBuf> {
        let mut hash = Sha256::new();
        hash.update(FORMAT);
        hash.update(level.name());
        for path in paths {
            // No name has a line break in it.
            hash.update("\n");
            hash.update(path.base());
        }
        let name = digest(&hash.finalize()).ok()?;
        let name = name.as_str().trim_start_matches("sha256:");
        Some(self.folder.as_ref()?.join("layers").join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(c: char) -> StorePath {
        StorePath::from_base(&format!("{}-app", c.to_string().repeat(32))).unwrap()
    }

    fn blob() -> Blob {
        let digest = |c: char| {
            format!("sha256:{}", c.to_string().repeat(64))
                .parse()
                .unwrap()
        };
        Blob {
            diff_id: digest('a'),
            bytes: 10,
            digest: digest('b'),
            compressed: 5,
        }
    }

    #[test]
    fn what_was_kept_is_found_by_the_same_paths_and_level() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(folder.path().to_owned()));
        let paths = [path('0'), path('1')];
        assert_eq!(cache.find(&paths, Level::Fast), None);
        cache.keep(&paths, Level::Fast, &blob()).unwrap();
        assert_eq!(cache.find(&paths, Level::Fast), Some(blob()));
        assert_eq!(cache.find(&paths, Level::Small), None);
        assert_eq!(cache.find(&paths[..1], Level::Fast), None);
    }

    #[test]
    fn a_spoiled_cache_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(folder.path().to_owned()));
        cache.keep(&[path('0')], Level::Fast, &blob()).unwrap();
        let file = cache.file(&[path('0')], Level::Fast).unwrap();
        for text in ["", "{", "{\"diff_id\":\"x\"}", &" ".repeat(9000)] {
            fs_err::write(&file, text).unwrap();
            assert_eq!(cache.find(&[path('0')], Level::Fast), None, "{text:.20}");
        }
        // A file in the folder's place, as on a full disk.
        let cache = Cache::new(Some(file.clone()));
        assert!(cache.keep(&[path('0')], Level::Fast, &blob()).is_err());
        assert!(
            Cache::new(None)
                .keep(&[path('0')], Level::Fast, &blob())
                .is_ok()
        );
    }
}
