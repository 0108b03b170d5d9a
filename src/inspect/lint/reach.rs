//! Whether a package needs a path that its file names: followed from the path outwards, through names of `let`.
//!
//! Takes a file's tree and a path that it names; says yes where nothing stands between the path and the file's
//! value but sets, calls and names: whoever evaluates the package opens the path. Anything that may leave it
//! out (`if`, `||`, `or`, `optional`, another package) makes it a no: this room is sure, or says nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rnix::SyntaxNode;
use rnix::ast::{self, Attr, Expr};
use rowan::ast::AstNode;

use super::paths::{is_taken, takes};
use super::text::{called, ident, is_short, names_of};

/// Nodes of a file that are looked at.
const MOST_NODES: usize = 200_000;
/// Nodes around one that are asked what they are.
const MOST_AROUND: usize = 120;
/// Places from which a way outwards is looked for.
const MOST_STARTS: usize = 2_000;
/// Keys of what no build of a package looks at.
const UNBUILT: &[&str] = &[
    "apps",
    "formatter",
    "homeManagerModules",
    "hydraJobs",
    "lib",
    "meta",
    "overlay",
    "overlays",
    "passthru",
    "templates",
    "tests",
];
/// Functions that may leave out what they are given.
const MAY_LEAVE_OUT: &[&str] = &[
    "filter",
    "filterAttrs",
    "mkIf",
    "mkOptionDefault",
    "optional",
    "optionalAttrs",
    "optionalString",
    "optionals",
    "tryEval",
];

/// Names of outputs, by which one that is not deployed is told.
pub(in crate::inspect) struct Outputs<'a> {
    /// What the deployed one is called, in its attribute path.
    pub(in crate::inspect) chosen: Option<&'a str>,
    /// What the others are called.
    pub(in crate::inspect) others: BTreeSet<&'a str>,
}

/// Where the way outwards ends.
enum End {
    /// At the file's own value, below these keys.
    Value(BTreeSet<String>),
    /// At names of a `let`, or an argument of the file with a default.
    Names(Vec<String>),
    /// At something that may leave it out.
    Perhaps,
}

/// One step outwards.
enum Step {
    On,
    Keys(Vec<String>),
    End(End),
}

/// Whether the file's value, or the output that is deployed of it, needs the path.
pub(in crate::inspect) fn reaches(
    file: &Path,
    tree: &Expr,
    path: &Path,
    outputs: &Outputs<'_>,
) -> bool {
    let nodes = || tree.syntax().descendants().take(MOST_NODES);
    let mut starts: Vec<SyntaxNode> = nodes()
        .filter(|it| takes(file, it, path))
        .take(MOST_STARTS)
        .collect();
    let mut uses: Option<BTreeMap<String, Vec<SyntaxNode>>> = None;
    let mut left = MOST_STARTS;
    while let Some(start) = starts.pop() {
        match outwards(&start, tree.syntax()) {
            End::Value(keys) if outputs.count(&keys) => return true,
            End::Value(_) | End::Perhaps => {}
            End::Names(names) => {
                let uses = uses.get_or_insert_with(|| used(nodes()));
                // Taken out: each name is followed once.
                let found = names.iter().filter_map(|it| uses.remove(it)).flatten();
                let found: Vec<SyntaxNode> = found.take(left).collect();
                left -= found.len();
                starts.extend(found.into_iter().filter(is_taken));
            }
        }
    }
    false
}

impl Outputs<'_> {
    /// Whether what stands below these keys is part of what is deployed.
    fn count(&self, keys: &BTreeSet<String>) -> bool {
        if keys.iter().any(|key| UNBUILT.contains(&key.as_str())) {
            return false;
        }
        let chosen = self.chosen.is_some_and(|name| keys.contains(name));
        chosen || !keys.iter().any(|key| self.others.contains(key.as_str()))
    }
}

/// Each name with the places that use it.
fn used(nodes: impl Iterator<Item = SyntaxNode>) -> BTreeMap<String, Vec<SyntaxNode>> {
    let mut uses: BTreeMap<String, Vec<SyntaxNode>> = BTreeMap::new();
    for it in nodes.filter_map(ast::Ident::cast) {
        if let Some(name) = ident(&it).filter(|_| is_use(it.syntax())) {
            uses.entry(name).or_default().push(it.syntax().clone());
        }
    }
    uses
}

/// Whether an identifier is a use of a name: no key, no argument, nothing that comes from another set.
fn is_use(node: &SyntaxNode) -> bool {
    let Some(around) = node.parent() else {
        return false;
    };
    if let Some(it) = ast::Inherit::cast(around.clone()) {
        return it.from().is_none();
    }
    if let Some(it) = ast::PatEntry::cast(around.clone()) {
        return it.ident().is_none_or(|it| it.syntax() != node);
    }
    let kind = around.kind();
    !ast::Attrpath::can_cast(kind)
        && !ast::IdentParam::can_cast(kind)
        && !ast::PatBind::can_cast(kind)
}

/// Follows what stands around a node.
fn outwards(start: &SyntaxNode, root: &SyntaxNode) -> End {
    let mut keys = BTreeSet::new();
    let mut inner = start.clone();
    if inner == *root {
        return End::Value(keys);
    }
    for around in start.ancestors().skip(1).take(MOST_AROUND) {
        match step(&inner, &around, root) {
            Step::On => {}
            Step::Keys(names) => keys.extend(names),
            Step::End(end) => return end,
        }
        if around == *root {
            return End::Value(keys);
        }
        inner = around;
    }
    End::Perhaps
}

fn step(inner: &SyntaxNode, around: &SyntaxNode, root: &SyntaxNode) -> Step {
    let is = |it: Option<Expr>| it.is_some_and(|it| it.syntax() == inner);
    let perhaps = |is: bool| {
        if is {
            Step::End(End::Perhaps)
        } else {
            Step::On
        }
    };
    if let Some(it) = ast::IfElse::cast(around.clone()) {
        perhaps(!is(it.condition()))
    } else if let Some(it) = ast::BinOp::cast(around.clone()) {
        perhaps(is(it.rhs()) && is_lazy(&it))
    } else if let Some(it) = ast::Select::cast(around.clone()) {
        perhaps(is(it.default_expr()))
    } else if let Some(it) = ast::Apply::cast(around.clone()) {
        let may = |name: String| MAY_LEAVE_OUT.contains(&name.as_str());
        perhaps(is(it.argument()) && called(&it).is_some_and(may))
    } else if let Some(it) = ast::PatEntry::cast(around.clone()) {
        Step::End(default(&it, root))
    } else if let Some(it) = ast::Inherit::cast(around.clone()) {
        bound(around, inherited(&it))
    } else if let Some(it) = ast::AttrpathValue::cast(around.clone()) {
        match it.attrpath().filter(is_short) {
            Some(path) => bound(around, names_of(&path)),
            None => Step::End(End::Perhaps),
        }
    } else {
        Step::On
    }
}

/// Whether the right side may never be looked at.
fn is_lazy(it: &ast::BinOp) -> bool {
    matches!(
        it.operator(),
        Some(ast::BinOpKind::And | ast::BinOpKind::Or | ast::BinOpKind::Implication)
    )
}

/// A name of a `let`, or a key of a set.
fn bound(binding: &SyntaxNode, names: Vec<String>) -> Step {
    let is_let = binding
        .parent()
        .is_some_and(|it| ast::LetIn::can_cast(it.kind()));
    if is_let {
        Step::End(End::Names(names))
    } else {
        Step::Keys(names)
    }
}

fn inherited(it: &ast::Inherit) -> Vec<String> {
    let names = it.attrs().filter_map(|it| match it {
        Attr::Ident(it) => ident(&it),
        _ => None,
    });
    names.collect()
}

/// The default of an argument counts where the file itself is the function: Nix calls it without arguments.
fn default(it: &ast::PatEntry, root: &SyntaxNode) -> End {
    let function = it.syntax().ancestors().find_map(ast::Lambda::cast);
    let own = function.is_some_and(|it| it.syntax() == root);
    match it.ident().and_then(|it| ident(&it)).filter(|_| own) {
        Some(name) => End::Names(vec![name]),
        None => End::Perhaps,
    }
}
