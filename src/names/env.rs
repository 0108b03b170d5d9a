//! The name of an environment in nixdyno.toml.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Such as `staging`: a bare key of TOML, so that `[env.NAME]` needs no quotes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnvName(String);
string_newtype!(EnvName);

impl FromStr for EnvName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if starts && text.len() <= 64 && text.chars().all(plain) {
            return Ok(EnvName(text.to_owned()));
        }
        Err(Error::user(
            "names/env",
            format!("`{}` is no name of an environment", text.escape_debug()),
            "use letters, digits, `-` and `_`, such as `staging`; nixdyno.toml has a table of that name: `[env.staging]`",
        ))
    }
}
