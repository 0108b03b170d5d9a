//! Time as a thing that can be handed in, so that waits of an hour are tested in milliseconds.

use std::time::{Duration, Instant};

use crate::error::Result;
use crate::shell::interrupt;

/// What the waiting code knows of time. Shared by threads that send at once.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment.
    fn now(&self) -> Duration;

    /// Waits.
    ///
    /// Errors: Ctrl-C, at once.
    fn sleep(&self, duration: Duration) -> Result<()>;
}

/// The time of day.
#[derive(Debug, Clone, Copy)]
pub struct WallClock(Instant);

impl WallClock {
    /// A clock that starts now.
    pub fn start() -> Self {
        WallClock(Instant::now())
    }
}

impl Clock for WallClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Result<()> {
        interrupt::sleep(duration)
    }
}
