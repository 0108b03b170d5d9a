//! What the reader knows of a Nix value: enough to find packages, and honest about the rest.
//!
//! Values are lazy, as in Nix: a [`Lazy`] is worked out when somebody looks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use rnix::ast::{Expr, Lambda};

use super::known::Builder;

/// A file and a line (from 1), for [`crate::inspect::Source`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Place {
    pub(in crate::inspect) path: PathBuf,
    pub(in crate::inspect) line: u32,
}

/// A value, as far as reading shows it.
#[derive(Clone)]
pub(super) enum Value {
    /// A string that is known to its last character.
    Text(String),
    /// A number, or `true`, `false`, `null` by its name.
    Plain(&'static str),
    /// A path below the project, relative to it.
    Path(PathBuf),
    /// A list.
    List(Vec<Lazy>),
    /// An attribute set.
    Set(Rc<Set>),
    /// A function written in the project.
    Function(Rc<Function>),
    /// A function of the outside that is known here and still waits for arguments.
    Waiting(Rc<Waiting>),
    /// What a known builder makes.
    Package(Rc<Package>),
    /// A value of the outside (an input, nixpkgs, a function nobody knows here) by the names that lead to it.
    Outside(Vec<String>),
    /// Not known, and why.
    Unknown(String),
}

/// Attributes by name.
#[derive(Clone, Default)]
pub(super) struct Set {
    pub(super) attributes: BTreeMap<String, Lazy>,
    /// Why there may be more attributes than these; `None` when there are not.
    pub(super) open: Option<String>,
}

/// A function written in the project, with the names it can see.
pub(super) struct Function {
    pub(super) lambda: Lambda,
    pub(super) scope: Scope,
}

/// A known function and the arguments it has so far.
pub(super) struct Waiting {
    pub(super) names: Vec<String>,
    pub(super) wants: usize,
    pub(super) arguments: Vec<Lazy>,
}

/// A derivation as its builder's call shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Package {
    /// The function that makes it, such as `buildGoModule`.
    pub(in crate::inspect) function: String,
    pub(in crate::inspect) builder: &'static Builder,
    /// `pname`, or `name`.
    pub(in crate::inspect) name: Option<String>,
    /// The program, and where it is said outright (`meta.mainProgram`, a script's name).
    pub(in crate::inspect) program: Option<(String, Place)>,
    /// Programs that its text installs: `subPackages`, `--bin x`, `$out/bin/x` in a phase, renames done.
    pub(in crate::inspect) installs: Vec<(String, Place)>,
    /// The folder its sources lie in (`src`), relative to the project.
    pub(in crate::inspect) folder: Option<PathBuf>,
    /// The words it starts with: an image's `Cmd`, the last command of a script.
    pub(in crate::inspect) command: Option<(Vec<String>, Place)>,
    /// What it holds of other packages: an image's contents, a `symlinkJoin`'s paths.
    pub(in crate::inspect) contents: Vec<Package>,
    /// Where the builder is called: two attributes of one place are one derivation.
    pub(in crate::inspect) place: Option<Place>,
}

impl Package {
    /// A package of which only the builder is known.
    pub(super) fn of(function: &str, builder: &'static Builder) -> Self {
        Package {
            function: function.to_owned(),
            builder,
            name: None,
            program: None,
            installs: Vec::new(),
            folder: None,
            command: None,
            contents: Vec::new(),
            place: None,
        }
    }
}

/// A value that is worked out once, when first looked at.
#[derive(Clone)]
pub(super) struct Lazy(pub(super) Rc<Cell>);

pub(super) struct Cell {
    pub(super) state: RefCell<State>,
    /// Where it is written.
    pub(super) place: Option<Place>,
}

#[derive(Clone)]
pub(super) enum State {
    Todo(Work),
    /// Being worked out: meeting it again means that the value needs itself.
    Busy,
    Done(Value),
}

/// How a lazy value is worked out.
#[derive(Clone)]
pub(super) enum Work {
    /// Evaluate in a scope.
    Evaluate(Expr, Scope),
    /// Take an attribute of another value.
    Select(Lazy, String),
    /// Apply a function to arguments.
    Call(Value, Vec<Lazy>),
    /// Put the second over the first (`//`).
    Update(Lazy, Lazy),
}

impl Lazy {
    pub(super) fn new(work: Work, place: Option<Place>) -> Self {
        Lazy(Rc::new(Cell {
            state: RefCell::new(State::Todo(work)),
            place,
        }))
    }

    pub(super) fn done(value: Value) -> Self {
        Self::done_at(value, None)
    }

    pub(super) fn done_at(value: Value, place: Option<Place>) -> Self {
        Lazy(Rc::new(Cell {
            state: RefCell::new(State::Done(value)),
            place,
        }))
    }

    /// Where it is written, if that is known.
    pub(super) fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }
}

impl Value {
    pub(super) fn unknown(because: impl Into<String>) -> Self {
        Value::Unknown(because.into())
    }

    /// A set of exactly these attributes.
    pub(super) fn set(attributes: impl IntoIterator<Item = (String, Lazy)>) -> Self {
        Value::Set(Rc::new(Set {
            attributes: attributes.into_iter().collect(),
            open: None,
        }))
    }
}

/// The names an expression can see, innermost first.
#[derive(Clone)]
pub(super) struct Scope(pub(super) Rc<Level>);

pub(super) struct Level {
    pub(super) names: Names,
    pub(super) outer: Option<Scope>,
    /// The file the expression stands in, relative to the project.
    pub(super) file: Rc<SourceFile>,
}

pub(super) enum Names {
    /// `let`, `rec`, arguments. Filled after the scope is made, because its values see the scope.
    Bound(RefCell<BTreeMap<String, Lazy>>),
    /// `with`.
    With(Lazy),
}

/// A file that was read, for places.
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Scope {
    pub(super) fn of_file(file: Rc<SourceFile>) -> Self {
        Scope(Rc::new(Level {
            names: Names::Bound(RefCell::default()),
            outer: None,
            file,
        }))
    }

    pub(super) fn inside(&self, names: Names) -> Self {
        Scope(Rc::new(Level {
            names,
            outer: Some(self.clone()),
            file: Rc::clone(&self.0.file),
        }))
    }

    /// A level for `let`, `rec` or arguments.
    pub(super) fn bound(&self) -> Self {
        self.inside(Names::Bound(RefCell::default()))
    }

    pub(super) fn bind(&self, name: String, value: Lazy) {
        if let Names::Bound(names) = &self.0.names {
            names.borrow_mut().insert(name, value);
        }
    }

    /// The value bound to `name`: `let`, `rec` and arguments come before every `with`, as in Nix.
    pub(super) fn bound_value(&self, name: &str) -> Option<Lazy> {
        self.levels().find_map(|level| match &level.0.names {
            Names::Bound(names) => names.borrow().get(name).cloned(),
            Names::With(_) => None,
        })
    }

    /// The sets of the surrounding `with`s, innermost first.
    pub(super) fn withs(&self) -> Vec<Lazy> {
        let withs = self.levels().filter_map(|level| match &level.0.names {
            Names::With(set) => Some(set.clone()),
            Names::Bound(_) => None,
        });
        withs.collect()
    }

    fn levels(&self) -> impl Iterator<Item = Scope> {
        std::iter::successors(Some(self.clone()), |scope| scope.0.outer.clone())
    }

    /// Where `offset` of this scope's file is.
    pub(super) fn place(&self, offset: usize) -> Place {
        let file = &self.0.file;
        let before = file.text.get(..offset).unwrap_or(&file.text);
        let line = 1 + before.matches('\n').count();
        Place {
            path: file.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }
}
