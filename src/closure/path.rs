//! The name of a store path.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where Nix keeps its paths, in an image as on a machine.
const STORE: &str = "/nix/store/";

/// Letters of the hash in front of a name.
const HASH: usize = 32;

/// Nix's own alphabet of 32: no `e`, `o`, `t`, `u`.
const NIX32: &str = "0123456789abcdfghijklmnpqrsvwxyz";

/// The longest name that Nix takes.
const LONGEST_NAME: usize = 211;

/// Outputs that packages of nixpkgs have beside `out`: their names end so, after the version.
const OUTPUTS: &[&str] = &[
    "bin", "data", "debug", "dev", "devdoc", "dist", "doc", "env", "getent", "info", "lib",
    "libgcc", "man", "modules", "out", "py", "static", "terminfo", "tools", "xgcc",
];

/// A path in the Nix store: `/nix/store/HASH-NAME`. Ordered by its hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StorePath(String);

impl StorePath {
    /// Reads the whole path, and nothing below it.
    pub fn parse(path: &str) -> Option<Self> {
        Self::from_base(path.strip_prefix(STORE)?)
    }

    /// The store path that `path` is, or is below.
    pub fn around(path: &str) -> Option<Self> {
        let rest = path.strip_prefix(STORE)?;
        Self::from_base(rest.split('/').next()?)
    }

    /// Reads `HASH-NAME`, as the store's folder lists it.
    pub fn from_base(base: &str) -> Option<Self> {
        let (hash, name) = (base.get(..HASH)?, base.get(HASH..)?.strip_prefix('-')?);
        let fits = hash.chars().all(|c| NIX32.contains(c))
            && (1..=LONGEST_NAME).contains(&name.len())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-._?=".contains(c));
        fits.then(|| StorePath(base.to_owned()))
    }

    /// `HASH-NAME`.
    pub fn base(&self) -> &str {
        &self.0
    }

    /// The hash: 32 letters and digits.
    pub fn hash(&self) -> &str {
        self.0.get(..HASH).unwrap_or_default()
    }

    /// The name, with the version and the output if it has them: `openssl-3.0.14-dev`.
    pub fn name(&self) -> &str {
        self.0.get(HASH + 1..).unwrap_or_default()
    }

    /// The name without version and output: `openssl`. Nix's own rule: a version begins with what is no letter.
    pub fn package(&self) -> &str {
        let name = self.name();
        let end = version_at(name).map_or(name.len(), |at| at - 1);
        name.get(..end).unwrap_or_default()
    }

    /// The version, without the output: `3.0.14`. Empty where there is none.
    pub fn version(&self) -> &str {
        let name = self.name();
        let version = version_at(name).and_then(|at| name.get(at..));
        let version = version.unwrap_or_default();
        match (version.rsplit_once('-'), self.output()) {
            (Some((version, _)), Some(_)) => version,
            _ => version,
        }
    }

    /// The output, where the name ends in one of those that nixpkgs uses: `dev`.
    pub fn output(&self) -> Option<&str> {
        let (before, last) = self.name().rsplit_once('-')?;
        (!before.is_empty() && OUTPUTS.contains(&last)).then_some(last)
    }
}

/// Where the version begins in a name.
fn version_at(name: &str) -> Option<usize> {
    let dashes = name.match_indices('-').map(|(at, _)| at + 1);
    let mut starts = dashes.filter(|at| {
        let next = name.get(*at..).and_then(|rest| rest.chars().next());
        next.is_some_and(|c| !c.is_ascii_alphabetic())
    });
    starts.find(|at| *at > 1)
}

/// The whole path.
impl fmt::Display for StorePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{STORE}{}", self.0)
    }
}

impl Serialize for StorePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StorePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refuse =
            || serde::de::Error::custom(format!("`{}` is no store path", text.escape_debug()));
        StorePath::parse(&text).ok_or_else(refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(name: &str) -> StorePath {
        StorePath::from_base(&format!("{}-{name}", "0".repeat(32))).unwrap()
    }

    #[test]
    fn names_are_parted_as_nix_does() {
        let cases = [
            ("openssl-3.0.14-dev", "openssl", "3.0.14", Some("dev")),
            ("glibc-2.40-66", "glibc", "2.40-66", None),
            ("gcc-13.3.0-lib", "gcc", "13.3.0", Some("lib")),
            ("python3.12-flask-3.0.3", "python3.12-flask", "3.0.3", None),
            ("source", "source", "", None),
            ("web", "web", "", None),
            ("my-app-bin", "my-app-bin", "", Some("bin")),
            ("-1", "-1", "", None),
            ("bash-", "bash-", "", None),
            ("font-7x13--9", "font", "7x13--9", None),
        ];
        for (name, package, version, output) in cases {
            let path = named(name);
            assert_eq!(
                (path.package(), path.version(), path.output()),
                (package, version, output),
                "{name}"
            );
        }
    }

    #[test]
    fn only_store_paths_are_read() {
        let good = "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-hello-2.12";
        let path = StorePath::parse(good).unwrap();
        assert_eq!(path.to_string(), good);
        assert_eq!(path.name(), "hello-2.12");
        assert_eq!(StorePath::around(&format!("{good}/bin/hello")), Some(path));
        for wrong in [
            "",
            "/nix/store/",
            "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn",
            "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-",
            "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-a/b",
            "/nix/store/e0hzsvz0ij0i41idxb46lzzczr4fmzsn-a",
            "/gnu/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-a",
            "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-a b",
            "/nix/store/éééééééééééééééé-a",
        ] {
            assert_eq!(StorePath::parse(wrong), None, "{wrong}");
        }
        let long = format!("{good}{}", "x".repeat(211));
        assert_eq!(StorePath::parse(&long), None);
    }

    proptest! {
        #[test]
        fn any_text_is_parted_without_a_panic(text in "\\PC*|[0-9a-z]{32}-[a-z0-9.+-]{0,20}") {
            if let Some(path) = StorePath::from_base(&text) {
                prop_assert!(path.name().starts_with(path.package()));
                prop_assert!(path.name().contains(path.version()));
                prop_assert_eq!(StorePath::parse(&path.to_string()), Some(path));
            }
        }
    }
}
