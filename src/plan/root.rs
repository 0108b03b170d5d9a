//! What an image has beside the app.
//!
//! Takes what was asked for; gives a [`Root`]. Nothing but the app and a shell to start it, unless asked for: each
//! further package is bytes to push and to load, and something to keep safe.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, near_misses};
use crate::names::{AttrPath, ImageRef};

use super::{Choice, FallbackShell, Wishes};
use crate::inspect::Source;

/// How much of a system an image is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootKind {
    /// The app and what starts it.
    #[default]
    Scratch,
    /// With bash and coreutils, for `heroku run bash`.
    Shell,
    /// With all that `heroku ps:exec` needs.
    Exec,
    /// On top of an image that was named.
    Image,
}

impl RootKind {
    /// Those that have a word on the command line, the smallest first.
    pub const NAMED: [RootKind; 3] = [RootKind::Scratch, RootKind::Shell, RootKind::Exec];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            RootKind::Scratch => "scratch",
            RootKind::Shell => "shell",
            RootKind::Exec => "exec",
            RootKind::Image => "image",
        }
    }

    /// Attributes of nixpkgs, in the order in which their programs win.
    fn packages(self) -> &'static [&'static str] {
        match self {
            RootKind::Scratch | RootKind::Image => &[],
            RootKind::Shell => &["bashInteractive", "coreutils"],
            // The script that ps:exec runs asks for these programs.
            RootKind::Exec => &["bashInteractive", "coreutils", "curl", "openssh", "python3"],
        }
    }
}

impl fmt::Display for RootKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What `--root` was given: a kind, or an image to stand on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootName {
    /// A kind that needs no image.
    Kind(RootKind),
    /// An image, with a tag or a digest: a bare word could be the name of a stage.
    Image(ImageRef),
}

impl fmt::Display for RootName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RootName::Kind(kind) => kind.fmt(f),
            RootName::Image(image) => image.fmt(f),
        }
    }
}

impl FromStr for RootName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(kind) = RootKind::NAMED.into_iter().find(|it| it.name() == text) {
            return Ok(RootName::Kind(kind));
        }
        if text.contains(['/', ':', '@']) {
            let image: ImageRef = text.parse()?;
            if image.tag().is_some() || image.digest().is_some() {
                return Ok(RootName::Image(image));
            }
        }
        let names = RootKind::NAMED.map(|it| format!("`{it}`"));
        let use_one = format!("use one of {}", names.join(", "));
        let near = near_misses(text, RootKind::NAMED.map(RootKind::name));
        let what = format!("`{}` is no kind of root", text.escape_debug());
        let error = match near.first() {
            Some(near) => {
                Error::usage("plan/root", what, format!("did you mean `{near}`?")).or(use_one)
            }
            None => Error::usage("plan/root", what, use_one),
        };
        Err(error.or("name an image to stand on, with its tag: `heroku/heroku:24`"))
    }
}

/// What an image has beside the app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// How much of a system it is.
    pub kind: RootKind,
    /// The image it stands on, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRef>,
    /// Packages of nixpkgs whose programs are in `/bin`, those of the kind first; on an image they are in `/nix/bin`.
    pub packages: Vec<AttrPath>,
}

impl Root {
    /// Whether `/bin/sh` is bash, whatever the app has.
    pub fn has_shell(&self) -> bool {
        matches!(self.kind, RootKind::Shell | RootKind::Exec)
    }

    /// Variables that make programs find what packages bring, as name and path below the folder that holds it.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let has = |names: &[&str]| {
            let named = |package: &AttrPath| names.contains(&package.to_string().as_str());
            self.packages.iter().any(named)
        };
        VARIABLES
            .iter()
            .filter(move |(names, _, _)| has(names))
            .map(|(_, variable, path)| (*variable, *path))
    }
}

/// Packages, the variable that leads to what they have, and where the image has that.
///
/// nixpkgs' libc and Python look there; programs built elsewhere look at the place itself, below `/usr`.
const VARIABLES: &[(&[&str], &str, &str)] = &[
    (LOCALES, "LOCALE_ARCHIVE", "lib/locale/locale-archive"),
    (&["tzdata"], "TZDIR", "share/zoneinfo"),
];

const LOCALES: &[&str] = &["glibcLocales", "glibcLocalesUtf8"];

/// Decides.
///
/// Errors: `plan/no-packages` where there is no nixpkgs to take packages from.
pub(super) fn root(
    wishes: &Wishes,
    from: FallbackShell,
    choices: &mut Vec<Choice>,
) -> Result<Root> {
    let (kind, image) = match wishes.root.as_ref().map(|wish| &wish.value) {
        None => (RootKind::Scratch, None),
        Some(RootName::Kind(kind)) => (*kind, None),
        Some(RootName::Image(image)) => (RootKind::Image, Some(image.clone())),
    };
    let own = kind.packages().iter().map(|name| AttrPath::new([*name]));
    let more = wishes.with.iter().flat_map(|wish| wish.value.iter());
    let mut packages: Vec<AttrPath> = Vec::new();
    for package in own.chain(more.cloned()) {
        if !packages.contains(&package) {
            packages.push(package);
        }
    }
    if !packages.is_empty() && from == FallbackShell::Nowhere {
        return Err(no_packages(&packages));
    }
    let (source, reason) = match &wishes.root {
        Some(wish) => (wish.source.clone(), "asked for"),
        None => (Source::Default, "the smallest"),
    };
    choices.push(Choice {
        key: "root".to_owned(),
        value: image.as_ref().map_or(kind.to_string(), ToString::to_string),
        source,
        reason: reason.to_owned(),
    });
    if let Some(with) = &wishes.with {
        let names: Vec<String> = with.value.iter().map(ToString::to_string).collect();
        choices.push(Choice {
            key: "with".to_owned(),
            value: names.join(", "),
            source: with.source.clone(),
            reason: "asked for".to_owned(),
        });
    }
    Ok(Root {
        kind,
        image,
        packages,
    })
}

fn no_packages(packages: &[AttrPath]) -> Error {
    let names: Vec<String> = packages.iter().map(ToString::to_string).collect();
    Error::user(
        "plan/no-packages",
        format!("there is no nixpkgs to take {} from", names.join(", ")),
        "give the flake an input `nixpkgs`, or build on an image that has one: `--base nixos/nix`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Wish;

    fn plan(name: Option<&str>, with: &[&str], from: FallbackShell) -> Result<(Root, String)> {
        let wishes = Wishes {
            root: name.map(|it| Wish {
                value: it.parse().unwrap(),
                source: Source::Default,
            }),
            with: (!with.is_empty()).then(|| Wish {
                value: with.iter().map(|it| it.parse().unwrap()).collect(),
                source: Source::Default,
            }),
            ..Wishes::default()
        };
        let mut choices = Vec::new();
        let root = root(&wishes, from, &mut choices)?;
        let shown = choices.iter().map(|it| format!("{} {}", it.key, it.value));
        Ok((root, shown.collect::<Vec<_>>().join("; ")))
    }

    #[test]
    fn packages_of_the_kind_come_first_and_each_once() {
        let base = FallbackShell::BaseNixpkgs;
        assert_eq!(
            plan(None, &[], base).unwrap(),
            (Root::default(), "root scratch".to_owned())
        );
        let (root, shown) = plan(Some("shell"), &["tzdata", "coreutils"], base).unwrap();
        let names: Vec<_> = root.packages.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["bashInteractive", "coreutils", "tzdata"]);
        assert_eq!(shown, "root shell; with tzdata, coreutils");
    }

    #[test]
    fn packages_need_a_nixpkgs() {
        assert!(plan(None, &[], FallbackShell::Nowhere).is_ok());
        let error = plan(Some("shell"), &[], FallbackShell::Nowhere).unwrap_err();
        insta::assert_snapshot!(error);
        for odd in ["root/shell", "debian", "build", "heroku/heroku"] {
            let error = odd.parse::<RootName>().unwrap_err();
            assert_eq!(error.id(), "plan/root", "{odd}");
        }
        insta::assert_snapshot!("root/shell".parse::<RootName>().unwrap_err());
        let near = "shel".parse::<RootName>().unwrap_err();
        assert_eq!(near.todo()[0], "did you mean `shell`?");
        let error = "a b:1".parse::<RootName>().unwrap_err();
        assert_eq!(error.id(), "names/image");
    }

    #[test]
    fn an_image_to_stand_on_is_named_with_its_tag_or_digest() {
        let digest = format!("debian@sha256:{}", "a".repeat(64));
        for name in ["heroku/heroku:24", "debian:12-slim", &digest] {
            let (root, shown) = plan(Some(name), &[], FallbackShell::Nowhere).unwrap();
            assert_eq!(root.kind, RootKind::Image);
            assert_eq!(root.image.map(|it| it.to_string()).as_deref(), Some(name));
            assert_eq!(shown, format!("root {name}"));
        }
    }

    #[test]
    fn what_packages_bring_is_found_by_variables() {
        let base = FallbackShell::BaseNixpkgs;
        let (root, _) = plan(None, &["tzdata", "glibcLocales", "curl"], base).unwrap();
        let names: Vec<_> = root.variables().map(|(name, _)| name).collect();
        assert_eq!(names, ["LOCALE_ARCHIVE", "TZDIR"]);
        let (root, _) = plan(Some("exec"), &[], base).unwrap();
        assert_eq!(root.variables().count(), 0);
    }
}
