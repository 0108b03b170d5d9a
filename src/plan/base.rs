//! The base images nixdyno knows, with their pins.
//!
//! A new base is a file in `base-images/` and a row in [`pins`].

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::names::ImageRef;

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
