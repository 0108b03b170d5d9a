//! A layer as a stream of compressed bytes, made while it is read.
//!
//! One thread reads files and makes the tar, the crew's threads compress its pieces, and who reads the stream gets them
//! in order. Takes entries; gives bytes, and at their end what they are: diff ID, digest, sizes. Never: a whole layer in
//! memory, or other bytes the next time.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest as _, Sha256};

use crate::names::Digest;

use super::crew::{Crew, Door, Piece, Pressed};
use super::digest::digest;
use super::gzip::{Crc, HEAD, tail};
use super::tar::Tar;
use super::tree::Entry;

/// What a layer came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The digest of its tar.
    pub diff_id: Digest,
    /// Its tar's bytes.
    pub bytes: u64,
    /// The digest of what is sent.
    pub digest: Digest,
    /// Bytes of what is sent.
    pub compressed: u64,
}

/// What the thread that makes the tar hands on.
enum Next {
    Piece(Receiver<Pressed>),
    End { diff_id: [u8; 32], bytes: u64 },
    Broken(io::Error),
}

/// A layer on its way. It is read once, from its first byte to its last.
pub struct Stream {
    next: Option<Receiver<Next>>,
    /// Pieces to be filled again.
    again: Sender<Piece>,
    thread: Option<JoinHandle<()>>,
    ready: Vec<u8>,
    given: usize,
    hash: Sha256,
    crc: Crc,
    compressed: u64,
    blob: Option<Blob>,
    read: Box<dyn Fn(u64) + Send>,
}

impl Stream {
    /// The layer of entries whose files lie below `root`. `read` is told of bytes of its tar as they are passed on.
    pub fn new(
        root: &Path,
        entries: Arc<Vec<Entry>>,
        crew: &Crew,
        read: impl Fn(u64) + Send + 'static,
    ) -> Self {
        let (hand, next) = sync_channel(crew.depth());
        let (again, empty) = channel();
        let thread = crew.door().map(|door| {
            let root = root.to_owned();
            std::thread::spawn(move || produce(&root, &entries, &door, &hand, &empty))
        });
        Stream {
            next: Some(next),
            again,
            thread,
            ready: HEAD.to_vec(),
            given: 0,
            hash: Sha256::new(),
            crc: Crc::default(),
            compressed: 0,
            blob: None,
            read: Box::new(read),
        }
    }

    /// What it came to be; once all of it was read.
    pub fn blob(&self) -> Option<&Blob> {
        self.blob.as_ref()
    }

    /// Makes more ready; nothing at the end.
    fn more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let Some(next) = &self.next else {
            return Ok(());
        };
        match next.recv() {
            Ok(Next::Piece(pressed)) => {
                let Pressed { bytes, crc, piece } = pressed.recv().map_err(|_| ended())?;
                (self.read)(piece.filled as u64);
                self.crc = std::mem::take(&mut self.crc).then(crc);
                self.ready = bytes;
                // The other side may have no use for it any more.
                let _ = self.again.send(piece);
            }
            Ok(Next::End { diff_id, bytes }) => {
                self.ready
                    .extend_from_slice(&tail(std::mem::take(&mut self.crc).value(), bytes));
                self.finish(&diff_id, bytes)?;
            }
            Ok(Next::Broken(error)) => return Err(error),
            Err(_) => return Err(ended()),
        }
        Ok(())
    }

    /// The last bytes are ready: with them the digest is known.
    fn finish(&mut self, diff_id: &[u8; 32], bytes: u64) -> io::Result<()> {
        let mut hash = self.hash.clone();
        hash.update(&self.ready);
        self.next = None;
        self.blob = Some(Blob {
            diff_id: digest(diff_id).map_err(io::Error::other)?,
            bytes,
            digest: digest(&hash.finalize()).map_err(io::Error::other)?,
            compressed: self.compressed + self.ready.len() as u64,
        });
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.ready.len() {
            if self.next.is_none() {
                return Ok(0);
            }
            self.more()?;
        }
        let ready = self.ready.get(self.given..).unwrap_or_default();
        let count = ready.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
            self.hash.update(from);
        }
        self.given += count;
        self.compressed += count as u64;
        Ok(count)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Its own end first: a thread that has nobody to hand on to ends.
        self.next = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn ended() -> io::Error {
    io::Error::other("the thread that makes the layer has ended")
}

/// Reads, makes the tar, and hands its pieces to the crew, in order.
fn produce(
    root: &Path,
    entries: &[Entry],
    door: &Door,
    hand: &SyncSender<Next>,
    empty: &Receiver<Piece>,
) {
    let mut tar = Tar::new(root, entries);
    let mut hash = Sha256::new();
    loop {
        let mut piece = empty.try_recv().unwrap_or_else(|_| Piece::new());
        match tar.fill(&mut piece.bytes) {
            Ok(0) => break,
            Ok(filled) => piece.filled = filled,
            Err(error) => {
                let _ = hand.send(Next::Broken(error));
                return;
            }
        }
        hash.update(piece.filled());
        if hand.send(Next::Piece(door.press(piece))).is_err() {
            return;
        }
    }
    let _ = hand.send(Next::End {
        diff_id: hash.finalize().into(),
        bytes: tar.bytes(),
    });
}
