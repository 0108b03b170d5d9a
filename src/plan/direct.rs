//! The route `direct`: what an image is to be like that is made here, and what such an image can't be.

use crate::inspect::Source;
use crate::names::SecretKind;

use super::{Build, Caches, Choice, Layers, NixHere, RootKind, RootName, Route, Wish, Wishes};

/// How images are laid out; what was asked for is a choice.
pub(super) fn layers(wishes: &Wishes, choices: &mut Vec<Choice>) -> Layers {
    let mut layers = Layers::default();
    let mut asked = |key: &str, value: String, source: &Source| {
        choices.push(Choice {
            key: key.to_owned(),
            value,
            source: source.clone(),
            reason: "asked for".to_owned(),
        });
    };
    if let Some(Wish { value, source }) = &wishes.most_layers {
        // One of them is the root beside the store.
        layers.most = value.0.saturating_sub(1).max(1);
        asked("max-layers", value.to_string(), source);
    }
    if let Some(Wish { value, source }) = &wishes.waste {
        layers.waste = value.0;
        asked("max-waste", format!("{value} %"), source);
    }
    if let Some(Wish { value, source }) = &wishes.compression {
        layers.compression = *value;
        asked("compression", value.to_string(), source);
    }
    layers.fresh = wishes.fresh;
    layers
}

/// What only Docker can do, in the order told.
const DOCKERS: [&str; 4] = [
    "a Dockerfile of the project is for Docker",
    "an image to stand on is Docker's to fetch",
    "rules for what stays out are carried out in Docker",
    "build arguments are variables of a build in Docker",
];

/// Why a plan can't go the route `direct`, in a few words; nothing where it can.
pub fn obstacle(build: &Build, caches: &Caches, dockerfile: bool) -> Option<String> {
    let holds = [
        dockerfile,
        build.root.kind == RootKind::Image,
        !build.prune.is_empty(),
        !build.args.is_empty(),
    ];
    first(holds, caches.mounted().next().map(|(kind, _)| kind))
}

/// The same of a plan that is still to be made.
pub fn obstacle_asked(wishes: &Wishes) -> Option<String> {
    let root = wishes.root.as_ref().map(|wish| &wish.value);
    let holds = [
        wishes.dockerfile.is_some(),
        matches!(root, Some(RootName::Image(_))),
        !wishes.prune.is_empty(),
        !wishes.build_args.is_empty(),
    ];
    let mut kinds = wishes.caches.secrets.keys().copied();
    first(holds, kinds.find(|kind| *kind != SecretKind::SigningKey))
}

fn first(holds: [bool; 4], secret: Option<SecretKind>) -> Option<String> {
    let mut rows = DOCKERS.iter().zip(holds);
    let found = rows.find(|(_, holds)| *holds).map(|(why, _)| *why);
    let handed = |kind| format!("the secret {kind} is handed to builds in Docker");
    found.map(str::to_owned).or_else(|| secret.map(handed))
}

/// The route that a plan takes where nobody says one.
pub fn unasked_route(wishes: &Wishes) -> Route {
    let able = matches!(wishes.nix_here, Some(NixHere::Able(_)));
    if able && obstacle_asked(wishes).is_none() {
        Route::Direct
    } else {
        Route::Docker
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Origin;
    use crate::plan::choose::route;
    use crate::render::dockerfile::tests::plan;

    fn flag<T>(name: &str, value: T) -> Wish<T> {
        Wish {
            value,
            source: Source::Flag {
                name: name.to_owned(),
            },
        }
    }

    /// The route, and why, where Nix is as said and something is in the way.
    fn shown(wishes: &Wishes, obstacle: Option<String>) -> String {
        let mut choices = Vec::new();
        let route = route(wishes, obstacle, &mut choices);
        let choice = choices.first().unwrap();
        assert_eq!(choice.value, route.name());
        format!("{route} ({}): {}", choice.source, choice.reason)
    }

    #[test]
    fn nix_takes_the_direct_route_unless_something_is_in_the_way() {
        let here = |nix_here: Option<NixHere>| Wishes {
            nix_here,
            ..Wishes::default()
        };
        let able = here(Some(NixHere::Able("Nix builds here".to_owned())));
        let unable = here(Some(NixHere::Unable("there is no Nix".to_owned())));
        let why = || Some("a Dockerfile of the project is for Docker".to_owned());
        let asked = |route| Wishes {
            route: Some(flag("--route", route)),
            ..able.clone()
        };
        let mut rows = vec![
            shown(&able, None),
            shown(&able, why()),
            shown(&unable, None),
            shown(&unable, why()),
            shown(&here(None), why()),
        ];
        rows.extend(Route::ALL.map(|it| shown(&asked(it), None)));
        insta::assert_snapshot!(rows.join("\n"));
    }

    fn able() -> Wishes {
        Wishes {
            nix_here: Some(NixHere::Able(String::new())),
            ..Wishes::default()
        }
    }

    fn plain() -> Build {
        plan(Origin::Flake, "server", &[("web", "/app/bin/server")]).build
    }

    fn on_image(name: &str) -> Wishes {
        Wishes {
            root: Some(flag("--root", name.parse().unwrap())),
            ..able()
        }
    }

    /// What is in the way of a plan, and the wishes that it is made of.
    fn of_builds() -> Vec<(Option<String>, Wishes)> {
        let caches = Caches::default();
        let own = Wishes {
            dockerfile: Some(flag("--dockerfile", "Dockerfile".parse().unwrap())),
            ..able()
        };
        let mut based = plain();
        based.root.kind = RootKind::Image;
        let source = Source::Flag {
            name: "--prune".to_owned(),
        };
        let lines = crate::prune::of_lines([("@man", source)]).unwrap();
        let mut pruned = plain();
        pruned.prune = lines.iter().map(|it| it.entry.clone()).collect();
        let stays_out = Wishes {
            prune: lines,
            ..able()
        };
        let mut told = plain();
        let name = "REVISION".parse().unwrap();
        told.args.insert(name, "1".parse().unwrap());
        let args = told.args.iter();
        let args = args.map(|(name, value)| (name.clone(), flag("--build-arg", value.clone())));
        let tells = Wishes {
            build_args: args.collect(),
            ..able()
        };
        vec![
            (obstacle(&plain(), &caches, true), own),
            (obstacle(&based, &caches, false), on_image("debian:12-slim")),
            (obstacle(&pruned, &caches, false), stays_out),
            (obstacle(&told, &caches, false), tells),
        ]
    }

    #[test]
    fn each_thing_that_is_dockers_is_an_obstacle() {
        assert_eq!(obstacle(&plain(), &Caches::default(), false), None);
        assert_eq!(unasked_route(&able()), Route::Direct);
        assert_eq!(unasked_route(&on_image("shell")), Route::Direct);
        let mut rows = of_builds();
        for kind in [SecretKind::Netrc, SecretKind::SigningKey] {
            let mut given = Caches::default();
            given.secrets.insert(kind, "/key".parse().unwrap());
            let mut wishes = able();
            let secret = flag("--secret", "/key".parse().unwrap());
            wishes.caches.secrets.insert(kind, secret);
            rows.push((obstacle(&plain(), &given, false), wishes));
        }
        // Before a plan is made the answer is the same.
        for (row, wishes) in &rows {
            assert_eq!(*row, obstacle_asked(wishes));
            let direct = unasked_route(wishes) == Route::Direct;
            assert_eq!(direct, row.is_none(), "{row:?}");
        }
        let rows: Vec<String> = rows
            .into_iter()
            .map(|(row, _)| row.unwrap_or_else(|| "nothing".to_owned()))
            .collect();
        insta::assert_snapshot!(rows.join("\n"));
    }
}
