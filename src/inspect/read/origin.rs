//! Whose package an expression in a module stands for: the project's own, or one of nixpkgs or an input.
//!
//! Takes an expression's tree; modules are not evaluated, so names are followed as they are written, to the
//! `let` that binds them. Foreign is only what is named so: `pkgs.restic`, `inputs.other.packages.x`. An
//! option such as `cfg.package` is taken for the project's own. Never: a value.

use std::collections::BTreeSet;

use rnix::ast::{self, Expr, HasEntry};
use rowan::ast::AstNode;

use super::SYSTEM;
use super::reader::Reader;
use super::value::{Lazy, Value};

/// Bindings behind bindings that are followed.
const MOST_STEPS: usize = 4;
/// Names of the package set.
const SETS: &[&str] = &["final", "nixpkgs", "pkgs", "prev", "super"];

/// Names under which the project's own packages stand among those of nixpkgs.
#[derive(Debug, Default)]
pub(super) struct Own(BTreeSet<String>);

impl Own {
    /// What the outputs' packages and overlays are called.
    pub(super) fn of(reader: &Reader, outputs: &Value) -> Self {
        let mut own = BTreeSet::new();
        let Value::Set(outputs) = outputs else {
            return Own(own);
        };
        let mut take = |value: &Value| {
            if let Value::Set(set) = value {
                own.extend(set.attributes.keys().map(ToString::to_string));
            }
        };
        for name in ["packages", "legacyPackages"] {
            let packages = outputs.attributes.get(name).map(|it| reader.force(it));
            if let Some(Value::Set(systems)) = packages
                && let Some(packages) = systems.attributes.get(SYSTEM)
            {
                take(&reader.force(packages));
            }
        }
        let mut overlays: Vec<Lazy> = Vec::new();
        overlays.extend(outputs.attributes.get("overlay").cloned());
        if let Some(Value::Set(set)) = outputs
            .attributes
            .get("overlays")
            .map(|it| reader.force(it))
        {
            overlays.extend(set.attributes.values().cloned());
        }
        for overlay in overlays {
            let sets = ["final", "prev"].map(Lazy::outside);
            take(&reader.call_all(reader.force(&overlay), &sets));
        }
        Own(own)
    }

    /// Whether an expression names a package that is not the project's.
    pub(super) fn is_foreign(&self, expr: &Expr) -> bool {
        self.follow(expr, 0)
    }

    fn follow(&self, expr: &Expr, step: usize) -> bool {
        if step > MOST_STEPS {
            return false;
        }
        match expr {
            Expr::Paren(it) => it.expr().is_some_and(|it| self.follow(&it, step + 1)),
            Expr::LetIn(it) => it.body().is_some_and(|it| self.follow(&it, step + 1)),
            Expr::With(it) => it.body().is_some_and(|it| self.follow(&it, step + 1)),
            Expr::Select(_) => self.is_selected(expr),
            Expr::Ident(it) => self.is_bound(it, step),
            // `getExe pkgs.restic`, `getExe' pkgs.restic "restic"`: the argument is the package.
            Expr::Apply(it) => {
                let whole = it.lambda().filter(|it| is_called(it, "getExe"));
                let whole = whole.and_then(|_| it.argument());
                let package = whole.or_else(|| of_program(it));
                package.is_some_and(|it| self.follow(&it, step + 1))
            }
            _ => false,
        }
    }

    /// `pkgs.restic`, but not `pkgs.web` that the project puts there; `inputs.other.…`, but not `inputs.self`.
    fn is_selected(&self, expr: &Expr) -> bool {
        let Some(names) = names_of(expr) else {
            return false;
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["inputs", input, ..] => *input != "self",
            [set, rest @ ..] if SETS.contains(set) => !rest.iter().any(|it| self.0.contains(*it)),
            _ => false,
        }
    }

    /// A name: what its `let` says, or what `with pkgs` gives.
    fn is_bound(&self, ident: &ast::Ident, step: usize) -> bool {
        let name = ident.syntax().text().to_string();
        for node in ident.syntax().ancestors().skip(1) {
            if let Some(it) = ast::LetIn::cast(node.clone()) {
                if let Some(found) = self.in_let(&it, &name, step) {
                    return found;
                }
            } else if let Some(it) = ast::With::cast(node.clone()) {
                let namespace = it.namespace().and_then(|it| names_of(&it));
                let is_set = namespace.and_then(|it| it.first().cloned());
                if is_set.is_some_and(|it| SETS.contains(&it.as_str())) {
                    return !self.0.contains(&name);
                }
            } else if let Some(it) = ast::Lambda::cast(node)
                && it.param().is_some_and(|param| binds(&param, &name))
            {
                return false;
            }
        }
        false
    }

    fn in_let(&self, it: &ast::LetIn, name: &str, step: usize) -> Option<bool> {
        for entry in it.attrpath_values() {
            let names: Vec<ast::Attr> = entry
                .attrpath()
                .into_iter()
                .flat_map(|it| it.attrs())
                .collect();
            if let [one] = names.as_slice()
                && one.syntax().text() == name
            {
                return Some(entry.value().is_some_and(|it| self.follow(&it, step + 1)));
            }
        }
        for inherit in it.inherits() {
            if inherit.attrs().any(|attr| attr.syntax().text() == name) {
                let from = inherit.from().and_then(|it| names_of(&it.expr()?));
                let set = from.and_then(|it| it.first().cloned());
                let foreign = set.is_some_and(|it| SETS.contains(&it.as_str()));
                return Some(foreign && !self.0.contains(name));
            }
        }
        None
    }
}

fn binds(param: &ast::Param, name: &str) -> bool {
    match param {
        ast::Param::IdentParam(it) => it.ident().is_some_and(|it| it.syntax().text() == name),
        ast::Param::Pattern(it) => it
            .pat_entries()
            .filter_map(|entry| entry.ident())
            .any(|it| it.syntax().text() == name),
    }
}

/// The package of `getExe' package "program"`.
pub(super) fn of_program(call: &ast::Apply) -> Option<Expr> {
    let Some(Expr::Apply(inner)) = call.lambda() else {
        return None;
    };
    inner.lambda().filter(|it| is_called(it, "getExe'"))?;
    inner.argument()
}

fn is_called(function: &Expr, wanted: &str) -> bool {
    names_of(function).is_some_and(|names| names.last().is_some_and(|last| last == wanted))
}

/// `a.b.c` as names; one that Nix works out is empty.
fn names_of(expr: &Expr) -> Option<Vec<String>> {
    match expr {
        Expr::Ident(it) => Some(vec![it.syntax().text().to_string()]),
        Expr::Paren(it) => match it.expr()? {
            inner @ (Expr::Ident(_) | Expr::Select(_)) => names_of(&inner),
            _ => None,
        },
        Expr::Select(it) => {
            let Expr::Ident(first) = it.expr()? else {
                return None;
            };
            let mut names = vec![first.syntax().text().to_string()];
            let attrs = it.attrpath().into_iter().flat_map(|path| path.attrs());
            names.extend(attrs.map(|attr| super::services::plain_name(&attr)));
            Some(names)
        }
        _ => None,
    }
}
