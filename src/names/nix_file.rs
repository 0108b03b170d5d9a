//! The file that Nix starts from, as it may stand in a command, an expression and a Dockerfile.

use std::fmt;
use std::path::{Component, Path};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A Nix file of the project, relative to its folder: `default.nix`, `nix/release.nix`.
///
/// Plain by type, because it enters a Nix expression and a shell line as it is: letters, digits and
/// `.`, `_`, `-`, `+` between its `/`s, no part that starts with `-` or is `..`, and `.nix` at its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct NixFile(String);
string_newtype!(NixFile);

impl NixFile {
    /// Where `nix-build` looks by itself.
    pub fn is_default(&self) -> bool {
        self.0 == "default.nix"
    }

    /// Whether it is the flake's, which Nix finds by its folder.
    pub fn is_flake(&self) -> bool {
        self.0 == "flake.nix"
    }

    /// The file, relative to the project.
    pub fn path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl Default for NixFile {
    fn default() -> Self {
        NixFile("default.nix".to_owned())
    }
}

impl FromStr for NixFile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut names = Vec::new();
        for part in Path::new(text).components() {
            match part {
                Component::Normal(name) => {
                    names.push(plain(name.to_str()).ok_or_else(|| refuse(text))?);
                }
                Component::CurDir => {}
                _ => return Err(refuse(text)),
            }
        }
        let ends_well = |name: &&str| name.strip_suffix(".nix").is_some_and(|it| !it.is_empty());
        if names.last().is_some_and(ends_well) && !text.ends_with('/') {
            Ok(NixFile(names.join("/")))
        } else {
            Err(refuse(text))
        }
    }
}

/// A part of a path that means itself, to Nix and to a shell.
fn plain(name: Option<&str>) -> Option<&str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    name.filter(|name| name.chars().all(is_plain) && !name.starts_with('-'))
}

fn refuse(text: &str) -> Error {
    Error::user(
        "names/nix-file",
        format!(
            "`{}` is not a Nix file below the project",
            text.escape_debug()
        ),
        "name a file relative to the project's folder, such as `release.nix` or `nix/server.nix`",
    )
    .because("it enters Nix's command line as it is: letters, digits, `.`, `_`, `-`, `+` and `/`, and `.nix` at its end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_taken_in_their_shortest_form() {
        for (given, taken) in [
            ("release.nix", "release.nix"),
            ("./nix//a_b-c+1.nix", "nix/a_b-c+1.nix"),
            (".ci/x.nix", ".ci/x.nix"),
        ] {
            assert_eq!(given.parse::<NixFile>().unwrap().as_str(), taken);
        }
        assert!("./flake.nix".parse::<NixFile>().unwrap().is_flake());
        assert!(NixFile::default().is_default());
    }

    #[test]
    fn all_else_is_refused() {
        let odd = [
            "",
            ".",
            "nix",
            ".nix",
            "a/.nix",
            "/a.nix",
            "../a.nix",
            "a/../b.nix",
            "a b.nix",
            "a.nix/",
            "-a.nix",
            "a/-x/b.nix",
            "$a.nix",
            "a'.nix",
            "é.nix",
            "a@b.nix",
            "a\n.nix",
            "a~b.nix",
        ];
        for odd in odd {
            assert!(odd.parse::<NixFile>().is_err(), "{odd}");
        }
        insta::assert_snapshot!("a b.nix".parse::<NixFile>().unwrap_err());
    }
}
