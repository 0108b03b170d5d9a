//! Rules that are known by a name: what most images can do without.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

use super::Rule;

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Set(&'static Row);

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: &'static str,
    /// Patterns of what stays out; no set keeps anything.
    patterns: &'static [&'static str],
}

/// Every set.
static SETS: [Row; 7] = [
    // Reference that people read, and never the program.
    Row {
        name: "@doc",
        patterns: &[
            "share/doc/",
            "share/gtk-doc/",
            "share/devhelp/",
            "share/ri/",
        ],
    },
    Row {
        name: "@man",
        patterns: &["share/man/", "share/info/"],
    },
    // What only compilers and linkers read. A folder `include` elsewhere may be an app's own.
    Row {
        name: "@headers",
        patterns: &[
            "/nix/store/*/include/",
            "lib/pkgconfig/",
            "share/pkgconfig/",
            "lib/cmake/",
            "share/aclocal/",
        ],
    },
    Row {
        name: "@static",
        patterns: &["*.a", "*.la"],
    },
    Row {
        name: "@debug",
        patterns: &["lib/debug/", "*.debug"],
    },
    // Messages in other languages than English; what lib/locale has is another thing, and is needed.
    Row {
        name: "@locale",
        patterns: &["share/locale/", "share/i18n/"],
    },
    // Python's own tests, not those of packages, which are sometimes imported.
    Row {
        name: "@tests",
        patterns: &["/nix/store/*/lib/python*/test/"],
    },
];

impl Set {
    /// Its rules.
    pub fn rules(self) -> Vec<Rule> {
        let rules = self.patterns().iter().map(|pattern| pattern.parse().ok());
        rules.flatten().collect()
    }

    /// Its patterns.
    pub(super) fn patterns(self) -> &'static [&'static str] {
        self.0.patterns
    }

    /// Every name, in the order shown.
    pub fn names() -> Vec<&'static str> {
        SETS.iter().map(|row| row.name).collect()
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl FromStr for Set {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = SETS.iter().find(|row| row.name == text);
        known.map(Set).ok_or_else(|| {
            let shown: String = text.chars().take(80).collect();
            Error::user(
                "prune/set",
                format!("`{}` is no set of rules", shown.escape_debug()),
                format!("use one of {}", Set::names().join(", ")),
            )
            .or(format!(
                "for a file of that name: `- {}`",
                shown.escape_debug()
            ))
        })
    }
}
