//! The flags that say once more what was said on a command line, for the head of a generated file.
//!
//! Takes wishes; gives words. Only what is in the files: not how the project was looked at, nor where it goes. What
//! nixdyno.toml says it says again by itself. Never a path that only this machine has.

use std::path::Path;

use crate::cli::Common;
use crate::inspect::Source;
use crate::names::{AttrPath, NixFile};
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
    let config = common.config.as_deref().and_then(|path| {
        let here = dir == Path::new(".") && path.is_relative();
        path.strip_prefix(dir).ok().or(here.then_some(path))
    });
    let flag = Source::Flag {
        name: String::new(),
    };
    add(
        "--config",
        config.map(|path| (path.display().to_string(), &flag)),
    );
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
    for (kind, _) in secrets.filter(|(_, wish)| typed(&wish.source)) {
        add("--secret", format!("{kind}=FILE"));
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
             --secret netrc=/home/me/x --ssh --cache-mounts"
        );
        assert_eq!(
            again(&caches, &[]),
            format!(
                "--prune @man --prune *.a --substituter https://a.example --trusted-public-key {key} \
                 --secret netrc=FILE --ssh --cache-mounts"
            )
        );
    }
}
