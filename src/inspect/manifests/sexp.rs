//! Cuts dune's lists in brackets into flat tokens.
//!
//! Takes text; gives tokens, and the lists among them, one level at a time. Never a tree: nothing here is
//! as deep as the text.

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) is: Is<'a>,
    /// Where it stands.
    pub(super) at: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is<'a> {
    Open,
    Close,
    Word(&'a str),
}

/// The tokens of a text, without comments.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let (is, length) = match byte {
            b'(' => (Some(Is::Open), 1),
            b')' => (Some(Is::Close), 1),
            b';' => (None, rest.find('\n').unwrap_or(rest.len())),
            b'#' if rest.starts_with("#|") => {
                (None, rest.find("|#").map_or(rest.len(), |it| it + 2))
            }
            b'"' => {
                let inside = rest.get(1..).unwrap_or_default();
                let length = string_length(inside);
                (inside.get(..length).map(Is::Word), length + 2)
            }
            byte if byte.is_ascii_whitespace() => (None, 1),
            _ => {
                let end = rest
                    .find(|c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')' | '"' | ';'));
                let length = end.unwrap_or(rest.len()).max(1);
                (rest.get(..length).map(Is::Word), length)
            }
        };
        found.extend(is.map(|is| Token { is, at }));
        at += length;
    }
    found
}

fn string_length(inside: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    inside.len()
}

/// The insides of the lists that stand directly in `tokens`.
pub(super) fn lists<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, token) in tokens.iter().enumerate() {
        match token.is {
            Is::Open => {
                if depth == 0 {
                    start = index + 1;
                }
                depth += 1;
            }
            Is::Close if depth == 1 => {
                depth = 0;
                found.extend(tokens.get(start..index));
            }
            Is::Close => depth = depth.saturating_sub(1),
            Is::Word(_) => {}
        }
    }
    found
}

/// The words that stand directly in `tokens`, with their places.
pub(super) fn words<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, usize)> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for token in tokens {
        match token.is {
            Is::Open => depth += 1,
            Is::Close => depth = depth.saturating_sub(1),
            Is::Word(word) if depth == 0 => found.push((word, token.at)),
            Is::Word(_) => {}
        }
    }
    found
}

/// The list's first word, and the rest.
pub(super) fn head<'t, 'a>(list: &'t [Token<'a>]) -> Option<(&'a str, &'t [Token<'a>])> {
    let (first, rest) = list.split_first()?;
    match first.is {
        Is::Word(word) => Some((word, rest)),
        _ => None,
    }
}

/// The rest of the first list in `tokens` that begins with `name`.
pub(super) fn field<'t, 'a>(tokens: &'t [Token<'a>], name: &str) -> Option<&'t [Token<'a>]> {
    let heads = lists(tokens).into_iter().filter_map(|list| head(list));
    let mut named = heads.filter(|(word, _)| *word == name);
    named.next().map(|(_, rest)| rest)
}
