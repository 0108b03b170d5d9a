//! A source text as words, numbers, texts and marks, each with its line; comments are gone.
//!
//! Takes a text and the [`Lexis`] of its language; gives [`Token`]s in order. One pass, no state but the
//! place. Never exact: a language's rarer literals may come out as marks, which then match nothing.

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A string literal, without its quotes.
    Text,
    /// One character of anything else.
    Mark,
}

/// A piece of a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// From 1.
    pub(super) line: u32,
}

/// How a language writes comments and texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexis {
    /// Starts of comments that end with the line.
    pub(super) line: &'static [&'static str],
    /// Comments with an end of their own.
    pub(super) block: &'static [(&'static str, &'static str)],
    /// Texts: start, end, whether they may go over lines. Longer starts come first.
    pub(super) texts: &'static [(&'static str, &'static str, bool)],
    /// `'a'` is a character, `'a` is not.
    pub(super) characters: bool,
    /// Words may hold `'`.
    pub(super) primes: bool,
    /// `/…/` may be a regular expression.
    pub(super) patterns: bool,
}

/// The most common ways; languages change what differs.
pub(super) const COMMON: Lexis = Lexis {
    line: &["//"],
    block: &[("/*", "*/")],
    texts: &[("\"", "\"", false)],
    characters: true,
    primes: false,
    patterns: false,
};

/// Splits `text`.
pub(super) fn tokens<'a>(text: &'a str, lexis: &Lexis) -> Vec<Token<'a>> {
    let mut reader = Reader {
        rest: text,
        line: 1,
        spaced: true,
        out: Vec::new(),
    };
    while !reader.rest.is_empty() {
        reader.step(lexis);
    }
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
    /// Nothing but space stands before, on this line.
    spaced: bool,
    out: Vec<Token<'a>>,
}

impl<'a> Reader<'a> {
    fn step(&mut self, lexis: &Lexis) {
        let Some(first) = self.rest.chars().next() else {
            return;
        };
        if first.is_whitespace() {
            self.take(first.len_utf8());
            self.spaced = true;
            return;
        }
        let spaced = std::mem::replace(&mut self.spaced, false);
        if self.comment(lexis, spaced) || self.literal(lexis) || self.pattern(lexis) {
            return;
        }
        let is_word = |it: char| it.is_alphanumeric() || it == '_' || (lexis.primes && it == '\'');
        if first.is_ascii_digit() {
            self.push(Kind::Number, number(self.rest));
        } else if first.is_alphabetic() || first == '_' {
            let length = span(self.rest, is_word);
            self.push(Kind::Word, length);
        } else if lexis.characters && first == '\'' {
            self.character();
        } else {
            self.push(Kind::Mark, first.len_utf8());
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        let lines = taken.bytes().filter(|it| *it == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.rest = rest;
        taken
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let line = self.line;
        let text = self.take(length);
        self.out.push(Token { kind, text, line });
    }

    fn comment(&mut self, lexis: &Lexis, spaced: bool) -> bool {
        for start in lexis.line {
            // `#` within a word of a shell, or behind `$`, starts none.
            if self.rest.starts_with(start) && (*start != "#" || spaced || !self.glued()) {
                let length = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(length);
                return true;
            }
        }
        for (start, end) in lexis.block {
            if let Some(inner) = self.rest.strip_prefix(start) {
                let length = inner.find(end).map_or(inner.len(), |at| at + end.len());
                self.take(start.len() + length);
                return true;
            }
        }
        false
    }

    /// The last token stands right before and belongs to a shell's `$#` or `${x#y}`.
    fn glued(&self) -> bool {
        let last = self.out.last();
        last.is_some_and(|it| it.kind == Kind::Word || it.text == "$" || it.text == "{")
    }

    fn literal(&mut self, lexis: &Lexis) -> bool {
        for (start, end, over_lines) in lexis.texts {
            let Some(inner) = self.rest.strip_prefix(start) else {
                continue;
            };
            let raw = start.starts_with('r') || start.starts_with('@') || end.len() > 1;
            let (length, closed) = closing(inner, end, *over_lines, raw);
            let line = self.line;
            self.take(start.len());
            let text = self.take(length);
            self.take(if closed { end.len() } else { 0 });
            let kind = Kind::Text;
            self.out.push(Token { kind, text, line });
            return true;
        }
        false
    }

    /// A regular expression, where only a value can stand: its quotes must not open a text.
    fn pattern(&mut self, lexis: &Lexis) -> bool {
        if !lexis.patterns || !self.rest.starts_with('/') {
            return false;
        }
        let value_before = self.out.last().is_some_and(|it| match it.kind {
            Kind::Mark => matches!(it.text, ")" | "]" | "}"),
            Kind::Word => it.text != "return",
            Kind::Number | Kind::Text => true,
        });
        let inner = self.rest.get(1..).unwrap_or_default();
        if value_before || inner.starts_with(' ') {
            return false;
        }
        let (length, closed) = closing(inner, "/", false, false);
        self.take(1 + length + usize::from(closed));
        true
    }

    fn character(&mut self) {
        let inner = self.rest.get(1..).unwrap_or_default();
        let first = inner.chars().next();
        let escaped = first == Some('\\');
        let skip = first.map_or(0, char::len_utf8);
        let after = inner.get(skip..).unwrap_or_default();
        let length = if escaped {
            // `'\''`, `'\u{1F600}'`.
            let more = after.chars().next().map_or(0, char::len_utf8);
            let tail = after.get(more..).unwrap_or_default();
            let short: usize = tail.chars().take(10).map(char::len_utf8).sum();
            let tail = tail.get(..short).unwrap_or_default();
            tail.find('\'').map(|at| 1 + skip + more + at + 1)
        } else {
            after.starts_with('\'').then_some(1 + skip + 1)
        };
        match length {
            Some(length) => {
                self.take(length);
            }
            None => self.push(Kind::Mark, 1),
        }
    }
}

/// Bytes of a number: `8_080`, `1.5`, and `127.0.0.1` where it stands bare.
fn number(text: &str) -> usize {
    let mut length = 0;
    loop {
        let rest = text.get(length..).unwrap_or_default();
        length += span(rest, |it| it.is_ascii_alphanumeric() || it == '_');
        let behind = text.get(length..).unwrap_or_default();
        let more = behind.strip_prefix('.').unwrap_or_default();
        if !more.starts_with(|it: char| it.is_ascii_digit()) {
            return length;
        }
        length += 1;
    }
}

/// Bytes of the start of `text` whose characters are `wanted`.
fn span(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|it| !wanted(it)).unwrap_or(text.len())
}

/// Bytes up to `end`, and whether it is there. What isn't closed goes to the end of its line, or of all: so no
/// part is looked at twice.
fn closing(inner: &str, end: &str, over_lines: bool, raw: bool) -> (usize, bool) {
    let mut escaped = false;
    for (at, it) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if it == '\\' && !raw {
            escaped = true;
        } else if it == '\n' && !over_lines {
            return (at, false);
        } else if inner.get(at..).is_some_and(|rest| rest.starts_with(end)) {
            return (at, true);
        }
    }
    (inner.len(), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RUST: Lexis = Lexis {
        texts: &[("r#\"", "\"#", true), ("\"", "\"", true)],
        ..COMMON
    };

    fn shown(text: &str) -> Vec<(&str, u32)> {
        let tokens = tokens(text, &RUST);
        tokens.iter().map(|it| (it.text, it.line)).collect()
    }

    #[test]
    fn comments_go_and_lines_stay() {
        let text = "a // b\n/* c\n */ d(\"e // f\") 'x' 'y";
        let wanted = [("a", 1), ("d", 3), ("(", 3), ("e // f", 3), (")", 3)];
        assert_eq!(shown(text)[..5], wanted);
        assert_eq!(shown(text)[5..], [("'", 3), ("y", 3)]);
    }

    #[test]
    fn a_raw_text_keeps_its_quotes() {
        assert_eq!(shown("r#\"a \"b\" c\"# z"), [("a \"b\" c", 1), ("z", 1)]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}|[\"'/*#\\\\\\n a]{0,200}") {
            let tokens = tokens(&text, &RUST);
            prop_assert!(tokens.len() <= text.len());
        }
    }
}
