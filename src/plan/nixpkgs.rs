//! The nixpkgs that a project pins, and the base image that is made of it.
//!
//! Takes what inspection found; gives what a recipe in `base-images/` needs. A pin's words enter commands and
//! names of images, so what is odd about one makes it no pin at all.

use crate::error::{Error, Result};
use crate::inspect::{Entry, Origin, Pin, Project, Source};
use crate::names::{ArchiveUrl, ImageRef, NarHash, Revision};

use super::{BaseFamily, BaseName, Wishes, default_base};

/// Where `nixdyno base build` keeps its images.
pub(super) const REPOSITORY: &str = "nixdyno/nixpkgs";

/// The nixpkgs that a project pins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nixpkgs {
    pub(super) revision: Option<Revision>,
    /// The archive it is fetched as.
    pub(super) url: Option<ArchiveUrl>,
    /// The hash of what is in that.
    pub(super) hash: Option<NarHash>,
    pub(super) source: Source,
}

impl Nixpkgs {
    /// The one that a build from `from` uses: that of flake.lock for a flake. Else that of another tool comes
    /// first; a flake.lock beside a default.nix is what flake-compat reads.
    pub(super) fn of(project: &Project, from: Origin) -> Option<Self> {
        let pins = project.pins.iter().filter(|pin| pin.name == "nixpkgs");
        let mut pins: Vec<&Pin> = pins
            .filter(|pin| from == Origin::Classic || in_lock(pin))
            .collect();
        pins.sort_by_key(|pin| in_lock(pin));
        pins.first().map(|pin| Nixpkgs {
            revision: parsed(pin.revision.as_deref()),
            url: parsed(pin.url.as_deref()),
            hash: parsed(pin.nar_hash.as_deref()),
            source: pin.source.clone(),
        })
    }

    /// The image that `nixdyno base build` makes of it.
    pub(super) fn image(&self) -> Option<ImageRef> {
        let revision = self.revision.as_ref()?;
        format!("{REPOSITORY}:{}", revision.short()).parse().ok()
    }
}

fn in_lock(pin: &Pin) -> bool {
    matches!(&pin.source, Source::File { path, .. } if path.ends_with("flake.lock"))
}

fn parsed<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text.and_then(|it| it.parse().ok())
}

pub(super) fn no_revision(from: Origin) -> Error {
    Error::user(
        "plan/no-revision",
        "the project pins no nixpkgs of which an image could be made",
        match from {
            Origin::Flake => "pin it: `nix flake lock`, with an input `nixpkgs`",
            Origin::Classic => "pin it: `npins init`, and import that in the place of `<nixpkgs>`",
        },
    )
    .because("an image is made of one revision: that of the input or pin named `nixpkgs`, fetched as an archive")
    .or("build on Nix's own image: `--base nixos/nix`")
}

/// An image with a project's nixpkgs in its store, to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NixpkgsImage {
    /// Its name: `nixdyno/nixpkgs:REVISION`.
    pub image: ImageRef,
    /// The image it is made from.
    pub from: ImageRef,
    /// The revision of nixpkgs.
    pub revision: Revision,
    /// The archive that holds it.
    pub url: ArchiveUrl,
    /// The hash of what is in that, where the project says it.
    pub hash: Option<NarHash>,
}

/// The image that a project could be built on, without a download of nixpkgs.
///
/// It is made from the base that was asked for, where that is like `nixos/nix`, else from the default one.
///
/// Errors: `plan/no-revision`, and those of [`default_base`].
pub fn nixpkgs_image(project: &Project, wishes: &Wishes) -> Result<NixpkgsImage> {
    let flake = |entry: &Entry| matches!(entry, Entry::Flake { .. });
    let from = match project.candidates.first() {
        Some(candidate) => candidate.from,
        None if project.entry.iter().any(flake) => Origin::Flake,
        None => Origin::Classic,
    };
    let pinned = Nixpkgs::of(project, from).ok_or_else(|| no_revision(from))?;
    Ok(NixpkgsImage {
        image: pinned.image().ok_or_else(|| no_revision(from))?,
        from: from_image(wishes)?,
        revision: pinned.revision.ok_or_else(|| no_revision(from))?,
        url: pinned.url.ok_or_else(|| no_revision(from))?,
        hash: pinned.hash,
    })
}

fn from_image(wishes: &Wishes) -> Result<ImageRef> {
    match wishes.base.as_ref().map(|wish| &wish.value) {
        Some(BaseName::Image(image)) if is_plain(image) => Ok(image.clone()),
        _ => default_base(),
    }
}

fn is_plain(image: &ImageRef) -> bool {
    [BaseFamily::NixosNix, BaseFamily::Own].contains(&BaseFamily::of(image))
}
