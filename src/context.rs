//! The build context: what of a project enters a build, staged in a temporary folder.
//!
//! Takes a project's folder; gives a list of what git would not ignore, and a copy of it. Never writes
//! into the project, never takes `.git`.
//!
//! Staged, because `heroku container:push` wants Dockerfiles in a folder of their own, the classic
//! builder wants them beside the sources, and neither may find them in the user's project. Modes and
//! time stamps are made uniform, so that the same files give the same layers on every machine.

mod archive;
mod secrets;

use std::fs::{FileTimes, Metadata, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ignore::WalkBuilder;

use crate::error::{Error, Result};
use crate::files;
use crate::ignores::{self, Guard};
use crate::inspect::{Source, Warning};
use crate::render::{MARK, What};
use crate::shell::interrupt::{self, TempFolder};
use crate::ui::human_bytes;

pub use archive::Archive;
pub use secrets::Secrets;

/// Above this a context is named as large.
const LARGE: u64 = 100_000_000;

/// What of a project would enter the build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Regular files, relative, sorted, with their sizes in bytes.
    pub files: Vec<(PathBuf, u64)>,
    /// Symbolic links, relative, sorted.
    pub links: Vec<PathBuf>,
    /// Folders, relative, sorted.
    pub folders: Vec<PathBuf>,
}

impl Context {
    /// All files' bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|(_, bytes)| bytes).sum()
    }

    /// A warning that names the five largest files and folders of a context over 100 MB.
    pub fn warning(&self) -> Option<Warning> {
        let bytes = self.bytes();
        if bytes <= LARGE {
            return None;
        }
        let largest: Vec<String> = self
            .largest()
            .into_iter()
            .map(|(path, bytes)| format!("{} ({})", path.display(), human_bytes(bytes)))
            .collect();
        Some(Warning {
            id: "context/large".to_owned(),
            what: format!(
                "{} of files enter the build; the largest: {}",
                human_bytes(bytes),
                largest.join(", ")
            ),
            todo: "list what the app doesn't need in .gitignore".to_owned(),
            blocks: false,
            source: None::<Source>,
            detail: Vec::new(),
        })
    }

    /// The five largest top-level entries or files: what a person would leave out first.
    fn largest(&self) -> Vec<(PathBuf, u64)> {
        let mut largest = self.files.clone();
        largest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        largest.truncate(5);
        largest
    }
}

/// Lists what of `dir` would enter the build: everything that git would not ignore, without `.git`.
///
/// Errors: `context/unreadable` for what can't be read.
pub fn survey(dir: &Path) -> Result<Context> {
    let mut context = Context::default();
    // Inside a repository the folders above may ignore something too; outside, they say nothing.
    let inside = is_inside_git(dir);
    if inside {
        let whole = fs_err::canonicalize(dir).map_err(|error| unreadable(&error.to_string()))?;
        whole.ancestors().try_for_each(ignores::look)?;
    }
    ignores::look(dir)?;
    let guard = Guard::default();
    let guarded = guard.clone();
    let mut walk = WalkBuilder::new(dir);
    walk.hidden(false)
        .ignore(false)
        .parents(inside)
        .require_git(inside)
        .git_global(false);
    walk.filter_entry(move |entry| entry.file_name() != ".git" && guarded.allows(entry));
    walk.sort_by_file_path(Path::cmp);
    for entry in walk.build() {
        interrupt::check()?;
        guard.check()?;
        let entry = entry.map_err(|error| unreadable(&error.to_string()))?;
        let Ok(path) = entry.path().strip_prefix(dir) else {
            continue;
        };
        let Some(kind) = entry.file_type().filter(|_| entry.depth() > 0) else {
            continue;
        };
        let path = path.to_owned();
        if kind.is_dir() {
            context.folders.push(path);
        } else if kind.is_symlink() {
            context.links.push(path);
        } else if kind.is_file() {
            let bytes = entry
                .metadata()
                .map_err(|error| unreadable(&error.to_string()))?
                .len();
            context.files.push((path, bytes));
        }
        // Sockets, pipes and devices are nothing that Nix could build from.
    }
    guard.check()?;
    Ok(context)
}

fn is_inside_git(dir: &Path) -> bool {
    let inside = |dir: PathBuf| dir.ancestors().any(|folder| folder.join(".git").exists());
    fs_err::canonicalize(dir).is_ok_and(inside)
}

/// A context on disk, removed on drop.
#[derive(Debug)]
pub struct Staged {
    folder: TempFolder,
}

impl Staged {
    /// Copies a context.
    ///
    /// Errors: `context/unreadable`, `shell/no-temporary-folder`, `interrupted`.
    pub fn new(dir: &Path, context: &Context) -> Result<Self> {
        let staged = Staged {
            folder: TempFolder::new()?,
        };
        let to = staged.context();
        make_dir(&to)?;
        for folder in &context.folders {
            make_dir(&to.join(folder))?;
        }
        for (file, _) in &context.files {
            interrupt::check()?;
            if !is_ours(dir, file) {
                copy(&dir.join(file), &to.join(file))?;
            }
        }
        for link in &context.links {
            let target =
                fs_err::read_link(dir.join(link)).map_err(|e| unreadable(&e.to_string()))?;
            symlink(target, to.join(link)).map_err(|e| unreadable(&e.to_string()))?;
        }
        for folder in context.folders.iter().rev() {
            uniform(&to.join(folder), 0o755)?;
        }
        uniform(&to, 0o755)?;
        Ok(staged)
    }

    /// Adds our `.dockerignore` where the project has none of its own.
    ///
    /// Errors: `context/unreadable`.
    pub fn dockerignore(&self, text: &str) -> Result<()> {
        let path = self.context().join(".dockerignore");
        // Also where a link stands that leads nowhere: it must not be written through.
        if fs_err::symlink_metadata(&path).is_ok() {
            return Ok(());
        }
        fs_err::write(&path, text).map_err(|error| unreadable(&error.to_string()))?;
        uniform(&path, 0o644)?;
        uniform(&self.context(), 0o755)
    }

    /// The folder that holds it all, for files beside the context.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The context's folder, where docker runs.
    pub fn context(&self) -> PathBuf {
        self.folder.path().join("context")
    }

    /// Writes a Dockerfile into a folder of its own beside the context; returns that folder.
    ///
    /// Errors: `context/unreadable`.
    pub fn dockerfile(&self, name: &str, text: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        make_dir(&folder)?;
        let path = folder.join("Dockerfile");
        fs_err::write(&path, text).map_err(|error| unreadable(&error.to_string()))?;
        Ok(folder)
    }
}

/// The Dockerfile that nixdyno wrote is no source of the app, and must not make it look changed. Only at its own place:
/// elsewhere it is the project's, whatever it was once made from.
fn is_ours(dir: &Path, path: &Path) -> bool {
    path == What::Dockerfile.path()
        && files::read(&dir.join(path), 4 << 20)
            .is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}

fn make_dir(path: &Path) -> Result<()> {
    fs_err::create_dir_all(path).map_err(|error| unreadable(&error.to_string()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let executable = fs_err::metadata(from).is_ok_and(|found| is_executable(&found));
    fs_err::copy(from, to).map_err(|error| unreadable(&error.to_string()))?;
    uniform(to, if executable { 0o755 } else { 0o644 })
}

/// The one thing of a file's mode that git keeps, too.
fn is_executable(found: &Metadata) -> bool {
    found.permissions().mode() & 0o100 != 0
}

/// Mode and time stamp as in the Nix store: nothing of this machine shows.
fn uniform(path: &Path, mode: u32) -> Result<()> {
    let stamp = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    let set = || -> std::io::Result<()> {
        fs_err::set_permissions(path, Permissions::from_mode(mode))?;
        fs_err::File::open(path)?
            .file()
            .set_times(FileTimes::new().set_modified(stamp))
    };
    set().map_err(|error| unreadable(&error.to_string()))
}

fn unreadable(why: &str) -> Error {
    Error::user(
        "context/unreadable",
        format!("the project's files can't be collected: {why}"),
        "make the file readable, or list it in .gitignore",
    )
}

#[cfg(test)]
mod tests;
