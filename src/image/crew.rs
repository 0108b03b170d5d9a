//! The threads that compress, one for each core.
//!
//! Takes pieces from any number of layers; gives each back compressed, to whoever sent it. Layers wait for each other
//! here and nowhere else: however many are on their way, no core has more than it can do.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::gzip::{Compressor, Crc, Level, PIECE};

/// A piece of a tar.
pub(super) struct Piece {
    /// As long as a piece may be.
    pub(super) bytes: Vec<u8>,
    /// How much of it counts.
    pub(super) filled: usize,
}

impl Piece {
    pub(super) fn new() -> Self {
        Piece {
            bytes: vec![0; PIECE],
            filled: 0,
        }
    }

    pub(super) fn filled(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }
}

/// A piece, compressed.
pub(super) struct Pressed {
    pub(super) bytes: Vec<u8>,
    pub(super) crc: Crc,
    /// What it was made of, to be filled again.
    pub(super) piece: Piece,
}

struct Job {
    piece: Piece,
    back: Sender<Pressed>,
}

/// The threads. They end when it is dropped.
pub struct Crew {
    jobs: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
    level: Level,
}

impl Crew {
    /// One thread for each core.
    pub fn new(level: Level) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::of(cores, level)
    }

    /// So many threads.
    pub fn of(cores: usize, level: Level) -> Self {
        let (jobs, todo) = sync_channel::<Job>(cores);
        let todo = Arc::new(Mutex::new(todo));
        let threads = (0..cores.max(1)).map(|_| {
            let todo = Arc::clone(&todo);
            std::thread::spawn(move || work(&todo, level))
        });
        Crew {
            threads: threads.collect(),
            jobs: Some(jobs),
            level,
        }
    }

    /// How hard it compresses.
    pub fn level(&self) -> Level {
        self.level
    }

    /// How many pieces of one layer may be on their way: enough for every core, and no more memory than it needs.
    pub(super) fn depth(&self) -> usize {
        (self.threads.len() + 2).min(12)
    }

    /// Another way to hand in work.
    pub(super) fn door(&self) -> Option<Door> {
        self.jobs.clone().map(Door)
    }
}

/// Where pieces are handed in.
pub(super) struct Door(SyncSender<Job>);

impl Door {
    /// Hands a piece in; nothing comes back where the threads have ended.
    pub(super) fn press(&self, piece: Piece) -> Receiver<Pressed> {
        let (back, pressed) = channel();
        // Without threads the other end is dropped, and who waits for it learns that.
        let _ = self.0.send(Job { piece, back });
        pressed
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn work(todo: &Mutex<Receiver<Job>>, level: Level) {
    let mut compressor = Compressor::new(level);
    loop {
        let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { piece, back }) = job else {
            return;
        };
        let mut bytes = Vec::with_capacity(PIECE / 2);
        compressor.piece(piece.filled(), &mut bytes);
        let crc = Crc::of(piece.filled());
        // Nobody waits for it any more where its layer was given up.
        let _ = back.send(Pressed { bytes, crc, piece });
    }
}
