//! Works values out: the heart of reading without Nix.
//!
//! Takes expressions and scopes; gives [`Value`]s. It follows `let`, `rec`, `with`, `inherit`, `//`,
//! functions and files of the project, and stops with [`Value::Unknown`] at everything else. Never: a
//! loop without end (every step is counted), a file outside the project, an opinion on what a value is for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rnix::ast::{self, Expr, HasEntry};
use rowan::ast::AstNode;

use crate::error::Result;
use crate::inspect::files;
use crate::inspect::lint::{Lint, Parsed, lint};

use super::syntax;
use super::value::{Beyond, Dotted, Lazy, Names, Scope, SourceFile, Spot, State, Value, Work};

/// Steps before the reader gives up; the largest flakes need some ten thousand.
const MOST_STEPS: u32 = 400_000;
/// Values inside values; each takes a few frames of the stack that [`syntax::with_room`] lends.
const MOST_DEPTH: u32 = 2_500;
/// Files of the project that one reading may open.
const MOST_FILES: usize = 128;

/// One reading of a project.
pub(super) struct Reader {
    dir: PathBuf,
    files: RefCell<BTreeMap<PathBuf, Lazy>>,
    parsed: RefCell<Vec<(Rc<SourceFile>, Expr)>>,
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl Reader {
    pub(super) fn new(dir: &Path) -> Self {
        Reader {
            dir: dir.to_owned(),
            files: RefCell::default(),
            parsed: RefCell::default(),
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// The project's directory.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The root expression of an entry file, with the scope to evaluate it in.
    pub(super) fn root(&self, path: &Path, text: &str) -> Result<(Expr, Scope)> {
        let expr = syntax::parse(path, text)?;
        let scope = self.keep(path, text.to_owned(), &expr);
        let lazy = Self::later(&expr, &scope);
        self.files.borrow_mut().insert(path.to_owned(), lazy);
        Ok((expr, scope))
    }

    fn keep(&self, path: &Path, text: String, expr: &Expr) -> Scope {
        let file = Rc::new(SourceFile::new(path.to_owned(), text));
        let mut parsed = self.parsed.borrow_mut();
        parsed.push((Rc::clone(&file), expr.clone()));
        Scope::of_file(file)
    }

    /// The value of a file of the project, for `import` and `callPackage`.
    pub(super) fn open(&self, path: &Path) -> Value {
        let path = if self.dir.join(path).is_dir() {
            path.join("default.nix")
        } else {
            path.to_owned()
        };
        let known = self.files.borrow().get(&path).cloned();
        let lazy = known.unwrap_or_else(|| {
            let opened = self.open_new(&path);
            let lazy = opened.unwrap_or_else(|because| Lazy::done(Value::unknown(because)));
            let mut files = self.files.borrow_mut();
            files.insert(path.clone(), lazy.clone());
            lazy
        });
        self.force(&lazy)
    }

    /// The start of a file that `open` takes, for places.
    pub(super) fn spot_of(&self, path: &Path) -> Spot {
        let path = if self.dir.join(path).is_dir() {
            path.join("default.nix")
        } else {
            path.to_owned()
        };
        let file = Rc::new(SourceFile::new(path, String::new()));
        Scope::of_file(file).spot(0)
    }

    fn open_new(&self, path: &Path) -> std::result::Result<Lazy, String> {
        if self.files.borrow().len() >= MOST_FILES {
            return Err(format!("`{}` is one file too many to read", path.display()));
        }
        let text = self.text_of(path)?;
        if !self.spend(text.len() / 32) {
            return Err("there is too much to be read".to_owned());
        }
        let expr = syntax::parse(path, &text).map_err(|error| error.what().to_owned())?;
        let scope = self.keep(path, text, &expr);
        Ok(Self::later(&expr, &scope))
    }

    /// The text of a file of the project; a link that leads out of it is not followed.
    pub(super) fn text_of(&self, path: &Path) -> std::result::Result<String, String> {
        let missing = || format!("`{}` does not exist", path.display());
        let inside = fs_err::canonicalize(&self.dir).ok();
        let whole = fs_err::canonicalize(self.dir.join(path)).map_err(|_| missing())?;
        if !inside.is_some_and(|inside| whole.starts_with(inside)) {
            return Err(format!("`{}` leads out of the project", path.display()));
        }
        let text = files::read(&self.dir, path).map_err(|error| error.what().to_owned())?;
        text.ok_or_else(missing)
    }

    /// What the files that were opened say beside their value.
    pub(super) fn lint(&self) -> Lint {
        let parsed = self.parsed.borrow();
        let mut files: Vec<_> = parsed
            .iter()
            .map(|(file, expr)| Parsed {
                path: &file.path,
                text: &file.text,
                expr: expr.clone(),
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(b.path));
        lint(&files)
    }

    /// The trees of all files that were opened, by path.
    pub(super) fn trees(&self) -> Vec<(Rc<SourceFile>, Expr)> {
        let mut trees = self.parsed.borrow().clone();
        trees.sort_by(|a, b| a.0.path.cmp(&b.0.path));
        trees
    }

    /// Works a lazy value out, once.
    pub(super) fn force(&self, lazy: &Lazy) -> Value {
        let work = match lazy.take() {
            State::Done(value) => return value,
            State::Busy => return Value::unknown("its value needs itself"),
            State::Todo(work) => work,
        };
        let value = self.deeper(|| match work {
            Work::Evaluate(expr, scope) => self.expression(&expr, &scope),
            Work::Select(from, name) => self.select(&self.force(&from), &name),
            Work::Call(function, arguments) => self.call_all(self.force(&function), &arguments),
            Work::Update(first, second) => self.update(&self.force(&first), &self.force(&second)),
            Work::Do(work) => work(self),
        });
        lazy.put(State::Done(value.clone()));
        value
    }

    /// One level deeper, if there is room.
    fn deeper(&self, work: impl FnOnce() -> Value) -> Value {
        let depth = self.depth.get() + 1;
        if !self.spend(1) || depth > MOST_DEPTH {
            return Value::unknown("it is too large to be read");
        }
        self.depth.set(depth);
        let value = work();
        self.depth.set(depth - 1);
        value
    }

    /// Counts steps; `false` when there are none left.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let steps = u32::try_from(steps).unwrap_or(MOST_STEPS);
        let steps = self.steps.get().saturating_add(steps);
        self.steps.set(steps);
        steps <= MOST_STEPS
    }

    /// A lazy value for an expression; literals and functions of a file keep their place.
    pub(super) fn later(expr: &Expr, scope: &Scope) -> Lazy {
        let spot = scope.spot(usize::from(expr.syntax().text_range().start()));
        Lazy::new(Work::Evaluate(expr.clone(), scope.clone()), Some(spot))
    }

    /// The value of an expression.
    pub(super) fn evaluate(&self, expr: &Expr, scope: &Scope) -> Value {
        self.deeper(|| self.expression(expr, scope))
    }

    fn expression(&self, expr: &Expr, scope: &Scope) -> Value {
        match expr {
            Expr::Paren(it) => self.optional(it.expr(), scope),
            Expr::Assert(it) => self.optional(it.body(), scope),
            Expr::Root(it) => self.optional(it.expr(), scope),
            Expr::Literal(it) => literal(it),
            Expr::Str(it) => self.string(it, scope),
            Expr::PathRel(it) => self.relative_path(it, scope),
            Expr::PathSearch(it) => Value::outside([it.syntax().text().to_string().as_str()]),
            Expr::Ident(it) => self.identifier(&it.syntax().text().to_string(), scope),
            Expr::List(it) => {
                let items: Vec<_> = it.items().map(|item| Self::later(&item, scope)).collect();
                self.spend(items.len() / 4);
                Value::list(items)
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
            Expr::HasAttr(it) => self.has_attribute(it, scope),
            Expr::Apply(it) => self.application(it, scope),
            Expr::BinOp(it) => self.operation(it, scope),
            Expr::UnaryOp(it) => self.unary(it, scope),
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
        // Looking through many levels is work, too.
        self.spend(scope.0.depth / 32);
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
                    let behind = matches!(set.beyond, Some(Beyond::Outside(_)));
                    if behind && outside.is_none() && !is_builtin(name) {
                        outside = Some(self.select(&Value::Set(set), name));
                    }
                }
                found @ Value::Outside(_) if outside.is_none() && !is_builtin(name) => {
                    outside = Some(self.select(&found, name));
                }
                _ => {}
            }
        }
        outside.unwrap_or_else(|| Value::outside([name]))
    }
}

/// Names that Nix itself binds: a surrounding `with` never hides them.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "import" | "builtins" | "derivation" | "map" | "toString" | "baseNameOf" | "removeAttrs"
    )
}

pub(super) fn longer(names: &[Rc<str>], name: &str) -> Dotted {
    // `a.b.c.…` built by recursion in the project would grow for ever; the last names decide.
    let skipped = (names.len() + 1).saturating_sub(16);
    let kept = names.iter().skip(skipped).cloned();
    kept.chain([Rc::from(name)]).collect()
}

fn literal(literal: &ast::Literal) -> Value {
    match literal.kind() {
        // Old flakes write URLs without quotes.
        ast::LiteralKind::Uri(uri) => Value::text(uri.to_string()),
        ast::LiteralKind::Integer(it) => it.value().map_or(Value::Plain("a number"), Value::Number),
        ast::LiteralKind::Float(_) => Value::Plain("a number"),
    }
}
