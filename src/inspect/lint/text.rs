//! Small questions to a syntax tree: what is this called, what text is this.
//!
//! Takes nodes; gives names and texts. Never a value: a text with something worked out in it is known
//! only where that is a name bound to one text in the same file.

use std::collections::{BTreeMap, BTreeSet};

use rnix::ast::{self, Attr, Expr, HasEntry, InterpolPart, LiteralKind};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

/// Brackets around brackets that are taken off.
const MOST_PARENS: usize = 16;
/// Texts longer than this are scripts, not addresses.
const LONGEST_TEXT: usize = 4_096;

/// What the names of a file are bound to, where that is one thing in the whole file.
pub(super) struct Names {
    /// By `let` and `rec`, whose names can be used.
    bound: BTreeMap<String, Option<Bound>>,
    /// By any set at all.
    keys: BTreeSet<String>,
}

/// What a name is bound to.
#[derive(Clone, PartialEq, Eq)]
enum Bound {
    Text(String),
    /// A call of the function of this name.
    Call(String),
}

impl Names {
    pub(super) fn of(nodes: impl Iterator<Item = SyntaxNode>) -> Self {
        let mut bound: BTreeMap<String, Option<Bound>> = BTreeMap::new();
        let mut keys = BTreeSet::new();
        for binding in nodes.filter_map(ast::AttrpathValue::cast) {
            let path = binding.attrpath().map(|path| names_of(&path));
            let Some([name]) = path.as_deref() else {
                continue;
            };
            keys.insert(name.clone());
            if !is_in_scope(&binding) {
                continue;
            }
            let value = binding.value().and_then(|value| match plain(&value)? {
                Expr::Apply(it) => Some(Bound::Call(called(&it)?)),
                value => Some(Bound::Text(literal(&value)?)),
            });
            bound
                .entry(name.clone())
                .and_modify(|known| {
                    if *known != value {
                        *known = None;
                    }
                })
                .or_insert(value);
        }
        Names { bound, keys }
    }

    /// The function whose call a name is bound to.
    pub(super) fn call(&self, name: &str) -> Option<&str> {
        match self.bound.get(name)?.as_ref()? {
            Bound::Call(function) => Some(function),
            Bound::Text(_) => None,
        }
    }

    /// Whether the file binds the name anywhere.
    pub(super) fn binds(&self, name: &str) -> bool {
        self.keys.contains(name)
    }

    /// The text that a name is bound to.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.bound.get(name)?.as_ref()? {
            Bound::Text(text) => Some(text),
            Bound::Call(_) => None,
        }
    }

    /// The text of an expression: written out, or through names that are bound to one text. What can't
    /// be known in between is left out, and the second value is false.
    pub(super) fn read(&self, expr: &Expr) -> Option<(String, bool)> {
        match plain(expr)? {
            Expr::Str(it) => {
                let mut text = String::new();
                let mut whole = true;
                for part in it.normalized_parts() {
                    match part {
                        InterpolPart::Literal(part) => text.push_str(&part),
                        InterpolPart::Interpolation(it) => {
                            match it.expr().map(|it| self.known(&it)) {
                                Some(Some(part)) => text.push_str(part),
                                _ => whole = false,
                            }
                        }
                    }
                    if text.len() > LONGEST_TEXT {
                        return None;
                    }
                }
                Some((text, whole))
            }
            it @ Expr::Literal(_) => Some((literal(&it)?, true)),
            it => self.known(&it).map(|text| (text.to_owned(), true)),
        }
    }

    fn known(&self, expr: &Expr) -> Option<&str> {
        match plain(expr)? {
            Expr::Ident(it) => self.text(&ident(&it)?),
            _ => None,
        }
    }
}

/// Whether the name of a binding can be used beside it: in a `let` and a `rec` set.
fn is_in_scope(binding: &ast::AttrpathValue) -> bool {
    let around = binding.syntax().parent();
    around.is_some_and(|it| match ast::AttrSet::cast(it) {
        // `rec` comes first: a search through all bindings, for each of them, would never end.
        Some(set) => {
            let first = set.syntax().first_token();
            first.is_some_and(|token| token.kind() == SyntaxKind::TOKEN_REC)
        }
        None => true,
    })
}

/// The expression without the brackets around it.
pub(super) fn plain(expr: &Expr) -> Option<Expr> {
    let mut expr = expr.clone();
    for _ in 0..MOST_PARENS {
        match expr {
            Expr::Paren(it) => expr = it.expr()?,
            other => return Some(other),
        }
    }
    None
}

/// A text without anything worked out in it, or an address without quotes.
pub(super) fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Str(it) => {
            if usize::from(it.syntax().text_range().len()) > LONGEST_TEXT {
                return None;
            }
            let parts = it.normalized_parts();
            let parts = parts.into_iter().map(|part| match part {
                InterpolPart::Literal(text) => Some(text),
                InterpolPart::Interpolation(_) => None,
            });
            parts.collect()
        }
        Expr::Literal(it) => match it.kind() {
            LiteralKind::Uri(uri) => Some(uri.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// An identifier's name.
pub(super) fn ident(it: &ast::Ident) -> Option<String> {
    it.ident_token().map(|token| token.text().to_owned())
}

/// An attribute's name, `${…}` for one that is worked out.
fn attr(it: &Attr) -> String {
    let name = match it {
        Attr::Ident(it) => ident(it),
        Attr::Str(it) => literal(&Expr::Str(it.clone())),
        Attr::Dynamic(_) => None,
    };
    name.unwrap_or_else(|| "${…}".to_owned())
}

/// The names of `a.b.c`.
pub(super) fn names_of(path: &ast::Attrpath) -> Vec<String> {
    path.attrs().map(|it| attr(&it)).collect()
}

/// Whether a person wrote it: names around something are asked for again and again.
pub(super) fn is_short(path: &ast::Attrpath) -> bool {
    usize::from(path.syntax().text_range().len()) <= 1_000
}

/// `pkgs.lib.x` as its names; empty for what isn't a name or a selection from one.
pub(super) fn path_of(expr: &Expr) -> Vec<String> {
    match plain(expr) {
        Some(Expr::Ident(it)) => ident(&it).into_iter().collect(),
        Some(Expr::Select(it)) => {
            let Some(Some(Expr::Ident(head))) = it.expr().map(|it| plain(&it)) else {
                return Vec::new();
            };
            let rest = it.attrpath().map(|it| names_of(&it)).unwrap_or_default();
            ident(&head).into_iter().chain(rest).collect()
        }
        _ => Vec::new(),
    }
}

/// The last name of an expression, also where its head is no name: `(import x { }).hello`.
pub(super) fn last_name(expr: &Expr) -> Option<String> {
    match plain(expr)? {
        Expr::Ident(it) => ident(&it),
        Expr::Select(it) => names_of(&it.attrpath()?).pop(),
        _ => None,
    }
}

/// The last name of the function of a call, however many arguments it has.
pub(super) fn called(it: &ast::Apply) -> Option<String> {
    let mut function = it.lambda()?;
    for _ in 0..MOST_PARENS {
        match plain(&function)? {
            Expr::Apply(it) => function = it.lambda()?,
            other => return last_name(&other),
        }
    }
    None
}

/// The value of an attribute of a set that is written out.
pub(super) fn attribute(set: &ast::AttrSet, name: &str) -> Option<Expr> {
    let mut bindings = set.attrpath_values();
    bindings
        .find(|it| it.attrpath().map(|it| names_of(&it)).as_deref() == Some(&[name.to_owned()]))
        .and_then(|it| it.value())
}

/// Whether a set takes an attribute from around it: `inherit rev;`.
pub(super) fn inherits(set: &ast::AttrSet, name: &str) -> bool {
    let mut inherits = set.inherits();
    inherits.any(|it| it.attrs().any(|it| attr(&it) == name))
}

/// The name that an expression is bound to: by `name = …`, or as an argument's default.
pub(super) fn bound_to(node: &SyntaxNode) -> Option<String> {
    let mut node = node.parent()?;
    for _ in 0..MOST_PARENS {
        if let Some(it) = ast::AttrpathValue::cast(node.clone()) {
            return names_of(&it.attrpath()?).pop();
        }
        if let Some(it) = ast::PatEntry::cast(node.clone()) {
            return ident(&it.ident()?);
        }
        if !ast::Paren::can_cast(node.kind()) {
            return None;
        }
        node = node.parent()?;
    }
    None
}

/// Whether an identifier is the name of an attribute, not a use of one.
pub(super) fn is_key(node: &SyntaxNode) -> bool {
    let path = node
        .parent()
        .filter(|it| ast::Attrpath::can_cast(it.kind()));
    path.and_then(|it| it.parent())
        .is_some_and(|it| ast::AttrpathValue::can_cast(it.kind()))
}
