//! What Nix said, attribute by attribute, and which attributes it said nothing of.
//!
//! Takes facts as they come; tells whether one attribute was answered. Never: a guess where nothing was said.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::AttrPath;
use crate::nix::Facts;

/// What Nix said of each attribute.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) found: BTreeMap<AttrPath, Facts>,
    /// Sets whose names are all known: what is not in `found` below them isn't there.
    pub(super) listed: BTreeSet<AttrPath>,
    /// Attributes that are not there.
    pub(super) gone: BTreeSet<AttrPath>,
    /// Attributes that Nix was not asked about, or was unable to look at.
    pub(super) unseen: BTreeSet<AttrPath>,
    /// Attributes that must be built to be looked at; the first with Nix's words.
    pub(super) building: Vec<AttrPath>,
    pub(super) building_words: Vec<String>,
    pub(super) unable_words: Vec<String>,
    /// Attributes that a warning tells about.
    pub(super) failing: BTreeSet<AttrPath>,
}

impl Answers {
    /// Whether Nix said of a path what it is, or that it isn't there.
    pub(super) fn about(&self, path: &AttrPath) -> bool {
        if self.found.contains_key(path) || self.gone.contains(path) || self.listed.contains(path) {
            return true;
        }
        if self.unseen.contains(path) {
            return false;
        }
        // The longest set around it whose names are known decides: the next name is there or it isn't.
        let names = path.names();
        let around = (0..names.len()).rev().find_map(|length| {
            let set = AttrPath::new(names.iter().take(length).cloned());
            self.listed.contains(&set).then_some(set)
        });
        let next = around.and_then(|set| Some(set.child(names.get(set.names().len())?)));
        next.is_some_and(|next| !self.found.contains_key(&next) && !self.unseen.contains(&next))
    }

    /// Takes the facts on the attributes of a set, with those of its children.
    pub(super) fn set(&mut self, path: &AttrPath, facts: BTreeMap<String, Facts>) {
        self.listed.insert(path.clone());
        for (name, mut facts) in facts {
            let path = path.child(&name);
            let children = std::mem::take(&mut facts.children);
            if !children.is_empty() {
                self.listed.insert(path.clone());
            }
            let children = children.into_iter();
            self.found
                .extend(children.map(|(name, facts)| (path.child(&name), facts)));
            self.found.insert(path, facts);
        }
    }
}
