//! The wizard: from a project that was never seen before to the files of its first deploy.
//!
//! Takes [`Facts`], what inspection found and what was said already; gives questions one by one, takes answers, and
//! makes of them the text of nixdyno.toml. Each question is a row of a table, and a state machine walks over it:
//! forwards by an answer, backwards by Escape. Never asks what is known, never writes a file, never touches a terminal.

mod answers;
mod facts;
mod questions;
mod show;
#[cfg(test)]
mod tests;
mod toml;
mod wizard;

pub use answers::Answers;
pub use facts::{Facts, Heroku};
pub use show::{decided, next};
pub use toml::{Extra, text};
pub use wizard::Wizard;

use crate::error::{Error, Kind, Result};
use crate::inspect::Project;
use crate::names::AttrPath;
use crate::ui::{Ask, Reply};

/// Asks every question that is open. `look` inspects the project once more, for an attribute that was chosen; `tell`
/// shows why that can't be the one.
///
/// Errors: `interrupted`, and those of `look` that no other answer can mend.
pub fn ask(
    wizard: &mut Wizard,
    person: &dyn Ask,
    look: &dyn Fn(Option<AttrPath>) -> Result<Project>,
    tell: &dyn Fn(&Error),
) -> Result<()> {
    while let Some(question) = wizard.question() {
        match person.ask(&question)? {
            Reply::Back => {
                wizard.back();
            }
            Reply::Answer(answer) => {
                question.check(&answer)?;
                wizard.answer(&answer)?;
                see(wizard, look, tell)?;
            }
        }
    }
    Ok(())
}

/// Looks at the project with the attribute that was chosen, where it has not been seen so.
fn see(
    wizard: &mut Wizard,
    look: &dyn Fn(Option<AttrPath>) -> Result<Project>,
    tell: &dyn Fn(&Error),
) -> Result<()> {
    let Some(attribute) = wizard.unseen() else {
        return Ok(());
    };
    match look(Some(attribute)) {
        Ok(project) => wizard.see(project),
        Err(error) if error.kind() == Kind::User => {
            tell(&error);
            wizard.back();
        }
        Err(error) => return Err(error),
    }
    Ok(())
}
