//! Attribute sets: `{ … }`, `rec { … }`, `let` bindings, `inherit`, `a.b.c = …`, `//`.

use std::collections::BTreeMap;
use std::rc::Rc;

use rnix::ast::{self, Attr, Entry, Expr, HasEntry};
use rowan::ast::AstNode;

use super::reader::Reader;
use super::value::{Beyond, Lazy, Package, Scope, Set, Spot, Value, Work};

/// Attributes while they are collected: `a.b = 1; a.c = 2;` meet in one branch.
#[derive(Default)]
struct Branch {
    /// `a = value`, possibly more than one when `a = { … }; a.b = …;`.
    values: Vec<Lazy>,
    children: BTreeMap<Rc<str>, Branch>,
    open: Option<Rc<str>>,
    spot: Option<Spot>,
}

impl Reader {
    pub(super) fn attribute_set(&self, it: &ast::AttrSet, scope: &Scope) -> Value {
        if it.rec_token().is_none() {
            return Value::Set(Rc::new(self.collect(it.entries(), scope, scope)));
        }
        let inner = scope.bound();
        let set = self.collect(it.entries(), &inner, scope);
        for (name, value) in &set.attributes {
            inner.bind(name.clone(), value.clone());
        }
        Value::Set(Rc::new(set))
    }

    /// Binds the entries of a `let` in the scope that its values and its body see.
    pub(super) fn bind_entries(&self, entries: impl Iterator<Item = Entry>, inner: &Scope) {
        let outer = inner.0.outer.clone().unwrap_or_else(|| inner.clone());
        for (name, value) in self.collect(entries, inner, &outer).attributes {
            inner.bind(name, value);
        }
    }

    /// The entries as a set. Values see `inner`; `inherit x;` and names in `${…}` see `outer`.
    fn collect(&self, entries: impl Iterator<Item = Entry>, inner: &Scope, outer: &Scope) -> Set {
        let mut root = Branch::default();
        for entry in entries {
            if !self.spend(1) {
                root.open = Some(Rc::from("it is too large to be read"));
                break;
            }
            match entry {
                Entry::Inherit(it) => self.inherit(&it, inner, outer, &mut root),
                Entry::AttrpathValue(it) => {
                    let Some(value) = it.value() else { continue };
                    let attrs = it.attrpath().into_iter().flat_map(|path| path.attrs());
                    let start = usize::from(it.syntax().text_range().start());
                    let spot = inner.spot(start);
                    self.insert(&mut root, attrs, &value, (inner, outer), &spot);
                }
            }
        }
        Self::finish(root)
    }

    fn insert(
        &self,
        root: &mut Branch,
        attrs: impl Iterator<Item = Attr>,
        value: &Expr,
        (inner, outer): (&Scope, &Scope),
        spot: &Spot,
    ) {
        let mut branch = root;
        for attr in attrs {
            let Some(name) = self.attribute_name(&attr, outer) else {
                branch.open = Some(Rc::from("an attribute's name is worked out by Nix"));
                return;
            };
            branch = branch.children.entry(name).or_default();
            branch.spot.get_or_insert_with(|| spot.clone());
        }
        let work = Work::Evaluate(value.clone(), inner.clone());
        branch.values.push(Lazy::new(work, Some(spot.clone())));
    }

    fn inherit(&self, it: &ast::Inherit, inner: &Scope, outer: &Scope, root: &mut Branch) {
        let spot = inner.spot(usize::from(it.syntax().text_range().start()));
        let from = it
            .from()
            .and_then(|from| from.expr())
            .map(|expr| Reader::later(&expr, inner));
        for attr in it.attrs() {
            let Some(name) = self.attribute_name(&attr, outer) else {
                continue;
            };
            let value = match (&from, attr) {
                (Some(from), _) => {
                    Lazy::new(Work::Select(from.clone(), name.clone()), Some(spot.clone()))
                }
                (None, Attr::Ident(ident)) => Lazy::new(
                    Work::Evaluate(Expr::Ident(ident), outer.clone()),
                    Some(spot.clone()),
                ),
                (None, _) => continue,
            };
            let branch = root.children.entry(name).or_default();
            branch.values.push(value);
        }
    }

    fn finish(branch: Branch) -> Set {
        let mut attributes = BTreeMap::new();
        for (name, mut child) in branch.children {
            let mut parts = std::mem::take(&mut child.values);
            if !child.children.is_empty() || child.open.is_some() {
                let spot = child.spot.clone();
                let set = Value::Set(Rc::new(Self::finish(child)));
                parts.push(Lazy::done_at(set, spot));
            }
            let joined = parts.into_iter().reduce(|first, second| {
                let spot = first.spot();
                Lazy::new(Work::Update(first, second), spot)
            });
            if let Some(value) = joined {
                attributes.insert(name, value);
            }
        }
        Set {
            attributes,
            open: branch.open,
            beyond: None,
        }
    }

    /// The name that an attribute in a path has, if it is known.
    pub(super) fn attribute_name(&self, attr: &Attr, scope: &Scope) -> Option<Rc<str>> {
        let value = match attr {
            Attr::Ident(ident) => return Some(Rc::from(ident.syntax().text().to_string())),
            Attr::Str(string) => self.evaluate(&Expr::Str(string.clone()), scope),
            Attr::Dynamic(dynamic) => self.optional(dynamic.expr(), scope),
        };
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `first // second`.
    pub(super) fn update(&self, first: &Value, second: &Value) -> Value {
        match (first, second) {
            (Value::Set(first), Value::Set(second)) => {
                if second.attributes.is_empty() && second.is_closed() {
                    return Value::Set(Rc::clone(first));
                }
                if !self.spend((first.attributes.len() + second.attributes.len()) / 8) {
                    return Value::unknown("a set is too large to be read");
                }
                let mut set = Set::clone(first);
                let more = second.attributes.iter();
                set.attributes
                    .extend(more.map(|(name, lazy)| (Rc::clone(name), lazy.clone())));
                set.open = set.open.or_else(|| second.open.clone());
                set.beyond = second.beyond.clone().or(set.beyond);
                Value::Set(Rc::new(set))
            }
            // A package with more attributes is still that package.
            (Value::Package(package), Value::Set(set)) => {
                let mut package = Package::clone(package);
                self.read_meta(&mut package, set);
                Value::package(package)
            }
            (Value::Outside(names), Value::Set(set)) => {
                let mut set = Set::clone(set);
                set.beyond = Some(Beyond::Outside(Rc::clone(names)));
                set.open.get_or_insert_with(from_outside);
                Value::Set(Rc::new(set))
            }
            (Value::Set(set), other) | (other, Value::Set(set)) => {
                let mut set = Set::clone(set);
                set.open.get_or_insert_with(|| match other {
                    Value::Unknown(because) => Rc::clone(because),
                    _ => from_outside(),
                });
                Value::Set(Rc::new(set))
            }
            (Value::Unknown(because), _) | (_, Value::Unknown(because)) => {
                Value::Unknown(Rc::clone(because))
            }
            _ => Value::unknown("both parts of the set come from outside"),
        }
    }

    /// `first // second`, and the same inside sets that both have (`lib.recursiveUpdate`).
    pub(super) fn update_deeply(&self, first: &Lazy, second: &Lazy, levels: u8) -> Value {
        let (left, right) = (self.force(first), self.force(second));
        let (Value::Set(left), Value::Set(right), true) = (&left, &right, levels > 0) else {
            // Deep inside, only sets are merged: everything else is replaced.
            return match (&left, &right) {
                (Value::Set(_) | Value::Outside(_) | Value::Unknown(_), Value::Set(_))
                | (Value::Set(_), Value::Outside(_) | Value::Unknown(_)) => {
                    self.update(&left, &right)
                }
                _ => right,
            };
        };
        if !self.spend((left.attributes.len() + right.attributes.len()) / 8) {
            return Value::unknown("a set is too large to be read");
        }
        let mut set = Set::clone(left);
        set.open = set.open.or_else(|| right.open.clone());
        set.beyond = right.beyond.clone().or(set.beyond);
        for (name, value) in &right.attributes {
            let merged = match left.attributes.get(name) {
                Some(old) => {
                    let (old, new) = (old.clone(), value.clone());
                    let work = move |reader: &Reader| reader.update_deeply(&old, &new, levels - 1);
                    Lazy::new(Work::Do(Rc::new(work)), value.spot())
                }
                None => value.clone(),
            };
            set.attributes.insert(Rc::clone(name), merged);
        }
        Value::Set(Rc::new(set))
    }
}

fn from_outside() -> Rc<str> {
    Rc::from("a part of the set comes from outside")
}
