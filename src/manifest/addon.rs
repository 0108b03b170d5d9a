//! The name of an add-on, with its plan or without.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// Such as `heroku-postgresql` or `heroku-redis:mini`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddonName(String);

impl fmt::Display for AddonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AddonName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let word = |word: &str| {
            word.starts_with(letter) && word.chars().all(|c| letter(c) || matches!(c, '-' | '_'))
        };
        let (service, plan) = text.split_once(':').unwrap_or((text, "any"));
        if text.len() <= 128 && word(service) && word(plan) {
            return Ok(AddonName(text.to_owned()));
        }
        let what = format!("`{}` is not the name of an add-on", text.escape_debug());
        let todo =
            "write it as Heroku does: `heroku-postgresql`, or with a plan `heroku-redis:mini`";
        Err(Error::user("manifest/addon", what, todo))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["heroku-postgresql", "heroku-redis:mini", "a:essential_0"] {
            assert_eq!(good.parse::<AddonName>().unwrap().to_string(), good);
        }
        for bad in ["", "-a", "a b", "a:", "a:b:c", "Redis", "a\nb"] {
            assert!(bad.parse::<AddonName>().is_err(), "{bad:?}");
        }
        insta::assert_snapshot!("a:\nb".parse::<AddonName>().unwrap_err());
    }
}
