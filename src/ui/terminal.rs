//! Asks on the terminal. Lists and yes-or-no are dialoguer's; a line of text is [`super::field`]'s.

use console::{Style, Term, truncate_str};
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, MultiSelect, Select};

use super::ask::{Answer, Ask, Kind, Question, Reply};
use super::field::{self, Step};
use super::line::{clean, fit};
use super::raw::Raw;
use crate::error::{Error, Result};
use crate::shell::interrupt;

/// Asks on the terminal.
pub struct Terminal {
    term: Term,
    theme: ColorfulTheme,
}

impl Terminal {
    /// On standard error, in colour or not.
    pub(super) fn new(color: bool) -> Self {
        // dialoguer asks this of the whole program.
        console::set_colors_enabled_stderr(color);
        Terminal {
            term: Term::stderr(),
            theme: ColorfulTheme::default(),
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
        let _raw = Raw::enter();
        // Whoever pressed it just before means this question, too.
        interrupt::check()?;
        if !question.why.is_empty() {
            let dim = &self.theme.hint_style;
            self.say("  ", &format!("{} ({})", question.why, question.flag), dim);
        }
        let mut typed: Option<String> = None;
        loop {
            // Whatever keeps the terminal from asking: nobody can answer any more.
            let reply = self.once(question, typed.as_deref());
            let reply = reply.map_err(|_| Error::interrupted())?;
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
    fn lines_end_between_words() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("abcdef g", 3), ["abcdef", "g"]);
        assert!(wrap(" ", 3).is_empty());
    }
}
