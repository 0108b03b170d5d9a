//! Remembers commands and answers from a script: the runner of tests.

use std::cell::RefCell;

use crate::error::Result;

use super::{Captured, Cmd, Effect, Runner, Streamed};

/// Answers each command by the first rule whose words it starts with; without a rule, success and silence.
#[derive(Default)]
pub struct Recorded {
    answers: Vec<(String, Captured)>,
    all: RefCell<Vec<String>>,
    journal: RefCell<Vec<String>>,
}

impl Recorded {
    /// A runner without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Commands that, as shown, start with `prefix` get this answer.
    #[must_use]
    pub fn answer(mut self, prefix: &str, status: i32, stdout: &str, stderr: &str) -> Self {
        let captured = Captured {
            status,
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        };
        self.answers.push((prefix.to_owned(), captured));
        self
    }

    /// Every command so far, questions included.
    pub fn all(&self) -> Vec<String> {
        self.all.borrow().clone()
    }
}

impl Runner for Recorded {
    fn capture(&self, cmd: &Cmd) -> Result<Captured> {
        let shown = cmd.to_string();
        self.all.borrow_mut().push(shown.clone());
        if cmd.effect == Effect::Writes {
            self.journal.borrow_mut().push(shown.clone());
        }
        let rule = self
            .answers
            .iter()
            .find(|(prefix, _)| shown.starts_with(prefix.as_str()));
        Ok(rule.map_or_else(
            || Captured {
                stdout: cmd.pretend.clone(),
                ..Captured::default()
            },
            |(_, answer)| answer.clone(),
        ))
    }

    fn stream(&self, cmd: &Cmd, line: &mut dyn FnMut(&str)) -> Result<Streamed> {
        let answer = self.capture(cmd)?;
        let text = format!("{}{}", answer.stdout, answer.stderr);
        text.lines().for_each(line);
        Ok(Streamed {
            status: answer.status,
            tail: text.lines().map(str::to_owned).collect(),
        })
    }

    fn journal(&self) -> Vec<String> {
        self.journal.borrow().clone()
    }
}
