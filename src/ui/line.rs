//! One line of the terminal, fit to be shown.
//!
//! Takes text from anywhere, a project's names and a tool's words too; gives a [`Line`] without control
//! characters. Colour is put around what was cleaned before, so none but this program's own gets through.

use std::fmt::Write;

use console::Style;

/// A word longer than this is no name: it is cut.
const LONGEST_WORD: usize = 200;
/// A sentence longer than this is no sentence.
const LONGEST_TEXT: usize = 1_000;

/// A line that may be shown as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// The line with `more` after it.
    #[must_use]
    pub fn then(mut self, more: impl Into<Line>) -> Self {
        self.0.push_str(&more.into().0);
        self
    }

    /// `text` in a style, which is already told whether to show.
    pub(super) fn styled(style: &Style, text: &str) -> Self {
        Line(style.apply_to(clean(text)).to_string())
    }

    /// The line without spaces at its end.
    pub(crate) fn shown(&self) -> &str {
        self.0.trim_end()
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Line(clean(text))
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Line(clean(&text))
    }
}

impl From<&String> for Line {
    fn from(text: &String) -> Self {
        Line(clean(text))
    }
}

/// Whether a character could move the cursor, ring, or turn the reading direction.
pub(super) fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

/// A text on one line, its line breaks and what is unseen in letters.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            // Sources and diffs are full of them.
            '\t' => out.push_str("    "),
            c if is_unseen(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// A value, cut with `…` where it is longer than any that a person would write.
pub fn short(value: &str) -> String {
    cut(value, LONGEST_WORD)
}

/// A sentence with values in it: words that are too long are cut, and so is the whole.
pub fn fit(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace);
    let words = words.map(|word| {
        let bare = word.trim_end();
        format!(
            "{}{}",
            short(bare),
            word.get(bare.len()..).unwrap_or_default()
        )
    });
    cut(&words.collect::<String>(), LONGEST_TEXT)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A JSON document's text with everything unseen escaped as JSON does. Such characters stand only in its
/// strings, but for the line breaks between its members.
pub(super) fn json(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for c in document.chars() {
        if c != '\n' && is_unseen(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_move_the_cursor_is_escaped() {
        assert_eq!(clean("a\u{1b}[2Jb\u{7}"), "a\\u{1b}[2Jb\\u{7}");
        assert_eq!(clean("\u{1b}[8mhid"), "\\u{1b}[8mhid");
        assert_eq!(clean("\u{202e}é\u{9b}"), "\\u{202e}é\\u{9b}");
        assert_eq!(clean("a\n\nTo watch\r"), "a\\n\\nTo watch\\u{d}");
    }

    #[test]
    fn colour_is_put_around_what_was_cleaned() {
        let style = Style::new().cyan().force_styling(true);
        let line = Line::from("a\u{1b}[31m ").then(Line::styled(&style, "b\u{1b}[0m"));
        assert_eq!(line.shown(), "a\\u{1b}[31m \u{1b}[36mb\\u{1b}[0m\u{1b}[0m");
    }

    #[test]
    fn long_words_and_sentences_are_cut() {
        let long = "é".repeat(201);
        assert_eq!(short(&long).chars().count(), 201);
        assert!(short(&long).ends_with('…'));
        assert_eq!(short(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(fit(&format!("  a {long}  b")).chars().count(), 4 + 201 + 3);
        assert_eq!(fit(&"ab ".repeat(1000)).chars().count(), 1001);
    }

    proptest! {
        #[test]
        fn no_text_gets_a_control_character_through(text in "\\PC*|.*|[\u{0}-\u{ff}\u{2028}\u{202e}]*") {
            prop_assert!(!clean(&fit(&text)).chars().any(is_unseen));
            let value = serde_json::json!({ "a": text, text.clone(): [text.clone()] });
            let shown = json(&format!("{value:#}"));
            prop_assert!(!shown.chars().any(|c| c != '\n' && is_unseen(c)));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }
    }
}
