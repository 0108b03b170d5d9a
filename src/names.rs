//! Newtypes for names that leave the program: made only by parsing, so that what holds one is valid.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Derives the string-like traits of a newtype whose `FromStr` is written by hand.
macro_rules! string_newtype {
    ($name:ident) => {
        impl $name {
            /// The name itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;
            fn try_from(text: String) -> Result<Self> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
    };
}

// Behind the macro, which it uses.
mod nix_file;
pub use nix_file::NixFile;

/// The name of a Heroku app: `^[a-z][a-z0-9-]{1,28}[a-z0-9]$` (Platform API schema).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppName(String);
string_newtype!(AppName);

impl FromStr for AppName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |why: &str| {
            Err(Error::user(
                "names/app",
                format!(
                    "`{}` is not a name Heroku takes for an app: {why}",
                    text.escape_debug()
                ),
                "use 3 to 30 characters: lower-case letters, digits and `-`, starting with a letter",
            ))
        };
        if !(3..=30).contains(&text.len()) {
            return refuse("it must have 3 to 30 characters");
        }
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return refuse("it must start with a lower-case letter");
        }
        if text.ends_with('-') {
            return refuse("it must not end with `-`");
        }
        let odd = text
            .chars()
            .find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-'));
        match odd {
            Some(c) => refuse(&format!("`{}` is not allowed", c.escape_debug())),
            None => Ok(AppName(text.to_owned())),
        }
    }
}

/// A Heroku process type: `^[-\w]{1,128}$` (Platform API schema).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct ProcessType(String);
string_newtype!(ProcessType);

impl ProcessType {
    /// The type that gets HTTP.
    pub fn web() -> Self {
        ProcessType("web".to_owned())
    }

    /// Whether it gets HTTP.
    pub fn is_web(&self) -> bool {
        self.0 == "web"
    }

    /// Whether it is the release phase's command.
    pub fn is_release(&self) -> bool {
        self.0 == "release"
    }
}

impl FromStr for ProcessType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let fits = (1..=128).contains(&text.len())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if fits {
            return Ok(ProcessType(text.to_owned()));
        }
        Err(Error::user(
            "names/process-type",
            format!("`{}` is not a name for a process type", text.escape_debug()),
            "use letters, digits, `-` and `_`, such as `web`, `worker` or `release`",
        ))
    }
}

/// The file name of a program in `bin/`: no `/`, no white space, no control character, not hidden.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProgramName(String);
string_newtype!(ProgramName);

impl FromStr for ProgramName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let odd = |c: char| c == '/' || c.is_control() || c.is_whitespace();
        let fits =
            (1..=255).contains(&text.len()) && !text.starts_with(['.', '-']) && !text.contains(odd);
        if fits {
            return Ok(ProgramName(text.to_owned()));
        }
        Err(Error::user(
            "names/program",
            format!(
                "`{}` is not the file name of a program",
                text.escape_debug()
            ),
            "name a file in the package's bin/, such as `server`; arguments go into a Procfile",
        ))
    }
}

/// A path below the project's folder, relative to it: not empty, not absolute, without `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectPath(String);
string_newtype!(ProjectPath);

impl FromStr for ProjectPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        use std::path::{Component, Path};
        let below = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if !text.is_empty() && !text.contains('\0') && Path::new(text).components().all(below) {
            return Ok(ProjectPath(text.to_owned()));
        }
        Err(Error::user(
            "names/path",
            format!("`{}` is not a path below the project", text.escape_debug()),
            "name a file relative to the project's folder, such as `deploy/Dockerfile`",
        ))
    }
}

/// A SHA-256 digest as registries write it: `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);
string_newtype!(Digest);

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        let fits = hex.len() == 64 && hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
        if fits {
            return Ok(Digest(text.to_owned()));
        }
        Err(Error::user(
            "names/digest",
            format!("`{}` is not a digest", text.escape_debug()),
            "a digest is `sha256:` followed by 64 hexadecimal digits",
        ))
    }
}

/// A reference to an image, as it may stand in a Dockerfile's `FROM`: `[host[:port]/]path[:tag][@digest]`.
///
/// Parsed strictly, because it enters a Dockerfile: no white space, no quotes, no `$`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageRef(String);
string_newtype!(ImageRef);

impl FromStr for ImageRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':');
        let fits = !name.is_empty()
            && name.len() <= 255
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.ends_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(allowed)
            && !name.contains("//")
            && digest.is_none_or(|digest| digest.parse::<Digest>().is_ok());
        if fits {
            return Ok(ImageRef(text.to_owned()));
        }
        Err(Error::user(
            "names/image",
            format!("`{}` is not a reference to an image", text.escape_debug()),
            "write it as `nixos/nix:2.31.2` or `host/name:tag@sha256:…`",
        ))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_refused_in_words() {
        let process = "web server".parse::<ProcessType>().unwrap_err();
        let digest = "sha256:12".parse::<Digest>().unwrap_err();
        insta::assert_snapshot!(format!("{process}\n\n{digest}"));
    }

    #[test]
    fn app_names_follow_the_schema() {
        for good in ["abc", "my-app-2", &"a".repeat(30)] {
            assert!(good.parse::<AppName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "ab",
            "1app",
            "my_app",
            "My-app",
            "app-",
            "-app",
            &"a".repeat(31),
            "a b c",
            "é12",
        ] {
            assert!(bad.parse::<AppName>().is_err(), "{bad}");
        }
        insta::assert_snapshot!("my_app".parse::<AppName>().unwrap_err());
    }

    #[test]
    fn project_paths_stay_below() {
        for good in ["Dockerfile", "deploy/Dockerfile", "./a b"] {
            assert!(good.parse::<ProjectPath>().is_ok(), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../../x", "a\0"] {
            assert!(bad.parse::<ProjectPath>().is_err(), "{bad}");
        }
        insta::assert_snapshot!("../x".parse::<ProjectPath>().unwrap_err());
    }

    #[test]
    fn image_references_are_strict() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for good in [
            "nixos/nix:2.31.2",
            "localhost:5000/a/b",
            &format!("a:b@{digest}"),
        ] {
            assert!(good.parse::<ImageRef>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "a b",
            "a\nRUN x",
            "$X",
            "a@sha256:1",
            "/a",
            "a:",
            "a//b",
            "\"a\"",
        ] {
            assert!(bad.parse::<ImageRef>().is_err(), "{bad}");
        }
    }

    #[test]
    fn attribute_paths_read_as_nix_does() {
        let path: AttrPath = "packages.x86_64-linux.\"my.app\"".parse().unwrap();
        assert_eq!(path.names(), ["packages", "x86_64-linux", "my.app"]);
        assert!("".parse::<AttrPath>().unwrap().is_root());
        for bad in [
            ".", "a.", ".a", "a..b", "a b", "\"", "a\"b\"", "a;b", "${x}", "\"a\\\"",
        ] {
            assert!(bad.parse::<AttrPath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_attribute_of_any_name_stays_on_one_line() {
        let path = AttrPath::new(["packages", "a\nRUN b"]);
        assert_eq!(path.to_string(), "packages.\"a\\nRUN b\"");
    }

    proptest! {
        #[test]
        fn attribute_paths_survive_the_trip(names in prop::collection::vec("[a-zA-Z0-9_.@ \"'$\\\\\n&é{-]{1,12}", 0..5)) {
            let path = AttrPath::new(names);
            prop_assert_eq!(path.to_string().parse::<AttrPath>().unwrap(), path);
        }

        #[test]
        fn no_text_makes_a_parser_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<AttrPath>();
            let _ = text.parse::<AppName>();
            let _ = text.parse::<ImageRef>();
            let _ = text.parse::<ProcessType>();
            let _ = text.parse::<Digest>();
            let _ = text.parse::<ProgramName>();
            let _ = text.parse::<ProjectPath>();
        }
    }
}
