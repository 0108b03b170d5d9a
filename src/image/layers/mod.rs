//! Which store paths share a layer, and which layers of the last image are kept.
//!
//! Takes a closure and how the last image laid out its store paths; gives the layers of the next image, bottom
//! first. Pure: the same input gives the same layers, in whatever order the paths came. Without a last image the
//! layers are a function of the closure alone. Never: a file, a registry, a needed path left out.
//!
//! # The model
//!
//! Each deploy makes some paths anew. A layer whose every path is still needed costs nothing: the registry has it.
//! One of which some paths are gone can be kept or written anew, and both cost something:
//!
//! - **sent again**: to write it anew sends what is still needed of it, compressed as well as the layer was;
//! - **waste**: to keep it leaves its *stale* bytes, of paths that nobody needs, in the image. Every machine that
//!   pulls the image from nothing fetches them;
//! - **layers**: a platform starts only so many of them.
//!
//! Waste and layers have [`Bounds`], and bytes sent again are what is made small within them. So the rules are:
//!
//! 1. A layer of which nothing is needed goes. All others stay, in their order: an engine that knows a layer by the
//!    chain of those below it finds them again. What is new goes on top ([`keep`]).
//! 2. Past the bound of waste, the layers that free the most stale bytes for each byte sent again are written anew.
//! 3. New paths are parted so that a later change will touch few layers, and these wholly ([`split`]).
//! 4. Past the bound of layers, new ones are joined first, then the layers that are cheapest to send go into them.
//!
//! # What changes together
//!
//! A store path changes when anything below it does. So an edit of the app changes a root, and a change of one path
//! changes all that stand on it. One layer of low libraries and one of what stands on them both cost little, a
//! mixture rots. [`reach`] knows for each path the changes that would make it anew; the price of sharing a layer is,
//! over all these changes, the part of it that would be stale or sent again, whichever is less.

#[cfg(test)]
mod histories;
mod keep;
mod reach;
mod split;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::closure::Registered;
use crate::closure::{Closure, Id, StorePath};
use keep::Keeper;
use reach::Reach;

/// A layer of the last image, as its config tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// What is in it.
    pub paths: Vec<StorePath>,
    /// Bytes of its tar.
    pub bytes: u64,
    /// Bytes of it as it is sent.
    pub compressed: u64,
}

/// How far an image may go from the smallest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    layers: usize,
    waste: u8,
}

impl Bounds {
    /// The most layers that Docker's storage takes.
    const MOST_LAYERS: usize = 125;

    /// At most so many layers of store paths (1 to 125), and so many stale bytes in percent of the needed ones
    /// (0 to 100). `None` outside of these.
    pub fn new(layers: usize, waste: u8) -> Option<Self> {
        let fits = (1..=Self::MOST_LAYERS).contains(&layers) && waste <= 100;
        fits.then_some(Bounds { layers, waste })
    }

    /// These with some layers fewer, for those that the image has beside its store paths. One is left at least.
    #[must_use]
    pub fn less(self, layers: usize) -> Self {
        let layers = self.layers.saturating_sub(layers).max(1);
        Bounds { layers, ..self }
    }

    /// The most layers of store paths.
    pub fn layers(self) -> usize {
        self.layers
    }

    /// The most stale bytes, in percent of the needed ones.
    pub fn waste(self) -> u8 {
        self.waste
    }
}

/// Thirty layers, a tenth of waste: a platform that starts forty leaves room for a base.
impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            layers: 30,
            waste: 10,
        }
    }
}

/// A layer of the next image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// One of the last image, as it is: its place there.
    Kept(usize),
    /// One to write, of these paths, sorted. Never empty.
    New(Vec<StorePath>),
}

/// Lays out the paths of a closure that an image needs, bottom first: layers of the last image in their old order,
/// then new ones. Each needed path is in one layer at least, and in a new one only if it is in no kept one.
///
/// `roots` are what a deploy is likely to change: the app.
pub fn arrange(
    closure: &Closure,
    needed: &[Id],
    roots: &[Id],
    last: &[Remembered],
    bounds: &Bounds,
) -> Vec<Layer> {
    let mut keeper = Keeper::new(closure, needed, last);
    keeper.limit_waste(bounds.waste);
    let mut groups = Vec::new();
    if keeper.kept() > bounds.layers || keeper.has_new() {
        let reach = Reach::new(closure, roots);
        groups = split::split(closure, &reach, &keeper.new_paths(), bounds.layers);
        if keeper.kept() + groups.len() > bounds.layers {
            let few = groups.len().clamp(1, split::FEW.min(bounds.layers));
            keeper.make_room(bounds.layers - few);
            let room = bounds.layers - keeper.kept();
            groups = split::split(closure, &reach, &keeper.new_paths(), room);
        }
    }
    let kept = keeper.kept_layers().map(Layer::Kept);
    let written = groups.into_iter().map(|mut ids| {
        ids.sort_unstable();
        Layer::New(ids.iter().map(|id| closure.path(*id).clone()).collect())
    });
    kept.chain(written).collect()
}
