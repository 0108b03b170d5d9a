//! What was found in a project: plain data, every fact with its source.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::names::{AttrPath, ProcessType};

/// A fact and where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The fact.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Found<T> {
    /// A fact from `source`.
    pub fn new(value: T, source: Source) -> Self {
        Found { value, source }
    }
}

/// Where a fact, or a value of the plan, comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Source {
    /// A file of the project, with the line (from 1) where it stands.
    File {
        /// Relative to the project.
        path: PathBuf,
        /// From 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
    },
    /// Nix evaluated it.
    Evaluation {
        /// As `nix --version` says it.
        version: String,
    },
    /// A flag, such as `--attr`.
    Flag {
        /// With its dashes.
        name: String,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        name: String,
    },
    /// A key of nixdyno.toml.
    Config {
        /// The key, such as `route`.
        key: String,
    },
    /// nixdyno's own default.
    Default,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::File {
                path,
                line: Some(line),
            } => write!(f, "{}:{line}", path.display()),
            Source::File { path, line: None } => write!(f, "{}", path.display()),
            Source::Evaluation { version } => write!(f, "evaluated by {version}"),
            Source::Flag { name } | Source::Environment { name } => f.write_str(name),
            Source::Config { key } => write!(f, "nixdyno.toml, {key}"),
            Source::Default => f.write_str("default"),
        }
    }
}

/// A directory, inspected. The room's one type out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The answer in one word.
    pub verdict: Verdict,
    /// The folder's own name; the start of an app's name.
    pub name: String,
    /// What can be deployed, best first.
    pub candidates: Vec<Candidate>,
    /// Procfile entries.
    pub processes: BTreeMap<ProcessType, Found<String>>,
    /// The files Nix starts from.
    pub entry: Vec<Entry>,
    /// What the build is pinned to.
    pub pins: Vec<Pin>,
    /// Files that decide the build's inputs but not its sources: Nix expressions, lock files and
    /// package manifests, relative, sorted. They enter a Dockerfile before everything else.
    pub recipe: Vec<PathBuf>,
    /// What to watch.
    pub warnings: Vec<Warning>,
    /// Which Nix evaluated, as `nix --version` says it; absent when the files were only read.
    pub evaluated_by: Option<String>,
}

/// The answer of an inspection in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// One candidate is clearly the one.
    Deploy,
    /// Several are as good: ask, or take `--attr`.
    Ask,
    /// The project holds nothing that can be deployed.
    Nothing,
    /// Nix would refuse it; the warnings say why.
    Broken,
    /// It could not be found out by reading; with Nix it could.
    Unknown,
}

/// A file Nix starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Entry {
    /// `flake.nix`.
    Flake {
        /// Whether `flake.lock` is there.
        locked: bool,
        /// Names of its inputs, sorted.
        inputs: Vec<String>,
    },
    /// `default.nix`.
    Classic {
        /// What the file is.
        shape: ClassicShape,
    },
}

/// What a default.nix evaluates to, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum ClassicShape {
    /// A derivation, or a function with defaults that gives one.
    Derivation,
    /// An attribute set (or a function that gives one): an attribute must be chosen.
    AttributeSet,
    /// A function that can't be called without arguments, such as a `callPackage` file.
    NeedsArguments {
        /// Names of the required arguments, sorted.
        required: Vec<String>,
    },
    /// Not known, and why.
    Unknown {
        /// Why it isn't known.
        because: String,
    },
}

/// Something that could be deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which file it belongs to.
    pub from: From,
    /// `packages.x86_64-linux.default`, `server`, or empty for a default.nix that is itself the app.
    pub attribute: AttrPath,
    /// The derivation's name, if known.
    pub package: Option<String>,
    /// The program's name in `bin/`, or why it isn't known.
    pub program: Program,
    /// Whether the derivation has `inputDerivation`, by which its build inputs can be fetched before
    /// its sources; absent when Nix was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_derivation: Option<bool>,
    /// Higher is better; comparable inside one project only.
    pub score: i32,
    /// Why it is here and where it stands.
    pub reasons: Vec<String>,
    /// Where it was found.
    pub source: Source,
}

/// Which of the two files of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// `flake.nix`.
    Flake,
    /// `default.nix`.
    Classic,
}

/// The name of a program in `bin/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Program {
    /// Known, and where from.
    Known {
        /// Its file name in `bin/`.
        name: String,
        /// Where that stands.
        source: Source,
    },
    /// Not known, and why. Never a guess.
    Unknown {
        /// Why it isn't known.
        because: String,
    },
}

/// What a build's inputs are pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The input's name, such as `nixpkgs`.
    pub name: String,
    /// Its type in the lock: `github`, `git`, `path`, `tarball`, `indirect`, …
    pub kind: String,
    /// The revision, if it has one.
    pub revision: Option<String>,
    /// The SRI hash of its content, if known.
    pub nar_hash: Option<String>,
    /// A path inside the project, for inputs of type `path`.
    pub path: Option<PathBuf>,
    /// Where it stands.
    pub source: Source,
}

/// Something to watch, with a stable id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Such as `inspect/no-lock`.
    pub id: String,
    /// What, in one line.
    pub what: String,
    /// What to do about it.
    pub todo: String,
    /// Where it was seen.
    pub source: Option<Source>,
    /// Raw lines of somebody else's words (Nix's), shown apart from ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detail: Vec<String>,
}

impl Warning {
    /// A warning with an id, what it is about, and what to do.
    pub fn new(id: &str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Warning {
            id: id.to_owned(),
            what: what.into(),
            todo: todo.into(),
            source: None,
            detail: Vec::new(),
        }
    }

    /// Where it was seen.
    #[must_use]
    pub fn at(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// Raw lines of somebody else's words.
    #[must_use]
    pub fn detail(mut self, lines: Vec<String>) -> Self {
        self.detail = lines;
        self
    }
}

impl Source {
    /// A file of the project, and a line (from 1) of it.
    pub fn file(path: impl Into<PathBuf>, line: impl Into<Option<u32>>) -> Self {
        Source::File {
            path: path.into(),
            line: line.into(),
        }
    }
}
