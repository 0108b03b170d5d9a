//! What would go if a path went.
//!
//! A path dominates another when every way from the roots leads through it. In a graph without cycles its nearest
//! dominator is where the ways of all its referrers part, and those come before it: one pass is enough. Where two
//! ways part is found by leaps up the tree of dominators, whose lengths double, so the work is references times
//! the logarithm of the depth.

use super::{Closure, Id};

/// The tree of dominators of a [`Closure`], over one root above all roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dominators {
    /// One for each path, and then the root above all.
    places: Vec<Place>,
    /// Each path after its dominators.
    order: Vec<Id>,
}

/// A path's place in the tree. One that no root reaches has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    reached: bool,
    parent: usize,
    /// An ancestor some way up: the same distance for all of one depth.
    leap: usize,
    depth: usize,
    /// Its own bytes and those of all that it dominates.
    bytes: u64,
}

impl Dominators {
    pub(super) fn new(closure: &Closure, roots: &[Id]) -> Self {
        let top = closure.len();
        let mut tree = Dominators {
            places: vec![Place::default(); top + 1],
            order: closure.order().to_vec(),
        };
        tree.set(
            top,
            Place {
                reached: true,
                parent: top,
                leap: top,
                ..Place::default()
            },
        );
        let mut is_root = vec![false; top];
        for root in roots {
            if let Some(is_root) = is_root.get_mut(root.at()) {
                *is_root = true;
            }
        }
        for id in closure.order() {
            let parent = if is_root.get(id.at()) == Some(&true) {
                Some(top)
            } else {
                let referrers = closure.referrers(*id).iter().map(|it| it.at());
                let reached = referrers.filter(|at| tree.place(*at).reached);
                reached.reduce(|one, other| tree.meet(one, other))
            };
            if let Some(parent) = parent {
                tree.hang(id.at(), parent, closure.bytes(*id));
            }
        }
        // Those below first: each hands what it holds to the one above.
        for id in closure.order().iter().rev() {
            let place = tree.place(id.at());
            let mut above = tree.place(place.parent);
            if place.reached {
                above.bytes = above.bytes.saturating_add(place.bytes);
                tree.set(place.parent, above);
            }
        }
        tree
    }

    /// A path's own bytes and those of all that would go with it; 0 where no root needs it.
    pub fn bytes(&self, id: Id) -> u64 {
        self.place(id.at()).bytes
    }

    /// A path and all that would go with it, sorted; nothing where no root needs it.
    pub fn with(&self, id: Id) -> Vec<Id> {
        let mut goes = vec![false; self.places.len()];
        if let Some(it) = goes.get_mut(id.at()) {
            *it = self.place(id.at()).reached;
        }
        for it in &self.order {
            let place = self.place(it.at());
            let above = place.reached && goes.get(place.parent) == Some(&true);
            if let Some(it) = goes.get_mut(it.at()) {
                *it |= above;
            }
        }
        let mut with: Vec<Id> = self.order.clone();
        with.retain(|it| goes.get(it.at()) == Some(&true));
        with.sort_unstable();
        with
    }

    /// Whether a root needs it.
    pub fn is_needed(&self, id: Id) -> bool {
        self.place(id.at()).reached
    }

    fn place(&self, at: usize) -> Place {
        self.places.get(at).copied().unwrap_or_default()
    }

    fn set(&mut self, at: usize, place: Place) {
        if let Some(it) = self.places.get_mut(at) {
            *it = place;
        }
    }

    /// Hangs a path below another. Two leaps of one length make the next leap longer.
    fn hang(&mut self, at: usize, parent: usize, bytes: u64) {
        let above = self.place(parent);
        let leap = self.place(above.leap);
        let far = self.place(leap.leap);
        let doubles = above.depth - leap.depth == leap.depth - far.depth;
        let place = Place {
            reached: true,
            parent,
            leap: if doubles { leap.leap } else { parent },
            depth: above.depth + 1,
            bytes,
        };
        self.set(at, place);
    }

    /// Where the ways up from two paths meet.
    fn meet(&self, one: usize, other: usize) -> usize {
        let depth = self.place(one).depth.min(self.place(other).depth);
        let (mut one, mut other) = (self.lift(one, depth), self.lift(other, depth));
        while one != other {
            let (a, b) = (self.place(one), self.place(other));
            // Of one depth, so both leaps go equally far.
            (one, other) = if a.leap == b.leap {
                (a.parent, b.parent)
            } else {
                (a.leap, b.leap)
            };
        }
        one
    }

    /// The ancestor of that depth.
    fn lift(&self, mut at: usize, depth: usize) -> usize {
        while self.place(at).depth > depth {
            let place = self.place(at);
            let far = self.place(place.leap).depth >= depth;
            at = if far { place.leap } else { place.parent };
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::{acyclic, graph, path};
    use super::*;
    use proptest::prelude::*;

    fn ids(closure: &Closure, numbers: &[usize]) -> Vec<Id> {
        let find = |number: &usize| closure.find(&path(*number)).unwrap();
        numbers.iter().map(find).collect()
    }

    #[test]
    fn what_another_needs_too_stays() {
        // The app, two libraries, what both stand on, and what only one does.
        let closure = graph(5, &[(0, 1), (0, 2), (1, 3), (2, 3), (2, 4)]).unwrap();
        let roots = ids(&closure, &[0]);
        let tree = closure.dominators(&roots);
        let with = |number| tree.with(ids(&closure, &[number])[0]);
        assert_eq!(with(0).len(), 5);
        assert_eq!(with(1), ids(&closure, &[1]));
        assert_eq!(with(2), ids(&closure, &[2, 4]));
        assert_eq!(with(3), ids(&closure, &[3]));
        // A root stays by itself, whoever refers to it.
        let tree = closure.dominators(&ids(&closure, &[0, 2]));
        let with = |number| tree.with(ids(&closure, &[number])[0]);
        assert_eq!(with(0), ids(&closure, &[0, 1]));
    }

    #[test]
    fn what_no_root_needs_holds_nothing() {
        let closure = graph(3, &[(0, 1), (2, 1)]).unwrap();
        let tree = closure.dominators(&ids(&closure, &[0]));
        let [app, library, lone] = [0, 1, 2].map(|it| ids(&closure, &[it])[0]);
        assert!(tree.is_needed(library) && !tree.is_needed(lone));
        assert_eq!((tree.bytes(lone), tree.with(lone)), (0, Vec::new()));
        assert_eq!(tree.with(app), [app, library]);
    }

    /// What can be reached from the roots without one path.
    fn without(closure: &Closure, roots: &[Id], gone: Option<Id>) -> Vec<Id> {
        let mut seen: Vec<Id> = Vec::new();
        let mut open = roots.to_vec();
        while let Some(id) = open.pop() {
            if Some(id) != gone && !seen.contains(&id) {
                seen.push(id);
                open.extend(closure.references(id));
            }
        }
        seen.sort_unstable();
        seen
    }

    proptest! {
        #[test]
        fn exactly_what_cannot_be_reached_without_it_goes((len, edges) in acyclic(), more in 0..12_usize) {
            let closure = graph(len, &edges).unwrap();
            let mut roots = ids(&closure, &[0, more % len]);
            roots.dedup();
            let tree = closure.dominators(&roots);
            let all = without(&closure, &roots, None);
            for id in closure.ids() {
                let mut goes = all.clone();
                let stays = without(&closure, &roots, Some(id));
                goes.retain(|it| !stays.contains(it));
                prop_assert_eq!(&tree.with(id), &goes);
                prop_assert_eq!(tree.bytes(id), closure.sum(goes));
                prop_assert_eq!(tree.is_needed(id), all.contains(&id));
            }
        }
    }
}
