//! A real terminal around the binary: keys in, a screen out. It waits for what the screen shows, and never for a time.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

/// Longer than a busy machine takes for anything.
const DEADLINE: Duration = Duration::from_secs(60);

pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\u{1b}";
pub const CTRL_C: &str = "\u{3}";
pub const DOWN: &str = "\u{1b}[B";
/// Ctrl-U: the line is emptied.
pub const CLEAR: &str = "\u{15}";

/// What the reader of the terminal has seen.
struct Seen {
    parser: vt100::Parser,
    /// The program is gone, and everything that it started.
    ended: bool,
}

/// A terminal with the binary on it.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

/// How a program left its terminal.
pub struct End {
    pub code: i32,
    pub screen: String,
    /// The cursor shows, and keys are the terminal's again.
    pub restored: bool,
}

impl Terminal {
    pub fn new(dir: &Path, args: &[&str], size: (u16, u16), env: &[(&str, &str)]) -> Self {
        Self::with_keys(dir, args, size, env, "")
    }

    /// The same, where somebody pressed keys before the program started.
    pub fn with_keys(
        dir: &Path,
        args: &[&str],
        (rows, columns): (u16, u16),
        env: &[(&str, &str)],
        keys: &str,
    ) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(rows, columns)).unwrap();
        (&pty).write_all(keys.as_bytes()).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_nixdyno"))
            .args(args)
            .current_dir(dir)
            .env_clear()
            .env("PATH", "/nonexistent")
            .env("TERM", "xterm-256color")
            .envs(env.iter().copied())
            .spawn(pts)
            .unwrap();
        let size = |it| NonZeroU16::new(it).unwrap();
        let seen = Seen {
            parser: vt100::Parser::new(size(rows), size(columns), 0),
            ended: false,
        };
        let terminal = Terminal {
            pty: Arc::new(pty),
            child,
            seen: Arc::new((Mutex::new(seen), Condvar::new())),
        };
        let (pty, seen) = (Arc::clone(&terminal.pty), Arc::clone(&terminal.seen));
        std::thread::spawn(move || read(&pty, &seen));
        terminal
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// Makes the terminal another size, as who pulls at its window.
    pub fn resize(&self, rows: u16, columns: u16) {
        self.pty.resize(Size::new(rows, columns)).unwrap();
    }

    /// The screen, as soon as it shows all of `words`.
    #[track_caller]
    pub fn shows(&self, words: &[&str]) -> String {
        let screen = self.until(|seen| {
            let text = seen.parser.screen().contents();
            words.iter().all(|it| text.contains(it)) && is_drawn(seen.parser.screen())
        });
        assert!(screen.1, "waited for {words:?}:\n{}", screen.0);
        screen.0
    }

    /// Waits until a word stands there so many times: a question was asked once more.
    #[track_caller]
    pub fn shows_times(&self, word: &str, times: usize) {
        let (screen, so) = self.until(|seen| {
            let screen = seen.parser.screen();
            screen.contents().matches(word).count() == times && is_drawn(screen)
        });
        assert!(so, "waited for {word:?} {times} times:\n{screen}");
    }

    /// The screen as an SVG, from the line that starts with `first`.
    pub fn picture(&self, first: &str) -> String {
        crate::picture::picture(self.seen.0.lock().unwrap().parser.screen(), first)
    }

    /// Whether any cell of the screen has a colour.
    pub fn has_color(&self) -> bool {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.parser.screen();
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)));
        let mut cells = cells.filter_map(|(row, at)| screen.cell(row, at));
        cells.any(|cell| cell.fgcolor() != vt100::Color::Default || cell.bold())
    }

    /// The end of the program; a child of its own that is left would keep the terminal open.
    #[track_caller]
    pub fn ends(mut self) -> End {
        self.end()
    }

    /// The same, with the terminal still there to look at.
    #[track_caller]
    pub fn end(&mut self) -> End {
        let (screen, ended) = self.until(|seen| seen.ended);
        assert!(ended, "it doesn't end:\n{screen}");
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        let modes = tcgetattr(&*self.pty).unwrap().local_modes;
        let cooked = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        let cursor = !self.seen.0.lock().unwrap().parser.screen().hide_cursor();
        End {
            code,
            screen,
            restored: cursor && modes.contains(cooked),
        }
    }

    /// The screen when something is so, or at the deadline when it is not.
    fn until(&self, is_so: impl Fn(&Seen) -> bool) -> (String, bool) {
        let start = Instant::now();
        let (seen, news) = &*self.seen;
        let mut seen = seen.lock().unwrap();
        loop {
            let so = is_so(&seen);
            let left = DEADLINE.saturating_sub(start.elapsed());
            if so || left.is_zero() || seen.ended {
                return (clean(&seen.parser.screen().contents()), so);
            }
            seen = news.wait_timeout(seen, left).unwrap().0;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only where a test failed halfway.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a list is there to its end: while one stands on the screen the cursor is hidden, and on a line of its own.
fn is_drawn(screen: &vt100::Screen) -> bool {
    let (row, column) = screen.cursor_position();
    let text = screen
        .rows(0, u16::MAX)
        .nth(usize::from(row))
        .unwrap_or_default();
    let answered = ["yes", "no"].iter().any(|it| text.trim_end().ends_with(it));
    !screen.hide_cursor() || column == 0 || answered
}

/// Reads until nobody has the terminal open any more.
fn read(mut pty: &Pty, seen: &(Mutex<Seen>, Condvar)) {
    let mut bytes = [0; 4096];
    loop {
        let count = pty.read(&mut bytes).unwrap_or(0);
        let mut now = seen.0.lock().unwrap();
        match bytes.get(..count) {
            Some(read) if count > 0 => now.parser.process(read),
            _ => now.ended = true,
        }
        seen.1.notify_all();
        if now.ended {
            return;
        }
    }
}

/// Without the spaces that a line ends with.
fn clean(screen: &str) -> String {
    let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}
