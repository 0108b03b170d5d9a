//! How an image that is made here is laid out and compressed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Layers of store paths that an image has at most, unless asked for otherwise. Heroku may not start an image of more
/// than forty, and each is a request more.
const MOST: u8 = 29;

/// What of an image may be stale, of what is needed, in percent.
const WASTE: u8 = 10;

/// How an image is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layers {
    /// Layers of store paths at most: 1 to 39. One more is the root beside the store.
    pub most: u8,
    /// Stale bytes that the image may carry, in percent of its needed ones: 0 to 100.
    pub waste: u8,
    /// How hard new layers are compressed.
    pub compression: Compression,
    /// Nothing of the last image is kept: the same image on every machine.
    pub fresh: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Layers {
            most: MOST,
            waste: WASTE,
            compression: Compression::Auto,
            fresh: false,
        }
    }
}

impl Layers {
    /// Whether nothing was asked for.
    pub fn is_default(&self) -> bool {
        *self == Layers::default()
    }
}

/// How hard new layers are compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// By the rate of the way to the registry: what takes least time.
    #[default]
    Auto,
    /// As quick as it goes.
    Fast,
    /// As small as gzip usually makes it.
    Small,
}

impl Compression {
    /// All of them, in the order shown.
    pub const ALL: [Compression; 3] = [Compression::Auto, Compression::Fast, Compression::Small];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Compression::Auto => "auto",
            Compression::Fast => "fast",
            Compression::Small => "small",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Compression {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut all = Compression::ALL.into_iter();
        all.find(|it| it.name() == text).ok_or_else(|| {
            let what = format!("`{}` is no compression", text.escape_debug());
            Error::usage(
                "plan/compression",
                what,
                "use one of `auto`, `fast`, `small`",
            )
        })
    }
}

/// A number of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MostLayers(pub u8);

impl FromStr for MostLayers {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = text.parse().ok().filter(|it| (2..=40).contains(it));
        number.map(MostLayers).ok_or_else(|| {
            let what = format!("`{}` is no number of layers", text.escape_debug());
            Error::usage(
                "plan/layers",
                what,
                "give a number from 2 to 40, such as 30",
            )
            .because("Heroku may not start an image of more than 40")
        })
    }
}

impl fmt::Display for MostLayers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A share in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub u8);

impl FromStr for Percent {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = text.trim_end_matches('%').parse().ok();
        let number = number.filter(|it| *it <= 100);
        number.map(Percent).ok_or_else(|| {
            let what = format!("`{}` is no share in percent", text.escape_debug());
            Error::usage(
                "plan/waste",
                what,
                "give a number from 0 to 100, such as 10",
            )
        })
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_refused() {
        let layers = |text: &str| text.parse::<MostLayers>().unwrap_err().to_string();
        let percent = |text: &str| text.parse::<Percent>().unwrap_err().to_string();
        for bad in ["1", "41", "-1", "many", "", "300"] {
            assert!(bad.parse::<MostLayers>().is_err(), "{bad}");
        }
        for bad in ["101", "-1", "%", "1.5"] {
            assert!(bad.parse::<Percent>().is_err(), "{bad}");
        }
        assert_eq!("12%".parse::<Percent>().unwrap(), Percent(12));
        let compression = "zstd".parse::<Compression>().unwrap_err().to_string();
        insta::assert_snapshot!([layers("41"), percent("101"), compression].join("\n\n"));
    }
}
