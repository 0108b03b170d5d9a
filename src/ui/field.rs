//! A line of text that a person edits: keys in, text out.
//!
//! dialoguer's own can't be left with Escape. Nothing is written here but by [`edit`].

use std::io::Result;

use console::{Key, Term, measure_text_width};

/// The text under way, and the cursor's place in it.
#[derive(Debug, Default)]
pub(super) struct Field {
    chars: Vec<char>,
    at: usize,
}

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    More,
    Done(String),
    Back,
    Stop,
}

/// Nobody types more.
const LONGEST: usize = 1_000;

impl Field {
    pub(super) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let at = chars.len();
        Field { chars, at }
    }

    pub(super) fn key(&mut self, key: &Key) -> Step {
        match key {
            Key::Enter => {
                let text: String = self.chars.iter().collect();
                return Step::Done(text.trim().to_owned());
            }
            Key::Escape => return Step::Back,
            Key::CtrlC | Key::Char('\u{3}') => return Step::Stop,
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(self.chars.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.chars.len(),
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            Key::Del if self.at < self.chars.len() => {
                self.chars.remove(self.at);
            }
            // Ctrl-U, as in a shell.
            Key::Char('\u{15}') => {
                self.chars.drain(..self.at);
                self.at = 0;
            }
            Key::Char(c) if !super::line::is_unseen(*c) && self.chars.len() < LONGEST => {
                self.chars.insert(self.at, *c);
                self.at += 1;
            }
            _ => {}
        }
        Step::More
    }

    /// The part to show in `width` columns, and how many of them stand behind the cursor.
    fn window(&self, width: usize) -> (String, usize) {
        // No character is wider than two columns.
        let most = (width / 2).max(1);
        let all: String = self.chars.iter().collect();
        let (from, to) = if measure_text_width(&all) < width {
            (0, self.chars.len())
        } else {
            let from = self.at.saturating_sub(most);
            (from, (from + most).min(self.chars.len()))
        };
        let of = |from: usize, to: usize| -> String {
            self.chars
                .get(from..to)
                .unwrap_or_default()
                .iter()
                .collect()
        };
        (of(from, to), measure_text_width(&of(self.at.max(from), to)))
    }
}

/// Lets a person edit on the terminal's last line.
pub(super) fn edit(term: &Term, mark: &str, text: &str) -> Result<Step> {
    let mut field = Field::new(text);
    loop {
        let width = usize::from(term.size().1).saturating_sub(4);
        let (shown, behind) = field.window(width);
        term.clear_line()?;
        term.write_str(&format!("{mark} {shown}"))?;
        if behind > 0 {
            term.move_cursor_left(behind)?;
        }
        term.flush()?;
        let step = field.key(&term.read_key_raw()?);
        if step != Step::More {
            term.clear_line()?;
            return Ok(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(start: &str, keys: &[Key]) -> (Field, Step) {
        let mut field = Field::new(start);
        let mut last = Step::More;
        for key in keys {
            last = field.key(key);
        }
        (field, last)
    }

    #[test]
    fn keys_edit_the_text() {
        use Key::{ArrowLeft, ArrowRight, Backspace, Char, Del, End, Enter, Home};
        let done = |start: &str, keys: &[Key]| match typed(start, keys).1 {
            Step::Done(text) => text,
            other => format!("{other:?}"),
        };
        assert_eq!(done("ab", &[Enter]), "ab");
        assert_eq!(done("ab", &[ArrowLeft, Char('é'), Enter]), "aéb");
        assert_eq!(done("ab", &[Home, Del, End, Char('c'), Enter]), "bc");
        assert_eq!(
            done("ab", &[Home, Backspace, ArrowRight, Backspace, Enter]),
            "b"
        );
        assert_eq!(done("ab", &[Char('\u{15}'), Char(' '), Enter]), "");
        assert_eq!(done("", &[Backspace, Del, ArrowLeft, Enter]), "");
        // Nothing that moves the cursor gets in.
        assert_eq!(done("", &[Char('\u{7}'), Char('\u{202e}'), Enter]), "");
        assert_eq!(typed("a", &[Key::Escape]).1, Step::Back);
        assert_eq!(typed("a", &[Key::CtrlC]).1, Step::Stop);
    }

    #[test]
    fn a_narrow_terminal_shows_the_part_around_the_cursor() {
        let mut field = Field::new("abcdefghij");
        assert_eq!(field.window(20), ("abcdefghij".to_owned(), 0));
        assert_eq!(field.window(8), ("ghij".to_owned(), 0));
        field.key(&Key::Home);
        assert_eq!(field.window(8), ("abcd".to_owned(), 4));
        assert_eq!(field.window(0), ("a".to_owned(), 1));
    }
}
