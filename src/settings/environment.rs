//! The process's environment, read once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::secret::Secret;
use crate::ui::ColorEnv;

/// The part of the environment that nixdyno looks at.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    /// The user's home.
    pub home: Option<PathBuf>,
    /// Whether a person can be asked: standard input and standard error are terminals.
    pub has_terminal: bool,
    /// Whether it's the process's own, and no test's.
    is_real: bool,
    /// Seconds since 1970, for what must differ from run to run.
    pub now: String,
}

/// Every variable that is read.
const NAMES: [&str; 24] = [
    "CLICOLOR_FORCE",
    "HEROKU_API_KEY",
    "HEROKU_HOST",
    "NIXDYNO_API_URL",
    "NIXDYNO_APP",
    "NIXDYNO_ATTR",
    "NIXDYNO_BASE",
    "NIXDYNO_DOCKERFILE",
    "NIXDYNO_ENV",
    "NIXDYNO_FILE",
    "NIXDYNO_NIX_ARGS",
    "NIXDYNO_PROGRAM",
    "NIXDYNO_REGISTRY",
    "NIXDYNO_REGISTRY_PASSWORD",
    "NIXDYNO_REGISTRY_USER",
    "NIXDYNO_ROOT",
    "NIXDYNO_ROUTE",
    "NIXDYNO_SUBSTITUTERS",
    "NIXDYNO_TRUSTED_PUBLIC_KEYS",
    "NIXDYNO_TWO_FACTOR_CODE",
    "NIX_BUILD_FLAGS",
    "NO_COLOR",
    "SSH_AUTH_SOCK",
    "XDG_CACHE_HOME",
];

impl Environment {
    /// Reads it. An empty variable is one that isn't set; one that isn't UTF-8 too.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read"
    )]
    pub fn read() -> Self {
        let variables = NAMES.iter().filter_map(|name| {
            let value = std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())?;
            Some(((*name).to_owned(), value))
        });
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Environment {
            variables: variables.collect(),
            home: std::env::var_os("HOME")
                .filter(|home| !home.is_empty())
                .map(PathBuf::from),
            has_terminal: std::io::IsTerminal::is_terminal(&std::io::stdin())
                && console::Term::stderr().is_term(),
            is_real: true,
            now: since.as_secs().to_string(),
        }
    }

    /// A variable's value, if set.
    pub fn get(&self, name: &str) -> Option<String> {
        debug_assert!(NAMES.contains(&name), "{name} is not read");
        self.variables.get(name).cloned()
    }

    /// A variable that the user named as the source of a secret; none that is empty.
    #[expect(
        clippy::disallowed_methods,
        reason = "which variable it is, only the user knows"
    )]
    pub fn secret(&self, name: &str) -> Option<Secret> {
        let value = if self.is_real {
            std::env::var(name).ok()
        } else {
            self.variables.get(name).cloned()
        };
        let value = value.filter(|value| !value.trim().is_empty())?;
        Some(Secret::new(&value))
    }

    /// What it says about colour.
    pub fn color(&self) -> ColorEnv {
        ColorEnv {
            no_color: self.get("NO_COLOR").is_some(),
            force: self.get("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
        }
    }

    /// An environment of given variables, for tests.
    #[cfg(test)]
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Environment {
            variables: variables.iter().map(pair).collect(),
            ..Self::default()
        }
    }
}
