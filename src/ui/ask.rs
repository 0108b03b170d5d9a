//! Questions, behind a trait: a terminal asks, a headless run answers with the flag that would have.

use dialoguer::{Confirm, Select};

use super::line::{clean, fit};
use crate::error::{Error, Result};

/// Asks a person.
pub trait Ask {
    /// One of `items`; returns its index. `flag` would have answered.
    ///
    /// Errors: `ui/needs-answer` without a terminal; `interrupted` on Ctrl-C or Escape.
    fn choose(&self, question: &str, items: &[String], flag: &str) -> Result<usize>;

    /// Yes or no, no by default. `flag` would have answered.
    ///
    /// Errors: as [`Ask::choose`].
    fn confirm(&self, question: &str, flag: &str) -> Result<bool>;
}

/// Asks on the terminal.
pub struct Terminal;

impl Ask for Terminal {
    fn choose(&self, question: &str, items: &[String], _flag: &str) -> Result<usize> {
        let items: Vec<String> = items.iter().map(|it| clean(&fit(it))).collect();
        let answer = Select::new()
            .with_prompt(clean(question))
            .items(&items)
            .default(0)
            .interact_opt();
        answer.ok().flatten().ok_or_else(Error::interrupted)
    }

    fn confirm(&self, question: &str, _flag: &str) -> Result<bool> {
        let answer = Confirm::new()
            .with_prompt(clean(question))
            .default(false)
            .interact_opt();
        answer.ok().flatten().ok_or_else(Error::interrupted)
    }
}

/// Asks nobody: says which flag would have answered.
pub struct Headless;

impl Headless {
    fn refuse(question: &str, flag: &str) -> Error {
        Error::user(
            "ui/needs-answer",
            format!("this needs an answer: {question}"),
            format!("answer with `{flag}`"),
        )
        .because("there is no terminal to ask on, or --no-input was given")
    }
}

impl Ask for Headless {
    fn choose(&self, question: &str, _items: &[String], flag: &str) -> Result<usize> {
        Err(Self::refuse(question, flag))
    }

    fn confirm(&self, question: &str, flag: &str) -> Result<bool> {
        Err(Self::refuse(question, flag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headless_names_the_flag() {
        let error = Headless
            .confirm("Write over Dockerfile?", "--yes")
            .unwrap_err();
        insta::assert_snapshot!(error);
    }
}
