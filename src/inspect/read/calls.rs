//! Functions: those of the project are followed, known ones of the outside are answered, others stay outside.

use std::rc::Rc;

use rnix::ast::{self, Param};
use rowan::ast::AstNode;

use super::SYSTEM;
use super::known::{self, Makes};
use super::operators::known_or;
use super::reader::{Reader, longer};
use super::value::{Beyond, Function, Lazy, Package, Scope, Set, Value, Waiting, Work};

impl Reader {
    pub(super) fn function(lambda: &ast::Lambda, scope: &Scope) -> Value {
        Value::Function(Rc::new(Function {
            lambda: lambda.clone(),
            scope: scope.clone(),
        }))
    }

    pub(super) fn application(&self, it: &ast::Apply, scope: &Scope) -> Value {
        let function = self.optional(it.lambda(), scope);
        match it.argument() {
            Some(argument) => self.call(function, Self::later(&argument, scope)),
            None => Value::unknown("the call is not complete"),
        }
    }

    /// `value.a.b` and `value.a.b or default`.
    pub(super) fn selection(&self, it: &ast::Select, scope: &Scope) -> Value {
        let mut value = self.optional(it.expr(), scope);
        for attr in it.attrpath().into_iter().flat_map(|path| path.attrs()) {
            let Some(name) = self.attribute_name(&attr, scope) else {
                return Value::unknown("an attribute's name is worked out by Nix");
            };
            if let (Some(false), Some(default)) = (has(&value, &name), it.default_expr()) {
                return self.evaluate(&default, scope);
            }
            value = self.select(&value, &name);
        }
        value
    }

    /// `value ? a.b`.
    pub(super) fn has_attribute(&self, it: &ast::HasAttr, scope: &Scope) -> Value {
        let mut value = self.optional(it.expr(), scope);
        for attr in it.attrpath().into_iter().flat_map(|path| path.attrs()) {
            let name = self.attribute_name(&attr, scope);
            match name.as_ref().and_then(|name| has(&value, name)) {
                Some(true) => {}
                other => return known_or(other),
            }
            value = name.map_or(Value::Plain("null"), |name| self.select(&value, &name));
        }
        Value::bool(true)
    }

    /// The attribute `name` of a value.
    pub(super) fn select(&self, value: &Value, name: &str) -> Value {
        match value {
            Value::Set(set) => self.select_of_set(set, name),
            Value::Outside(names) => select_outside(names, name),
            Value::Package(package) => selected_from_package(package, name),
            // `mkDerivation` of whatever package set is the one everybody means.
            Value::Unknown(_) if known::is_known(name) => Value::outside([name]),
            Value::Unknown(because) => Value::Unknown(Rc::clone(because)),
            _ => Value::unknown(format!(
                "`{name}` is taken from something that is not a set"
            )),
        }
    }

    fn select_of_set(&self, set: &Rc<Set>, name: &str) -> Value {
        if let Some(value) = set.attributes.get(name) {
            return self.force(value);
        }
        match (&set.beyond, &set.open) {
            // What an overlay added must be seen by the files that are called.
            (Some(Beyond::Outside(names)), _)
                if matches!(name, "callPackage" | "callPackages" | "newScope") =>
            {
                let (with, wants) = match name {
                    "newScope" => ("!newScope", 4),
                    _ => ("callPackageWith", 3),
                };
                Value::Waiting(Rc::new(Waiting {
                    names: longer(names, with),
                    wants,
                    arguments: vec![Lazy::done(Value::Set(Rc::clone(set)))],
                }))
            }
            (Some(Beyond::Outside(names)), _)
                if matches!(name, "extend" | "appendOverlays" | "overrideScope") =>
            {
                Value::Waiting(Rc::new(Waiting {
                    names: longer(names, "!extend"),
                    wants: 2,
                    arguments: vec![Lazy::done(Value::Set(Rc::clone(set)))],
                }))
            }
            (Some(Beyond::Outside(names)), _) => select_outside(names, name),
            (Some(Beyond::Each(make)), _) => make(name),
            (None, Some(because)) => Value::Unknown(Rc::clone(because)),
            (None, None) => Value::unknown(format!("there is no attribute `{name}`")),
        }
    }

    /// Applies a function to several arguments.
    pub(super) fn call_all(&self, function: Value, arguments: &[Lazy]) -> Value {
        let arguments = arguments.iter().cloned();
        arguments.fold(function, |function, argument| self.call(function, argument))
    }

    /// Applies a function to one argument.
    pub(super) fn call(&self, function: Value, argument: Lazy) -> Value {
        match function {
            Value::Function(function) => self.enter(&function, argument),
            Value::Outside(names) => match known::wants(&names) {
                Some(wants) => self.wait(&names, wants, vec![argument]),
                // An unknown function's result is still named after it: `(import nixpkgs { }).hello`.
                None => self.call_outside(&names, &argument),
            },
            Value::Waiting(waiting) => {
                let mut arguments = waiting.arguments.clone();
                arguments.push(argument);
                self.wait(&waiting.names, waiting.wants, arguments)
            }
            Value::Unknown(because) => Value::Unknown(because),
            // Called again after its last argument, as `callPackage ./x.nix { } { }`: still that package.
            Value::Package(package) => Value::Package(package),
            Value::Set(set) => match set.attributes.get("__functor") {
                Some(functor) => {
                    let functor = self.force(functor);
                    let itself = Lazy::done(Value::Set(set));
                    self.call_all(functor, &[itself, argument])
                }
                // `import nixpkgs { overlays = …; } { }` and other sets of the outside.
                None if set.beyond.is_some() => Value::Set(set),
                None => Value::unknown("something that is not a function is called"),
            },
            _ => Value::unknown("something that is not a function is called"),
        }
    }

    fn wait(&self, names: &super::value::Dotted, wants: usize, arguments: Vec<Lazy>) -> Value {
        if arguments.len() < wants {
            return Value::Waiting(Rc::new(Waiting {
                names: Rc::clone(names),
                wants,
                arguments,
            }));
        }
        match known::find(names) {
            Some(known::Known::Builder(builder)) => self.build(names, builder, &arguments),
            Some(known::Known::Library(row)) => (row.call)(self, names, &arguments),
            None => Value::Outside(Rc::clone(names)),
        }
    }

    /// The value of a function of the project for `argument`.
    pub(super) fn enter(&self, function: &Function, argument: Lazy) -> Value {
        let inner = function.scope.bound();
        match function.lambda.param() {
            Some(Param::IdentParam(it)) => {
                if let Some(ident) = it.ident() {
                    inner.bind(ident.syntax().text().to_string(), argument);
                }
            }
            Some(Param::Pattern(it)) => self.bind_pattern(&it, &argument, &inner),
            None => return Value::unknown("the function is not complete"),
        }
        self.optional(function.lambda.body(), &inner)
    }

    fn bind_pattern(&self, pattern: &ast::Pattern, argument: &Lazy, inner: &Scope) {
        if let Some(ident) = pattern.pat_bind().and_then(|bind| bind.ident()) {
            inner.bind(ident.syntax().text().to_string(), argument.clone());
        }
        let given = self.force(argument);
        for entry in pattern.pat_entries() {
            self.spend(1);
            let Some(ident) = entry.ident() else { continue };
            let name: Rc<str> = Rc::from(ident.syntax().text().to_string());
            let present = match &given {
                Value::Set(set) => set.attributes.get(&name).cloned(),
                _ => None,
            };
            let value = match (present, entry.default()) {
                (Some(value), _) => value,
                (None, Some(default)) => Self::later(&default, inner),
                (None, None) => Lazy::new(
                    Work::Select(argument.clone(), Rc::clone(&name)),
                    argument.spot(),
                ),
            };
            inner.bind(name, value);
        }
    }

    /// Names of the arguments that a function's pattern lists, and whether each has a default.
    pub(super) fn all_argument_names(function: &Function) -> Vec<(String, bool)> {
        let Some(Param::Pattern(pattern)) = function.lambda.param() else {
            return Vec::new();
        };
        let entries = pattern.pat_entries();
        let names = entries.filter_map(|entry| {
            let name = entry.ident()?.syntax().text().to_string();
            Some((name, entry.default().is_some()))
        });
        names.collect()
    }

    /// Names of the arguments that a function's pattern lists without a default.
    pub(super) fn argument_names(function: &Function) -> Vec<String> {
        let names = Self::all_argument_names(function).into_iter();
        let required = names.filter(|(_, has_default)| !has_default);
        required.map(|(name, _)| name).collect()
    }
}

/// Whether a value has an attribute, if that is known.
pub(super) fn has(value: &Value, name: &str) -> Option<bool> {
    match value {
        Value::Set(set) if set.attributes.contains_key(name) => Some(true),
        Value::Set(set) if set.is_closed() => Some(false),
        Value::Text(_)
        | Value::Mixed(_)
        | Value::Plain(_)
        | Value::Number(_)
        | Value::List(_)
        | Value::Path(_)
        | Value::Function(_) => Some(false),
        _ => None,
    }
}

/// An attribute of the outside. The reader answers for the one system that a dyno is.
fn select_outside(names: &[Rc<str>], name: &str) -> Value {
    let last = names.last().map_or("", |name| &**name);
    match name {
        "system" | "currentSystem" => Value::text(SYSTEM),
        // flake-utils' `system.x86_64-linux`
        SYSTEM if last == "system" => Value::text(SYSTEM),
        "isLinux" | "isx86_64" | "isx86" | "is64bit" | "isGnu" | "isUnix" => Value::bool(true),
        "isDarwin" | "isAarch64" | "isMacOS" | "isAarch" | "isMusl" | "isWindows" | "isStatic"
        | "inNixShell" | "isCygwin" | "isFreeBSD" | "isArmv7" => Value::bool(false),
        _ => Value::Outside(longer(names, name)),
    }
}

fn has_builders(package: &Package) -> bool {
    package.builder.makes == Makes::Environment || package.builder == &known::CALLED
}

/// A package with other arguments is still that package; its outputs are not what is deployed.
fn selected_from_package(package: &Rc<Package>, name: &str) -> Value {
    match name {
        "out" | "bin" => Value::Package(Rc::clone(package)),
        // A machine's image lies deep inside its configuration.
        _ if known::is_machine(package.builder) => Value::Package(Rc::clone(package)),
        // devenv's shell holds the script that starts its processes.
        "config" if package.builder.makes == Makes::Shell => {
            Value::package(Package::of("devenv", &known::DEVENV))
        }
        "src" => package.folder.as_ref().map_or_else(
            || Value::unknown("the folder of the sources is not said"),
            Value::path,
        ),
        "override"
        | "overrideAttrs"
        | "overrideDerivation"
        | "overridePythonAttrs"
        | "overrideScope" => {
            let row = if name == "override" {
                "!override"
            } else {
                "!overrideAttrs"
            };
            Value::Waiting(Rc::new(Waiting {
                names: Rc::from([Rc::from(row)]),
                wants: 2,
                arguments: vec![Lazy::done(Value::Package(Rc::clone(package)))],
            }))
        }
        "pname" | "name" => package.name.clone().map_or_else(
            || Value::unknown("the package's name is not known"),
            Value::text,
        ),
        // `(php.withExtensions …).buildComposerProject2`: an interpreter has builders of its own.
        // So has what `callPackage` made of a library's file.
        _ if has_builders(package) && known::is_known(name) => Value::outside([name]),
        _ => Value::unknown(format!("`{name}` of a package is known only to Nix")),
    }
}
