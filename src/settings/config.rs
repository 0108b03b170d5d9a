//! `nixdyno.toml`: optional and small, only what differs from what inspection finds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result, near_misses};
use crate::files;
use crate::inspect::Source;
use crate::names::{EnvName, SecretKind};
use crate::plan::Wish;

/// A file larger than this is not a configuration.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// The JSON Schema of the file.
pub const SCHEMA: &str = include_str!("../../schemas/nixdyno.json");

/// The file, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "nixdyno.toml"))]
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
    /// How hard layers are compressed that are made without Docker.
    #[cfg_attr(test, schemars(extend("enum" = ["auto", "fast", "small"])))]
    pub compression: Option<String>,
    /// A Dockerfile of the project to build.
    pub dockerfile: Option<String>,
    /// What differs for one of several Heroku apps: `[env.staging]` holds the same keys, and `--env staging` lets it count.
    #[serde(default)]
    pub env: BTreeMap<String, Config>,
    /// The Nix file to build from.
    pub file: Option<String>,
    /// Whether a flake may read variables.
    #[serde(default)]
    pub impure: bool,
    /// Layers that an image has at most that is made without Docker.
    #[cfg_attr(test, schemars(range(min = 2, max = 40)))]
    pub max_layers: Option<u8>,
    /// What of such an image may be stale, in percent.
    #[cfg_attr(test, schemars(range(max = 100)))]
    pub max_waste: Option<u8>,
    /// Words for every call of Nix.
    #[serde(default)]
    pub nix_args: Vec<String>,
    /// Settings of Nix.
    #[serde(default)]
    pub options: BTreeMap<String, Scalar>,
    /// What is taken in the place of inputs of the flake.
    #[serde(default)]
    pub override_inputs: BTreeMap<String, String>,
    /// The process types that count, of those that the project declares.
    #[serde(default)]
    pub processes: Vec<String>,
    /// The program in `bin/` that `web` runs.
    pub program: Option<String>,
    /// Rules for what stays out of the image.
    pub prune: Option<Vec<String>>,
    /// The region of a created app.
    pub region: Option<String>,
    /// How much of a system the image is.
    pub root: Option<String>,
    /// The route.
    #[cfg_attr(test, schemars(extend("enum" = ["direct", "docker", "heroku-cli", "heroku-yml"])))]
    pub route: Option<String>,
    /// Where the secrets of a build are read from.
    #[serde(default)]
    pub secrets: SecretTable,
    /// Packages of nixpkgs that the image has beside the app.
    #[serde(default)]
    pub with: Vec<String>,
    /// The environment that counts, and the keys that are its own.
    #[serde(skip)]
    overlay: Option<(EnvName, BTreeSet<String>)>,
}

/// `[cache]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CacheTable {
    /// Caches to read from.
    pub substituters: Vec<String>,
    /// Their keys.
    pub trusted_public_keys: Vec<String>,
}

/// `[secrets]`: a file or `env:NAME` for each, never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Reads the file named, or `nixdyno.toml` in `dir` when it's there; the values of `env` over the others.
    ///
    /// Errors: `settings/config` when a named file is missing, or a file isn't what it should be;
    /// `settings/no-env`.
    pub fn load(dir: &Path, named: Option<&Path>, env: Option<&Wish<EnvName>>) -> Result<Self> {
        let path = named.map_or_else(|| dir.join("nixdyno.toml"), Path::to_owned);
        // A link that leads nowhere is a mistake, not a project without a file.
        if named.is_none() && fs_err::symlink_metadata(&path).is_err() {
            let none = Config::default();
            return env.map_or(Ok(none.clone()), |env| Err(no_env(env, &path, &none)));
        }
        // A file that is named may lie anywhere, but a project must not show what lies outside it.
        if named.is_none() && files::leads_out(dir, &path) {
            return Err(refuse(&path, "it is outside the project")
                .because("nixdyno.toml of a project is read only from its own folder")
                .or("name a file that lies elsewhere with `--config`"));
        }
        Self::read(&path, env)
    }

    /// The text of a project's own file; empty where there is none.
    pub(super) fn text(dir: &Path) -> Result<String> {
        let path = dir.join("nixdyno.toml");
        if fs_err::symlink_metadata(&path).is_err() {
            return Ok(String::new());
        }
        files::read_text(&path, MOST_BYTES).map_err(|error| unreadable(&path, &error))
    }

    fn read(path: &Path, env: Option<&Wish<EnvName>>) -> Result<Self> {
        let text = files::read_text(path, MOST_BYTES).map_err(|error| unreadable(path, &error))?;
        Self::parse(path, &text, env)
    }

    /// What a text says, which is that of a file at `path` or shall be.
    ///
    /// Errors: `settings/config`, `settings/no-env`.
    pub(super) fn parse(path: &Path, text: &str, env: Option<&Wish<EnvName>>) -> Result<Self> {
        let all: Config = toml::from_str(text).map_err(|error| wrong(path, &error))?;
        if let Some((name, _)) = all.env.iter().find(|(_, it)| !it.env.is_empty()) {
            let why = format!("`env.{name}` has environments of its own");
            return Err(refuse(path, &why));
        }
        let Some(env) = env else { return Ok(all) };
        if !all.env.contains_key(env.value.as_str()) {
            return Err(no_env(env, path, &all));
        }
        // The text is read a second time, as a table, where what isn't said can be told from a default.
        let parsed = text.parse::<toml::Table>();
        let mut table = parsed.map_err(|error| wrong(path, &error))?;
        let own = table.remove("env").and_then(|it| match it {
            toml::Value::Table(mut all) => all.remove(env.value.as_str()),
            _ => None,
        });
        let mut keys = BTreeSet::new();
        if let Some(toml::Value::Table(own)) = own {
            lay_over(&mut table, own, "", &mut keys);
        }
        let mut config: Config = table.try_into().map_err(|error| wrong(path, &error))?;
        config.overlay = Some((env.value.clone(), keys));
        Ok(config)
    }

    /// The place of a key, such as `app` or `cache.substituters`.
    pub fn source(&self, key: &str) -> Source {
        let own = |(_, keys): &&(EnvName, BTreeSet<String>)| {
            let inside = |it: &String| it.strip_prefix(key).is_some_and(|it| it.starts_with('.'));
            keys.contains(key) || keys.iter().any(inside)
        };
        let key = match self.overlay.as_ref().filter(own) {
            Some((env, _)) => format!("env.{env}.{key}"),
            None => key.to_owned(),
        };
        Source::Config { key }
    }
}

/// The values of one table over those of another; a table in it over the one there. Notes the keys that were laid over.
fn lay_over(under: &mut toml::Table, over: toml::Table, path: &str, keys: &mut BTreeSet<String>) {
    for (key, value) in over {
        let whole = format!("{path}{key}");
        match (under.get_mut(&key), value) {
            // Deeper than the file's types go nothing gets here.
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) => {
                lay_over(under, over, &format!("{whole}."), keys);
            }
            (_, value) => {
                keys.insert(whole);
                under.insert(key, value);
            }
        }
    }
}

/// An error of the parser: where, with the line itself, and what was perhaps meant.
fn wrong(path: &Path, error: &toml::de::Error) -> Error {
    let shown = error.to_string();
    // The first lines are the place, the last ones the message.
    let place: Vec<&str> = shown
        .lines()
        .take_while(|line| !error.message().starts_with(line))
        .collect();
    let place = place
        .iter()
        .map(|line| line.replace("TOML parse error at", "at"));
    let message = error.message().lines().next().unwrap_or_default();
    let mut quoted = message.split('`').skip(1).step_by(2);
    if let (true, Some(unknown)) = (message.starts_with("unknown field"), quoted.next()) {
        let why = format!("there is no key `{}`", unknown.escape_debug());
        let near = near_misses(unknown, quoted);
        let error = match near.first() {
            Some(near) => refuse_for(path, &why, &format!("did you mean `{near}`?")),
            None => refuse(path, &why),
        };
        return error.detail(place);
    }
    refuse(path, &error.message().replace('\n', ", ")).detail(place)
}

fn no_env(env: &Wish<EnvName>, path: &Path, config: &Config) -> Error {
    let name = &env.value;
    let there: Vec<&str> = config.env.keys().map(String::as_str).collect();
    let what = format!("{} has no environment `{name}`", path.display());
    let near = near_misses(name.as_str(), there.iter().copied());
    let todo = match (near.first(), there.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("write the table `[env.{name}]` into it"),
        (None, there) => format!(
            "name one of {}, or write the table `[env.{name}]`",
            there.join(", ")
        ),
    };
    Error::user("settings/no-env", what, todo).at(&env.source)
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
    let todo = "`nixdyno config` lists the keys, and `nixdyno config --schema` describes them; all are optional";
    refuse_for(path, why, todo)
}

fn refuse_for(path: &Path, why: &str, todo: &str) -> Error {
    let what = format!("{} can't be used: {why}", path.display());
    Error::user("settings/config", what, todo).at_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config> {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("nixdyno.toml"), text).unwrap();
        Config::load(dir.path(), None, None)
    }

    #[test]
    fn is_optional() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(
            Config::load(dir.path(), None, None).unwrap(),
            Config::default()
        );
        let named = dir.path().join("other.toml");
        assert_eq!(
            Config::load(dir.path(), Some(&named), None)
                .unwrap_err()
                .id(),
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

    fn load_env(text: &str, env: &str) -> Result<Config> {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("nixdyno.toml"), text).unwrap();
        let env = Wish {
            value: env.parse().unwrap(),
            source: Source::Flag {
                name: "--env".to_owned(),
            },
        };
        Config::load(dir.path(), None, Some(&env))
    }

    const THREE: &str = "app = 'shop'\nroot = 'shell'\nimpure = true\nwith = ['curl']\n\
        cache.substituters = ['https://a']\noptions = { cores = 2, timeout = 1 }\n\
        [env.staging]\napp = 'shop-staging'\nimpure = false\nwith = []\noptions = { cores = 4 }\n\
        cache.trusted-public-keys = ['k']\n[env.empty]\n";

    #[test]
    fn an_environment_lies_over_the_rest() {
        let config = load_env(THREE, "staging").unwrap();
        assert_eq!(config.app.as_deref(), Some("shop-staging"));
        assert_eq!(config.root.as_deref(), Some("shell"));
        assert!(!config.impure && config.with.is_empty());
        let options: Vec<String> = config
            .options
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        assert_eq!(options, ["cores=4", "timeout=1"]);
        assert_eq!(config.cache.substituters, ["https://a"]);
        assert_eq!(config.cache.trusted_public_keys, ["k"]);
        let place = |key: &str| config.source(key).to_string();
        assert_eq!(place("app"), "nixdyno.toml, env.staging.app");
        assert_eq!(place("root"), "nixdyno.toml, root");
        assert_eq!(place("options"), "nixdyno.toml, env.staging.options");
        assert_eq!(
            place("cache.substituters"),
            "nixdyno.toml, cache.substituters"
        );
        let empty = load_env(THREE, "empty").unwrap();
        assert_eq!(empty.app.as_deref(), Some("shop"));
        assert_eq!(load(THREE).unwrap().app.as_deref(), Some("shop"));
    }

    #[test]
    fn an_environment_that_is_not_there_is_refused() {
        let shown = |text: &str, env: &str| load_env(text, env).unwrap_err().to_string();
        let all = [
            shown(THREE, "stagin"),
            shown(THREE, "live"),
            shown("", "live"),
            shown("[env.a]\nap = 'x'", "a"),
            shown("[env.a.env.b]\napp = 'x'", "a"),
        ];
        insta::with_settings!({filters => vec![(r"/\S+/nixdyno.toml", "nixdyno.toml")]}, {
            insta::assert_snapshot!("no_env", all.join("\n"));
        });
    }

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let schema = schemars::schema_for!(Config);
        let text = format!("{:#}\n", schema.as_value());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/nixdyno.json");
        #[expect(clippy::disallowed_methods, reason = "a switch of this test only")]
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs_err::write(&file, &text).unwrap();
        }
        assert_eq!(text, SCHEMA, "run this test with UPDATE_SCHEMA=1");
    }

    #[test]
    fn only_a_named_file_may_lie_outside() {
        let dir = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let file = other.path().join("a.toml");
        fs_err::write(&file, "app = \"my-app\"").unwrap();
        std::os::unix::fs::symlink(&file, dir.path().join("nixdyno.toml")).unwrap();
        let error = Config::load(dir.path(), None, None).unwrap_err();
        assert!(error.what().contains("outside the project"), "{error}");
        let named = Config::load(dir.path(), Some(&file), None).unwrap();
        assert_eq!(named.app.as_deref(), Some("my-app"));
    }

    #[test]
    fn words_for_nix_are_a_list() {
        let config = load("nix-args = [\"--override-input\", \"nixpkgs\", \"path:/x\"]\n").unwrap();
        assert_eq!(config.nix_args.len(), 3);
    }
}
