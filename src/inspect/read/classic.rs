//! Reads a default.nix: which of the usual shapes it has, and what can be built from it.

use std::path::Path;
use std::rc::Rc;

use rnix::ast::Param;
use rowan::ast::AstNode;

use crate::error::Result;
use crate::names::AttrPath;

use super::super::project::ClassicShape;
use super::reader::Reader;
use super::value::{Function, Lazy, Set, Value};
use super::{Attribute, What};
use crate::inspect::lint::Lint;

/// What `default.nix` shows.
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
    /// What its files say beside their value.
    pub(in crate::inspect) lint: Lint,
}

pub(super) fn read(dir: &Path, text: &str) -> Result<ClassicReading> {
    let path = Path::new("default.nix");
    let reader = Reader::new(dir);
    let (expr, scope) = reader.root(path, text)?;
    let search_path = expr
        .syntax()
        .descendants()
        .find(|node| node.kind() == rnix::SyntaxKind::NODE_PATH_SEARCH)
        .map(|node| scope.place(usize::from(node.text_range().start())).line);
    let mut value = reader.evaluate(&expr, &scope);
    let mut required = Vec::new();
    let mut module = false;
    if let Value::Function(function) = &value {
        required = required_arguments(function);
        module = is_module(function);
        let names = required.iter().map(|name| {
            let outside = Value::Outside(vec![name.clone()]);
            (name.clone(), Lazy::done(outside))
        });
        let given = match function.lambda.param() {
            Some(Param::Pattern(_)) => Value::set(names),
            _ => Value::Outside(required.clone()),
        };
        value = reader.enter(function, Lazy::done(given));
    }
    let place = scope.place(usize::from(expr.syntax().text_range().start()));
    let lazy = Lazy::done_at(value.clone(), Some(place));
    let mut reading = shape(&reader, &value, &lazy);
    if !required.is_empty() {
        reading.shape = ClassicShape::NeedsArguments { required };
    }
    reading.module = module;
    reading.search_path = search_path;
    Ok(reading)
}

fn shape(reader: &Reader, value: &Value, lazy: &Lazy) -> ClassicReading {
    let mut reading = ClassicReading {
        shape: ClassicShape::Derivation,
        attributes: Vec::new(),
        open: None,
        module: false,
        search_path: None,
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
            reading.open.clone_from(&set.open);
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

/// One level deep: attributes that may be derivations.
fn members(reader: &Reader, set: &Rc<Set>) -> Vec<Attribute> {
    let attributes = set
        .attributes
        .iter()
        .filter_map(|(name, lazy)| super::attribute(reader, AttrPath::new([name.as_str()]), lazy));
    attributes.filter(|it| !is_package_set(it)).collect()
}

/// Whether an attribute from outside is a whole set of packages, such as `pkgs` or `pkgs.lib`.
fn is_package_set(attribute: &Attribute) -> bool {
    let What::Outside(name) = &attribute.what else {
        return false;
    };
    match name.rsplit_once('.') {
        Some((_, last)) => last == "lib" || last == "pkgs" || last.ends_with("Packages"),
        None => true,
    }
}

fn why_unknown(value: &Value) -> String {
    match value {
        Value::Unknown(because) => because.clone(),
        Value::Outside(names) => format!("its value comes from outside: `{}`", names.join(".")),
        Value::Function(_) => "it is a function that gives a function".to_owned(),
        _ => "its value is neither a derivation nor an attribute set".to_owned(),
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

/// `{ config, lib, … }:` is how NixOS modules start, and nothing else does.
fn is_module(function: &Function) -> bool {
    let names = Reader::argument_names(function);
    let has = |name: &str| names.iter().any(|it| it == name);
    has("config") && (has("lib") || has("pkgs"))
}
