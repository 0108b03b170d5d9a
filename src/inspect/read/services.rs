//! systemd services of the flake's NixOS modules.
//!
//! Takes the trees of the files that were read; gives each service's program and its arguments. Modules
//! are not evaluated: their options have no values here. So the trees are walked, and wrappers such as
//! `mkIf` stand in nobody's way.

use std::collections::{BTreeMap, BTreeSet};

use rnix::ast::{self, Expr, InterpolPart};
use rnix::{SyntaxKind, WalkEvent};
use rowan::ast::AstNode;

use super::flake::Service;
use super::phases::{self, HOLE};
use super::reader::Reader;
use super::scope::SourceFile;
use super::value::{Lazy, Place, Value};

/// Services that one project defines.
const MOST_SERVICES: usize = 64;
/// Names in one attribute path; a longer one is no service's.
const MOST_NAMES: usize = 24;

/// What is known of a service while the tree is walked.
#[derive(Default)]
struct Draft {
    words: Option<(Vec<String>, Place)>,
    environment: BTreeSet<String>,
    working_directory: Option<String>,
}

/// The services of all files that were opened, and of the modules that the outputs name, sorted by name.
pub(super) fn read(reader: &Reader, outputs: &Value) -> Vec<Service> {
    open_modules(reader, outputs);
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    for (file, expr) in reader.trees() {
        walk(&file, &expr, &mut drafts);
    }
    let services = drafts.into_iter().filter_map(|(name, draft)| {
        let (mut words, place) = draft.words?;
        let program = (!words.is_empty()).then(|| words.remove(0))?;
        Some(Service {
            name,
            program,
            arguments: words,
            environment: draft.environment.into_iter().collect(),
            working_directory: draft.working_directory,
            place,
        })
    });
    services.collect()
}

/// Opens the files that `nixosModules` names, and those that they import.
fn open_modules(reader: &Reader, outputs: &Value) {
    let Value::Set(outputs) = outputs else {
        return;
    };
    let mut todo: Vec<Lazy> = Vec::new();
    todo.extend(outputs.attributes.get("nixosModule").cloned());
    if let Some(modules) = outputs.attributes.get("nixosModules")
        && let Value::Set(modules) = reader.force(modules)
    {
        todo.extend(modules.attributes.values().cloned());
    }
    let mut seen = 0;
    while let Some(module) = todo.pop() {
        seen += 1;
        if seen > MOST_SERVICES {
            return;
        }
        let value = reader.force(&module);
        let value = match reader.as_path(&value) {
            Some(path) => reader.open(&path),
            None => value,
        };
        let imports = match &value {
            Value::Set(set) => set.attributes.get("imports").cloned(),
            _ => None,
        };
        if let Some(Value::List(imports)) = imports.map(|it| reader.force(&it)) {
            todo.extend(imports.iter().cloned());
        }
    }
}

fn walk(file: &SourceFile, expr: &Expr, drafts: &mut BTreeMap<String, Draft>) {
    let mut names: Vec<String> = Vec::new();
    let mut lengths = Vec::new();
    for event in expr.syntax().preorder() {
        match event {
            WalkEvent::Enter(node) if node.kind() == SyntaxKind::NODE_ATTRPATH_VALUE => {
                lengths.push(names.len());
                let Some(entry) = ast::AttrpathValue::cast(node) else {
                    continue;
                };
                let attrs = entry.attrpath().into_iter().flat_map(|path| path.attrs());
                names.extend(attrs.map(|attr| plain_name(&attr)));
                note(file, &names, &entry, drafts);
            }
            WalkEvent::Leave(node) if node.kind() == SyntaxKind::NODE_ATTRPATH_VALUE => {
                names.truncate(lengths.pop().unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// A name as it is written; empty for one that Nix works out.
fn plain_name(attr: &ast::Attr) -> String {
    match attr {
        ast::Attr::Ident(ident) => ident.syntax().text().to_string(),
        ast::Attr::Str(string) => match string.normalized_parts().as_slice() {
            [InterpolPart::Literal(text)] => text.clone(),
            _ => String::new(),
        },
        ast::Attr::Dynamic(_) => String::new(),
    }
}

/// Notes what an attribute below `systemd.services.NAME` says.
fn note(
    file: &SourceFile,
    names: &[String],
    entry: &ast::AttrpathValue,
    drafts: &mut BTreeMap<String, Draft>,
) {
    if names.len() > MOST_NAMES {
        return;
    }
    let at = names
        .windows(2)
        .position(|pair| pair.iter().map(String::as_str).eq(["systemd", "services"]));
    let Some([name, rest @ ..]) = at.and_then(|at| names.get(at + 2..)) else {
        return;
    };
    let (Some(value), false) = (entry.value(), name.is_empty()) else {
        return;
    };
    if drafts.len() >= MOST_SERVICES && !drafts.contains_key(name) {
        return;
    }
    let place = || file.place(usize::from(entry.syntax().text_range().start()));
    let draft = drafts.entry(name.clone()).or_default();
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match rest.as_slice() {
        ["serviceConfig", "ExecStart"] => {
            let words =
                text_of(&value).and_then(|text| phases::last_command(&format!("exec {text}")));
            draft.words = words.map(|words| (words, place())).or(draft.words.take());
        }
        ["script"] if draft.words.is_none() => {
            let words = text_of(&value).and_then(|text| phases::last_command(&text));
            draft.words = words.map(|words| (words, place()));
        }
        ["serviceConfig", "WorkingDirectory"] => {
            draft.working_directory = text_of(&value).filter(|text| !text.contains(HOLE));
        }
        ["environment", variable] if !variable.is_empty() => {
            draft.environment.insert((*variable).to_owned());
        }
        _ => {}
    }
}

/// The text of an expression with holes; texts of a list are joined, as `escapeShellArgs` does.
fn text_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Str(string) => {
            let parts = string.normalized_parts().into_iter();
            let parts = parts.map(|part| match part {
                InterpolPart::Literal(text) => text,
                InterpolPart::Interpolation(_) => HOLE.to_string(),
            });
            Some(parts.collect())
        }
        Expr::Paren(it) => text_of(&it.expr()?),
        Expr::List(it) => {
            let items: Option<Vec<String>> = it
                .items()
                .map(|item| Some(text_of(&item).unwrap_or_else(|| HOLE.to_string())))
                .collect();
            Some(items?.join(" "))
        }
        Expr::Apply(it) => text_of(&it.argument()?),
        Expr::BinOp(it) => {
            let left = text_of(&it.lhs()?)?;
            let right = text_of(&it.rhs()?).unwrap_or_else(|| HOLE.to_string());
            Some(left + &right)
        }
        _ => None,
    }
}
