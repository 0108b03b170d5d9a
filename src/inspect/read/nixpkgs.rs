//! What nixpkgs' way of putting packages together makes of its arguments: `callPackage`, overlays,
//! scopes, fixed points, conditions, warnings.

use std::rc::Rc;

use super::known::{CALLED, FOREIGN, Library, row};
use super::lists::{incomplete, list};
use super::reader::{Reader, longer};
use super::value::{Dotted, Lazy, Package, Piece, Set, Value, Waiting, Work};

/// Functions that arrange packages and values.
pub(super) const ROWS: &[Library] = &[
    row("import", 1, |r, _, a| {
        a.first().map_or_else(incomplete, |it| r.import(it))
    }),
    row("scopedImport", 2, |r, _, a| {
        a.get(1).map_or_else(incomplete, |it| r.import(it))
    }),
    row("fetchTarball", 1, fetched),
    row("callPackage", 2, |r, names, a| match a {
        [function, given] => {
            let called = r.call_package(None, function, given);
            elsewhere(names, called, function)
        }
        _ => incomplete(),
    }),
    row("callPackages", 2, |r, _, a| match a {
        [function, given] => r.call_package(None, function, given),
        _ => incomplete(),
    }),
    row("callPackageWith", 3, |r, _, a| match a {
        [scope, function, given] => r.call_package(Some(scope), function, given),
        _ => incomplete(),
    }),
    row("callPackagesWith", 3, |r, _, a| match a {
        [scope, function, given] => r.call_package(Some(scope), function, given),
        _ => incomplete(),
    }),
    row("newScope", 3, |r, _, a| match a {
        [scope, function, given] => r.call_package(Some(scope), function, given),
        _ => incomplete(),
    }),
    row("!newScope", 4, |r, _, a| match a {
        [base, more, function, given] => {
            let scope = Lazy::new(Work::Update(base.clone(), more.clone()), None);
            r.call_package(Some(&scope), function, given)
        }
        _ => incomplete(),
    }),
    row("makeScope", 2, make_scope),
    row("makeOverridable", 2, |r, _, a| match a {
        [function, argument] => r.call(r.force(function), argument.clone()),
        _ => incomplete(),
    }),
    row("fix", 1, fixed),
    row("fix'", 1, fixed),
    row("makeExtensible", 1, fixed),
    row("extends", 3, extends),
    row("composeExtensions", 4, composed),
    row("composeManyExtensions", 3, composed_many),
    row("extend", 1, |r, names, a| {
        let base = Value::Outside(names.iter().take(names.len() - 1).cloned().collect());
        r.force(&overlaid(base, a.to_vec()))
    }),
    row("!extend", 2, |r, _, a| match a {
        [base, overlay] => r.force(&overlaid(r.force(base), vec![overlay.clone()])),
        _ => incomplete(),
    }),
    row("override", 1, overridden_set),
    row("!override", 2, |r, _, a| {
        a.first().map_or_else(incomplete, |it| r.force(it))
    }),
    row("!overrideAttrs", 2, override_attrs),
    row("appendOverlays", 1, |r, names, a| {
        let base = Value::Outside(names.iter().take(names.len() - 1).cloned().collect());
        match list(r, a.first()) {
            Ok(overlays) => r.force(&overlaid(base, overlays.to_vec())),
            Err(_) => base,
        }
    }),
    row("mkIf", 2, under_condition),
    row("mkMerge", 1, |r, _, a| match list(r, a.first()) {
        Ok(items) => {
            let start = Lazy::done(Value::Set(Rc::default()));
            let all = items.iter().fold(start, |all, item| {
                Lazy::done(r.update_deeply(&all, item, 8))
            });
            r.force(&all)
        }
        Err(unknown) => unknown,
    }),
    row("mkDefault", 1, last),
    row("mkForce", 1, last),
    row("mkBefore", 1, last),
    row("mkAfter", 1, last),
    row("mkOverride", 2, last),
    row("mkOrder", 2, last),
    row("id", 1, last),
    row("const", 2, |r, _, a| {
        a.first().map_or_else(incomplete, |it| r.force(it))
    }),
    row("flip", 3, |r, _, a| match a {
        [function, first, second] => {
            r.call_all(r.force(function), &[second.clone(), first.clone()])
        }
        _ => incomplete(),
    }),
    row("seq", 2, last),
    row("deepSeq", 2, last),
    row("trace", 2, last),
    row("traceVal", 1, last),
    row("warn", 2, last),
    row("warnIf", 3, last),
    row("warnIfNot", 3, last),
    row("throwIf", 3, last),
    row("throwIfNot", 3, last),
    row("addErrorContext", 2, last),
    row("assertMsg", 2, |_, _, _| Value::bool(true)),
    row("lazyDerivation", 1, |r, _, a| match a.first() {
        Some(it) => r.select(&r.force(it), "derivation"),
        None => incomplete(),
    }),
    // flake-parts: a file that gives a module when it is given what it needs of its own flake.
    row("importApply", 2, |r, _, a| match a {
        [file, given] => r.call(r.import(file), given.clone()),
        _ => incomplete(),
    }),
    row("hydraJob", 1, last),
    row("dontDistribute", 1, last),
    row("lowPrio", 1, last),
    row("hiPrio", 1, last),
    row("addMetaAttrs", 2, last),
    row("justStaticExecutables", 1, last),
    row("dontCheck", 1, last),
    row("dontHaddock", 1, last),
    row("dontHyperlinkSource", 1, last),
    row("enableSharedExecutables", 1, last),
    row("disableLibraryProfiling", 1, last),
    row("enableSeparateBinOutput", 1, last),
    row("generateOptparseApplicativeCompletions", 2, last),
    row("overrideCabal", 2, |r, _, a| {
        a.first().map_or_else(incomplete, |it| r.force(it))
    }),
    row("overrideScope", 1, |r, names, a| {
        let base = Value::Outside(names.iter().take(names.len() - 1).cloned().collect());
        r.force(&overlaid(base, a.to_vec()))
    }),
    row("doJailbreak", 1, last),
    row("throw", 1, |_, _, _| {
        Value::unknown("the project says that it is an error")
    }),
    row("abort", 1, |_, _, _| {
        Value::unknown("the project says that it is an error")
    }),
    row("getEnv", 1, |r, _, a| {
        match a.first().map(|it| r.force(it)) {
            // Nobody builds in a nix-shell here.
            Some(Value::Text(name)) if &*name == "IN_NIX_SHELL" => Value::text(""),
            _ => Value::unknown("it depends on the environment"),
        }
    }),
    row("tryEval", 1, |_, _, a| match a {
        [value] => Value::set([
            ("success", Lazy::done(Value::bool(true))),
            ("value", value.clone()),
        ]),
        _ => incomplete(),
    }),
    row("dontRecurse", 1, last),
];

fn last(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    arguments
        .last()
        .map_or_else(incomplete, |it| reader.force(it))
}

/// A package of `pkgsCross` or `pkgsStatic` is another derivation than that of `pkgs`.
fn elsewhere(names: &Dotted, called: Value, at: &Lazy) -> Value {
    let set = names.iter().find(|name| {
        matches!(
            &***name,
            "pkgsCross" | "pkgsStatic" | "pkgsMusl" | "pkgsi686Linux"
        )
    });
    let (Value::Package(package), Some(set)) = (&called, set) else {
        return called;
    };
    let mut package = Package::clone(package);
    package.function = format!("{set}.{}", package.function);
    package.place = at.place();
    if matches!(&**set, "pkgsCross" | "pkgsi686Linux") {
        package.builder = &FOREIGN;
    }
    Value::package(package)
}

/// A tree from the network, named after what its URL says.
fn fetched(reader: &Reader, names: &Dotted, arguments: &[Lazy]) -> Value {
    let mut pieces = Vec::new();
    if let Some(argument) = arguments.first() {
        let value = match reader.force(argument) {
            Value::Set(set) => reader.select(&Value::Set(set), "url"),
            other => other,
        };
        Reader::pieces_of(&value, &mut pieces);
    }
    for name in ["flake-compat", "nixpkgs"] {
        let says = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains(name));
        if pieces.iter().any(says) {
            return Value::Outside(longer(names, name));
        }
    }
    Value::Outside(Rc::clone(names))
}

/// A fixed point of a function of itself.
fn fixed(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let Some(function) = arguments.first().cloned() else {
        return incomplete();
    };
    let spot = function.spot();
    let knot = Lazy::knot(
        move |reader, itself| reader.call(reader.force(&function), itself.clone()),
        spot,
    );
    reader.force(&knot)
}

/// `extends overlay base final`
fn extends(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [overlay, base, last] = arguments else {
        return incomplete();
    };
    let before = reader.call(reader.force(base), last.clone());
    let more = [last.clone(), Lazy::done(before.clone())];
    let more = reader.call_all(reader.force(overlay), &more);
    reader.update(&before, &more)
}

/// `composeExtensions first second final prev`
fn composed(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [first, second, last, before] = arguments else {
        return incomplete();
    };
    let both = [first.clone(), second.clone()];
    apply_overlays(
        reader,
        &both,
        last,
        &reader.force(before),
        Value::Set(Rc::default()),
    )
}

fn composed_many(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [overlays, last, before] = arguments else {
        return incomplete();
    };
    match list(reader, Some(overlays)) {
        Ok(overlays) => {
            let before = reader.force(before);
            apply_overlays(reader, &overlays, last, &before, Value::Set(Rc::default()))
        }
        Err(unknown) => unknown,
    }
}

/// What overlays add to `before`, put over `start`.
fn apply_overlays(
    reader: &Reader,
    overlays: &[Lazy],
    last: &Lazy,
    before: &Value,
    start: Value,
) -> Value {
    let mut added = start;
    for overlay in overlays {
        let function = match reader.force(overlay) {
            Value::Path(path) => reader.open(&path),
            other => other,
        };
        // An overlay of the outside adds what nobody here knows by name.
        if !matches!(function, Value::Function(_) | Value::Waiting(_)) {
            continue;
        }
        let previous = reader.update(before, &added);
        let more = reader.call_all(function, &[last.clone(), Lazy::done(previous)]);
        if let more @ Value::Set(_) = more {
            added = reader.update(&added, &more);
        }
    }
    added
}

/// A package set with overlays.
pub(super) fn overlaid(base: Value, overlays: Vec<Lazy>) -> Lazy {
    Lazy::knot(
        move |reader, last| {
            let start = match &base {
                Value::Outside(names) => Value::Set(Rc::new(Set::over(Rc::clone(names)))),
                other => other.clone(),
            };
            apply_overlays(reader, &overlays, last, &base, start)
        },
        None,
    )
}

/// `haskellPackages.override { overrides = self: super: …; }`, and the same for Python.
fn overridden_set(reader: &Reader, names: &Dotted, arguments: &[Lazy]) -> Value {
    let base: Dotted = names.iter().take(names.len() - 1).cloned().collect();
    let given = match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Set(set)) => set,
        Some(Value::Function(function)) => {
            let before = Lazy::done(Value::Set(Rc::new(Set::over(longer(&base, "old")))));
            match reader.enter(&function, before) {
                Value::Set(set) => set,
                _ => return Value::Outside(base),
            }
        }
        _ => return Value::Outside(base),
    };
    if let Some(overlay) = given.attributes.get("overrides") {
        return reader.force(&overlaid(Value::Outside(base), vec![overlay.clone()]));
    }
    if let Some(overlay) = given.attributes.get("packageOverrides") {
        let mut set = Set::over(Rc::clone(&base));
        let packages = overlaid(Value::Outside(longer(&base, "pkgs")), vec![overlay.clone()]);
        set.attributes.insert(Rc::from("pkgs"), packages);
        return Value::Set(Rc::new(set));
    }
    Value::Outside(base)
}

/// `package.overrideAttrs (old: { … })`: the same package, with what the set says.
fn override_attrs(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let (Some(Value::Package(package)), Some(change)) = (
        arguments.first().map(|it| reader.force(it)),
        arguments.get(1),
    ) else {
        return incomplete();
    };
    let mut changed = Package::clone(&package);
    let change = match reader.force(change) {
        Value::Function(function) => {
            let old = Lazy::done(Value::Set(Rc::new(Set::over(Rc::from([Rc::from("old")])))));
            match reader.enter(&function, old.clone()) {
                // `final: prev: { … }`
                Value::Function(function) => reader.enter(&function, old),
                value => value,
            }
        }
        value => value,
    };
    if let Value::Set(set) = change {
        reader.read_changes(&mut changed, &set);
    }
    Value::package(changed)
}

/// `makeScope newScope (self: { … })`
fn make_scope(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let Some(function) = arguments.get(1).cloned() else {
        return incomplete();
    };
    let spot = function.spot();
    let knot = Lazy::knot(
        move |reader, itself| {
            let mut set = match reader.call(reader.force(&function), itself.clone()) {
                Value::Set(set) => Set::clone(&set),
                other => return other,
            };
            let call = Waiting {
                names: Rc::from([Rc::from("callPackageWith")]),
                wants: 3,
                arguments: vec![itself.clone()],
            };
            let call = Lazy::done(Value::Waiting(Rc::new(call)));
            set.attributes
                .entry(Rc::from("callPackage"))
                .or_insert(call);
            Value::Set(Rc::new(set))
        },
        spot,
    );
    // `self.callPackage` is met while the set is made: it must not need the whole set.
    reader.force(&knot)
}

fn under_condition(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [condition, value] = arguments else {
        return incomplete();
    };
    match reader.force(condition).as_bool() {
        Some(true) => reader.force(value),
        Some(false) => Value::Set(Rc::default()),
        None => reader.half_known(value),
    }
}

impl Reader {
    fn import(&self, file: &Lazy) -> Value {
        let value = self.force(file);
        if let Some(path) = self.as_path(&value) {
            if path.file_name().is_some_and(|name| name == "Cargo.nix") {
                let folder = path.parent().map(std::path::Path::to_owned);
                return self.cargo_nix(&folder.unwrap_or_default(), file.place());
            }
            return self.open(&path);
        }
        match value {
            // `import nixpkgs { … }` and `import <nixpkgs> { … }` give a package set.
            Value::Outside(names) => Value::Outside(names),
            Value::Unknown(because) => Value::Unknown(because),
            // A source of niv or npins: a set with an `outPath` of the outside.
            Value::Set(set) => match set.attributes.get("outPath").map(|it| self.force(it)) {
                Some(Value::Outside(names)) => Value::Outside(names),
                _ => Value::outside(["import"]),
            },
            Value::Mixed(_) => {
                Value::unknown("it imports a file that is fetched or built when Nix evaluates it")
            }
            _ => Value::unknown("it imports something that is not a file of the project"),
        }
    }

    /// Calls something of the outside that nobody knows here.
    pub(super) fn call_outside(&self, names: &Dotted, argument: &Lazy) -> Value {
        let has = |part: &str| names.iter().any(|name| name.contains(part));
        if has("flake-compat")
            && let Value::Set(set) = self.force(argument)
            && let Some(source) = set.attributes.get("src")
            && let Some(path) = self.as_path(&self.force(source))
        {
            return super::flake::compat(self, &path);
        }
        // Whatever is imported and takes overlays is a nixpkgs, by whichever way it was fetched.
        if (has("nixpkgs") || has("fetch") || has("sources"))
            && let Value::Set(set) = self.force(argument)
            && let Some(overlays) = set.attributes.get("overlays").cloned()
        {
            let base = Value::Outside(Rc::clone(names));
            let pkgs = Lazy::knot(
                move |reader, _| match list(reader, Some(&overlays)) {
                    Ok(overlays) => reader.force(&overlaid(base.clone(), overlays.to_vec())),
                    Err(_) => base.clone(),
                },
                None,
            );
            return self.force(&pkgs);
        }
        Value::Outside(Rc::clone(names))
    }

    /// `callPackage file { given }`: the file's function with what is given, then what the scope lists,
    /// and the outside for the rest.
    pub(super) fn call_package(
        &self,
        scope: Option<&Lazy>,
        function: &Lazy,
        given: &Lazy,
    ) -> Value {
        let written = self.force(function);
        let function = match self.as_path(&written) {
            Some(_) => self.import(function),
            None => written,
        };
        let called = Value::package(Package::of("callPackage", &CALLED));
        let function = match function {
            Value::Function(function) => function,
            // `callPackage naersk { }` gives what the outside made of it.
            Value::Outside(names) if !names.is_empty() => return Value::Outside(names),
            ready @ Value::Set(_) => return ready,
            _ => return called,
        };
        let mut arguments = match self.force(given) {
            Value::Set(set) => Set::clone(&set),
            _ => Set::default(),
        };
        let scope = scope.map(|scope| self.force(scope));
        let wanted = Self::all_argument_names(&function);
        for (name, has_default) in wanted {
            if arguments.attributes.contains_key(&*name) {
                continue;
            }
            let listed = match &scope {
                Some(Value::Set(set)) => set.attributes.get(&*name).cloned(),
                _ => None,
            };
            let value = match (listed, has_default) {
                (Some(listed), _) => listed,
                (None, true) => continue,
                (None, false) => match &scope {
                    Some(set @ Value::Set(_)) if name.starts_with("callPackage") => {
                        Lazy::done(self.select(set, &name))
                    }
                    _ => Lazy::outside(&name),
                },
            };
            arguments.attributes.insert(Rc::from(name), value);
        }
        let arguments = Lazy::done(Value::Set(Rc::new(arguments)));
        match self.enter(&function, arguments) {
            Value::Unknown(_) => called,
            value => value,
        }
    }
}
