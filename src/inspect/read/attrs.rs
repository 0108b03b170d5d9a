//! What nixpkgs' and Nix's own functions on attribute sets make of their arguments.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::SYSTEM;
use super::calls::has;
use super::known::{Library, row};
use super::lists::{incomplete, list};
use super::operators::known_or;
use super::reader::{Reader, longer};
use super::value::{Dotted, Lazy, Set, Value, Work};

/// Functions on sets.
pub(super) const ROWS: &[Library] = &[
    row("attrNames", 1, names_of),
    row("attrValues", 1, |r, _, a| {
        with_set(r, a.first(), |set| {
            Value::list(set.attributes.values().cloned().collect())
        })
    }),
    row("hasAttr", 2, |r, _, a| match text_and(r, a) {
        Some((name, value)) => known_or(has(&r.force(value), &name)),
        None => known_or(None),
    }),
    row("getAttr", 2, |r, _, a| match text_and(r, a) {
        Some((name, value)) => r.select(&r.force(value), &name),
        None => Value::unknown("an attribute's name is worked out by Nix"),
    }),
    row("attrByPath", 3, by_path),
    row("getAttrFromPath", 2, from_path),
    row("hasAttrByPath", 2, has_path),
    row("listToAttrs", 1, list_to_attrs),
    row("nameValuePair", 2, |_, _, a| match a {
        [name, value] => Value::set([("name", name.clone()), ("value", value.clone())]),
        _ => incomplete(),
    }),
    row("mapAttrs", 2, map_attrs),
    row("mapAttrs'", 2, |r, n, a| {
        list_to_attrs(r, n, &[Lazy::done(to_list(r, a))])
    }),
    row("mapAttrsToList", 2, |r, _, a| to_list(r, a)),
    row("concatMapAttrs", 2, |r, n, a| {
        merged(r, n, &[Lazy::done(to_list(r, a))])
    }),
    row("filterAttrs", 2, filter_attrs),
    row("genAttrs", 2, |r, _, a| {
        by_key(r, a.first(), a.get(1), false)
    }),
    row("genAttrs'", 2, |r, _, a| generated_pairs(r, a)),
    row("recursiveUpdate", 2, |r, _, a| match a {
        [first, second] => r.update_deeply(first, second, 8),
        _ => incomplete(),
    }),
    row("optionalAttrs", 2, optional_attrs),
    row("removeAttrs", 2, remove_attrs),
    row("intersectAttrs", 2, intersect),
    row("getAttrs", 2, get_attrs),
    row("mergeAttrs", 2, |r, _, a| match a {
        [first, second] => r.update(&r.force(first), &r.force(second)),
        _ => incomplete(),
    }),
    row("mergeAttrsList", 1, merged),
    row("attrsToList", 1, |r, _, a| {
        with_set(r, a.first(), |set| {
            let pairs = set.attributes.iter().map(|(name, value)| {
                let name = Lazy::text(Rc::clone(name));
                Lazy::done(Value::set([("name", name), ("value", value.clone())]))
            });
            Value::list(pairs.collect())
        })
    }),
    row("recurseIntoAttrs", 1, recurse),
    row("dontRecurseIntoAttrs", 1, |r, _, a| {
        a.first().map_or(incomplete(), |it| r.force(it))
    }),
    row("filterPackages", 2, |r, _, a| {
        a.get(1).map_or(incomplete(), |it| r.force(it))
    }),
    row("flattenTree", 1, flatten_tree),
    row("setAttrByPath", 2, set_by_path),
];

/// What `work` makes of a set; unknown for everything else.
fn with_set(reader: &Reader, lazy: Option<&Lazy>, work: impl FnOnce(&Rc<Set>) -> Value) -> Value {
    match lazy.map(|lazy| reader.force(lazy)) {
        Some(Value::Set(set)) if reader.spend(set.attributes.len() / 4) => work(&set),
        Some(Value::Set(_)) => Value::unknown("a set is too large to be read"),
        Some(Value::Unknown(because)) => Value::Unknown(because),
        Some(Value::Outside(names)) => {
            Value::unknown(format!("the set `{}` comes from outside", names.join(".")))
        }
        _ => Value::unknown("something that is not a set is used as one"),
    }
}

fn text_and<'a>(reader: &Reader, arguments: &'a [Lazy]) -> Option<(Rc<str>, &'a Lazy)> {
    let [name, value] = arguments else {
        return None;
    };
    match reader.force(name) {
        Value::Text(name) => Some((name, value)),
        _ => None,
    }
}

fn names_of(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        // The names of the systems of `nixpkgs.legacyPackages`, most often.
        Some(Value::Outside(names)) => Value::Outside(longer(&names, "names")),
        Some(Value::Set(set)) if !set.is_closed() => {
            Value::unknown("the names in a set of the outside are known only to Nix")
        }
        _ => with_set(reader, arguments.first(), |set| {
            Value::list(
                set.attributes
                    .keys()
                    .map(|it| Lazy::text(Rc::clone(it)))
                    .collect(),
            )
        }),
    }
}

fn by_path(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [path, default, value] = arguments else {
        return incomplete();
    };
    let Some(path) = reader.texts(path) else {
        return Value::unknown("an attribute's name is worked out by Nix");
    };
    let mut value = reader.force(value);
    for name in path {
        if has(&value, &name) == Some(false) {
            return reader.force(default);
        }
        value = reader.select(&value, &name);
    }
    value
}

fn from_path(reader: &Reader, names: &Dotted, arguments: &[Lazy]) -> Value {
    let missing = Lazy::done(Value::unknown("there is no such attribute"));
    match arguments {
        [path, value] => by_path(reader, names, &[path.clone(), missing, value.clone()]),
        _ => incomplete(),
    }
}

fn has_path(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [path, value] = arguments else {
        return incomplete();
    };
    let mut value = reader.force(value);
    for name in reader.texts(path).unwrap_or_default() {
        match has(&value, &name) {
            Some(true) => value = reader.select(&value, &name),
            other => return known_or(other),
        }
    }
    Value::bool(true)
}

fn set_by_path(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [path, value] = arguments else {
        return incomplete();
    };
    let names = reader.texts(path).unwrap_or_default();
    let wrapped = names.iter().rev().fold(value.clone(), |value, name| {
        Lazy::done(Value::set([(Rc::clone(name), value)]))
    });
    reader.force(&wrapped)
}

fn list_to_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let items = match list(reader, arguments.first()) {
        Ok(items) => items,
        Err(unknown) => return unknown,
    };
    let mut set = Set::default();
    for item in items.iter() {
        let pair = reader.force(item);
        match reader.select(&pair, "name") {
            Value::Text(name) => {
                let value = Lazy::new(Work::Select(item.clone(), Rc::from("value")), item.spot());
                set.attributes.entry(name).or_insert(value);
            }
            _ => set.open = Some(Rc::from("an attribute's name is worked out by Nix")),
        }
    }
    Value::Set(Rc::new(set))
}

fn mapped(function: &Lazy, name: &Rc<str>, value: &Lazy) -> Lazy {
    let name = Lazy::text(Rc::clone(name));
    Lazy::new(
        Work::Call(function.clone(), vec![name, value.clone()]),
        value.spot(),
    )
}

fn map_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [function, set] = arguments else {
        return incomplete();
    };
    with_set(reader, Some(set), |set| {
        let attributes = set.attributes.iter();
        Value::Set(Rc::new(Set {
            attributes: attributes
                .map(|(name, value)| (Rc::clone(name), mapped(function, name, value)))
                .collect(),
            open: set.open.clone().or_else(|| unlisted(set)),
            beyond: None,
        }))
    })
}

fn unlisted(set: &Set) -> Option<Rc<str>> {
    set.beyond
        .as_ref()
        .map(|_| Rc::from("a part of the set comes from outside"))
}

fn to_list(reader: &Reader, arguments: &[Lazy]) -> Value {
    let [function, set] = arguments else {
        return incomplete();
    };
    with_set(reader, Some(set), |set| {
        let attributes = set.attributes.iter();
        Value::list(
            attributes
                .map(|(name, value)| mapped(function, name, value))
                .collect(),
        )
    })
}

fn filter_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [function, set] = arguments else {
        return incomplete();
    };
    with_set(reader, Some(set), |set| {
        let mut kept = Set {
            open: set.open.clone().or_else(|| unlisted(set)),
            ..Set::default()
        };
        for (name, value) in &set.attributes {
            match reader.force(&mapped(function, name, value)).as_bool() {
                Some(false) => {}
                Some(true) => {
                    kept.attributes.insert(Rc::clone(name), value.clone());
                }
                None => {
                    kept.attributes.insert(Rc::clone(name), value.clone());
                    kept.open = Some(Rc::from(
                        "attributes are chosen by what only Nix can decide",
                    ));
                }
            }
        }
        Value::Set(Rc::new(kept))
    })
}

/// Attributes made from a list of names. A list of systems of the outside is read as the one that matters.
pub(super) fn by_key(
    reader: &Reader,
    keys: Option<&Lazy>,
    function: Option<&Lazy>,
    systems: bool,
) -> Value {
    let Some(function) = function else {
        return incomplete();
    };
    let listed = keys.map(|keys| (reader.force(keys), reader.texts(keys)));
    let keys = match listed {
        None => vec![Rc::from(SYSTEM)],
        Some((_, Some(keys))) => keys,
        Some((value, None)) if systems || is_systems(&value) => vec![Rc::from(SYSTEM)],
        Some((Value::List(items), None)) => {
            // Some names are known, and the set is open.
            return some_keys(reader, &items, function);
        }
        Some((Value::Unknown(because), None)) => return Value::Unknown(because),
        Some(_) => return Value::unknown("the names of a set come from outside"),
    };
    let entries = keys.into_iter().map(|key| {
        let argument = Lazy::text(Rc::clone(&key));
        let work = Work::Call(function.clone(), vec![argument]);
        (key, Lazy::new(work, function.spot()))
    });
    Value::set(entries)
}

fn some_keys(reader: &Reader, items: &[Lazy], function: &Lazy) -> Value {
    let mut set = Set::open("an attribute's name is worked out by Nix");
    for item in items {
        if let Value::Text(key) = reader.force(item) {
            let work = Work::Call(function.clone(), vec![item.clone()]);
            set.attributes.insert(key, Lazy::new(work, function.spot()));
        }
    }
    Value::Set(Rc::new(set))
}

/// Whether a value of the outside reads as a list of systems.
fn is_systems(value: &Value) -> bool {
    const WORDS: &[&str] = &[
        "ystems",
        "flakeExposed",
        "platforms",
        "legacyPackages",
        "doubles",
    ];
    match value {
        Value::Outside(names) => names
            .iter()
            .any(|name| WORDS.iter().any(|word| name.contains(word))),
        _ => false,
    }
}

fn generated_pairs(reader: &Reader, arguments: &[Lazy]) -> Value {
    let [items, function] = arguments else {
        return incomplete();
    };
    match list(reader, Some(items)) {
        Ok(items) => {
            let pairs = items.iter().map(|item| {
                Lazy::new(
                    Work::Call(function.clone(), vec![item.clone()]),
                    item.spot(),
                )
            });
            let pairs = Lazy::done(Value::list(pairs.collect()));
            list_to_attrs(reader, &Rc::from([]), &[pairs])
        }
        Err(unknown) => unknown,
    }
}

fn optional_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [condition, set] = arguments else {
        return incomplete();
    };
    match reader.force(condition).as_bool() {
        Some(true) => reader.force(set),
        Some(false) => Value::Set(Rc::default()),
        None => reader.half_known(set),
    }
}

fn remove_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [set, names] = arguments else {
        return incomplete();
    };
    if let Value::Package(package) = reader.force(set) {
        return Value::Package(package);
    }
    with_set(reader, Some(set), |set| {
        let mut set = Set::clone(set);
        match reader.texts(names) {
            Some(names) => {
                for name in names {
                    set.attributes.remove(&name);
                }
            }
            None => set.open = Some(Rc::from("attributes are removed that only Nix knows")),
        }
        Value::Set(Rc::new(set))
    })
}

fn intersect(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [first, second] = arguments else {
        return incomplete();
    };
    with_set(reader, Some(first), |first| {
        with_set(reader, Some(second), |second| {
            let mut set = Set::clone(second);
            set.attributes
                .retain(|name, _| first.attributes.contains_key(name));
            Value::Set(Rc::new(set))
        })
    })
}

fn get_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [names, set] = arguments else {
        return incomplete();
    };
    let Some(names) = reader.texts(names) else {
        return Value::unknown("an attribute's name is worked out by Nix");
    };
    let attributes = names.into_iter().map(|name| {
        let value = Lazy::new(Work::Select(set.clone(), Rc::clone(&name)), set.spot());
        (name, value)
    });
    Value::set(attributes)
}

fn merged(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match list(reader, arguments.first()) {
        Ok(items) => items.iter().fold(Value::Set(Rc::default()), |value, item| {
            reader.update(&value, &reader.force(item))
        }),
        Err(unknown) => unknown,
    }
}

/// `recurseIntoAttrs` marks a set so that Nix looks for derivations inside.
fn recurse(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    with_set(reader, arguments.first(), |set| {
        let mut set = Set::clone(set);
        let mark = Lazy::done(Value::bool(true));
        set.attributes
            .insert(Rc::from("recurseForDerivations"), mark);
        Value::Set(Rc::new(set))
    })
}

/// flake-utils: sets marked with `recurseForDerivations` become names with slashes.
fn flatten_tree(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    with_set(reader, arguments.first(), |set| {
        let mut flat = BTreeMap::new();
        for (name, value) in &set.attributes {
            match reader.force(value) {
                Value::Set(inner) if inner.attributes.contains_key("recurseForDerivations") => {
                    for (last, value) in &inner.attributes {
                        flat.insert(Rc::from(format!("{name}/{last}")), value.clone());
                    }
                }
                Value::Plain(_) => {}
                _ => {
                    flat.insert(Rc::clone(name), value.clone());
                }
            }
        }
        Value::Set(Rc::new(Set {
            attributes: flat,
            open: set.open.clone(),
            beyond: None,
        }))
    })
}

impl Reader {
    /// A set of which nobody knows whether it is there: its attributes, and open.
    pub(super) fn half_known(&self, lazy: &Lazy) -> Value {
        match self.force(lazy) {
            Value::Set(set) if self.spend(set.attributes.len() / 4) => {
                let mut set = Set::clone(&set);
                set.open = Some(Rc::from("some attributes depend on a condition"));
                Value::Set(Rc::new(set))
            }
            other => other,
        }
    }
}
