//! Secrets of a CI file: the names of variables, and what each is for. Never a value.

use crate::names::{SecretKind, SecretSource};
use crate::plan::Caches;

/// Variables with their meaning, sorted by what needs them.
pub(super) struct Secrets {
    /// Each once.
    pub(super) names: Vec<(String, String)>,
}

impl Secrets {
    /// Those that a deploy needs.
    pub(super) fn of(caches: &Caches) -> Self {
        let mut names = vec![(
            "HEROKU_API_KEY".to_owned(),
            "what `heroku authorizations:create` prints as its token".to_owned(),
        )];
        let mut add = |name: String, what: &str| {
            if !names.iter().any(|(known, _)| *known == name) {
                names.push((name, what.to_owned()));
            }
        };
        for (kind, source) in caches.mounted() {
            for name in variables(kind, source) {
                add(name, meaning(kind));
            }
        }
        if caches.ssh {
            add(KEY.to_owned(), "a private key for inputs from git");
        }
        Secrets { names }
    }
}

/// The variable that an ssh agent's key comes from.
const KEY: &str = "NIXDYNO_SSH_KEY";

/// What is typed behind `KIND=`: a file of this machine becomes a variable, which CI can have.
pub(super) fn flag(kind: SecretKind, source: &SecretSource) -> String {
    match source {
        SecretSource::File(_) => format!("env:{}", own(kind)),
        variable => variable.to_string(),
    }
}

fn variables(kind: SecretKind, source: &SecretSource) -> Vec<String> {
    match source {
        SecretSource::File(_) => vec![own(kind)],
        SecretSource::Variable(name) => vec![name.clone()],
        SecretSource::Custom => [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
        ]
        .map(str::to_owned)
        .to_vec(),
    }
}

fn own(kind: SecretKind) -> String {
    let name = kind.name().to_ascii_uppercase().replace('-', "_");
    format!("NIXDYNO_{name}")
}

fn meaning(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::Aws => "credentials for S3",
        SecretKind::KnownHosts => "the lines of known_hosts for the hosts of inputs from git",
        SecretKind::Netrc => "a netrc file with the logins of caches and of git",
        SecretKind::NixConfig => "lines of nix.conf, such as access-tokens",
        SecretKind::SigningKey => "the key that signs what is sent to a cache",
    }
}

/// The commands that start an ssh agent with the key in it, where a build asks one.
pub(super) fn agent(caches: &Caches) -> Vec<String> {
    if !caches.ssh {
        return Vec::new();
    }
    vec![
        "eval \"$(ssh-agent -s)\"".to_owned(),
        format!("printf '%s\\n' \"${KEY}\" | ssh-add -"),
    ]
}
