//! What known library functions make of their arguments: one arm each for the rows of `known::LIBRARIES`.

use std::rc::Rc;

use super::SYSTEM;
use super::known::{self, Makes, Tells};
use super::reader::Reader;
use super::value::{Lazy, Package, Set, Value, Work};

/// A `callPackage` whose file or function could not be followed.
static CALLED: known::Builder = known::Builder {
    name: "callPackage",
    wants: 2,
    tells: Tells::Nothing,
    makes: Makes::Anything,
    ecosystem: None,
};

impl Reader<'_> {
    /// Calls the library function that `names` end with.
    pub(super) fn call_library(&self, names: &[String], arguments: &[Lazy]) -> Value {
        let name = names.last().map_or("", String::as_str);
        match (name, arguments) {
            ("import", [file]) => self.import(file),
            ("callPackage", [function, given]) => self.call_package(function, given),
            ("eachDefaultSystem", [function]) => self.each_system(None, function),
            ("eachSystem", [systems, function]) => self.each_system(Some(systems), function),
            ("eachDefaultSystemMap", [function]) => self.by_system(None, function),
            ("eachSystemMap" | "genAttrs", [keys, function]) => {
                self.by_system(Some(keys), function)
            }
            ("mapAttrs", [function, set]) => self.map_attributes(function, set),
            ("recursiveUpdate", [first, second]) => self.update_deeply(first, second, 8),
            ("mkFlake", [_, module]) => self.flake_parts(module),
            ("optionalAttrs", [_, set]) => match self.force(set) {
                Value::Set(set) => {
                    let mut set = Set::clone(&set);
                    set.open = Some("some attributes depend on a condition".to_owned());
                    Value::Set(Rc::new(set))
                }
                other => other,
            },
            ("makeOverridable", [function, argument]) => {
                self.call(self.force(function), argument.clone())
            }
            // A package with other arguments is still that package.
            (
                "override" | "overrideAttrs" | "overrideDerivation" | "overridePythonAttrs",
                [package, _],
            )
            | ("toString", [package]) => self.force(package),
            _ => Value::Outside(names.to_vec()),
        }
    }

    fn import(&self, file: &Lazy) -> Value {
        match self.force(file) {
            Value::Path(path) => self.open(&path),
            // `import nixpkgs { … }` and `import <nixpkgs> { … }` give a package set.
            Value::Outside(names) => Value::Outside(names),
            Value::Unknown(because) => Value::Unknown(because),
            _ => Value::unknown("it imports something that is not a file of the project"),
        }
    }

    /// `callPackage file { given }`: the file's function with what is given and the outside for the rest.
    fn call_package(&self, function: &Lazy, given: &Lazy) -> Value {
        let function = match self.force(function) {
            Value::Path(path) => self.open(&path),
            other => other,
        };
        let called = Value::Package(Rc::new(Package::of("callPackage", &CALLED)));
        match function {
            Value::Function(function) => {
                let mut arguments = match self.force(given) {
                    Value::Set(set) => Set::clone(&set),
                    _ => Set::default(),
                };
                for name in Self::argument_names(&function) {
                    let outside = || Lazy::done(Value::Outside(vec![name.clone()]));
                    arguments
                        .attributes
                        .entry(name.clone())
                        .or_insert_with(outside);
                }
                let arguments = Lazy::done(Value::Set(Rc::new(arguments)));
                match self.enter(&function, arguments) {
                    Value::Outside(_) | Value::Unknown(_) => called,
                    value => value,
                }
            }
            _ => called,
        }
    }

    fn each_system(&self, systems: Option<&Lazy>, function: &Lazy) -> Value {
        self.under_system(systems, |system| {
            let system = Lazy::done(Value::Text(system.to_owned()));
            self.call(self.force(function), system)
        })
    }

    /// flake-utils: the outputs for one system, with the system put under each name.
    fn under_system(&self, systems: Option<&Lazy>, outputs: impl FnOnce(&str) -> Value) -> Value {
        let listed = systems
            .and_then(|list| self.texts(list))
            .unwrap_or_default();
        let ours = listed.is_empty() || listed.iter().any(|system| system == SYSTEM);
        let other = listed.first().filter(|_| !ours);
        let system = other.map_or(SYSTEM, String::as_str);
        let inner = match outputs(system) {
            Value::Set(inner) => inner,
            Value::Unknown(because) => return Value::Unknown(because),
            _ => return Value::unknown("the outputs for each system are not a set"),
        };
        let mut outer = Set {
            open: inner.open.clone(),
            ..Set::default()
        };
        for (name, value) in &inner.attributes {
            let set = Value::set([(system.to_owned(), value.clone())]);
            let place = value.place().cloned();
            outer
                .attributes
                .insert(name.clone(), Lazy::done_at(set, place));
        }
        Value::Set(Rc::new(outer))
    }

    /// `genAttrs keys function`: for a list of systems, the one that matters; for other keys, all.
    fn by_system(&self, keys: Option<&Lazy>, function: &Lazy) -> Value {
        let known = keys.and_then(|keys| self.texts(keys));
        let keys = match known {
            Some(keys) => keys,
            None => vec![SYSTEM.to_owned()],
        };
        let entries = keys.into_iter().map(|key| {
            let argument = Lazy::done(Value::Text(key.clone()));
            let work = Work::Call(self.force(function), vec![argument]);
            (key, Lazy::new(work, function.place().cloned()))
        });
        Value::set(entries)
    }

    fn map_attributes(&self, function: &Lazy, set: &Lazy) -> Value {
        let Value::Set(set) = self.force(set) else {
            return Value::unknown("a function is mapped over a set that comes from outside");
        };
        let function = self.force(function);
        let mut mapped = Set {
            open: set.open.clone(),
            ..Set::default()
        };
        for (name, value) in &set.attributes {
            let key = Lazy::done(Value::Text(name.clone()));
            let work = Work::Call(function.clone(), vec![key, value.clone()]);
            let lazy = Lazy::new(work, value.place().cloned());
            mapped.attributes.insert(name.clone(), lazy);
        }
        Value::Set(Rc::new(mapped))
    }

    /// flake-parts: `perSystem` for the one system, and `flake`.
    fn flake_parts(&self, module: &Lazy) -> Value {
        let module = match self.force(module) {
            Value::Path(path) => self.open(&path),
            other => other,
        };
        let outside = |name: &str| Lazy::done(Value::Outside(vec![name.to_owned()]));
        let module = match module {
            Value::Function(function) => self.enter(&function, outside("flake-parts")),
            other => other,
        };
        let Value::Set(module) = module else {
            return Value::unknown("the flake-parts module could not be followed");
        };
        let mut outputs = Set::default();
        if module.attributes.contains_key("imports") || module.open.is_some() {
            outputs.open = Some("flake-parts modules are imported from elsewhere".to_owned());
        }
        if let Some(per_system) = module.attributes.get("perSystem") {
            let systems = module.attributes.get("systems");
            let here = self.under_system(systems, |_| match self.force(per_system) {
                Value::Function(function) => self.enter(&function, outside("perSystem")),
                other => other,
            });
            if let Value::Set(set) = self.update(&Value::Set(Rc::new(outputs.clone())), &here) {
                outputs = Set::clone(&set);
            }
        }
        let outputs = Lazy::done(Value::Set(Rc::new(outputs)));
        match module.attributes.get("flake") {
            Some(flake) => self.update_deeply(&outputs, flake, 3),
            None => self.force(&outputs),
        }
    }

    /// The texts of a list, if all are known.
    fn texts(&self, list: &Lazy) -> Option<Vec<String>> {
        let Value::List(items) = self.force(list) else {
            return None;
        };
        let texts = items.iter().map(|item| match self.force(item) {
            Value::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    /// Names of the arguments that a function's pattern lists.
    pub(super) fn argument_names(function: &super::value::Function) -> Vec<String> {
        use rowan::ast::AstNode;
        let Some(rnix::ast::Param::Pattern(pattern)) = function.lambda.param() else {
            return Vec::new();
        };
        let entries = pattern
            .pat_entries()
            .filter(|entry| entry.default().is_none());
        let names = entries.filter_map(|entry| entry.ident());
        names
            .map(|ident| ident.syntax().text().to_string())
            .collect()
    }
}
