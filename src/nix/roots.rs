//! Keeps what was built from the garbage collector of Nix, until it is sent.
//!
//! Takes a name for each command that builds; gives links in a folder of our own, which Nix takes for its roots. The roots
//! that a Nix makes by itself end with its process, and a push may take long. Never: a link in the project, or one that
//! outlives us.

use std::cell::Cell;

use crate::closure::StorePath;
use crate::error::{Error, Result};
use crate::shell::interrupt::TempFolder;
use crate::shell::{Cmd, Runner, Tool};

use super::build::DEADLINE;

/// A folder of roots. What they lead to may be collected once it is dropped: Nix forgets a root whose link is gone.
#[derive(Debug)]
pub struct Roots {
    folder: TempFolder,
    made: Cell<usize>,
}

impl Roots {
    /// Makes the folder.
    ///
    /// Errors: `shell/no-temporary-folder`.
    pub fn new() -> Result<Self> {
        Ok(Roots {
            folder: TempFolder::new()?,
            made: Cell::new(0),
        })
    }

    /// A new link. Nix puts a number or an output behind it where one command makes several: `2`, `2-1`, `2-bin`.
    pub(super) fn link(&self) -> String {
        let number = self.made.get() + 1;
        self.made.set(number);
        self.folder
            .path()
            .join(number.to_string())
            .display()
            .to_string()
    }

    /// Where a link leads; `None` for what is none of these.
    pub(super) fn read(&self, line: &str) -> Option<StorePath> {
        if !line.starts_with(self.folder.path().to_str()?) {
            return None;
        }
        let target = fs_err::read_link(line).ok()?;
        StorePath::parse(target.to_str()?)
    }
}

/// Keeps paths that were built before, and fetches those that a cache has and the store hasn't.
///
/// Errors: `nix/not-in-store`; Ctrl-C.
pub fn keep(runner: &dyn Runner, paths: &[StorePath], roots: &Roots) -> Result<()> {
    let cmd = Cmd::writes(Tool::NixStore)
        .args(["--realise", "--add-root", &roots.link(), "--indirect"])
        .args(paths.iter().map(ToString::to_string))
        .deadline(DEADLINE);
    let answer = runner.capture(&cmd)?;
    if answer.success() {
        return Ok(());
    }
    Err(Error::user(
        "nix/not-in-store",
        "Nix has not all of the store paths that are named, and can't fetch them",
        "build it on this machine, and give what that prints: `nix build --print-out-paths`",
    )
    .detail(answer.tail(4)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    fn path(letter: char) -> StorePath {
        let hash = letter.to_string().repeat(32);
        StorePath::from_base(&format!("{hash}-app")).unwrap()
    }

    #[test]
    fn links_are_read_back_and_go_with_the_folder() {
        let roots = Roots::new().unwrap();
        let (first, second) = (roots.link(), roots.link());
        assert_ne!(first, second);
        std::os::unix::fs::symlink(path('a').to_string(), format!("{first}-bin")).unwrap();
        assert_eq!(roots.read(&format!("{first}-bin")), Some(path('a')));
        std::os::unix::fs::symlink("/elsewhere", &second).unwrap();
        for wrong in [&first, &second, "/nix/store", "warning: x", ""] {
            assert_eq!(roots.read(wrong), None, "{wrong}");
        }
        drop(roots);
        assert!(fs_err::symlink_metadata(second).is_err());
    }

    #[test]
    fn what_is_named_is_kept_or_refused() {
        let roots = Roots::new().unwrap();
        let runner = Recorded::new();
        keep(&runner, &[path('a'), path('b')], &roots).unwrap();
        let said = runner.all().join("\n");
        let folder = roots.folder.path().display();
        let expected = format!(
            "nix-store --realise --add-root {folder}/1 --indirect {} {}",
            path('a'),
            path('b')
        );
        assert_eq!(said, expected);
        let words = "don't know how to build these paths:\n  /nix/store/x\nerror: build failed";
        let runner = Recorded::new().answer("nix-store", 1, "", words);
        insta::assert_snapshot!(keep(&runner, &[path('a')], &roots).unwrap_err());
    }

    /// In the lab, with the Nix that it has.
    #[test]
    #[ignore = "needs the lab: tests/lab/run.sh"]
    fn a_kept_path_is_a_root_of_the_real_store() {
        let runner = crate::shell::Real::new(crate::shell::Tools::find(), Vec::new(), |_| {});
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("kept"), "kept").unwrap();
        let add = Cmd::writes(Tool::NixStore).arg("--add");
        let added = runner
            .capture(&add.arg(dir.path().join("kept").display().to_string()))
            .unwrap();
        let added = StorePath::parse(added.stdout.trim()).unwrap();
        let roots = Roots::new().unwrap();
        keep(&runner, std::slice::from_ref(&added), &roots).unwrap();
        let delete = || {
            let cmd = Cmd::writes(Tool::NixStore).arg("--delete");
            runner
                .capture(&cmd.arg(added.to_string()))
                .unwrap()
                .success()
        };
        assert!(!delete());
        drop(roots);
        assert!(delete());
    }
}
