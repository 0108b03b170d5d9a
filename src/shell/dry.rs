//! Shows what would be run.

use std::cell::RefCell;

use crate::error::Result;

use super::{Captured, Cmd, Effect, Real, Runner, Streamed};

/// Runs commands that only ask; shows and remembers the others, answering with [`Cmd::pretend`].
pub struct Dry {
    real: Real,
    journal: RefCell<Vec<String>>,
}

impl Dry {
    /// A dry runner that asks through `real`.
    pub fn new(real: Real) -> Self {
        Dry {
            real,
            journal: RefCell::default(),
        }
    }

    fn pretend(&self, cmd: &Cmd) -> Captured {
        if cmd.effect == Effect::Writes {
            self.journal.borrow_mut().push(cmd.to_string());
        }
        Captured {
            stdout: cmd.pretend.clone(),
            ..Captured::default()
        }
    }
}

impl Runner for Dry {
    fn capture(&self, cmd: &Cmd) -> Result<Captured> {
        // A question about something that was never made (an image) can only be pretended.
        if cmd.effect == Effect::Writes || !cmd.pretend.is_empty() {
            return Ok(self.pretend(cmd));
        }
        self.real.capture(cmd)
    }

    fn stream(&self, cmd: &Cmd, line: &mut dyn FnMut(&str)) -> Result<Streamed> {
        let answer = self.capture(cmd)?;
        answer.stdout.lines().for_each(line);
        Ok(Streamed {
            status: answer.status,
            tail: Vec::new(),
        })
    }

    fn journal(&self) -> Vec<String> {
        self.journal.borrow().clone()
    }

    fn is_dry(&self) -> bool {
        true
    }
}
