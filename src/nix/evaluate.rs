//! Evaluates without building.
//!
//! Flakes are evaluated as `path:.` in the project's folder. `path:` because a deploy takes the files
//! as they lie there, tracked by git or not, and without `.git`; `.` because Nix 2.8 takes a
//! percent-encoded path by its letters, while later versions decode it: no spelling of a folder such as
//! `my app` suits both. The price is a copy of the folder into the store for each change of a file.
//!
//! Never `nix flake show`: it evaluates every system, stops at the first wrong attribute, and its JSON
//! has two shapes by now.
//!
//! A child gets so much memory and time and no more: a project may ask for any amount. The memory is bounded by
//! Nix's own garbage collector, which ends it with an error of Nix. A limit of the system does too, but needs a
//! program in between that not every machine has, and counts address space.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::names::{AttrPath, ImageRef, NixFile};
use crate::shell::{Captured, Cmd, Runner, Tool};

use super::answer::{self, Answer};
use super::container::Container;
use super::facts::{self, ClassicFacts, Facts};
use super::version::Version;
use super::words::{arguments, classic_args, flake_args, string};

const FACTS: &str = include_str!("facts.nix");
const CLASSIC: &str = include_str!("classic.nix");

/// The only system that a dyno runs; `currentSystem` is set to it, so that a Mac evaluates what a dyno runs.
pub const SYSTEM: &str = "x86_64-linux";

/// How long one question may take; with building, which may download much, longer.
const DEADLINE: Duration = Duration::from_secs(60);
const BUILD_DEADLINE: Duration = Duration::from_secs(20 * 60);

/// How much memory values may take: 2 GiB, several times what a package of nixpkgs needs.
const LIMITS: &[(&str, &str)] = &[("GC_MAXIMUM_HEAP_SIZE", "2147483648")];

/// Which Nix is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Where {
    /// The one on `PATH`.
    #[default]
    Here,
    /// The one of an image, in a container that lives as long as its [`Nix`]. Paths of this machine among
    /// the user's words mean nothing to it.
    Docker(ImageRef),
}

/// The `nix` program, for one project.
pub struct Nix<'a> {
    runner: &'a dyn Runner,
    dir: &'a Path,
    args: &'a [String],
    place: Where,
    import_from_derivation: bool,
    /// Started at the first question; or why it could not be.
    container: OnceCell<Result<Container<'a>, Vec<String>>>,
}

impl<'a> Nix<'a> {
    /// Nix in `dir`, with the user's own words on every call: the one on `PATH`, which builds nothing.
    pub fn new(runner: &'a dyn Runner, dir: &'a Path, args: &'a [String]) -> Self {
        Nix {
            runner,
            dir,
            args,
            place: Where::Here,
            import_from_derivation: false,
            container: OnceCell::new(),
        }
    }

    /// Chooses which Nix is asked.
    #[must_use]
    pub fn at(mut self, place: Where) -> Self {
        self.place = place;
        self
    }

    /// Whether an expression may import what must be built first. That runs the project's builders, and may
    /// take long; without it such an expression is [`Answer::NeedsBuild`].
    #[must_use]
    pub fn import_from_derivation(mut self, allowed: bool) -> Self {
        self.import_from_derivation = allowed;
        self
    }

    /// Which Nix it is; the words of the one who could not start it when there is none.
    ///
    /// Errors: Ctrl-C.
    pub fn version(&self) -> Result<Result<Version, Vec<String>>> {
        match self.capture(&Cmd::reads(Tool::Nix).arg("--version")) {
            Ok(Ok(captured)) => {
                let version = Version::parse(&captured.stdout);
                Ok(version.ok_or_else(|| captured.tail(4)))
            }
            Ok(Err(words)) => Ok(Err(words)),
            Err(error) if error.kind() == Kind::Interrupted => Err(error),
            Err(error) => Ok(Err(vec![error.what().to_owned()])),
        }
    }

    /// Facts on every attribute of the set at `path` in the flake, one level deep.
    pub fn packages(&self, path: &AttrPath) -> Result<Answer<BTreeMap<String, Facts>>> {
        let apply = format!("builtins.mapAttrs (_: {FACTS})");
        self.flake(path, &apply, facts::facts_by_name)
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
        self.flake(path, FACTS, facts::facts)
    }

    /// What `file` gives, or the attribute `path` of it. A function is called with the arguments among the user's
    /// words, as `nix-build` calls it.
    pub fn classic(&self, file: &NixFile, path: &AttrPath) -> Result<Answer<ClassicFacts>> {
        let names: Vec<_> = path.names().iter().map(|name| string(name)).collect();
        // Nix itself reads the arguments, and gives all of them to a function that takes any.
        let (head, args) = if arguments(self.args).is_empty() {
            ("", "")
        } else {
            ("{ ... }@args: ", " inherit args;")
        };
        let expression = format!(
            "{head}({CLASSIC}) {{ facts = {FACTS}; file = ./{file}; path = [ {} ];{args} }}",
            names.join(" ")
        );
        // Only a derivation that is written can be built.
        let mode = self.import_from_derivation.then_some("--read-write-mode");
        let cmd = Cmd::reads(Tool::NixInstantiate)
            .args(["--eval", "--strict", "--json"])
            .args(mode)
            .args(self.importing())
            .args(["--option", "system", SYSTEM])
            .args(classic_args(self.args))
            .args(["-E", &expression])
            .dir(self.dir);
        self.ask(&cmd, facts::classic)
    }

    fn flake<T>(
        &self,
        path: &AttrPath,
        apply: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Answer<T>> {
        let cmd = Cmd::reads(Tool::Nix)
            .args(["--extra-experimental-features", "nix-command flakes"])
            .args(["eval", "--json"])
            .args(self.importing());
        // A lock that doesn't fit the flake stops the real build: say so now, instead of a silent fetch.
        // The other flag would take this one's meaning away.
        let overridden = self.args.iter().any(|word| word.starts_with("--override"));
        let locked = !overridden && self.dir.join("flake.lock").exists();
        let cmd = cmd.arg(if locked {
            "--no-update-lock-file"
        } else {
            "--no-write-lock-file"
        });
        let cmd = cmd
            .args(flake_args(self.args))
            .arg(format!("path:.#{path}"))
            .args(["--apply", apply])
            .dir(self.dir);
        self.ask(&cmd, read)
    }

    fn importing(&self) -> [&'static str; 3] {
        let allowed = if self.import_from_derivation {
            "true"
        } else {
            "false"
        };
        ["--option", "allow-import-from-derivation", allowed]
    }

    /// A deadline or a program that can't start is an answer too: reading has to do.
    fn ask<T>(&self, cmd: &Cmd, read: impl FnOnce(&Value) -> Option<T>) -> Result<Answer<T>> {
        match self.capture(cmd) {
            Ok(Ok(captured)) => Ok(answer::answer(&captured, read)),
            Ok(Err(words)) => Ok(Answer::Unable(words)),
            Err(error) if error.kind() == Kind::Interrupted => Err(error),
            Err(error) => Ok(Answer::Unable(vec![short(&error)])),
        }
    }

    /// Runs `cmd` within its limits, here or in a container; the words of Docker when there is none.
    fn capture(&self, cmd: &Cmd) -> Result<Result<Captured, Vec<String>>> {
        let deadline = if self.import_from_derivation {
            BUILD_DEADLINE
        } else {
            DEADLINE
        };
        let Where::Docker(image) = &self.place else {
            let cmd = cmd.clone().deadline(deadline);
            let cmd = LIMITS
                .iter()
                .fold(cmd, |cmd, (name, value)| cmd.limit(name, value));
            return self.runner.capture(&cmd).map(Ok);
        };
        if self.container.get().is_none() {
            let started = Container::start(self.runner, image, self.dir)?;
            // Empty a moment ago, and nobody else has it.
            let _ = self.container.set(started);
        }
        match self.container.get() {
            Some(Ok(container)) => {
                let cmd = container.inside(cmd, LIMITS, deadline);
                self.runner.capture(&cmd).map(Ok)
            }
            Some(Err(words)) => Ok(Err(words.clone())),
            None => Ok(Err(Vec::new())),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Recorded;

    /// The commands of a few questions, as shown.
    fn commands(nix: &Nix, runner: &Recorded) -> String {
        nix.package(&AttrPath::new(["packages", SYSTEM, "a"]))
            .unwrap();
        nix.packages(&AttrPath::new(["packages", SYSTEM])).unwrap();
        nix.classic(&NixFile::default(), &AttrPath::new(["a", "b"]))
            .unwrap();
        // Without the expressions, which are files of their own.
        let short = |text: &str| {
            let cut = text.split_once("'#").map_or(text, |it| it.0);
            let cut = cut.split_once("'builtins.").map_or(cut, |it| it.0);
            cut.split_once("'(#").map_or(cut, |it| it.0).to_owned()
        };
        let all: Vec<_> = runner.all().iter().map(|text| short(text)).collect();
        all.join("\n")
    }

    #[test]
    fn arguments_are_read_by_nix_itself_and_no_flake_gets_them() {
        let args = ["--argstr", "name", "a'$x", "--option", "a", "b"].map(str::to_owned);
        let runner = Recorded::new();
        let nix = Nix::new(&runner, Path::new("."), &args);
        nix.package(&AttrPath::new(["a"])).unwrap();
        nix.classic(&NixFile::default(), &AttrPath::default())
            .unwrap();
        let [flake, classic] = <[String; 2]>::try_from(runner.all()).unwrap();
        assert!(flake.contains("--option a b") && !flake.contains("--argstr"));
        let words = r#"--argstr name "a'"'$x' --option a b -E '{ ... }@args: (#"#;
        assert!(classic.contains(words), "{classic}");
        assert!(
            classic.ends_with("path = [  ]; inherit args; }'"),
            "{classic}"
        );
    }

    #[test]
    fn building_is_allowed_only_when_asked() {
        let runner = Recorded::new();
        let nix = Nix::new(&runner, Path::new("."), &[]);
        let without = commands(&nix, &runner);
        assert_eq!(without.matches("derivation false").count(), 3, "{without}");
        let runner = Recorded::new();
        let nix = Nix::new(&runner, Path::new("."), &[]).import_from_derivation(true);
        let with = commands(&nix, &runner);
        let with = with.replace(" --read-write-mode", "");
        assert_eq!(with, without.replace("derivation false", "derivation true"));
    }

    #[test]
    fn one_container_serves_all_questions_and_is_removed() {
        let runner = Recorded::new().answer("docker image inspect", 1, "", "no such image");
        let image: ImageRef = "nixos/nix:2.31.2".parse().unwrap();
        let nix = Nix::new(&runner, Path::new("/tmp/staged"), &[]).at(Where::Docker(image));
        commands(&nix, &runner);
        drop(nix);
        let shown = runner.all().join("\n");
        let name = shown
            .split_whitespace()
            .find(|it| it.starts_with("nixdyno-ev"));
        let shown = shown.replace(name.unwrap(), "NAME");
        let starts: Vec<_> = shown
            .lines()
            .filter(|line| line.starts_with("docker"))
            .map(|line| line.chars().take(150).collect::<String>())
            .collect();
        insta::assert_snapshot!(starts.join("\n"));
    }

    #[test]
    fn a_container_that_cannot_be_is_no_refusal() {
        let runner = Recorded::new()
            .answer("docker image inspect", 1, "", "")
            .answer(
                "docker pull",
                1,
                "",
                "Error response from daemon: not found",
            );
        let image: ImageRef = "nixos/nix:2.31.2".parse().unwrap();
        let nix = Nix::new(&runner, Path::new("."), &[]).at(Where::Docker(image));
        let Answer::Unable(words) = nix.names(&AttrPath::default()).unwrap() else {
            panic!("unable")
        };
        assert_eq!(words, ["Error response from daemon: not found"]);
        assert_eq!(nix.version().unwrap().unwrap_err(), words);
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
