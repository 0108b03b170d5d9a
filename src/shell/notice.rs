//! Says of a silent command that it still runs, and for how long: a person should never wonder.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What is told of a silence: how long the command has run.
pub(super) type Tell = Arc<dyn Fn(Duration) + Send + Sync>;

/// Tells of each silence of a length, until dropped.
pub(super) struct Notice {
    shared: Arc<(Mutex<State>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

struct State {
    done: bool,
    /// When something was last heard or told.
    heard: Instant,
}

impl Notice {
    /// Starts with the command. `silence` is how long it may be quiet.
    pub(super) fn start(silence: Duration, tell: Tell) -> Self {
        let start = Instant::now();
        let state = State {
            done: false,
            heard: start,
        };
        let shared = Arc::new((Mutex::new(state), Condvar::new()));
        let watched = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let (state, wake) = &*watched;
            let mut guard = lock(state);
            while !guard.done {
                let left = silence.saturating_sub(guard.heard.elapsed());
                if left.is_zero() {
                    tell(start.elapsed());
                    guard.heard = Instant::now();
                    continue;
                }
                let woken = wake.wait_timeout(guard, left);
                guard = woken.unwrap_or_else(PoisonError::into_inner).0;
            }
        });
        Notice {
            shared,
            thread: Some(thread),
        }
    }

    /// The command said something.
    pub(super) fn heard(&self) {
        lock(&self.shared.0).heard = Instant::now();
    }
}

impl Drop for Notice {
    fn drop(&mut self) {
        lock(&self.shared.0).done = true;
        self.shared.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // It only sleeps and tells; a panic there takes nothing from the answer.
            let _ = thread.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    fn start(silence: Duration) -> (Notice, Receiver<Duration>) {
        let (send, told) = channel();
        let tell: Tell = Arc::new(move |ran| send.send(ran).unwrap());
        (Notice::start(silence, tell), told)
    }

    #[test]
    fn each_silence_is_told_until_the_end() {
        let (notice, told) = start(Duration::from_millis(5));
        let first = told.recv().unwrap();
        let second = told.recv().unwrap();
        assert!(Duration::from_millis(5) <= first && first < second);
        drop(notice);
        assert!(
            told.iter().count() < usize::MAX,
            "it ends, and with it the sender"
        );
    }

    #[test]
    fn who_speaks_is_not_told_of() {
        let (notice, told) = start(Duration::from_secs(3600));
        notice.heard();
        drop(notice);
        assert_eq!(told.iter().count(), 0);
    }
}
