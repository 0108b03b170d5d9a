//! The terminal while a question stands on it: every key is a character, Ctrl-C too.
//!
//! Without this a Ctrl-C between two keys would be a signal, and the question wait for a key that doesn't come. What
//! was is brought back when the question is answered, and by [`restore`] when the program ends another way.

use std::sync::{Mutex, PoisonError};

use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
};

/// How the terminal was. There is one for the whole program, and so is this.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal is another one until this is dropped.
pub(super) struct Raw;

impl Raw {
    pub(super) fn enter() -> Self {
        let stdin = std::io::stdin();
        if let Ok(before) = tcgetattr(&stdin) {
            let mut raw = before.clone();
            raw.local_modes -= LocalModes::ISIG | LocalModes::ICANON | LocalModes::ECHO;
            *lock() = Some(before);
            // A terminal that refuses shows what is typed twice, and no more harm is done.
            let _ = tcsetattr(&stdin, OptionalActions::Drain, &raw);
        }
        Raw
    }

    /// Forgets the keys that were pressed before a question showed: they were meant for something else.
    pub(super) fn forget_keys() {
        // A terminal that refuses is one that nobody types at.
        let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        restore();
    }
}

/// Brings the terminal back to how it was, with its cursor; nothing where no question stands on it.
pub fn restore() {
    if let Some(before) = lock().take() {
        let _ = console::Term::stderr().show_cursor();
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &before);
    }
}

fn lock() -> std::sync::MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}
