//! Builds of one app, and the places where their sources lie.
//!
//! Takes what a client asked for; a build waits as `pending` and ends once. Never builds anything itself.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::output::Output;
use super::release::Status;
use crate::ids;

/// A place for a tarball of sources. Whoever has its signature may write or read.
#[derive(Clone, Debug)]
pub struct Source {
    /// In the address to write to.
    pub put_signature: String,
    /// In the address to read from.
    pub get_signature: String,
    /// The tarball, once it is there.
    pub file: Option<PathBuf>,
}

/// The sources of a build, as the client named them.
#[derive(Clone, Debug, Default)]
pub struct Blob {
    /// Where they are read from.
    pub url: String,
    /// `SHA256:…`.
    pub checksum: Option<String>,
    /// What they are called.
    pub version: Option<String>,
    /// The same in words.
    pub description: Option<String>,
}

/// A build.
#[derive(Clone, Debug)]
pub struct Build {
    /// Its id.
    pub id: String,
    /// When it was asked for.
    pub created_at: String,
    /// When its status last changed.
    pub updated_at: String,
    /// Where it is in its life.
    pub status: Status,
    /// What it was asked to build.
    pub blob: Blob,
    /// What the builder writes.
    pub output: Arc<Output>,
    /// The release that was made of it.
    pub release: Option<String>,
    /// Orders it to end.
    pub stop: watch::Sender<bool>,
}

impl Build {
    /// A pending one.
    pub fn new(blob: Blob) -> Self {
        let now = ids::now();
        Self {
            id: ids::uuid(),
            created_at: now.clone(),
            updated_at: now,
            status: Status::Pending,
            blob,
            output: Arc::default(),
            release: None,
            stop: watch::Sender::new(false),
        }
    }

    /// Ends a pending build; one that has ended stays as it is. Whether it ended now.
    pub fn finish(&mut self, succeeded: bool) -> bool {
        if self.status != Status::Pending {
            return false;
        }
        self.status = if succeeded {
            Status::Succeeded
        } else {
            Status::Failed
        };
        self.updated_at = ids::now();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_ends_once() {
        let mut build = Build::new(Blob::default());
        assert!(build.finish(false));
        assert!(!build.finish(true));
        assert_eq!(build.status, Status::Failed);
    }
}
