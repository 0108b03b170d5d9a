//! What Nix built, made ready to become an image without Docker.
//!
//! Takes a plan; builds it by the Nix of this machine, or takes what was built already; gives the closure, the root
//! beside it and how each process starts. Never: a layer, a registry, a program of a machine that no dyno is.

mod machine;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::closure::{Closure, StorePath};
use crate::context::{Staged, survey};
use crate::error::{Error, Result};
use crate::image::{Beside, Entry, Start, frame, variables};
use crate::names::ProcessType;
use crate::nix::{self, Progress, Realised, Roots, Shell};
use crate::plan::Plan;
use crate::shell::Runner;
use crate::ui::{Ui, human_bytes};

/// The label by which an unchanged image gets a new ID.
const FORCED: &str = "nixdyno.forced";

/// All that an image is made of.
#[derive(Debug)]
pub struct Ready {
    /// Every store path of the image.
    pub closure: Closure,
    /// The packages that a deploy is likely to change.
    pub roots: Vec<StorePath>,
    /// The root beside the store.
    pub frame: Vec<Entry>,
    /// How each process starts.
    pub starts: Vec<(ProcessType, Start)>,
    /// Keeps all of it in the store until it is sent.
    pub kept: Roots,
}

/// Builds what a plan builds, or takes what it names, and makes it ready.
///
/// Errors: those of [`nix::realise`], [`nix::keep`], [`nix::closure`], [`frame`] and [`survey`]; `direct/elsewhere`,
/// `direct/no-shell`, `direct/wrong-architecture`.
pub fn ready(plan: &Plan, dir: &Path, runner: &dyn Runner, ui: &Ui) -> Result<Ready> {
    let given = &plan.build.store_paths;
    let kept = Roots::new()?;
    let (built, closure) = if given.is_empty() {
        let built = build(plan, dir, runner, ui, &kept)?;
        let closure = nix::closure(runner, &roots(&built))?;
        (built, closure)
    } else {
        nix::keep(runner, given, &kept)?;
        let closure = nix::closure(runner, given)?;
        here(Path::new("/"), given)?;
        let (shell, certificates) = (nix::shell_of(&closure), nix::certificates_of(&closure));
        (taken(given, shell, certificates)?, closure)
    };
    here(Path::new("/"), &roots(&built))?;
    for warning in &built.warnings {
        ui.warn(warning);
    }
    let shell = built.shell.as_ref().ok_or_else(no_shell)?;
    let beside = Beside {
        sh: PathBuf::from(&shell.sh),
        env: PathBuf::from(&shell.env),
        certificates: built.certificates.as_ref().map(PathBuf::from),
        tools: built.tools.clone(),
    };
    let frame = frame(plan, Path::new("/"), &built.app, &beside)?;
    machine::check(&machine::programs(plan, &built, shell))?;
    ui.detail(&format!(
        "{} store paths, {}",
        closure.len(),
        human_bytes(closure.sum(closure.ids()))
    ));
    Ok(Ready {
        roots: built.app.into_iter().flatten().collect(),
        closure,
        frame,
        starts: starts(plan),
        kept,
    })
}

/// The commands that would build it.
///
/// Errors: as [`ready`], before anything is run.
pub fn show(plan: &Plan, dir: &Path, runner: &dyn Runner) -> Result<()> {
    if plan.build.store_paths.is_empty() {
        // A runner that runs nothing has no answer to go on with; what it was told is in its journal.
        match nix::realise(plan, dir, runner, None, &mut |_, _| {}) {
            Err(error) if error.id() != "nix/not-said" => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn build(plan: &Plan, dir: &Path, runner: &dyn Runner, ui: &Ui, kept: &Roots) -> Result<Realised> {
    let context = survey(dir)?;
    let files = context.files.len();
    ui.detail(&format!(
        "{files} {}, {} in all",
        if files == 1 { "file" } else { "files" },
        human_bytes(context.bytes())
    ));
    if let Some(warning) = context.warning() {
        ui.warn(&warning);
    }
    let staged = Staged::new(dir, &context)?;
    let progress = ui.progress();
    let mut watch = |state: &Progress, built: Option<&str>| {
        progress.set(state);
        if let Some(built) = built {
            progress.say(&format!("built {built}"));
        }
    };
    let realised = nix::realise(plan, &staged.context(), runner, Some(kept), &mut watch);
    progress.done();
    realised
}

/// What the image holds with all that it refers to, sorted.
fn roots(built: &Realised) -> Vec<StorePath> {
    let mut roots = built.roots();
    let certificates = built.certificates.as_deref();
    roots.extend(certificates.and_then(StorePath::around));
    roots.sort();
    roots.dedup();
    roots
}

/// Checks that paths of the store are files of this machine: a Nix may keep its store in another folder.
fn here(root: &Path, paths: &[StorePath]) -> Result<()> {
    let lost = paths.iter().find(|path| {
        let path = path.to_string();
        let found = fs_err::symlink_metadata(root.join(path.trim_start_matches('/')));
        found.is_err_and(|error| error.kind() == ErrorKind::NotFound)
    });
    let Some(lost) = lost else { return Ok(()) };
    Err(Error::user(
        "direct/elsewhere",
        format!("Nix has {lost}, and this machine's /nix/store hasn't"),
        "build into the usual store: take `store` out of nix.conf, and NIX_REMOTE out of the environment",
    )
    .because("its Nix keeps its store in another folder, or on another machine")
    .or("build in Docker: `--route docker`"))
}

/// What was built already, with the shell and the certificates among it.
fn taken(
    given: &[StorePath],
    shell: Option<Shell>,
    certificates: Option<String>,
) -> Result<Realised> {
    let shell = shell.ok_or_else(no_shell)?;
    let none = certificates.is_none().then(|| {
        let todo = "take them along: `--store-path \"$(nix build --no-link --print-out-paths nixpkgs#cacert)\"`";
        nix::no_certificates(todo, Vec::new())
    });
    Ok(Realised {
        // What stands beside the first one is there, and not in /app.
        app: vec![given.iter().take(1).cloned().collect()],
        tools: Vec::new(),
        shell: Some(shell),
        certificates,
        warnings: none.into_iter().collect(),
    })
}

fn starts(plan: &Plan) -> Vec<(ProcessType, Start)> {
    let forced = plan.ship.force_id.iter();
    let labels: BTreeMap<String, String> =
        forced.map(|id| (FORCED.to_owned(), id.clone())).collect();
    let env = variables(plan);
    let start = |process: &crate::plan::Process| Start {
        cmd: process.command.cmd_words(),
        env: env.clone(),
        labels: labels.clone(),
    };
    plan.processes
        .iter()
        .map(|(name, process)| (name.clone(), start(process)))
        .collect()
}

fn no_shell() -> Error {
    Error::user(
        "direct/no-shell",
        "nothing that was built has /bin/sh and env",
        "take a package along that has them: `--store-path \"$(nix build --no-link --print-out-paths nixpkgs#busybox)\"`",
    )
    .because("Heroku starts every process through /bin/sh")
}

#[cfg(test)]
mod tests;
