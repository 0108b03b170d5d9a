//! Which pattern of which file makes git leave a path out.
//!
//! Takes paths of the project; gives the pattern. Goes by the files that a build context goes by, from the top
//! of the repository down, and reads each once. Never: the user's own global list, which travels nowhere.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Repository, text};

/// As everywhere in a project: a larger list is none that a person wrote.
const MOST_IGNORES: u64 = 1 << 20;
/// The file of patterns of a folder.
const NAME: &str = ".gitignore";

/// A pattern, and the file it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Pattern {
    pub(in crate::inspect) pattern: String,
    /// Relative to the project, or to the repository for one above it.
    pub(in crate::inspect) file: PathBuf,
}

/// The patterns of a project.
pub(in crate::inspect) struct Ignores {
    /// Where the patterns begin: the repository's folder, or the project's where there is none.
    top: PathBuf,
    /// The project in it.
    project: PathBuf,
    exclude: Gitignore,
    /// By folder below `top`.
    folders: RefCell<BTreeMap<PathBuf, Rc<Gitignore>>>,
}

impl Ignores {
    pub(in crate::inspect) fn of(dir: &Path, repository: Option<&Repository>) -> Self {
        let exclude = repository.map(|it| patterns(&it.top, &it.exclude()));
        Ignores {
            top: repository.map_or_else(|| dir.to_owned(), |it| it.top.clone()),
            project: repository.map_or_else(PathBuf::new, |it| it.project.clone()),
            exclude: exclude.unwrap_or_else(Gitignore::empty),
            folders: RefCell::default(),
        }
    }

    /// Whether the patterns of the project's own files are all that count.
    pub(in crate::inspect) fn are_own(&self) -> bool {
        self.project.as_os_str().is_empty() && self.exclude.is_empty()
    }

    /// Whether the whole project is left out by what lies above it.
    pub(in crate::inspect) fn leave_out_all(&self) -> bool {
        self.found(Path::new(""), &self.project, true).is_some()
    }

    /// The pattern that leaves out a path of the project, or a folder above it.
    pub(in crate::inspect) fn pattern(&self, path: &Path, is_folder: bool) -> Option<Pattern> {
        self.found(&self.project, &self.project.join(path), is_folder)
    }

    /// The pattern for `path` or for a folder above it, below `above`.
    fn found(&self, above: &Path, path: &Path, is_folder: bool) -> Option<Pattern> {
        let mut steps: Vec<&Path> = path.ancestors().take_while(|it| *it != above).collect();
        // What is in a folder that is left out can't be taken back.
        steps.reverse();
        // A repository in the repository goes by its own patterns.
        let own = |step: &&Path| fs_err::symlink_metadata(self.top.join(step).join(".git")).is_ok();
        let first = steps.iter().rposition(own).map_or(0, |at| at + 1);
        let steps = steps.split_off(first);
        steps.into_iter().find_map(|step| {
            let folder = is_folder || step != path;
            match self.matched(step, folder) {
                Match::Ignore(pattern) => Some(pattern),
                _ => None,
            }
        })
    }

    /// The nearest file with a pattern for it counts.
    fn matched(&self, path: &Path, is_folder: bool) -> Match<Pattern> {
        let whole = self.top.join(path);
        for folder in path.ancestors().skip(1) {
            let inner = folder != Path::new("") && {
                let git = self.top.join(folder).join(".git");
                fs_err::symlink_metadata(git).is_ok()
            };
            let of = self.folder(folder);
            let found = of.matched(&whole, is_folder);
            if !found.is_none() {
                let file = folder.join(NAME);
                let file = file.strip_prefix(&self.project).unwrap_or(&file);
                return found.map(|it| of_glob(it.original(), file));
            }
            if inner {
                return Match::None;
            }
        }
        let found = self.exclude.matched(&whole, is_folder);
        found.map(|it| of_glob(it.original(), Path::new(".git/info/exclude")))
    }

    fn folder(&self, folder: &Path) -> Rc<Gitignore> {
        let mut folders = self.folders.borrow_mut();
        let known = folders.entry(folder.to_owned()).or_insert_with(|| {
            let root = self.top.join(folder);
            let found = patterns(&root, &root.join(NAME));
            Rc::new(found)
        });
        Rc::clone(known)
    }
}

fn of_glob(pattern: &str, file: &Path) -> Pattern {
    Pattern {
        pattern: pattern.to_owned(),
        file: file.to_owned(),
    }
}

/// The patterns of a file, for what is below `root`.
fn patterns(root: &Path, file: &Path) -> Gitignore {
    let Some(text) = text(file, MOST_IGNORES) else {
        return Gitignore::empty();
    };
    let mut builder = GitignoreBuilder::new(root);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A line that is no pattern is none to git, too.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
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

    fn shown(found: Option<Pattern>) -> String {
        found.map_or_else(String::new, |it| {
            format!("{} {}", it.file.display(), it.pattern)
        })
    }

    #[test]
    fn the_nearest_pattern_counts_and_a_folder_takes_all_with_it() {
        let dir = project(&[
            (".gitignore", "*.local.nix\n/out/\n!keep.local.nix\n"),
            ("nix/.gitignore", "!b.local.nix\nc.nix\n"),
        ]);
        let ignores = Ignores::of(dir.path(), None);
        let pattern = |path: &str| shown(ignores.pattern(Path::new(path), false));
        assert!(ignores.are_own());
        assert_eq!(pattern("a.local.nix"), ".gitignore *.local.nix");
        assert_eq!(pattern("nix/a.local.nix"), ".gitignore *.local.nix");
        assert_eq!(pattern("out/deep/keep.local.nix"), ".gitignore /out/");
        assert_eq!(pattern("nix/c.nix"), "nix/.gitignore c.nix");
        for path in ["nix/b.local.nix", "keep.local.nix", "c.nix", "out", "a.nix"] {
            assert_eq!(pattern(path), "", "{path}");
        }
        assert_eq!(
            shown(ignores.pattern(Path::new("out"), true)),
            ".gitignore /out/"
        );
    }

    #[test]
    fn what_lies_above_a_project_counts_where_a_repository_holds_both() {
        let dir = project(&[
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".git/info/exclude", "mine.nix\n"),
            (".gitignore", "local.nix\n/apps/old\n"),
            ("apps/web/.gitignore", "!local.nix\n/x.nix\n"),
            ("apps/old/flake.nix", ""),
        ]);
        let web = dir.path().join("apps/web");
        let repository = Repository::of(&web);
        let ignores = Ignores::of(&web, repository.as_ref());
        let pattern = |path: &str| shown(ignores.pattern(Path::new(path), false));
        assert!(!ignores.are_own() && !ignores.leave_out_all());
        assert_eq!(pattern("mine.nix"), ".git/info/exclude mine.nix");
        assert_eq!(pattern("x.nix"), ".gitignore /x.nix");
        assert_eq!(pattern("local.nix"), "");
        let old = dir.path().join("apps/old");
        let repository = Repository::of(&old);
        assert!(Ignores::of(&old, repository.as_ref()).leave_out_all());
    }
}
