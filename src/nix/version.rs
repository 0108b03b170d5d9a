//! Reads what `nix --version` says.

use std::fmt;

/// Whose Nix it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// The original.
    Nix,
    /// <https://lix.systems>
    Lix,
    /// <https://determinate.systems>
    Determinate,
}

/// A Nix, as it names itself. For showing; nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Whose it is.
    pub flavour: Flavour,
    /// Its number, such as `2.8.0`.
    pub number: String,
    line: String,
}

impl Version {
    /// Reads `nix (Nix) 2.8.0`, `nix (Lix, like Nix) 2.93.0`, `nix (Determinate Nix 3.6.2) 2.29.0`:
    /// a name, a maker in parentheses, a number at the end. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("nix"))?;
        let number = line.split_whitespace().next_back()?;
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let maker = line
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'));
        let maker = maker.map_or("", |(maker, _)| maker);
        let flavour = if maker.contains("Lix") {
            Flavour::Lix
        } else if maker.contains("Determinate") {
            Flavour::Determinate
        } else {
            Flavour::Nix
        };
        Some(Version {
            flavour,
            number: number.to_owned(),
            line: line.to_owned(),
        })
    }
}

/// As `nix --version` says it.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_maker() {
        let cases = [
            ("nix (Nix) 2.8.0\n", Flavour::Nix, "2.8.0"),
            (
                "nix (Nix) 2.36.0pre20260801_dirty",
                Flavour::Nix,
                "2.36.0pre20260801_dirty",
            ),
            ("nix (Lix, like Nix) 2.93.0", Flavour::Lix, "2.93.0"),
            (
                "nix (Determinate Nix 3.6.2) 2.29.0",
                Flavour::Determinate,
                "2.29.0",
            ),
            (
                "warning: unknown setting\nnix (Nix) 2.31.2",
                Flavour::Nix,
                "2.31.2",
            ),
        ];
        for (text, flavour, number) in cases {
            let version = Version::parse(text).unwrap();
            assert_eq!(
                (version.flavour, version.number.as_str()),
                (flavour, number)
            );
        }
        for text in ["", "nix", "bash: nix: not found", "nixos 25.11 (Xantusia)"] {
            assert_eq!(Version::parse(text), None);
        }
    }
}
