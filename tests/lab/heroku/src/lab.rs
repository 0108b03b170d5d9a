//! What every part shares.
//!
//! Holds the options, the remembered state, the settings and faults that tests change, and docker. Never does anything
//! itself. Its locks are held for a look or a change, never across an `await`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::args::Options;
use crate::dyno::docker::Docker;
use crate::fault::Faults;
use crate::journal::Journal;
use crate::model::{App, Store};
use crate::settings::Settings;

/// The shared parts of one running loopback.
#[derive(Debug)]
pub struct Lab {
    /// The command line.
    pub options: Options,
    /// Runs the dynos.
    pub docker: Docker,
    store: Mutex<Store>,
    settings: Mutex<Settings>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
}

impl Lab {
    /// A lab without apps.
    pub fn new(options: Options, docker: Docker) -> Arc<Self> {
        let settings = Settings {
            boot_limit_s: options.boot_limit,
            ..Settings::default()
        };
        Arc::new(Self {
            options,
            docker,
            store: Mutex::default(),
            settings: Mutex::new(settings),
            faults: Mutex::default(),
            journal: Mutex::default(),
        })
    }

    /// All apps, locked.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        locked(&self.store)
    }

    /// A copy of the settings as they are now.
    pub fn settings(&self) -> Settings {
        locked(&self.settings).clone()
    }

    /// Replaces the settings.
    pub fn set(&self, settings: Settings) {
        *locked(&self.settings) = settings;
    }

    /// The faults to come, locked.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    /// What was asked so far, locked.
    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        locked(&self.journal)
    }

    /// Looks at or changes the app with this id, if it still exists.
    pub fn with_app<T>(&self, id: &str, change: impl FnOnce(&mut App) -> T) -> Option<T> {
        self.store().by_id(id).map(change)
    }
}

/// Locks, even after another thread panicked: a test should see its own failure, not ours.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
