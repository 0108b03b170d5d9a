//! Evaluates without building.
//!
//! Flakes are evaluated as `path:.` in the project's folder. `path:` because a deploy takes the files
//! as they lie there, tracked by git or not, and without `.git`; `.` because Nix 2.8 takes a
//! percent-encoded path by its letters, while later versions decode it: no spelling of a folder such as
//! `my app` suits both. The price is a copy of the folder into the store for each change of a file.
//!
//! Never `nix flake show`: it evaluates every system, stops at the first wrong attribute, and its JSON
//! has two shapes by now.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::names::AttrPath;
use crate::shell::{Cmd, Runner, Tool};

use super::answer::{self, Answer, ClassicFacts, Facts};
use super::version::Version;

const FACTS: &str = include_str!("facts.nix");
const CLASSIC: &str = include_str!("classic.nix");

/// A dyno's system; `currentSystem` is set to it, so that a Mac evaluates what a dyno runs.
const SYSTEM: &str = "x86_64-linux";

/// Flags of the new command line that `nix-instantiate` doesn't know, with the words each takes.
const FLAKE_FLAGS: &[(&str, usize)] = &[
    ("--override-input", 2),
    ("--override-flake", 2),
    ("--inputs-from", 1),
    ("--update-input", 1),
    ("--reference-lock-file", 1),
    ("--output-lock-file", 1),
    ("--accept-flake-config", 0),
    ("--commit-lock-file", 0),
    ("--impure", 0),
    ("--no-registries", 0),
    ("--no-update-lock-file", 0),
    ("--no-use-registries", 0),
    ("--no-write-lock-file", 0),
    ("--offline", 0),
    ("--recreate-lock-file", 0),
    ("--refresh", 0),
];

/// The `nix` program, for one project.
pub struct Nix<'a> {
    runner: &'a dyn Runner,
    dir: &'a Path,
    args: &'a [String],
}

impl<'a> Nix<'a> {
    /// Nix in `dir`, with the user's own words on every call.
    pub fn new(runner: &'a dyn Runner, dir: &'a Path, args: &'a [String]) -> Self {
        Nix { runner, dir, args }
    }

    /// Which Nix it is; `None` when there is none that can be started.
    ///
    /// Errors: Ctrl-C.
    pub fn version(&self) -> Result<Option<Version>> {
        match self.runner.capture(&Cmd::reads(Tool::Nix).arg("--version")) {
            Ok(captured) => Ok(Version::parse(&captured.stdout)),
            Err(error) if error.kind() == Kind::Interrupted => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Facts on every attribute of the set at `path` in the flake, one level deep.
    pub fn packages(&self, path: &AttrPath) -> Result<Answer<BTreeMap<String, Facts>>> {
        let apply = format!("builtins.mapAttrs (_: {FACTS})");
        self.flake(path, &apply, answer::facts_by_name)
    }

    /// The names in the set at `path` in the flake: answered even when a value among them is wrong.
    pub fn names(&self, path: &AttrPath) -> Result<Answer<Vec<String>>> {
        self.flake(path, "builtins.attrNames", |value| {
            let names = value.as_array()?.iter();
            names.map(|name| name.as_str().map(str::to_owned)).collect()
        })
    }

    /// Facts on the value at `path` in the flake.
    pub fn package(&self, path: &AttrPath) -> Result<Answer<Facts>> {
        self.flake(path, FACTS, answer::facts)
    }

    /// What the default.nix gives, or the attribute `path` of it.
    pub fn classic(&self, path: &AttrPath) -> Result<Answer<ClassicFacts>> {
        let names: Vec<_> = path.names().iter().map(|name| string(name)).collect();
        let expression = format!(
            "({CLASSIC}) {{ facts = {FACTS}; file = ./default.nix; path = [ {} ]; }}",
            names.join(" ")
        );
        let cmd = Cmd::reads(Tool::NixInstantiate)
            .args(["--eval", "--strict", "--json"])
            .args(["--option", "allow-import-from-derivation", "false"])
            .args(["--option", "system", SYSTEM])
            .args(classic_args(self.args))
            .args(["-E", &expression])
            .dir(self.dir);
        self.ask(&cmd, answer::classic)
    }

    fn flake<T>(
        &self,
        path: &AttrPath,
        apply: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Answer<T>> {
        let mut cmd = Cmd::reads(Tool::Nix)
            .args(["--extra-experimental-features", "nix-command flakes"])
            .args(["eval", "--json", "--no-write-lock-file"])
            .args(["--option", "allow-import-from-derivation", "false"]);
        // A lock that doesn't fit the flake stops the real build: say so now, instead of a silent fetch.
        let overridden = self.args.iter().any(|word| word.starts_with("--override"));
        if !overridden && self.dir.join("flake.lock").exists() {
            cmd = cmd.arg("--no-update-lock-file");
        }
        let cmd = cmd
            .args(self.args)
            .arg(format!("path:.#{path}"))
            .args(["--apply", apply])
            .dir(self.dir);
        self.ask(&cmd, read)
    }

    /// A deadline or a program that can't start is an answer too: reading has to do.
    fn ask<T>(&self, cmd: &Cmd, read: impl FnOnce(&Value) -> Option<T>) -> Result<Answer<T>> {
        match self.runner.capture(cmd) {
            Ok(captured) => Ok(answer::answer(&captured, read)),
            Err(error) if error.kind() == Kind::Interrupted => Err(error),
            Err(error) => Ok(Answer::Unable(vec![short(&error)])),
        }
    }
}

/// The error in a line; the command itself holds whole expressions.
fn short(error: &Error) -> String {
    match error.id() {
        "shell/deadline" => "Nix took too long, and was stopped".to_owned(),
        _ => error.what().to_owned(),
    }
}

/// A text as Nix writes it.
fn string(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('$', "\\$");
    format!("\"{text}\"")
}

/// The user's words without flags that only flakes have.
fn classic_args(args: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match FLAKE_FLAGS.iter().find(|(flag, _)| flag == word) {
            Some((_, operands)) => {
                for _ in 0..*operands {
                    words.next();
                }
            }
            None => kept.push(word.clone()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    #[test]
    fn flags_of_flakes_stay_away_from_nix_instantiate() {
        let args = [
            "--override-input",
            "nixpkgs",
            "path:/x",
            "-I",
            "nixpkgs=/y",
            "--refresh",
        ];
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        assert_eq!(classic_args(&args), ["-I", "nixpkgs=/y"]);
    }

    #[test]
    fn names_are_quoted_for_nix() {
        assert_eq!(string(r#"a"${b}\"#), r#""a\"\${b}\\""#);
    }

    #[test]
    fn refusals_are_told_apart() {
        let ask = |stderr: &str| {
            let runner = Recorded::new().answer("nix ", 1, "{\"half\":", stderr);
            let nix = Nix::new(&runner, Path::new("."), &[]);
            nix.package(&AttrPath::new(["packages"])).unwrap()
        };
        assert_eq!(
            ask("error: flake 'path:.' does not provide attribute 'x'"),
            Answer::Absent
        );
        let offline = "warning: retrying\nerror: unable to download 'https://x': Couldn't resolve host name (6)";
        assert!(matches!(ask(offline), Answer::Unable(_)));
        let wrong = "error:\n       … while evaluating\n\n       error: undefined variable 'pkg'\n\n       at flake.nix:3:4:\n(use '--show-trace')";
        let Answer::Refused(words) = ask(wrong) else {
            panic!("refused")
        };
        assert_eq!(
            words,
            [
                "       error: undefined variable 'pkg'",
                "       at flake.nix:3:4:"
            ]
        );
    }
}
