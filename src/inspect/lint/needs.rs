//! What evaluation needs that must be allowed: building on the way, unfree and insecure packages.
//!
//! Takes one node; gives [`Need`]s with the names they are about.

use rnix::SyntaxNode;
use rnix::ast::{self, Expr};
use rowan::ast::AstNode;

use super::super::project::{Need, NeedId};
use super::fetch::{is_built, is_builtin_fetcher, start_of};
use super::text::{called, ident, is_key, last_name, literal, names_of, path_of, plain};
use super::{Lint, Sheet};

/// Functions that build something and import it. A row is one function, by its last name.
const BUILD_AND_IMPORT: &[&str] = &[
    "appliedCargoNix",
    "buildDuneProject",
    "buildOpamProject",
    "buildOpamProject'",
    "cabalProject",
    "cabalProject'",
    "callCabal2nix",
    "callCabal2nixWithOptions",
    "callHackage",
    "callHackageDirect",
    "developPackage",
    "generatedCargoNix",
    "haskellSrc2nix",
    "hackage-package",
    "stackProject",
    "stackProject'",
];

/// Functions with common names, known by a name in front of them.
const OF_A_LIBRARY: &[(&str, &[&str])] = &[
    ("haskell-nix", &["project", "project'"]),
    ("opam-nix", &["queryToScope"]),
    ("reflex-platform", &["project"]),
];

/// Attributes that a flake module makes such a call of.
const MODULES: &[&str] = &["haskellProjects"];

/// Functions that make a derivation: what they make must be built before it can be read.
const DERIVATIONS: &[&str] = &[
    "mkDerivation",
    "runCommand",
    "runCommandCC",
    "runCommandLocal",
    "stdenvNoCC",
    "writeText",
    "applyPatches",
];

/// Functions that read a file while Nix evaluates.
const READERS: &[&str] = &[
    "import",
    "readFile",
    "importJSON",
    "importTOML",
    "callPackage",
];

/// Looks at one node.
pub(super) fn look(sheet: &Sheet<'_>, node: &SyntaxNode, to: &mut Lint) {
    if let Some(name) = by_name(sheet, node).or_else(|| by_reading(sheet, node)) {
        to.needs
            .push(need(NeedId::ImportFromDerivation, vec![name], sheet, node));
    }
    let Some(binding) = ast::AttrpathValue::cast(node.clone()) else {
        return;
    };
    let Some(name) = binding.attrpath().and_then(|it| names_of(&it).pop()) else {
        return;
    };
    let Some(value) = binding.value() else { return };
    match name.as_str() {
        "allowUnfree" if path_of(&value) == ["true"] => {
            to.needs.push(need(NeedId::Unfree, Vec::new(), sheet, node));
        }
        "allowUnfreePredicate" => {
            to.needs
                .push(need(NeedId::Unfree, texts(&value), sheet, node));
        }
        "permittedInsecurePackages" => {
            to.needs
                .push(need(NeedId::Insecure, texts(&value), sheet, node));
        }
        name if MODULES.contains(&name) => {
            to.needs.push(need(
                NeedId::ImportFromDerivation,
                vec![name.to_owned()],
                sheet,
                node,
            ));
        }
        _ => {}
    }
}

/// A function that is known to build and import.
fn by_name(sheet: &Sheet<'_>, node: &SyntaxNode) -> Option<String> {
    let name = if let Some(it) = ast::Ident::cast(node.clone()) {
        ident(&it)?
    } else {
        // `buildOpamProject'` and the like come through `inherit` too: the use alone is told of.
        let select = ast::Select::cast(node.clone())?;
        let path = path_of(&Expr::Select(select));
        let last = path.last()?;
        let known = OF_A_LIBRARY.iter().any(|(library, names)| {
            path.iter().any(|it| it == library) && names.contains(&last.as_str())
        });
        return known.then(|| {
            path.get(path.len().saturating_sub(2)..)
                .unwrap_or_default()
                .join(".")
        });
    };
    let used = !is_key(node)
        && !sheet.names.binds(&name)
        && !node
            .parent()
            .is_some_and(|it| ast::Inherit::can_cast(it.kind()));
    (used && BUILD_AND_IMPORT.contains(&name.as_str())).then_some(name)
}

/// `import (runCommand …)`, `readFile "${drv}/x"`.
fn by_reading(sheet: &Sheet<'_>, node: &SyntaxNode) -> Option<String> {
    let call = ast::Apply::cast(node.clone())?;
    let reader = last_name(&call.lambda()?)?;
    if !READERS.contains(&reader.as_str()) {
        return None;
    }
    let function = match start_of(&call.argument()?)? {
        Expr::Apply(it) if is_built(&it) => called(&it)?,
        Expr::Apply(it) => called(&it)?,
        Expr::Ident(it) => sheet.names.call(&ident(&it)?)?.to_owned(),
        _ => return None,
    };
    let built = DERIVATIONS.contains(&function.as_str())
        || (!is_builtin_fetcher(&function)
            && function.starts_with("fetch")
            && reader != "callPackage");
    built.then(|| format!("{reader} ({function} …)"))
}

/// The texts of the first list in a value.
fn texts(value: &Expr) -> Vec<String> {
    let lists = value.syntax().descendants().find_map(ast::List::cast);
    let items = lists.into_iter().flat_map(|it| it.items());
    items.filter_map(|it| literal(&plain(&it)?)).collect()
}

fn need(id: NeedId, names: Vec<String>, sheet: &Sheet<'_>, node: &SyntaxNode) -> Need {
    Need {
        id,
        what: what(id, &names),
        todo: todo(id).to_owned(),
        names,
        source: Some(sheet.source(node)),
    }
}

/// What a need is, with the names it is about.
pub(super) fn what(id: NeedId, names: &[String]) -> String {
    let what = match id {
        NeedId::ImportFromDerivation => {
            "Nix must build while it evaluates (import from derivation)"
        }
        NeedId::Unfree => "packages with an unfree licence are allowed",
        _ => "packages that nixpkgs calls insecure are allowed",
    };
    if names.is_empty() {
        return what.to_owned();
    }
    format!("{what}: {}", names.join(", "))
}

fn todo(id: NeedId) -> &'static str {
    match id {
        NeedId::ImportFromDerivation => {
            "leave `allow-import-from-derivation` on where the app is built; a look without Nix can't show all of it"
        }
        NeedId::Unfree => "see that their licences let you run them on Heroku",
        _ => {
            "see whether newer versions do, and why these are called insecure: `meta.knownVulnerabilities`"
        }
    }
}
