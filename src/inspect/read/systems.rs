//! Libraries that repeat outputs for every system: flake-utils and its like.

use std::rc::Rc;

use super::SYSTEM;
use super::attrs::by_key;
use super::known::{Library, row};
use super::lists::incomplete;
use super::reader::Reader;
use super::value::{Dotted, Lazy, Set, Value, Work};

/// Functions over systems.
pub(super) const ROWS: &[Library] = &[
    row("eachDefaultSystem", 1, |r, _, a| match a {
        [function] => r.each_system(None, function),
        _ => incomplete(),
    }),
    row("eachSystem", 2, |r, _, a| match a {
        [systems, function] => r.each_system(Some(systems), function),
        _ => incomplete(),
    }),
    row("eachDefaultSystemPassThrough", 1, passed_through),
    row("eachSystemPassThrough", 2, |r, n, a| {
        passed_through(r, n, a.get(1..).unwrap_or_default())
    }),
    row("eachDefaultSystemMap", 1, |r, _, a| {
        by_key(r, None, a.first(), true)
    }),
    row("eachSystemMap", 2, |r, _, a| {
        by_key(r, a.first(), a.get(1), true)
    }),
    row("forAllSystems", 1, |r, _, a| {
        by_key(r, None, a.first(), true)
    }),
    row("mkApp", 1, make_app),
    row("simpleFlake", 1, simple_flake),
    row("mkLib", 1, |_, names, _| Value::Outside(Rc::clone(names))),
];

/// `mkApp { drv = …; name = …; exePath = …; }`: what `apps` holds.
fn make_app(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let Some(Value::Set(given)) = arguments.first().map(|it| reader.force(it)) else {
        return incomplete();
    };
    let mut app = Set::clone(&given);
    app.attributes.insert(Rc::from("type"), Lazy::text("app"));
    Value::Set(Rc::new(app))
}

fn passed_through(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match arguments.first() {
        Some(function) => reader.call(reader.force(function), Lazy::text(SYSTEM)),
        None => incomplete(),
    }
}

/// flake-utils' `simpleFlake { self; nixpkgs; name; overlay; }`
fn simple_flake(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let Some(Value::Set(given)) = arguments.first().map(|it| reader.force(it)) else {
        return incomplete();
    };
    let name = given.attributes.get("name").map(|it| reader.force(it));
    let (Some(Value::Text(name)), Some(overlay)) = (name, given.attributes.get("overlay")) else {
        return Value::unknown("the flake's overlay could not be followed");
    };
    let overlay = match reader.force(overlay) {
        Value::Path(path) => Lazy::done(reader.open(&path)),
        other => Lazy::done(other),
    };
    let pkgs = super::nixpkgs::overlaid(Value::outside(["pkgs"]), vec![overlay]);
    let ours = Lazy::new(Work::Select(pkgs, name), None);
    let packages = Value::set([(SYSTEM, ours)]);
    Value::set([("packages", Lazy::done(packages))])
}

impl Reader {
    fn each_system(&self, systems: Option<&Lazy>, function: &Lazy) -> Value {
        self.under_system(systems, |system| {
            self.call(self.force(function), Lazy::text(system))
        })
    }

    /// The outputs for one system, with the system put under each name.
    pub(super) fn under_system(
        &self,
        systems: Option<&Lazy>,
        outputs: impl FnOnce(&str) -> Value,
    ) -> Value {
        let listed = systems
            .and_then(|list| self.texts(list))
            .unwrap_or_default();
        let ours = listed.is_empty() || listed.iter().any(|system| &**system == SYSTEM);
        let other = listed.first().filter(|_| !ours);
        let system: Rc<str> = other.map_or_else(|| Rc::from(SYSTEM), Rc::clone);
        let inner = match outputs(&system) {
            Value::Set(inner) => inner,
            Value::Unknown(because) => return Value::Unknown(because),
            _ => return Value::unknown("the outputs for each system are not a set"),
        };
        let mut outer = Set {
            open: inner.open.clone(),
            ..Set::default()
        };
        for (name, value) in &inner.attributes {
            let set = Value::set([(Rc::clone(&system), value.clone())]);
            outer
                .attributes
                .insert(Rc::clone(name), Lazy::done_at(set, value.spot()));
        }
        Value::Set(Rc::new(outer))
    }
}
