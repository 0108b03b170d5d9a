//! What is in an image, and why.
//!
//! Takes what the build wrote down of its closure ([`Texts`]); gives [`Contents`]: a graph whose paths know their
//! layer and what is wanted for itself, and the answers to questions about it. Pure: Docker fetches the texts, and
//! commands print. Never a guess: what nothing wants is said to be so.

mod find;
mod hints;
mod json;
mod show;

pub use find::find;
pub use hints::{Hint, hints};
pub use json::{contents_json, why_json};
pub use show::{show_contents, show_why};

use std::collections::BTreeMap;

use serde::Serialize;

use crate::closure::{Closure, Dominators, Id, StorePath, registration};
use crate::error::{Error, Result};

/// Letters of a hash that are shown at least.
const LEAST_HASH: usize = 5;

/// The layer of an image that a path is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The first: what the shell and the tools stand on.
    System,
    /// The second.
    Dependencies,
    /// The third: what an edit of the sources makes anew.
    Own,
}

impl Layer {
    /// All of them, the lowest first.
    pub const ALL: [Layer; 3] = [Layer::System, Layer::Dependencies, Layer::Own];

    /// Its name, which is also that of the folder it is made from.
    pub fn name(self) -> &'static str {
        match self {
            Layer::System => "system",
            Layer::Dependencies => "dependencies",
            Layer::Own => "own",
        }
    }
}

/// What a path is wanted for when it is wanted for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// It is the app, or one of its outputs.
    App,
    /// `--root` or `--with` asked for it.
    Tool,
    /// `/bin/sh` or `/usr/bin/env` leads into it.
    Shell,
    /// Nobody knows: nothing refers to it.
    Unknown,
}

impl Wanted {
    /// Who needs what stands below: `the app`.
    pub fn name(self) -> &'static str {
        match self {
            Wanted::App => "the app",
            Wanted::Tool => "a package of --root or --with",
            Wanted::Shell => "/bin/sh or /usr/bin/env",
            Wanted::Unknown => "nothing that is known",
        }
    }
}

/// The files that the build writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The names of the paths of each layer, a line each.
    pub layers: BTreeMap<Layer, String>,
    /// What Nix has registered of them.
    pub registration: String,
    /// What is wanted for itself: a word and a path on each line.
    pub roots: String,
}

/// What is in an image.
#[derive(Debug, Clone)]
pub struct Contents {
    closure: Closure,
    layers: BTreeMap<Id, Layer>,
    roots: BTreeMap<Id, Wanted>,
    dominators: Dominators,
    /// Letters of a hash that no two paths share.
    hash: usize,
}

impl Contents {
    /// Reads it.
    ///
    /// Errors: `contents/unreadable`.
    pub fn read(texts: &Texts) -> Result<Self> {
        let registered =
            registration(&texts.registration).map_err(|error| unreadable(error.to_string()))?;
        let closure = Closure::new(registered).map_err(|error| unreadable(error.to_string()))?;
        let mut layers = BTreeMap::new();
        for (layer, names) in &texts.layers {
            for name in names.lines() {
                let id = StorePath::from_base(name).and_then(|path| closure.find(&path));
                let id = id.ok_or_else(|| {
                    unreadable(format!(
                        "`{name}` of layer {} is not registered",
                        layer.name()
                    ))
                })?;
                if layers.insert(id, *layer).is_some() {
                    return Err(unreadable(format!("`{name}` is in two layers")));
                }
            }
        }
        if let Some(id) = closure.ids().find(|id| !layers.contains_key(id)) {
            return Err(unreadable(format!("{} is in no layer", closure.path(id))));
        }
        let mut roots = roots(&closure, &texts.roots)?;
        let mut dominators = closure.dominators(&keys(&roots));
        let lone = closure
            .ids()
            .filter(|id| !dominators.is_needed(*id) && closure.referrers(*id).is_empty());
        let lone: Vec<Id> = lone.collect();
        if !lone.is_empty() {
            roots.extend(lone.into_iter().map(|id| (id, Wanted::Unknown)));
            dominators = closure.dominators(&keys(&roots));
        }
        let hash = shortest_hash(&closure);
        Ok(Contents {
            closure,
            layers,
            roots,
            dominators,
            hash,
        })
    }

    /// The graph.
    pub fn closure(&self) -> &Closure {
        &self.closure
    }

    /// What is wanted for itself.
    pub fn roots(&self) -> &BTreeMap<Id, Wanted> {
        &self.roots
    }

    /// A path's layer.
    pub fn layer(&self, id: Id) -> Layer {
        self.layers.get(&id).copied().unwrap_or(Layer::Own)
    }

    /// The bytes of a path and of all that would go with it.
    pub fn bytes_with(&self, id: Id) -> u64 {
        self.dominators.bytes(id)
    }

    /// A path and all that would go with it.
    pub fn with(&self, id: Id) -> Vec<Id> {
        self.dominators.with(id)
    }

    /// How many paths a layer has, and their bytes.
    pub fn layer_total(&self, layer: Layer) -> (usize, u64) {
        let inside = self.layers.iter().filter(|(_, it)| **it == layer);
        let ids: Vec<Id> = inside.map(|(id, _)| *id).collect();
        (ids.len(), self.closure.sum(ids))
    }

    /// All paths, the largest first, those of one size by name.
    pub fn by_size(&self) -> Vec<Id> {
        let mut ids: Vec<Id> = self.closure.ids().collect();
        let key = |id: &Id| {
            (
                std::cmp::Reverse(self.closure.bytes(*id)),
                self.closure.path(*id).name(),
            )
        };
        ids.sort_by(|a, b| key(a).cmp(&key(b)));
        ids
    }

    /// The shortest name that means this path alone: the start of its hash, and its name.
    pub fn short(&self, id: Id) -> String {
        let path = self.closure.path(id);
        let hash = path.hash().get(..self.hash).unwrap_or_default();
        format!("{hash}-{}", path.name())
    }

    /// The shortest way to a path for each kind of want, and in the case of tools for each of them.
    pub fn chains(&self, to: Id) -> Vec<(Wanted, Vec<Id>)> {
        let mut from: Vec<(Wanted, Vec<Id>)> = Vec::new();
        for (id, wanted) in &self.roots {
            match from
                .iter_mut()
                .find(|(it, _)| it == wanted && *wanted != Wanted::Tool)
            {
                Some((_, ids)) => ids.push(*id),
                None => from.push((*wanted, vec![*id])),
            }
        }
        let chains = from.into_iter();
        let chains =
            chains.filter_map(|(wanted, from)| Some((wanted, self.closure.chain(&from, to)?)));
        let mut chains: Vec<_> = chains.collect();
        chains.sort_by_key(|(wanted, chain)| (*wanted, chain.len()));
        chains
    }
}

fn keys(roots: &BTreeMap<Id, Wanted>) -> Vec<Id> {
    roots.keys().copied().collect()
}

/// What is wanted for itself. A path that isn't in the image is none: of a tool's outputs only some enter it.
fn roots(closure: &Closure, text: &str) -> Result<BTreeMap<Id, Wanted>> {
    let mut roots = BTreeMap::new();
    for line in text.lines() {
        let (word, path) = line.split_once(' ').unwrap_or((line, ""));
        let wanted = match word {
            "app" => Wanted::App,
            "tool" => Wanted::Tool,
            "shell" => Wanted::Shell,
            _ => return Err(unreadable(format!("`{word}` is no reason for a path"))),
        };
        if let Some(id) = StorePath::around(path).and_then(|path| closure.find(&path)) {
            let first = roots.entry(id).or_insert(wanted);
            *first = wanted.min(*first);
        }
    }
    Ok(roots)
}

/// How many letters of the hashes tell all paths apart: sorted paths differ most from their neighbours.
fn shortest_hash(closure: &Closure) -> usize {
    let ids: Vec<Id> = closure.ids().collect();
    let shared = ids.windows(2).filter_map(|pair| {
        let [one, other] = pair else { return None };
        let (one, other) = (closure.path(*one).hash(), closure.path(*other).hash());
        Some(
            one.bytes()
                .zip(other.bytes())
                .take_while(|(a, b)| a == b)
                .count(),
        )
    });
    LEAST_HASH.max(shared.max().unwrap_or_default() + 1)
}

fn unreadable(why: impl Into<String>) -> Error {
    Error::bug(
        "contents/unreadable",
        "what the build says of the image's contents can't be read",
    )
    .because(why)
}

#[cfg(test)]
mod tests;
