//! What evaluation needs that must be allowed: building on the way, unfree and insecure packages.
//!
//! Takes one node; gives needs with the names they are about.

use rnix::SyntaxNode;
use rnix::ast::{self, Expr};
use rowan::ast::AstNode;

use super::super::needs::need;
use super::super::project::NeedId;
use super::fetch::{is_built, start_of};
use super::text::{bound_to, called, ident, is_key, last_name, literal, names_of, path_of, plain};
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
    let mut told = |id, name: &str| to.needs.push(need(id, name, sheet.source(node)));
    if let Some(name) = by_name(sheet, node).or_else(|| by_reading(sheet, node)) {
        told(NeedId::ImportFromDerivation, &name);
    }
    let Some(binding) = ast::AttrpathValue::cast(node.clone()) else {
        return;
    };
    let (Some(path), Some(value)) = (binding.attrpath(), binding.value()) else {
        return;
    };
    let names = names_of(&path);
    let Some(name) = names.last() else { return };
    let is_true = || path_of(&value) == ["true"];
    match name.as_str() {
        "allowUnfree" if is_true() => told(NeedId::Unfree, ""),
        "allowUnfreePredicate" => {
            told(NeedId::Unfree, "");
            for name in texts(&value) {
                told(NeedId::Unfree, &name);
            }
        }
        "permittedInsecurePackages" => {
            for name in texts(&value) {
                told(NeedId::Insecure, &name);
            }
        }
        "submodules" if is_of_self(&names, node) && is_true() => told(NeedId::Submodules, ""),
        "lfs" if is_of_self(&names, node) && is_true() => told(NeedId::Lfs, ""),
        name if MODULES.contains(&name) => told(NeedId::ImportFromDerivation, name),
        _ => {}
    }
}

/// `inputs.self.submodules = true;`, or the same in sets.
fn is_of_self(names: &[String], node: &SyntaxNode) -> bool {
    match names {
        [.., owner, _] => owner == "self",
        _ => node
            .parent()
            .and_then(|set| bound_to(&set))
            .is_some_and(|name| name == "self"),
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
        Expr::Apply(it) => called(&it)?,
        Expr::Ident(it) => sheet.names.call(&ident(&it)?)?.to_owned(),
        _ => return None,
    };
    let built = DERIVATIONS.contains(&function.as_str()) || is_built(&function);
    built.then(|| format!("{reader} ({function} …)"))
}

/// The texts of the first list in a value.
fn texts(value: &Expr) -> Vec<String> {
    let lists = value.syntax().descendants().find_map(ast::List::cast);
    let items = lists.into_iter().flat_map(|it| it.items());
    items.filter_map(|it| literal(&plain(&it)?)).collect()
}
