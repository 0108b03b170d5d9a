//! What an image is to be made of: layers that are there, layers that are known, layers to make.
//!
//! Takes a closure, what the last image remembers, and what this machine remembers; gives [`Slot`]s, the lowest first.
//! Reads nothing of the store.

use std::collections::BTreeMap;

use crate::closure::{Closure, Id, StorePath};
use crate::plan::Layers;

use super::cache::Cache;
use super::config::Laid;
use super::gzip::Level;
use super::layers::{Bounds, Layer, Remembered, arrange};

/// A layer of the image to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its store paths, sorted.
    pub paths: Vec<StorePath>,
    /// Bytes of these, as Nix counts them.
    pub bytes: u64,
    /// What is known of it.
    pub known: Known,
}

/// What is known of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The last image has it, so the registry does.
    There(Laid),
    /// It was made on this machine before. Whether the registry has it is to be asked.
    Made(Laid),
    /// Nothing.
    New,
}

/// What a layer is made of, and how.
type Key = (Vec<StorePath>, &'static str);

/// The layers of the store of an image. `last` is what the last image remembers of all its layers, and `levels` says how
/// hard one may be compressed that was made before, the best first. Where nothing of before counts, neither does `cache`.
pub fn slots(
    closure: &Closure,
    roots: &[StorePath],
    last: &[Laid],
    layers: &Layers,
    cache: &Cache,
    levels: &[Level],
) -> Vec<Slot> {
    let last = if layers.fresh { &[] } else { last };
    let stores: Vec<&Laid> = last.iter().filter(|laid| !laid.paths.is_empty()).collect();
    let remembered: Vec<Remembered> = stores.iter().map(|laid| memory(laid)).collect();
    let needed: Vec<Id> = closure.ids().collect();
    let roots: Vec<Id> = roots.iter().filter_map(|path| closure.find(path)).collect();
    let bounds = Bounds::new(usize::from(layers.most), layers.waste).unwrap_or_default();
    // A layer that is made afresh of the same paths is the same.
    let same: BTreeMap<Key, &Laid> = stores
        .iter()
        .map(|laid| ((laid.paths.clone(), laid.level.name()), *laid))
        .collect();
    let arranged = arrange(closure, &needed, &roots, &remembered, &bounds);
    let slot = |layer: Layer| match layer {
        Layer::Kept(at) => {
            let laid = (*stores.get(at)?).clone();
            Some(Slot {
                paths: laid.paths.clone(),
                bytes: laid.blob.bytes,
                known: Known::There(laid),
            })
        }
        Layer::New(paths) => {
            let ids = paths.iter().filter_map(|path| closure.find(path));
            let bytes = closure.sum(ids);
            let there = |level: &Level| same.get(&(paths.clone(), level.name()));
            let made = |level: &Level| {
                let blob = cache.find(&paths, *level).filter(|_| !layers.fresh)?;
                Some(Laid {
                    blob,
                    level: *level,
                    paths: paths.clone(),
                })
            };
            let known = match levels.iter().find_map(there) {
                Some(laid) => Known::There((*laid).clone()),
                None => levels.iter().find_map(made).map_or(Known::New, Known::Made),
            };
            Some(Slot {
                paths,
                bytes,
                known,
            })
        }
    };
    arranged.into_iter().filter_map(slot).collect()
}

fn memory(laid: &Laid) -> Remembered {
    Remembered {
        paths: laid.paths.clone(),
        bytes: laid.blob.bytes,
        compressed: laid.blob.compressed,
    }
}
