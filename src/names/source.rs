//! What a source is pinned by: its revision, its hash, and the archive it is fetched as.
//!
//! Made by parsing only, because each stands in a Dockerfile and in a command as it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A full git revision: 40 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Revision(String);
string_newtype!(Revision);

impl Revision {
    /// Its first twelve digits, as Nix shows it; enough to tell revisions apart.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl FromStr for Revision {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        if text.len() == 40 && text.chars().all(hex) {
            return Ok(Revision(text.to_owned()));
        }
        Err(Error::user(
            "names/revision",
            format!("`{}` is not a revision", text.escape_debug()),
            "a revision is git's full hash of 40 hexadecimal digits",
        ))
    }
}

/// The SHA-256 of a source's content in SRI form: `sha256-`, 43 characters of base 64, and `=`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NarHash(String);
string_newtype!(NarHash);

impl FromStr for NarHash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
        let hash = text.strip_prefix("sha256-").unwrap_or_default();
        let hash = hash.strip_suffix('=').unwrap_or_default();
        if hash.len() == 43 && hash.chars().all(base64) {
            return Ok(NarHash(text.to_owned()));
        }
        Err(Error::user(
            "names/nar-hash",
            format!("`{}` is not the hash of a source", text.escape_debug()),
            "a lock file has it as `narHash`: `sha256-…=`",
        ))
    }
}

/// The URL of an archive: `http` or `https`, and nothing that a shell or a Dockerfile reads as more than text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArchiveUrl(String);
string_newtype!(ArchiveUrl);

impl ArchiveUrl {
    /// Whether a colon stands behind the scheme: that of a port, or one in a name.
    pub fn has_port(&self) -> bool {
        self.0.matches(':').count() > 1
    }
}

impl FromStr for ArchiveUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "._~/:%+-".contains(c);
        let fits = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.len() <= 1000
            && rest.chars().all(plain);
        if fits {
            return Ok(ArchiveUrl(text.to_owned()));
        }
        Err(Error::user(
            "names/archive",
            format!("`{}` is not the URL of an archive", text.escape_debug()),
            "write it as `https://host/path/name.tar.gz`",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_may_stand_in_a_dockerfile() {
        let revision = "8fd9daa3db09ced9700431c5b7ad0e8ba199b575";
        assert_eq!(
            revision.parse::<Revision>().unwrap().short(),
            "8fd9daa3db09"
        );
        let hash = "sha256-Ti+ZBvW6yrWWAg2szExVTwCd4qOJ3KlVr1tFHfyfi8Q=";
        assert!(hash.parse::<NarHash>().is_ok());
        let url = "https://github.com/NixOS/nixpkgs/archive/8fd9.tar.gz";
        assert!(!url.parse::<ArchiveUrl>().unwrap().has_port());
        let url = "http://10.0.0.1:8080/nixpkgs.tar.gz";
        assert!(url.parse::<ArchiveUrl>().unwrap().has_port());
        for bad in ["", "abc", &revision.to_uppercase(), &format!("{revision} ")] {
            assert!(bad.parse::<Revision>().is_err(), "{bad}");
        }
        for bad in ["", "sha256-", "sha256-a=", &hash.replace('+', "$")] {
            assert!(bad.parse::<NarHash>().is_err(), "{bad}");
        }
        for bad in [
            "",
            "https://",
            "file:///etc/passwd",
            "https://a/b?c=d&e",
            "https://a/$(x)",
            "https://a/b c",
            "https://a/\nRUN x",
            "https://user@host/x",
        ] {
            assert!(bad.parse::<ArchiveUrl>().is_err(), "{bad}");
        }
        let refused = [
            "x".parse::<Revision>().unwrap_err(),
            "x".parse::<NarHash>().unwrap_err(),
            "x y".parse::<ArchiveUrl>().unwrap_err(),
        ];
        let refused: Vec<String> = refused.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(refused.join("\n"));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in "\\PC{0,50}") {
            let _ = text.parse::<Revision>();
            let _ = text.parse::<NarHash>();
            let _ = text.parse::<ArchiveUrl>();
        }
    }
}
