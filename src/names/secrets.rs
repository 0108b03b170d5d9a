//! Secrets of a build by name: which there are, and where one is read from. Never a value.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What a secret is, which decides where a build finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// Credentials for S3.
    Aws,
    /// The hosts that ssh may speak to.
    KnownHosts,
    /// Logins for HTTP: of caches, and of git.
    Netrc,
    /// Lines of nix.conf, such as `access-tokens`.
    NixConfig,
    /// The key that signs what `cache push` sends.
    SigningKey,
}

impl SecretKind {
    /// Every kind, sorted.
    pub const ALL: [SecretKind; 5] = [
        SecretKind::Aws,
        SecretKind::KnownHosts,
        SecretKind::Netrc,
        SecretKind::NixConfig,
        SecretKind::SigningKey,
    ];

    /// Its name on the command line and in nixdyno.toml, and its id for Docker.
    pub fn name(self) -> &'static str {
        match self {
            SecretKind::Aws => "aws",
            SecretKind::KnownHosts => "known-hosts",
            SecretKind::Netrc => "netrc",
            SecretKind::NixConfig => "nix-config",
            SecretKind::SigningKey => "signing-key",
        }
    }

    /// Where a build finds it.
    pub fn target(self) -> &'static str {
        match self {
            SecretKind::Aws => "/root/.aws/credentials",
            SecretKind::KnownHosts => "/root/.ssh/known_hosts",
            // Where git looks, too.
            SecretKind::Netrc => "/root/.netrc",
            SecretKind::NixConfig => "/run/secrets/nix-config",
            SecretKind::SigningKey => "/run/secrets/signing-key",
        }
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SecretKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|kind| format!("`{kind}`")).collect();
            Error::usage(
                "names/secret",
                format!(
                    "`{}` is no secret that a build has a place for",
                    text.escape_debug()
                ),
                format!("use one of {}", names.join(", ")),
            )
        })
    }
}

/// Where a secret is read from: a file, `env:NAME`, or `env` for the variables that its kind has by custom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SecretSource {
    /// A file.
    File(String),
    /// A variable that holds all of it.
    Variable(String),
    /// The variables that programs read by custom.
    Custom,
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretSource::File(path) => f.write_str(path),
            SecretSource::Variable(name) => write!(f, "env:{name}"),
            SecretSource::Custom => f.write_str("env"),
        }
    }
}

impl From<SecretSource> for String {
    fn from(source: SecretSource) -> String {
        source.to_string()
    }
}

impl TryFrom<String> for SecretSource {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl SecretSource {
    /// Where a secret of a kind is read from, unless the text is the secret itself.
    ///
    /// Errors: `names/secret-source`.
    pub fn of(kind: SecretKind, text: &str) -> Result<Self> {
        if is_value(kind, text) {
            return Err(nowhere());
        }
        text.parse()
    }
}

/// Whether a text is what stands in the file, and not the file's name. A file of any name can be given as `./NAME`.
fn is_value(kind: SecretKind, text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['/', '~', '.']) {
        return false;
    }
    let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    match kind {
        SecretKind::Aws => {
            let lower = text.to_ascii_lowercase();
            text.starts_with('[') || lower.contains("aws_") && text.contains('=')
        }
        SecretKind::KnownHosts => text.contains(" ssh-") || text.contains(" ecdsa-"),
        SecretKind::Netrc => text.starts_with("machine ") || text.starts_with("default "),
        SecretKind::NixConfig => text.contains(" = ") || text.starts_with("access-tokens"),
        SecretKind::SigningKey => text.split_once(':').is_some_and(|(name, key)| {
            name != "env" && !name.contains('/') && key.len() >= 20 && key.chars().all(base64)
        }),
    }
}

impl FromStr for SecretSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        match text.strip_prefix("env:") {
            Some(name) if !name.is_empty() && name.chars().all(plain) => {
                Ok(SecretSource::Variable(name.to_owned()))
            }
            None if text == "env" => Ok(SecretSource::Custom),
            None if is_path(text) => Ok(SecretSource::File(text.to_owned())),
            _ => Err(nowhere()),
        }
    }
}

/// One line. What spans several is a value in the place of its file, and must not be shown.
fn is_path(text: &str) -> bool {
    !text.is_empty() && text.len() <= 4096 && !text.contains(char::is_control)
}

fn nowhere() -> Error {
    Error::user(
        "names/secret-source",
        "where a secret is read from is neither a file nor a variable",
        "name a file, or a variable as `env:NAME`: the value itself is written nowhere",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_and_sources_are_read_as_written() {
        for kind in SecretKind::ALL {
            assert_eq!(kind.name().parse::<SecretKind>().unwrap(), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        let source = |text: &str| text.parse::<SecretSource>();
        assert_eq!(source("env").unwrap(), SecretSource::Custom);
        assert_eq!(
            source("env:A_1").unwrap(),
            SecretSource::Variable("A_1".into())
        );
        assert_eq!(source("env/x").unwrap(), SecretSource::File("env/x".into()));
        for bad in ["", "env:", "env:A B", "env:A=1", "machine a\nlogin b"] {
            assert!(source(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_value_in_place_of_its_file_is_not_shown() {
        for (kind, text) in [
            (SecretKind::Aws, "[default] aws_access_key_id = hunter2"),
            (SecretKind::Aws, "aws_secret_access_key=hunter2"),
            (SecretKind::KnownHosts, "host ssh-ed25519 hunter2"),
            (SecretKind::KnownHosts, "host ecdsa-sha2-nistp256 hunter2"),
            (SecretKind::Netrc, "machine x login me password hunter2"),
            (SecretKind::Netrc, " default login me password hunter2"),
            (SecretKind::NixConfig, "access-tokens = github.com=hunter2"),
            (SecretKind::NixConfig, "access-tokens=github.com=hunter2"),
            (SecretKind::SigningKey, "k-1:hunter2hunter2hunter2/+AA=="),
        ] {
            let error = SecretSource::of(kind, text).unwrap_err();
            assert_eq!(error.id(), "names/secret-source", "{text}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
            assert!(SecretSource::of(kind, &format!("./{text}")).is_ok());
        }
        for kind in SecretKind::ALL {
            for text in ["aws_credentials", "machine", "keys/k:1", "env:A", "/a b/c"] {
                assert!(SecretSource::of(kind, text).is_ok(), "{text}");
            }
        }
        let long = "env:A_LONG_NAME_OF_A_VARIABLE";
        assert!(SecretSource::of(SecretKind::SigningKey, long).is_ok());
    }

    #[test]
    fn refusals() {
        let kind = "password".parse::<SecretKind>().unwrap_err();
        insta::assert_snapshot!("secret_refusals", format!("{kind}\n\n{}", nowhere()));
    }

    proptest! {
        #[test]
        fn sources_survive_the_trip(text in "(env:?)?\\PC{0,20}") {
            if let Ok(source) = text.parse::<SecretSource>() {
                prop_assert_eq!(source.to_string().parse::<SecretSource>().unwrap(), source);
            }
        }
    }
}
