//! A value that must never be seen: tokens and passwords.

use std::collections::BTreeMap;
use std::fmt;

use crate::names::SecretKind;

/// A secret. `Debug` and `Display` print `[REDACTED]`; only `shell` (standard input, environment)
/// and the HTTP client may call [`Secret::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the value, trimmed of surrounding white space.
    pub fn new(value: &str) -> Self {
        Secret(value.trim().to_owned())
    }

    /// The value itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of the secret replaced; for output of tools that may echo it.
    pub fn redact(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        text.replace(&self.0, "[REDACTED]")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// The secrets of a build that variables hold, and what else of them only the environment tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretValues {
    /// By kind; a variable that isn't set is not here.
    pub values: BTreeMap<SecretKind, Secret>,
    /// Whether there is an ssh agent to ask.
    pub has_agent: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_printed() {
        let secret = Secret::new("hunter2\n");
        assert_eq!(secret.reveal(), "hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "[REDACTED] [REDACTED]");
        assert_eq!(secret.redact("a hunter2 b"), "a [REDACTED] b");
    }
}
