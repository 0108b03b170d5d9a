//! One rule, checked: it leaves out, or keeps, what its pattern fits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::Set;
use super::pattern::Pattern;

/// A longer pattern is longer than any path in a store.
const MOST_BYTES: usize = 512;

/// What rsync's other rules and modifiers look like, and why they mean nothing here.
const FOREIGN: [(&[&str], &str); 3] = [
    (
        &["merge", "."],
        "rules of another file can't be taken in: write them here",
    ),
    (
        &["dir-merge", ":"],
        "there are no rules in the folders of a store",
    ),
    (
        &["hide", "show", "protect", "risk", "H", "S", "P", "R"],
        "nothing is received here, and so nothing is hidden or protected: use `-` or `+`",
    ),
];

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    keeps: bool,
    pattern: Pattern,
}

impl Rule {
    /// Whether it keeps what it fits.
    pub fn keeps(&self) -> bool {
        self.keeps
    }

    /// Whether it fits a path below the image's root, such as `nix/store/x/bin/y`.
    pub fn fits(&self, path: &str, is_dir: bool) -> bool {
        self.pattern.matches(path, is_dir)
    }

    /// Tests of GNU find, one of which must hold: whether only folders are meant, and a regular expression
    /// (`posix-extended`) for the path from `./` on.
    pub fn regexes(&self) -> Vec<(bool, String)> {
        self.pattern.regexes()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.keeps { '+' } else { '-' };
        write!(f, "{sign} {}", self.pattern.text())
    }
}

impl FromStr for Rule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let signs = [
            ("- ", false),
            ("exclude ", false),
            ("+ ", true),
            ("include ", true),
        ];
        let signed = signs
            .iter()
            .find_map(|(sign, keeps)| Some((text.strip_prefix(sign)?, *keeps)));
        let (pattern, keeps) = signed.unwrap_or((text, false));
        if signed.is_none() {
            foreign(text).map_err(|why| refuse(text, why))?;
        }
        checked(pattern).map_err(|why| refuse(text, why))?;
        let pattern = Pattern::read(pattern).map_err(|why| refuse(text, why))?;
        Ok(Rule { keeps, pattern })
    }
}

/// What stands in a list of rules: one, or a set by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Entry {
    /// A rule.
    Rule(Rule),
    /// Rules that are known by a name.
    Set(Set),
}

impl Entry {
    /// The rules.
    pub fn rules(&self) -> Vec<Rule> {
        match self {
            Entry::Rule(rule) => vec![rule.clone()],
            Entry::Set(set) => set.rules(),
        }
    }

    /// Whether it leaves out what it fits.
    pub fn removes(&self) -> bool {
        match self {
            Entry::Rule(rule) => !rule.keeps,
            Entry::Set(_) => true,
        }
    }

    pub(super) fn matches(&self, path: &str, is_dir: bool) -> bool {
        match self {
            Entry::Rule(rule) => rule.fits(path, is_dir),
            Entry::Set(set) => set.rules().iter().any(|rule| rule.fits(path, is_dir)),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Rule(rule) => rule.fmt(f),
            Entry::Set(set) => set.fmt(f),
        }
    }
}

impl FromStr for Entry {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.starts_with('@') {
            return Ok(Entry::Set(text.parse()?));
        }
        Ok(Entry::Rule(text.parse()?))
    }
}

impl TryFrom<String> for Entry {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Entry> for String {
    fn from(entry: Entry) -> String {
        entry.to_string()
    }
}

/// Errors: why a line without a sign is one of rsync's that can't be carried.
fn foreign(text: &str) -> Result<(), &'static str> {
    let word = text.split([' ', ',']).next().unwrap_or_default();
    // Such a rule may have modifiers right behind its sign.
    let word = if word.starts_with(':') { ":" } else { word };
    let known = FOREIGN.iter().find(|(words, _)| words.contains(&word));
    // A word alone is a name.
    if let Some((_, why)) = known
        && text.contains([' ', ','])
    {
        return Err(why);
    }
    if let Some(rest) = text.strip_prefix('!')
        && !rest.is_empty()
    {
        return Err("a `!` stands alone and clears the list; to keep something: `+ PATTERN`");
    }
    let modified = text.strip_prefix(['-', '+']).and_then(|rest| {
        let (modifiers, _) = rest.split_once([' ', '_'])?;
        Some(modifiers)
    });
    let is_modifier = |c: char| ",/!Csrpx".contains(c);
    if modified.is_some_and(|it| it.chars().all(is_modifier)) {
        return Err("modifiers of rsync mean nothing here: `- PATTERN` or `+ PATTERN`");
    }
    Ok(())
}

fn checked(pattern: &str) -> Result<(), &'static str> {
    // What turns the direction of reading would make a Dockerfile look like another one.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if pattern.is_empty() {
        Err("it has no pattern")
    } else if pattern.len() > MOST_BYTES {
        Err("its pattern is over 512 bytes")
    } else if pattern.contains(hidden) {
        Err("it has a character that can't be seen")
    } else {
        Ok(())
    }
}

fn refuse(text: &str, why: &str) -> Error {
    let shown: String = text.chars().take(80).collect();
    Error::user(
        "prune/rule",
        format!("`{}` is no rule that can be carried out", shown.escape_debug()),
        "write `- PATTERN` for what stays out of the image, `+ PATTERN` before it for what is kept, with patterns as rsync's",
    )
    .because(why)
}
