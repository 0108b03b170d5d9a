//! Works values out: the heart of reading without Nix.
//!
//! Takes expressions and scopes; gives [`Value`]s. It follows `let`, `rec`, `with`, `inherit`, `//`,
//! functions and files of the project, and stops with [`Value::Unknown`] at everything else. Never: a
//! loop without end (every step is counted), a file outside the project, an opinion on what a value is for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use rnix::ast::{self, BinOpKind, Expr, HasEntry, InterpolPart};
use rowan::ast::AstNode;

use crate::error::Result;

use super::super::files;
use super::value::{Lazy, Names, Package, Scope, SourceFile, State, Value, Work};
use super::{known, syntax};

/// Steps before the reader gives up; the largest flakes need some ten thousand.
const MOST_STEPS: u32 = 400_000;
/// Values inside values; each takes a few frames of the stack that [`syntax::with_room`] lends.
const MOST_DEPTH: u32 = 2_000;
/// Files of the project that one reading may open.
const MOST_FILES: usize = 64;

/// One reading of a project.
pub(super) struct Reader<'a> {
    dir: &'a Path,
    files: RefCell<BTreeMap<PathBuf, Opened>>,
    steps: Cell<u32>,
    depth: Cell<u32>,
}

/// A file that was opened: its expression and its own scope, or why not.
type Opened = std::result::Result<(Expr, Scope), String>;

impl<'a> Reader<'a> {
    pub(super) fn new(dir: &'a Path) -> Self {
        Reader {
            dir,
            files: RefCell::default(),
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// The root expression of an entry file, with the scope to evaluate it in.
    pub(super) fn root(&self, path: &Path, text: &str) -> Result<(Expr, Scope)> {
        let expr = syntax::parse(path, text)?;
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let scope = Scope::of_file(Rc::new(file));
        let opened = (expr, scope);
        let mut files = self.files.borrow_mut();
        files.insert(path.to_owned(), Ok(opened.clone()));
        Ok(opened)
    }

    /// The value of a file of the project, for `import` and `callPackage`.
    pub(super) fn open(&self, path: &Path) -> Value {
        let full = self.dir.join(path);
        let path = if full.is_dir() {
            path.join("default.nix")
        } else {
            path.to_owned()
        };
        let known = self.files.borrow().get(&path).cloned();
        let opened = known.unwrap_or_else(|| {
            let opened = self.open_new(&path);
            let mut files = self.files.borrow_mut();
            files.insert(path.clone(), opened.clone());
            opened
        });
        match opened {
            Ok((expr, scope)) => self.evaluate(&expr, &scope),
            Err(because) => Value::Unknown(because),
        }
    }

    fn open_new(&self, path: &Path) -> Opened {
        if self.files.borrow().len() >= MOST_FILES {
            return Err(format!("`{}` is one file too many to read", path.display()));
        }
        let text = files::read(self.dir, path).map_err(|error| error.what().to_owned())?;
        let text = text.ok_or_else(|| format!("`{}` does not exist", path.display()))?;
        let expr = syntax::parse(path, &text).map_err(|error| error.what().to_owned())?;
        let file = SourceFile {
            path: path.to_owned(),
            text,
        };
        Ok((expr, Scope::of_file(Rc::new(file))))
    }

    /// Works a lazy value out, once.
    pub(super) fn force(&self, lazy: &Lazy) -> Value {
        let work = match &*lazy.0.state.borrow() {
            State::Done(value) => return value.clone(),
            State::Busy => return Value::unknown("its value needs itself"),
            State::Todo(work) => work.clone(),
        };
        *lazy.0.state.borrow_mut() = State::Busy;
        let value = match work {
            Work::Evaluate(expr, scope) => self.evaluate(&expr, &scope),
            Work::Select(from, name) => self.select(&self.force(&from), &name),
            Work::Call(function, arguments) => self.call_all(function, &arguments),
            Work::Update(first, second) => self.update(&self.force(&first), &self.force(&second)),
        };
        *lazy.0.state.borrow_mut() = State::Done(value.clone());
        value
    }

    /// A lazy value for an expression; literals and functions of a file keep their place.
    pub(super) fn later(expr: &Expr, scope: &Scope) -> Lazy {
        let place = scope.place(usize::from(expr.syntax().text_range().start()));
        Lazy::new(Work::Evaluate(expr.clone(), scope.clone()), Some(place))
    }

    /// The value of an expression.
    pub(super) fn evaluate(&self, expr: &Expr, scope: &Scope) -> Value {
        let (steps, depth) = (self.steps.get() + 1, self.depth.get() + 1);
        if steps > MOST_STEPS || depth > MOST_DEPTH {
            return Value::unknown("it is too large to be read");
        }
        self.steps.set(steps);
        self.depth.set(depth);
        let value = self.expression(expr, scope);
        self.depth.set(depth - 1);
        value
    }

    fn expression(&self, expr: &Expr, scope: &Scope) -> Value {
        match expr {
            Expr::Paren(it) => self.optional(it.expr(), scope),
            Expr::Assert(it) => self.optional(it.body(), scope),
            Expr::Root(it) => self.optional(it.expr(), scope),
            Expr::Literal(it) => literal(it),
            Expr::Str(it) => self.string(it, scope),
            Expr::PathRel(it) => relative_path(&it.syntax().text().to_string(), scope),
            Expr::PathSearch(it) => Value::Outside(vec![it.syntax().text().to_string()]),
            Expr::Ident(it) => self.identifier(&it.syntax().text().to_string(), scope),
            Expr::List(it) => {
                Value::List(it.items().map(|item| Self::later(&item, scope)).collect())
            }
            Expr::Lambda(it) => Self::function(it, scope),
            Expr::AttrSet(it) => self.attribute_set(it, scope),
            Expr::LetIn(it) => {
                let inner = scope.bound();
                self.bind_entries(it.entries(), &inner);
                self.optional(it.body(), &inner)
            }
            Expr::LegacyLet(it) => {
                let inner = scope.bound();
                self.bind_entries(it.entries(), &inner);
                inner.bound_value("body").map_or_else(
                    || Value::unknown("the old `let` has no `body`"),
                    |body| self.force(&body),
                )
            }
            Expr::With(it) => match it.namespace() {
                Some(set) => {
                    let inner = scope.inside(Names::With(Self::later(&set, scope)));
                    self.optional(it.body(), &inner)
                }
                None => Value::unknown("the `with` is not complete"),
            },
            Expr::IfElse(it) => self.condition(it, scope),
            Expr::Select(it) => self.selection(it, scope),
            Expr::Apply(it) => self.application(it, scope),
            Expr::BinOp(it) => self.operation(it, scope),
            _ => Value::unknown("it is worked out in a way that only Nix can follow"),
        }
    }

    pub(super) fn optional(&self, expr: Option<Expr>, scope: &Scope) -> Value {
        match expr {
            Some(expr) => self.evaluate(&expr, scope),
            None => Value::unknown("the expression is not complete"),
        }
    }

    fn identifier(&self, name: &str, scope: &Scope) -> Value {
        if let Some(bound) = scope.bound_value(name) {
            return self.force(&bound);
        }
        for plain in ["true", "false", "null"] {
            if name == plain {
                return Value::Plain(plain);
            }
        }
        let mut outside = None;
        for with in scope.withs() {
            match self.force(&with) {
                Value::Set(set) => {
                    if let Some(value) = set.attributes.get(name) {
                        return self.force(value);
                    }
                }
                Value::Outside(names) if outside.is_none() && !is_builtin(name) => {
                    outside = Some(longer(&names, name));
                }
                _ => {}
            }
        }
        Value::Outside(outside.unwrap_or_else(|| vec![name.to_owned()]))
    }

    /// A string, if every part of it is known.
    fn string(&self, string: &ast::Str, scope: &Scope) -> Value {
        let mut text = String::new();
        for part in string.normalized_parts() {
            match part {
                InterpolPart::Literal(part) => text.push_str(&part),
                InterpolPart::Interpolation(part) => match self.optional(part.expr(), scope) {
                    Value::Text(part) => text.push_str(&part),
                    _ => return Value::unknown("the text is put together from unknown parts"),
                },
            }
        }
        Value::Text(text)
    }

    fn condition(&self, it: &ast::IfElse, scope: &Scope) -> Value {
        match self.optional(it.condition(), scope) {
            Value::Plain("true") => self.optional(it.body(), scope),
            Value::Plain("false") => self.optional(it.else_body(), scope),
            _ => Value::unknown("it depends on a condition that only Nix can decide"),
        }
    }

    fn operation(&self, it: &ast::BinOp, scope: &Scope) -> Value {
        let both = it.lhs().zip(it.rhs());
        let (Some(operator), Some((left, right))) = (it.operator(), both) else {
            return Value::unknown("the operation is not complete");
        };
        let (left, right) = (Self::later(&left, scope), Self::later(&right, scope));
        match operator {
            BinOpKind::Update => self.update(&self.force(&left), &self.force(&right)),
            BinOpKind::Add => match (self.force(&left), self.force(&right)) {
                (Value::Text(left), Value::Text(right)) => Value::Text(left + &right),
                _ => Value::unknown("the sum has unknown parts"),
            },
            BinOpKind::Concat => match (self.force(&left), self.force(&right)) {
                (Value::List(mut left), Value::List(right)) => {
                    left.extend(right);
                    Value::List(left)
                }
                _ => Value::unknown("the list has unknown parts"),
            },
            BinOpKind::PipeRight => self.call_all(self.force(&right), &[left]),
            BinOpKind::PipeLeft => self.call_all(self.force(&left), &[right]),
            _ => Value::unknown("it is worked out in a way that only Nix can follow"),
        }
    }

    /// The attribute `name` of a value.
    pub(super) fn select(&self, value: &Value, name: &str) -> Value {
        match value {
            Value::Set(set) => match (set.attributes.get(name), &set.open) {
                (Some(value), _) => self.force(value),
                (None, Some(because)) => Value::Unknown(because.clone()),
                (None, None) => Value::unknown(format!("there is no attribute `{name}`")),
            },
            // The reader answers for the one system that a dyno is.
            Value::Outside(_) if matches!(name, "system" | "currentSystem") => {
                Value::Text(super::SYSTEM.to_owned())
            }
            Value::Outside(names) => Value::Outside(longer(names, name)),
            Value::Package(package) => selected_from_package(package, name),
            // `mkDerivation` of whatever package set is the one everybody means.
            Value::Unknown(_) if known::is_known(name) => Value::Outside(vec![name.to_owned()]),
            Value::Unknown(because) => Value::Unknown(because.clone()),
            _ => Value::unknown(format!(
                "`{name}` is taken from something that is not a set"
            )),
        }
    }
}

/// A package with other arguments is still that package; its outputs are not what is deployed.
fn selected_from_package(package: &Rc<Package>, name: &str) -> Value {
    match name {
        "out" | "bin" => Value::Package(Rc::clone(package)),
        "override" | "overrideAttrs" | "overrideDerivation" | "overridePythonAttrs" => {
            Value::Waiting(Rc::new(super::value::Waiting {
                names: vec![name.to_owned()],
                wants: 2,
                arguments: vec![Lazy::done(Value::Package(Rc::clone(package)))],
            }))
        }
        "pname" | "name" => package.name.clone().map_or_else(
            || Value::unknown("the package's name is not known"),
            Value::Text,
        ),
        _ => Value::unknown(format!("`{name}` of a package is known only to Nix")),
    }
}

/// Names that Nix itself binds: a surrounding `with` never hides them.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "import" | "builtins" | "derivation" | "map" | "toString"
    )
}

pub(super) fn longer(names: &[String], name: &str) -> Vec<String> {
    let mut names = names.to_vec();
    // `a.b.c.…` built by recursion in the project would grow for ever; the last names decide.
    if names.len() >= 16 {
        names.remove(0);
    }
    names.push(name.to_owned());
    names
}

fn literal(literal: &ast::Literal) -> Value {
    // Old flakes write URLs without quotes.
    match literal.kind() {
        ast::LiteralKind::Uri(uri) => Value::Text(uri.to_string()),
        _ => Value::Plain("a number"),
    }
}

/// `./x` in a file of the project, relative to the project; nothing outside of it.
fn relative_path(text: &str, scope: &Scope) -> Value {
    let file = &scope.0.file.path;
    let mut path = file.parent().map(Path::to_owned).unwrap_or_default();
    for component in Path::new(text).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return Value::unknown(format!("`{text}` is outside the project")),
        }
    }
    if text.contains("${") {
        return Value::unknown("the path has unknown parts");
    }
    Value::Path(path)
}
