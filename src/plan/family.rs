//! The base image of a plan: which one, of which family, and where its `<nixpkgs>` comes from.
//!
//! Takes what inspection found and what was asked for; gives a [`Base`]. The family is told by the image's
//! name alone: nothing is fetched, and what a registry holds is never asked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::inspect::{Origin, Project, Source, Warning};
use crate::names::{ArchiveUrl, ImageRef};

use super::nixpkgs::{Nixpkgs, no_revision};
use super::{Choice, Wishes, default_base};

/// The image a Dockerfile starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// Its name.
    pub image: ImageRef,
    /// What is in it, as far as its name tells.
    pub family: BaseFamily,
    /// What `<nixpkgs>` is, where the image has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nixpkgs: Option<ArchiveUrl>,
}

impl Base {
    /// An image, with the family that its name tells.
    pub fn of(image: ImageRef) -> Self {
        Base {
            family: BaseFamily::of(&image),
            image,
            nixpkgs: None,
        }
    }
}

/// Images that are set up in the same way, each with a template of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaseFamily {
    /// Nix's own image.
    NixosNix,
    /// The bare packages in its name, as a Nixery makes them when asked.
    Nixery,
    /// As `nixos/nix`, and it holds the source of one revision of nixpkgs.
    Nixpkgs,
    /// Any other, taken to be like `nixos/nix`.
    Own,
}

impl BaseFamily {
    /// Its name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            BaseFamily::NixosNix => "nixos-nix",
            BaseFamily::Nixery => "nixery",
            BaseFamily::Nixpkgs => "nixpkgs",
            BaseFamily::Own => "own",
        }
    }

    /// The family of an image, told by its name.
    pub fn of(image: &ImageRef) -> Self {
        FAMILIES
            .iter()
            .find(|(_, is, _)| is(image))
            .map_or(BaseFamily::Own, |(family, _, _)| *family)
    }

    fn reason(self) -> &'static str {
        FAMILIES
            .iter()
            .find(|(family, _, _)| *family == self)
            .map_or("taken to be like `nixos/nix`", |(_, _, reason)| *reason)
    }
}

type Row = (BaseFamily, fn(&ImageRef) -> bool, &'static str);

/// How a family is told, and in words; the first that fits counts.
const FAMILIES: &[Row] = &[
    (
        BaseFamily::NixosNix,
        is_nixos_nix,
        "its name is that of Nix's own image",
    ),
    (
        BaseFamily::Nixery,
        is_nixery,
        "by its name a Nixery makes it, of the packages named",
    ),
    (
        BaseFamily::Nixpkgs,
        is_nixpkgs,
        "by its name it holds a revision of nixpkgs",
    ),
];

/// At any registry: mirrors keep the path.
fn is_nixos_nix(image: &ImageRef) -> bool {
    image
        .path()
        .collect::<Vec<_>>()
        .ends_with(&["nixos", "nix"])
}

/// The public one by its host, others by the meta package that such a path starts with.
fn is_nixery(image: &ImageRef) -> bool {
    let starts = image
        .path()
        .next()
        .is_some_and(|first| ["shell", "arm64"].contains(&first));
    image.host() == Some(NIXERY_HOST)
        || image.host().is_some() && starts && image.path().any(|part| part == "nix")
}

/// `nixdyno/nixpkgs`, the same at another registry, and `niteo/nixpkgs-CHANNEL`.
fn is_nixpkgs(image: &ImageRef) -> bool {
    let last = image.path().last().unwrap_or_default();
    last == "nixpkgs" || is_niteo(image)
}

fn is_niteo(image: &ImageRef) -> bool {
    let mut path = image.path();
    path.next() == Some("niteo") && path.next().is_some_and(|it| it.starts_with("nixpkgs-"))
}

/// The public one.
pub(super) const NIXERY_HOST: &str = "nixery.dev";

/// What a Nixery's image must have to build in, `shell` (bash and coreutils) first: it is a meta package. The
/// inputs of flakes may be git repositories; findutils copy the closure; the others are what nixos/nix has, too.
const NIXERY_PACKAGES: &[&str] = &[
    "shell",
    "nix",
    "git",
    "findutils",
    "gnugrep",
    "gnutar",
    "gzip",
    "xz",
];

/// Without any of these no build can work.
const NIXERY_LEAST: &[&str] = &["shell", "nix", "findutils"];

/// The image of a Nixery that a build works in.
///
/// Errors: `names/image`, for an odd host.
pub(super) fn nixery(host: &str) -> Result<ImageRef> {
    format!("{host}/{}", NIXERY_PACKAGES.join("/")).parse()
}

/// What `--base` was given: a short name of a family, or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseName {
    /// `nixos/nix`: the newest that is pinned.
    NixosNix,
    /// `nixery`: the public one, with the packages that a build needs.
    Nixery,
    /// `nixpkgs`: the one that `nixdyno base build` makes for the project.
    Nixpkgs,
    /// Any image.
    Image(ImageRef),
}

impl fmt::Display for BaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BaseName::NixosNix => f.write_str("nixos/nix"),
            BaseName::Nixery => f.write_str("nixery"),
            BaseName::Nixpkgs => f.write_str("nixpkgs"),
            BaseName::Image(image) => image.fmt(f),
        }
    }
}

impl FromStr for BaseName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "nixos/nix" => BaseName::NixosNix,
            "nixery" => BaseName::Nixery,
            "nixpkgs" => BaseName::Nixpkgs,
            image => BaseName::Image(image.parse()?),
        })
    }
}

/// The image a build starts from, as far as that is known without the project: an image of nixpkgs has the Nix
/// of the one it is made from.
///
/// Errors: those of [`default_base`].
pub fn base_image(wishes: &Wishes) -> Result<ImageRef> {
    match wishes.base.as_ref().map(|wish| &wish.value) {
        Some(BaseName::Image(image)) => Ok(image.clone()),
        Some(BaseName::Nixery) => nixery(NIXERY_HOST),
        Some(BaseName::NixosNix | BaseName::Nixpkgs) | None => default_base(),
    }
}

/// The image that a digest can pin: one that is kept under it.
///
/// Errors: `plan/not-pinnable`, and those of [`default_base`].
pub fn pinnable(name: BaseName) -> Result<ImageRef> {
    match name {
        BaseName::NixosNix => default_base(),
        BaseName::Image(image) if image.host() != Some(NIXERY_HOST) => Ok(image),
        BaseName::Image(_) | BaseName::Nixery => Err(Error::user(
            "plan/not-pinnable",
            "nixery.dev keeps no image that a digest names",
            "pin Nix's own image: `nixdyno base pin nixos/nix`",
        )),
        BaseName::Nixpkgs => Err(Error::user(
            "plan/not-pinnable",
            "the image of the project's nixpkgs is pinned by the project's lock",
            "set `base = \"nixpkgs\"` in nixdyno.toml",
        )),
    }
}

/// The base, why it is that one, and what to watch.
///
/// Errors: `plan/no-revision`, `plan/nixery-lacks`, `plan/no-nixpkgs`, and those of [`default_base`].
pub(super) fn base(
    project: &Project,
    from: Origin,
    wishes: &Wishes,
    choices: &mut Vec<Choice>,
) -> Result<(Base, Vec<Warning>)> {
    let pinned = Nixpkgs::of(project, from);
    let (image, reason) = image(wishes, from, pinned.as_ref())?;
    let asked = wishes.base.as_ref();
    choices.push(Choice {
        key: "base".to_owned(),
        value: image.to_string(),
        source: asked.map_or(Source::Default, |wish| wish.source.clone()),
        reason,
    });
    let mut base = Base::of(image);
    let mut warnings = Vec::new();
    match base.family {
        BaseFamily::Nixery => {
            check_packages(&base.image)?;
            let pinned = pinned.and_then(|it| Some((it.url?, it.source)));
            if let Some((url, source)) = pinned {
                choices.push(Choice {
                    key: "nixpkgs".to_owned(),
                    value: url.to_string(),
                    source,
                    reason: "an image of Nixery has no `<nixpkgs>`".to_owned(),
                });
                base.nixpkgs = Some(url);
            } else {
                check_search_path(project, from, wishes)?;
            }
        }
        BaseFamily::Nixpkgs => warnings.extend(watch(&base.image, pinned.as_ref())),
        BaseFamily::NixosNix | BaseFamily::Own => {}
    }
    Ok((base, warnings))
}

/// The image, and why it is that one.
fn image(wishes: &Wishes, from: Origin, pinned: Option<&Nixpkgs>) -> Result<(ImageRef, String)> {
    Ok(match wishes.base.as_ref().map(|wish| &wish.value) {
        None | Some(BaseName::NixosNix) => {
            (default_base()?, "the newest pinned `nixos/nix`".to_owned())
        }
        Some(BaseName::Nixery) => (
            nixery(NIXERY_HOST)?,
            "a Nixery makes it, of the packages named".to_owned(),
        ),
        Some(BaseName::Nixpkgs) => (
            pinned
                .and_then(Nixpkgs::image)
                .ok_or_else(|| no_revision(from))?,
            "`nixdyno base build` makes it, of the nixpkgs that the project pins".to_owned(),
        ),
        Some(BaseName::Image(image)) => {
            let reason = format!("asked for; {}", BaseFamily::of(image).reason());
            (image.clone(), reason)
        }
    })
}

/// An image that lacks what a build needs fails late, and with words that don't say so.
fn check_packages(image: &ImageRef) -> Result<()> {
    let has = |package: &&&str| !image.path().any(|part| part == **package);
    let lacks: Vec<&str> = NIXERY_LEAST.iter().filter(has).copied().collect();
    if lacks.is_empty() {
        return Ok(());
    }
    let host = image.host().unwrap_or(NIXERY_HOST);
    Err(Error::user(
        "plan/nixery-lacks",
        format!("{image} has no {}", lacks.join(", no ")),
        format!("name what a build needs: `--base {}`", nixery(host)?),
    )
    .because("a Nixery's image holds only the packages in its name"))
}

/// A file that looks `<nixpkgs>` up finds nothing in a Nixery's image.
fn check_search_path(project: &Project, from: Origin, wishes: &Wishes) -> Result<()> {
    let unpinned = |warning: &&Warning| warning.id == "inspect/unpinned";
    let looks = project.warnings.iter().find(unpinned);
    let given = wishes
        .nix_args()
        .iter()
        .any(|arg| arg.as_str().contains("nixpkgs="));
    let Some(looks) = looks.filter(|_| from == Origin::Classic && !given) else {
        return Ok(());
    };
    let error = Error::user(
        "plan/no-nixpkgs",
        "the project takes `<nixpkgs>` from where it is built, and an image of Nixery has none",
        "pin it: `npins init`",
    )
    .or("name it: `--nix-arg -I --nix-arg nixpkgs=URL`")
    .or("build on Nix's own image, which has one: `--base nixos/nix`");
    Err(match &looks.source {
        Some(source) => error.at(source),
        None => error,
    })
}

/// What is wrong with an image of nixpkgs.
fn watch(image: &ImageRef, pinned: Option<&Nixpkgs>) -> Option<Warning> {
    if is_niteo(image) {
        let what =
            format!("{image} is one of nix-docker-base, which makes no new images since 2023");
        let todo = "make one for this project: `nixdyno base build`, then `--base nixpkgs`";
        return Some(Warning::new("plan/base-abandoned", what, todo));
    }
    let pinned = pinned?;
    let revision = pinned.revision.as_ref()?;
    let tag = image.tag()?;
    let names_revision = tag.len() >= 7 && tag.chars().all(|c| c.is_ascii_hexdigit());
    let other = names_revision && !revision.as_str().starts_with(tag);
    other.then(|| {
        let what = format!(
            "{image} holds another nixpkgs than {}, which the project pins: the build fetches that, too",
            revision.short()
        );
        let todo = "make one for this revision: `nixdyno base build`, then `--base nixpkgs`";
        Warning::new("plan/base-differs", what, todo).at(pinned.source.clone())
    })
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.image.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_told_by_the_name() {
        let digest = format!("nixos/nix@sha256:{}", "a".repeat(64));
        for (image, family) in [
            ("nixos/nix:2.31.2", BaseFamily::NixosNix),
            (&digest, BaseFamily::NixosNix),
            ("docker.io/nixos/nix", BaseFamily::NixosNix),
            ("ghcr.io/nixos/nix:2.34.0", BaseFamily::NixosNix),
            ("mirror.example:5000/hub/nixos/nix:1", BaseFamily::NixosNix),
            ("nixery.dev/shell/nix", BaseFamily::Nixery),
            ("nixery.dev/git", BaseFamily::Nixery),
            ("my.host/shell/nix/git:abc", BaseFamily::Nixery),
            ("localhost:8080/arm64/shell/nix", BaseFamily::Nixery),
            ("nixdyno/nixpkgs:8fd9daa3db09", BaseFamily::Nixpkgs),
            ("ghcr.io/me/nixpkgs:1", BaseFamily::Nixpkgs),
            ("niteo/nixpkgs-nixos-20.03:14006b7", BaseFamily::Nixpkgs),
            ("nixpkgs/nix-flakes:nixos-25.05", BaseFamily::Own),
            ("shell/nix", BaseFamily::Own),
            ("my.host/shell/git", BaseFamily::Own),
            ("nix", BaseFamily::Own),
        ] {
            assert_eq!(BaseFamily::of(&image.parse().unwrap()), family, "{image}");
        }
    }

    #[test]
    fn the_images_with_short_names_are_of_their_families() {
        assert_eq!(
            BaseFamily::of(&nixery(NIXERY_HOST).unwrap()),
            BaseFamily::Nixery
        );
        assert!(check_packages(&nixery("my.host:5000").unwrap()).is_ok());
        assert_eq!(
            BaseFamily::of(&default_base().unwrap()),
            BaseFamily::NixosNix
        );
        let pinned = Nixpkgs {
            revision: Some("8fd9daa3db09ced9700431c5b7ad0e8ba199b575".parse().unwrap()),
            url: None,
            hash: None,
            source: Source::Default,
        };
        let image = pinned.image().unwrap();
        assert_eq!(image.as_str(), "nixdyno/nixpkgs:8fd9daa3db09");
        assert_eq!(BaseFamily::of(&image), BaseFamily::Nixpkgs);
        assert_eq!(watch(&image, Some(&pinned)), None);
        for (image, id) in [
            ("nixdyno/nixpkgs:0000000", Some("plan/base-differs")),
            ("nixdyno/nixpkgs:latest", None),
            ("niteo/nixpkgs-nixos-20.03:1", Some("plan/base-abandoned")),
        ] {
            let warning = watch(&image.parse().unwrap(), Some(&pinned));
            assert_eq!(warning.map(|it| it.id).as_deref(), id, "{image}");
        }
    }
}
