//! Which changes make a path anew.
//!
//! Takes a closure; gives each path's [`Changes`]: one of each path below it, and of the path itself. In a large
//! closure some changes stand for all: paths are sorted by hash, so every so manyth is a fair choice, and the work
//! stays linear in the references.

use crate::closure::{Closure, Id};

/// How many changes are looked at: bits in a word, words.
const BITS: usize = 64;
const WORDS: usize = 8;

/// How much more often a root changes by itself than all else together: at each deploy, against one in some.
const ROOT_WEIGHT: u64 = 5;

/// Changes, one bit each.
type Changes = [u64; WORDS];

/// For each path of a closure, the changes that make it anew.
pub(super) struct Reach {
    changes: Vec<Changes>,
    is_root: Vec<bool>,
    /// How many changes there are.
    count: usize,
}

impl Reach {
    /// All paths of a closure. `roots` change by themselves too.
    pub(super) fn new(closure: &Closure, roots: &[Id]) -> Self {
        let step = closure.len().div_ceil(BITS * WORDS).max(1);
        let mut reach = Reach {
            changes: vec![[0; WORDS]; closure.len()],
            is_root: vec![false; closure.len()],
            count: closure.len().div_ceil(step),
        };
        for root in roots {
            if let Some(it) = reach.is_root.get_mut(root.at()) {
                *it = true;
            }
        }
        for id in closure.order().iter().rev() {
            let mut changes = [0; WORDS];
            if id.at().is_multiple_of(step) {
                let bit = id.at() / step;
                if let Some(word) = changes.get_mut(bit / BITS) {
                    *word |= 1 << (bit % BITS);
                }
            }
            for below in closure.references(*id) {
                for (word, more) in changes.iter_mut().zip(reach.of(*below)) {
                    *word |= more;
                }
            }
            if let Some(it) = reach.changes.get_mut(id.at()) {
                *it = changes;
            }
        }
        reach
    }

    fn of(&self, id: Id) -> Changes {
        self.changes.get(id.at()).copied().unwrap_or_default()
    }

    /// Whether it is one of the roots.
    pub(super) fn is_root(&self, id: Id) -> bool {
        self.is_root.get(id.at()) == Some(&true)
    }

    /// How many changes make a path anew: the more, the sooner it is.
    pub(super) fn often(&self, id: Id) -> u64 {
        let deploys = if self.is_root(id) {
            self.root_weight()
        } else {
            0
        };
        let below: u64 = self
            .of(id)
            .iter()
            .map(|it| u64::from(it.count_ones()))
            .sum();
        deploys + below
    }

    /// What the one change of all roots counts, where each other change counts one.
    pub(super) fn root_weight(&self) -> u64 {
        ROOT_WEIGHT.saturating_mul(self.count as u64)
    }

    /// The changes that make a path anew, as places in `0..self.count()`; the last is that of the roots.
    pub(super) fn places(&self, id: Id) -> impl Iterator<Item = usize> + use<> {
        let changes = self.of(id);
        let bits = (0..BITS * WORDS).filter(move |bit| {
            let word = changes.get(bit / BITS).copied().unwrap_or_default();
            word >> (bit % BITS) & 1 == 1
        });
        bits.chain(self.is_root(id).then_some(self.count))
    }

    /// How many changes there are, that of the roots included.
    pub(super) fn count(&self) -> usize {
        self.count + 1
    }
}
