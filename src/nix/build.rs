//! Builds what a plan builds, by the Nix of this machine.
//!
//! Takes a [`Plan`] and a staged copy of the project; gives a [`Realised`]: store paths, in `/nix/store` of this machine
//! when it returns. The same rules as in our Dockerfile (`src/render/nix.rs`, `templates/`), so that both ways build the
//! same. Never: a lock file written, a link left in the project, a path fetched that the image doesn't need.
//!
//! A flake is built as `path:.` in its folder (`evaluate.rs` says why). What is no flake is evaluated first, as on a machine
//! that is a dyno, and then realised by whoever can: a Nix that was told of another system while it builds would try to be
//! one.

use std::path::Path;
use std::time::Duration;

use crate::closure::StorePath;
use crate::error::{Error, Result};
use crate::inspect::{Origin, Warning};
use crate::names::{AttrPath, CacheUrl, PublicKey};
use crate::plan::{Build, Plan};
use crate::shell::{Cmd, Runner, Tool};

use super::evaluate::SYSTEM;
use super::failure::{Asked, Failure};
use super::formats::{Built, builds};
use super::log;
use super::progress::Progress;
use super::roots::Roots;
use super::stand::{self, Shell};
use super::words::{classic_args, flake_args};

/// A build may compile the world.
pub(super) const DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many lines beside the log are kept: a line for each path that was asked for, and some words.
const MOST_LINES: usize = 4_000;

/// How a build is watched: told of each event with what it is by then, and the name of what was just built.
pub type Watch<'a> = dyn FnMut(&Progress, Option<&str>) + 'a;

/// What was built for a plan, and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realised {
    /// Of each of [`Build::attributes`] its outputs: `out` first, then the others by name.
    pub app: Vec<Vec<StorePath>>,
    /// The packages of [`crate::plan::Root`], in its order.
    pub tools: Vec<StorePath>,
    /// What starts a process; none on an image, which brings its own.
    pub shell: Option<Shell>,
    /// The file of certificates; none on an image, or where none can be had.
    pub certificates: Option<String>,
    /// What to watch.
    pub warnings: Vec<Warning>,
}

impl Realised {
    /// The store paths that the image holds with all that they refer to, sorted. The file of certificates is copied.
    pub fn roots(&self) -> Vec<StorePath> {
        let shell = self.shell.iter().flat_map(|it| [&it.sh, &it.env]);
        let shell = shell.filter_map(|it| StorePath::around(it));
        let built = self.app.iter().flatten().chain(&self.tools).cloned();
        let mut roots: Vec<_> = built.chain(shell).collect();
        roots.sort();
        roots.dedup();
        roots
    }
}

/// Builds it. `dir` is a staged copy of the project; `roots` keeps all of it, and is left out where nothing is built.
///
/// Errors: `nix/secrets`, `nix/no-shell`, `nix/not-said`; those of a build that fails: `nix/build-failed`,
/// `nix/evaluation`, `nix/hash-mismatch`, `nix/no-attribute`, `nix/no-builder`, `nix/no-daemon`, `nix/no-download` (transient),
/// `nix/no-package`, `nix/no-space`, `nix/cache-refused`, `nix/refused-package`, `nix/unfree`; those of [`super::closure`]; Ctrl-C.
pub fn realise(
    plan: &Plan,
    dir: &Path,
    runner: &dyn Runner,
    roots: Option<&Roots>,
    watch: &mut Watch<'_>,
) -> Result<Realised> {
    check(plan)?;
    let mut builder = Builder {
        plan,
        dir,
        runner,
        roots,
        watch,
    };
    let app = match plan.build.from {
        Origin::Flake => builder.flake()?,
        Origin::Classic => builder.classic()?,
    };
    stand::beside(&mut builder, app)
}

/// What a build in Docker can be given, and this one not yet.
fn check(plan: &Plan) -> Result<()> {
    let mut secrets = plan.caches.mounted().map(|(kind, _)| format!("`{kind}`"));
    let Some(first) = secrets.next() else {
        return Ok(());
    };
    let all = secrets.fold(first, |all, it| all + ", " + &it);
    Err(Error::user(
        "nix/secrets",
        format!("a build by the Nix of this machine is given no secrets: {all}"),
        "give them to Nix itself, in nix.conf or netrc, and leave out `--secret`",
    )
    .or("build in Docker: `--route docker`"))
}

/// Runs Nix for one plan.
pub(super) struct Builder<'a, 'w> {
    pub(super) plan: &'a Plan,
    pub(super) dir: &'a Path,
    pub(super) runner: &'a dyn Runner,
    pub(super) roots: Option<&'a Roots>,
    pub(super) watch: &'a mut Watch<'w>,
}

impl Builder<'_, '_> {
    fn flake(&mut self) -> Result<Vec<Vec<StorePath>>> {
        let attributes: Vec<&AttrPath> = self.plan.build.attributes().collect();
        // All at once, so that Nix builds several at a time.
        let built = self.flake_build(&attributes)?;
        if attributes.len() == 1 {
            return Ok(vec![built]);
        }
        // Nix 2.8 answers in an order of its own. All of it is built by now.
        let each = attributes.into_iter().map(|it| self.flake_build(&[it]));
        each.collect()
    }

    /// The outputs of some attributes, in no order but that of each one's outputs.
    fn flake_build(&mut self, attributes: &[&AttrPath]) -> Result<Vec<StorePath>> {
        let refs = attributes.iter().map(|it| format!("path:.#{it}"));
        let cmd = self
            .new_command("build")
            .arg("--json")
            .args(self.link_words())
            .args(["--log-format", "internal-json"])
            .args(self.flake_words())
            .args(refs);
        let lines = self.run(&cmd, &Asked::Project(shown(attributes)))?;
        outputs(&lines)
    }

    /// `nix SUBCOMMAND` of the new command line.
    pub(super) fn new_command(&self, name: &str) -> Cmd {
        let cmd = Cmd::writes(Tool::Nix)
            .args(["--extra-experimental-features", "nix-command flakes"])
            .arg(name);
        self.set_up(cmd)
    }

    /// Where `nix build` leaves its links.
    pub(super) fn link_words(&self) -> Vec<String> {
        match self.roots {
            Some(roots) => vec!["--out-link".to_owned(), roots.link()],
            None => vec!["--no-link".to_owned()],
        }
    }

    /// The words of every command on the flake.
    pub(super) fn flake_words(&self) -> Vec<String> {
        let build = &self.plan.build;
        let lock = if build.locked {
            "--no-update-lock-file"
        } else {
            "--no-write-lock-file"
        };
        let mut words = vec![lock.to_owned()];
        if self.plan.caches.accept_flake_config {
            words.push("--accept-flake-config".to_owned());
        }
        words.extend(self.caches());
        words.extend(flake_args(&args(build)));
        words
    }

    fn classic(&mut self) -> Result<Vec<Vec<StorePath>>> {
        let build = &self.plan.build;
        let attributes: Vec<&AttrPath> = build.attributes().collect();
        let words = self.classic_words()?;
        let file = file(build);
        let asked = Asked::Project(shown(&attributes));
        let derivations = self.instantiate(&words, &file, &attributes, &asked)?;
        if derivations.len() == attributes.len() {
            let paths = self.store_realise(&derivations, &asked)?;
            return Ok(paths.into_iter().map(|it| vec![it]).collect());
        }
        // One of them is a set of several.
        let mut each = Vec::new();
        for attribute in attributes {
            let derivations = self.instantiate(&words, &file, &[attribute], &asked)?;
            each.push(self.store_realise(&derivations, &asked)?);
        }
        Ok(each)
    }

    /// The user's words, and what `<nixpkgs>` is where this machine has none.
    fn classic_words(&self) -> Result<Vec<String>> {
        let mut words = classic_args(&args(&self.plan.build));
        if let Some(url) = &self.plan.base.nixpkgs
            && !stand::has_nixpkgs(self)?
        {
            words.extend(["-I".to_owned(), format!("nixpkgs={url}")]);
        }
        Ok(words)
    }

    /// The derivations of some attributes, each with the output that is wanted. Evaluated as on a dyno.
    pub(super) fn instantiate(
        &mut self,
        words: &[String],
        file: &[String],
        attributes: &[&AttrPath],
        asked: &Asked,
    ) -> Result<Vec<String>> {
        let cmd = Cmd::writes(Tool::NixInstantiate)
            .args(["--log-format", "internal-json"])
            .args(["--option", "system", SYSTEM])
            .args(self.caches())
            .args(words.to_vec())
            .args(file.to_vec());
        let named = attributes.iter().filter(|it| !it.is_root());
        let cmd = named.fold(cmd, |cmd, it| cmd.args(["--attr", &it.to_string()]));
        let lines = self.run(&self.set_up(cmd), asked)?;
        let derivations: Vec<_> = lines.iter().filter_map(|line| derivation(line)).collect();
        if derivations.is_empty() {
            return Err(not_said(
                "Nix evaluated it, and names nothing to build",
                &lines,
            ));
        }
        Ok(derivations)
    }

    /// Builds derivations, or fetches what they make; the paths in the same order.
    pub(super) fn store_realise(
        &mut self,
        derivations: &[String],
        asked: &Asked,
    ) -> Result<Vec<StorePath>> {
        let kept_by = self.roots.map(|roots| {
            let words = ["--add-root", &roots.link(), "--indirect"];
            words.map(str::to_owned)
        });
        let cmd = Cmd::writes(Tool::NixStore)
            .arg("--realise")
            .args(kept_by.into_iter().flatten())
            .args(["--log-format", "internal-json"])
            .args(self.caches())
            .args(building_words(&args(&self.plan.build)))
            .args(derivations.to_vec());
        let lines = self.run(&self.set_up(cmd), asked)?;
        // With a root Nix prints the link to each path in place of the path.
        let rooted = |line: &String| self.roots.and_then(|roots| roots.read(line));
        let paths = lines.iter();
        let paths: Vec<_> = paths
            .filter_map(|it| StorePath::parse(it).or_else(|| rooted(it)))
            .collect();
        if paths.len() == derivations.len() {
            Ok(paths)
        } else {
            Err(not_said(UNSAID, &lines))
        }
    }

    /// Caches to read from, as words that every command of Nix takes.
    fn caches(&self) -> Vec<String> {
        let caches = &self.plan.caches;
        let urls: Vec<&str> = caches.substituters.iter().map(CacheUrl::as_str).collect();
        let keys: Vec<&str> = caches.public_keys.iter().map(PublicKey::as_str).collect();
        let mut words = Vec::new();
        for (name, values) in [
            ("extra-substituters", urls),
            ("extra-trusted-public-keys", keys),
        ] {
            if !values.is_empty() {
                words.extend(["--option", name].map(str::to_owned));
                words.push(values.join(" "));
            }
        }
        words
    }

    /// In the project, with its variables.
    fn set_up(&self, cmd: Cmd) -> Cmd {
        let variables = self.plan.build.args.iter();
        let cmd = variables.fold(cmd, |cmd, (name, value)| {
            cmd.env(name.as_str(), value.as_str())
        });
        cmd.dir(self.dir).deadline(DEADLINE)
    }

    /// Runs a command that logs; the lines that it printed beside the log.
    pub(super) fn run(&mut self, cmd: &Cmd, asked: &Asked) -> Result<Vec<String>> {
        let mut progress = Progress::default();
        let mut beside = Vec::new();
        let watch = &mut self.watch;
        let ended = self.runner.stream(cmd, &mut |line| {
            if let Some(event) = log::event(line) {
                let built = progress.take(&event);
                watch(&progress, built.as_deref());
            } else if !log::is_event(line) && beside.len() < MOST_LINES {
                beside.push(line.to_owned());
            }
        })?;
        if ended.status == 0 {
            return Ok(beside);
        }
        Err(Failure::new(asked, &progress, &beside).explain())
    }
}

/// The user's words.
pub(super) fn args(build: &Build) -> Vec<String> {
    let words = build.nix_args.iter();
    words.map(|it| it.as_str().to_owned()).collect()
}

/// What is built, where that is not default.nix: another file, or a function of packages called.
fn file(build: &Build) -> Vec<String> {
    let file = &build.file;
    if build.call_package {
        let called = format!("(import <nixpkgs> {{ }}).callPackage ./{file} {{ }}");
        vec!["--expr".to_owned(), called]
    } else if file.is_default() {
        Vec::new()
    } else {
        vec![format!("./{file}")]
    }
}

/// Of the user's words those on how to build, with the words each takes; the rest is for who evaluates.
fn building_words(args: &[String]) -> Vec<String> {
    const FLAGS: &[(&str, usize)] = &[
        ("--option", 2),
        ("--builders", 1),
        ("--cores", 1),
        ("--max-jobs", 1),
        ("--max-silent-time", 1),
        ("--timeout", 1),
        ("-j", 1),
        ("--fallback", 0),
        ("--keep-going", 0),
        ("-k", 0),
    ];
    // Operands of the others are passed over, or a value could be taken for a flag.
    const OTHERS: &[(&str, usize)] = &[("--arg", 2), ("--argstr", 2), ("-I", 1)];
    let mut kept = Vec::new();
    let mut rest = args;
    while let Some(first) = rest.first() {
        let of =
            |flags: &[(&str, usize)]| flags.iter().find(|(flag, _)| flag == first).map(|it| it.1);
        let building = of(FLAGS);
        let count = 1 + building.or_else(|| of(OTHERS)).unwrap_or(0);
        let (group, after) = rest.split_at(count.min(rest.len()));
        if building.is_some() {
            kept.extend(group.iter().cloned());
        }
        rest = after;
    }
    kept
}

/// A line of `nix-instantiate`: a derivation and the output that is wanted. Without a name it is `out`, and not all of
/// them, as `nix-store` would have it.
fn derivation(line: &str) -> Option<String> {
    let (path, output) = line.split_once('!').unwrap_or((line, "out"));
    StorePath::parse(path)?.name().strip_suffix(".drv")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._?=".contains(c);
    output
        .chars()
        .all(plain)
        .then(|| format!("{path}!{output}"))
}

/// The outputs in what `nix build --json` printed among other lines.
pub(super) fn outputs(lines: &[String]) -> Result<Vec<StorePath>> {
    let answer = lines.iter().rev().find(|line| line.starts_with('['));
    let Some(answer) = answer else {
        return Err(not_said(UNSAID, lines));
    };
    let mut paths = Vec::new();
    for built in builds(answer)? {
        let mut found = match built {
            Built::Path(path) => vec![path],
            Built::Derivation { mut outputs, .. } => {
                let out = outputs.remove("out").flatten();
                out.into_iter()
                    .chain(outputs.into_values().flatten())
                    .collect()
            }
        };
        found.retain(|it| !it.is_empty());
        paths.extend(found.iter().filter_map(|it| StorePath::parse(it)));
    }
    // Nix 2.26 says twice what was asked for twice.
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|it| seen.insert(it.clone()));
    if paths.is_empty() {
        Err(not_said(UNSAID, lines))
    } else {
        Ok(paths)
    }
}

const UNSAID: &str = "Nix built it, and doesn't say where it is";

fn not_said(what: &str, lines: &[String]) -> Error {
    let todo = "report it with what `nix --version` says; with Docker nixdyno does without: `--route docker`";
    let last = lines.iter().rev().take(4).rev().cloned();
    Error::user("nix/not-said", what, todo).detail(last)
}

/// Attributes in words.
pub(super) fn shown(attributes: &[&AttrPath]) -> String {
    let names = attributes.iter().map(|it| format!("`{it}`"));
    names.collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests;
