//! To a registry: what it lacks, and nothing else.
//!
//! The last image in the first repository says which layers are there. Others are asked for, made and sent, several at
//! once, the largest first. The other repositories get the same layers by sharing them. A manifest comes last: until
//! then nobody sees anything, and what was sent before a failure needs not be sent again.

mod layers;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::error::{Error, Result};
use crate::image::gzip::Level;
use crate::image::{
    Blob, Crew, Known, Laid, MANIFEST, Slot, Start, check_names, config, digest_of, manifest,
    remembered, slots,
};
use crate::names::{Digest, ProcessType, RepositoryName};
use crate::plan::Layers;
use crate::registry::{Latest, ManifestPut, Registry};
use crate::shell::interrupt;
use crate::ui::human_bytes;

use super::level::Chooser;
use super::make::whole;
use super::{Hands, Image};
use layers::Todo;

/// Where images are to be.
pub struct Target<'a> {
    /// The registry.
    pub registry: &'a Registry,
    /// Its name, by which the rate of the way to it is kept.
    pub host: String,
    /// The repository of a process type.
    pub repository: &'a (dyn Fn(&ProcessType) -> Result<RepositoryName> + Sync),
    /// The tag.
    pub tag: &'a str,
}

/// An image that is where it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Went {
    /// Its process type.
    pub process: ProcessType,
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The digest of its config: its ID.
    pub image_id: Digest,
    /// Its layers.
    pub layers: usize,
    /// Their bytes, compressed.
    pub bytes: u64,
    /// Bytes of layers that were sent for it.
    pub sent: u64,
    /// Whether it was there already.
    pub unchanged: bool,
}

/// Brings an image of each process type to its repository.
///
/// Errors: `image/unreadable`, `image/odd-file`, `image/too-many-paths`, those of [`Registry::stream_blob`], and
/// `ship/missing` where the registry loses what it had.
pub fn send(image: &Image<'_>, hands: &Hands<'_>, target: &Target<'_>) -> Result<Vec<Went>> {
    let mut way = Way {
        image,
        hands,
        target,
        chooser: Chooser::new(image.layers, hands.cache.rate(&target.host)),
        trust: Trust::Whole,
        new: false,
        complained: AtomicBool::new(false),
        stop: Arc::default(),
    };
    let repositories = way.repositories()?;
    for trust in [Trust::Whole, Trust::Asked, Trust::Nothing] {
        way.trust = trust;
        way.new = trust == Trust::Whole && repositories.iter().all(|it| it.latest.is_none());
        if let Some(went) = way.all_types(&repositories)? {
            if let Some(rate) = way.chooser.rate() {
                hands.cache.keep_rate(&target.host, rate);
            }
            return Ok(went);
        }
        let ui = hands.ui;
        ui.detail("The registry lacks layers that it should have: all are looked at again");
    }
    Err(missing())
}

fn missing() -> Error {
    Error::transient(
        "ship/missing",
        "the registry says that it lacks layers which it has just taken",
        "try again; if it stays so, push once by Docker: `--route docker`",
    )
}

/// How far the last image is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// What it remembers is there.
    Whole,
    /// What it remembers is what it says, and may be gone.
    Asked,
    /// Nothing of it counts: all layers are made anew, and sent where they aren't there.
    Nothing,
}

/// The repository of a process type, as it is now.
struct There<'a> {
    process: &'a ProcessType,
    start: &'a Start,
    name: RepositoryName,
    latest: Option<Latest>,
    /// What its last image remembers.
    last: Vec<Laid>,
}

/// One push.
struct Way<'a> {
    image: &'a Image<'a>,
    hands: &'a Hands<'a>,
    target: &'a Target<'a>,
    chooser: Chooser,
    trust: Trust,
    /// Whether nothing was ever sent there, as far as can be seen.
    new: bool,
    /// Whether it was said that the cache can't be written.
    complained: AtomicBool,
    /// Whether a layer failed: the others on their way are left.
    stop: Arc<AtomicBool>,
}

impl<'a> Way<'a> {
    /// All repositories. The first one with an image of ours comes first: it says which layers there are.
    fn repositories(&self) -> Result<Vec<There<'a>>> {
        let mut all = Vec::new();
        for (process, start) in &self.image.starts {
            interrupt::check()?;
            let name = (self.target.repository)(process)?;
            let latest = self.target.registry.latest(&name, self.target.tag)?;
            let last = latest
                .as_ref()
                .and_then(|it| remembered(&it.manifest, &it.config));
            all.push(There {
                process,
                start,
                name,
                latest,
                last: last.unwrap_or_default(),
            });
        }
        all.sort_by_key(|it| it.last.is_empty());
        Ok(all)
    }

    /// Nothing where the registry lacks what it was believed to have.
    fn all_types(&self, repositories: &[There<'_>]) -> Result<Option<Vec<Went>>> {
        let Some(first) = repositories.first() else {
            return Ok(Some(Vec::new()));
        };
        let before = self.chooser.all();
        let layers = self.layers(first)?;
        let mut went = Vec::new();
        let mut sent = self.chooser.all() - before;
        for there in repositories {
            interrupt::check()?;
            if there.name != first.name {
                let before = self.chooser.all();
                if !self.share(there, &first.name, &layers)? {
                    return Ok(None);
                }
                sent = self.chooser.all() - before;
            }
            let Some(one) = self.put(there, &layers, sent)? else {
                return Ok(None);
            };
            went.push(one);
        }
        let place = |it: &Went| {
            self.image
                .starts
                .iter()
                .position(|(name, _)| *name == it.process)
        };
        went.sort_by_key(place);
        Ok(Some(went))
    }

    /// What is remembered of a repository's layers, as far as it is believed.
    fn believed(&self, there: &There<'_>) -> Result<Vec<Laid>> {
        match self.trust {
            Trust::Whole => Ok(there.last.clone()),
            Trust::Nothing => Ok(Vec::new()),
            Trust::Asked => {
                let mut kept = Vec::new();
                for laid in &there.last {
                    if self.has(&there.name, &laid.blob)? {
                        kept.push(laid.clone());
                    }
                }
                Ok(kept)
            }
        }
    }

    /// Whether all is made anew.
    fn afresh(&self) -> bool {
        self.image.layers.fresh || self.trust == Trust::Nothing
    }

    /// All layers, the lowest first; those that weren't there are there then.
    fn layers(&self, there: &There<'_>) -> Result<Vec<Laid>> {
        let last = self.believed(there)?;
        let image = self.image;
        let layout = Layers {
            fresh: self.afresh(),
            ..image.layers.clone()
        };
        let slots = slots(
            image.closure,
            image.roots,
            &last,
            &layout,
            self.hands.cache,
            &self.chooser.levels(),
        );
        check_names(slots.iter().map(|slot| slot.paths.as_slice()))?;
        let mut laid: Vec<Option<Laid>> = Vec::new();
        let mut todo = Vec::new();
        for (at, slot) in slots.into_iter().enumerate() {
            if let Known::There(it) = &slot.known {
                laid.push(Some(it.clone()));
            } else {
                laid.push(None);
                todo.push(Todo { at, slot });
            }
        }
        self.tell_kept(&laid);
        // The largest first: the last one to end is a small one then.
        todo.sort_by(|one, other| {
            let by_bytes = one.slot.bytes.cmp(&other.slot.bytes);
            by_bytes.then(other.at.cmp(&one.at))
        });
        for (at, made) in self.all(&there.name, todo)? {
            if let Some(place) = laid.get_mut(at) {
                *place = Some(made);
            }
        }
        let mut laid: Vec<Laid> = laid.into_iter().flatten().collect();
        laid.push(self.frame(&there.name, &last)?);
        Ok(laid)
    }

    fn tell_kept(&self, laid: &[Option<Laid>]) {
        let kept: Vec<&Laid> = laid.iter().flatten().collect();
        if !kept.is_empty() {
            let bytes = kept.iter().map(|it| it.blob.compressed).sum();
            self.hands.ui.detail(&format!(
                "{} of {} layers are there already, {}",
                kept.len(),
                laid.len(),
                human_bytes(bytes)
            ));
        }
    }

    fn has(&self, repository: &RepositoryName, blob: &Blob) -> Result<bool> {
        let there = self.target.registry.has_blob(repository, &blob.digest)?;
        Ok(there == Some(blob.compressed))
    }

    /// The root beside the store. It is small, and made each time.
    fn frame(&self, repository: &RepositoryName, last: &[Laid]) -> Result<Laid> {
        let level = Level::Fast;
        let frame = Arc::new(self.image.frame.clone());
        let made = whole(self.image.root, frame, &Crew::of(1, level), |_| {})?;
        let laid = Laid {
            blob: made.blob,
            level,
            paths: Vec::new(),
        };
        if !last.contains(&laid) && !self.has(repository, &laid.blob)? {
            let digest = &laid.blob.digest;
            self.target
                .registry
                .put_blob(repository, &made.bytes, digest)?;
            self.chooser.sent(laid.blob.compressed);
        }
        Ok(laid)
    }

    /// The layers of one repository in another one. No, where it can't be had: the registry shares nothing, and what
    /// is made here again is not what it was.
    fn share(&self, there: &There<'_>, from: &RepositoryName, layers: &[Laid]) -> Result<bool> {
        let last = self.believed(there)?;
        let known: BTreeSet<&Digest> = last.iter().map(|laid| &laid.blob.digest).collect();
        let mut todo = Vec::new();
        for (at, laid) in layers.iter().enumerate() {
            interrupt::check()?;
            let digest = &laid.blob.digest;
            if known.contains(digest)
                || self.target.registry.mount(&there.name, digest, from)?
                || self.has(&there.name, &laid.blob)?
            {
                continue;
            }
            if laid.paths.is_empty() {
                self.frame(&there.name, &[])?;
                continue;
            }
            let mut paths = laid.paths.iter();
            if !paths.all(|path| self.image.closure.find(path).is_some()) {
                return Ok(false);
            }
            let slot = Slot {
                paths: laid.paths.clone(),
                bytes: laid.blob.bytes,
                known: Known::Made(laid.clone()),
            };
            todo.push(Todo { at, slot });
        }
        let made = self.all(&there.name, todo)?;
        let mut made = made.iter();
        Ok(made.all(|(at, made)| layers.get(*at) == Some(made)))
    }

    /// Config and manifest. Nothing where the registry lacks a layer.
    fn put(&self, there: &There<'_>, layers: &[Laid], sent: u64) -> Result<Option<Went>> {
        let config = config(there.start, layers)?;
        let manifest = manifest(&config, layers)?;
        let image_id = digest_of(&config)?;
        let went = |manifest, unchanged| Went {
            process: there.process.clone(),
            manifest,
            image_id: image_id.clone(),
            layers: layers.len(),
            bytes: layers.iter().map(|it| it.blob.compressed).sum(),
            sent,
            unchanged,
        };
        let (repository, latest) = (&there.name, there.latest.as_ref());
        if let Some(latest) = latest.filter(|it| it.manifest == manifest) {
            return Ok(Some(went(latest.digest.clone(), true)));
        }
        let registry = self.target.registry;
        if registry.has_blob(repository, &image_id)?.is_none() {
            registry.put_blob(repository, &config, &image_id)?;
        }
        match registry.put_manifest(repository, self.target.tag, MANIFEST, &manifest)? {
            ManifestPut::Stored(digest) => Ok(Some(went(digest, false))),
            ManifestPut::Missing(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn a_registry_that_forgets_may_be_asked_again() {
        let error = missing();
        assert_eq!(error.kind(), Kind::Transient);
        insta::assert_snapshot!(error);
    }
}
