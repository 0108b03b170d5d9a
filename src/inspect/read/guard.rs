//! Refuses texts over which rnix would take quadratic time, before rnix sees them.
//!
//! Takes the text; says whether it may be parsed. Its own work is linear. Two things are quadratic: the
//! tokenizer looks ahead from each token to the end of a run of letters and signs, because a `/` there
//! would make it a path; and chains (`a a a`, `a + a`, `[ ] [ ]`) nest once a link.

use rnix::SyntaxKind;

/// A flake of three thousand lines has sixty thousand, white space included.
pub(super) const MOST_TOKENS: usize = 200_000;
/// Brackets inside brackets.
pub(super) const MOST_BRACKETS: usize = 250;
/// Tokens of one expression without a bracket around or a `;` between.
const LONGEST_RUN: usize = 750;
/// Letters that the tokenizer may look at again, in the whole text. Hand-written files need a few for
/// each letter; this many take less than a tenth of a second.
const MOST_LOOKED_AT: usize = 20_000_000;

/// Whether rnix will be done with the text soon, and its tree shallow enough.
pub(super) fn fits(text: &str) -> bool {
    looked_at(text) <= MOST_LOOKED_AT && is_shallow(text)
}

/// How many letters the tokenizer looks at again: in each run of letters that a path may have, the run's
/// length times the tokens that may start in it.
fn looked_at(text: &str) -> usize {
    let mut all = 0_usize;
    let (mut length, mut starts) = (0_usize, 1_usize);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => length += 1,
            b'+' | b'-' | b'.' | b'/' | b'<' => {
                length += 1;
                // The sign itself, and what follows it.
                starts += 2;
            }
            _ => {
                all = all.saturating_add(length.saturating_mul(starts));
                (length, starts) = (0, 1);
            }
        }
    }
    all.saturating_add(length.saturating_mul(starts))
}

/// Whether the text's tree will be shallow enough, judged by its tokens alone.
///
/// Operators and calls in one run nest once each; the elements of a list do not.
fn is_shallow(text: &str) -> bool {
    // Of each open bracket: the tokens of the run that is going on, and whether it is a list.
    let mut open = vec![(0_usize, false)];
    for (tokens, (kind, _)) in rnix::tokenize(text).enumerate() {
        match kind {
            SyntaxKind::TOKEN_L_BRACE | SyntaxKind::TOKEN_L_BRACK | SyntaxKind::TOKEN_L_PAREN => {
                count(&mut open);
                open.push((0, kind == SyntaxKind::TOKEN_L_BRACK));
            }
            SyntaxKind::TOKEN_INTERPOL_START => open.push((0, false)),
            SyntaxKind::TOKEN_R_BRACE
            | SyntaxKind::TOKEN_R_BRACK
            | SyntaxKind::TOKEN_R_PAREN
            | SyntaxKind::TOKEN_INTERPOL_END => {
                // A bracket too many is a mistake that rnix will tell; the counting goes on.
                if open.len() > 1 {
                    open.pop();
                }
            }
            SyntaxKind::TOKEN_SEMICOLON | SyntaxKind::TOKEN_COMMA => {
                if let Some((run, _)) = open.last_mut() {
                    *run = 0;
                }
            }
            SyntaxKind::TOKEN_STRING_CONTENT => {}
            kind if kind.is_trivia() => {}
            _ => count(&mut open),
        }
        let too_long = open.last().is_some_and(|(run, _)| *run > LONGEST_RUN);
        if too_long || open.len() > MOST_BRACKETS || tokens > MOST_TOKENS {
            return false;
        }
    }
    true
}

fn count(open: &mut [(usize, bool)]) {
    if let Some((run, false)) = open.last_mut() {
        *run += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 1_000_000;

    #[test]
    fn junk_is_refused_before_it_is_tokenized() {
        for unit in [
            "+", "-", ".", "/", "<", "a+", "a-", "a.", "1.", "<a", "0.", "a/b+", "+a_",
        ] {
            let text = unit.repeat(SIZE / unit.len());
            assert!(looked_at(&text) > MOST_LOOKED_AT, "{unit}");
        }
    }

    #[test]
    fn chains_of_brackets_are_refused_before_they_are_parsed() {
        for unit in [
            "[ ] ", "{ } ", "(a) ", "a ", "\"a\" ", "./a ", "!", "a:b ", "\"", "| ", ") a ",
        ] {
            let text = unit.repeat(SIZE / unit.len());
            assert!(!is_shallow(&text), "{unit}");
        }
    }

    #[test]
    fn hand_written_texts_pass() {
        let base64 = "Ab3kLm9PqRsT0uVwXyZ4aBcDeFgHi+/".repeat(250);
        let long = format!("{{ a = \"{base64}\"; }}");
        assert!(fits(&long));
        let many = "  \"x86_64-linux\" = nixpkgs.legacyPackages.x86_64-linux.callPackage ./nix/a.nix { };\n";
        assert!(fits(&format!("{{\n{}}}", many.repeat(1_000))));
        let list = format!("[ {} ]", "pkgs.a-b ".repeat(5_000));
        assert!(fits(&list));
    }
}
