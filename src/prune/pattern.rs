//! A pattern of rsync: which paths it fits, and the same as regular expressions for GNU find.

use super::class::Class;

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This byte.
    Byte(u8),
    /// `?`: one byte but a slash.
    Any,
    /// `[…]`.
    Of(Class),
    /// `*`: any bytes but slashes.
    Star,
    /// `**`: any bytes.
    Stars,
}

/// Where in a path a pattern is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// At its last part.
    Name,
    /// At its last parts, so many of them.
    Last(usize),
    /// From the root.
    Root,
    /// From the root or after any slash.
    Anywhere,
    /// From the slash before the root's first part.
    Slash,
}

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    text: String,
    tokens: Vec<Token>,
    scope: Scope,
    only_folders: bool,
    /// Ends in `***`: a folder is tried with a slash behind it.
    and_content: bool,
}

impl Pattern {
    /// Reads it.
    ///
    /// Errors: in words, why it can't be carried.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let only_folders = text.len() > 1 && text.ends_with('/');
        let body = if only_folders {
            text.strip_suffix('/').unwrap_or(text)
        } else {
            text
        };
        let wild = body.contains(['*', '?', '[']);
        let stars = body.find("**");
        let slashes = body.matches('/').count();
        let scope = match stars {
            _ if body.starts_with('/') => Scope::Root,
            Some(0) => Scope::Slash,
            Some(_) => Scope::Anywhere,
            None if slashes == 0 => Scope::Name,
            None => Scope::Last(slashes + 1),
        };
        let matched = body.strip_prefix('/').unwrap_or(body);
        let tokens = if wild {
            tokens(matched)?
        } else {
            matched.bytes().map(Token::Byte).collect()
        };
        Ok(Pattern {
            text: text.to_owned(),
            tokens,
            scope,
            only_folders,
            and_content: body.ends_with("***"),
        })
    }

    /// As it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it fits a path without a slash at either end.
    ///
    /// The work is at most the path's length times the pattern's.
    pub(super) fn matches(&self, path: &str, is_dir: bool) -> bool {
        if path.is_empty() || self.only_folders && !is_dir {
            return false;
        }
        let text = match self.scope {
            Scope::Name => last(path, 1),
            Scope::Last(parts) => last(path, parts),
            Scope::Root | Scope::Anywhere | Scope::Slash => Some(path),
        };
        let Some(text) = text else {
            return false;
        };
        let slash = |wanted: bool| if wanted { "/" } else { "" };
        let before = slash(self.scope == Scope::Slash);
        let behind = slash(is_dir && self.and_content);
        self.run(&format!("{before}{text}{behind}"))
    }

    /// All ways through the pattern at once.
    fn run(&self, text: &str) -> bool {
        let mut at = vec![false; self.tokens.len() + 1];
        let mut starts = true;
        for byte in text.bytes() {
            self.enter(&mut at, starts);
            let mut after = vec![false; at.len()];
            for (here, token) in self.tokens.iter().enumerate() {
                if at.get(here) != Some(&true) {
                    continue;
                }
                let (fits, stays) = match token {
                    Token::Byte(wanted) => (*wanted == byte, false),
                    Token::Any => (byte != b'/', false),
                    Token::Of(class) => (class.has(byte), false),
                    Token::Star => (byte != b'/', true),
                    Token::Stars => (true, true),
                };
                let there = here + usize::from(!stays);
                if let Some(state) = after.get_mut(there) {
                    *state |= fits;
                }
            }
            at = after;
            starts = self.scope == Scope::Anywhere && byte == b'/';
        }
        self.enter(&mut at, starts);
        at.last() == Some(&true)
    }

    /// Begins, where it may, and steps over stars that stand for nothing.
    fn enter(&self, at: &mut [bool], starts: bool) {
        let mut through = starts;
        for (here, state) in at.iter_mut().enumerate() {
            *state |= through;
            let star = matches!(self.tokens.get(here), Some(Token::Star | Token::Stars));
            through = *state && star;
        }
    }

    /// Tests of GNU find (`-regextype posix-extended`) for paths that start with `./`, as pairs: whether
    /// only folders are meant, and a regular expression for the whole path. One of them must hold.
    pub(super) fn regexes(&self) -> Vec<(bool, String)> {
        let inside = self.tokens.iter().filter(|it| **it == Token::Byte(b'/'));
        if let Scope::Last(parts) = self.scope
            && inside.count() + 1 < parts
        {
            // A slash in a bracket: there is no such path.
            return Vec::new();
        }
        let before = match self.scope {
            Scope::Name | Scope::Last(_) | Scope::Anywhere => ".*/",
            Scope::Root => "\\./",
            Scope::Slash => "\\.",
        };
        let written = |tokens: &[Token]| {
            let mut bytes = before.as_bytes().to_vec();
            for token in tokens {
                token.write(&mut bytes)?;
            }
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let whole = written(&self.tokens).map(|regex| (self.only_folders, regex));
        let folder = match self.tokens.as_slice() {
            [folder @ .., Token::Byte(b'/'), Token::Stars] if self.and_content => written(folder),
            _ => None,
        };
        whole
            .into_iter()
            .chain(folder.map(|it| (true, it)))
            .collect()
    }
}

impl Token {
    /// As part of a regular expression; `None` where nothing can fit.
    fn write(self, regex: &mut Vec<u8>) -> Option<()> {
        match self {
            Token::Byte(byte) => {
                if b"\\^$.[]|()*+?{}".contains(&byte) {
                    regex.push(b'\\');
                }
                regex.push(byte);
            }
            Token::Any => regex.extend(b"[^/]"),
            Token::Of(class) => regex.extend(class.posix()?.bytes()),
            Token::Star => regex.extend(b"[^/]*"),
            Token::Stars => regex.extend(b".*"),
        }
        Some(())
    }
}

/// The last parts of a path, if it has so many.
fn last(path: &str, parts: usize) -> Option<&str> {
    let mut slashes = path.rmatch_indices('/');
    match slashes.nth(parts.checked_sub(1)?) {
        Some((at, _)) => path.get(at + 1..),
        None => (path.matches('/').count() + 1 == parts).then_some(path),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let bytes = text.as_bytes();
    let mut next = 0;
    while let Some(byte) = bytes.get(next) {
        let (token, length) = match byte {
            b'\\' => {
                let escaped = bytes.get(next + 1);
                let byte = escaped.ok_or("it ends in a backslash that escapes nothing")?;
                (Token::Byte(*byte), 2)
            }
            b'?' => (Token::Any, 1),
            b'*' => {
                let stars = bytes.iter().skip(next).take_while(|it| **it == b'*');
                match stars.count() {
                    1 => (Token::Star, 1),
                    several => (Token::Stars, several),
                }
            }
            b'[' => {
                let (class, taken) = Class::read(text.get(next + 1..).unwrap_or_default())?;
                (Token::Of(class), taken + 1)
            }
            byte => (Token::Byte(*byte), 1),
        };
        tokens.push(token);
        next += length;
    }
    Ok(tokens)
}
