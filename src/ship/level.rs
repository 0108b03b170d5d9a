//! How hard to compress, by the way to the registry.
//!
//! Compressing hard pays where sending is slower than compressing. The rate of the way is measured while layers are
//! sent, and kept for the next deploy: a machine's way is much the same from day to day.

use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::image::gzip::Level;
use crate::plan::{Compression, Layers};

/// Bytes in a second that one core surely makes when it compresses hard: half of what was measured on a machine with
/// nothing else to do. Too high costs several times the time, too low a tenth of the bytes.
const SMALL_RATE: u64 = 12_500_000;

/// Less says nothing of a rate.
const LEAST: u64 = 4_000_000;
/// In less time a connection is still finding its pace, unless it took as much as this.
const LEAST_TIME: Duration = Duration::from_secs(1);
const PLENTY: u64 = 32_000_000;

/// Measures a way, and chooses.
pub(super) struct Chooser {
    fixed: Option<Level>,
    /// Bytes in a second of the last time; 0 where there was none.
    before: u64,
    cores: u64,
    sent: AtomicU64,
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
    fn begin(&mut self) {
        self.now += 1;
        self.since.get_or_insert_with(Instant::now);
    }

    fn end(&mut self) {
        self.now = self.now.saturating_sub(1);
        if self.now == 0 {
            self.before = self.took();
            self.since = None;
        }
    }

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
            busy: Mutex::default(),
        }
    }

    /// Something is on its way for as long as `send` takes, but for what it waits for by [`Chooser::made`].
    pub(super) fn way<T>(&self, send: impl FnOnce() -> T) -> T {
        self.busy().begin();
        let answer = send();
        self.busy().end();
        answer
    }

    /// The bytes that are on their way, which are made meanwhile: to wait for them is not the way's time.
    pub(super) fn made<R: Read>(&self, reader: R) -> Made<'_, R> {
        Made {
            reader,
            chooser: self,
        }
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

    /// Bytes in a second, where enough was sent to say.
    pub(super) fn rate(&self) -> Option<u64> {
        rate(self.all(), self.busy().took())
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

/// A source whose bytes are made when they are read.
pub(super) struct Made<'a, R> {
    reader: R,
    chooser: &'a Chooser,
}

impl<R: Read> Read for Made<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.chooser.busy().end();
        let count = self.reader.read(buffer);
        self.chooser.busy().begin();
        count
    }
}

fn rate(bytes: u64, took: Duration) -> Option<u64> {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let says = bytes >= PLENTY || (bytes >= LEAST && took >= LEAST_TIME);
    says.then(|| bytes.saturating_mul(1000) / millis)
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
        assert_eq!(choose(24_000_000, 2), Level::Small);
        assert_eq!(choose(26_000_000, 2), Level::Fast);
        assert_eq!(choose(26_000_000, 8), Level::Small);
        assert_eq!(choose(u64::MAX, u64::MAX), Level::Fast);
    }

    #[test]
    fn little_says_nothing_of_a_rate() {
        let second = Duration::from_secs(1);
        assert_eq!(rate(LEAST - 1, second), None);
        assert_eq!(rate(LEAST, second), Some(LEAST));
        assert_eq!(rate(LEAST, second / 2), None, "it has hardly begun");
        assert_eq!(rate(PLENTY, second / 2), Some(2 * PLENTY));
        assert_eq!(rate(u64::MAX, Duration::ZERO), Some(u64::MAX));
    }

    #[test]
    fn a_way_counts_only_while_something_is_on_it() {
        let chooser = Chooser::new(&Layers::default(), Some(7));
        let inner = chooser.way(|| chooser.way(|| chooser.busy().now));
        assert_eq!((inner, chooser.busy().now), (2, 0));
        let took = chooser.busy().took();
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(chooser.busy().took(), took);
        chooser.sent(PLENTY);
        assert!(chooser.rate().is_some());
        assert_eq!(chooser.levels().len(), 2);
    }

    /// Says how many are on their way while it is read.
    struct Watched<'a>(&'a Chooser);

    impl Read for Watched<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer[0] = u8::try_from(self.0.busy().now).unwrap();
            Ok(1)
        }
    }

    #[test]
    fn to_wait_for_what_is_made_is_not_the_ways_time() {
        let chooser = Chooser::new(&Layers::default(), None);
        let mut seen = [9];
        let after = chooser.way(|| {
            chooser
                .made(Watched(&chooser))
                .read_exact(&mut seen)
                .unwrap();
            chooser.busy().now
        });
        assert_eq!((seen, after, chooser.busy().now), ([0], 1, 0));
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
