//! Asks on the terminal. Lists and yes-or-no are dialoguer's; a line of text is [`super::field`]'s.

use console::{Style, Term, truncate_str};
use dialoguer::{Confirm, MultiSelect, Select};

use super::ask::{Answer, Ask, Kind, Question, Reply};
use super::field::{self, Step};
use super::line::{clean, fit};
use super::raw::Raw;
use super::theme::Signs;
use crate::error::{Error, Result};
use crate::shell::interrupt;

/// Rows and columns that a question needs.
const LEAST: (u16, u16) = (5, 10);

/// Asks on the terminal.
pub struct Terminal {
    term: Term,
    theme: Signs,
}

impl Terminal {
    /// On standard error, in colour or not.
    pub(super) fn new(color: bool) -> Self {
        // dialoguer asks this of the whole program.
        console::set_colors_enabled_stderr(color);
        Terminal {
            term: Term::stderr(),
            theme: Signs::default(),
        }
    }

    /// A text on as many lines as the terminal needs, none of them parted within a word.
    fn say(&self, mark: &str, text: &str, style: &Style) {
        let width = usize::from(self.term.size().1).saturating_sub(mark.len() + 1);
        let blank = " ".repeat(mark.len());
        let lines = wrap(&clean(&fit(text)), width.max(10));
        for (at, line) in lines.iter().enumerate() {
            let mark = if at == 0 { mark } else { &blank };
            // The question itself is what counts.
            let _ = self
                .term
                .write_line(&format!("{mark}{}", style.apply_to(line)));
        }
    }

    /// What fits on one line beside the marks of a list.
    fn item(&self, text: &str) -> String {
        let width = usize::from(self.term.size().1).saturating_sub(8).max(8);
        truncate_str(&clean(&fit(text)), width, "…").into_owned()
    }

    /// A list needs room for its question, and dialoguer some more: it panics on a terminal of two lines.
    fn check_size(&self) -> Result<()> {
        let (rows, columns) = self.term.size();
        if rows < LEAST.0 || columns < LEAST.1 {
            return Err(too_small());
        }
        Ok(())
    }

    /// Asks once. A terminal that somebody makes too small while the question stands ends it with an error.
    fn asked(&self, question: &Question, typed: Option<&str>) -> Result<Reply> {
        // Nothing is kept of what a panic left halfway. The hook is quiet meanwhile: the error says it better.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let once = std::panic::AssertUnwindSafe(|| self.once(question, typed));
        let asked = std::panic::catch_unwind(once);
        std::panic::set_hook(hook);
        match asked {
            Ok(Ok(reply)) => Ok(reply),
            // Whatever keeps the terminal from asking: nobody can answer any more.
            Ok(Err(_)) => {
                if matches!(question.kind, Kind::YesNo { .. }) {
                    // The cursor is still behind the question.
                    let _ = self.term.write_line("");
                }
                Err(Error::interrupted())
            }
            Err(_) => Err(too_small()),
        }
    }

    fn once(
        &self,
        question: &Question,
        typed: Option<&str>,
    ) -> std::result::Result<Reply, dialoguer::Error> {
        let text = clean(&question.text);
        let answer = match &question.kind {
            Kind::One { items, default } => Select::with_theme(&self.theme)
                .with_prompt(text)
                .items(items.iter().map(|it| self.item(it)))
                .default(*default)
                .report(true)
                .interact_on_opt(&self.term)?
                .map(Answer::One),
            Kind::Several { items } => MultiSelect::with_theme(&self.theme)
                .with_prompt(text)
                .items_checked(items.iter().map(|(it, on)| (self.item(it), *on)))
                .report(true)
                .interact_on_opt(&self.term)?
                .map(Answer::Several),
            Kind::YesNo { default } => Confirm::with_theme(&self.theme)
                .with_prompt(text)
                .default(*default)
                .report(true)
                .interact_on_opt(&self.term)?
                .map(Answer::YesNo),
            Kind::Text { default, .. } => {
                let start = typed.unwrap_or(default);
                self.text(&text, start)?.map(Answer::Text)
            }
        };
        Ok(answer.map_or(Reply::Back, Reply::Answer))
    }

    fn text(&self, prompt: &str, default: &str) -> std::io::Result<Option<String>> {
        let theme = &self.theme;
        let bold = theme.prompt_style.apply_to(prompt);
        let head = format!("{} {bold}", theme.prompt_prefix);
        self.term.write_line(&head)?;
        let mark = theme.active_item_prefix.to_string();
        let step = field::edit(&self.term, &mark, default)?;
        self.term.clear_last_lines(1)?;
        match step {
            Step::Done(text) => {
                let value = theme.values_style.apply_to(self.item(&text));
                let done = format!(
                    "{} {bold} {} {value}",
                    theme.success_prefix, theme.success_suffix
                );
                self.term.write_line(done.trim_end())?;
                Ok(Some(text))
            }
            Step::Back => Ok(None),
            Step::Stop | Step::More => Err(std::io::ErrorKind::Interrupted.into()),
        }
    }
}

impl Ask for Terminal {
    fn ask(&self, question: &Question) -> Result<Reply> {
        self.check_size()?;
        let _raw = Raw::enter();
        // Whoever pressed it just before means this question, too.
        interrupt::check()?;
        if !question.why.is_empty() {
            let dim = &self.theme.hint_style;
            self.say("  ", &format!("{} ({})", question.why, question.flag), dim);
        }
        if matches!(question.kind, Kind::Several { .. }) {
            let dim = &self.theme.hint_style;
            self.say("  ", "Space marks, Enter goes on", dim);
        }
        let mut typed: Option<String> = None;
        loop {
            self.check_size()?;
            Raw::forget_keys();
            let reply = self.asked(question, typed.as_deref())?;
            let Reply::Answer(answer) = &reply else {
                return Ok(reply);
            };
            let Err(error) = question.check(answer) else {
                return Ok(reply);
            };
            if let Answer::Text(text) = answer {
                typed = Some(text.clone());
            }
            let todo = error.todo().first().cloned().unwrap_or_default();
            let red = &self.theme.error_style;
            self.say(" !     ", error.what(), red);
            self.say("   do: ", &todo, &Style::new());
        }
    }
}

fn too_small() -> Error {
    let (rows, columns) = LEAST;
    Error::user(
        "ui/terminal-too-small",
        format!(
            "the terminal is too small for a question: it needs {rows} rows and {columns} columns"
        ),
        "make it larger, then run the same command again",
    )
    .or("answer by flags, and be asked nothing: `--no-input`")
}

/// The lines of a text, each of at most `width` columns but for a word that is longer.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|it| !it.is_empty()) {
        match lines.last_mut() {
            Some(line)
                if console::measure_text_width(line) + 1 + console::measure_text_width(word)
                    <= width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_terminal_is_an_error() {
        insta::assert_snapshot!(too_small());
    }

    #[test]
    fn lines_end_between_words() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("abcdef g", 3), ["abcdef", "g"]);
        assert!(wrap(" ", 3).is_empty());
    }
}
