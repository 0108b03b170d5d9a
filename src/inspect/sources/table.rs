//! The form of a row that says what a piece of a source text means, and how a row is found.
//!
//! Takes tokens and rows; gives whether a row's words stand at a place. A row is one thing: a framework's
//! call, a way to read an environment variable.

use super::Address;
use super::lex::{Kind, Token};

/// One thing that a source file may show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Words and marks as they stand in the source, with space only between words; a `"text"` is a whole text.
    pub(super) needle: &'static str,
    /// One of these stands in the same file: a word, or a text (or the start of its path). Empty: no matter.
    pub(super) given: &'static [&'static str],
    /// What it means.
    pub(super) means: Means,
}

/// What a [`Row`] means.
#[derive(Debug, Clone, Copy)]
pub(super) enum Means {
    /// It answers HTTP.
    Serves,
    /// It works without HTTP.
    Works,
    /// It parses arguments.
    Commands,
    /// It is a development server.
    Development,
    /// It listens: the arguments that follow say where.
    Listens(Shape),
    /// The first text that follows is a path from the working directory.
    Opens,
    /// An environment variable is read; its name follows.
    Reads(Without),
}

/// What happens when a variable is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Without {
    /// The call itself ends the program.
    Ends,
    /// It ends unless a second argument or a block is given.
    EndsUnlessDefault,
    /// What follows the call decides.
    Depends,
}

/// Where the arguments of a call say the place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Number of the argument with address and port in one.
    pub(super) whole: Option<usize>,
    /// Number of the argument with the address.
    pub(super) host: Option<usize>,
    /// Number of the argument with the port.
    pub(super) port: Option<usize>,
    /// Arguments have names: `port=8080`, `{ port: 8080 }`, `~port:8080`.
    pub(super) named: bool,
    /// The address when none is given.
    pub(super) otherwise: Otherwise,
    /// The port when none is given.
    pub(super) default_port: Option<u16>,
    /// The variable that the framework itself reads for the port when none is given.
    pub(super) default_variable: Option<&'static str>,
    /// The call also shows that it serves.
    pub(super) serves: bool,
    /// Others have a call of that name, too: it counts only when a place is readable.
    pub(super) only_readable: bool,
}

/// The address that a framework takes by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Otherwise {
    All,
    Local,
    Unknown,
}

impl Otherwise {
    pub(super) fn address(self) -> Address {
        match self {
            Otherwise::All => Address::All,
            Otherwise::Local => Address::Local,
            Otherwise::Unknown => Address::Elsewhere,
        }
    }
}

/// A call that says nothing; rows change what differs.
pub(super) const SILENT: Shape = Shape {
    whole: None,
    host: None,
    port: None,
    named: false,
    otherwise: Otherwise::Unknown,
    default_port: None,
    default_variable: None,
    serves: true,
    only_readable: false,
};

/// Address and port in the first argument.
pub(super) const WHOLE: Shape = Shape {
    whole: Some(0),
    ..SILENT
};

/// The port first, then the address; all addresses when there is none.
pub(super) const PORT_HOST: Shape = Shape {
    port: Some(0),
    host: Some(1),
    named: true,
    otherwise: Otherwise::All,
    ..SILENT
};

/// The address first, then the port.
pub(super) const HOST_PORT: Shape = Shape {
    host: Some(0),
    port: Some(1),
    ..SILENT
};

/// A row without a condition.
pub(super) const fn row(needle: &'static str, means: Means) -> Row {
    let given = &[];
    Row {
        needle,
        given,
        means,
    }
}

/// A row that needs one of some words in its file.
pub(super) const fn with(
    needle: &'static str,
    given: &'static [&'static str],
    means: Means,
) -> Row {
    Row {
        needle,
        given,
        means,
    }
}

impl Row {
    /// What is shown of it: `axum::serve`.
    pub(super) fn what(&self) -> &'static str {
        self.needle.trim_matches(['(', '{', '[', '.', '"'])
    }

    /// The number of tokens when its words start these tokens.
    pub(super) fn length(&self, tokens: &[Token<'_>]) -> Option<usize> {
        let mut left = self.needle;
        for (count, token) in tokens.iter().enumerate() {
            if left.is_empty() {
                return Some(count);
            }
            left = match token.kind {
                Kind::Text => left
                    .strip_prefix('"')?
                    .strip_prefix(token.text)?
                    .strip_prefix('"')?,
                Kind::Word | Kind::Number => {
                    let after = left.strip_prefix(token.text)?;
                    if after.starts_with(|it: char| it.is_alphanumeric() || it == '_') {
                        return None;
                    }
                    after.strip_prefix(' ').unwrap_or(after)
                }
                Kind::Mark => left.strip_prefix(token.text)?,
            };
        }
        left.is_empty().then_some(tokens.len())
    }
}
