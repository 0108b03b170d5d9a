//! How often an upload is taken up again, and after how long. Pure: no clock, no chance.

use std::time::Duration;

/// How often in a row something may break without a byte gained.
const IDLE: u32 = 5;

/// How often something may break at all.
const TRIES: u32 = 1000;

/// How long to wait in all without a byte gained.
const LONGEST: Duration = Duration::from_secs(120);

/// Counts what broke.
#[derive(Debug, Default)]
pub(super) struct Patience {
    tries: u32,
    idle: u32,
    waited: Duration,
}

impl Patience {
    /// Something arrived since.
    pub(super) fn gained(&mut self) {
        self.idle = 0;
        self.waited = Duration::ZERO;
    }

    /// How long to wait before the next try, or `None` to give up; `wish` is what the registry asked for.
    pub(super) fn again(&mut self, wish: Option<Duration>) -> Option<Duration> {
        self.tries += 1;
        self.idle += 1;
        // 1, 2, 4, 8 seconds.
        let back_off = Duration::from_secs(1 << self.idle.saturating_sub(1).min(5));
        // `Retry-After: 0` must not become a busy loop.
        let wait = wish.unwrap_or(back_off).max(Duration::from_secs(1));
        self.waited = self.waited.saturating_add(wait);
        let more = self.idle < IDLE && self.tries < TRIES && self.waited <= LONGEST;
        more.then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(wish: Option<u64>) -> Vec<u64> {
        let mut patience = Patience::default();
        let wish = wish.map(Duration::from_secs);
        std::iter::from_fn(|| patience.again(wish))
            .map(|wait| wait.as_secs())
            .collect()
    }

    #[test]
    fn the_schedule_is_fixed() {
        assert_eq!(waits(None), [1, 2, 4, 8]);
        assert_eq!(waits(Some(50)), [50, 50]);
        assert_eq!(waits(Some(0)), [1, 1, 1, 1]);
        assert!(waits(Some(3600)).is_empty());
        assert!(waits(Some(u64::MAX)).is_empty());
    }

    #[test]
    fn it_lasts_while_something_arrives_but_not_for_ever() {
        let mut patience = Patience::default();
        let tries = std::iter::from_fn(|| {
            patience.gained();
            patience.again(None)
        });
        assert_eq!(tries.count(), 999);
    }
}
