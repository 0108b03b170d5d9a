//! Walks over the table of questions.

use crate::error::Result;
use crate::inspect::Project;
use crate::names::AttrPath;
use crate::ui::{Answer, Question};

use super::questions::STEPS;
use super::{Answers, Facts};

/// Where somebody is among the questions, and what was answered.
#[derive(Debug, Clone)]
pub struct Wizard {
    facts: Facts,
    answers: Answers,
    /// The row that comes next.
    at: usize,
    /// The rows that were asked, the last one last.
    past: Vec<usize>,
    /// The attribute that the project was looked at with.
    seen: Option<AttrPath>,
}

impl Wizard {
    /// At the first question.
    pub fn new(facts: Facts) -> Self {
        let answers = Answers::of(&facts);
        Wizard {
            seen: answers.attr.clone(),
            facts,
            answers,
            at: 0,
            past: Vec::new(),
        }
    }

    /// The next question that is open; nothing when all is known.
    pub fn question(&mut self) -> Option<Question> {
        loop {
            let step = STEPS.get(self.at)?;
            if (step.is_open)(&self.facts, &self.answers) {
                let (text, why, kind) = (step.question)(&self.facts, &self.answers);
                return Some(Question {
                    text: text.to_owned(),
                    why,
                    flag: step.flag.to_owned(),
                    kind,
                });
            }
            self.at += 1;
        }
    }

    /// Takes the answer to the question that was given last.
    ///
    /// Errors: those of the answer's own type, where it was not checked before.
    pub fn answer(&mut self, answer: &Answer) -> Result<()> {
        let Some(step) = STEPS.get(self.at) else {
            return Ok(());
        };
        (step.take)(&self.facts, &mut self.answers, answer)?;
        self.past.push(self.at);
        self.at += 1;
        Ok(())
    }

    /// Goes to the question before; says whether there is one. What was answered to it is its default now.
    pub fn back(&mut self) -> bool {
        let before = self.past.pop();
        if let Some(at) = before {
            self.at = at;
        }
        before.is_some()
    }

    /// The attribute that was chosen, where the project has not been looked at with it.
    pub(super) fn unseen(&self) -> Option<AttrPath> {
        let attr = self.answers.attr.as_ref();
        attr.filter(|_| self.answers.attr != self.seen).cloned()
    }

    /// Takes the project as it is with the attribute that was chosen.
    pub(super) fn see(&mut self, project: Project) {
        self.seen.clone_from(&self.answers.attr);
        self.facts.project = project;
    }

    /// What is known.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What was answered.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }
}
