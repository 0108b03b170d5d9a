//! Caches and secrets, from flags, variables and nixdyno.toml.
//!
//! A list of flags takes the place of the variable's, and that of the file's. Secrets are told apart by kind, and each
//! comes from the first place that names it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::cli::{Cli, Verb};
use crate::error::{Error, Result};
use crate::inspect::Source;
use crate::names::{SecretKind, SecretSource};
use crate::plan::{CacheWishes, Wish};
use crate::secret::{Secret, SecretValues};

use super::config::SecretTable;
use super::{Config, Environment, Layers};

/// What every program that speaks to S3 reads, and what it is called in a file.
const AWS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "aws_access_key_id"),
    ("AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"),
    ("AWS_SESSION_TOKEN", "aws_session_token"),
];

/// What was asked of caches and secrets, for a project in `dir`.
pub(super) fn wishes(layers: &Layers<'_>, dir: &Path) -> Result<CacheWishes> {
    let flags = &layers.common.caches;
    let config = layers.config;
    let yes = |flag: bool, file: bool, key: &str| match (flag, file) {
        (true, _) => Some(named_flag(key)),
        (false, true) => Some(config.source(key)),
        (false, false) => None,
    };
    let table = &config.cache;
    Ok(CacheWishes {
        substituters: list(
            layers,
            &flags.substituters,
            &table.substituters,
            [
                "--substituter",
                "NIXDYNO_SUBSTITUTERS",
                "cache.substituters",
            ],
        )?,
        public_keys: list(
            layers,
            &flags.public_keys,
            &table.trusted_public_keys,
            [
                "--trusted-public-key",
                "NIXDYNO_TRUSTED_PUBLIC_KEYS",
                "cache.trusted-public-keys",
            ],
        )?,
        secrets: secrets(layers, dir)?,
        ssh: match (flags.ssh, config.secrets.ssh) {
            (false, true) => Some(config.source("secrets.ssh")),
            (flag, _) => yes(flag, false, "ssh"),
        },
        accept_flake_config: yes(
            flags.accept_flake_config,
            config.accept_flake_config,
            "accept-flake-config",
        ),
        cache_mounts: yes(flags.cache_mounts, config.cache_mounts, "cache-mounts"),
    })
}

fn named_flag(key: &str) -> Source {
    let name = format!("--{key}");
    Source::Flag { name }
}

/// The values of the first place that has any.
fn list<T: FromStr<Err = Error>>(
    layers: &Layers<'_>,
    flags: &[String],
    file: &[String],
    [flag, variable, key]: [&str; 3],
) -> Result<Option<Wish<Vec<T>>>> {
    let (texts, source) = if !flags.is_empty() {
        let name = flag.to_owned();
        (flags.to_vec(), Source::Flag { name })
    } else if let Some(text) = layers.env.get(variable) {
        let words = text.split_whitespace().map(str::to_owned).collect();
        let name = variable.to_owned();
        (words, Source::Environment { name })
    } else {
        (file.to_vec(), layers.config.source(key))
    };
    let parsed = texts.iter().map(|text| text.parse());
    let value = parsed.collect::<Result<Vec<T>>>();
    let value = value.map_err(|error| super::said(error, &source))?;
    Ok((!value.is_empty()).then_some(Wish { value, source }))
}

/// Whoever wrote the project may be somebody else: its file says what to read only where the user names it. Verbs that
/// plan no image hand nothing over, and need no word about it.
///
/// Errors: `settings/secrets`.
pub(super) fn check(cli: &Cli, config: &Config) -> Result<()> {
    let plans = matches!(
        cli.verb,
        Verb::Plan(_)
            | Verb::Generate(_)
            | Verb::Build(_)
            | Verb::Deploy(_)
            | Verb::Contents(_)
            | Verb::Why(_)
            | Verb::Cache(_)
    );
    if plans && cli.common.config.is_none() && config.secrets != SecretTable::default() {
        return Err(not_asked_for().at(config.source("secrets")));
    }
    Ok(())
}

fn secrets(layers: &Layers<'_>, dir: &Path) -> Result<BTreeMap<SecretKind, Wish<SecretSource>>> {
    let home = layers.env.home.as_deref();
    let named = layers.common.config.is_some();
    let mut found = BTreeMap::new();
    for kind in SecretKind::ALL.into_iter().filter(|_| named) {
        if let Some(text) = layers.config.secrets.get(kind) {
            let source = layers.config.source(&format!("secrets.{kind}"));
            found.insert(kind, secret(kind, text, &source, dir, home)?);
        }
    }
    for word in &layers.common.caches.secrets {
        let source = named_flag("secret");
        let (kind, text) = word
            .split_once('=')
            .ok_or_else(|| not_a_pair().at(&source))?;
        let kind = kind.parse().map_err(|error: Error| error.at(&source))?;
        found.insert(kind, secret(kind, text, &source, Path::new(""), home)?);
    }
    let known_hosts = SecretKind::KnownHosts;
    if (layers.common.caches.ssh || layers.config.secrets.ssh) && !found.contains_key(&known_hosts)
    {
        let text = "~/.ssh/known_hosts";
        found.insert(
            known_hosts,
            secret(known_hosts, text, &Source::Default, dir, home)?,
        );
    }
    Ok(found)
}

/// Where a secret is read from, with a file's whole path: relative ones are below `from`.
fn secret(
    kind: SecretKind,
    text: &str,
    source: &Source,
    from: &Path,
    home: Option<&Path>,
) -> Result<Wish<SecretSource>> {
    let mut value = SecretSource::of(kind, text).map_err(|error| error.at(source))?;
    match &value {
        SecretSource::Custom if kind != SecretKind::Aws => {
            return Err(no_custom(kind).at(source));
        }
        SecretSource::File(path) => {
            let path = match (path.strip_prefix("~/"), home) {
                (Some(rest), Some(home)) => home.join(rest),
                _ => from.join(path),
            };
            // Fails only for an empty path, which this is not.
            let path: PathBuf = std::path::absolute(&path).unwrap_or(path);
            value = SecretSource::File(path.display().to_string());
        }
        _ => {}
    }
    let source = source.clone();
    Ok(Wish { value, source })
}

fn not_asked_for() -> Error {
    Error::user(
        "settings/secrets",
        "the project asks for secrets of this machine",
        "if you trust it, name its file: `--config nixdyno.toml`; or hand them over by `--secret`",
    )
    .because("its build could read them, and send them anywhere")
}

fn not_a_pair() -> Error {
    Error::usage(
        "settings/secret",
        "a secret is given as a kind and where it is read from",
        "write `--secret netrc=FILE`, or `--secret netrc=env:NAME`",
    )
}

fn no_custom(kind: SecretKind) -> Error {
    Error::user(
        "settings/secret-variable",
        format!("`env` doesn't say which variable holds the {kind}"),
        "name the variable: `env:NAME`",
    )
    .because("only `aws` has variables that every program reads")
}

/// Reads the variables that were named. One that isn't set is told when it's needed.
pub(super) fn values(wishes: &CacheWishes, env: &Environment) -> SecretValues {
    let read = |(kind, wish): (&SecretKind, &Wish<SecretSource>)| {
        let value = match &wish.value {
            SecretSource::File(_) => None,
            SecretSource::Variable(name) => env.secret(name),
            SecretSource::Custom => aws(env),
        };
        Some((*kind, value?))
    };
    SecretValues {
        values: wishes.secrets.iter().filter_map(read).collect(),
        has_agent: env.get("SSH_AUTH_SOCK").is_some(),
    }
}

/// The variables that hold secrets, whether they are set or not.
pub(super) fn variables(wishes: &CacheWishes) -> Vec<String> {
    let fixed = [
        "HEROKU_API_KEY",
        "NIXDYNO_REGISTRY_PASSWORD",
        "NIXDYNO_TWO_FACTOR_CODE",
    ];
    let aws = AWS.map(|(name, _)| name);
    let named = wishes
        .secrets
        .values()
        .filter_map(|wish| match &wish.value {
            SecretSource::Variable(name) => Some(name.clone()),
            SecretSource::File(_) | SecretSource::Custom => None,
        });
    let known = fixed.into_iter().chain(aws).map(str::to_owned);
    known.chain(named).collect()
}

/// A file of credentials of what the variables hold; the token is optional.
fn aws(env: &Environment) -> Option<Secret> {
    let [id, key, token] = AWS.map(|(name, word)| {
        let value = env.secret(name)?;
        Some(format!("{word} = {}\n", value.reveal()))
    });
    Some(Secret::new(&format!(
        "[default]\n{}{}{}",
        id?,
        key?,
        token.unwrap_or_default()
    )))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::settings::Settings;

    const KEY: &str = "k-1:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    fn resolve(words: &[&str], variables: &[(&str, &str)], file: &str) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("nixdyno.toml"), file).unwrap();
        let path = dir.path().to_str().unwrap().to_owned();
        let named = format!("{path}/nixdyno.toml");
        let config = if file.contains("[secrets]") && !words.contains(&"unnamed") {
            vec!["--config", &named]
        } else {
            vec![]
        };
        let words: Vec<&str> = words
            .iter()
            .copied()
            .filter(|it| *it != "unnamed")
            .collect();
        let line = [vec!["nixdyno", "plan", &path], config, words].concat();
        Settings::resolve(&Cli::parse_from(line), &Environment::of(variables))
    }

    #[test]
    fn a_list_comes_from_one_place() {
        let file =
            format!("[cache]\nsubstituters = ['https://file']\ntrusted-public-keys = ['{KEY}']");
        let variable = ("NIXDYNO_SUBSTITUTERS", "https://one https://two");
        let urls = |words: &[&str], variables: &[(&str, &str)]| {
            let caches = resolve(words, variables, &file).unwrap().wishes.caches;
            assert_eq!(caches.public_keys.unwrap().value.len(), 1);
            let wish = caches.substituters.unwrap();
            let urls: Vec<String> = wish.value.iter().map(ToString::to_string).collect();
            format!("{} ({})", urls.join(" "), wish.source)
        };
        assert_eq!(
            urls(&[], &[]),
            "https://file (nixdyno.toml, cache.substituters)"
        );
        assert_eq!(
            urls(&[], &[variable]),
            "https://one https://two (NIXDYNO_SUBSTITUTERS)"
        );
        let flags = ["--substituter", "cachix:a", "--substituter", "s3://b"];
        assert_eq!(
            urls(&flags, &[variable]),
            "https://a.cachix.org s3://b (--substituter)"
        );
    }

    #[test]
    fn only_verbs_that_plan_an_image_ask_whether_secrets_are_meant() {
        let file = "[secrets]\nnetrc = '~/.netrc'";
        let of = |words: &[&str]| super::super::tests::resolve(words, &[], file);
        for words in [vec!["status"], vec!["inspect"], vec!["doctor"]] {
            let settings = of(&words).unwrap();
            assert!(settings.wishes.caches.secrets.is_empty(), "{words:?}");
        }
        for words in [
            vec!["plan"],
            vec!["generate", "--dir"],
            vec!["build"],
            vec!["deploy"],
            vec!["contents"],
            vec!["why", "glibc"],
            vec!["cache", "push", "--to", "s3://b"],
        ] {
            assert_eq!(
                of(&words).unwrap_err().id(),
                "settings/secrets",
                "{words:?}"
            );
        }
    }

    #[test]
    fn a_secret_is_a_place_until_it_is_needed() {
        let file = "[secrets]\nnetrc = 'keys/netrc'\nsigning-key = 'env:KEY'\naws = 'env'";
        let variables = [
            ("KEY", "k-1:hunter2"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "hunter3"),
        ];
        let words = ["--secret", "nix-config=/etc/x", "--ssh", "--cache-mounts"];
        let settings = resolve(&words, &variables, file).unwrap();
        let caches = &settings.wishes.caches;
        let of = |kind: SecretKind| caches.secrets[&kind].value.to_string();
        assert!(
            of(SecretKind::Netrc).starts_with('/')
                && of(SecretKind::Netrc).ends_with("/keys/netrc")
        );
        assert_eq!(of(SecretKind::SigningKey), "env:KEY");
        assert_eq!(of(SecretKind::NixConfig), "/etc/x");
        assert!(of(SecretKind::KnownHosts).ends_with("/.ssh/known_hosts"));
        assert!(
            caches.ssh.is_some()
                && caches.cache_mounts.is_some()
                && caches.accept_flake_config.is_none()
        );
        let values = &settings.secrets.values;
        assert_eq!(values.len(), 2);
        let aws = "[default]\naws_access_key_id = id\naws_secret_access_key = hunter3";
        assert_eq!(values[&SecretKind::Aws].reveal(), aws);
        assert!(!format!("{settings:?}").contains("hunter"));
    }

    #[test]
    fn refusals() {
        let error = |words: &[&str]| resolve(words, &[], "").unwrap_err().to_string();
        let shown = [
            error(&["--secret", "netrc"]),
            error(&["--secret", "netrc=env"]),
            resolve(&["unnamed"], &[], "[secrets]\nnetrc = '~/.netrc'")
                .unwrap_err()
                .to_string(),
        ];
        insta::assert_snapshot!("secret_words", shown.join("\n\n"));
        let id = |words: &[&str], file: &str| resolve(words, &[], file).unwrap_err().id();
        assert_eq!(id(&["--secret", "password=x"], ""), "names/secret");
        let value = "netrc=machine x login me password hunter2";
        assert_eq!(id(&["--secret", value], ""), "names/secret-source");
        assert_eq!(id(&[], "[secrets]\npassword = 'x'"), "settings/config");
        assert_eq!(
            id(&[], "[cache]\nsubstituters = ['ssh://x']"),
            "names/cache-url"
        );
    }
}
