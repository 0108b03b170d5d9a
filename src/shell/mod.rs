//! Commands: a value first, a process later.
//!
//! Takes a [`Cmd`], which names a [`Tool`] and plain words; gives what the process answered.
//! [`Real`] runs it, [`Dry`] shows it, [`Recorded`] (tests) remembers it. Everything nixdyno starts
//! passes here, in a process group of its own, with a deadline, and is ended on Ctrl-C.
//! Never: a shell string, a secret in an argument, a process left behind.

mod command;
mod dry;
pub mod interrupt;
mod notice;
mod real;
mod recorded;
mod tools;

pub(crate) use command::quote;
pub use command::{Cmd, Effect};
pub use dry::Dry;
pub use real::Real;
pub use recorded::Recorded;
pub use tools::{Tool, Tools};

use crate::error::Result;

/// What a finished process left: its exit code and its two streams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// The exit code; 128 + n when signal n ended the process.
    pub status: i32,
    /// Standard output, lossily decoded.
    pub stdout: String,
    /// Standard error, lossily decoded.
    pub stderr: String,
}

impl Captured {
    /// Whether the process ended with 0.
    pub fn success(&self) -> bool {
        self.status == 0
    }

    /// The last `count` lines of standard error, or of standard output where that is empty.
    pub fn tail(&self, count: usize) -> Vec<String> {
        let text = if self.stderr.trim().is_empty() {
            &self.stdout
        } else {
            &self.stderr
        };
        let lines: Vec<_> = text.trim_end().lines().map(str::to_owned).collect();
        lines.into_iter().rev().take(count).rev().collect()
    }
}

/// What a streamed process left: its exit code and the end of its merged output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Streamed {
    /// The exit code; 128 + n when signal n ended the process.
    pub status: i32,
    /// Up to 40 last lines.
    pub tail: Vec<String>,
}

/// Runs commands, or shows them, or remembers them.
pub trait Runner {
    /// Runs to the end and returns both streams. A non-zero exit code is an answer, not an error.
    ///
    /// Errors: the tool is missing, could not be started, met its deadline, or Ctrl-C.
    fn capture(&self, cmd: &Cmd) -> Result<Captured>;

    /// Runs and hands every line of the merged output to `line` as it comes.
    ///
    /// Errors: as [`Runner::capture`].
    fn stream(&self, cmd: &Cmd, line: &mut dyn FnMut(&str)) -> Result<Streamed>;

    /// The commands with an effect so far, as shown to a user, in order.
    fn journal(&self) -> Vec<String>;

    /// Whether effects are only shown.
    fn is_dry(&self) -> bool {
        false
    }
}
