//! Which layers of the last image are kept.
//!
//! Takes what the last image's config says, which anybody may have written: paths that are unknown here, twice
//! there, sizes that can't be. Sums stop at the largest number. Each needed path counts in one layer, the first
//! that is kept and has it; what else is in a layer is stale.

use super::Remembered;
use crate::closure::{Closure, Id};

/// The layers of the last image, while it is decided on them.
pub(super) struct Keeper<'a> {
    closure: &'a Closure,
    /// Sorted.
    needed: Vec<Id>,
    layers: Vec<Candidate>,
    /// For each path of the closure, the layers that have it, top first: the last one counts.
    holders: Vec<Vec<usize>>,
}

/// A layer of the last image.
struct Candidate {
    kept: bool,
    /// What is needed and counts here.
    ids: Vec<Id>,
    /// How many different paths it has.
    paths: usize,
    bytes: u64,
    compressed: u64,
}

impl<'a> Keeper<'a> {
    /// Keeps all layers of which something is needed.
    pub(super) fn new(closure: &'a Closure, needed: &[Id], last: &[Remembered]) -> Self {
        let mut needed = needed.to_vec();
        needed.sort_unstable();
        needed.dedup();
        let mut is_needed = vec![false; closure.len()];
        for id in &needed {
            if let Some(it) = is_needed.get_mut(id.at()) {
                *it = true;
            }
        }
        let mut keeper = Keeper {
            closure,
            needed,
            layers: Vec::with_capacity(last.len()),
            holders: vec![Vec::new(); closure.len()],
        };
        for (at, layer) in last.iter().enumerate().rev() {
            let mut paths: Vec<_> = layer.paths.iter().collect();
            paths.sort_unstable();
            paths.dedup();
            let known = paths.iter().filter_map(|path| closure.find(path));
            for id in known.filter(|id| is_needed.get(id.at()) == Some(&true)) {
                if let Some(holders) = keeper.holders.get_mut(id.at()) {
                    holders.push(at);
                }
            }
            keeper.layers.push(Candidate {
                kept: true,
                ids: Vec::new(),
                paths: paths.len(),
                bytes: layer.bytes,
                compressed: layer.compressed,
            });
        }
        keeper.layers.reverse();
        for id in keeper.needed.clone() {
            keeper.count_in(id);
        }
        for layer in &mut keeper.layers {
            layer.kept = !layer.ids.is_empty();
        }
        keeper
    }

    /// Counts a path in the first layer that has it, if one has.
    fn count_in(&mut self, id: Id) {
        let holder = self.holders.get(id.at()).and_then(|it| it.last());
        if let Some(layer) = holder.and_then(|at| self.layers.get_mut(*at)) {
            layer.ids.push(id);
        }
    }

    /// Gives up a layer. What another kept one has of it counts there from now on.
    fn drop(&mut self, at: usize) {
        let Some(layer) = self.layers.get_mut(at) else {
            return;
        };
        layer.kept = false;
        for id in std::mem::take(&mut layer.ids) {
            if let Some(holders) = self.holders.get_mut(id.at()) {
                holders.pop();
                let layers = &self.layers;
                holders.retain(|at| layers.get(*at).is_some_and(|it| it.kept));
            }
            self.count_in(id);
        }
    }

    /// Bytes of a layer that are needed.
    fn needed_in(&self, layer: &Candidate) -> u64 {
        self.closure.sum(layer.ids.iter().copied())
    }

    /// Bytes of a layer that nobody needs. The rest of a tar's frame is no waste: a layer that is needed wholly has
    /// none.
    fn stale(&self, layer: &Candidate) -> u64 {
        if layer.ids.len() == layer.paths {
            return 0;
        }
        layer.bytes.saturating_sub(self.needed_in(layer))
    }

    /// Bytes to send when a layer is given up, as well compressed as it was. One at least: nothing is for nothing.
    fn again(&self, layer: &Candidate) -> u128 {
        let needed = u128::from(self.needed_in(layer));
        let sent = needed * u128::from(layer.compressed) / u128::from(layer.bytes.max(1));
        sent.max(1)
    }

    /// Gives up the layers that free the most stale bytes for each byte sent again, until the image has no more of
    /// them than so many percent of its needed bytes.
    pub(super) fn limit_waste(&mut self, percent: u8) {
        let needed = self.closure.sum(self.needed.iter().copied());
        let most = u128::from(needed) * u128::from(percent) / 100;
        loop {
            let mut total = 0;
            let mut best: Option<(u128, u128, usize)> = None;
            for (at, layer) in self.layers.iter().enumerate().filter(|(_, it)| it.kept) {
                let (stale, again) = (u128::from(self.stale(layer)), self.again(layer));
                total += stale;
                let better = |(most, least, _): (u128, u128, usize)| {
                    stale.saturating_mul(least) >= most.saturating_mul(again)
                };
                if stale > 0 && best.is_none_or(better) {
                    best = Some((stale, again, at));
                }
            }
            match best {
                Some((_, _, at)) if total > most => self.drop(at),
                _ => return,
            }
        }
    }

    /// Gives up the layers that are cheapest to send, until no more than so many are left.
    pub(super) fn make_room(&mut self, most: usize) {
        while self.kept() > most {
            let kept = self.layers.iter().enumerate().filter(|(_, it)| it.kept);
            let cheapest = kept.min_by_key(|(at, it)| (self.again(it), usize::MAX - at));
            let Some((at, _)) = cheapest else { return };
            self.drop(at);
        }
    }

    /// How many layers are kept.
    pub(super) fn kept(&self) -> usize {
        self.layers.iter().filter(|it| it.kept).count()
    }

    /// The layers that are kept, bottom first.
    pub(super) fn kept_layers(&self) -> impl Iterator<Item = usize> {
        let layers = self.layers.iter().enumerate();
        layers.filter_map(|(at, it)| it.kept.then_some(at))
    }

    /// The needed paths that are in no kept layer, sorted.
    pub(super) fn new_paths(&self) -> Vec<Id> {
        let mut kept = vec![false; self.closure.len()];
        for id in self.layers.iter().flat_map(|it| &it.ids) {
            if let Some(it) = kept.get_mut(id.at()) {
                *it = true;
            }
        }
        let mut new = self.needed.clone();
        new.retain(|id| kept.get(id.at()) == Some(&false));
        new
    }

    /// Whether there are any.
    pub(super) fn has_new(&self) -> bool {
        !self.new_paths().is_empty()
    }
}
