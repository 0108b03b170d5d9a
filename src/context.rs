//! The build context: what of a project enters a build, staged in a temporary folder.
//!
//! Takes a project's folder; gives a list of what git would not ignore, and a copy of it. Never writes
//! into the project, never takes `.git`.
//!
//! Staged, because `heroku container:push` wants Dockerfiles in a folder of their own, the classic
//! builder wants them beside the sources, and neither may find them in the user's project. Modes and
//! time stamps are made uniform, so that the same files give the same layers on every machine.

use std::fs::{FileTimes, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ignore::WalkBuilder;

use crate::error::{Error, Result};
use crate::files;
use crate::inspect::{Source, Warning};
use crate::render::MARK;
use crate::shell::interrupt::{self, TempFolder};
use crate::ui::human_bytes;

/// Above this a context is named as large.
const LARGE: u64 = 100_000_000;
/// How deep, and how many folders and files, an inspection looks.
const MOST_DEPTH: usize = 8;
const MOST_ENTRIES: usize = 20_000;

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
        whole.ancestors().try_for_each(|folder| {
            files::check_ignores(folder).map_err(|it| no_ignore_file(&it))
        })?;
    }
    files::check_ignores(dir).map_err(|it| no_ignore_file(&it))?;
    let refused = Arc::new(Mutex::new(None));
    let refusal = Arc::clone(&refused);
    let mut walk = WalkBuilder::new(dir);
    walk.hidden(false)
        .ignore(false)
        .parents(inside)
        .require_git(inside)
        .git_global(false);
    walk.filter_entry(move |entry| entry.file_name() != ".git" && guard(entry, &refusal));
    walk.sort_by_file_path(Path::cmp);
    for entry in walk.build() {
        interrupt::check()?;
        refuse(&refused)?;
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
    refuse(&refused)?;
    Ok(context)
}

/// Refuses a project one of whose ignore files can't be read at once: a pipe, a device, a huge one.
///
/// Walks as the inspection's list of files does, so that whatever that would open was looked at before.
/// Errors: `context/ignore-file`.
pub(crate) fn check_ignore_files(dir: &Path) -> Result<()> {
    files::check_ignores(dir).map_err(|it| no_ignore_file(&it))?;
    let refused = Arc::new(Mutex::new(None));
    let refusal = Arc::clone(&refused);
    let walk = WalkBuilder::new(dir)
        .max_depth(Some(MOST_DEPTH))
        .follow_links(false)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .parents(false)
        .ignore(false)
        .filter_entry(move |entry| !is_passed_over(entry.file_name()) && guard(entry, &refusal))
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    for _ in walk.take(MOST_ENTRIES) {
        interrupt::check()?;
        refuse(&refused)?;
    }
    refuse(&refused)
}

/// Folders that the inspection doesn't look into.
fn is_passed_over(name: &std::ffi::OsStr) -> bool {
    let names = [
        ".git",
        ".direnv",
        ".hg",
        "node_modules",
        "target",
        "dist-newstyle",
        "_build",
        "deps",
        "vendor",
        ".venv",
    ];
    name.to_str().is_some_and(|name| names.contains(&name))
}

/// The first ignore file that was refused on a walk.
type Refused = Mutex<Option<files::NoIgnoreFile>>;

/// Whether a walk may enter: it reads the ignore files of a folder by itself, whatever they are.
fn guard(entry: &ignore::DirEntry, refused: &Refused) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let Err(error) = files::check_ignores(entry.path()) else {
        return true;
    };
    let mut first = refused.lock().unwrap_or_else(PoisonError::into_inner);
    first.get_or_insert(error);
    false
}

fn refuse(refused: &Refused) -> Result<()> {
    let mut first = refused.lock().unwrap_or_else(PoisonError::into_inner);
    first.take().map_or(Ok(()), |it| Err(no_ignore_file(&it)))
}

fn no_ignore_file(found: &files::NoIgnoreFile) -> Error {
    Error::user(
        "context/ignore-file",
        format!("`{}` {}", found.path.display(), found.what),
        "make it a regular file with one pattern a line, or remove it",
    )
    .at_path(&found.path)
    .because(format!(
        "what git ignores is left out, so it is read first, up to {} MiB",
        files::MOST_IGNORES >> 20
    ))
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
            if !is_ours(&dir.join(file)) {
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
        if path.exists() {
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

/// A Dockerfile that nixdyno wrote is no source of the app, and must not make it look changed.
fn is_ours(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name == "Dockerfile"
        && files::read(path, 4 << 20).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}

fn make_dir(path: &Path) -> Result<()> {
    fs_err::create_dir_all(path).map_err(|error| unreadable(&error.to_string()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let executable =
        fs_err::metadata(from).is_ok_and(|found| found.permissions().mode() & 0o100 != 0);
    fs_err::copy(from, to).map_err(|error| unreadable(&error.to_string()))?;
    uniform(to, if executable { 0o755 } else { 0o644 })
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
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn leaves_out_what_git_ignores_and_git_itself() {
        let dir = project(&[
            ("flake.nix", "{}"),
            (".gitignore", "secret\nresult\n"),
            ("secret", "x"),
            (".git/config", "x"),
            (".cargo/config.toml", "x"),
            ("src/a b.rs", "x"),
        ]);
        symlink("/nix/store/x", dir.path().join("result")).unwrap();
        symlink("flake.nix", dir.path().join("link")).unwrap();
        let context = survey(dir.path()).unwrap();
        let files: Vec<_> = context
            .files
            .iter()
            .map(|(path, _)| path.to_str().unwrap())
            .collect();
        assert_eq!(
            files,
            [
                ".cargo/config.toml",
                ".gitignore",
                "flake.nix",
                "src/a b.rs"
            ]
        );
        assert_eq!(context.links, [PathBuf::from("link")]);
    }

    #[test]
    fn inside_a_repository_the_folders_above_ignore_too() {
        let dir = project(&[
            (".git/HEAD", "x"),
            (".gitignore", "/app/target/\n*.log\n"),
            ("app/flake.nix", "{}"),
            ("app/target/big", "x"),
            ("app/a.log", "x"),
        ]);
        let names = |dir: &Path| -> Vec<String> {
            let context = survey(dir).unwrap();
            context
                .files
                .iter()
                .map(|(path, _)| path.display().to_string())
                .collect()
        };
        assert_eq!(names(&dir.path().join("app")), ["flake.nix"]);
        fs_err::remove_dir_all(dir.path().join(".git")).unwrap();
        assert_eq!(
            names(&dir.path().join("app")),
            ["a.log", "flake.nix", "target/big"]
        );
    }

    #[test]
    fn stages_with_uniform_modes_and_times_and_leaves_nothing() {
        let dir = project(&[
            ("run.sh", "#!/bin/sh"),
            ("a/b", "x"),
            ("Dockerfile", "# Written by nixdyno 9\n"),
        ]);
        fs_err::set_permissions(dir.path().join("run.sh"), Permissions::from_mode(0o750)).unwrap();
        fs_err::set_permissions(dir.path().join("a/b"), Permissions::from_mode(0o600)).unwrap();
        let staged = Staged::new(dir.path(), &survey(dir.path()).unwrap()).unwrap();
        staged
            .dockerignore(
                "x
",
            )
            .unwrap();
        let place = staged.folder.path().to_owned();
        let to = staged.context();
        let mode = |path: &str| {
            fs_err::metadata(to.join(path))
                .unwrap()
                .permissions()
                .mode()
                & 0o7777
        };
        assert_eq!(
            (mode("run.sh"), mode("a/b"), mode("a")),
            (0o755, 0o644, 0o755)
        );
        let time = fs_err::metadata(to.join("a")).unwrap().modified().unwrap();
        assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(1));
        assert!(!to.join("Dockerfile").exists(), "our own file is no source");
        assert!(to.join(".dockerignore").exists());
        drop(staged);
        assert!(!place.exists());
    }

    #[test]
    fn an_ignore_file_that_is_none_is_refused() {
        let dir = project(&[("flake.nix", "{}")]);
        symlink("/dev/zero", dir.path().join(".gitignore")).unwrap();
        assert_eq!(survey(dir.path()).unwrap_err().id(), "context/ignore-file");
        let error = check_ignore_files(dir.path()).unwrap_err();
        let shown = error
            .to_string()
            .replace(dir.path().to_str().unwrap(), "DIR");
        insta::assert_snapshot!(shown, @r"
        `DIR/.gitignore` is not a regular file
          where: DIR/.gitignore
          why: what git ignores is left out, so it is read first, up to 1 MiB
          do: make it a regular file with one pattern a line, or remove it
          [context/ignore-file]
        ");
    }

    #[test]
    fn an_ignore_file_of_a_subfolder_and_of_git_is_looked_at_before_a_walk_opens_it() {
        let socket = |path: &Path| {
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            drop(std::os::unix::net::UnixListener::bind(path).unwrap());
        };
        let dir = project(&[("flake.nix", "{}"), ("a/b/x", "")]);
        socket(&dir.path().join("a/b/.gitignore"));
        for refused in [
            survey(dir.path()).err(),
            check_ignore_files(dir.path()).err(),
        ] {
            assert_eq!(refused.unwrap().id(), "context/ignore-file");
        }
        // What is ignored itself is never entered.
        fs_err::write(dir.path().join(".gitignore"), "/a\n").unwrap();
        check_ignore_files(dir.path()).unwrap();
        survey(dir.path()).unwrap();

        let dir = project(&[("flake.nix", "{}"), (".git/HEAD", "x")]);
        socket(&dir.path().join(".git/info/exclude"));
        assert_eq!(survey(dir.path()).unwrap_err().id(), "context/ignore-file");
        assert!(check_ignore_files(dir.path()).is_err());

        // A worktree's `.git` is a file that leads to the list by two steps.
        let at = tempfile::tempdir().unwrap();
        let link = format!("gitdir: {}\n", at.path().display());
        let dir = project(&[("flake.nix", "{}"), (".git", &link)]);
        socket(&at.path().join("commondir"));
        assert_eq!(survey(dir.path()).unwrap_err().id(), "context/ignore-file");
    }

    #[test]
    fn a_huge_ignore_file_is_refused() {
        let dir = project(&[("flake.nix", "{}"), (".gitignore", "")]);
        let file = fs_err::OpenOptions::new()
            .write(true)
            .open(dir.path().join(".gitignore"));
        file.unwrap().set_len(files::MOST_IGNORES).unwrap();
        check_ignore_files(dir.path()).unwrap();
        let file = fs_err::OpenOptions::new()
            .write(true)
            .open(dir.path().join(".gitignore"));
        file.unwrap().set_len(files::MOST_IGNORES + 1).unwrap();
        assert!(
            check_ignore_files(dir.path())
                .unwrap_err()
                .what()
                .contains("1 MiB")
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        insta::assert_snapshot!(unreadable("permission denied: a/b"));
        let error = survey(Path::new("/nonexistent/project")).unwrap_err();
        assert_eq!(error.id(), "context/unreadable");
    }

    #[test]
    fn a_large_context_is_named_with_its_largest_paths() {
        let file = |name: &str, bytes: u64| (PathBuf::from(name), bytes);
        let files = (1..8)
            .map(|n| file(&format!("data/{n}.bin"), n * 10_000_000))
            .collect();
        let context = Context {
            files,
            ..Context::default()
        };
        insta::assert_snapshot!(context.warning().unwrap().what);
        assert_eq!(
            Context {
                files: vec![file("a", LARGE)],
                ..Context::default()
            }
            .warning(),
            None
        );
    }
}
