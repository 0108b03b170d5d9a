//! systemd services of the flake's NixOS modules.
//!
//! Takes the trees of the files that were read; gives each service's program, its arguments and its folder. Modules
//! are not evaluated: their options have no values here. So the trees are walked, and wrappers such as
//! `mkIf` stand in nobody's way.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use rnix::ast::{self, Expr, InterpolPart};
use rnix::{SyntaxKind, WalkEvent};
use rowan::ast::AstNode;

use super::flake::Service;
use super::origin::{self, Own};
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
    foreign: bool,
    oneshot: bool,
    /// The expression of the package in `ExecStart`, as written.
    package: Option<String>,
    /// A folder of a package, and that package's expression, as written.
    folder: Option<(String, PathBuf)>,
}

/// The services of all files that were opened, and of the modules that the outputs name, sorted by name.
pub(super) fn read(reader: &Reader, outputs: &Value) -> Vec<Service> {
    open_modules(reader, outputs);
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let own = Own::of(reader, outputs);
    for (file, expr) in reader.trees() {
        walk(&file, &expr, &own, &mut drafts);
    }
    let services = drafts.into_iter().filter_map(|(name, draft)| {
        let (mut words, place) = draft.words?;
        let program = (!words.is_empty()).then(|| words.remove(0))?;
        Some(Service {
            name,
            program,
            arguments: words,
            // That of another package, or of the machine, is not the app's.
            folder: (draft.folder)
                .filter(|(package, _)| draft.package.as_ref() == Some(package))
                .map(|(_, folder)| folder),
            foreign: draft.foreign,
            oneshot: draft.oneshot,
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

fn walk(file: &SourceFile, expr: &Expr, own: &Own, drafts: &mut BTreeMap<String, Draft>) {
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
                note(file, &names, &entry, own, drafts);
            }
            WalkEvent::Leave(node) if node.kind() == SyntaxKind::NODE_ATTRPATH_VALUE => {
                names.truncate(lengths.pop().unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// A name as it is written; empty for one that Nix works out.
pub(super) fn plain_name(attr: &ast::Attr) -> String {
    match attr {
        ast::Attr::Ident(ident) => ident.syntax().text().to_string(),
        ast::Attr::Str(string) => match string.normalized_parts().as_slice() {
            [InterpolPart::Literal(text)] => text.clone(),
            _ => String::new(),
        },
        ast::Attr::Dynamic(_) => String::new(),
    }
}

/// Notes what an attribute below `systemd.services.NAME` says, or that there is a timer of the name.
fn note(
    file: &SourceFile,
    names: &[String],
    entry: &ast::AttrpathValue,
    own: &Own,
    drafts: &mut BTreeMap<String, Draft>,
) {
    if names.len() > MOST_NAMES {
        return;
    }
    let kind = |pair: &[String]| match pair {
        [systemd, kind] if systemd == "systemd" => {
            matches!(kind.as_str(), "services" | "timers").then(|| kind == "timers")
        }
        _ => None,
    };
    let mut pairs = names.windows(2).enumerate();
    let found = pairs.find_map(|(at, pair)| Some((at, kind(pair)?)));
    let Some((at, is_timer)) = found else {
        return;
    };
    let Some([name, rest @ ..]) = names.get(at + 2..) else {
        return;
    };
    let (Some(value), false) = (entry.value(), name.is_empty()) else {
        return;
    };
    if drafts.len() >= MOST_SERVICES && !drafts.contains_key(name) {
        return;
    }
    let draft = drafts.entry(name.clone()).or_default();
    if is_timer {
        draft.oneshot = true;
        return;
    }
    let place = || file.place(usize::from(entry.syntax().text_range().start()));
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match rest.as_slice() {
        ["serviceConfig", "ExecStart"] => draft.start(&value, false, own, place()),
        ["script"] if draft.words.is_none() => draft.start(&value, true, own, place()),
        ["serviceConfig", "Type"] => {
            draft.oneshot |= Text::of(&value).is_some_and(|it| it.text == "oneshot");
        }
        ["startAt"] => draft.oneshot = true,
        ["serviceConfig", "WorkingDirectory"] => {
            draft.folder = Text::of(&value).and_then(|text| text.folder());
        }
        _ => {}
    }
}

impl Draft {
    /// Takes what a command line or a script starts.
    fn start(&mut self, value: &Expr, is_script: bool, own: &Own, place: Place) {
        let Some(found) = Text::of(value) else { return };
        let words = if is_script {
            phases::last_command(&found.text)
        } else {
            phases::last_command(&format!("exec {}", found.text)).map(known_to_systemd)
        };
        if let Some(words) = words {
            self.foreign = found.is_foreign(&words, own);
            self.package = found.package(&words).map(written);
            self.words = Some((words, place));
        }
    }
}

/// The words up to the first with a specifier such as `%S`, which only systemd knows.
fn known_to_systemd(words: Vec<String>) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for word in words {
        let plain = word.replace("%%", "");
        if plain.contains('%') {
            // A flag without its value says less than nothing.
            if known.len() > 1 && known.last().is_some_and(|last| last.starts_with('-')) {
                known.pop();
            }
            break;
        }
        known.push(word.replace("%%", "%"));
    }
    known
}

/// An expression's own words.
fn written(expr: &Expr) -> String {
    expr.syntax().text().to_string()
}

/// A text with holes, and the expression of each.
#[derive(Default)]
struct Text {
    text: String,
    holes: Vec<Option<Expr>>,
}

impl Text {
    /// The text of an expression; texts of a list are joined, as `escapeShellArgs` does.
    fn of(expr: &Expr) -> Option<Self> {
        let mut text = Text::default();
        text.read(expr)?;
        Some(text)
    }

    fn read(&mut self, expr: &Expr) -> Option<()> {
        match expr {
            Expr::Str(string) => {
                for part in string.normalized_parts() {
                    match part {
                        InterpolPart::Literal(text) => self.literal(&text),
                        InterpolPart::Interpolation(it) => match it.expr() {
                            Some(Expr::Apply(it)) if origin::of_program(&it).is_some() => {
                                self.read_or_hole(&Expr::Apply(it));
                            }
                            other => self.hole(other),
                        },
                    }
                }
            }
            Expr::Paren(it) => self.read(&it.expr()?)?,
            Expr::List(it) => {
                for (index, item) in it.items().enumerate() {
                    if index > 0 {
                        self.text.push(' ');
                    }
                    self.read_or_hole(&item);
                }
            }
            Expr::Apply(it) => {
                // `getExe' package "program"` is `${package}/bin/program`.
                if let Some(package) = origin::of_program(it) {
                    self.hole(Some(package));
                    self.text.push_str("/bin/");
                }
                self.read(&it.argument()?)?;
            }
            Expr::BinOp(it) => {
                self.read(&it.lhs()?)?;
                match it.rhs() {
                    Some(right) => self.read_or_hole(&right),
                    None => self.hole(None),
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn read_or_hole(&mut self, expr: &Expr) {
        let (text, holes) = (self.text.len(), self.holes.len());
        if self.read(expr).is_none() {
            self.text.truncate(text);
            self.holes.truncate(holes);
            self.hole(Some(expr.clone()));
        }
    }

    /// The mark of a hole in a text of the project would count as one.
    fn literal(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|it| *it != HOLE));
    }

    fn hole(&mut self, expr: Option<Expr>) {
        self.text.push(HOLE);
        self.holes.push(expr);
    }

    /// Whether the program that starts `words` stands in a package that is not the project's.
    fn is_foreign(&self, words: &[String], own: &Own) -> bool {
        let Some(program) = words.first() else {
            return false;
        };
        if let Some(package) = self.package(words) {
            return own.is_foreign(package);
        }
        // `/bin/sh`: of the machine.
        let outside = format!("/{program}");
        let mut starts = self.text.split_whitespace();
        starts.any(|word| word.starts_with('/') && word.ends_with(&outside))
    }

    /// The expression of the package in whose `bin/` the program of `words` lies.
    fn package(&self, words: &[String]) -> Option<&Expr> {
        let program = words.first()?;
        // The last one: a script's last command is what counts.
        let at = self.text.rfind(&format!("{HOLE}/bin/{program}"))?;
        let index = self.text.get(..at)?.matches(HOLE).count();
        self.holes.get(index)?.as_ref()
    }

    /// A folder of a package, with the package's expression: `${cfg.package}/share/web`.
    fn folder(&self) -> Option<(String, PathBuf)> {
        let below = self.text.strip_prefix(HOLE)?.strip_prefix('/')?;
        let package = self.holes.first()?.as_ref()?;
        let odd = |c: char| c == HOLE || c == '%' || c.is_control();
        let is_name = |part: Component<'_>| matches!(part, Component::Normal(_));
        let folder = Path::new(below.trim_end_matches('/'));
        let plain = !below.contains(odd) && folder.components().all(is_name);
        let named = plain && folder.components().next().is_some();
        named.then(|| (written(package), folder.to_owned()))
    }
}
