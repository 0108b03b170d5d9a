//! Something under way, on one line that changes.
//!
//! Takes a text as often as one likes, from any thread; shows it ten times a second at most, on a terminal as one line
//! that is drawn again and gone at the end, elsewhere as a plain line every ten seconds. No codes of a terminal are
//! needed for it: the line is written over. Whoever else writes to standard error wipes it first ([`above`]).

use std::fmt::{Display, Write as _};
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use console::{measure_text_width, truncate_str};

use super::line::{Line, fit};
use super::{Level, Ui, write_line};

/// How often a line on a terminal changes.
const DRAW: Duration = Duration::from_millis(100);
/// How often there is a line where there is no terminal.
const TELL: Duration = Duration::from_secs(10);

/// How many columns of standard error the line takes now. There is one standard error for the whole program, and so is
/// this; who holds it writes, and nobody else.
static SHOWN: Mutex<usize> = Mutex::new(0);

/// Writes to standard error, in the place of the line if there is one.
pub(super) fn above(write: impl FnOnce(&mut std::io::Stderr)) {
    let mut shown = lock(&SHOWN);
    let mut stderr = std::io::stderr();
    if *shown > 0 {
        // Nobody is told that the story can't be.
        let _ = stderr.write_all(wiped(*shown).as_bytes());
        *shown = 0;
    }
    write(&mut stderr);
}

/// How a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Not at all.
    Hidden,
    /// In lines, one below the other.
    Plain,
    /// In one line.
    Live,
}

/// Something under way. Ends with [`Progress::done`], or when dropped.
pub struct Progress {
    mode: Mode,
    shared: Arc<(Mutex<State>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    text: String,
    /// Whether nobody has seen the text yet.
    fresh: bool,
    done: bool,
}

impl Progress {
    pub(super) fn start(ui: &Ui) -> Self {
        Self::with(match ui.level {
            Level::Quiet => Mode::Hidden,
            Level::Normal if console::Term::stderr().is_term() => Mode::Live,
            // Also with each command between: a line that is drawn again would only jump.
            Level::Normal | Level::Verbose => Mode::Plain,
        })
    }

    fn with(mode: Mode) -> Self {
        let shared = Arc::<(Mutex<State>, Condvar)>::default();
        let watched = Arc::clone(&shared);
        let thread =
            (mode != Mode::Hidden).then(|| std::thread::spawn(move || tell(mode, &watched)));
        Progress {
            mode,
            shared,
            thread,
        }
    }

    /// Says how far it is. Costs little more than making the text, and where nobody sees it not even that.
    pub fn set(&self, text: impl Display) {
        if self.mode != Mode::Hidden {
            let mut state = lock(&self.shared.0);
            state.text.clear();
            // A text that can't be made is not worth more than an empty one.
            let _ = write!(state.text, "{text}");
            state.fresh = true;
        }
    }

    /// A line that stays.
    pub fn say(&self, line: &str) {
        if self.mode != Mode::Hidden {
            above(|stderr| write_line(stderr, detail(line).shown()));
        }
    }

    /// Ends it: on a terminal nothing of it is left.
    pub fn done(self) {
        drop(self);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        lock(&self.shared.0).done = true;
        self.shared.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // It only waits and writes; a panic there takes nothing from the work.
            let _ = thread.join();
        }
    }
}

/// Shows the text whenever it is time for it, until the end.
fn tell(mode: Mode, shared: &(Mutex<State>, Condvar)) {
    let (state, wake) = shared;
    let every = if mode == Mode::Live { DRAW } else { TELL };
    let mut guard = lock(state);
    loop {
        let woken = wake.wait_timeout_while(guard, every, |it| !it.done);
        guard = woken.unwrap_or_else(PoisonError::into_inner).0;
        if guard.done {
            break;
        }
        if std::mem::take(&mut guard.fresh) {
            let text = guard.text.clone();
            // Whoever sets the next one doesn't wait for a slow terminal.
            drop(guard);
            show(mode, &text);
            guard = lock(state);
        }
    }
    drop(guard);
    if mode == Mode::Live {
        above(|_| {});
    }
}

fn show(mode: Mode, text: &str) {
    if mode == Mode::Plain {
        above(|stderr| write_line(stderr, detail(text).shown()));
        return;
    }
    let columns = usize::from(console::Term::stderr().size().1);
    let mut shown = lock(&SHOWN);
    let (drawn, width) = drawn(text, columns, *shown);
    let mut stderr = std::io::stderr();
    // Nobody is told that the story can't be.
    let _ = stderr.write_all(drawn.as_bytes());
    let _ = stderr.flush();
    *shown = width;
}

fn detail(text: &str) -> Line {
    Line::from("       ").then(fit(text))
}

/// What draws a text over one of `before` columns, and how many columns it takes. The last column stays free: a
/// terminal goes to the next line behind it.
fn drawn(text: &str, columns: usize, before: usize) -> (String, usize) {
    let line = detail(text);
    // Where nothing fits but the sign that something is missing, it is left out too.
    let most = columns.saturating_sub(1);
    let line = if most < 2 {
        "".into()
    } else {
        truncate_str(line.shown(), most, "…")
    };
    let width = measure_text_width(&line);
    let rest = " ".repeat(before.saturating_sub(width));
    let back = if rest.is_empty() {
        String::new()
    } else {
        format!("\r{line}")
    };
    (format!("\r{line}{rest}{back}"), width)
}

/// What takes a line of so many columns away.
fn wiped(columns: usize) -> String {
    format!("\r{}\r", " ".repeat(columns))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_text_leaves_nothing_of_a_longer_one() {
        assert_eq!(drawn("abc", 80, 0), ("\r       abc".to_owned(), 10));
        let over = "\r       a  \r       a".to_owned();
        assert_eq!(drawn("a", 80, 10), (over, 8));
        assert_eq!(wiped(3), "\r   \r");
    }

    #[test]
    fn a_text_fits_its_line_and_moves_no_cursor() {
        let (line, width) = drawn(&"é".repeat(300), 20, 0);
        assert_eq!((line.chars().count(), width), (20, 19));
        assert!(line.ends_with('…'));
        let (line, _) = drawn("a\nb\u{1b}[2J", 80, 0);
        assert_eq!(line, "\r       a\\nb\\u{1b}[2J");
        for columns in 0..3 {
            assert!(drawn("abc", columns, 0).1 <= columns);
        }
    }

    #[test]
    fn any_thread_may_say_how_far_it_is() {
        let progress = Progress::with(Mode::Plain);
        std::thread::scope(|scope| {
            for at in 0..4 {
                let progress = &progress;
                scope.spawn(move || (0..1000).for_each(|it| progress.set(format!("{at} {it}"))));
            }
        });
        let state = lock(&progress.shared.0);
        assert!(state.fresh && state.text.ends_with(" 999"));
        drop(state);
        progress.done();
    }

    #[test]
    fn what_nobody_sees_is_not_even_made() {
        static MADE: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        struct Never;
        impl Display for Never {
            fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                MADE.store(true, std::sync::atomic::Ordering::SeqCst);
                Ok(())
            }
        }
        Progress::with(Mode::Hidden).set(Never);
        assert!(!MADE.load(std::sync::atomic::Ordering::SeqCst));
    }
}
