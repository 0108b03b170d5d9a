//! The flags that say once more what was said on a command line, for the head of a generated file.
//!
//! Takes wishes; gives words. Only what is in the files: not how the project was looked at, nor where it goes. What
//! nixdyno.toml says it says again by itself. Never a path that only this machine has.

use std::path::{Path, PathBuf};

use crate::cli::Common;
use crate::inspect::Source;
use crate::names::{AttrPath, NixFile, SecretSource};
use crate::plan::{CacheWishes, Wish, Wishes};

pub(super) fn again(
    dir: &Path,
    common: &Common,
    wishes: &Wishes,
    attribute: Option<&Wish<AttrPath>>,
    file: Option<&Wish<NixFile>>,
) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |flag: &str, value: Option<(String, &Source)>| {
        if let Some((value, source)) = value
            && typed(source)
        {
            words.extend([flag.to_owned(), value]);
        }
    };
    // A file that lies elsewhere is on this machine only.
    let config = common.config.as_deref();
    let config = config.and_then(|path| below(dir, path));
    let flag = Source::Flag {
        name: String::new(),
    };
    add("--config", config.map(|path| (path, &flag)));
    add("--attr", attribute.map(shown));
    add("--file", file.map(shown));
    add("--base", wishes.base.as_ref().map(shown));
    add("--root", wishes.root.as_ref().map(shown));
    if let Some(wish) = &wishes.with {
        for package in &wish.value {
            add("--with", Some((package.to_string(), &wish.source)));
        }
    }
    // Also the rule that only sets those of a file aside.
    for rule in &common.prune {
        add("--prune", Some((rule.clone(), &flag)));
    }
    add("--program", wishes.program.as_ref().map(shown));
    for (name, wish) in &wishes.build_args {
        let value = format!("{name}={}", wish.value);
        add("--build-arg", Some((value, &wish.source)));
    }
    for part in wishes.nix.iter().filter(|part| typed(&part.source)) {
        for word in &part.words {
            // What has a name has the same flag here as it has there.
            if part.key == "nix-args" {
                words.push("--nix-arg".to_owned());
            }
            words.push(word.as_str().to_owned());
        }
    }
    words.extend(caches(&wishes.caches));
    words
}

/// A file by its path in a folder, however it was named; nothing if it isn't in there.
fn below(dir: &Path, path: &Path) -> Option<String> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = whole(folder.unwrap_or(Path::new("."))).join(path.file_name()?);
    let inside = folder.strip_prefix(whole(dir)).ok()?;
    Some(inside.display().to_string())
}

/// As the system names it; as it was written where there is no such folder.
fn whole(path: &Path) -> PathBuf {
    let absolute = || std::path::absolute(path).ok();
    let found = fs_err::canonicalize(path).ok().or_else(absolute);
    found.unwrap_or_else(|| path.to_owned())
}

/// A secret's file is on this machine, and what is generated is the same for any.
fn caches(wishes: &CacheWishes) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |flag: &str, value: String| words.extend([flag.to_owned(), value]);
    for url in all(wishes.substituters.as_ref()) {
        add("--substituter", url.to_string());
    }
    for key in all(wishes.public_keys.as_ref()) {
        add("--trusted-public-key", key.to_string());
    }
    let secrets = wishes.secrets.iter();
    for (kind, wish) in secrets.filter(|(_, wish)| typed(&wish.source)) {
        let from = match &wish.value {
            SecretSource::File(_) => "FILE".to_owned(),
            variable => variable.to_string(),
        };
        add("--secret", format!("{kind}={from}"));
    }
    let flags = [
        ("--ssh", &wishes.ssh),
        ("--accept-flake-config", &wishes.accept_flake_config),
        ("--cache-mounts", &wishes.cache_mounts),
    ];
    let given = |source: &Option<Source>| source.as_ref().is_some_and(typed);
    let flags = flags.into_iter().filter(|(_, source)| given(source));
    words.extend(flags.map(|(flag, _)| flag.to_owned()));
    words
}

/// The values that were typed.
fn all<T>(wish: Option<&Wish<Vec<T>>>) -> &[T] {
    wish.filter(|it| typed(&it.source))
        .map_or(&[], |it| &it.value)
}

fn shown<T: std::fmt::Display>(wish: &Wish<T>) -> (String, &Source) {
    (wish.value.to_string(), &wish.source)
}

fn typed(source: &Source) -> bool {
    matches!(source, Source::Flag { .. } | Source::Environment { .. })
}

#[cfg(test)]
mod tests {
    use super::super::tests::resolve;
    use super::*;

    #[test]
    fn a_file_of_the_project_is_named_from_its_folder() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("r");
        fs_err::create_dir_all(dir.join("sub")).unwrap();
        std::os::unix::fs::symlink(&dir, outer.path().join("link")).unwrap();
        let of = |path: &str| below(&dir, &outer.path().join(path));
        for path in [
            "r/n.toml",
            "r/../r/n.toml",
            "r/sub/../n.toml",
            "link/n.toml",
        ] {
            assert_eq!(of(path).as_deref(), Some("n.toml"), "{path}");
        }
        assert_eq!(of("r/sub/n.toml").as_deref(), Some("sub/n.toml"));
        for path in ["n.toml", "r/../n.toml", "nowhere/n.toml"] {
            assert_eq!(of(path), None, "{path}");
        }
        let here = below(Path::new("."), Path::new("n.toml"));
        assert_eq!(here.as_deref(), Some("n.toml"));
        let absolute = std::path::absolute("src/n.toml").unwrap();
        assert_eq!(
            below(Path::new("src"), &absolute).as_deref(),
            Some("n.toml")
        );
    }

    #[test]
    fn what_was_said_beside_the_file_is_said_again() {
        let file = "root = \"shell\"\nbase = \"nixery\"\napp = \"my-app\"\noptions = { cores = 2 }";
        let again = |words: &str, variables: &[(&str, &str)]| {
            let words: Vec<&str> = words.split(' ').collect();
            resolve(&words, variables, file)
                .unwrap()
                .wishes
                .again
                .join(" ")
        };
        assert_eq!(again("plan --app my-app --no-eval --route docker", &[]), "");
        assert_eq!(
            again(
                "plan --with curl --with tzdata --attr server --base nixos/nix --option a b --argstr c d --impure --build-arg A=1",
                &[
                    ("NIXDYNO_ROOT", "exec"),
                    ("NIXDYNO_NIX_ARGS", "--option x y")
                ]
            ),
            "--attr server --base nixos/nix --root exec --with curl --with tzdata --build-arg A=1 \
             --nix-arg --option --nix-arg x --nix-arg y --impure --option a b --argstr c d"
        );
        let key = "k:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
        let caches = format!(
            "plan --prune @man --prune *.a --substituter https://a.example --trusted-public-key {key} \
             --secret netrc=/home/me/x --secret aws=env --secret nix-config=env:NAME --ssh --cache-mounts"
        );
        assert_eq!(
            again(&caches, &[]),
            format!(
                "--prune @man --prune *.a --substituter https://a.example --trusted-public-key {key} \
                 --secret aws=env --secret netrc=FILE --secret nix-config=env:NAME --ssh --cache-mounts"
            )
        );
    }
}
