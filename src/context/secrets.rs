//! Files that are secrets by their name, and have no business on another's machine.
//!
//! Takes a context and what git has; gives the context without those that git doesn't have, and says which they were.
//! What git has goes along, as it does with every push: a build may read it. Never looks into a file.

use std::path::{Path, PathBuf};

use super::Context;

/// Names of files that hold secrets, and nothing that a build needs.
const NAMES: &[&str] = &[
    // What the app's environment holds on this machine.
    ".env",
    // Passwords for other hosts.
    ".netrc",
    // Keys for ssh, as ssh-keygen names them.
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
];

/// What comes after `.env.` where the file only shows how one looks.
const EXAMPLES: &[&str] = &["dist", "example", "sample", "template"];

/// What became of files that look like secrets.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// Those that were taken out of the context, sorted.
    pub left_out: Vec<PathBuf>,
    /// Those that git has, and that stayed, sorted.
    pub kept: Vec<PathBuf>,
}

impl Context {
    /// Takes out what looks like a secret and `git_has` says no to.
    pub fn leave_secrets(&mut self, git_has: impl Fn(&Path) -> bool) -> Secrets {
        let mut secrets = Secrets::default();
        self.files.retain(|(path, _)| {
            if !is_secret(path) {
                return true;
            }
            let has = git_has(path);
            let list = if has {
                &mut secrets.kept
            } else {
                &mut secrets.left_out
            };
            list.push(path.clone());
            has
        });
        secrets
    }
}

fn is_secret(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let of_environment = name
        .strip_prefix(".env.")
        .is_some_and(|kind| !EXAMPLES.contains(&kind));
    NAMES.contains(&name) || of_environment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(paths: &[&str]) -> Context {
        Context {
            files: paths.iter().map(|it| (PathBuf::from(it), 1)).collect(),
            ..Context::default()
        }
    }

    #[test]
    fn only_clear_names_are_secrets() {
        for name in [".env", ".env.local", "a/.netrc", ".ssh/id_ed25519"] {
            assert!(is_secret(Path::new(name)), "{name}");
        }
        for name in [
            ".env.example",
            ".envrc",
            "env",
            "id_rsa.pub",
            ".npmrc",
            "x.pem",
        ] {
            assert!(!is_secret(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn what_git_has_stays() {
        let mut context = context(&[".env", "app/.env", "flake.nix"]);
        let secrets = context.leave_secrets(|path| path == Path::new("app/.env"));
        assert_eq!(secrets.left_out, [PathBuf::from(".env")]);
        assert_eq!(secrets.kept, [PathBuf::from("app/.env")]);
        let left: Vec<_> = context
            .files
            .iter()
            .map(|(path, _)| path.as_path())
            .collect();
        assert_eq!(left, [Path::new("app/.env"), Path::new("flake.nix")]);
    }
}
