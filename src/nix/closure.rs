//! The closure of store paths, as the Nix of this machine has it registered.
//!
//! Takes paths that are in the store; gives their [`Closure`]. Asks `nix path-info` first, which says all in one answer;
//! where that can't be had or read, `nix-store`, whose words have never changed. Never: more words on a command line than
//! a system takes.

use std::collections::BTreeSet;

use crate::closure::{Closure, Registered, StorePath, registration};
use crate::error::{Error, Kind, Result};
use crate::shell::{Captured, Cmd, Runner, Tool};

use super::formats::{PathInfos, path_infos};

/// How many paths are named on one command line: 250 bytes each at most, and 128 KiB are allowed everywhere.
const BATCH: usize = 400;

/// The closure of `paths`.
///
/// Errors: `nix/closure`, `nix/cycle`; Ctrl-C.
pub fn closure(runner: &dyn Runner, paths: &[StorePath]) -> Result<Closure> {
    let registered = match infos(runner, paths)? {
        Some(registered) => registered,
        None => registrations(runner, paths)?,
    };
    let found: BTreeSet<&StorePath> = registered.iter().map(|it| &it.path).collect();
    if let Some(lost) = paths.iter().find(|it| !found.contains(it)) {
        return Err(unknown(&[format!("nothing is said of {lost}")]));
    }
    Closure::new(registered).map_err(|cycle| {
        Error::user(
            "nix/cycle",
            format!("the closure can't be put in order: {cycle}"),
            "delete that path from the store and build it again: `nix-store --delete PATH`",
        )
    })
}

/// By `nix path-info`; `None` where it can't say, or says it in another form.
fn infos(runner: &dyn Runner, paths: &[StorePath]) -> Result<Option<Vec<Registered>>> {
    let mut all = Vec::new();
    for batch in paths.chunks(BATCH) {
        let cmd = Cmd::reads(Tool::Nix)
            .args(["--extra-experimental-features", "nix-command flakes"])
            .args(["path-info", "--json", "--recursive"])
            .args(batch.iter().map(ToString::to_string));
        let answer = match runner.capture(&cmd) {
            Ok(answer) if answer.success() => answer,
            Err(error) if error.kind() == Kind::Interrupted => return Err(error),
            _ => return Ok(None),
        };
        let read = path_infos(&answer.stdout).ok();
        match read.filter(|it| it.missing.is_empty()).and_then(known) {
            Some(known) => all.extend(known),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

fn known(infos: PathInfos) -> Option<Vec<Registered>> {
    let known = infos.known.into_values().map(|info| {
        let references = info.references.iter().map(|it| StorePath::parse(it));
        Some(Registered {
            path: StorePath::parse(&info.path)?,
            bytes: info.nar_size,
            references: references.collect::<Option<_>>()?,
        })
    });
    known.collect()
}

/// By `nix-store`.
fn registrations(runner: &dyn Runner, paths: &[StorePath]) -> Result<Vec<Registered>> {
    let mut all: Vec<StorePath> = Vec::new();
    for batch in paths.chunks(BATCH) {
        let answer = store(runner, &["--query", "--requisites"], batch)?;
        let lines = answer.stdout.lines().map(StorePath::parse);
        let read: Option<Vec<_>> = lines.collect();
        all.extend(read.ok_or_else(|| unknown(&answer.tail(4)))?);
    }
    all.sort();
    all.dedup();
    let mut registered = Vec::new();
    for batch in all.chunks(BATCH) {
        let answer = store(runner, &["--dump-db"], batch)?;
        let read = registration(&answer.stdout);
        registered.extend(read.map_err(|why| unknown(&[why.to_string()]))?);
    }
    Ok(registered)
}

fn store(runner: &dyn Runner, words: &[&str], paths: &[StorePath]) -> Result<Captured> {
    let cmd = Cmd::reads(Tool::NixStore)
        .args(words.iter().copied())
        .args(paths.iter().map(ToString::to_string));
    let answer = runner.capture(&cmd)?;
    if answer.success() {
        Ok(answer)
    } else {
        Err(unknown(&answer.tail(4)))
    }
}

fn unknown(words: &[String]) -> Error {
    let what = "Nix doesn't say what was built stands on";
    let todo =
        "check the store: `nix-store --verify`; with Docker nixdyno does without: `--route docker`";
    Error::user("nix/closure", what, todo).detail(words.iter().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    const A: &str = "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-a";
    const B: &str = "/nix/store/10hzsvz0ij0i41idxb46lzzczr4fmzsn-b";
    const INFO: &str = "nix --extra-experimental-features 'nix-command flakes' path-info";

    fn path(text: &str) -> StorePath {
        StorePath::parse(text).unwrap()
    }

    fn shown(closure: &Closure) -> Vec<(String, u64, usize)> {
        let ids = closure.ids();
        let one = |id| {
            (
                closure.path(id).name().to_owned(),
                closure.bytes(id),
                closure.references(id).len(),
            )
        };
        ids.map(one).collect()
    }

    #[test]
    fn both_ways_say_the_same() {
        let json = format!(
            r#"{{"{A}":{{"narHash":"sha256-x","narSize":7,"references":["{A}","{B}"]}},"{B}":{{"narHash":"sha256-y","narSize":5,"references":[]}}}}"#
        );
        let by_info = Recorded::new().answer(INFO, 0, &json, "warning: soon an error");
        let dumped = format!("{A}\nabc\n7\n\n2\n{A}\n{B}\n{B}\nabc\n5\n\n0\n");
        let by_store = Recorded::new()
            .answer(
                INFO,
                1,
                "",
                "error: experimental Nix feature 'nix-command' is disabled",
            )
            .answer("nix-store --query", 0, &format!("{B}\n{A}\n"), "")
            .answer("nix-store --dump-db", 0, &dumped, "");
        let first = shown(&closure(&by_info, &[path(A)]).unwrap());
        assert_eq!(first, shown(&closure(&by_store, &[path(A)]).unwrap()));
        assert_eq!(first.len(), 2);
    }

    #[test]
    fn no_command_line_is_too_long() {
        let paths: Vec<_> = (0..5_000)
            .map(|at| path(&format!("/nix/store/{at:032}-{}", "x".repeat(211))))
            .collect();
        let lines: String = paths.iter().map(|it| it.to_string() + "\n").collect();
        let runner = Recorded::new().answer(INFO, 1, "", "error: no").answer(
            "nix-store --query",
            0,
            &lines,
            "",
        );
        closure(&runner, &paths).unwrap_err();
        let longest = runner.all().iter().map(String::len).max().unwrap();
        assert!(longest < 110_000, "{longest}");
        assert_eq!(runner.all().len(), 1 + 2 * 5_000_usize.div_ceil(BATCH));
    }

    #[test]
    fn what_is_not_said_or_goes_in_circles_is_an_error() {
        let refused =
            Recorded::new().answer("nix", 1, "", "error: path '/nix/store/x' is not valid");
        insta::assert_snapshot!("not_said", closure(&refused, &[path(A)]).unwrap_err());
        let json = format!(
            r#"{{"{A}":{{"narHash":"sha256-x","narSize":7,"references":["{B}"]}},"{B}":{{"narHash":"sha256-y","narSize":5,"references":["{A}"]}}}}"#
        );
        let circle = Recorded::new().answer(INFO, 0, &json, "");
        insta::assert_snapshot!("circle", closure(&circle, &[path(A)]).unwrap_err());
        let silent = Recorded::new().answer(INFO, 0, "{}", "");
        assert_eq!(
            closure(&silent, &[path(A)]).unwrap_err().id(),
            "nix/closure"
        );
    }
}
