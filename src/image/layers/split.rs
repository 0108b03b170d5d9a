//! How new paths are parted into layers.
//!
//! Takes some paths of a closure; gives groups of them, those that change least first. The largest paths start alone,
//! all roots together, the others in small parcels of what changes equally often; then the two groups that are
//! cheapest to join are joined, again and again. The number of parcels is bounded, so the work beyond sorting is
//! the same for any closure.

use super::reach::Reach;
use crate::closure::{Closure, Id};

/// So many layers the new paths get at least, if they would have that many: when an image is full, old layers make
/// room for them. Fewer would mix what should be apart, and a mixed layer is soon sent again.
pub(super) const FEW: usize = 6;

/// How many of the largest paths start alone, and into how many parcels the others are put, or few more.
const ALONE: usize = 64;
const PARCELS: usize = 48;

/// A layer is worth so many bytes each deploy: this part of the closure's.
const WORTH: u128 = 300_000;

/// Paths of one layer, and what each change would do to it.
struct Group {
    ids: Vec<Id>,
    bytes: u64,
    /// For each change, bytes that would be made anew.
    anew: Vec<u64>,
    /// What sharing a layer costs, over all changes.
    cost: u128,
}

/// Parts paths into `most` groups at most, and into fewer where it costs next to nothing. `ids` are sorted.
pub(super) fn split(closure: &Closure, reach: &Reach, ids: &[Id], most: usize) -> Vec<Vec<Id>> {
    let parcels = parcels(closure, reach, ids).into_iter();
    let mut groups: Vec<Group> = parcels.map(|ids| Group::new(closure, reach, ids)).collect();
    let all = u128::from(closure.sum(closure.ids()));
    let worth = all / WORTH * u128::from(reach.root_weight());
    join(&mut groups, reach, most.max(1), worth);
    // Those that change most are on top, where a change of them leaves the chain below as it was.
    groups.sort_by_cached_key(|it| (it.often(closure, reach), it.ids.first().copied()));
    groups.into_iter().map(|it| it.ids).collect()
}

/// The largest paths alone, the roots together, the others by how often they change.
fn parcels(closure: &Closure, reach: &Reach, ids: &[Id]) -> Vec<Vec<Id>> {
    let (roots, mut rest): (Vec<Id>, Vec<Id>) = ids.iter().partition(|id| reach.is_root(**id));
    rest.sort_by_key(|id| std::cmp::Reverse(closure.bytes(*id)));
    let mut tail = rest.split_off(rest.len().min(ALONE));
    let mut parcels: Vec<Vec<Id>> = rest.into_iter().map(|id| vec![id]).collect();
    if !roots.is_empty() {
        parcels.push(roots);
    }
    tail.sort_by_key(|id| (reach.often(*id), *id));
    let full = closure.sum(tail.iter().copied()) / PARCELS as u64;
    let many = tail.len().div_ceil(PARCELS);
    let (mut parcel, mut bytes) = (Vec::new(), 0_u64);
    for id in tail {
        parcel.push(id);
        bytes = bytes.saturating_add(closure.bytes(id));
        if bytes > full || parcel.len() >= many {
            parcels.push(std::mem::take(&mut parcel));
            bytes = 0;
        }
    }
    if !parcel.is_empty() {
        parcels.push(parcel);
    }
    parcels
}

/// Joins the two groups that are cheapest to join, while there are too many or it costs less than a layer is worth.
fn join(groups: &mut Vec<Group>, reach: &Reach, most: usize, worth: u128) {
    // For each group, what it costs to join it with each one before it.
    let mut prices: Vec<Vec<u128>> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let before = groups.iter().take(at);
        prices.push(before.map(|it| it.price(group, reach)).collect());
    }
    loop {
        let rows = prices.iter().enumerate();
        let pairs =
            rows.flat_map(|(at, row)| row.iter().enumerate().map(move |(to, it)| (*it, to, at)));
        let Some((price, to, from)) = pairs.min() else {
            return;
        };
        if groups.len() <= most && price > worth {
            return;
        }
        let gone = groups.remove(from);
        prices.remove(from);
        for row in prices.iter_mut().skip(from) {
            row.remove(from);
        }
        let Some(group) = groups.get_mut(to) else {
            return;
        };
        group.join(gone, reach);
        reprice(groups, &mut prices, to, reach);
    }
}

/// Brings the prices up to date for one group that has grown.
fn reprice(groups: &[Group], prices: &mut [Vec<u128>], at: usize, reach: &Reach) {
    let Some(group) = groups.get(at) else { return };
    for (other, it) in groups.iter().enumerate() {
        let (row, column) = (at.max(other), at.min(other));
        if let Some(price) = prices.get_mut(row).and_then(|row| row.get_mut(column)) {
            *price = it.price(group, reach);
        }
    }
}

impl Group {
    fn new(closure: &Closure, reach: &Reach, ids: Vec<Id>) -> Self {
        let mut group = Group {
            bytes: closure.sum(ids.iter().copied()),
            anew: vec![0; reach.count()],
            cost: 0,
            ids,
        };
        for id in &group.ids {
            for place in reach.places(*id) {
                if let Some(anew) = group.anew.get_mut(place) {
                    *anew = anew.saturating_add(closure.bytes(*id));
                }
            }
        }
        group.cost = cost(group.bytes, group.anew.iter().copied(), reach);
        group
    }

    fn joined_cost(&self, other: &Group, reach: &Reach) -> u128 {
        let anew = self.anew.iter().zip(&other.anew);
        let anew = anew.map(|(one, other)| one.saturating_add(*other));
        cost(self.bytes.saturating_add(other.bytes), anew, reach)
    }

    /// What it costs to join them.
    fn price(&self, other: &Group, reach: &Reach) -> u128 {
        let apart = self.cost + other.cost;
        self.joined_cost(other, reach).saturating_sub(apart)
    }

    fn join(&mut self, other: Group, reach: &Reach) {
        self.cost = self.joined_cost(&other, reach);
        for (one, other) in self.anew.iter_mut().zip(&other.anew) {
            *one = one.saturating_add(*other);
        }
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.ids.extend(other.ids);
    }

    /// How often its bytes change.
    fn often(&self, closure: &Closure, reach: &Reach) -> u128 {
        let weigh = |id: &Id| u128::from(reach.often(*id)) * u128::from(closure.bytes(*id));
        let sum: u128 = self.ids.iter().map(weigh).sum();
        sum / u128::from(self.bytes.max(1))
    }
}

/// Of each change the bytes that would be stale or that would be sent again, whichever are less.
fn cost(bytes: u64, anew: impl Iterator<Item = u64>, reach: &Reach) -> u128 {
    let last = reach.count() - 1;
    let costs = anew.enumerate().map(|(at, anew)| {
        let weight = if at == last { reach.root_weight() } else { 1 };
        u128::from(anew.min(bytes - anew.min(bytes))) * u128::from(weight)
    });
    costs.sum()
}
