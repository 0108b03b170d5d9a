//! Makes a layer: whole where it is small, else while it is sent.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, Result};
use crate::image::{Blob, Crew, Entry, Kind, Stream, unreadable};
use crate::names::Digest;
use crate::registry::BlobSource;
use crate::shell::interrupt;

use super::level::Chooser;

/// A layer of store paths up to so many bytes is made whole before it is sent: two requests in place of three, and
/// the registry may be asked for it first.
pub(super) const SMALL: u64 = 8 * 1024 * 1024;

/// A layer whose bytes are here.
pub(super) struct Whole {
    pub(super) blob: Blob,
    pub(super) bytes: Vec<u8>,
}

/// Makes a small one.
///
/// Errors: `image/unreadable`.
pub(super) fn whole(
    root: &Path,
    entries: Arc<Vec<Entry>>,
    crew: &Crew,
    read: impl Fn(u64) + Send + Sync + 'static,
) -> Result<Whole> {
    let mut stream = Stream::new(root, entries, crew, read);
    let mut bytes = Vec::new();
    let done = stream.read_to_end(&mut bytes);
    done.map_err(|error| unreadable(&error))?;
    let blob = stream.blob().cloned().ok_or_else(unfinished)?;
    Ok(Whole { blob, bytes })
}

/// What a layer would be, without keeping it.
///
/// Errors: `image/unreadable`.
pub(super) fn blob_of(root: &Path, entries: Arc<Vec<Entry>>, crew: &Crew) -> Result<Blob> {
    let mut stream = Stream::new(root, entries, crew, |_| {});
    let mut buffer = vec![0; 256 * 1024];
    loop {
        interrupt::check()?;
        let count = stream.read(&mut buffer);
        if count.map_err(|error| unreadable(&error))? == 0 {
            return stream.blob().cloned().ok_or_else(unfinished);
        }
    }
}

/// A large one, made as often as it is asked for.
pub(super) struct Source<'a> {
    pub(super) root: &'a Path,
    pub(super) entries: Arc<Vec<Entry>>,
    pub(super) crew: &'a Crew,
    pub(super) read: Arc<dyn Fn(u64) + Send + Sync>,
    chooser: &'a Chooser,
    stop: Arc<AtomicBool>,
    /// How many bytes `read` was told of.
    told: Arc<AtomicU64>,
    stream: Option<Stream>,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        root: &'a Path,
        entries: Arc<Vec<Entry>>,
        crew: &'a Crew,
        read: Arc<dyn Fn(u64) + Send + Sync>,
        chooser: &'a Chooser,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Source {
            root,
            entries,
            crew,
            read,
            chooser,
            stop,
            told: Arc::default(),
            stream: None,
        }
    }

    /// What it came to be.
    pub(super) fn blob(&self) -> Result<Blob> {
        let blob = self.stream.as_ref().and_then(Stream::blob);
        blob.cloned().ok_or_else(unfinished)
    }
}

impl BlobSource for Source<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + Send + '_>> {
        // One that is left is ended first: its threads would wait for good.
        self.stream = None;
        let read = Arc::clone(&self.read);
        let entries = Arc::clone(&self.entries);
        let (told, at) = (Arc::clone(&self.told), AtomicU64::new(0));
        let stream = Stream::new(self.root, entries, self.crew, move |bytes| {
            // What is read once more isn't told once more.
            let end = at.fetch_add(bytes, Ordering::Relaxed) + bytes;
            read(end.saturating_sub(told.fetch_max(end, Ordering::Relaxed)));
        });
        let stoppable = Stoppable {
            reader: self.stream.insert(stream),
            stop: &self.stop,
        };
        Ok(Box::new(self.chooser.made(stoppable)))
    }

    fn most(&self) -> u64 {
        bytes_of(&self.entries)
    }

    fn finish(&mut self) -> Result<(Digest, u64)> {
        let blob = self.blob()?;
        Ok((blob.digest, blob.compressed))
    }
}

/// What entries have of bytes, and half a kilobyte for each: about what their tar has.
pub(super) fn bytes_of(entries: &[Entry]) -> u64 {
    let bytes = |entry: &Entry| match entry.kind {
        Kind::File(bytes) => bytes.saturating_add(512),
        _ => 512,
    };
    entries
        .iter()
        .fold(0, |sum, entry| sum.saturating_add(bytes(entry)))
}

/// Ends with an error once another layer has failed: nobody waits for what can't be used.
struct Stoppable<'a, R> {
    reader: R,
    stop: &'a AtomicBool,
}

impl<R: Read> Read for Stoppable<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("another layer failed"));
        }
        self.reader.read(buffer)
    }
}

fn unfinished() -> Error {
    Error::bug(
        "ship/unfinished",
        "a layer was used before all of it was read",
    )
}
