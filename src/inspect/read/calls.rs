//! Functions: those of the project are followed, known ones of the outside are answered, others stay outside.

use std::rc::Rc;

use rnix::ast::{self, Param};
use rowan::ast::AstNode;

use super::known::{self, Builder, Tells};
use super::reader::Reader;
use super::value::{Function, Lazy, Package, Scope, Set, Value, Waiting, Work};

impl Reader<'_> {
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
            let lacks = matches!(&value, Value::Set(set)
                if set.open.is_none() && !set.attributes.contains_key(&name));
            if lacks && let Some(default) = it.default_expr() {
                return self.evaluate(&default, scope);
            }
            value = self.select(&value, &name);
        }
        value
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
            Value::Outside(names) => {
                let name = names.last().map_or("", String::as_str);
                match known::wants(name) {
                    Some(wants) => self.wait(names, wants, vec![argument]),
                    // An unknown function's result is still named after it: `(import nixpkgs { }).hello`.
                    None => Value::Outside(names),
                }
            }
            Value::Waiting(waiting) => {
                let mut arguments = waiting.arguments.clone();
                arguments.push(argument);
                self.wait(waiting.names.clone(), waiting.wants, arguments)
            }
            // `{ __functor = …; }` and the like.
            Value::Unknown(because) => Value::Unknown(because),
            // Called again after its last argument, as `callPackage ./x.nix { } { }`: still that package.
            Value::Package(package) => Value::Package(package),
            _ => Value::unknown("something that is not a function is called"),
        }
    }

    fn wait(&self, names: Vec<String>, wants: usize, arguments: Vec<Lazy>) -> Value {
        if arguments.len() < wants {
            return Value::Waiting(Rc::new(Waiting {
                names,
                wants,
                arguments,
            }));
        }
        let name = names.last().map_or("", String::as_str);
        match known::builder(name) {
            Some(builder) => self.build(name, builder, &arguments),
            None => self.call_library(&names, &arguments),
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
            let Some(ident) = entry.ident() else { continue };
            let name = ident.syntax().text().to_string();
            let present = match &given {
                Value::Set(set) => set.attributes.get(&name).cloned(),
                _ => None,
            };
            let value = match (present, entry.default()) {
                (Some(value), _) => value,
                (None, Some(default)) => Self::later(&default, inner),
                (None, None) => Lazy::new(
                    Work::Select(argument.clone(), name.clone()),
                    argument.place().cloned(),
                ),
            };
            inner.bind(name, value);
        }
    }

    /// What a builder makes of its arguments.
    fn build(&self, function: &str, builder: &'static Builder, arguments: &[Lazy]) -> Value {
        let mut package = Package::of(function, builder);
        let first = arguments.first();
        match (builder.tells, first) {
            (Tells::Attributes | Tells::AttributesOfProgram, Some(first)) => {
                self.read_attributes(&mut package, first);
            }
            (Tells::Program, Some(first)) => {
                if let (Value::Text(name), Some(place)) = (self.force(first), first.place()) {
                    package.name = Some(name.clone());
                    package.program = Some((name, place.clone()));
                }
            }
            (Tells::Name, Some(first)) => {
                if let Value::Text(name) = self.force(first) {
                    package.name = Some(name);
                }
            }
            _ => {}
        }
        Value::Package(Rc::new(package))
    }

    /// `pname`, `name` and `meta.mainProgram` of a builder's set.
    fn read_attributes(&self, package: &mut Package, argument: &Lazy) {
        let set = match self.force(argument) {
            // `mkDerivation (finalAttrs: { … })`
            Value::Function(function) => {
                let outside = Value::Outside(vec!["finalAttrs".to_owned()]);
                self.enter(&function, Lazy::done(outside))
            }
            value => value,
        };
        let Value::Set(set) = set else { return };
        let text = |name: &str| {
            let lazy = set.attributes.get(name)?;
            match self.force(lazy) {
                Value::Text(text) => Some((text, lazy.place().cloned())),
                _ => None,
            }
        };
        let name = text("pname").or_else(|| text("name"));
        if package.builder.tells == Tells::AttributesOfProgram
            && let Some((name, Some(place))) = name.clone()
        {
            package.program = Some((name, place));
        }
        package.name = name.map(|(name, _)| name);
        self.read_meta(package, &set);
    }

    /// `meta.mainProgram` of a builder's set, or of what is put over a package with `//`.
    pub(super) fn read_meta(&self, package: &mut Package, set: &Set) {
        let meta = set.attributes.get("meta").map(|meta| self.force(meta));
        if let Some(Value::Set(meta)) = meta
            && let Some(main) = meta.attributes.get("mainProgram")
            && let (Value::Text(name), Some(place)) = (self.force(main), main.place())
        {
            package.program = Some((name, place.clone()));
        }
    }
}
