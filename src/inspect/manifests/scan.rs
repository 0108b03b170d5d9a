//! Finds words, strings and brackets in the text of manifests that are programs.
//!
//! Takes text; gives places in bytes. Never parses a language: a name that is computed is not found.

/// How a language writes comments and strings.
pub(super) struct Syntax {
    /// Start a comment to the end of the line.
    pub(super) line: &'static [&'static str],
    /// Whether `/* … */` is a comment.
    pub(super) block: bool,
    /// What strings are written in.
    pub(super) quotes: &'static [u8],
}

pub(super) const HASH: Syntax = Syntax {
    line: &["#"],
    block: false,
    quotes: b"\"'",
};

pub(super) const SLASHES: Syntax = Syntax {
    line: &["//"],
    block: true,
    quotes: b"\"'",
};

/// The text with blanks in place of comments; every place stays.
pub(super) fn without_comments(text: &str, syntax: &Syntax) -> String {
    let bytes = text.as_bytes();
    let mut kept = Vec::with_capacity(bytes.len());
    let mut string = None;
    while let Some(byte) = bytes.get(kept.len()) {
        let rest = bytes.get(kept.len()..).unwrap_or_default();
        let starts = |mark: &&str| rest.starts_with(mark.as_bytes());
        if string.is_some() {
            if Some(*byte) == string || *byte == b'\n' {
                string = None;
            } else if *byte == b'\\' && rest.get(1).is_some_and(|next| *next != b'\n') {
                kept.extend(rest.iter().take(1));
            }
            kept.extend(bytes.get(kept.len()));
        } else if syntax.quotes.contains(byte) {
            string = Some(*byte);
            kept.push(*byte);
        } else if syntax.line.iter().any(starts) {
            let end = rest.iter().position(|it| *it == b'\n');
            kept.resize(kept.len() + end.unwrap_or(rest.len()), b' ');
        } else if syntax.block && starts(&"/*") {
            let inside = rest.get(2..).unwrap_or_default();
            let end = inside.windows(2).position(|it| it == b"*/");
            let length = end.map_or(rest.len(), |end| end + 4);
            let blank = |it: &u8| if *it == b'\n' { b'\n' } else { b' ' };
            kept.extend(rest.iter().take(length).map(blank));
        } else {
            kept.push(*byte);
        }
    }
    // Whole comments are blanked, so that no letter is cut in two.
    String::from_utf8(kept).unwrap_or_default()
}

/// Where `word` stands as a word of its own, from `from` on.
pub(super) fn word(text: &str, word: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let mut found = rest.match_indices(word).map(|(at, _)| from + at);
    found.find(|at| {
        let before = text.get(..*at).and_then(|it| it.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|it| it.chars().next());
        let last = word.chars().next_back().is_some_and(is_name);
        let longer = before.is_some_and(is_name) || (last && after.is_some_and(is_name));
        !longer
    })
}

/// A letter of a name.
pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name that the text begins with.
pub(super) fn name(text: &str) -> &str {
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The strings of a text that has no comments: where each begins inside its quotes, and its letters.
/// An escape stays as written: no name has one.
pub(super) fn strings(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(at) = text.get(from..).and_then(|it| it.find(['"', '\''])) {
            let open = from + at;
            let quote = text.get(open..=open)?;
            let inside = text.get(open + 1..)?;
            let ends = |c: char| c == '\n' || quote.starts_with(c);
            let end = inside.find(ends).unwrap_or(inside.len());
            if inside.get(end..)?.starts_with(quote) {
                from = open + end + 2;
                return Some((open + 1, inside.get(..end)?));
            }
            // An apostrophe, or a string that goes on: neither is a name.
            from = open + 1;
        }
        None
    })
}

/// The first string at or after `from`, on the same line.
pub(super) fn string_after(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text.get(from..)?;
    let line = rest.split('\n').next()?;
    let (at, value) = strings(line).next()?;
    Some((from + at, value))
}

/// The inside of the brackets that open at or after `from`, with where it starts; strings are skipped.
/// Only blanks may stand before the bracket.
pub(super) fn brackets(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text.get(from..)?;
    let open = from + rest.find(|c: char| !c.is_whitespace())?;
    if !matches!(text.as_bytes().get(open)?, b'[' | b'(' | b'{') {
        return None;
    }
    let mut depth = 0_usize;
    let mut string = None;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match (string, byte) {
            (Some(_), b'\n') => string = None,
            (Some(quote), byte) if quote == byte => string = None,
            (None, b'"' | b'\'') => string = Some(byte),
            (None, b'[' | b'(' | b'{') => depth += 1,
            (None, b']' | b')' | b'}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some((open + 1, text.get(open + 1..at)?));
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts of a list's inside, cut at the commas outside of brackets and strings, with their places.
pub(super) fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut string) = (0, 0_usize, None);
    for (at, byte) in text.bytes().enumerate() {
        match (string, byte) {
            (Some(_), b'\n') => string = None,
            (Some(quote), byte) if quote == byte => string = None,
            (None, b'"' | b'\'') => string = Some(byte),
            (None, b'[' | b'(' | b'{') => depth += 1,
            (None, b']' | b')' | b'}') => depth = depth.saturating_sub(1),
            (None, b',') if depth == 0 => {
                found.extend(text.get(start..at).map(|part| (start, part)));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(start..).map(|part| (start, part)));
    let trimmed = found.into_iter().map(|(at, part)| {
        let blanks = part.len() - part.trim_start().len();
        (at + blanks, part.trim())
    });
    trimmed.filter(|(_, part)| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_go_and_places_stay() {
        let text = "a = '#1' # ü\nb /* x\ny */ c // d";
        let hash = without_comments(text, &HASH);
        assert!(hash.starts_with("a = '#1'     ") && hash.contains("\nb /* x"));
        assert_eq!(hash.len(), text.len());
        let without = without_comments(text, &SLASHES);
        assert_eq!(without.len(), text.len());
        assert!(!without.contains('y') && without.contains('c') && !without.contains('d'));
    }

    #[test]
    fn words_strings_and_brackets_are_found() {
        let text = "bins = ['x', \"y(\"]\nbin = [a, [b, c], 'd,e']";
        assert_eq!(word(text, "bin", 0), Some(19));
        let (at, inside) = brackets(text, 25).unwrap();
        assert_eq!((at, inside), (26, "a, [b, c], 'd,e'"));
        let parts: Vec<_> = parts(inside).into_iter().map(|(_, it)| it).collect();
        assert_eq!(parts, ["a", "[b, c]", "'d,e'"]);
        assert_eq!(strings("x \"a\" 'b' it's").nth(1), Some((7, "b")));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s)[a-cü\"'#/*\\\\\\[\\](),\n ]{0,80}", from in 0..90_usize) {
            for syntax in [&HASH, &SLASHES] {
                prop_assert_eq!(without_comments(&text, syntax).len(), text.len());
            }
            let _ = (word(&text, "a", from), strings(&text).count(), parts(&text));
            let _ = (brackets(&text, from), string_after(&text, from));
        }
    }
}
