//! The output of a release command, which clients read while it is still written.
//!
//! Takes bytes from the release dyno, gives them to any number of readers from any offset. Never blocks the writer.

use std::sync::Mutex;

use tokio::sync::watch;

use crate::lab::locked;

/// Heroku cuts release output at this size.
const LONGEST: usize = 300 * 1024 * 1024;

/// A stream that can be read from its begin as often as wanted.
#[derive(Debug)]
pub struct Output {
    bytes: Mutex<Vec<u8>>,
    phase: watch::Sender<Phase>,
}

/// How far a stream is; `written` wakes the readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phase {
    /// Before this, Heroku answers 404.
    pub started: bool,
    /// Nothing comes after this.
    pub closed: bool,
    written: usize,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            bytes: Mutex::default(),
            phase: watch::Sender::new(Phase::default()),
        }
    }
}

impl Output {
    /// The release dyno runs: readers no longer get 404.
    pub fn start(&self) {
        self.phase.send_modify(|phase| phase.started = true);
    }

    /// Adds output.
    pub fn write(&self, bytes: &[u8]) {
        let mut kept = locked(&self.bytes);
        let room = LONGEST.saturating_sub(kept.len());
        kept.extend(bytes.iter().take(room));
        let written = kept.len();
        drop(kept);
        self.phase.send_modify(|phase| phase.written = written);
    }

    /// No more output comes.
    pub fn close(&self) {
        self.phase
            .send_modify(|phase| (phase.started, phase.closed) = (true, true));
    }

    /// How far the stream is, and how to wait for more.
    pub fn watch(&self) -> watch::Receiver<Phase> {
        self.phase.subscribe()
    }

    /// What was written from `offset` on.
    pub fn from(&self, offset: usize) -> Vec<u8> {
        locked(&self.bytes)
            .get(offset..)
            .map(<[u8]>::to_vec)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_can_be_read() {
        let output = Output::default();
        assert!(!output.watch().borrow().started);
        output.start();
        output.write(b"one ");
        output.write(b"two");
        assert_eq!(output.from(0), b"one two");
        assert_eq!(output.from(4), b"two");
        assert_eq!(output.from(99), b"");
        output.close();
        assert!(output.watch().borrow().closed);
    }
}
