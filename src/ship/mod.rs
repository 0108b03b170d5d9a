//! Brings an image to where it is to be: a registry, an archive, the engine of this machine.
//!
//! Takes a closure, the root beside it, and how each process starts; makes the layers that aren't there yet while they
//! are sent, several at once. What is there is asked first, so that a deploy sends what changed. Never: a layer read
//! that the registry has, a manifest before its layers, an image released.

mod archive;
mod level;
mod make;
mod output;
mod send;
mod tally;

use std::path::Path;

use crate::closure::{Closure, StorePath};
use crate::error::Result;
use crate::image::{Blob, Cache, Entry, Start, entries_checked, title};
use crate::names::ProcessType;
use crate::plan::Layers;
use crate::ui::{Ui, human_bytes};

pub use archive::archive;
pub use output::{Output, Place};
pub use send::{Target, Went, send};

/// An image to be, one for each process type: they differ in how they start.
pub struct Image<'a> {
    /// Where the store is: `/`, but for tests.
    pub root: &'a Path,
    /// All store paths that it has.
    pub closure: &'a Closure,
    /// Those that a deploy is likely to change.
    pub roots: &'a [StorePath],
    /// The root beside the store.
    pub frame: Vec<Entry>,
    /// How each process starts.
    pub starts: Vec<(ProcessType, Start)>,
    /// How it is laid out.
    pub layers: &'a Layers,
}

impl Image<'_> {
    /// What a layer of some of its paths holds, each as large as Nix has it registered.
    fn entries(&self, paths: &[StorePath]) -> Result<Vec<Entry>> {
        let registered = |path: &StorePath| Some(self.closure.bytes(self.closure.find(path)?));
        entries_checked(self.root, paths, &registered)
    }
}

/// What bringing an image needs beside it.
pub struct Hands<'a> {
    /// What layers came to be before.
    pub cache: &'a Cache,
    /// Tells the story.
    pub ui: &'a Ui,
}

impl Hands<'_> {
    /// A layer that was made.
    fn tell(&self, paths: &[StorePath], blob: &Blob) {
        self.ui.detail(&format!(
            "{}: {}, {} compressed",
            title(paths),
            human_bytes(blob.bytes),
            human_bytes(blob.compressed)
        ));
    }
}
