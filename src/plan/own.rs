//! What a Dockerfile of the project leaves of the other wishes.
//!
//! Takes wishes and choices; takes out the choices that such a build has no part in, and names the wishes that count for
//! nothing. Never reads the Dockerfile.

use crate::inspect::{Source, Warning};

use super::{Choice, Wishes};

/// Choices that only our own Dockerfile follows.
const OURS: &[&str] = &[
    "base",
    "nixpkgs",
    "root",
    "with",
    "prune",
    "caches",
    "cache keys",
    "cache-mounts",
];

/// Says which wishes are not followed, where the Dockerfile is the project's own.
pub(super) fn decides(wishes: &Wishes, choices: &mut Vec<Choice>) -> Option<Warning> {
    let file = &wishes.dockerfile.as_ref()?.value;
    choices.retain(|choice| !OURS.contains(&choice.key.as_str()));
    let caches = &wishes.caches;
    let said = [
        wishes.base.as_ref().map(|it| &it.source),
        wishes.root.as_ref().map(|it| &it.source),
        wishes.with.as_ref().map(|it| &it.source),
        caches.substituters.as_ref().map(|it| &it.source),
        caches.public_keys.as_ref().map(|it| &it.source),
        caches.cache_mounts.as_ref(),
    ];
    let rules = wishes.prune.iter().map(|line| &line.source);
    // A `.slugexclude` may be there for other builds.
    let rules = rules.filter(|source| !matches!(source, Source::File { .. }));
    let mut names: Vec<String> = said
        .into_iter()
        .flatten()
        .chain(rules)
        .map(ToString::to_string)
        .collect();
    names.sort();
    names.dedup();
    let what = format!(
        "`{file}` is built as it is, so this has no effect: {}",
        names.join("; ")
    );
    let todo = "write it into that Dockerfile, or leave out `--dockerfile`";
    (!names.is_empty()).then(|| Warning::new("plan/dockerfile-decides", what, todo))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{RootKind, RootName, Wish};

    #[test]
    fn what_has_no_effect_is_named_once_and_not_shown_as_chosen() {
        let flag = |name: &str| {
            let name = name.to_owned();
            Source::Flag { name }
        };
        let mut wishes = Wishes {
            root: Some(Wish {
                value: RootName::Kind(RootKind::Exec),
                source: flag("--root"),
            }),
            prune: crate::prune::of_lines([("@man", flag("--prune")), ("*.a", flag("--prune"))])
                .unwrap(),
            ..Wishes::default()
        };
        wishes.caches.cache_mounts = Some(flag("--cache-mounts"));
        let choices = || {
            let choice = |key: &str| Choice {
                key: key.to_owned(),
                value: String::new(),
                source: Source::Default,
                reason: String::new(),
            };
            vec![
                choice("app"),
                choice("base"),
                choice("prune"),
                choice("root"),
            ]
        };
        let mut all = choices();
        assert!(decides(&wishes, &mut all).is_none());
        assert_eq!(all, choices());
        wishes.dockerfile = Some(Wish {
            value: "own/Dockerfile".parse().unwrap(),
            source: flag("--dockerfile"),
        });
        let warning = decides(&wishes, &mut all).unwrap();
        insta::assert_snapshot!(format!(
            "{}: {}\n  do: {}",
            warning.id, warning.what, warning.todo
        ));
        let keys: Vec<_> = all.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, ["app"]);
        wishes = Wishes {
            dockerfile: wishes.dockerfile,
            ..Wishes::default()
        };
        assert!(decides(&wishes, &mut all).is_none());
    }
}
