//! Caches and secrets in a Dockerfile: lines of nix.conf, and mounts of the steps that Nix works in.
//!
//! A secret is mounted for the time of a step and stands in no layer. Each is required, so that a missing one stops
//! the build at once, and not where Nix misses it.

use crate::names::{CacheUrl, SecretKind, SecretSource};
use crate::plan::Caches;
use crate::shell::quote;

use super::nix::Nix;

/// What is to be sent to a cache, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The cache.
    pub to: CacheUrl,
    /// Whether what the build needed is sent, too.
    pub build_closure: bool,
}

/// The step that does it.
pub(super) struct PushStep {
    /// Quoted.
    pub(super) to: String,
    pub(super) mounts: String,
    /// The command that prints the derivations, where what the build needed is sent.
    pub(super) plan: Option<String>,
}

impl PushStep {
    pub(super) fn new(caches: &Caches, push: &Push, nix: &Nix<'_>) -> Self {
        let signing = SecretKind::SigningKey;
        let to = if caches.secrets.contains_key(&signing) {
            // A parameter of every binary cache of Nix's: the key signs what is sent.
            push.to.with("secret-key", signing.target())
        } else {
            push.to.to_string()
        };
        PushStep {
            to: quote(&to),
            mounts: mounts(caches, true),
            plan: push.build_closure.then(|| nix.plan()),
        }
    }
}

/// Lines of nix.conf, each quoted as one word of a shell.
pub(super) fn conf(caches: &Caches) -> Vec<String> {
    let mut lines = Vec::new();
    let mut list = |name: &str, values: Vec<&str>| {
        if !values.is_empty() {
            lines.push(format!("{name} = {}", values.join(" ")));
        }
    };
    let urls = caches.substituters.iter().map(CacheUrl::as_str);
    list("extra-substituters", urls.collect());
    let keys = caches
        .public_keys
        .iter()
        .map(crate::names::PublicKey::as_str);
    list("extra-trusted-public-keys", keys.collect());
    if caches.accept_flake_config {
        lines.push("accept-flake-config = true".to_owned());
    }
    for (kind, _) in caches.mounted() {
        match kind {
            SecretKind::Netrc => lines.push(format!("netrc-file = {}", kind.target())),
            // Nix passes over a file that isn't there: steps without the mount read on.
            SecretKind::NixConfig => lines.push(format!("!include {}", kind.target())),
            SecretKind::Aws | SecretKind::KnownHosts | SecretKind::SigningKey => {}
        }
    }
    lines.iter().map(|line| quote(line)).collect()
}

/// What stands between `RUN` and its command, up to the command itself; nothing where nothing is mounted.
pub(super) fn mounts(caches: &Caches, signs: bool) -> String {
    let secrets = caches.secrets.keys().copied();
    let secrets = secrets.filter(|kind| signs || *kind != SecretKind::SigningKey);
    let mut words: Vec<String> = secrets
        .map(|kind| {
            format!(
                "--mount=type=secret,id={kind},target={},required=true",
                kind.target()
            )
        })
        .collect();
    if caches.ssh {
        words.push("--mount=type=ssh,required=true".to_owned());
    }
    if caches.cache_mounts {
        // Downloads of flakes and of git, and what was evaluated. Never /nix: paths and their database belong
        // together, and to a layer.
        words.push("--mount=type=cache,target=/root/.cache".to_owned());
    }
    words
        .iter()
        .fold(String::new(), |line, word| line + word + " \\\n    ")
}

/// The words that `docker build` needs for it, each with a space before.
pub(super) fn docker_words(caches: &Caches, signs: bool) -> String {
    let secrets = caches.secrets.iter();
    let secrets = secrets.filter(|(kind, _)| signs || **kind != SecretKind::SigningKey);
    let mut words = secrets.fold(String::new(), |line, (kind, source)| {
        let from = match source {
            SecretSource::Variable(name) => format!("env={name}"),
            // Docker takes one variable for a secret, and these are several.
            SecretSource::File(_) | SecretSource::Custom => "src=FILE".to_owned(),
        };
        line + " --secret id=" + kind.name() + "," + &from
    });
    if caches.ssh {
        words.push_str(" --ssh default");
    }
    format!(" docker build{words} .")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Origin;
    use crate::plan::Plan;
    use crate::render::dockerfile::tests::plan;
    use crate::render::{Target, dockerfile, push_dockerfile};

    const KEY: &str = "me.cachix.org-1:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    fn caching(from: Origin, secrets: &[SecretKind]) -> Plan {
        let mut plan = plan(from, "server", &[("web", "/app/bin/server")]);
        plan.caches = Caches {
            substituters: ["cachix:me", "s3://bucket?region=eu-west-1&profile=me"]
                .map(|it| it.parse().unwrap())
                .to_vec(),
            public_keys: vec![KEY.parse().unwrap()],
            secrets: secrets
                .iter()
                .map(|kind| (*kind, "env:A".parse().unwrap()))
                .collect(),
            ..Caches::default()
        };
        plan
    }

    #[test]
    fn caches_are_lines_of_nix_conf_on_every_base() {
        let mut plan = caching(Origin::Flake, &[]);
        plan.caches.accept_flake_config = true;
        insta::assert_snapshot!("caches", dockerfile(&plan, Target::All).unwrap());
        for image in ["nixery.dev/shell/nix", "nixdyno/nixpkgs:1", "me/own:1"] {
            plan.base = crate::plan::Base::of(image.parse().unwrap());
            let text = dockerfile(&plan, Target::All).unwrap();
            assert!(
                text.contains("'extra-substituters = https://me.cachix.org s3://bucket"),
                "{text}"
            );
        }
    }

    /// Every step that Nix works in, and those only, has the mounts.
    #[test]
    fn secrets_are_mounted_wherever_nix_works() {
        let kinds = [SecretKind::Aws, SecretKind::Netrc, SecretKind::NixConfig];
        let mut plan = caching(Origin::Flake, &kinds);
        plan.build.root.packages = vec!["curl".parse().unwrap()];
        let text = dockerfile(&plan, Target::All).unwrap();
        insta::assert_snapshot!("secrets", text);
        let joined = text.replace(" \\\n", " ");
        for line in joined.lines().filter(|line| line.starts_with("RUN ")) {
            let mounts = line.matches("--mount=type=secret").count();
            let nix = !line.contains("/etc/nix/nix.conf");
            assert_eq!(mounts, if nix { 3 } else { 0 }, "{line}");
        }
        plan.caches.ssh = true;
        plan.caches.cache_mounts = true;
        plan.caches.secrets = [(SecretKind::KnownHosts, "env:A".parse().unwrap())].into();
        insta::assert_snapshot!(
            "ssh_and_cache_mounts",
            dockerfile(&plan, Target::All).unwrap()
        );
    }

    #[test]
    fn the_head_says_where_docker_finds_a_secret() {
        let mut caches = Caches::default();
        let mut add = |kind, text: &str| caches.secrets.insert(kind, text.parse().unwrap());
        add(SecretKind::Aws, "env");
        add(SecretKind::Netrc, "env:NAME");
        add(SecretKind::NixConfig, "/home/me/x");
        assert_eq!(
            docker_words(&caches, false),
            " docker build --secret id=aws,src=FILE --secret id=netrc,env=NAME \
             --secret id=nix-config,src=FILE ."
        );
    }

    #[test]
    fn what_was_built_is_sent_by_the_same_steps() {
        let kinds = [SecretKind::Aws, SecretKind::SigningKey];
        for (from, build_closure, name) in [
            (Origin::Flake, false, "push_flake"),
            (Origin::Classic, true, "push_classic"),
        ] {
            let plan = caching(from, &kinds);
            let to = "s3://bucket?region=eu-west-1".parse().unwrap();
            let push = Push { to, build_closure };
            let text = push_dockerfile(&plan, &push).unwrap();
            insta::assert_snapshot!(name, text);
            // Or Docker would build it all once more.
            let image = dockerfile(&plan, Target::All).unwrap();
            let steps = |text: &str| text.split("FROM ").nth(1).unwrap().to_owned();
            let (sends, makes) = (steps(&text), steps(&image));
            let same = sends.split("# Sends").next().unwrap();
            assert!(makes.starts_with(same), "{makes}\n{same}");
            assert!(!makes.contains("signing-key"), "{makes}");
        }
    }
}
