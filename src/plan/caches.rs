//! Binary caches that a build reads from, and the secrets it is given.
//!
//! A secret is here by its kind and where it is read from. Its value is in no plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::inspect::{Need, NeedId, Origin, Source, Warning};
use crate::names::{CacheUrl, PublicKey, SecretKind, SecretSource};

use super::{Choice, Wish};

/// What the user asked of caches and secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheWishes {
    /// Caches to read from.
    pub substituters: Option<Wish<Vec<CacheUrl>>>,
    /// The keys that their paths are signed with.
    pub public_keys: Option<Wish<Vec<PublicKey>>>,
    /// Where each secret is read from.
    pub secrets: BTreeMap<SecretKind, Wish<SecretSource>>,
    /// Who asked for the ssh agent.
    pub ssh: Option<Source>,
    /// Who accepts the settings that a flake brings.
    pub accept_flake_config: Option<Source>,
    /// Who asked for Nix's own cache to outlive a build.
    pub cache_mounts: Option<Source>,
}

/// The same, decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Caches {
    /// Caches to read from, in the order asked for.
    pub substituters: Vec<CacheUrl>,
    /// The keys that their paths are signed with.
    pub public_keys: Vec<PublicKey>,
    /// Where each secret is read from.
    pub secrets: BTreeMap<SecretKind, SecretSource>,
    /// Whether the build may ask the ssh agent.
    pub ssh: bool,
    /// Whether the settings that a flake brings count.
    pub accept_flake_config: bool,
    /// Whether Nix's own cache of downloads outlives a build.
    pub cache_mounts: bool,
}

impl Caches {
    /// Whether nothing of it was asked for.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The secrets that a build is given: all but the one that only signs.
    pub fn mounted(&self) -> impl Iterator<Item = (SecretKind, &SecretSource)> {
        let all = self.secrets.iter().map(|(kind, source)| (*kind, source));
        all.filter(|(kind, _)| *kind != SecretKind::SigningKey)
    }

    /// Whether the Dockerfile has lines that the classic builder doesn't know.
    pub fn needs_buildkit(&self) -> bool {
        self.ssh || self.cache_mounts || self.mounted().next().is_some()
    }

    /// Whether something that a project needs is brought by this.
    pub(super) fn meets(&self, need: &Need) -> bool {
        match need.id {
            NeedId::Substituters => self.accept_flake_config,
            NeedId::PrivateInput => {
                let login = |kind| self.secrets.contains_key(&kind);
                self.ssh || login(SecretKind::Netrc) || login(SecretKind::NixConfig)
            }
            _ => false,
        }
    }
}

/// Decides, and tells what to watch.
///
/// Errors: `plan/cachix-key`.
pub(super) fn caches(
    from: Origin,
    wishes: &CacheWishes,
    choices: &mut Vec<Choice>,
) -> Result<(Caches, Vec<Warning>)> {
    let caches = Caches {
        substituters: values(wishes.substituters.as_ref()),
        public_keys: values(wishes.public_keys.as_ref()),
        secrets: wishes
            .secrets
            .iter()
            .map(|(kind, wish)| (*kind, wish.value.clone()))
            .collect(),
        ssh: wishes.ssh.is_some(),
        accept_flake_config: wishes.accept_flake_config.is_some() && from == Origin::Flake,
        cache_mounts: wishes.cache_mounts.is_some(),
    };
    let mut chosen = |key: &str, value: String, source: &Source, reason: &str| {
        choices.push(Choice {
            key: key.to_owned(),
            value,
            source: source.clone(),
            reason: reason.to_owned(),
        });
    };
    if let Some(wish) = &wishes.substituters {
        check_keys(&caches, &wish.source)?;
        let reason = "asked for: Nix looks there before it builds";
        chosen("caches", list(&wish.value), &wish.source, reason);
    }
    if let Some(wish) = &wishes.public_keys {
        let reason = "asked for: what they signed is taken";
        chosen("cache keys", list(&wish.value), &wish.source, reason);
    }
    for (kind, wish) in &wishes.secrets {
        let reason =
            "read from there when it is needed; in no layer, variable or word of a command";
        chosen(
            &format!("secret {kind}"),
            wish.value.to_string(),
            &wish.source,
            reason,
        );
    }
    for (key, source, reason) in yes(from, wishes) {
        chosen(key, "yes".to_owned(), source, reason);
    }
    let mut warnings = watch(&caches, wishes.substituters.as_ref());
    let accepted = wishes.accept_flake_config.iter();
    let idle = accepted.filter(|_| from == Origin::Classic);
    warnings.extend(idle.map(|source| no_flake().at(source.clone())));
    Ok((caches, warnings))
}

/// What was allowed, and what that means.
fn yes(
    from: Origin,
    wishes: &CacheWishes,
) -> impl Iterator<Item = (&'static str, &Source, &'static str)> {
    let ssh = "the build may ask your ssh agent";
    let mounts = "Nix's own cache outlives a build";
    let accepted = "accepted: the settings in the flake's `nixConfig` count";
    let flake = wishes.accept_flake_config.as_ref();
    let flake = flake.filter(|_| from == Origin::Flake);
    let all = [
        ("ssh", wishes.ssh.as_ref(), ssh),
        ("cache-mounts", wishes.cache_mounts.as_ref(), mounts),
        ("accept-flake-config", flake, accepted),
    ];
    let asked = |(key, source, reason): (_, Option<_>, _)| Some((key, source?, reason));
    all.into_iter().filter_map(asked)
}

fn no_flake() -> Warning {
    let what =
        "the settings of a flake are accepted, and what is built is none: that changes nothing";
    let todo = "name the caches that the build needs: `--substituter URL --trusted-public-key KEY`";
    Warning::new("plan/no-flake-config", what, todo)
}

fn values<T: Clone>(wish: Option<&Wish<Vec<T>>>) -> Vec<T> {
    wish.map(|wish| wish.value.clone()).unwrap_or_default()
}

fn list<T: ToString>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}

/// A cache at Cachix signs with a key of its own, without which Nix takes nothing from it.
fn check_keys(caches: &Caches, source: &Source) -> Result<()> {
    for url in &caches.substituters {
        let Some(name) = url.cachix() else { continue };
        let signer = format!("{name}.cachix.org-");
        if !caches
            .public_keys
            .iter()
            .any(|key| key.name().starts_with(&signer))
        {
            return Err(Error::user(
                "plan/cachix-key",
                format!("the public key of the cache {url} is not given"),
                format!("copy it from https://app.cachix.org/cache/{name}: `--trusted-public-key {signer}1:…`"),
            )
            .because("Nix takes nothing that no trusted key has signed")
            .or("or write it as `trusted-public-keys` below `[cache]` in nixdyno.toml")
            .at(source));
        }
    }
    Ok(())
}

/// What makes a cache useless or unsafe, where an address tells.
fn watch(caches: &Caches, wish: Option<&Wish<Vec<CacheUrl>>>) -> Vec<Warning> {
    let Some(wish) = wish else { return Vec::new() };
    let told = |warning: Warning| warning.at(wish.source.clone());
    let mut warnings = Vec::new();
    let unsigned = |url: &CacheUrl| url.as_str().contains("trusted=");
    if caches.public_keys.is_empty() && !caches.substituters.iter().all(unsigned) {
        let what = "caches are given, and no public key: Nix takes from them only what cache.nixos.org has signed";
        let todo = "give the key of the cache: `--trusted-public-key NAME:…`";
        warnings.push(told(Warning::new("plan/no-cache-key", what, todo)));
    }
    for url in caches.substituters.iter().filter(|url| url.is_open()) {
        let what = format!("what is asked of {url}, a password too, can be read on the way");
        let todo = "use https:// where the cache has it";
        warnings.push(told(Warning::new("plan/open-cache", what, todo)));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "me.cachix.org-1:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    fn flag<T>(value: T) -> Wish<T> {
        let name = "--flag".to_owned();
        Wish {
            value,
            source: Source::Flag { name },
        }
    }

    fn decided(wishes: &CacheWishes) -> Result<(Caches, Vec<Warning>)> {
        caches(Origin::Flake, wishes, &mut Vec::new())
    }

    fn of(urls: &[&str], keys: &[&str]) -> CacheWishes {
        CacheWishes {
            substituters: Some(flag(urls.iter().map(|it| it.parse().unwrap()).collect())),
            public_keys: Some(flag(keys.iter().map(|it| it.parse().unwrap()).collect())),
            ..CacheWishes::default()
        }
    }

    #[test]
    fn nothing_asked_is_nothing_written() {
        let (caches, warnings) = decided(&CacheWishes::default()).unwrap();
        assert!(caches.is_none() && warnings.is_empty() && !caches.needs_buildkit());
    }

    #[test]
    fn a_cache_at_cachix_needs_its_own_key() {
        assert!(decided(&of(&["cachix:me"], &[KEY])).is_ok());
        let error = decided(&of(&["cachix:you"], &[KEY])).unwrap_err();
        insta::assert_snapshot!("cachix_key", error);
    }

    #[test]
    fn what_to_watch() {
        let ids = |urls: &[&str], keys: &[&str]| {
            let (_, warnings) = decided(&of(urls, keys)).unwrap();
            warnings.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert_eq!(
            ids(&["http://cache.lan"], &[]),
            ["plan/no-cache-key", "plan/open-cache"]
        );
        assert!(ids(&["http://localhost:80?trusted=1"], &[]).is_empty());
        assert!(ids(&["s3://bucket"], &[KEY]).is_empty());
    }

    #[test]
    fn the_key_that_signs_is_not_given_to_a_build() {
        let mut wishes = CacheWishes::default();
        let source: SecretSource = "env:KEY".parse().unwrap();
        wishes
            .secrets
            .insert(SecretKind::SigningKey, flag(source.clone()));
        let (caches, _) = decided(&wishes).unwrap();
        assert!(!caches.needs_buildkit() && !caches.is_none());
        wishes.secrets.insert(SecretKind::Netrc, flag(source));
        wishes.accept_flake_config = Some(flag(()).source);
        let (caches, _) = decided(&wishes).unwrap();
        assert!(caches.needs_buildkit());
        let text = serde_json::to_string(&caches).unwrap();
        assert_eq!(serde_json::from_str::<Caches>(&text).unwrap(), caches);
        let mut choices = Vec::new();
        let (caches, warnings) = super::caches(Origin::Classic, &wishes, &mut choices).unwrap();
        assert_eq!(warnings[0].id, "plan/no-flake-config");
        assert!(!caches.accept_flake_config, "there is no flake");
        assert!(choices.iter().all(|it| it.key != "accept-flake-config"));
    }
}
