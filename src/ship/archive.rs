//! To a file that Docker loads.

use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::image::gzip::Level;
use crate::image::{
    Archive, Blob, Cache, Crew, Laid, Named, Slot, Stream, check_names, config, digest_of, slots,
};
use crate::names::{Digest, ProcessType};
use crate::plan::Compression;
use crate::shell::interrupt;
use crate::ui::Progress;

use super::tally::Tally;
use super::{Hands, Image};

/// Writes an archive of the images of all process types; gives their IDs. `name` is that of an image, with its tag.
///
/// Errors: `image/unwritable`, `image/unreadable`, `image/odd-file`, `image/too-many-paths`, `interrupted`.
pub fn archive(
    image: &Image<'_>,
    hands: &Hands<'_>,
    place: &Path,
    name: &dyn Fn(&ProcessType) -> String,
) -> Result<Vec<(ProcessType, Digest)>> {
    let level = match image.layers.compression {
        Compression::Small => Level::Small,
        // No way is slower than a disk.
        Compression::Fast | Compression::Auto => Level::Fast,
    };
    let nothing = Cache::default();
    let slots = slots(
        image.closure,
        image.roots,
        &[],
        image.layers,
        &nothing,
        &[level],
    );
    check_names(slots.iter().map(|slot| slot.paths.as_slice()))?;
    let bytes = slots.iter().map(|slot| slot.bytes).sum();
    let mut writing = Writing {
        archive: Archive::new(place)?,
        crew: Crew::new(level),
        tally: Arc::new(Tally::new(slots.len(), bytes)),
        progress: Arc::new(hands.ui.progress()),
        image,
        hands,
    };
    let mut layers = Vec::new();
    for slot in slots {
        interrupt::check()?;
        layers.push(writing.slot(slot)?);
    }
    let frame = Arc::new(image.frame.clone());
    let blob = writing.layer(frame)?;
    layers.push(Laid {
        blob,
        level,
        paths: Vec::new(),
    });
    let mut images = Vec::new();
    let mut ids = Vec::new();
    for (process, start) in &image.starts {
        let config = config(start, &layers)?;
        ids.push((process.clone(), digest_of(&config)?));
        images.push(Named {
            name: name(process),
            config,
        });
    }
    writing.archive.finish(&images, &layers)?;
    Ok(ids)
}

struct Writing<'a> {
    archive: Archive,
    crew: Crew,
    tally: Arc<Tally>,
    progress: Arc<Progress>,
    image: &'a Image<'a>,
    hands: &'a Hands<'a>,
}

impl Writing<'_> {
    fn slot(&mut self, slot: Slot) -> Result<Laid> {
        let found = self.image.entries(&slot.paths)?;
        let blob = self.layer(Arc::new(found))?;
        self.tally.layer();
        self.tally.sent(blob.compressed);
        self.hands.tell(&slot.paths, &blob);
        Ok(Laid {
            blob,
            level: self.crew.level(),
            paths: slot.paths,
        })
    }

    fn layer(&mut self, entries: Arc<Vec<crate::image::Entry>>) -> Result<Blob> {
        let (tally, progress) = (Arc::clone(&self.tally), Arc::clone(&self.progress));
        let mut stream = Stream::new(self.image.root, entries, &self.crew, move |bytes| {
            tally.read(bytes);
            progress.set(&*tally);
        });
        self.archive
            .layer(&mut stream, |it| it.blob().map(|blob| blob.digest.clone()))?;
        let blob = stream.blob().cloned();
        blob.ok_or_else(|| crate::error::Error::bug("ship/unfinished", "a layer has no digest"))
    }
}
