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

/// A name that is gone, and what took its place.
struct Removed {
    /// Its last names: `stdenv.lib`. `${…}` is a name that is worked out.
    names: &'static [&'static str],
    /// What to write.
    now: &'static str,
}

const fn row(names: &'static [&'static str], now: &'static str) -> Removed {
    Removed { names, now }
}

/// Selections: some name, and the names in front of it.
const SELECTED: &[Removed] = &[
    row(&["stdenv", "lib"], "lib"),
    row(&["crane", "lib", "${…}"], "(crane.mkLib pkgs)"),
];

/// Packages and functions, by themselves (`with pkgs;`, an argument) or selected.
const PACKAGES: &[Removed] = &[
    row(&["buildGoPackage"], "buildGoModule"),
    row(&["nixFlakes"], "nixVersions.stable"),
    row(&["nixUnstable"], "nixVersions.latest"),
    row(&["nodejs-10_x"], "nodejs"),
    row(&["nodejs-12_x"], "nodejs"),
    row(&["nodejs-14_x"], "nodejs"),
    row(&["nodejs-16_x"], "nodejs"),
    row(&["pkgconfig"], "pkg-config"),
    row(&["python37"], "python3"),
    row(&["python38"], "python3"),
    row(&["utillinux"], "util-linux"),
];

/// Attributes of a builder's set.
const ATTRIBUTES: &[Removed] = &[
    row(&["cargoSha256"], "cargoHash"),
    row(&["vendorSha256"], "vendorHash"),
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
        let warning = Warning::new("inspect/removed-name", what, todo);
        to.warnings.push(warning.at(sheet.source(node)));
    }
}

type Found = Option<(String, &'static str)>;

/// `pkgs.stdenv.lib.licenses`: the names stand side by side in a selection.
fn selected(node: &SyntaxNode) -> Found {
    let select = ast::Select::cast(node.clone())?;
    let path = path_of(&ast::Expr::Select(select));
    let row = SELECTED
        .iter()
        .find(|row| path.windows(row.names.len()).any(|part| part == row.names))?;
    Some((row.names.join(".").replace("${…}", "${system}"), row.now))
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
    Some((row.names.join("."), row.now))
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
