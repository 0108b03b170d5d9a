//! Lets Nix's answers outrank what was read.
//!
//! Takes the findings of reading; asks Nix for the same; leaves the findings corrected, with reasons that
//! tell both where they differ. What Nix was unable to look at stands as it was read, and a warning says so;
//! never is a draft dropped that Nix gave no answer about.

mod answers;
mod correct;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::context::{Staged, survey};
use crate::error::{Error, Result};
use crate::names::AttrPath;
use crate::nix::{Answer, ClassicFacts, Facts, Nix, Where};
use crate::shell::Runner;

use super::Ask;
use super::candidates::{self, Draft};
use super::choose;
use super::findings::Findings;
use super::project::{ClassicShape, Entry, Origin, Source, Warning};
use super::read::SYSTEM;
use answers::Answers;

/// When the whole set can't be evaluated, this many attributes are tried one by one.
const MOST_SINGLE: usize = 8;
/// Names that a warning lists.
const MOST_NAMES: usize = 6;

/// Asks Nix about what `findings` hold; gives the Nix that answered, as it names itself.
///
/// Errors: Ctrl-C, a file that can't be copied, no Nix in the container that was asked for.
pub(super) fn ask_nix(
    dir: &Path,
    ask: &Ask,
    runner: &dyn Runner,
    findings: &mut Findings,
) -> Result<Option<String>> {
    let Some(place) = &ask.evaluate else {
        return Ok(None);
    };
    let here = *place == Where::Here;
    if here && Nix::new(runner, dir, &ask.nix_args).version()?.is_err() {
        return Ok(None);
    }
    // Nix copies all of a flake's folder into its store: it gets what the build gets, not what git
    // ignores (`target/`, `node_modules/`).
    let staged = Staged::new(dir, &survey(dir)?)?;
    let folder = staged.context();
    let nix = Nix::new(runner, &folder, &ask.nix_args)
        .at(place.clone())
        .import_from_derivation(ask.import_from_derivation);
    let version = match nix.version()? {
        Ok(version) => version.to_string(),
        Err(_) if here => return Ok(None),
        // Who asks for it wants its answer, and no other in its place.
        Err(words) => return Err(no_docker_nix(correct::words(words, &folder))),
    };
    let flake = findings
        .entry
        .iter()
        .any(|it| matches!(it, Entry::Flake { .. }));
    let mut asking = Asking {
        nix,
        folder: folder.clone(),
        here,
        version: version.clone(),
        asked: ask.attribute.as_ref(),
        findings,
        answers: Answers::default(),
    };
    let answered = if flake {
        asking.flake()?
    } else {
        asking.classic()?
    };
    Ok(answered.then_some(version))
}

fn no_docker_nix(words: Vec<String>) -> Error {
    Error::user(
        "inspect/no-docker-nix",
        "the Nix of the base image could not be asked",
        "mend what Docker says; `docker run --rm IMAGE nix --version` must work",
    )
    .because("`--evaluate docker` asks for it")
    .or("only read the files: `--no-eval`")
    .detail(words)
}

struct Asking<'a> {
    nix: Nix<'a>,
    /// The copy of the project that Nix is given.
    folder: PathBuf,
    here: bool,
    version: String,
    asked: Option<&'a AttrPath>,
    findings: &'a mut Findings,
    answers: Answers,
}

impl Asking<'_> {
    /// Asks about a flake; whether Nix answered.
    fn flake(&mut self) -> Result<bool> {
        let root = AttrPath::new(["packages", SYSTEM]);
        match self.nix.packages(&root)? {
            Answer::Known(facts) => self.answers.set(&root, facts),
            Answer::Absent => drop(self.answers.listed.insert(root.clone())),
            Answer::Unable(words) => return Ok(self.unable(words)),
            // One attribute that builds, or is wrong, says nothing of its neighbours.
            Answer::NeedsBuild(words) => {
                if !self.one_by_one(&root)? {
                    return Ok(self.needs_build(words));
                }
            }
            Answer::Refused(words) => {
                if !self.one_by_one(&root)? {
                    return Ok(self.refused(words));
                }
            }
        }
        // The attribute that the user named may stand anywhere; the old default stands by itself.
        let mut others = vec![AttrPath::new(["defaultPackage", SYSTEM])];
        if let Some(asked) = self.asked {
            let ways = choose::ways(asked).into_iter();
            others.extend(ways.filter(|way| way.0 == Origin::Flake).map(|way| way.1));
        }
        for path in others {
            if !self.answers.found.contains_key(&path) {
                self.single(&path)?;
            }
        }
        let rest = self.unanswered(Origin::Flake);
        for path in rest.iter().take(MOST_SINGLE) {
            self.single(path)?;
        }
        Ok(self.merge(Origin::Flake))
    }

    /// Asks about each attribute of a set that can't be evaluated as a whole; false when not even its names
    /// are known.
    fn one_by_one(&mut self, root: &AttrPath) -> Result<bool> {
        let Answer::Known(mut names) = self.nix.names(root)? else {
            return Ok(false);
        };
        self.answers.listed.insert(root.clone());
        let asked = self.asked.and_then(|asked| asked.names().last().cloned());
        names.sort_by_key(|name| (Some(name) != asked.as_ref(), name != "default"));
        for (count, name) in names.iter().enumerate() {
            let path = root.child(name);
            if count < MOST_SINGLE {
                self.single(&path)?;
            } else {
                self.answers.unseen.insert(path);
            }
        }
        Ok(true)
    }

    /// Asks about one attribute. One that fails is a warning.
    fn single(&mut self, path: &AttrPath) -> Result<()> {
        let answer = self.nix.package(path)?;
        self.take(path, answer);
        Ok(())
    }

    fn take(&mut self, path: &AttrPath, answer: Answer<Facts>) {
        let answers = &mut self.answers;
        answers.unseen.remove(path);
        match answer {
            Answer::Known(facts) => drop(answers.found.insert(path.clone(), facts)),
            Answer::Absent => drop(answers.gone.insert(path.clone())),
            Answer::Unable(words) => {
                answers.unseen.insert(path.clone());
                if answers.unable_words.is_empty() {
                    answers.unable_words = words;
                }
            }
            Answer::NeedsBuild(words) => {
                answers.unseen.insert(path.clone());
                if answers.building.is_empty() {
                    answers.building_words = words;
                }
                answers.building.push(path.clone());
            }
            Answer::Refused(words) => {
                let failed = Facts {
                    failed: true,
                    ..Facts::default()
                };
                answers.found.insert(path.clone(), failed);
                self.fails(path, words);
            }
        }
    }

    /// Drafts that nothing was said about: below what Nix looked at, or in another place.
    fn unanswered(&self, from: Origin) -> Vec<AttrPath> {
        let drafts = self.findings.drafts.iter().map(|draft| &draft.candidate);
        let drafts = drafts.filter(|it| it.from == from).map(|it| &it.attribute);
        // With one asked for, the others matter little.
        let wanted = drafts.filter(|_| self.asked.is_none());
        wanted
            .filter(|path| !self.answers.about(path) && !self.answers.unseen.contains(path))
            .cloned()
            .collect()
    }

    /// Asks about a default.nix; whether Nix answered.
    fn classic(&mut self) -> Result<bool> {
        let path = self.asked.cloned().unwrap_or_default();
        let facts = match self.nix.classic(&self.findings.classic_file, &path)? {
            Answer::Known(facts) => facts,
            Answer::Unable(words) => return Ok(self.unable(words)),
            Answer::NeedsBuild(words) => return Ok(self.needs_build(words)),
            Answer::Refused(words) => return Ok(self.refused(words)),
            Answer::Absent => ClassicFacts::Absent,
        };
        let (given, facts) = match facts {
            ClassicFacts::CallPackage { required, gives } => (Some(required), *gives),
            facts => (None, facts),
        };
        let shape = match facts {
            ClassicFacts::Derivation(facts) => {
                self.answers.found.insert(path.clone(), facts);
                ClassicShape::Derivation
            }
            ClassicFacts::Set(facts) => {
                self.answers.set(&path, facts);
                ClassicShape::AttributeSet
            }
            ClassicFacts::NoNixpkgs => {
                return Ok(self.unable(vec!["this machine's Nix has no `<nixpkgs>`".to_owned()]));
            }
            ClassicFacts::Many => return Ok(self.many()),
            ClassicFacts::Absent => return self.absent(),
            ClassicFacts::CallPackage { required, .. } | ClassicFacts::Function(required) => {
                self.findings.cannot_call(&required);
                self.answers.listed.insert(path.clone());
                ClassicShape::NeedsArguments { required }
            }
            ClassicFacts::Other(kind) => {
                self.answers.listed.insert(path.clone());
                let because = format!("Nix says that it is a {kind}");
                ClassicShape::Unknown { because }
            }
        };
        // The shape is the file's own: an attribute of it says nothing about that.
        if path.is_root() {
            let shape = match given {
                Some(required) => ClassicShape::CallPackage { required },
                None => shape,
            };
            self.findings.set_classic_shape(&shape);
        }
        self.deeper()?;
        Ok(self.merge(Origin::Classic))
    }

    /// Asks about what was read in sets that Nix did not look into: it enters only those that ask for it.
    fn deeper(&mut self) -> Result<()> {
        let rest = self.unanswered(Origin::Classic);
        for path in rest.iter().take(MOST_SINGLE) {
            let answer = match self.nix.classic(&self.findings.classic_file, path)? {
                Answer::Known(facts) => of_one(facts),
                Answer::Absent => Answer::Absent,
                Answer::Refused(words) => Answer::Refused(words),
                Answer::NeedsBuild(words) => Answer::NeedsBuild(words),
                Answer::Unable(words) => Answer::Unable(words),
            };
            self.take(path, answer);
        }
        Ok(())
    }

    /// Only an attribute that was asked for can be absent: names those that are there.
    fn absent(&mut self) -> Result<bool> {
        let root = AttrPath::default();
        if let Answer::Known(ClassicFacts::Set(facts)) =
            self.nix.classic(&self.findings.classic_file, &root)?
        {
            self.answers.set(&root, facts);
            self.merge(Origin::Classic);
        }
        self.findings.open = None;
        Ok(true)
    }

    /// Puts Nix's facts in the place of what was read; whether there were any.
    fn merge(&mut self, from: Origin) -> bool {
        let answers = std::mem::take(&mut self.answers);
        if answers.found.is_empty() && answers.gone.len() + answers.unseen.len() > 0 {
            // It listed names, and could look at none of them.
            let nothing = answers.listed.is_empty() || !answers.unseen.is_empty();
            if nothing && !answers.building.is_empty() {
                return self.needs_build(answers.building_words);
            } else if nothing && !answers.unable_words.is_empty() {
                return self.unable(answers.unable_words);
            }
        }
        let source = Source::Evaluation {
            version: self.version.clone(),
        };
        let drafts = std::mem::take(&mut self.findings.drafts);
        let (mut read, kept): (BTreeMap<_, _>, Vec<_>) = split(drafts, from);
        self.findings.drafts = kept;
        let mut deployable = false;
        for (path, facts) in &answers.found {
            if facts.failed && !answers.failing.contains(path) {
                self.fails(path, Vec::new());
            }
            if facts.failed
                && let Some(mut draft) = read.remove(path)
            {
                // It keeps its place: were it the first, another taken in its stead would surprise.
                let what = "Nix can't evaluate it";
                draft.candidate.because(0, what, Some(source.clone()));
                draft.facts = Some(facts.clone());
                self.findings.drafts.push(draft);
                continue;
            }
            if !facts.derivation || facts.shell {
                continue;
            }
            deployable = true;
            let known = read.remove(path);
            let mut draft =
                known.unwrap_or_else(|| candidates::evaluated(from, path, source.clone()));
            correct::correct(&mut draft, facts, &source);
            draft.facts = Some(facts.clone());
            self.findings.drafts.push(draft);
        }
        let unseen: BTreeSet<AttrPath> = (read.keys())
            .filter(|path| !answers.about(path))
            .chain(&answers.unseen)
            .cloned()
            .collect();
        let unread = unseen.iter().filter(|path| !read.contains_key(path));
        let unread = unread.count();
        let stands = unseen.iter().filter_map(|path| read.remove(path));
        self.findings.drafts.extend(stands);
        if unseen.is_empty() {
            self.findings.open = None;
        } else if unread > 0 && self.findings.open.is_none() {
            self.findings.open = Some(format!("Nix did not look at {unread} of the attributes"));
        }
        self.told(&unseen, answers);
        if deployable {
            self.findings.disprove_missing();
        }
        true
    }

    /// Tells which attributes were only read: those that must be built, and those not looked at.
    fn told(&mut self, unseen: &BTreeSet<AttrPath>, answers: Answers) {
        if !answers.building.is_empty() {
            let names = listed(answers.building.iter());
            let what = format!("Nix must build before it can look at {names}: they were only read");
            let todo = "let it build, if you trust the project: `--import-from-derivation`";
            self.warn("inspect/needs-build", what, todo, answers.building_words);
        }
        let skipped: Vec<_> = (unseen.iter())
            .filter(|path| !answers.building.contains(path))
            .collect();
        // Beside one that was asked for, the others matter little.
        if skipped.is_empty() || self.asked.is_some() {
            return;
        }
        let what = format!(
            "Nix did not look at {} of the attributes, which were only read: {}",
            skipped.len(),
            listed(skipped.iter().copied())
        );
        let todo = "to have Nix look at one, name it: `--attr NAME`";
        self.warn("inspect/not-evaluated", what, todo, answers.unable_words);
    }

    /// A set too large to look at each attribute.
    fn many(&mut self) -> bool {
        let what = format!(
            "{} holds too many attributes for Nix to look at each; the files were only read",
            self.findings.classic_file
        );
        let todo = "name the one to deploy: `--attr NAME`";
        self.warn("inspect/not-evaluated", what, todo, Vec::new());
        false
    }

    fn fails(&mut self, path: &AttrPath, words: Vec<String>) {
        self.answers.failing.insert(path.clone());
        let what = format!("`{path}` can't be evaluated");
        let todo = "mend it, or deploy another attribute with `--attr`";
        self.warn("inspect/attribute-fails", what, todo, words);
    }

    fn unable(&mut self, words: Vec<String>) -> bool {
        let what = "Nix could not evaluate the project; the files were only read".to_owned();
        let todo = if self.here {
            "mend what Nix says; or ask the base image's Nix by `--evaluate docker`, or none by `--no-eval`"
        } else {
            "mend what Nix says; or ask none by `--no-eval`"
        };
        self.warn("inspect/not-evaluated", what, todo, words);
        false
    }

    fn needs_build(&mut self, words: Vec<String>) -> bool {
        let what = "Nix must build before it can say more; the files were only read".to_owned();
        let todo = "let it build, if you trust the project: `--import-from-derivation`";
        self.warn("inspect/needs-build", what, todo, words);
        false
    }

    fn refused(&mut self, words: Vec<String>) -> bool {
        self.findings.refused();
        let what = "Nix refuses the project".to_owned();
        self.warn("inspect/refused", what, "mend what Nix says", words);
        true
    }

    fn warn(&mut self, id: &str, what: String, todo: &str, words: Vec<String>) {
        let words = correct::words(words, &self.folder);
        let warning = Warning::new(id, what, todo).detail(words);
        self.findings.warnings.push(warning);
    }
}

/// The drafts of one file by attribute, and the others.
fn split(drafts: Vec<Draft>, from: Origin) -> (BTreeMap<AttrPath, Draft>, Vec<Draft>) {
    let (of, others): (Vec<_>, Vec<_>) = drafts
        .into_iter()
        .partition(|draft| draft.candidate.from == from);
    let of = of
        .into_iter()
        .map(|draft| (draft.candidate.attribute.clone(), draft));
    (of.collect(), others)
}

/// What an answer about one attribute of a default.nix says of it.
fn of_one(facts: ClassicFacts) -> Answer<Facts> {
    match facts {
        ClassicFacts::Derivation(facts) => Answer::Known(facts),
        ClassicFacts::CallPackage { gives, .. } => of_one(*gives),
        ClassicFacts::Absent => Answer::Absent,
        ClassicFacts::NoNixpkgs => Answer::Unable(Vec::new()),
        ClassicFacts::Set(_)
        | ClassicFacts::Many
        | ClassicFacts::Function(_)
        | ClassicFacts::Other(_) => Answer::Known(Facts::default()),
    }
}

/// `a`, `b` and 3 more
fn listed<'a>(paths: impl ExactSizeIterator<Item = &'a AttrPath>) -> String {
    let more = paths.len().saturating_sub(MOST_NAMES);
    let names: Vec<_> = paths
        .take(MOST_NAMES)
        .map(|path| format!("`{path}`"))
        .collect();
    let names = names.join(", ");
    if more == 0 {
        names
    } else {
        format!("{names} and {more} more")
    }
}

#[cfg(test)]
mod tests;
