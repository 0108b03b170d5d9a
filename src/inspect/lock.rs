//! Reads `flake.lock`: what each input is pinned to.
//!
//! Takes the text; gives one [`Pin`] for each direct input, and one for each input that is a path inside
//! the project, wherever it stands; and what the locked inputs need. Versions 5 to 7 of the file differ in
//! what a node holds, not in how nodes hang together, so the shape is read and the number only watched.
//! Version 4 has no nodes, but inputs inside inputs. All work is linear in the text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};

use crate::error::{Error, Result};

use super::files;
use super::lint::{is_no_hash, is_one_letter, release_of};
use super::needs;
use super::project::{Need, NeedId, Pin, Source, Warning};

const NAME: &str = "flake.lock";
/// How many `follows` lead to an input at most, those on the way included; more is a circle.
const MOST_FOLLOWS: usize = 256;
/// Relative inputs inside relative inputs.
const MOST_PARENTS: usize = 32;
/// The versions that today's Nix takes.
const VERSIONS: std::ops::RangeInclusive<u64> = 5..=7;

/// What a flake.lock says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LockReading {
    /// Sorted by name.
    pub(super) pins: Vec<Pin>,
    /// The names of the root's inputs, sorted, those that follow others included.
    pub(super) inputs: Vec<String>,
    pub(super) needs: Vec<Need>,
    pub(super) warnings: Vec<Warning>,
    /// The release of nixpkgs that the input of that name follows, such as `25.05`.
    pub(super) release: Option<String>,
}

/// All that `dir/flake.lock` says; `None` without that file.
pub(super) fn look(dir: &Path) -> Result<Option<LockReading>> {
    let text = files::read(dir, Path::new(NAME))?;
    text.map(|text| parse(&text)).transpose()
}

/// Parses the text of a flake.lock.
pub(super) fn parse(text: &str) -> Result<LockReading> {
    let lock: Value = serde_json::from_str(text).map_err(|error| {
        // serde_json says the place itself: `expected value at line 1 column 2`.
        bad(
            &format!("it is not JSON: {error}"),
            &format!("line {}", error.line()),
        )
    })?;
    let version = lock.get("version").and_then(Value::as_u64);
    let mut reading = match (lock.get("nodes"), lock.get("inputs")) {
        (None, Some(Value::Object(inputs))) => nested(inputs),
        (nodes, _) => {
            let nodes = nodes.and_then(Value::as_object);
            let nodes = nodes.ok_or_else(|| bad("there is no set of nodes", "nodes"))?;
            let root = lock.get("root").and_then(Value::as_str);
            let root = root.ok_or_else(|| bad("the root has no name", "root"))?;
            let lines = lines(text);
            Lock { nodes, root, lines }.read()?
        }
    };
    if let Some(version) = version.filter(|it| !VERSIONS.contains(it)) {
        reading.warnings.insert(0, strange_version(version));
    }
    Ok(reading)
}

fn strange_version(version: u64) -> Warning {
    let (first, last) = (VERSIONS.start(), VERSIONS.end());
    let what = format!("flake.lock has version {version}, and Nix takes {first} to {last}");
    let todo = if version > *last {
        "build with a Nix as new as the one that wrote it, or make it anew: `rm flake.lock && nix flake lock`"
    } else {
        "make it anew: `rm flake.lock && nix flake lock`"
    };
    Warning::new("inspect/lock-version", what, todo).at(Source::file(NAME, None))
}

/// The names of inputs that are declared and not in the lock, and of those in it that aren't declared.
pub(super) fn differs(lock: &LockReading, declared: &[String]) -> (Vec<String>, Vec<String>) {
    let locked: BTreeSet<&String> = lock.inputs.iter().collect();
    // A flake is an input of itself, and never locked.
    let declared: BTreeSet<&String> = declared.iter().filter(|it| *it != "self").collect();
    let names = |names: std::collections::btree_set::Difference<'_, &String>| {
        names.map(|it| (*it).clone()).collect()
    };
    (
        names(declared.difference(&locked)),
        names(locked.difference(&declared)),
    )
}

/// The warning for what [`differs`] finds.
pub(super) fn differs_warning(missing: &[String], surplus: &[String]) -> Option<Warning> {
    let what = match (missing, surplus) {
        ([], []) => return None,
        (missing, []) => format!(
            "flake.lock lacks inputs of flake.nix: {}",
            missing.join(", ")
        ),
        ([], surplus) => format!(
            "flake.lock holds inputs that flake.nix no longer has: {}",
            surplus.join(", ")
        ),
        (missing, surplus) => format!(
            "flake.lock lacks inputs of flake.nix: {}; and holds others that are no longer there: {}",
            missing.join(", "),
            surplus.join(", ")
        ),
    };
    let todo = "run `nix flake lock`, and add flake.lock to git: a build that may not change it stops there";
    Some(Warning::new("inspect/lock-differs", what, todo).at(Source::file(NAME, None)))
}

/// Version 4: each input holds its own inputs.
fn nested(inputs: &Map<String, Value>) -> LockReading {
    let empty = Map::new();
    let pins = inputs.iter().map(|(name, input)| {
        // The first ones had no `locked`: the URL says all.
        let locked = input
            .get("locked")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let text = |key: &str| locked.get(key).and_then(Value::as_str).map(str::to_owned);
        let hash = input
            .pointer("/info/narHash")
            .or_else(|| input.get("narHash"));
        Pin {
            name: name.clone(),
            kind: text("type").unwrap_or_else(|| "indirect".to_owned()),
            revision: text("rev"),
            nar_hash: hash.and_then(Value::as_str).map(str::to_owned),
            url: archive(locked),
            path: None,
            source: Source::file(NAME, None),
        }
    });
    LockReading {
        pins: pins.collect(),
        inputs: inputs.keys().cloned().collect(),
        ..LockReading::default()
    }
}

/// The line of each node, as Nix writes them: four spaces in, a node's name alone.
fn lines(text: &str) -> BTreeMap<&str, u32> {
    let lines = (1_u32..).zip(text.lines());
    lines
        .filter_map(|(number, line)| {
            let name = line.strip_prefix("    \"")?.strip_suffix("\": {")?;
            Some((name, number))
        })
        .collect()
}

struct Lock<'a> {
    nodes: &'a Map<String, Value>,
    root: &'a str,
    lines: BTreeMap<&'a str, u32>,
}

impl<'a> Lock<'a> {
    fn read(&self) -> Result<LockReading> {
        let mut reading = LockReading::default();
        let mut known = BTreeSet::new();
        // What an input is called: in flake.nix where it stands there, in the lock otherwise.
        let mut called: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, target) in self.inputs(self.root)? {
            let place = format!("nodes.{}.inputs.{name}", self.root);
            let key = self.resolve(target, &place, &mut 0)?;
            reading.inputs.push(name.clone());
            // An input may follow the flake itself.
            if key != self.root {
                let pin = self.pin(name, key)?;
                known.extend(pin.path.clone());
                reading.pins.push(pin);
                called.entry(key).or_insert(name);
                if name == "nixpkgs" {
                    reading.release = self.release(key);
                }
            }
        }
        for key in self.nodes.keys().filter(|key| *key != self.root) {
            let pin = self.pin(key, key)?;
            self.watch(
                key,
                called.get(key.as_str()).unwrap_or(&key.as_str()),
                &mut reading,
            );
            if let Some(path) = &pin.path
                && known.insert(path.clone())
            {
                reading.pins.push(pin);
            }
        }
        reading.pins.sort_by(|a, b| a.name.cmp(&b.name));
        reading.needs = needs::together(reading.needs);
        Ok(reading)
    }

    /// The release whose branch an input was taken from.
    fn release(&self, key: &str) -> Option<String> {
        let branch = self.nodes.get(key)?.get("original")?.get("ref")?.as_str()?;
        release_of(branch).map(str::to_owned)
    }

    /// What a locked input needs, and what is wrong with it.
    fn watch(&self, key: &str, name: &str, to: &mut LockReading) {
        let node = self.nodes.get(key);
        let locked = node
            .and_then(|it| it.get("locked"))
            .and_then(Value::as_object);
        let Some(locked) = locked else { return };
        let source = Source::file(NAME, self.lines.get(key).copied());
        let text = |key: &str| locked.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = text("type");
        let url = text("url");
        let private = match kind {
            "git" | "hg" => needs::is_private_url(url),
            kind => needs::is_private_host(kind, text("host")),
        };
        if private {
            to.needs
                .push(needs::need(NeedId::PrivateInput, name, source.clone()));
        }
        if locked.get("submodules") == Some(&Value::Bool(true)) {
            to.needs
                .push(needs::need(NeedId::Submodules, name, source.clone()));
        }
        let no_revision = text("rev").len() >= 7 && is_one_letter(text("rev"));
        let no_hash = locked
            .get("narHash")
            .and_then(Value::as_str)
            .is_some_and(is_no_hash);
        if no_revision || no_hash {
            let which = if no_revision { "revision" } else { "hash" };
            let what =
                format!("the {which} of `{name}` in flake.lock stands for one that is to come");
            let todo = format!(
                "lock it anew: `nix flake update {name}` (Nix before 2.19: `nix flake lock --update-input {name}`)"
            );
            to.warnings
                .push(Warning::new("inspect/placeholder", what, todo).at(source));
        }
    }

    fn node(&self, key: &str) -> Result<&'a Map<String, Value>> {
        let node = self.nodes.get(key).and_then(Value::as_object);
        node.ok_or_else(|| {
            bad(
                &format!("there is no node `{key}`"),
                &format!("nodes.{key}"),
            )
        })
    }

    fn inputs(&self, key: &str) -> Result<Vec<(&'a String, &'a Value)>> {
        match self.node(key)?.get("inputs") {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(inputs)) => Ok(inputs.iter().collect()),
            Some(_) => Err(bad(
                "the inputs are not a set",
                &format!("nodes.{key}.inputs"),
            )),
        }
    }

    /// The key of the node that an input leads to: a name, or a path of inputs from the root (`follows`).
    fn resolve(&self, target: &'a Value, place: &str, follows: &mut usize) -> Result<&'a str> {
        *follows += 1;
        if *follows > MOST_FOLLOWS {
            return Err(bad("its `follows` lead in a circle", place));
        }
        match target {
            Value::String(key) => Ok(key),
            Value::Array(path) => {
                let mut key = self.root;
                for name in path {
                    let name = name
                        .as_str()
                        .ok_or_else(|| bad("a `follows` is not text", place))?;
                    let inputs = self.node(key)?.get("inputs").and_then(Value::as_object);
                    let next = inputs.and_then(|inputs| inputs.get(name));
                    let next = next.ok_or_else(|| {
                        bad(&format!("it follows `{name}`, which isn't there"), place)
                    })?;
                    key = self.resolve(next, place, follows)?;
                }
                Ok(key)
            }
            _ => Err(bad("an input is neither a name nor a path of names", place)),
        }
    }

    /// The path of a relative input as one inside the project. It counts from the flake that has the input,
    /// which may be a relative one too.
    fn inside(&self, key: &str, path: &str) -> Option<PathBuf> {
        let mut paths = vec![path];
        let mut key = key;
        while let Some(parent) = self.nodes.get(key)?.get("parent") {
            // Without a way to it, or with a long one, it is left as what it may be: elsewhere.
            key = self.resolve(parent, "", &mut 0).ok()?;
            if key == self.root {
                break;
            }
            let locked = self.nodes.get(key)?.get("locked")?;
            if locked.get("type").and_then(Value::as_str) != Some("path")
                || paths.len() > MOST_PARENTS
            {
                return None;
            }
            paths.push(locked.get("path").and_then(Value::as_str)?);
        }
        let paths = paths.iter().rev();
        paths.copied().try_fold(PathBuf::new(), inside)
    }

    fn pin(&self, name: &str, key: &str) -> Result<Pin> {
        let node = self.node(key)?;
        let place = format!("nodes.{key}.locked");
        let locked = node.get("locked").and_then(Value::as_object);
        let locked = locked.ok_or_else(|| bad("it isn't locked", &place))?;
        let text = |key: &str| locked.get(key).and_then(Value::as_str).map(str::to_owned);
        let kind = text("type").ok_or_else(|| bad("it has no type", &place))?;
        let path = text("path").filter(|_| kind == "path");
        let path = path.and_then(|path| self.inside(key, &path));
        Ok(Pin {
            name: name.to_owned(),
            kind,
            revision: text("rev"),
            nar_hash: text("narHash"),
            url: archive(locked),
            path,
            source: Source::file(NAME, None),
        })
    }
}

/// The archive that an input is fetched as: that of a tarball, or GitHub's of a revision.
fn archive(locked: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| locked.get(key).and_then(Value::as_str);
    match text("type")? {
        "tarball" => text("url").map(str::to_owned),
        "github" if text("host").is_none() => {
            Some(github_archive(text("owner")?, text("repo")?, text("rev")?))
        }
        _ => None,
    }
}

/// Where GitHub has a revision as an archive.
pub(super) fn github_archive(owner: &str, repository: &str, revision: &str) -> String {
    format!("https://github.com/{owner}/{repository}/archive/{revision}.tar.gz")
}

/// The path as one inside the project, seen from the folder `from`; `None` when it is elsewhere.
fn inside(from: PathBuf, path: &str) -> Option<PathBuf> {
    let mut clean = from;
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => clean.push(name),
            Component::CurDir => {}
            Component::ParentDir if clean.pop() => {}
            _ => return None,
        }
    }
    Some(clean)
}

fn bad(what: &str, place: &str) -> Error {
    Error::user(
        "inspect/lock",
        format!("flake.lock can't be read: {what}"),
        "make it anew: `rm flake.lock && nix flake lock`",
    )
    .at(format!("{NAME}: {place}"))
    .because("the build is pinned by it")
    .or("or take the last good one: `git checkout flake.lock`")
}

#[cfg(test)]
mod tests;
