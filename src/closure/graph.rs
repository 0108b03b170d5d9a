//! The graph itself.

use std::collections::VecDeque;

use super::{Dominators, Registered, StorePath};

/// A path of one [`Closure`]: its place among the sorted paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(usize);

impl Id {
    pub(crate) fn at(self) -> usize {
        self.0
    }
}

/// Store paths that refer to each other, without the cycles that Nix never makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closure {
    /// Sorted.
    nodes: Vec<Node>,
    /// Every path after all that refer to it.
    order: Vec<Id>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    path: StorePath,
    bytes: u64,
    references: Vec<Id>,
    referrers: Vec<Id>,
}

/// Paths that refer to each other in a circle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} stands on itself by other paths")]
pub struct Cycle(pub StorePath);

impl Closure {
    /// The graph of these paths. A reference to a path that isn't one of them is left out: it was pruned. So is that
    /// of a path to itself.
    ///
    /// Errors: a cycle.
    pub fn new(mut registered: Vec<Registered>) -> Result<Self, Cycle> {
        registered.sort_by(|a, b| a.path.cmp(&b.path));
        registered.dedup_by(|a, b| a.path == b.path);
        let find = |path: &StorePath| registered.binary_search_by(|it| it.path.cmp(path)).ok();
        let mut references: Vec<Vec<Id>> = Vec::with_capacity(registered.len());
        for (at, it) in registered.iter().enumerate() {
            let ids = it.references.iter().filter_map(find);
            let mut ids: Vec<Id> = ids.filter(|id| *id != at).map(Id).collect();
            ids.sort_unstable();
            ids.dedup();
            references.push(ids);
        }
        let nodes = registered.into_iter().zip(references);
        let nodes = nodes.map(|(it, references)| Node {
            path: it.path,
            bytes: it.bytes,
            references,
            referrers: Vec::new(),
        });
        let mut closure = Closure {
            nodes: nodes.collect(),
            order: Vec::new(),
        };
        closure.turn();
        closure.sort()?;
        Ok(closure)
    }

    /// Fills in who refers to each path, sorted.
    fn turn(&mut self) {
        let edges: Vec<(Id, Id)> = self
            .ids()
            .flat_map(|from| self.references(from).iter().map(move |to| (from, *to)))
            .collect();
        for (from, to) in edges {
            if let Some(node) = self.nodes.get_mut(to.0) {
                node.referrers.push(from);
            }
        }
    }

    /// Puts every path after those that refer to it.
    fn sort(&mut self) -> Result<(), Cycle> {
        let mut waiting: Vec<usize> = self.nodes.iter().map(|it| it.referrers.len()).collect();
        let mut order: Vec<Id> = self
            .ids()
            .filter(|id| self.referrers(*id).is_empty())
            .collect();
        let mut next = 0;
        while let Some(id) = order.get(next).copied() {
            next += 1;
            for to in self.references(id) {
                if let Some(left) = waiting.get_mut(to.0) {
                    *left -= 1;
                    if *left == 0 {
                        order.push(*to);
                    }
                }
            }
        }
        if order.len() < self.nodes.len() {
            return Err(Cycle(self.circular(&waiting)));
        }
        self.order = order;
        Ok(())
    }

    /// A path on a cycle: going up among those that still wait, a path is met again after all of them at the latest.
    fn circular(&self, waiting: &[usize]) -> StorePath {
        let waits = |id: &Id| waiting.get(id.0).is_some_and(|left| *left > 0);
        let mut at = self.ids().find(waits).unwrap_or(Id(0));
        for _ in 0..self.nodes.len() {
            at = self.referrers(at).iter().copied().find(waits).unwrap_or(at);
        }
        self.path(at).clone()
    }

    /// How many paths there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All paths, sorted.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id> + use<> {
        (0..self.nodes.len()).map(Id)
    }

    /// All paths, each after those that refer to it.
    pub fn order(&self) -> &[Id] {
        &self.order
    }

    /// The path of that name, if it is here.
    pub fn find(&self, path: &StorePath) -> Option<Id> {
        let found = self.nodes.binary_search_by(|it| it.path.cmp(path));
        found.ok().map(Id)
    }

    /// A path's name.
    #[expect(
        clippy::indexing_slicing,
        reason = "an Id is made here, and nodes are never removed"
    )]
    pub fn path(&self, id: Id) -> &StorePath {
        &self.nodes[id.0].path
    }

    /// A path's own bytes.
    pub fn bytes(&self, id: Id) -> u64 {
        self.nodes.get(id.0).map_or(0, |it| it.bytes)
    }

    /// What a path refers to, itself left out; sorted.
    pub fn references(&self, id: Id) -> &[Id] {
        self.nodes.get(id.0).map_or(&[], |it| &it.references)
    }

    /// Who refers to a path, itself left out; sorted.
    pub fn referrers(&self, id: Id) -> &[Id] {
        self.nodes.get(id.0).map_or(&[], |it| &it.referrers)
    }

    /// The bytes of some paths together.
    pub fn sum(&self, ids: impl IntoIterator<Item = Id>) -> u64 {
        let bytes = ids.into_iter().map(|id| self.bytes(id));
        bytes.fold(0, u64::saturating_add)
    }

    /// A path and all that it stands on, sorted.
    pub fn below(&self, id: Id) -> Vec<Id> {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Some(seen) = seen.get_mut(id.0)
                && !*seen
            {
                *seen = true;
                open.extend(self.references(id));
            }
        }
        let ids = self.ids().zip(seen);
        ids.filter_map(|(id, seen)| seen.then_some(id)).collect()
    }

    /// The shortest way from one of some paths down to another, both included. Of several the first, in the order
    /// of `from` and of the paths.
    pub fn chain(&self, from: &[Id], to: Id) -> Option<Vec<Id>> {
        let mut came: Vec<Option<Id>> = vec![None; self.nodes.len()];
        let mut open: VecDeque<Id> = VecDeque::new();
        let mut reach = |open: &mut VecDeque<Id>, id: Id, by: Id| {
            if let Some(came @ None) = came.get_mut(id.0) {
                *came = Some(by);
                open.push_back(id);
            }
        };
        for id in from {
            reach(&mut open, *id, *id);
        }
        while let Some(id) = open.pop_front() {
            if id == to {
                break;
            }
            for next in self.references(id) {
                reach(&mut open, *next, id);
            }
        }
        let mut chain = vec![to];
        let mut at = to;
        loop {
            let by = came.get(at.0).copied().flatten()?;
            if by == at {
                chain.reverse();
                return Some(chain);
            }
            chain.push(by);
            at = by;
        }
    }

    /// What each path alone keeps here, when these are wanted for themselves.
    pub fn dominators(&self, roots: &[Id]) -> Dominators {
        Dominators::new(self, roots)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The path of a number.
    pub(in crate::closure) fn path(number: usize) -> StorePath {
        StorePath::from_base(&format!("{number:032}-p{number}")).unwrap()
    }

    /// A graph of `len` paths, each of a size of its own, with these references.
    pub(in crate::closure) fn graph(
        len: usize,
        edges: &[(usize, usize)],
    ) -> Result<Closure, Cycle> {
        let one = |number: usize| Registered {
            path: path(number),
            bytes: 1 << number.min(60),
            references: edges
                .iter()
                .filter(|(from, _)| *from == number)
                .map(|(_, to)| path(*to))
                .collect(),
        };
        Closure::new((0..len).rev().map(one).collect())
    }

    /// Edges of any graph without cycles: a path refers to later ones only.
    pub(in crate::closure) fn acyclic() -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
        (2..12_usize).prop_flat_map(|len| {
            let edge = (0..len, 0..len).prop_map(|(a, b)| (a.min(b), a.max(b)));
            (Just(len), proptest::collection::vec(edge, 0..3 * len))
        })
    }

    #[test]
    fn both_ways_of_a_reference_are_known() {
        let closure = graph(4, &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 3), (3, 9)]).unwrap();
        assert_eq!(closure.references(Id(0)), [Id(1), Id(2)]);
        assert_eq!(closure.referrers(Id(3)), [Id(1), Id(2)]);
        assert_eq!(closure.references(Id(3)), []);
        assert_eq!(closure.below(Id(1)), [Id(1), Id(3)]);
        assert_eq!(closure.sum(closure.below(Id(1))), 2 + 8);
        assert_eq!(closure.find(&path(2)), Some(Id(2)));
        assert_eq!(closure.find(&path(9)), None);
        assert!(!closure.is_empty());
    }

    #[test]
    fn the_shortest_chain_is_found() {
        let closure = graph(6, &[(0, 1), (1, 2), (2, 3), (0, 4), (4, 3)]).unwrap();
        let chain = |from: &[usize], to| {
            let from: Vec<Id> = from.iter().copied().map(Id).collect();
            closure.chain(&from, Id(to))
        };
        assert_eq!(chain(&[0], 3).unwrap(), [Id(0), Id(4), Id(3)]);
        assert_eq!(chain(&[0, 2], 3).unwrap(), [Id(2), Id(3)]);
        assert_eq!(chain(&[3], 3).unwrap(), [Id(3)]);
        assert_eq!(chain(&[0], 5), None);
        assert_eq!(chain(&[], 5), None);
    }

    #[test]
    fn a_cycle_is_refused_and_named() {
        let error = graph(5, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)]).unwrap_err();
        assert!([1, 2, 3].map(path).contains(&error.0), "{error}");
    }

    #[test]
    fn a_long_chain_is_no_recursion() {
        let len = 100_000;
        let one = |number: usize| Registered {
            path: path(number),
            bytes: 1,
            references: vec![path(number + 1)],
        };
        let closure = Closure::new((0..len).map(one).collect()).unwrap();
        assert_eq!(closure.below(Id(0)).len(), len);
        assert_eq!(closure.chain(&[Id(0)], Id(len - 1)).unwrap().len(), len);
        assert_eq!(closure.dominators(&[Id(0)]).bytes(Id(0)), len as u64);
    }

    proptest! {
        #[test]
        fn a_chain_is_made_of_references_and_none_is_shorter((len, edges) in acyclic()) {
            let closure = graph(len, &edges).unwrap();
            // Ways of each length, step by step.
            let mut reached = vec![closure.ids().next().unwrap()];
            let mut steps = vec![None; len];
            for step in 0..len {
                for id in &reached {
                    steps[id.0] = steps[id.0].or(Some(step));
                }
                reached = reached.iter().flat_map(|id| closure.references(*id)).copied().collect();
                reached.sort_unstable();
                reached.dedup();
            }
            for id in closure.ids() {
                let chain = closure.chain(&[Id(0)], id);
                prop_assert_eq!(chain.as_ref().map(|it| it.len() - 1), steps[id.0]);
                for pair in chain.unwrap_or_default().windows(2) {
                    prop_assert!(closure.references(pair[0]).contains(&pair[1]));
                }
            }
        }

        #[test]
        fn any_references_give_a_graph_or_a_cycle(edges in proptest::collection::vec((0..9_usize, 0..11_usize), 0..30)) {
            match graph(9, &edges) {
                Ok(closure) => for (at, id) in closure.order.iter().enumerate() {
                    for to in closure.references(*id) {
                        prop_assert!(closure.order[at..].contains(to));
                    }
                },
                Err(Cycle(on)) => {
                    // Whoever stands on a cycle comes back to itself.
                    let start = (0..9).find(|it| path(*it) == on).unwrap();
                    let mut seen = vec![start];
                    let mut at = 0;
                    while at < seen.len() {
                        let next = edges.iter().filter(|(from, to)| *from == seen[at] && from != to);
                        let next: Vec<usize> = next.map(|(_, to)| *to).filter(|to| *to < 9).collect();
                        if next.contains(&start) {
                            return Ok(());
                        }
                        for to in next {
                            if !seen.contains(&to) {
                                seen.push(to);
                            }
                        }
                        at += 1;
                    }
                    prop_assert!(false, "{} is on no cycle", on);
                }
            }
        }
    }
}
