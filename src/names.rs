//! Newtypes for names that leave the program: made only by parsing, so that what holds one is valid.

mod attribute;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

pub use attribute::AttrPath;

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
mod branch;
mod build_arg;
mod cache;
mod env;
mod image_parts;
mod login;
mod nix_file;
mod repository;
mod secrets;
mod source;
pub use branch::BranchName;
pub use build_arg::{BuildArgName, BuildArgValue, is_secret};
pub use cache::{CacheUrl, PublicKey};
pub use env::EnvName;
pub use login::{has_login, without_login};
pub use nix_file::NixFile;
pub use repository::RepositoryName;
pub use secrets::{SecretKind, SecretSource};
pub use source::{ArchiveUrl, NarHash, Revision};

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

/// A region of Heroku, such as `us` or `eu`: words of lower-case letters and digits, joined by `-`.
///
/// Which there are is for Heroku to say: it adds some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);
string_newtype!(Region);

impl FromStr for Region {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let word = |word: &str| !word.is_empty() && word.chars().all(plain);
        let fits = text.len() <= 64
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.split('-').all(word);
        if fits {
            return Ok(Region(text.to_owned()));
        }
        Err(Error::user(
            "names/region",
            format!("`{}` is not the name of a region", text.escape_debug()),
            "write it as Heroku does: `eu` or `us`; `heroku regions` lists them",
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
