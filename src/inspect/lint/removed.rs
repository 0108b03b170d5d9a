//! Names that today's nixpkgs, or a flake library, no longer has.
//!
//! Takes one node; gives the warning `inspect/removed-name` with the name that took its place. The project may be pinned to
//! a nixpkgs that still has it: so it is a warning, and Nix has the last word.

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use super::super::project::Warning;
use super::text::{ident, is_key, names_of, path_of};
use super::{Lint, Sheet};

/// A release of nixpkgs, such as 25.05, as its two numbers.
type Release = (u32, u32);

/// A name that is gone, and what took its place.
struct Removed {
    /// Its last names: `stdenv.lib`. `${…}` is a name that is worked out.
    names: &'static [&'static str],
    /// What to write.
    now: &'static str,
    /// The first release of nixpkgs without it; none for what is no part of nixpkgs.
    since: Option<Release>,
}

const fn row(names: &'static [&'static str], now: &'static str, since: Release) -> Removed {
    Removed {
        names,
        now,
        since: Some(since),
    }
}

const ID: &str = "inspect/removed-name";

/// Selections: some name, and the names in front of it.
const SELECTED: &[Removed] = &[
    row(&["stdenv", "lib"], "lib", (21, 11)),
    Removed {
        names: &["crane", "lib", "${…}"],
        now: "(crane.mkLib pkgs)",
        since: None,
    },
];

/// Packages and functions, by themselves (`with pkgs;`, an argument) or selected.
const PACKAGES: &[Removed] = &[
    row(&["buildGoPackage"], "buildGoModule", (25, 5)),
    row(&["nixFlakes"], "nixVersions.stable", (22, 11)),
    row(&["nixUnstable"], "nixVersions.latest", (24, 11)),
    row(&["nodejs-10_x"], "nodejs", (21, 11)),
    row(&["nodejs-12_x"], "nodejs", (22, 11)),
    row(&["nodejs-14_x"], "nodejs", (23, 11)),
    row(&["nodejs-16_x"], "nodejs", (24, 5)),
    row(&["pkgconfig"], "pkg-config", (22, 11)),
    row(&["python37"], "python3", (23, 11)),
    row(&["python38"], "python3", (24, 11)),
    row(&["utillinux"], "util-linux", (24, 11)),
];

/// Attributes of a builder's set.
const ATTRIBUTES: &[Removed] = &[
    row(&["cargoSha256"], "cargoHash", (25, 5)),
    row(&["vendorSha256"], "vendorHash", (24, 11)),
];

/// Looks at one node.
pub(super) fn look(sheet: &Sheet<'_>, node: &SyntaxNode, to: &mut Lint) {
    let found = selected(node)
        .or_else(|| inherited(node))
        .or_else(|| package(sheet, node))
        .or_else(|| attribute(node));
    if let Some((written, now)) = found {
        let what = format!("`{written}` is gone: today's nixpkgs and libraries don't have it");
        let todo =
            format!("write `{now}` in its place, or stay with the nixpkgs it was written for");
        let warning = Warning::new(ID, what, todo);
        to.warnings.push(warning.at(sheet.source(node)));
    }
}

/// Whether a warning is about a name that the nixpkgs of `release` (`20.09`) still has.
pub(super) fn is_there_in(release: &str, warning: &Warning) -> bool {
    let Some(release) = numbers(release) else {
        return false;
    };
    let name = warning
        .what
        .strip_prefix('`')
        .and_then(|it| it.split('`').next());
    let rows = SELECTED.iter().chain(PACKAGES).chain(ATTRIBUTES);
    let since = rows
        .filter(|row| Some(written(row).as_str()) == name)
        .find_map(|row| row.since);
    warning.id == ID && since.is_some_and(|since| release < since)
}

/// The release that a branch or a channel belongs to: `nixos-20.09`, `release-20.09`, `nixpkgs-20.09-darwin`.
pub(in crate::inspect) fn release_of(branch: &str) -> Option<&str> {
    branch.split(['-', '/']).find(|it| numbers(it).is_some())
}

fn numbers(release: &str) -> Option<Release> {
    let (year, month) = release.split_once('.')?;
    let fits = year.len() == 2 && month.len() == 2;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    (fits && month <= 12).then_some((year, month))
}

/// The names of a row as they stand in a file.
fn written(row: &Removed) -> String {
    row.names.join(".").replace("${…}", "${system}")
}

type Found = Option<(String, &'static str)>;

/// `pkgs.stdenv.lib.licenses`: the names stand side by side in a selection.
fn selected(node: &SyntaxNode) -> Found {
    let select = ast::Select::cast(node.clone())?;
    // `pkgs.lib or pkgs.stdenv.lib`: whoever wrote it knows that one of them is gone.
    let parent = node.parent().and_then(ast::Select::cast);
    if select.or_token().is_some() || parent.is_some_and(|it| it.or_token().is_some()) {
        return None;
    }
    let path = path_of(&ast::Expr::Select(select));
    let row = SELECTED
        .iter()
        .find(|row| path.windows(row.names.len()).any(|part| part == row.names))?;
    Some((written(row), row.now))
}

/// `inherit (stdenv) lib;`
fn inherited(node: &SyntaxNode) -> Found {
    let inherit = ast::Inherit::cast(node.clone())?;
    let from = path_of(&inherit.from()?.expr()?);
    let mut names = inherit.attrs().filter_map(|it| match it {
        ast::Attr::Ident(it) => ident(&it),
        _ => None,
    });
    let row = SELECTED.iter().find(|row| match row.names {
        [head, last] => from.last().is_some_and(|it| it == head) && names.any(|it| it == *last),
        _ => false,
    })?;
    Some((written(row), row.now))
}

/// A name of a package, used and not bound in the file.
fn package(sheet: &Sheet<'_>, node: &SyntaxNode) -> Found {
    let name = ident(&ast::Ident::cast(node.clone())?)?;
    let row = PACKAGES.iter().find(|row| row.names == [name.as_str()])?;
    // `pkgconfig` of an argument without default is the package of that name.
    let used = !is_key(node) && !sheet.names.binds(&name);
    used.then_some((name, row.now))
}

/// `cargoSha256 = …;`
fn attribute(node: &SyntaxNode) -> Found {
    let path = ast::AttrpathValue::cast(node.clone())?.attrpath()?;
    let name = names_of(&path).pop()?;
    let row = ATTRIBUTES.iter().find(|row| row.names == [name.as_str()])?;
    Some((name, row.now))
}
