//! Attribute paths, written and read as Nix does.
//!
//! Takes a text; gives names. Never: a computed name, and never more than one line.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An attribute path inside a flake or a default.nix, such as `packages.x86_64-linux.default`,
/// `server` or `hsPkgs."my-app".exe`; empty for the file's own value.
///
/// Written and read as Nix writes it, with names quoted where they need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct AttrPath(Vec<String>);

impl AttrPath {
    /// A path of names that need no check (they came from Nix itself, or are our own).
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        AttrPath(names.into_iter().map(Into::into).collect())
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether it is the file's own value.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path one name longer.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let mut names = self.0.clone();
        names.push(name.to_owned());
        AttrPath(names)
    }
}

impl FromStr for AttrPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut names = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (name, after) = attr_name(rest).ok_or_else(|| bad_attr(text))?;
            names.push(name);
            rest = match after.strip_prefix('.') {
                Some("") => return Err(bad_attr(text)),
                Some(more) => more,
                None if after.is_empty() => after,
                None => return Err(bad_attr(text)),
            };
        }
        Ok(AttrPath(names))
    }
}

/// The first name of an attribute path and what follows it.
fn attr_name(text: &str) -> Option<(String, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted_name(quoted);
    }
    let end = text.find(|c: char| !is_identifier(c)).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    (!name.is_empty()).then(|| (name.to_owned(), after))
}

/// The rest of a quoted name, with Nix's escapes undone, and what follows it.
fn quoted_name(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if name.is_empty() => return None,
            '"' => return Some((name, text.get(at + 1..)?)),
            '\\' => name.push(match chars.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                c @ ('"' | '\\' | '$') => c,
                _ => return None,
            }),
            // `${` would be a computed name.
            '$' if text.get(at + 1..)?.starts_with('{') => return None,
            c if c.is_control() => return None,
            c => name.push(c),
        }
    }
    None
}

/// A name inside quotes as Nix writes it. Names may hold anything; what is written stays on one line.
fn escaped(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, c| {
        match c {
            '"' | '\\' | '$' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => text.extend(c.escape_unicode()),
            c => text.push(c),
        }
        text
    })
}

fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\'' | '+')
}

fn bad_attr(text: &str) -> Error {
    Error::user(
        "names/attribute",
        format!("`{}` is not an attribute path", text.escape_debug()),
        "write names separated by dots, such as `server` or `packages.x86_64-linux.\"my.app\"`",
    )
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            if !name.is_empty() && name.chars().all(is_identifier) {
                f.write_str(name)?;
            } else {
                write!(f, "\"{}\"", escaped(name))?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for AttrPath {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<AttrPath> for String {
    fn from(path: AttrPath) -> String {
        path.to_string()
    }
}
