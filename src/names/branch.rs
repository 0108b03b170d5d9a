//! The name of a branch, as CI files name it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Such as `main` or `release/2`: fewer than git has, so that none is a pattern, a text of another type or a flag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BranchName(String);
string_newtype!(BranchName);

impl FromStr for BranchName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        let ends = text.ends_with(|c: char| c.is_ascii_alphanumeric());
        let parts = !["..", "//", "/.", "./"].iter().any(|it| text.contains(it));
        if starts && ends && parts && text.len() <= 200 && text.chars().all(plain) {
            return Ok(BranchName(text.to_owned()));
        }
        Err(Error::usage(
            "names/branch",
            format!("`{}` is no name of a branch", text.escape_debug()),
            "use letters, digits, `-`, `_`, `.` and `/`, such as `main`: what is a pattern to one platform is none to the next",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_branch_is_a_pattern_or_a_flag() {
        for good in ["main", "release/2.0", "a_b-c", "x"] {
            assert_eq!(good.parse::<BranchName>().unwrap().as_str(), good);
        }
        for bad in [
            "", "-x", "a*", "a b", "a'", "${{ x }}", "a..b", "/a", "a/", "é", "a\nb", "!main",
        ] {
            assert!(bad.parse::<BranchName>().is_err(), "{bad}");
        }
        insta::assert_snapshot!("branch", "mai*".parse::<BranchName>().unwrap_err());
    }
}
