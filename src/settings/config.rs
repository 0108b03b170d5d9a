//! `nixdyno.toml`: optional and small, only what differs from what inspection finds.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::files;
use crate::names::SecretKind;

/// A file larger than this is not a configuration.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// The file, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Accept the settings that the flake brings.
    #[serde(default)]
    pub accept_flake_config: bool,
    /// The Heroku app.
    pub app: Option<String>,
    /// Arguments of the function in default.nix.
    #[serde(default)]
    pub args: BTreeMap<String, Scalar>,
    /// The attribute to deploy.
    pub attr: Option<String>,
    /// The image the Dockerfile starts from.
    pub base: Option<String>,
    /// Arguments of the Docker build.
    #[serde(default)]
    pub build_args: BTreeMap<String, Scalar>,
    /// Binary caches to read from.
    #[serde(default)]
    pub cache: CacheTable,
    /// Keep Nix's own cache between builds.
    #[serde(default)]
    pub cache_mounts: bool,
    /// A Dockerfile of the project to build.
    pub dockerfile: Option<String>,
    /// The Nix file to build from.
    pub file: Option<String>,
    /// Whether a flake may read variables.
    #[serde(default)]
    pub impure: bool,
    /// Words for every call of Nix.
    #[serde(default)]
    pub nix_args: Vec<String>,
    /// Settings of Nix.
    #[serde(default)]
    pub options: BTreeMap<String, Scalar>,
    /// What is taken in the place of inputs of the flake.
    #[serde(default)]
    pub override_inputs: BTreeMap<String, String>,
    /// The program in `bin/` that `web` runs.
    pub program: Option<String>,
    /// Rules for what stays out of the image.
    pub prune: Option<Vec<String>>,
    /// The region of a created app.
    pub region: Option<String>,
    /// How much of a system the image is.
    pub root: Option<String>,
    /// The route.
    pub route: Option<String>,
    /// Where the secrets of a build are read from.
    #[serde(default)]
    pub secrets: SecretTable,
    /// Packages of nixpkgs that the image has beside the app.
    #[serde(default)]
    pub with: Vec<String>,
}

/// `[cache]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CacheTable {
    /// Caches to read from.
    pub substituters: Vec<String>,
    /// Their keys.
    pub trusted_public_keys: Vec<String>,
}

/// `[secrets]`: a file or `env:NAME` for each, never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct SecretTable {
    /// Whether the build may ask the ssh agent.
    pub ssh: bool,
    aws: Option<String>,
    known_hosts: Option<String>,
    netrc: Option<String>,
    nix_config: Option<String>,
    signing_key: Option<String>,
}

impl SecretTable {
    /// Where one is read from.
    pub fn get(&self, kind: SecretKind) -> Option<&String> {
        match kind {
            SecretKind::Aws => self.aws.as_ref(),
            SecretKind::KnownHosts => self.known_hosts.as_ref(),
            SecretKind::Netrc => self.netrc.as_ref(),
            SecretKind::NixConfig => self.nix_config.as_ref(),
            SecretKind::SigningKey => self.signing_key.as_ref(),
        }
    }
}

/// A value of one word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scalar::Flag(flag) => flag.fmt(f),
            Scalar::Number(number) => number.fmt(f),
            Scalar::Text(text) => f.write_str(text),
        }
    }
}

impl Config {
    /// Reads the file named, or `nixdyno.toml` in `dir` when it's there.
    ///
    /// Errors: `settings/config` when a named file is missing, or a file isn't what it should be.
    pub fn load(dir: &Path, named: Option<&Path>) -> Result<Self> {
        let path = named.map_or_else(|| dir.join("nixdyno.toml"), Path::to_owned);
        // A link that leads nowhere is a mistake, not a project without a file.
        if named.is_none() && fs_err::symlink_metadata(&path).is_err() {
            return Ok(Config::default());
        }
        // A file that is named may lie anywhere, but a project must not show what lies outside it.
        if named.is_none() && files::leads_out(dir, &path) {
            return Err(refuse(&path, "it is outside the project")
                .because("nixdyno.toml of a project is read only from its own folder")
                .or("name a file that lies elsewhere with `--config`"));
        }
        Self::read(&path)
    }

    fn read(path: &Path) -> Result<Self> {
        let text = files::read_text(path, MOST_BYTES).map_err(|error| unreadable(path, &error))?;
        toml::from_str(&text).map_err(|error| {
            let shown = error.to_string();
            refuse(path, &error.message().replace('\n', ", ")).detail(shown.trim_end().lines())
        })
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::NotFound {
        let what = format!("there is no file {}", path.display());
        let todo = "name a file that is there with `--config`, or leave the flag away";
        return Error::user("settings/config", what, todo);
    }
    refuse(path, &error.to_string())
}

fn refuse(path: &Path, why: &str) -> Error {
    Error::user(
        "settings/config",
        format!("{} can't be used: {why}", path.display()),
        "its keys are `accept-flake-config`, `app`, `args`, `attr`, `base`, `build-args`, `cache-mounts`, `dockerfile`, `file`, `impure`, `nix-args`, `options`, `override-inputs`, `program`, `prune`, `region`, `root`, `route`, `with`, and the tables `[cache]` and `[secrets]`; all are optional",
    )
    .at_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config> {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("nixdyno.toml"), text).unwrap();
        Config::load(dir.path(), None)
    }

    #[test]
    fn is_optional() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Config::load(dir.path(), None).unwrap(), Config::default());
        let named = dir.path().join("other.toml");
        assert_eq!(
            Config::load(dir.path(), Some(&named)).unwrap_err().id(),
            "settings/config"
        );
    }

    #[test]
    fn an_unknown_key_is_pointed_at() {
        let error = load("app = \"my-app\"\nroutes = \"docker\"\n").unwrap_err();
        insta::with_settings!({filters => vec![(r"/\S+/nixdyno.toml", "nixdyno.toml")]}, {
            insta::assert_snapshot!(error);
        });
    }

    #[test]
    fn only_a_named_file_may_lie_outside() {
        let dir = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let file = other.path().join("a.toml");
        fs_err::write(&file, "app = \"my-app\"").unwrap();
        std::os::unix::fs::symlink(&file, dir.path().join("nixdyno.toml")).unwrap();
        let error = Config::load(dir.path(), None).unwrap_err();
        assert!(error.what().contains("outside the project"), "{error}");
        let named = Config::load(dir.path(), Some(&file)).unwrap();
        assert_eq!(named.app.as_deref(), Some("my-app"));
    }

    #[test]
    fn words_for_nix_are_a_list() {
        let config = load("nix-args = [\"--override-input\", \"nixpkgs\", \"path:/x\"]\n").unwrap();
        assert_eq!(config.nix_args.len(), 3);
    }
}
