//! What was found in a project: plain data, every fact with its source.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::names::{AttrPath, NixFile, ProcessType};

/// Where a fact, or a value of the plan, comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Project {
    /// The answer in one word.
    pub verdict: Verdict,
    /// The folder's own name; the start of an app's name.
    pub name: String,
    /// What can be deployed, best first.
    pub candidates: Vec<Candidate>,
    /// What runs, by process type, as the project's own files say it.
    pub processes: BTreeMap<ProcessType, Declared>,
    /// The files Nix starts from.
    pub entry: Vec<Entry>,
    /// What the build is pinned to.
    pub pins: Vec<Pin>,
    /// What the build or the running app needs that the project itself does not hold.
    pub needs: Vec<Need>,
    /// Files that decide the build's inputs but not its sources: Nix expressions, lock files and
    /// package manifests, relative, sorted. They enter a Dockerfile before everything else.
    pub recipe: Vec<PathBuf>,
    /// What to watch.
    pub warnings: Vec<Warning>,
    /// Which Nix evaluated, as `nix --version` says it; null when the files were only read.
    pub evaluated_by: Option<String>,
}

/// Candidates closer than this are equally good.
pub(super) const NEAR: i32 = 10;

impl Project {
    /// The file that is built without a flake: default.nix, or the one asked for in its place.
    pub fn classic_file(&self) -> NixFile {
        let file = self.entry.iter().find_map(|entry| match entry {
            Entry::Classic { file, .. } => Some(file.clone()),
            Entry::Flake { .. } => None,
        });
        file.unwrap_or_default()
    }

    /// An attribute as a person would name it: a file that is itself the app has only its own name.
    pub fn shown(&self, from: Origin, attribute: &AttrPath) -> String {
        match from {
            Origin::Classic if attribute.is_root() => self.classic_file().to_string(),
            Origin::Flake | Origin::Classic => attribute.to_string(),
        }
    }

    /// The candidates between which only the owner can choose: the first, and those as good.
    pub fn rivals(&self) -> Vec<&Candidate> {
        let Some(first) = self.candidates.first() else {
            return Vec::new();
        };
        let all = self.candidates.iter();
        all.filter(|it| {
            it.from == first.from
                && it.kind != CandidateKind::Docs
                && it.kind != CandidateKind::Library
                && first.score - it.score < NEAR
        })
        .collect()
    }
}

/// The answer of an inspection in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// One candidate is clearly the one.
    Deploy,
    /// Several are equally good: ask, or take `--attr`.
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Entry {
    /// `flake.nix`.
    Flake {
        /// Whether `flake.lock` is there.
        locked: bool,
        /// Names of its inputs, sorted.
        inputs: Vec<String>,
    },
    /// `default.nix`, or the file that was asked for in its place.
    Classic {
        /// Which file.
        file: NixFile,
        /// What the file is.
        shape: ClassicShape,
    },
}

/// What a default.nix evaluates to, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// A function written for nixpkgs' `callPackage`, which gives it its arguments.
    CallPackage {
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Candidate {
    /// Which file it belongs to.
    pub from: Origin,
    /// `packages.x86_64-linux.default`, `server`, or empty for a default.nix that is itself the app.
    pub attribute: AttrPath,
    /// Other attributes that are the same derivation, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AttrPath>,
    /// What it is for.
    pub kind: CandidateKind,
    /// The derivation's name, if known.
    pub package: Option<String>,
    /// The program's name in `bin/`, or why it isn't known.
    #[serde(flatten)]
    pub program: Program,
    /// All programs that it is known to hold in `bin/`, sorted; empty when that isn't known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<String>,
    /// Words that the program needs to serve, such as `start`.
    pub arguments: Vec<String>,
    /// The folder of the package the program relies on to be started in, such as `share/shop`.
    pub working_directory: Option<PathBuf>,
    /// The language it is written in, if known.
    pub ecosystem: Option<Ecosystem>,
    /// The folder its sources lie in, relative to the project; empty for the project itself.
    pub folder: Option<PathBuf>,
    /// Whether the derivation has `inputDerivation`, by which its build inputs can be fetched before
    /// its sources; absent when Nix was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_derivation: Option<bool>,
    /// Higher is better; comparable inside one project only.
    pub score: i32,
    /// What speaks for it and against it, one line each: the words of `evidence`.
    pub reasons: Vec<String>,
    /// What speaks for it (points above 0) and against it (below), with the place.
    pub evidence: Vec<Evidence>,
    /// Where it was found.
    pub source: Source,
}

/// One reason for a candidate's place among the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// What was seen, in one line.
    pub what: String,
    /// What it adds to the score.
    pub points: i32,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

impl Candidate {
    /// A candidate that nothing is known of.
    pub fn new(from: Origin, attribute: AttrPath, source: Source) -> Self {
        Candidate {
            from,
            attribute,
            also: Vec::new(),
            programs: Vec::new(),
            kind: CandidateKind::Unknown,
            package: None,
            program: Program::unknown("the file does not say it"),
            arguments: Vec::new(),
            working_directory: None,
            ecosystem: None,
            folder: None,
            input_derivation: None,
            score: 0,
            reasons: Vec::new(),
            evidence: Vec::new(),
            source,
        }
    }

    /// Notes a reason, with what it adds to the score.
    pub fn because(&mut self, points: i32, what: impl Into<String>, source: Option<Source>) {
        let what = what.into();
        self.score += points;
        self.reasons.push(what.clone());
        self.evidence.push(Evidence {
            what,
            points,
            source,
        });
    }
}

/// What a candidate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CandidateKind {
    /// Answers HTTP.
    Server,
    /// Runs for long without answering HTTP: a bot, a consumer of a queue.
    Worker,
    /// A folder of files for a file server.
    StaticSite,
    /// An interpreter with libraries, without a program of the project.
    Environment,
    /// A container, machine or disk image.
    Image,
    /// A program that people run in a terminal.
    Client,
    /// A helper of the project: development, migration, deployment.
    Script,
    /// Documentation.
    Docs,
    /// Code for other code.
    Library,
    /// Not known.
    Unknown,
}

impl CandidateKind {
    /// As JSON writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Worker => "worker",
            Self::StaticSite => "static-site",
            Self::Environment => "environment",
            Self::Image => "image",
            Self::Client => "client",
            Self::Script => "script",
            Self::Docs => "docs",
            Self::Library => "library",
            Self::Unknown => "unknown",
        }
    }
}

/// A language with its usual build tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Ecosystem {
    Rust,
    Go,
    Node,
    Python,
    Elixir,
    Haskell,
    Ocaml,
    Dotnet,
    Jvm,
    Ruby,
    Php,
    Gleam,
    Nim,
    Zig,
    C,
    Shell,
}

/// A process as the project's own files say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Declared {
    /// The command, as written.
    pub value: String,
    /// Where it is written.
    pub source: Source,
    /// The attribute whose closure holds its program, when it is another than the first candidate's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<AttrPath>,
    /// Whether it is known that no candidate holds its program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// Something the build or the running app needs that the project itself does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Need {
    /// What kind of need.
    pub id: NeedId,
    /// What, in one line.
    pub what: String,
    /// What to do about it.
    pub todo: String,
    /// The names it is about: variables, flags, inputs, packages, settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// What a variable is to be set to, or a flag to be given, in a shell's words: `$PORT`, `0.0.0.0:$PORT`.
    /// Absent where the command that starts the package can't carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it was seen.
    pub source: Option<Source>,
}

/// The kinds of [`Need`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NeedId {
    /// Git submodules.
    Submodules,
    /// Files in git's large file storage.
    Lfs,
    /// An input that only some may fetch.
    PrivateInput,
    /// Binary caches that the flake names and that must be accepted.
    Substituters,
    /// Arguments of default.nix without a default.
    Arguments,
    /// Packages whose licence must be accepted.
    Unfree,
    /// Packages that nixpkgs calls insecure.
    Insecure,
    /// Evaluation that builds.
    ImportFromDerivation,
    /// Environment variables without a default.
    Config,
    /// A command: the package holds no program.
    StartCommand,
    /// An interpreter.
    Runtime,
    /// A file server.
    StaticServer,
    /// The app's own variable, to be set from `$PORT`.
    PortVariable,
    /// The app's own variable for the address it listens on.
    AddressVariable,
    /// The app's own flag for the port it listens on, or for address and port, to be given `$PORT`.
    PortFlag,
    /// The app's own flag for the address it listens on, where that is this machine only without it.
    AddressFlag,
    /// A variable without which the program serves nothing.
    ServerVariable,
    /// Files found by a relative path at run time.
    WorkingDirectory,
}

/// Which of the two files of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `flake.nix`.
    Flake,
    /// `default.nix`.
    Classic,
}

/// The name of a program in `bin/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Program {
    /// Known, and where from.
    Known {
        /// Its file name in `bin/`.
        #[serde(rename = "program")]
        name: String,
        /// Where that stands.
        #[serde(rename = "program_source")]
        source: Source,
    },
    /// Not known, and why. Never a guess.
    Unknown {
        /// `null`.
        #[serde(rename = "program")]
        name: (),
        /// Why it isn't known.
        #[serde(rename = "program_unknown")]
        because: String,
    },
}

impl Program {
    /// Not known, and why.
    pub fn unknown(because: impl Into<String>) -> Self {
        Program::Unknown {
            name: (),
            because: because.into(),
        }
    }

    /// Its file name in `bin/`, if known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Program::Known { name, .. } => Some(name),
            Program::Unknown { .. } => None,
        }
    }
}

/// What a build's inputs are pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pin {
    /// The input's name, such as `nixpkgs`.
    pub name: String,
    /// Its type in the lock: `github`, `git`, `path`, `tarball`, `indirect`, …
    pub kind: String,
    /// The revision, if it has one.
    pub revision: Option<String>,
    /// The SRI hash of its content, if known.
    pub nar_hash: Option<String>,
    /// The URL of the archive that holds it, if known.
    pub url: Option<String>,
    /// A path inside the project, for inputs of type `path`.
    pub path: Option<PathBuf>,
    /// Where it stands.
    pub source: Source,
}

/// Warnings of what would stop a build, or keep an app from serving.
const BLOCKING: &[&str] = &[
    "inspect/attribute-fails",
    "inspect/fixed-port",
    "inspect/lfs-pointer",
    "inspect/localhost",
    "inspect/lock-differs",
    "inspect/marked-broken",
    "inspect/missing-file",
    "inspect/needs-arguments",
    "inspect/no-system",
    "inspect/other-systems",
    "inspect/placeholder",
    "inspect/procfile-program",
    "inspect/refused",
    "inspect/removed-name",
    "inspect/self-rev",
    "inspect/src-string",
    "inspect/submodule-empty",
];

/// Something to watch, with a stable id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Warning {
    /// Such as `inspect/no-lock`.
    pub id: String,
    /// What, in one line.
    pub what: String,
    /// What to do about it.
    pub todo: String,
    /// Whether the build would fail, or the app not serve, as long as it is so.
    #[serde(default)]
    pub blocks: bool,
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
            blocks: BLOCKING.contains(&id),
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
