//! Histories of deploys, made up as real ones go, to measure ways of laying out layers.
//!
//! Takes packages and a seed; gives the closure of each deploy, and what a row of layouts has cost: bytes sent,
//! kept and pulled. Bytes are those of files, uncompressed. For tests and `benches/histories.rs`.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a simulation: what it can't do ends it"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::{Bounds, Closure, Id, Layer, Registered, Remembered, StorePath, arrange};

/// A generator of numbers that look random (splitmix64), the same on every machine.
pub struct Numbers(pub u64);

impl Numbers {
    /// The next one below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0) % end.max(1)
    }
}

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What a path is made from: its size, and the packages it refers to, all before it.
#[derive(Clone)]
pub struct Package {
    pub bytes: u64,
    pub below: Vec<usize>,
}

/// Packages as text: a name, bytes, and the lines of those it refers to, from 0. The last is the app.
pub fn read(text: &str) -> Vec<Package> {
    let line = |line: &str| {
        let mut words = line.split(' ').skip(1).map(|it| it.parse().unwrap());
        Package {
            bytes: words.next().unwrap(),
            below: words.map(|it| usize::try_from(it).unwrap()).collect(),
        }
    };
    text.lines().map(line).collect()
}

/// So many packages and an app of a size. Most are small, few are very large; each stands on up to six, some of
/// which everybody stands on.
pub fn made_up(count: usize, app: u64, seed: u64) -> Vec<Package> {
    let mut numbers = Numbers(seed);
    let mut packages: Vec<Package> = Vec::new();
    for at in 0..count as u64 {
        // From 16 kB to 512 MB; each doubling is rarer by half.
        let doublings = mixed(numbers.below(u64::MAX)).trailing_zeros().min(15);
        let least = 16_000_u64 << doublings;
        let below: BTreeSet<u64> = (0..numbers.below(7).min(at))
            .map(|nth| numbers.below(if nth < 2 { at.min(1 + at / 20) } else { at }))
            .collect();
        packages.push(Package {
            bytes: least + numbers.below(least),
            below: below
                .into_iter()
                .map(|it| usize::try_from(it).unwrap())
                .collect(),
        });
    }
    let below = packages
        .iter()
        .flat_map(|it| it.below.clone())
        .collect::<BTreeSet<_>>();
    let tops = (0..count).filter(|at| !below.contains(at)).collect();
    packages.push(Package {
        bytes: app,
        below: tops,
    });
    packages
}

/// A project over time.
pub struct World {
    packages: Vec<Package>,
    /// How often each package has changed by itself.
    versions: Vec<u64>,
    numbers: Numbers,
    deploys: u64,
}

impl World {
    pub fn new(packages: Vec<Package>, seed: u64) -> Self {
        let versions = vec![0; packages.len()];
        World {
            packages,
            versions,
            numbers: Numbers(seed),
            deploys: 0,
        }
    }

    /// What the next deploy finds: the app is edited each time, a dependency is new each fifth, most are each 22nd.
    pub fn deploy(&mut self) -> (Closure, Id) {
        self.deploys += 1;
        let libraries = self.packages.len() as u64 - 1;
        if self.deploys > 1 {
            *self.versions.last_mut().unwrap() += 1;
        }
        if self.deploys.is_multiple_of(22) {
            let before = self.hashes();
            let least = libraries * (60 + self.numbers.below(41)) / 100;
            let mut changed = 0;
            while changed < least {
                self.change(libraries);
                let now = self.hashes();
                changed = now.iter().zip(&before).filter(|(a, b)| a != b).count() as u64;
            }
        } else if self.deploys.is_multiple_of(5) {
            self.change(libraries);
        }
        self.closure()
    }

    fn change(&mut self, libraries: u64) {
        let at = usize::try_from(self.numbers.below(libraries)).unwrap();
        self.versions[at] += 1;
    }

    /// Each package's hash: of itself and of all that it stands on.
    fn hashes(&self) -> Vec<u64> {
        let mut hashes: Vec<u64> = Vec::new();
        for (at, package) in self.packages.iter().enumerate() {
            let own = mixed(at as u64 ^ (self.versions[at] << 32));
            let below = package.below.iter().map(|it| hashes[*it]);
            hashes.push(below.fold(own, |all, it| mixed(all ^ it.rotate_left(17))));
        }
        hashes
    }

    fn closure(&self) -> (Closure, Id) {
        let names: Vec<StorePath> = self
            .hashes()
            .iter()
            .enumerate()
            .map(|(at, it)| path(*it, at))
            .collect();
        let paths = self
            .packages
            .iter()
            .zip(&names)
            .map(|(it, name)| Registered {
                path: name.clone(),
                bytes: it.bytes,
                references: it.below.iter().map(|it| names[*it].clone()).collect(),
            });
        let closure = Closure::new(paths.collect()).unwrap();
        let app = closure.find(names.last().unwrap()).unwrap();
        (closure, app)
    }
}

/// The path of a package with a hash.
pub fn path(hash: u64, at: usize) -> StorePath {
    StorePath::from_base(&format!("{:016}{hash:016x}-p{at}", at % 7).replace('e', "x")).unwrap()
}

/// A way to lay out a closure with an app.
pub enum Way {
    /// All in one.
    One,
    /// The app, and the rest.
    Two,
    /// That many layers: one path each by the number of ways that lead to it, and one for the rest.
    Popular(usize),
    /// That many layers: the app, the largest paths, and one for the rest.
    Largest(usize),
    /// Ours.
    Remembering(Bounds),
    /// Ours, without a memory.
    Fresh(Bounds),
}

/// A layer that was sent: what is in it, and the bytes of that.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    pub paths: Vec<StorePath>,
    pub bytes: u64,
}

impl Way {
    /// The layers of the next image, bottom first.
    pub fn image(&self, closure: &Closure, app: Id, last: &[Sent]) -> Vec<Sent> {
        match self {
            Way::One => packed(closure, vec![closure.ids().collect()]),
            Way::Two => packed(
                closure,
                vec![closure.ids().filter(|it| *it != app).collect(), vec![app]],
            ),
            Way::Popular(most) => {
                let ways = ways(closure);
                let mut ids: Vec<Id> = closure.ids().collect();
                ids.sort_by_key(|id| (std::cmp::Reverse(ways[id]), *id));
                alone(closure, ids, most - 1, &[])
            }
            Way::Largest(most) => {
                let mut ids: Vec<Id> = closure.ids().filter(|it| *it != app).collect();
                ids.sort_by_key(|id| (std::cmp::Reverse(closure.bytes(*id)), *id));
                alone(closure, ids, most - 2, &[app])
            }
            Way::Remembering(bounds) => ours(closure, app, last, bounds),
            Way::Fresh(bounds) => ours(closure, app, &[], bounds),
        }
    }
}

/// How many ways lead to each path, from wherever.
fn ways(closure: &Closure) -> BTreeMap<Id, u64> {
    let mut ways: BTreeMap<Id, u64> = closure.ids().map(|id| (id, 1)).collect();
    for id in closure.order() {
        let above = ways[id];
        for below in closure.references(*id) {
            let it = ways.entry(*below).or_default();
            *it = it.saturating_add(above);
        }
    }
    ways
}

fn alone(closure: &Closure, mut ids: Vec<Id>, many: usize, top: &[Id]) -> Vec<Sent> {
    let rest = ids.split_off(ids.len().min(many));
    let mut layers: Vec<Vec<Id>> = ids.into_iter().map(|id| vec![id]).collect();
    layers.push(rest);
    layers.push(top.to_vec());
    layers.retain(|it| !it.is_empty());
    packed(closure, layers)
}

fn packed(closure: &Closure, layers: Vec<Vec<Id>>) -> Vec<Sent> {
    let layers = layers.into_iter().map(|mut ids| {
        ids.sort_unstable();
        let paths = ids.iter().map(|id| closure.path(*id).clone()).collect();
        Sent {
            paths,
            bytes: closure.sum(ids),
        }
    });
    layers.collect()
}

/// What a layer's config says of it. All is taken to be compressed alike.
pub fn remembered(last: &[Sent]) -> Vec<Remembered> {
    let one = |it: &Sent| Remembered {
        paths: it.paths.clone(),
        bytes: it.bytes,
        compressed: it.bytes / 3,
    };
    last.iter().map(one).collect()
}

fn ours(closure: &Closure, app: Id, last: &[Sent], bounds: &Bounds) -> Vec<Sent> {
    let needed: Vec<Id> = closure.ids().collect();
    let layers = arrange(closure, &needed, &[app], &remembered(last), bounds);
    let layer = |layer| match layer {
        Layer::Kept(at) => last[at].clone(),
        Layer::New(paths) => {
            let ids = paths.iter().map(|it| closure.find(it).unwrap());
            Sent {
                bytes: closure.sum(ids),
                paths,
            }
        }
    };
    layers.into_iter().map(layer).collect()
}

/// What a history has cost, in a way. Of all deploys but the first, which sends everything in any way.
#[derive(Default)]
pub struct Costs {
    pub deploys: u64,
    pub changed: u64,
    pub sent: u64,
    pub needed: u64,
    pub image: u64,
    pub worst_image: f64,
    pub layers: u64,
    pub worst_layers: usize,
    /// What a machine with the last image pulls: one that knows layers by the chain below, and one by digest.
    pub by_chain: u64,
    pub by_digest: u64,
}

/// Runs ways over one history of so many deploys.
#[expect(clippy::cast_precision_loss, reason = "ratios to three digits")]
pub fn run(mut world: World, deploys: usize, ways: &[Way]) -> Vec<Costs> {
    let mut costs: Vec<Costs> = ways.iter().map(|_| Costs::default()).collect();
    let mut images: Vec<Vec<Sent>> = vec![Vec::new(); ways.len()];
    let mut registries: Vec<BTreeSet<Vec<StorePath>>> = vec![BTreeSet::new(); ways.len()];
    let mut before: BTreeSet<StorePath> = BTreeSet::new();
    for nth in 0..deploys {
        let (closure, app) = world.deploy();
        let paths: BTreeSet<StorePath> = closure.ids().map(|id| closure.path(id).clone()).collect();
        let changed = closure
            .ids()
            .filter(|id| !before.contains(closure.path(*id)));
        let changed = closure.sum(changed);
        for (at, way) in ways.iter().enumerate() {
            let image = way.image(&closure, app, &images[at]);
            let bytes = |it: &[&Sent]| it.iter().map(|it| it.bytes).sum::<u64>();
            let sent: Vec<&Sent> = image
                .iter()
                .filter(|it| registries[at].insert(it.paths.clone()))
                .collect();
            if nth > 0 {
                let (all, last) = (image.iter().collect::<Vec<_>>(), &images[at]);
                let same = image.iter().zip(last).take_while(|(a, b)| a == b).count();
                let other: Vec<&Sent> = image.iter().filter(|it| !last.contains(it)).collect();
                let needed = closure.sum(closure.ids());
                let cost = &mut costs[at];
                cost.deploys += 1;
                cost.changed += changed;
                cost.sent += bytes(&sent);
                cost.needed += needed;
                cost.image += bytes(&all);
                cost.worst_image = cost.worst_image.max(bytes(&all) as f64 / needed as f64);
                cost.layers += image.len() as u64;
                cost.worst_layers = cost.worst_layers.max(image.len());
                cost.by_chain += bytes(&all[same..]);
                cost.by_digest += bytes(&other);
            }
            images[at] = image;
        }
        before = paths;
    }
    costs
}
