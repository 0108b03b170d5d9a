//! What a flake's inputs and settings, and a function's arguments, need of the one who builds.
//!
//! Takes plain data; gives needs and warnings. By the form of an address alone: whether
//! `https://git.example.org` asks for a password can't be known by reading.

use super::super::project::{Need, NeedId, Source, Warning};
use super::super::read::FlakeReading;
use super::{Found, need, sorted};

/// Where the registry's names lead, for those that are met often: what to write in their place.
const REGISTRY: &[(&str, &str)] = &[
    ("agenix", "github:ryantm/agenix"),
    ("devenv", "github:cachix/devenv"),
    ("disko", "github:nix-community/disko"),
    ("flake-parts", "github:hercules-ci/flake-parts"),
    ("flake-utils", "github:numtide/flake-utils"),
    ("gomod2nix", "github:nix-community/gomod2nix"),
    ("home-manager", "github:nix-community/home-manager"),
    ("nixpkgs", "github:NixOS/nixpkgs/nixpkgs-unstable"),
    ("poetry2nix", "github:nix-community/poetry2nix"),
    ("sops-nix", "github:Mic92/sops-nix"),
    ("systems", "github:nix-systems/default"),
    ("treefmt-nix", "github:numtide/treefmt-nix"),
];

/// The public host of each type of input that has one.
const HOSTS: &[(&str, &str)] = &[
    ("github", "github.com"),
    ("gitlab", "gitlab.com"),
    ("sourcehut", "git.sr.ht"),
];

/// Settings that name binary caches.
const CACHES: &[&str] = &[
    "substituters",
    "extra-substituters",
    "trusted-substituters",
    "extra-trusted-substituters",
];

/// Settings that Nix takes from a flake without asking (its manual, `accept-flake-config`).
const HARMLESS: &[&str] = &[
    "bash-prompt",
    "bash-prompt-prefix",
    "bash-prompt-suffix",
    "commit-lock-file-summary",
    "commit-lockfile-summary",
    "flake-registry",
];

/// A flake's input, as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Given<'a> {
    pub(in crate::inspect) name: &'a str,
    /// None for one that only stands as an argument of `outputs`.
    pub(in crate::inspect) url: Option<&'a str>,
    /// It follows another input.
    pub(in crate::inspect) follows: bool,
    pub(in crate::inspect) source: Source,
}

/// What the inputs and settings of a flake tell.
pub(in crate::inspect) fn of_flake(reading: &FlakeReading) -> Found {
    let place = |place: Option<(&std::path::PathBuf, u32)>| {
        place.map_or_else(
            || Source::file("flake.nix", None),
            |(path, line)| Source::file(path, line),
        )
    };
    let inputs: Vec<_> = reading
        .declared
        .iter()
        .map(|it| Given {
            name: &it.name,
            url: it.url.as_deref(),
            follows: it.follows,
            source: place(it.place.as_ref().map(|it| (&it.path, it.line))),
        })
        .collect();
    let settings: Vec<_> = reading
        .nix_config
        .iter()
        .map(|(name, words, at)| {
            (
                name.as_str(),
                words.as_slice(),
                place(Some((&at.path, at.line))),
            )
        })
        .collect();
    let (mut needs, mut warnings) = of_inputs(&inputs);
    let (more, told) = of_settings(&settings);
    needs.extend(more);
    warnings.extend(told);
    sorted(needs, warnings)
}

/// What inputs tell.
pub(in crate::inspect) fn of_inputs(inputs: &[Given<'_>]) -> Found {
    let (mut needs, mut warnings) = Found::default();
    for input in inputs.iter().filter(|it| it.name != "self" && !it.follows) {
        let url = input.url.unwrap_or(input.name);
        if is_private_url(url) || is_private_forge(url) {
            needs.push(need(NeedId::PrivateInput, input.name, input.source.clone()));
        }
        if has_parameter(url, "submodules", &["1", "true"]) {
            needs.push(need(NeedId::Submodules, input.name, input.source.clone()));
        }
        if let Some(name) = registry_name(url) {
            warnings.push(indirect(input, name));
        }
    }
    sorted(needs, warnings)
}

fn indirect(input: &Given<'_>, name: &str) -> Warning {
    let what = match input.url {
        Some(_) => format!(
            "the input `{}` is `{name}` of the registry: which one, each machine's registry says",
            input.name
        ),
        None => format!(
            "the input `{}` is declared nowhere: Nix takes that name from each machine's registry",
            input.name
        ),
    };
    let known = REGISTRY.iter().find(|(known, _)| *known == name);
    let address = known.map_or("github:OWNER/REPOSITORY", |(_, address)| address);
    let todo = format!(
        "write `inputs.{}.url = \"{address}\";`, then run `nix flake lock`",
        input.name
    );
    Warning::new("inspect/indirect-input", what, todo).at(input.source.clone())
}

/// The name of a URL that the registry must resolve: `nixpkgs`, `nixpkgs/nixos-25.05`, `flake:nixpkgs`.
fn registry_name(url: &str) -> Option<&str> {
    let name = url.strip_prefix("flake:").unwrap_or(url);
    let name = name.split(['/', '?', '#']).next()?;
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    (fits && name != "self").then_some(name)
}

/// What `nixConfig` tells: names of settings, their words, and where they stand.
pub(in crate::inspect) fn of_settings(settings: &[(&str, &[String], Source)]) -> Found {
    let (mut needs, mut warnings) = Found::default();
    for (name, words, source) in settings {
        if CACHES.contains(name) {
            // One text may hold several, as in nix.conf.
            for url in words.iter().flat_map(|it| it.split_whitespace()) {
                needs.push(need(NeedId::Substituters, url, source.clone()));
            }
        }
        if HARMLESS.contains(name) {
            continue;
        }
        let what = format!(
            "`nixConfig.{name}` counts only where it is accepted: nixdyno never does so by itself"
        );
        let todo = format!(
            "accept it if you trust it (`--accept-flake-config`), set `{name}` in nix.conf, or see that the build does without"
        );
        warnings.push(Warning::new("inspect/nix-config", what, todo).at(source.clone()));
    }
    sorted(needs, warnings)
}

/// The need for a function's arguments that have no default.
pub(in crate::inspect) fn of_arguments(required: &[String], source: &Source) -> Vec<Need> {
    let needs = required
        .iter()
        .map(|name| need(NeedId::Arguments, name, source.clone()));
    super::together(needs.collect())
}

/// Whether a URL is one that only a key opens.
pub(in crate::inspect) fn is_private_url(url: &str) -> bool {
    let url = url
        .strip_prefix("git+")
        .or_else(|| url.strip_prefix("hg+"))
        .unwrap_or(url);
    // `git@host:path` is ssh in short.
    let short = url
        .split_once(':')
        .is_some_and(|(user, _)| user.contains('@') && !user.contains('/'));
    url.starts_with("ssh://") || short
}

/// Whether inputs of a type come from another host than the type's public one.
pub(in crate::inspect) fn is_private_host(kind: &str, host: &str) -> bool {
    let public = HOSTS.iter().find(|(name, _)| *name == kind);
    public.is_some_and(|(_, public)| !host.is_empty() && host != *public)
}

/// `github:owner/repo?host=…`
fn is_private_forge(url: &str) -> bool {
    let Some((kind, rest)) = url.split_once(':') else {
        return false;
    };
    let host = parameters(rest).find_map(|it| it.strip_prefix("host="));
    is_private_host(kind, host.unwrap_or_default())
}

fn has_parameter(url: &str, name: &str, values: &[&str]) -> bool {
    let mut parameters = parameters(url);
    parameters.any(|it| {
        it.split_once('=')
            .is_some_and(|(key, value)| key == name && values.contains(&value))
    })
}

/// What stands after `?` in a URL.
fn parameters(url: &str) -> impl Iterator<Item = &str> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    query.split('&')
}
