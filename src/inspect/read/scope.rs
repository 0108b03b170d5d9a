//! The names an expression can see, and where it stands in its file.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use super::value::{Lazy, Place};

/// The names an expression can see, innermost first.
#[derive(Clone)]
pub(super) struct Scope(pub(super) Rc<Level>);

pub(super) struct Level {
    pub(super) names: Names,
    pub(super) outer: Option<Scope>,
    /// How many levels lie outside.
    pub(super) depth: usize,
    /// The file the expression stands in, relative to the project.
    pub(super) file: Rc<SourceFile>,
}

pub(super) enum Names {
    /// `let`, `rec`, arguments. Filled after the scope is made, because its values see the scope.
    Bound(RefCell<BTreeMap<Rc<str>, Lazy>>),
    /// `with`.
    With(Lazy),
}

/// A file that was read, for places.
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// Where each line after the first starts.
    starts: Vec<usize>,
}

/// A place as it is noted down: the line is counted when somebody asks for it.
#[derive(Clone)]
pub(super) struct Spot {
    file: Rc<SourceFile>,
    offset: usize,
}

impl SourceFile {
    pub(super) fn new(path: PathBuf, text: String) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = ends.map(|(at, _)| at + 1).collect();
        SourceFile { path, text, starts }
    }

    /// Where `offset` is.
    pub(super) fn place(&self, offset: usize) -> Place {
        let line = 1 + self.starts.partition_point(|start| *start <= offset);
        Place {
            path: self.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }
}

impl Spot {
    pub(super) fn place(&self) -> Place {
        self.file.place(self.offset)
    }
}

impl Scope {
    pub(super) fn of_file(file: Rc<SourceFile>) -> Self {
        Scope(Rc::new(Level {
            names: Names::Bound(RefCell::default()),
            outer: None,
            depth: 0,
            file,
        }))
    }

    pub(super) fn inside(&self, names: Names) -> Self {
        Scope(Rc::new(Level {
            names,
            outer: Some(self.clone()),
            depth: self.0.depth + 1,
            file: Rc::clone(&self.0.file),
        }))
    }

    /// A level for `let`, `rec` or arguments.
    pub(super) fn bound(&self) -> Self {
        self.inside(Names::Bound(RefCell::default()))
    }

    pub(super) fn bind(&self, name: impl Into<Rc<str>>, value: Lazy) {
        if let Names::Bound(names) = &self.0.names {
            names.borrow_mut().insert(name.into(), value);
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

    fn levels(&self) -> impl Iterator<Item = &Scope> {
        std::iter::successors(Some(self), |scope| scope.0.outer.as_ref())
    }

    /// `offset` of this scope's file.
    pub(super) fn spot(&self, offset: usize) -> Spot {
        Spot {
            file: Rc::clone(&self.0.file),
            offset,
        }
    }
}
