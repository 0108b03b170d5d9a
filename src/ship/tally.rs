//! How far it is: layers and bytes, for a person who waits.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use crate::ui::human_bytes;

/// Counts from any thread.
pub(super) struct Tally {
    layers: usize,
    done: AtomicUsize,
    /// Bytes of the layers' tars, and how many are read.
    bytes: u64,
    read: AtomicU64,
    sent: AtomicU64,
    since: Instant,
}

impl Tally {
    pub(super) fn new(layers: usize, bytes: u64) -> Self {
        Tally {
            layers,
            done: AtomicUsize::new(0),
            bytes,
            read: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            since: Instant::now(),
        }
    }

    pub(super) fn layer(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn sent(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.done.load(Ordering::Relaxed);
        let read = self.read.load(Ordering::Relaxed).min(self.bytes);
        let sent = self.sent.load(Ordering::Relaxed);
        let percent = read.saturating_mul(100) / self.bytes.max(1);
        let millis = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let rate = sent.saturating_mul(1000) / millis.max(1);
        write!(
            f,
            "{percent} %, {done} of {} layers, {} sent, {}/s",
            self.layers,
            human_bytes(sent),
            human_bytes(rate)
        )
    }
}
