//! Files and folders of the project that a Nix file names: `./nix/local.nix`, `../web`.
//!
//! Takes one node; notes the path, relative to the project, and its line. Leaves out what the file can do
//! without (`pathExists`), what is kept out of the sources, and what belongs to no package. Never looks whether
//! it is there: this room reads texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use rnix::SyntaxNode;
use rnix::ast::{self, AstToken, Expr, InterpolPart};
use rowan::ast::AstNode;

use super::super::project::Source;
use super::text::{bound_to, ident, is_short, last_name, names_of, plain};
use super::{Sheet, git};

/// Paths that are looked at; a project names a few dozen.
const MOST_PATHS: usize = 500;
/// A path is shorter.
const LONGEST: usize = 500;
/// How many nodes around a path are asked what it is for.
const MOST_AROUND: usize = 120;
/// Functions of a path that may be missing.
const OPTIONAL: &[&str] = &["maybeMissing", "pathExists"];
/// What is bound under these names is kept out of the sources, or for no package.
const ASIDE: &[&str] = &[
    "exclude",
    "excludes",
    "filter",
    "homeModules",
    "nixosModule",
    "nixosModules",
];

/// Functions that take a path as a name: nothing is read.
const BY_NAME: &[&str] = &["baseNameOf", "elem", "hasPrefix", "hasSuffix", "toString"];

/// A path that files name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct NamedPath {
    /// The first place.
    pub(in crate::inspect) first: Source,
    /// All files that name it.
    pub(in crate::inspect) files: BTreeSet<PathBuf>,
}

/// The paths that were named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Paths {
    named: Vec<Named>,
    looked_at: usize,
    /// Paths of which a file asks whether they are there, and names of such.
    optional: BTreeSet<(PathBuf, PathBuf)>,
    optional_names: BTreeSet<(PathBuf, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    path: PathBuf,
    /// The file that names it.
    file: PathBuf,
    source: Source,
    /// The name that the path is bound to.
    bound: Option<String>,
}

impl Paths {
    /// All that the files can't do without.
    pub(super) fn needed(self) -> BTreeMap<PathBuf, NamedPath> {
        let mut needed = BTreeMap::new();
        for it in self.named {
            let name = it.bound.map(|name| (it.file.clone(), name));
            let asked = name.is_some_and(|name| self.optional_names.contains(&name));
            if asked || self.optional.contains(&(it.file.clone(), it.path.clone())) {
                continue;
            }
            let found: &mut NamedPath = needed.entry(it.path).or_insert_with(|| NamedPath {
                first: it.source.clone(),
                files: BTreeSet::new(),
            });
            found.files.insert(it.file);
            if it.source < found.first {
                found.first = it.source;
            }
        }
        needed
    }
}

/// Looks at one node.
pub(super) fn look(sheet: &Sheet<'_>, node: &SyntaxNode, to: &mut Paths) {
    if let Some(call) = ast::Apply::cast(node.clone()) {
        let name = asked(&call);
        to.optional_names
            .extend(name.map(|name| (sheet.path.to_owned(), name)));
        return;
    }
    let Some(path) = ast::PathRel::cast(node.clone()).and_then(|it| written(sheet.path, &it))
    else {
        return;
    };
    to.looked_at += 1;
    if to.looked_at > MOST_PATHS {
        return;
    }
    if is_asked(node) {
        to.optional.insert((sheet.path.to_owned(), path));
    } else if is_taken(node) {
        to.named.push(Named {
            path,
            file: sheet.path.to_owned(),
            source: sheet.source(node),
            bound: bound_to(node),
        });
    }
}

/// Whether what is named is read, and for the package.
pub(super) fn is_taken(node: &SyntaxNode) -> bool {
    !is_aside(node) && !is_compared(node) && !git::is_guarded(node)
}

/// Whether a node of a file names this path, and it is read.
pub(super) fn takes(file: &Path, node: &SyntaxNode, path: &Path) -> bool {
    let named = ast::PathRel::cast(node.clone()).and_then(|it| written(file, &it));
    named.is_some_and(|it| it == path) && !is_asked(node) && is_taken(node)
}

/// The path relative to the project, when nothing in it is worked out and it stays there.
fn written(file: &Path, it: &ast::PathRel) -> Option<PathBuf> {
    if usize::from(it.syntax().text_range().len()) > LONGEST {
        return None;
    }
    let mut path = file.parent()?.to_owned();
    for part in it.parts() {
        let InterpolPart::Literal(part) = part else {
            return None;
        };
        for component in Path::new(part.syntax().text()).components() {
            match component {
                Component::Normal(name) => path.push(name),
                Component::ParentDir if path.pop() => {}
                Component::CurDir => {}
                _ => return None,
            }
        }
    }
    Some(path)
}

/// The name whose path a call asks about: `pathExists local`.
fn asked(call: &ast::Apply) -> Option<String> {
    let function = last_name(&call.lambda()?)?;
    match plain(&call.argument()?)? {
        Expr::Ident(it) if OPTIONAL.contains(&function.as_str()) => ident(&it),
        _ => None,
    }
}

/// Whether it is the argument of a function that takes what may be missing.
fn is_asked(path: &SyntaxNode) -> bool {
    let around = path
        .ancestors()
        .skip(1)
        .find(|it| !ast::Paren::can_cast(it.kind()));
    let call = around.and_then(ast::Apply::cast);
    let function = call.and_then(|it| last_name(&it.lambda()?));
    function.is_some_and(|name| OPTIONAL.contains(&name.as_str()))
}

/// Whether a path is only a name there, as a filter of sources compares it: `toString ./target`.
pub(super) fn is_compared(path: &SyntaxNode) -> bool {
    let mut inner = path.clone();
    for node in path.ancestors().skip(1).take(MOST_AROUND) {
        if let Some(it) = ast::BinOp::cast(node.clone()) {
            let compares = matches!(
                it.operator(),
                Some(ast::BinOpKind::Equal | ast::BinOpKind::NotEqual)
            );
            if compares {
                return true;
            }
        } else if let Some(call) = ast::Apply::cast(node.clone()) {
            let argument = call.argument().is_some_and(|it| *it.syntax() == inner);
            let first = call.lambda().and_then(|it| last_name(&it));
            let mapped = call.lambda().and_then(|it| match plain(&it)? {
                Expr::Apply(first) => last_name(&first.argument()?),
                _ => None,
            });
            let by_name = |name: &String| BY_NAME.contains(&name.as_str());
            // The other argument of `filterSource` is what is taken.
            let filter = first.as_ref().is_some_and(|name| name == "filterSource");
            if argument && (filter || first.iter().chain(&mapped).any(by_name)) {
                return true;
            }
        } else if ast::AttrpathValue::can_cast(node.kind()) {
            return false;
        }
        inner = node;
    }
    false
}

/// Whether it is kept out of the sources, or belongs to no package.
fn is_aside(path: &SyntaxNode) -> bool {
    let mut inner = path.clone();
    for node in path.ancestors().skip(1).take(MOST_AROUND) {
        if let Some(binding) = ast::AttrpathValue::cast(node.clone()) {
            let names = binding
                .attrpath()
                .filter(is_short)
                .map(|it| names_of(&it))
                .unwrap_or_default();
            if names.iter().any(|name| ASIDE.contains(&name.as_str())) {
                return true;
            }
        } else if let Some(call) = ast::Apply::cast(node.clone()) {
            // `fileset.difference ./. ./local.nix`
            let argument = call.argument().is_some_and(|it| *it.syntax() == inner);
            let second = call.lambda().and_then(|it| match plain(&it)? {
                Expr::Apply(first) => last_name(&first.lambda()?),
                _ => None,
            });
            if argument && second.is_some_and(|name| name == "difference") {
                return true;
            }
        }
        inner = node;
    }
    false
}
