//! Lets Nix's answers outrank what was read.
//!
//! Takes the findings of reading; asks Nix for the same; leaves the findings corrected, with reasons that
//! tell both where they differ. When Nix is unable to try, reading stands, and a warning says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::context::{Staged, survey};
use crate::error::Result;
use crate::names::AttrPath;
use crate::nix::{Answer, ClassicFacts, Facts, Nix, Where};
use crate::shell::Runner;

use super::Ask;
use super::candidates::{self, Draft};
use super::choose;
use super::findings::Findings;
use super::project::{CandidateKind, ClassicShape, Entry, Origin, Program, Source, Warning};
use super::read::SYSTEM;

/// What a candidate loses that Nix can't evaluate: any other comes first.
const FAILS: i32 = 60;
/// When the whole set can't be evaluated, this many attributes are tried one by one.
const MOST_SINGLE: usize = 8;

/// Asks Nix about what `findings` hold; gives the Nix that answered, as it names itself.
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
    if here && Nix::new(runner, dir, &ask.nix_args).version()?.is_none() {
        return Ok(None);
    }
    // Nix copies all of a flake's folder into its store: it gets what the build gets, not what git
    // ignores (`target/`, `node_modules/`).
    let staged = Staged::new(dir, &survey(dir)?)?;
    let folder = staged.context();
    let nix = Nix::new(runner, &folder, &ask.nix_args)
        .at(place.clone())
        .import_from_derivation(ask.import_from_derivation);
    let Some(version) = nix.version()? else {
        unable(
            findings,
            vec!["the image's Nix could not be started".to_owned()],
        );
        return Ok(None);
    };
    let version = version.to_string();
    let flake = findings
        .entry
        .iter()
        .any(|it| matches!(it, Entry::Flake { .. }));
    let mut asking = Asking {
        nix,
        version: version.clone(),
        asked: ask.attribute.as_ref(),
        findings,
        unseen: BTreeSet::new(),
    };
    let answered = if flake {
        asking.flake()?
    } else {
        asking.classic()?
    };
    Ok(answered.then_some(version))
}

struct Asking<'a> {
    nix: Nix<'a>,
    version: String,
    asked: Option<&'a AttrPath>,
    findings: &'a mut Findings,
    /// Attributes that Nix can't look at without building: what was read of them stands.
    unseen: BTreeSet<AttrPath>,
}

impl Asking<'_> {
    /// Asks about a flake; whether Nix answered.
    fn flake(&mut self) -> Result<bool> {
        let root = AttrPath::new(["packages", SYSTEM]);
        let mut found = match self.nix.packages(&root)? {
            Answer::Known(facts) => facts
                .into_iter()
                .map(|(name, facts)| (root.child(&name), facts))
                .collect(),
            Answer::Absent => BTreeMap::new(),
            Answer::Unable(words) => return Ok(self.unable(words)),
            // One attribute that builds, or is wrong, says nothing of its neighbours.
            Answer::NeedsBuild(words) => match self.one_by_one(&root)? {
                Some(found) => found,
                None => return Ok(self.needs_build(words)),
            },
            Answer::Refused(words) => match self.one_by_one(&root)? {
                Some(found) => found,
                None => return Ok(self.refused(words)),
            },
        };
        // The attribute that the user named may stand anywhere; the old default stands by itself.
        let legacy = AttrPath::new(["defaultPackage", SYSTEM]);
        let mut others = vec![legacy];
        if let Some(asked) = self.asked {
            let ways = choose::ways(asked).into_iter();
            others.extend(ways.filter(|way| way.0 == Origin::Flake).map(|way| way.1));
        }
        for path in others {
            if !found.contains_key(&path)
                && let Some(facts) = self.single(&path)?
            {
                found.insert(path, facts);
            }
        }
        self.merge(Origin::Flake, found);
        Ok(true)
    }

    /// Facts on each attribute of a set that can't be evaluated as a whole.
    fn one_by_one(&mut self, root: &AttrPath) -> Result<Option<BTreeMap<AttrPath, Facts>>> {
        let Answer::Known(mut names) = self.nix.names(root)? else {
            return Ok(None);
        };
        names.sort_by_key(|name| name != "default");
        let mut found = BTreeMap::new();
        for name in names.iter().take(MOST_SINGLE) {
            let path = root.child(name);
            if let Some(facts) = self.single(&path)? {
                found.insert(path, facts);
            }
        }
        Ok(Some(found))
    }

    /// Facts on one attribute; `None` when it isn't there. One that fails is a warning.
    fn single(&mut self, path: &AttrPath) -> Result<Option<Facts>> {
        Ok(match self.nix.package(path)? {
            Answer::Known(facts) => Some(facts),
            Answer::Absent | Answer::Unable(_) => None,
            Answer::NeedsBuild(words) => {
                if self.unseen.is_empty() {
                    self.needs_build(words);
                }
                self.unseen.insert(path.clone());
                None
            }
            Answer::Refused(words) => {
                self.fails(path, words);
                Some(Facts {
                    failed: true,
                    ..Facts::default()
                })
            }
        })
    }

    /// Asks about a default.nix; whether Nix answered.
    fn classic(&mut self) -> Result<bool> {
        let path = self.asked.cloned().unwrap_or_default();
        let facts = match self.nix.classic(&path)? {
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
        let (shape, found) = match facts {
            ClassicFacts::Derivation(facts) => (
                ClassicShape::Derivation,
                BTreeMap::from([(path.clone(), facts)]),
            ),
            ClassicFacts::Set(facts) => (ClassicShape::AttributeSet, below(&path, facts)),
            ClassicFacts::NoNixpkgs => {
                return Ok(self.unable(vec!["this machine's Nix has no `<nixpkgs>`".to_owned()]));
            }
            // Too many to look at: what was read stands.
            ClassicFacts::Many => return Ok(true),
            ClassicFacts::Absent => return self.absent(),
            ClassicFacts::CallPackage { required, .. } | ClassicFacts::Function(required) => {
                self.findings.cannot_call(&required);
                (ClassicShape::NeedsArguments { required }, BTreeMap::new())
            }
            ClassicFacts::Other(kind) => {
                let because = format!("Nix says that it is a {kind}");
                (ClassicShape::Unknown { because }, BTreeMap::new())
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
        self.merge(Origin::Classic, found);
        Ok(true)
    }

    /// Only an attribute that was asked for can be absent: names those that are there.
    fn absent(&mut self) -> Result<bool> {
        let root = AttrPath::default();
        if let Answer::Known(ClassicFacts::Set(facts)) = self.nix.classic(&root)? {
            self.merge(Origin::Classic, below(&root, facts));
        }
        self.findings.open = None;
        Ok(true)
    }

    /// Puts Nix's facts in the place of what was read.
    fn merge(&mut self, from: Origin, found: BTreeMap<AttrPath, Facts>) {
        let source = Source::Evaluation {
            version: self.version.clone(),
        };
        let mut read: BTreeMap<AttrPath, Draft> = BTreeMap::new();
        for draft in std::mem::take(&mut self.findings.drafts) {
            if draft.candidate.from == from {
                read.insert(draft.candidate.attribute.clone(), draft);
            } else {
                self.findings.drafts.push(draft);
            }
        }
        let mut deployable = false;
        for (path, facts) in found {
            if facts.failed && !self.findings.warned_of(&path) {
                self.fails(&path, Vec::new());
            }
            if facts.failed
                && let Some(mut draft) = read.remove(&path)
            {
                let what = "Nix can't evaluate it";
                draft.candidate.because(-FAILS, what, Some(source.clone()));
                draft.facts = Some(facts);
                self.findings.drafts.push(draft);
                continue;
            }
            if !facts.derivation || facts.shell {
                continue;
            }
            deployable = true;
            let known = read.remove(&path);
            let mut draft =
                known.unwrap_or_else(|| candidates::evaluated(from, &path, source.clone()));
            correct(&mut draft, &facts, &source);
            draft.facts = Some(facts);
            self.findings.drafts.push(draft);
        }
        let unseen = std::mem::take(&mut self.unseen);
        let unseen = unseen.iter().filter_map(|path| read.remove(path));
        self.findings.drafts.extend(unseen);
        self.findings.open = None;
        if deployable {
            self.findings.disprove_missing();
        }
    }

    fn fails(&mut self, path: &AttrPath, words: Vec<String>) {
        let what = format!("`{path}` can't be evaluated");
        let todo = "mend it, or deploy another attribute with `--attr`";
        let warning = Warning::new("inspect/attribute-fails", what, todo).detail(words);
        self.findings.warnings.push(warning);
    }

    fn unable(&mut self, words: Vec<String>) -> bool {
        unable(self.findings, words);
        false
    }

    fn needs_build(&mut self, words: Vec<String>) -> bool {
        let what = "Nix must build before it can say more; the files were only read";
        let todo = "let it build, if you trust the project: `--import-from-derivation`";
        let warning = Warning::new("inspect/needs-build", what, todo).detail(words);
        self.findings.warnings.push(warning);
        false
    }

    fn refused(&mut self, words: Vec<String>) -> bool {
        self.findings.broken = true;
        let what = "Nix refuses the project";
        let todo = "mend what Nix says";
        let warning = Warning::new("inspect/refused", what, todo).detail(words);
        self.findings.warnings.push(warning);
        true
    }
}

fn unable(findings: &mut Findings, words: Vec<String>) {
    let what = "Nix could not evaluate the project; the files were only read";
    let todo = "mend what Nix says; or ask the base image's Nix by `--evaluate docker`, or none by `--no-eval`";
    let warning = Warning::new("inspect/not-evaluated", what, todo).detail(words);
    findings.warnings.push(warning);
}

/// Facts on the attributes of a set, with those of its children.
fn below(path: &AttrPath, facts: BTreeMap<String, Facts>) -> BTreeMap<AttrPath, Facts> {
    let mut found = BTreeMap::new();
    for (name, mut facts) in facts {
        let path = path.child(&name);
        let children = std::mem::take(&mut facts.children).into_iter();
        found.extend(children.map(|(name, facts)| (path.child(&name), facts)));
        found.insert(path, facts);
    }
    found
}

/// Corrects a draft by what Nix says of it.
fn correct(draft: &mut Draft, facts: &Facts, source: &Source) {
    let candidate = &mut draft.candidate;
    candidate.input_derivation = Some(facts.inputs);
    if let Some(name) = facts.pname.as_ref().or(facts.name.as_ref()) {
        candidate.package = Some(name.clone());
    }
    let mut said = facts.program.as_ref();
    if let Some(image) = &facts.image {
        candidate.kind = CandidateKind::Image;
        said = None;
        if draft.package.is_none()
            && let Some((name, arguments)) = image.command.split_first()
        {
            said = Some(name);
            candidate.arguments = arguments.to_vec();
        }
    }
    let Some(name) = said else {
        // A script's only program is known by reading, and not by Nix: keep it.
        return;
    };
    match candidate.program.name() {
        Some(read) if read == name => {}
        Some(read) => {
            let reason =
                format!("Nix says that its program is `{name}`; the file reads as `{read}`");
            candidate.because(0, reason, Some(source.clone()));
        }
        None => {
            let what = format!("Nix says that its program is `{name}`");
            candidate.because(0, what, Some(source.clone()));
        }
    }
    candidate.program = Program::Known {
        name: name.rsplit('/').next().unwrap_or(name).to_owned(),
        source: source.clone(),
    };
}
