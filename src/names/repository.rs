//! Repositories of a registry.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The longest name that registries take.
const LONGEST: usize = 255;

/// The name of a repository of any registry, such as `library/nginx`: components of lower-case letters and digits,
/// with `.`, `_`, `__` or dashes between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName(String);
string_newtype!(RepositoryName);

impl FromStr for RepositoryName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.len() <= LONGEST && text.split('/').all(is_component) {
            return Ok(RepositoryName(text.to_owned()));
        }
        Err(Error::user(
            "names/repository",
            format!("`{}` is not the name of a repository", text.escape_debug()),
            "use lower-case letters and digits, with `/`, and single `.`, `_` or `-` between them",
        )
        .because("registries take no other names"))
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let between =
        |marks: &str| matches!(marks, "" | "." | "_" | "__") || marks.chars().all(|c| c == '-');
    text.starts_with(plain) && text.ends_with(plain) && text.split(plain).all(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_follow_the_grammar() {
        for good in [
            "a",
            "my-app/web",
            "a.b/c_d/e__f/g---h",
            "0",
            &"a".repeat(255),
        ] {
            assert!(good.parse::<RepositoryName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "A",
            "my-app/Web",
            "a..b",
            "a___b",
            "a._b",
            "-a",
            "a-",
            "a/..",
            "é",
            "a b",
            "a:b",
            &"a".repeat(256),
        ] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad}");
        }
        insta::assert_snapshot!("my-app/Web".parse::<RepositoryName>().unwrap_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<RepositoryName>();
        }
    }
}
