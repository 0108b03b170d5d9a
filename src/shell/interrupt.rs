//! Ctrl-C and SIGTERM: end what runs, tidy up, say so.
//!
//! Children live in process groups of their own, so the terminal's Ctrl-C reaches only us; the
//! handler passes it on. The first signal asks, the second (or five seconds) kills. When the main
//! thread sits in something that can't be asked (a socket), the handler itself removes the temporary
//! folders and ends the process.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::error::{Error, Kind, Result};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
static PARTING: Mutex<Option<String>> = Mutex::new(None);
static LEFTOVERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// How long children and the main thread get to end by themselves.
const GRACE: Duration = Duration::from_secs(5);

/// Installs the handler; called once, by `main`. `tell` prints [`Error::interrupted`] when the main
/// thread can't.
///
/// Errors: `shell/no-signal-handler` when the system refuses.
pub fn install(tell: impl Fn(&Error) + Send + Clone + 'static) -> Result<()> {
    ctrlc::set_handler(move || on_signal(tell.clone())).map_err(|error| {
        Error::bug(
            "shell/no-signal-handler",
            format!("cannot catch Ctrl-C: {error}"),
        )
    })
}

/// Fails with [`Error::interrupted`] once a signal has come; long loops ask this.
pub fn check() -> Result<()> {
    if INTERRUPTED.load(Ordering::SeqCst) {
        Err(Error::interrupted())
    } else {
        Ok(())
    }
}

/// What a person is to know where the process ends without the main thread; until the guard is dropped.
#[must_use]
pub fn parting(words: &str) -> Parting {
    *lock(&PARTING) = Some(words.to_owned());
    Parting(())
}

/// Keeps the words of [`parting`].
#[derive(Debug)]
pub struct Parting(());

impl Drop for Parting {
    fn drop(&mut self) {
        *lock(&PARTING) = None;
    }
}

/// [`Error::interrupted`], with the words of [`parting`].
fn stopped() -> Error {
    let words = lock(&PARTING).clone();
    let error = Error::interrupted();
    match words {
        Some(words) => error.or(words),
        None => error,
    }
}

/// Sleeps, waking early with an error when a signal comes.
pub fn sleep(duration: Duration) -> Result<()> {
    let until = Instant::now() + duration;
    loop {
        check()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(Duration::from_millis(50)));
    }
}

/// Marks a process group as running until the guard is dropped.
pub(super) struct Group(i32);

impl Group {
    pub(super) fn watch(pid: u32) -> Self {
        let id = i32::try_from(pid).unwrap_or(i32::MAX);
        lock(&GROUPS).insert(id);
        Group(id)
    }

    /// Asks the group to end, then kills it.
    pub(super) fn end(&self) {
        signal(self.0, Signal::TERM);
        std::thread::sleep(Duration::from_millis(500));
        signal(self.0, Signal::KILL);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        lock(&GROUPS).remove(&self.0);
    }
}

/// A temporary folder that is removed on drop, and by the signal handler when the main thread can't.
#[derive(Debug)]
pub struct TempFolder {
    path: PathBuf,
    folder: Option<tempfile::TempDir>,
}

impl TempFolder {
    /// Makes `nixdyno-XXXXXX` in the system's temporary folder.
    ///
    /// Errors: `shell/no-temporary-folder`.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("nixdyno-")
            .tempdir()
            .map_err(|error| {
                Error::user(
                    "shell/no-temporary-folder",
                    format!("cannot make a temporary folder: {error}"),
                    "free some space, or set TMPDIR to a folder you may write",
                )
            })?;
        let path = folder.path().to_owned();
        lock(&LEFTOVERS).insert(path.clone());
        Ok(TempFolder {
            path,
            folder: Some(folder),
        })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // Off the list only once it's gone: the handler may end the process while it is removed.
        drop(self.folder.take());
        lock(&LEFTOVERS).remove(&self.path);
    }
}

/// A file that isn't to stay when the process ends before it is whole; until the guard is dropped.
#[derive(Debug)]
pub struct Leftover(PathBuf);

impl Leftover {
    /// Whoever makes the file removes it, too; this is for when nobody can.
    pub fn watch(path: &Path) -> Self {
        lock(&LEFTOVERS).insert(path.to_owned());
        Leftover(path.to_owned())
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        lock(&LEFTOVERS).remove(&self.0);
    }
}

fn on_signal(tell: impl Fn(&Error) + Send + 'static) {
    let again = INTERRUPTED.swap(true, Ordering::SeqCst);
    let how = if again { Signal::KILL } else { Signal::INT };
    for group in lock(&GROUPS).iter() {
        signal(*group, how);
    }
    if !again {
        std::thread::spawn(move || leave_after_grace(&tell));
    }
}

/// Ends the process when the main thread didn't. Runs beside it, so that a second Ctrl-C is still heard.
fn leave_after_grace(tell: &dyn Fn(&Error)) {
    std::thread::sleep(GRACE);
    for group in lock(&GROUPS).iter() {
        signal(*group, Signal::KILL);
    }
    std::thread::sleep(Duration::from_millis(200));
    for left in lock(&LEFTOVERS).iter() {
        // The main thread may still write into it. After that there is nobody left to tell.
        for _ in 0..5 {
            let removed = if left.is_dir() {
                fs_err::remove_dir_all(left)
            } else {
                fs_err::remove_file(left)
            };
            if removed.is_ok() || !left.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    tell(&stopped());
    #[expect(clippy::exit, reason = "the main thread is blocked and cannot unwind")]
    std::process::exit(i32::from(Kind::Interrupted.exit_code()));
}

fn signal(group: i32, how: Signal) {
    if let Some(pid) = Pid::from_raw(group) {
        // A group that has just ended is what we want.
        let _ = kill_process_group(pid, how);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parting_words_are_said_as_long_as_they_are_true() {
        let words = "a build may have started: look there";
        let parting = parting(words);
        assert!(stopped().to_string().contains(words));
        drop(parting);
        assert!(!stopped().to_string().contains(words));
    }
}
