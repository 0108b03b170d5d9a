//! Judges the drafts: which program each one runs, what it is for, and how well it fits a dyno.
//!
//! Takes drafts and what the project shows [`Around`] them; leaves each candidate with program, kind,
//! evidence and score, and gives what the chosen one needs to know of its sources. Never: Nix, a file that
//! is not in the tree. The three questions have a file each; every number is in `score`.

mod kind;
mod program;
mod score;
#[cfg(test)]
mod tests;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::candidates::Draft;
use super::manifests::{self, Manifest};
use super::project::{CandidateKind, Declared, Ecosystem};
use super::read::{App, Service};
use super::sources::{self, Sources};
use super::tree::Tree;
use crate::names::ProcessType;

/// What the project shows beside its candidates.
pub(super) struct Around<'a> {
    pub(super) tree: &'a Tree,
    pub(super) apps: &'a [App],
    pub(super) services: &'a [Service],
    pub(super) processes: &'a BTreeMap<ProcessType, Declared>,
}

/// A draft with all that was found out about it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) draft: Draft,
    /// The manifests of its folder.
    pub(super) manifests: Vec<Manifest>,
    /// What its program's sources show.
    pub(super) sources: Sources,
    /// All programs that the package is known to hold, sorted.
    pub(super) programs: Vec<String>,
    /// Whether `programs` is all that it holds: what isn't there is missing.
    pub(super) complete: bool,
    /// The file or folder of its program's own sources, where its neighbours have theirs.
    entry: Option<PathBuf>,
    /// The entries of its neighbours.
    others: Vec<PathBuf>,
    /// How much evidence there is for its kind.
    certainty: i32,
    /// The process `web` starts its program.
    web: bool,
}

impl Judged {
    /// A draft of which nothing more is known.
    pub(super) fn plain(draft: Draft) -> Self {
        Judged {
            draft,
            manifests: Vec::new(),
            sources: Sources::default(),
            programs: Vec::new(),
            complete: false,
            entry: None,
            others: Vec::new(),
            certainty: 0,
            web: false,
        }
    }
}

/// Folders that are searched for a manifest.
const MOST_FOLDERS: usize = 64;

/// Judges all drafts.
pub(super) fn judge(drafts: Vec<Draft>, around: &Around<'_>) -> Vec<Judged> {
    let judge = Judge {
        around,
        scans: RefCell::default(),
        manifests: RefCell::default(),
        names: RefCell::default(),
        images: images(&drafts),
        only: drafts.len() == 1,
    };
    let judged: Vec<Judged> = drafts.into_iter().map(|draft| judge.one(draft)).collect();
    score::merge_same(judged)
}

/// What was scanned: a folder, what was left out, and the language.
type Scanned = (PathBuf, Vec<PathBuf>, Option<Ecosystem>);

/// What an image of the project starts, and of which packages it is made.
struct Image {
    package: super::read::Package,
}

fn images(drafts: &[Draft]) -> Vec<Image> {
    let packages = drafts.iter().filter_map(|draft| draft.package.clone());
    let images =
        packages.filter(|package| package.command.is_some() && !package.contents.is_empty());
    images.map(|package| Image { package }).collect()
}

struct Judge<'a> {
    around: &'a Around<'a>,
    /// Each folder is scanned once, and its manifests and names looked at once.
    scans: RefCell<BTreeMap<Scanned, Sources>>,
    manifests: RefCell<BTreeMap<PathBuf, Vec<Manifest>>>,
    names: RefCell<BTreeMap<PathBuf, Rc<program::Names>>>,
    images: Vec<Image>,
    /// Whether there is but one draft: what the project shows in other places is about it.
    only: bool,
}

impl Judge<'_> {
    fn one(&self, draft: Draft) -> Judged {
        let manifests = self.manifests(&draft);
        let mut judged = Judged {
            manifests,
            ..Judged::plain(draft)
        };
        let builder = judged.draft.package.as_ref().map(|package| package.builder);
        if let (None, Some(ecosystem)) = (
            judged.draft.candidate.ecosystem,
            one_ecosystem(&judged.manifests),
        ) {
            judged.draft.candidate.ecosystem = Some(ecosystem);
        }
        score::builder(&mut judged);
        if builder.is_none_or(|builder| builder.makes.may_run()) {
            self.program(&mut judged);
            self.kind(&mut judged);
            let candidate = &mut judged.draft.candidate;
            if candidate.arguments.is_empty() && candidate.program.name().is_some() {
                candidate.arguments.clone_from(&judged.sources.arguments);
            }
        }
        if judged.draft.candidate.kind == CandidateKind::Image {
            program::of_image(&mut judged);
        }
        score::rate(&mut judged);
        judged
    }

    /// The manifests of the draft's folder that its builder can read.
    fn manifests(&self, draft: &Draft) -> Vec<Manifest> {
        let ecosystem = draft.candidate.ecosystem;
        let folder = match (&draft.candidate.folder, &draft.package) {
            (Some(folder), _) => folder.clone(),
            // Its sources can't be read from the expression: with one candidate they are the project's.
            (None, Some(package)) if ecosystem.is_some() && package.builder.makes.may_run() => {
                PathBuf::new()
            }
            (None, None) if self.only && draft.outside.is_none() => PathBuf::new(),
            _ => return Vec::new(),
        };
        let mut found = self.manifests_of(&folder);
        if found.is_empty() && ecosystem.is_some() {
            found = self.deeper(&folder);
        }
        found.retain(|manifest| ecosystem.is_none_or(|ecosystem| manifest.ecosystem == ecosystem));
        found
    }

    fn manifests_of(&self, folder: &Path) -> Vec<Manifest> {
        if let Some(known) = self.manifests.borrow().get(folder) {
            return known.clone();
        }
        let found = manifests::read(self.around.tree, folder);
        let mut manifests = self.manifests.borrow_mut();
        manifests.insert(folder.to_owned(), found.clone());
        found
    }

    /// Source files and folders below `folder` by name.
    fn named(&self, folder: &Path) -> Rc<program::Names> {
        if let Some(known) = self.names.borrow().get(folder) {
            return Rc::clone(known);
        }
        let found = Rc::new(program::names_below(self.around.tree, folder));
        let mut names = self.names.borrow_mut();
        names.insert(folder.to_owned(), Rc::clone(&found));
        found
    }

    /// The manifests of the folders below, where the folder itself has none (`src/Api/Api.csproj`).
    fn deeper(&self, folder: &Path) -> Vec<Manifest> {
        let tree = self.around.tree;
        let parents = tree.below(folder).filter_map(Path::parent);
        let near = parents.filter(|it| it.components().count() <= folder.components().count() + 2);
        let folders: BTreeSet<&Path> = near.filter(|it| !sources::is_beside(it, folder)).collect();
        let mut found: Vec<Manifest> = folders
            .into_iter()
            .take(MOST_FOLDERS)
            .flat_map(|folder| self.manifests_of(folder))
            .collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found.dedup_by(|a, b| a.path == b.path);
        found
    }

    /// What the sources in `folder` show, those in `others` left out.
    fn scan(&self, folder: &Path, others: &[PathBuf], ecosystem: Option<Ecosystem>) -> Sources {
        let key = (folder.to_owned(), others.to_vec(), ecosystem);
        if let Some(known) = self.scans.borrow().get(&key) {
            return known.clone();
        }
        let found = sources::scan(self.around.tree, folder, others, ecosystem);
        self.scans.borrow_mut().insert(key, found.clone());
        found
    }
}

fn one_ecosystem(manifests: &[Manifest]) -> Option<Ecosystem> {
    let first = manifests.first()?.ecosystem;
    manifests
        .iter()
        .all(|manifest| manifest.ecosystem == first)
        .then_some(first)
}
