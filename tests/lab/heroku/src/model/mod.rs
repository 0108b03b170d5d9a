//! What the loopback remembers: apps and all that belongs to them.
//!
//! Plain data with the rules that keep it consistent. Never does input or output: it starts no dyno and sends no answer;
//! the rooms that do so hold the lock on [`Store`] only while they look or change, never while they wait.

pub mod app;
pub mod build;
pub mod dyno;
pub mod image;
pub mod log;
pub mod output;
pub mod release;

use std::collections::{BTreeMap, BTreeSet};

pub use app::App;

/// Everything that `POST /reset` forgets.
#[derive(Debug, Default)]
pub struct Store {
    /// Apps by name.
    pub apps: BTreeMap<String, App>,
    /// Places for sources, by id.
    pub sources: BTreeMap<String, build::Source>,
    /// Log sessions by id.
    pub sessions: BTreeMap<String, log::Session>,
    /// Apps whose second factor was given in advance.
    pub preauthorized: BTreeSet<String>,
}

impl Store {
    /// The app that `key`, a name or an id, stands for.
    pub fn app(&self, key: &str) -> Option<&App> {
        self.apps
            .get(key)
            .or_else(|| self.apps.values().find(|app| app.id == key))
    }

    /// As [`Store::app`], to change it.
    pub fn app_mut(&mut self, key: &str) -> Option<&mut App> {
        let name = self.app(key)?.name.clone();
        self.apps.get_mut(&name)
    }

    /// The app that has the dyno or release of the app id `id`; a name may have been given to another app since.
    pub fn by_id(&mut self, id: &str) -> Option<&mut App> {
        self.apps.values_mut().find(|app| app.id == id)
    }
}
