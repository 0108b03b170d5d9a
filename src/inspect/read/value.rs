//! What the reader knows of a Nix value: enough to find packages, and honest about the rest.
//!
//! Values are lazy, as in Nix: a [`Lazy`] is worked out when somebody looks. Everything large is shared.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rnix::ast::{Expr, Lambda};

pub(in crate::inspect) use super::package::Package;
use super::reader::Reader;
pub(super) use super::scope::{Names, Scope, SourceFile, Spot};

/// A file and a line (from 1), for [`crate::inspect::Source`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::inspect) struct Place {
    pub(in crate::inspect) path: PathBuf,
    pub(in crate::inspect) line: u32,
}

/// Names that lead to something, such as `pkgs`, `python3Packages`, `flask`.
pub(super) type Dotted = Rc<[Rc<str>]>;

/// A value, as far as reading shows it.
#[derive(Clone)]
pub(super) enum Value {
    /// A string that is known to its last character.
    Text(Rc<str>),
    /// A string with parts that are not text of the project, such as `"${app}/bin/app"`.
    Mixed(Rc<[Piece]>),
    /// `true`, `false`, `null`, or a number that is not a whole one, by name.
    Plain(&'static str),
    /// A whole number.
    Number(i64),
    /// A path below the project, relative to it.
    Path(Rc<Path>),
    /// A list.
    List(Rc<Vec<Lazy>>),
    /// An attribute set.
    Set(Rc<Set>),
    /// A function written in the project.
    Function(Rc<Function>),
    /// A function of the outside that is known here and still waits for arguments.
    Waiting(Rc<Waiting>),
    /// What a known builder makes.
    Package(Rc<Package>),
    /// A value of the outside (an input, nixpkgs, a function nobody knows here) by the names that lead to it.
    Outside(Dotted),
    /// Not known, and why.
    Unknown(Rc<str>),
}

/// A part of a [`Value::Mixed`].
#[derive(Clone)]
pub(super) enum Piece {
    Text(Rc<str>),
    Package(Rc<Package>),
    /// Anything else.
    Other,
}

/// Attributes by name.
#[derive(Clone, Default)]
pub(super) struct Set {
    pub(super) attributes: BTreeMap<Rc<str>, Lazy>,
    /// Why there may be more attributes than these; `None` when there are not.
    pub(super) open: Option<Rc<str>>,
    /// What answers for the attributes that are not listed.
    pub(super) beyond: Option<Beyond>,
}

/// What stands behind the attributes that a set lists.
#[derive(Clone)]
pub(super) enum Beyond {
    /// A set of the outside: nixpkgs with an overlay.
    Outside(Dotted),
    /// Each name gives a package: what opam-nix, crate2nix and others make of a manifest.
    Each(Rc<dyn Fn(&str) -> Value>),
}

/// A function written in the project, with the names it can see.
pub(super) struct Function {
    pub(super) lambda: Lambda,
    pub(super) scope: Scope,
}

/// A known function and the arguments it has so far.
pub(super) struct Waiting {
    pub(super) names: Dotted,
    pub(super) wants: usize,
    pub(super) arguments: Vec<Lazy>,
}

/// A value that is worked out once, when first looked at.
#[derive(Clone)]
pub(super) struct Lazy(Rc<Cell>);

struct Cell {
    state: RefCell<State>,
    /// Where it is written.
    spot: Option<Spot>,
}

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
    Select(Lazy, Rc<str>),
    /// Apply a function to arguments.
    Call(Lazy, Vec<Lazy>),
    /// Put the second over the first (`//`).
    Update(Lazy, Lazy),
    /// Do what a library function does.
    Do(Rc<dyn Fn(&Reader) -> Value>),
}

impl Lazy {
    pub(super) fn new(work: Work, spot: Option<Spot>) -> Self {
        Self::of(State::Todo(work), spot)
    }

    pub(super) fn done(value: Value) -> Self {
        Self::of(State::Done(value), None)
    }

    pub(super) fn done_at(value: Value, spot: Option<Spot>) -> Self {
        Self::of(State::Done(value), spot)
    }

    /// Worked out by `work`, when somebody looks.
    pub(super) fn todo(work: impl Fn(&Reader) -> Value + 'static) -> Self {
        Self::new(Work::Do(Rc::new(work)), None)
    }

    /// A value that may need itself: `work` gets it.
    pub(super) fn knot(
        work: impl Fn(&Reader, &Lazy) -> Value + 'static,
        spot: Option<Spot>,
    ) -> Self {
        let itself = Self::of(State::Busy, spot);
        let again = itself.clone();
        let work = Work::Do(Rc::new(move |reader: &Reader| work(reader, &again)));
        itself.put(State::Todo(work));
        itself
    }

    fn of(state: State, spot: Option<Spot>) -> Self {
        Lazy(Rc::new(Cell {
            state: state.into(),
            spot,
        }))
    }

    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::done(Value::Text(text.into()))
    }

    pub(super) fn outside(name: &str) -> Self {
        Self::done(Value::outside([name]))
    }

    /// What is to be done for it, once; afterwards it is busy until [`Lazy::put`].
    pub(super) fn take(&self) -> State {
        let mut state = self.0.state.borrow_mut();
        match &*state {
            State::Done(value) => State::Done(value.clone()),
            _ => std::mem::replace(&mut *state, State::Busy),
        }
    }

    pub(super) fn put(&self, state: State) {
        *self.0.state.borrow_mut() = state;
    }

    /// Where it is written, if that is known.
    pub(super) fn place(&self) -> Option<Place> {
        self.0.spot.as_ref().map(Spot::place)
    }

    pub(super) fn spot(&self) -> Option<Spot> {
        self.0.spot.clone()
    }
}

impl Value {
    pub(super) fn unknown(because: impl Into<Rc<str>>) -> Self {
        Value::Unknown(because.into())
    }

    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Value::Text(text.into())
    }

    pub(super) fn bool(is: bool) -> Self {
        Value::Plain(if is { "true" } else { "false" })
    }

    pub(super) fn path(path: impl AsRef<Path>) -> Self {
        Value::Path(Rc::from(path.as_ref()))
    }

    pub(super) fn list(items: Vec<Lazy>) -> Self {
        Value::List(Rc::new(items))
    }

    pub(super) fn outside<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Value::Outside(names.into_iter().map(Rc::from).collect())
    }

    /// A set of exactly these attributes.
    pub(super) fn set<N: Into<Rc<str>>>(attributes: impl IntoIterator<Item = (N, Lazy)>) -> Self {
        let attributes = attributes.into_iter();
        Value::Set(Rc::new(Set {
            attributes: attributes.map(|(name, lazy)| (name.into(), lazy)).collect(),
            ..Set::default()
        }))
    }

    pub(super) fn package(package: Package) -> Self {
        Value::Package(Rc::new(package))
    }

    /// `true` and `false`, if it is one of them.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Plain("true") => Some(true),
            Value::Plain("false") => Some(false),
            _ => None,
        }
    }
}

impl Set {
    /// A set of which a part is not known.
    pub(super) fn open(because: impl Into<Rc<str>>) -> Self {
        Set {
            open: Some(because.into()),
            ..Set::default()
        }
    }

    /// Whether every attribute it has is listed.
    pub(super) fn is_closed(&self) -> bool {
        self.open.is_none() && self.beyond.is_none()
    }

    /// A set of the outside, with some attributes of the project put over it.
    pub(super) fn over(names: Dotted) -> Self {
        Set {
            beyond: Some(Beyond::Outside(names)),
            ..Set::default()
        }
    }
}
