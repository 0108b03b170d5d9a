//! Layers of store paths: asked for, made and sent, several at once.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Result;
use crate::image::gzip::Level;
use crate::image::{Blob, Crew, Entry, Known, Laid, Slot};
use crate::names::RepositoryName;
use crate::shell::interrupt;
use crate::ui::Progress;

use super::super::make::{SMALL, Source, blob_of, bytes_of, whole};
use super::super::tally::Tally;
use super::Way;

/// Layers that are on their way at once.
const AT_ONCE: usize = 4;

/// A layer that is to be made, or asked for.
pub(super) struct Todo {
    /// Its place in the image.
    pub(super) at: usize,
    pub(super) slot: Slot,
}

/// A layer that is to be made.
struct Making {
    crew: Arc<Crew>,
    entries: Arc<Vec<Entry>>,
    small: bool,
    read: Arc<dyn Fn(u64) + Send + Sync>,
}

impl Way<'_> {
    /// Makes and sends, several at once. The last of the list comes first.
    pub(super) fn all(
        &self,
        repository: &RepositoryName,
        todo: Vec<Todo>,
    ) -> Result<Vec<(usize, Laid)>> {
        if todo.is_empty() {
            return Ok(Vec::new());
        }
        let bytes = todo.iter().map(|it| it.slot.bytes).sum();
        let tally = Arc::new(Tally::new(todo.len(), bytes));
        let threads = AT_ONCE.min(todo.len());
        let crews = Crews::default();
        let (todo, done) = (Mutex::new(todo), Mutex::new(Vec::new()));
        let failed = Mutex::new(None);
        let progress = self.hands.ui.progress();
        let work = || {
            while !self.stop.load(Ordering::Relaxed) {
                let Some(next) = lock(&todo).pop() else {
                    return;
                };
                match self.one(repository, &next.slot, &crews, &tally, &progress) {
                    Ok(laid) => lock(&done).push((next.at, laid)),
                    Err(error) => {
                        lock(&failed).get_or_insert(error);
                        self.stop.store(true, Ordering::Relaxed);
                        return;
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        progress.done();
        match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// One layer of store paths.
    fn one(
        &self,
        repository: &RepositoryName,
        slot: &Slot,
        crews: &Crews,
        tally: &Arc<Tally>,
        progress: &Progress,
    ) -> Result<Laid> {
        interrupt::check()?;
        if let Known::Made(laid) | Known::There(laid) = &slot.known
            && self.has(repository, &laid.blob)?
        {
            tally.layer();
            tally.read(slot.bytes);
            progress.set(&**tally);
            return Ok(laid.clone());
        }
        // What was made before is made alike.
        let level = match &slot.known {
            Known::Made(laid) | Known::There(laid) => laid.level,
            Known::New => self.chooser.level(),
        };
        let counted = Arc::clone(tally);
        let entries = self.image.entries(&slot.paths)?;
        let making = Making {
            crew: crews.of(level),
            // Nix may not know how large a path is.
            small: bytes_of(&entries) <= SMALL,
            entries: Arc::new(entries),
            read: Arc::new(move |bytes| counted.read(bytes)),
        };
        let sent = |bytes| {
            self.chooser.sent(bytes);
            tally.sent(bytes);
            progress.set(&**tally);
        };
        let blob = self.bring(repository, making, &sent)?;
        tally.layer();
        progress.set(&**tally);
        self.remember(slot, level, &blob);
        self.hands.tell(&slot.paths, &blob);
        Ok(Laid {
            blob,
            level,
            paths: slot.paths.clone(),
        })
    }

    /// Makes a layer, and sends it if it isn't there.
    fn bring(
        &self,
        repository: &RepositoryName,
        making: Making,
        sent: &dyn Fn(u64),
    ) -> Result<Blob> {
        let (registry, root) = (self.target.registry, self.image.root);
        let Making {
            crew,
            entries,
            small,
            read,
        } = making;
        if small {
            let made = whole(root, entries, &crew, move |bytes| read(bytes))?;
            if !self.has(repository, &made.blob)? {
                let put = || registry.put_blob(repository, &made.bytes, &made.blob.digest);
                self.chooser.way(put)?;
                sent(made.blob.compressed);
            }
            return Ok(made.blob);
        }
        // To make it once more is cheaper than to send it once more, where it may be there.
        if self.afresh() && !self.new {
            let blob = blob_of(root, Arc::clone(&entries), &crew)?;
            if self.has(repository, &blob)? {
                return Ok(blob);
            }
        }
        let mut source = Source::new(
            root,
            entries,
            &crew,
            read,
            &self.chooser,
            Arc::clone(&self.stop),
        );
        let stream = || registry.stream_blob(repository, &mut source, sent);
        self.chooser.way(stream)?;
        source.blob()
    }

    /// A cache that can't be written costs time, later.
    fn remember(&self, slot: &Slot, level: Level, blob: &Blob) {
        if let Err(error) = self.hands.cache.keep(&slot.paths, level, blob)
            && !self.complained.swap(true, Ordering::Relaxed)
        {
            let ui = self.hands.ui;
            ui.detail(&format!(
                "Layers aren't remembered on this machine: {error}"
            ));
        }
    }
}

/// The threads that compress, started when the first layer needs them.
#[derive(Default)]
struct Crews {
    fast: Mutex<Option<Arc<Crew>>>,
    small: Mutex<Option<Arc<Crew>>>,
}

impl Crews {
    fn of(&self, level: Level) -> Arc<Crew> {
        let crew = match level {
            Level::Fast => &self.fast,
            Level::Small => &self.small,
        };
        Arc::clone(lock(crew).get_or_insert_with(|| Arc::new(Crew::new(level))))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
