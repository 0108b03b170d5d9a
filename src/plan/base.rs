//! The base images nixdyno knows, with their pins.
//!
//! A new base is a file in `base-images/` and a row in [`pins`].

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::names::ImageRef;

use super::BaseFamily;
use super::family::{NIXERY_HOST, nixery};
use super::nixpkgs::REPOSITORY;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pins {
    pin: Vec<Pin>,
}

/// One pinned base image.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Without tag or digest, such as `nixos/nix`.
    pub image: String,
    /// The tag.
    pub version: String,
    /// The digest of the multi-platform index.
    pub digest: String,
    /// When version and digest were last seen together, as `YYYY-MM-DD`.
    pub date: String,
    /// Where.
    pub source: String,
}

/// The default base: the last pin of `base-images/nixos-nix.toml`.
///
/// Errors: `plan/base-pins`, a defect, when the embedded file can't be read.
pub fn default_base() -> Result<ImageRef> {
    let pins = pins()?;
    let pin = pins
        .last()
        .ok_or_else(|| Error::bug("plan/base-pins", "no base image is pinned"))?;
    format!("{}:{}@{}", pin.image, pin.version, pin.digest).parse()
}

/// Every pin, oldest first.
///
/// Errors: as [`default_base`].
pub fn pins() -> Result<Vec<Pin>> {
    let text = include_str!("../../base-images/nixos-nix.toml");
    let pins: Pins = toml::from_str(text).map_err(|error| {
        Error::bug(
            "plan/base-pins",
            format!("base-images/nixos-nix.toml: {error}"),
        )
    })?;
    Ok(pins.pin)
}

/// An image that `--base` knows by a short name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownBase {
    /// The word for `--base`.
    pub name: &'static str,
    /// Its family.
    pub family: BaseFamily,
    /// The image, with its tag where that is known.
    pub image: String,
    /// The tag.
    pub version: Option<String>,
    /// The digest of the multi-platform index, where one is pinned.
    pub digest: Option<String>,
    /// When version and digest were last seen together.
    pub date: Option<String>,
    /// Where.
    pub source: Option<String>,
    /// Whether a project gets it that asks for none.
    pub default: bool,
    /// How it is pinned, in words.
    pub note: String,
}

/// All of them, the pinned ones oldest first.
///
/// Errors: as [`default_base`].
pub fn known_bases() -> Result<Vec<KnownBase>> {
    let pins = pins()?;
    let newest = pins.len().saturating_sub(1);
    let pinned = pins.into_iter().enumerate().map(|(at, pin)| {
        let default = at == newest;
        let word = if default { "the default; " } else { "" };
        KnownBase {
            name: "nixos/nix",
            family: BaseFamily::NixosNix,
            image: format!("{}:{}", pin.image, pin.version),
            note: format!("{word}pinned on {} from {}", pin.date, pin.source),
            version: Some(pin.version),
            digest: Some(pin.digest),
            date: Some(pin.date),
            source: Some(pin.source),
            default,
        }
    });
    let floating = |name, family, image, note: &str| KnownBase {
        name,
        family,
        image,
        version: None,
        digest: None,
        date: None,
        source: None,
        default: false,
        note: note.to_owned(),
    };
    let made = [
        floating(
            "nixery",
            BaseFamily::Nixery,
            nixery(NIXERY_HOST)?.to_string(),
            "floats: nixery.dev ignores tags and doesn't keep what a digest names",
        ),
        floating(
            "nixpkgs",
            BaseFamily::Nixpkgs,
            format!("{REPOSITORY}:REVISION"),
            "pinned by the project's own lock: `nixdyno base build` makes it",
        ),
    ];
    Ok(pinned.chain(made).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pin_is_a_valid_reference() {
        for pin in pins().unwrap() {
            let text = format!("{}:{}@{}", pin.image, pin.version, pin.digest);
            assert!(text.parse::<ImageRef>().is_ok(), "{text}");
            assert!(pin.source.starts_with("https://"), "{}", pin.source);
            assert_eq!(pin.date.len(), 10, "{}", pin.date);
        }
        assert!(default_base().unwrap().as_str().contains("@sha256:"));
    }
}
