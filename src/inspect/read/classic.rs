//! Reads a default.nix, or another file in its place: which of the usual shapes it has, and what can be built from it.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use rnix::ast::Param;
use rowan::ast::AstNode;

use crate::error::Result;
use crate::names::AttrPath;
use crate::nix::Argument;

use super::super::project::ClassicShape;
use super::flake::why_open;
use super::known;
use super::reader::Reader;
use super::value::{Function, Lazy, Set, Value};
use super::{Attribute, What};
use crate::inspect::lint::Lint;

/// What the file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct ClassicReading {
    /// What the file is.
    pub(in crate::inspect) shape: ClassicShape,
    /// What it can build: the file itself, or its attributes.
    pub(in crate::inspect) attributes: Vec<Attribute>,
    /// Why there may be more than that.
    pub(in crate::inspect) open: Option<String>,
    /// Whether it is a NixOS module.
    pub(in crate::inspect) module: bool,
    /// Whether it uses `<nixpkgs>`, and on which line.
    pub(in crate::inspect) search_path: Option<u32>,
    /// The names that its function takes, and those among the given arguments that it takes not.
    pub(in crate::inspect) takes: Vec<String>,
    pub(in crate::inspect) untaken: Vec<String>,
    /// What its files say beside their value.
    pub(in crate::inspect) lint: Lint,
}

pub(super) fn read(
    dir: &Path,
    path: &Path,
    text: &str,
    given: &BTreeMap<String, Argument>,
) -> Result<ClassicReading> {
    let reader = Reader::new(dir);
    let (expr, scope) = reader.root(path, text)?;
    let search_path = expr
        .syntax()
        .descendants()
        .find(|node| node.kind() == rnix::SyntaxKind::NODE_PATH_SEARCH)
        .map(|node| {
            scope
                .spot(usize::from(node.text_range().start()))
                .place()
                .line
        });
    let mut value = reader.evaluate(&expr, &scope);
    let mut required = Vec::new();
    let mut module = false;
    let (mut takes, mut untaken) = (Vec::new(), Vec::new());
    if let Value::Function(function) = &value {
        required = required_arguments(function);
        module = is_module(function);
        let argument = match function.lambda.param() {
            Some(Param::Pattern(pattern)) => {
                // As `nix-build` calls it: what it doesn't name is left out.
                required.retain(|name| !given.contains_key(name));
                let outside = required
                    .iter()
                    .map(|name| (name.clone(), Lazy::outside(name)));
                let named = Reader::all_argument_names(function).into_iter();
                let named: Vec<String> = named.map(|(name, _)| name).collect();
                let own = named
                    .iter()
                    .filter_map(|name| Some((name.clone(), argument(name, given.get(name)?))));
                let argument = Value::set(outside.chain(own));
                if pattern.ellipsis_token().is_none() {
                    let others = given.keys().filter(|name| !named.contains(name));
                    untaken = others.cloned().collect();
                }
                takes = named;
                argument
            }
            _ => Value::outside(required.iter().map(String::as_str)),
        };
        value = reader.enter(function, Lazy::done(argument));
    }
    let spot = scope.spot(usize::from(expr.syntax().text_range().start()));
    let lazy = Lazy::done_at(value.clone(), Some(spot));
    let mut reading = shape(&reader, &value, &lazy);
    if !required.is_empty() {
        let package = matches!(value, Value::Package(_)) && search_path.is_none();
        reading.shape = if package && required.iter().any(|name| is_of_nixpkgs(name)) {
            ClassicShape::CallPackage { required }
        } else {
            ClassicShape::NeedsArguments { required }
        };
    }
    reading.module = module;
    reading.takes = takes;
    reading.untaken = untaken;
    reading.search_path = search_path;
    reading.lint = reader.lint();
    Ok(reading)
}

fn shape(reader: &Reader, value: &Value, lazy: &Lazy) -> ClassicReading {
    let mut reading = ClassicReading {
        shape: ClassicShape::Derivation,
        attributes: Vec::new(),
        open: None,
        module: false,
        search_path: None,
        takes: Vec::new(),
        untaken: Vec::new(),
        lint: Lint::default(),
    };
    match value {
        Value::Package(_) => {
            let root = AttrPath::default();
            reading
                .attributes
                .extend(super::attribute(reader, root, lazy));
        }
        Value::Set(set) => {
            reading.shape = ClassicShape::AttributeSet;
            reading.open = why_open(set);
            reading.attributes = members(reader, set);
        }
        other => {
            let because = why_unknown(other);
            reading.open = Some(because.clone());
            reading.shape = ClassicShape::Unknown { because };
        }
    }
    reading
}

/// Attributes that may be derivations: one level deep, and one more where `recurseIntoAttrs` says so.
fn members(reader: &Reader, set: &Rc<Set>) -> Vec<Attribute> {
    let mut found = Vec::new();
    for (name, lazy) in &set.attributes {
        let path = AttrPath::new([&**name]);
        match reader.force(lazy) {
            Value::Set(inner) if inner.attributes.contains_key("recurseForDerivations") => {
                for (last, lazy) in &inner.attributes {
                    found.extend(super::attribute(reader, path.child(last), lazy));
                }
            }
            Value::Set(inner) if &**name == "hsPkgs" => {
                found.extend(executables(reader, &path, &inner));
            }
            _ => found.extend(super::attribute(reader, path, lazy)),
        }
    }
    found.retain(|it| !is_package_set(it));
    found
}

/// haskell.nix: `hsPkgs.PACKAGE.components.exes.NAME`.
fn executables(reader: &Reader, path: &AttrPath, packages: &Set) -> Vec<Attribute> {
    let mut found = Vec::new();
    for (name, lazy) in &packages.attributes {
        let components = reader.select(&reader.force(lazy), "components");
        if let Value::Set(exes) = reader.select(&components, "exes") {
            let path = path.child(name).child("components").child("exes");
            for (name, lazy) in &exes.attributes {
                found.extend(super::attribute(reader, path.child(name), lazy));
            }
        }
    }
    found
}

/// Whether an attribute from outside is a whole set of packages, such as `pkgs` or `pkgs.lib`.
fn is_package_set(attribute: &Attribute) -> bool {
    let What::Outside(name) = &attribute.what else {
        return false;
    };
    match name.rsplit_once('.') {
        Some((_, last)) => last == "lib" || last.contains("pkgs") || last.ends_with("Packages"),
        None => true,
    }
}

fn why_unknown(value: &Value) -> String {
    match value {
        Value::Unknown(because) => because.to_string(),
        Value::Outside(names) => format!("its value comes from outside: `{}`", names.join(".")),
        Value::Function(_) => "it is a function that gives a function".to_owned(),
        _ => "its value is neither a derivation nor an attribute set".to_owned(),
    }
}

/// A given argument, as far as it is known without Nix.
fn argument(name: &str, given: &Argument) -> Lazy {
    match given {
        Argument::Text(text) => Lazy::text(text.as_str()),
        Argument::Expression(text) if text == "true" || text == "false" => {
            Lazy::done(Value::bool(text == "true"))
        }
        Argument::Expression(_) => Lazy::outside(name),
    }
}

/// Arguments that have no default, sorted; a plain argument can't be left out either.
fn required_arguments(function: &Function) -> Vec<String> {
    let mut names = match function.lambda.param() {
        Some(Param::IdentParam(it)) => {
            let ident = it.ident().map(|ident| ident.syntax().text().to_string());
            ident.into_iter().collect()
        }
        _ => Reader::argument_names(function),
    };
    names.sort();
    names
}

/// Whether a file that asks for it is meant for `callPackage`: nobody else has such an argument.
fn is_of_nixpkgs(name: &str) -> bool {
    matches!(name, "lib" | "pkgs" | "stdenv" | "callPackage") || known::builder(name).is_some()
}

/// `{ config, lib, … }:` is how NixOS modules start, and nothing else does.
fn is_module(function: &Function) -> bool {
    let names = Reader::argument_names(function);
    let has = |name: &str| names.iter().any(|it| it == name);
    has("config") && (has("lib") || has("pkgs"))
}
