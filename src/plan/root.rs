//! What an image has beside the app.
//!
//! Takes what was asked for; gives a [`Root`]. Nothing but the app and a shell to start it, unless asked for: each
//! further package is bytes to push and to load, and something to keep safe.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::names::AttrPath;

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
}

impl RootKind {
    /// Every kind, the smallest first.
    pub const ALL: [RootKind; 3] = [RootKind::Scratch, RootKind::Shell, RootKind::Exec];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            RootKind::Scratch => "scratch",
            RootKind::Shell => "shell",
            RootKind::Exec => "exec",
        }
    }

    /// Attributes of nixpkgs, in the order in which their programs win.
    fn packages(self) -> &'static [&'static str] {
        match self {
            RootKind::Scratch => &[],
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

impl FromStr for RootKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = RootKind::ALL.into_iter().find(|it| it.name() == text);
        known.ok_or_else(|| {
            let names = RootKind::ALL.map(|it| format!("`{it}`"));
            Error::usage(
                "plan/root",
                format!("`{}` is no kind of root", text.escape_debug()),
                format!("use one of {}", names.join(", ")),
            )
        })
    }
}

/// What an image has beside the app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// How much of a system it is.
    pub kind: RootKind,
    /// Packages of nixpkgs whose programs are in `/bin`, those of the kind first.
    pub packages: Vec<AttrPath>,
}

impl Root {
    /// Whether `/bin/sh` is bash, whatever the app has.
    pub fn has_shell(&self) -> bool {
        self.kind != RootKind::Scratch
    }
}

/// Decides.
///
/// Errors: `plan/no-packages` where there is no nixpkgs to take packages from.
pub(super) fn root(
    wishes: &Wishes,
    from: FallbackShell,
    choices: &mut Vec<Choice>,
) -> Result<Root> {
    let kind = wishes
        .root
        .as_ref()
        .map_or(RootKind::Scratch, |wish| wish.value);
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
        value: kind.to_string(),
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
    Ok(Root { kind, packages })
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

    fn plan(kind: Option<RootKind>, with: &[&str], from: FallbackShell) -> Result<(Root, String)> {
        let wishes = Wishes {
            root: kind.map(|value| Wish {
                value,
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
        let (root, shown) = plan(Some(RootKind::Shell), &["tzdata", "coreutils"], base).unwrap();
        let names: Vec<_> = root.packages.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["bashInteractive", "coreutils", "tzdata"]);
        assert_eq!(shown, "root shell; with tzdata, coreutils");
    }

    #[test]
    fn packages_need_a_nixpkgs() {
        assert!(plan(None, &[], FallbackShell::Nowhere).is_ok());
        let error = plan(Some(RootKind::Shell), &[], FallbackShell::Nowhere).unwrap_err();
        insta::assert_snapshot!(error);
        insta::assert_snapshot!("root/shell".parse::<RootKind>().unwrap_err());
    }
}
