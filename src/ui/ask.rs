//! Questions, behind a trait: a terminal asks, a headless run answers with the flag that would have.

use crate::error::{Error, Result};

/// One question, as data.
#[derive(Debug, Clone)]
pub struct Question {
    /// In few words: it stands on one line of a narrow terminal.
    pub text: String,
    /// Why it is asked, in one line; empty where that is plain.
    pub why: String,
    /// The flag that would have answered.
    pub flag: String,
    /// What can be answered.
    pub kind: Kind,
}

/// What can be answered to a question.
#[derive(Debug, Clone)]
pub enum Kind {
    /// One of several.
    One {
        /// All of them.
        items: Vec<String>,
        /// The one that is marked at first.
        default: usize,
    },
    /// At least one of several.
    Several {
        /// All of them, and whether each is marked at first.
        items: Vec<(String, bool)>,
    },
    /// A text.
    Text {
        /// What stands there at first.
        default: String,
        /// What may stand there at last: an error is shown, and the question asked again.
        check: fn(&str) -> Result<()>,
    },
    /// Yes or no.
    YesNo {
        /// What Enter means.
        default: bool,
    },
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The place of the chosen one.
    One(usize),
    /// The places of those marked, in order.
    Several(Vec<usize>),
    /// A text, without white space around it.
    Text(String),
    /// Yes or no.
    YesNo(bool),
}

/// An answer, or the wish to have another look at the question before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer that the question takes.
    Answer(Answer),
    /// Escape.
    Back,
}

impl Question {
    /// Whether an answer is one to this question.
    ///
    /// Errors: `ui/none-marked`; those of a text's own check; `ui/other-answer`, a defect.
    pub fn check(&self, answer: &Answer) -> Result<()> {
        match (&self.kind, answer) {
            (Kind::One { items, .. }, Answer::One(at)) if *at < items.len() => Ok(()),
            (Kind::Several { .. }, Answer::Several(marked)) if marked.is_empty() => {
                let todo = "mark at least one with the space bar, then press Enter";
                Err(Error::user("ui/none-marked", "nothing is marked", todo))
            }
            (Kind::Several { items }, Answer::Several(marked))
                if marked.iter().all(|at| *at < items.len()) =>
            {
                Ok(())
            }
            (Kind::Text { check, .. }, Answer::Text(text)) => check(text),
            (Kind::YesNo { .. }, Answer::YesNo(_)) => Ok(()),
            _ => Err(Error::bug(
                "ui/other-answer",
                format!("{answer:?} is no answer to `{}`", self.text),
            )),
        }
    }
}

/// Asks a person.
pub trait Ask {
    /// Asks until the answer is one that the question takes.
    ///
    /// Errors: `ui/needs-answer` without a terminal; `ui/terminal-too-small`; `interrupted` on Ctrl-C.
    fn ask(&self, question: &Question) -> Result<Reply>;

    /// One of `items`; returns its index. `flag` would have answered.
    ///
    /// Errors: `ui/needs-answer` without a terminal; `interrupted` on Ctrl-C or Escape.
    fn choose(&self, question: &str, items: &[String], flag: &str) -> Result<usize> {
        let items = items.to_vec();
        let kind = Kind::One { items, default: 0 };
        match self.ask(&plain(question, flag, kind))? {
            Reply::Answer(Answer::One(at)) => Ok(at),
            _ => Err(Error::interrupted()),
        }
    }

    /// Yes or no, no by default. `flag` would have answered.
    ///
    /// Errors: as [`Ask::choose`].
    fn confirm(&self, question: &str, flag: &str) -> Result<bool> {
        let kind = Kind::YesNo { default: false };
        match self.ask(&plain(question, flag, kind))? {
            Reply::Answer(Answer::YesNo(yes)) => Ok(yes),
            _ => Err(Error::interrupted()),
        }
    }
}

fn plain(text: &str, flag: &str, kind: Kind) -> Question {
    Question {
        text: text.to_owned(),
        why: String::new(),
        flag: flag.to_owned(),
        kind,
    }
}

/// Asks nobody: says which flag would have answered.
pub struct Headless;

impl Ask for Headless {
    fn ask(&self, question: &Question) -> Result<Reply> {
        Err(Error::user(
            "ui/needs-answer",
            format!("this needs an answer: {}", question.text),
            format!("answer with `{}`", question.flag),
        )
        .because("there is no terminal to ask on, or --no-input was given"))
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

    #[test]
    fn an_answer_must_fit_its_question() {
        let items = vec![("a".to_owned(), true)];
        let several = plain("Which?", "--x", Kind::Several { items });
        assert!(several.check(&Answer::Several(vec![0])).is_ok());
        insta::assert_snapshot!(
            "none_marked",
            several.check(&Answer::Several(vec![])).unwrap_err()
        );
        for odd in [
            Answer::Several(vec![1]),
            Answer::One(0),
            Answer::YesNo(true),
        ] {
            assert_eq!(several.check(&odd).unwrap_err().id(), "ui/other-answer");
        }
    }
}
