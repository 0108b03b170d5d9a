//! `nixdyno.toml`: optional and small, only what differs from what inspection finds.

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::files;

/// A file larger than this is not a configuration.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// The file, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The Heroku app.
    pub app: Option<String>,
    /// The attribute to deploy.
    pub attr: Option<String>,
    /// The image the Dockerfile starts from.
    pub base: Option<String>,
    /// A Dockerfile of the project to build.
    pub dockerfile: Option<String>,
    /// The Nix file to build from.
    pub file: Option<String>,
    /// Words for every call of Nix.
    #[serde(default)]
    pub nix_args: Vec<String>,
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
    /// Packages of nixpkgs that the image has beside the app.
    #[serde(default)]
    pub with: Vec<String>,
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
        let text =
            files::read_text(path, MOST_BYTES).map_err(|error| refuse(path, &error.to_string()))?;
        toml::from_str(&text).map_err(|error| {
            let shown = error.to_string();
            refuse(path, &error.message().replace('\n', ", ")).detail(shown.trim_end().lines())
        })
    }
}

fn refuse(path: &Path, why: &str) -> Error {
    Error::user(
        "settings/config",
        format!("{} can't be used: {why}", path.display()),
        "its keys are `app`, `attr`, `base`, `dockerfile`, `file`, `nix-args`, `program`, `prune`, `region`, `root`, `route`, `with`; all are optional",
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
