//! How hard to compress, by the way to the registry.
//!
//! Compressing hard pays where sending is slower than compressing. The rate of the way is measured while layers are
//! sent, and kept for the next deploy: a machine's way is much the same from day to day.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::image::gzip::Level;
use crate::plan::{Compression, Layers};

/// Bytes in a second that one core makes when it compresses hard, a little less than measured.
const SMALL_RATE: u64 = 25_000_000;

/// Less says nothing of a rate.
const LEAST: u64 = 4_000_000;

/// Measures a way, and chooses.
pub(super) struct Chooser {
    fixed: Option<Level>,
    /// Bytes in a second of the last time; 0 where there was none.
    before: u64,
    cores: u64,
    sent: AtomicU64,
    /// Whether something was compressed hard, which may be slower than the way.
    hard: AtomicBool,
    busy: Mutex<Busy>,
}

/// When something was on its way.
#[derive(Default)]
struct Busy {
    now: usize,
    since: Option<Instant>,
    before: Duration,
}

impl Busy {
    fn took(&self) -> Duration {
        self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Chooser {
    /// What was asked for counts. Images that are to be the same everywhere don't depend on a way.
    pub(super) fn new(layers: &Layers, before: Option<u64>) -> Self {
        let fixed = match layers.compression {
            Compression::Fast => Some(Level::Fast),
            Compression::Small => Some(Level::Small),
            Compression::Auto if layers.fresh => Some(Level::Fast),
            Compression::Auto => None,
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Chooser {
            fixed,
            before: before.unwrap_or(0),
            cores: cores as u64,
            sent: AtomicU64::new(0),
            hard: AtomicBool::new(false),
            busy: Mutex::default(),
        }
    }

    /// Something is on its way for as long as `send` takes.
    pub(super) fn way<T>(&self, level: Level, send: impl FnOnce() -> T) -> T {
        self.hard.fetch_or(level == Level::Small, Ordering::Relaxed);
        {
            let mut busy = self.busy();
            busy.now += 1;
            busy.since.get_or_insert_with(Instant::now);
        }
        let answer = send();
        let mut busy = self.busy();
        busy.now -= 1;
        if busy.now == 0 {
            busy.before = busy.took();
            busy.since = None;
        }
        answer
    }

    fn busy(&self) -> MutexGuard<'_, Busy> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many bytes more were sent.
    pub(super) fn sent(&self, bytes: u64) {
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// All bytes that were sent.
    pub(super) fn all(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Bytes in a second, where enough was sent to say. What was compressed hard may have been waited for, so then it
    /// is no less than the last time.
    pub(super) fn rate(&self) -> Option<u64> {
        let rate = rate(self.all(), self.busy().took())?;
        let hard = self.hard.load(Ordering::Relaxed);
        Some(if hard { rate.max(self.before) } else { rate })
    }

    /// For the next layer.
    pub(super) fn level(&self) -> Level {
        self.fixed
            .unwrap_or_else(|| choose(self.rate().unwrap_or(self.before), self.cores))
    }

    /// How hard a layer may be compressed that was made before, the best first.
    pub(super) fn levels(&self) -> Vec<Level> {
        match (self.fixed, self.level()) {
            (Some(level), _) => vec![level],
            (None, Level::Fast) => vec![Level::Fast, Level::Small],
            (None, Level::Small) => vec![Level::Small, Level::Fast],
        }
    }
}

fn rate(bytes: u64, took: Duration) -> Option<u64> {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    (bytes >= LEAST).then(|| bytes.saturating_mul(1000) / millis)
}

fn choose(rate: u64, cores: u64) -> Level {
    if rate > 0 && rate < SMALL_RATE.saturating_mul(cores) {
        Level::Small
    } else {
        Level::Fast
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_way_is_worth_the_work() {
        assert_eq!(choose(0, 2), Level::Fast, "nothing is known");
        assert_eq!(choose(1_000_000, 2), Level::Small);
        assert_eq!(choose(49_000_000, 2), Level::Small);
        assert_eq!(choose(51_000_000, 2), Level::Fast);
        assert_eq!(choose(51_000_000, 8), Level::Small);
        assert_eq!(choose(u64::MAX, u64::MAX), Level::Fast);
    }

    #[test]
    fn little_says_nothing_of_a_rate() {
        let second = Duration::from_secs(1);
        assert_eq!(rate(LEAST - 1, second), None);
        assert_eq!(rate(LEAST, second), Some(LEAST));
        assert_eq!(rate(u64::MAX, Duration::ZERO), Some(u64::MAX));
    }

    #[test]
    fn a_way_counts_only_while_something_is_on_it() {
        let chooser = Chooser::new(&Layers::default(), Some(7));
        let inner = chooser.way(Level::Fast, || {
            chooser.way(Level::Fast, || chooser.busy().now)
        });
        assert_eq!((inner, chooser.busy().now), (2, 0));
        let took = chooser.busy().took();
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(chooser.busy().took(), took);
        chooser.sent(LEAST);
        assert!(chooser.rate().is_some());
        assert_eq!(chooser.levels().len(), 2);
    }

    #[test]
    fn what_was_asked_for_counts() {
        let of = |compression, fresh| {
            let layers = Layers {
                compression,
                fresh,
                ..Layers::default()
            };
            Chooser::new(&layers, Some(1)).level()
        };
        assert_eq!(of(Compression::Fast, false), Level::Fast);
        assert_eq!(of(Compression::Small, true), Level::Small);
        assert_eq!(of(Compression::Auto, false), Level::Small);
        assert_eq!(of(Compression::Auto, true), Level::Fast);
    }
}
