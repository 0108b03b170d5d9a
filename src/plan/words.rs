//! Words for Nix's command line: which may be asked for, and which of them fit a flake or another file.
//!
//! Takes words that somebody wrote; gives a [`NixPart`], or says why not. A build calls Nix several times, to fetch,
//! to build and to plan, and every word goes to every call. So a word that one of them would not know, or that would
//! change what is built, where it is put or what is printed, is refused here, and not by a build after minutes.
//! Never a shell: nothing is expanded.

mod flags;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::inspect::{ClassicShape, Entry, Origin, Project, Source, Warning};
use crate::names::{has_login, is_secret, without_login};
use crate::shell::quote;

use super::{Choice, Wishes};
use flags::{FLAGS, Fits, Flag, SECRET, SETTINGS};

/// A word for Nix's command line that may enter a Dockerfile: no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NixArg(String);

impl NixArg {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Longer than any word for Nix; a Dockerfile's line ends at 64 KiB.
const MOST_BYTES: usize = 4096;

impl TryFrom<String> for NixArg {
    type Error = Error;

    fn try_from(word: String) -> Result<Self> {
        if word.chars().any(char::is_control) {
            let todo = "leave out line breaks and other control characters";
            let why = "every word stands on one line of the Dockerfile";
            return Err(refuse(&word, "can't be passed to Nix", todo).because(why));
        }
        if word.len() > MOST_BYTES {
            let short: String = without_login(&word).chars().take(40).collect();
            let todo = format!("keep a word below {MOST_BYTES} bytes");
            return Err(refuse(&format!("{short}…"), "is too long for Nix", &todo));
        }
        Ok(NixArg(word))
    }
}

impl From<NixArg> for String {
    fn from(arg: NixArg) -> String {
        arg.0
    }
}

/// Words for Nix that one wish gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NixPart {
    /// Such as `nix-args` or `option cores`.
    pub key: String,
    /// The words, in the order given.
    pub words: Vec<NixArg>,
    /// A flag, a variable, or a key of nixdyno.toml.
    pub source: Source,
}

impl NixPart {
    /// Checks the words: each flag has its operands, and none would spoil a build.
    ///
    /// Errors: `plan/nix-arg`.
    pub fn new(key: &str, words: Vec<String>, source: Source) -> Result<Self> {
        let words: Vec<NixArg> = words
            .into_iter()
            .map(NixArg::try_from)
            .collect::<Result<_>>()?;
        let mut free = false;
        for found in groups(&words) {
            let (first, operands, flag) = found?;
            if let Some(flag) = flag {
                free = false;
                if let Fits::Never(why) = flag.fits {
                    return Err(never(flag.name, why));
                }
                let [name, value] = [0, 1].map(|at| operands.get(at).map_or("", NixArg::as_str));
                match flag.name {
                    "--option" => check_setting(name, flag.name)?,
                    "--arg" | "--argstr" => check_argument(name, value)?,
                    _ => {}
                }
            } else if is_flag(first) {
                // What follows a flag that isn't known may be its operands.
                free = true;
                let name = first.split('=').next().unwrap_or_default();
                check_setting(name.strip_prefix("--").unwrap_or_default(), name)?;
            } else if !free {
                let todo = "say what is built by `--attr` and `--file`";
                return Err(refuse(
                    first,
                    "is no flag of Nix, and would be one more thing to build",
                    todo,
                ));
            }
        }
        for word in &words {
            check_url(word.as_str())?;
        }
        Ok(NixPart {
            key: key.to_owned(),
            words,
            source,
        })
    }
}

/// A first word, the operands that are known to be its own, and the flag that it is.
type Group<'a> = (&'a str, &'a [NixArg], Option<&'static Flag>);

/// Parts words into flags with their operands; a known flag without them is an error.
fn groups(words: &[NixArg]) -> impl Iterator<Item = Result<Group<'_>>> {
    let mut rest = words;
    std::iter::from_fn(move || {
        let (first, after) = rest.split_first()?;
        let first = first.as_str();
        // Nix has no `--flag=value`, so what stands before the `=` tells what was meant.
        let name = first.split('=').next().unwrap_or_default();
        let known = FLAGS
            .iter()
            .find(|it| it.name == name)
            .filter(|_| is_flag(first));
        // One that no build may have is refused for that, with its operands or without.
        if let Some(flag) =
            known.filter(|it| it.name != first && !matches!(it.fits, Fits::Never(_)))
        {
            rest = &[];
            let what = "takes no value behind a `=`";
            return Some(Err(refuse(
                flag.name,
                what,
                "write the value as a word of its own",
            )));
        }
        let operands = known.map_or(0, |it| match it.fits {
            Fits::Never(_) => it.operands.min(after.len()),
            _ => it.operands,
        });
        let Some((own, after)) = after.split_at_checked(operands) else {
            rest = &[];
            let (what, todo) = if operands == 1 {
                ("needs a word after it", "write that as a word of its own")
            } else {
                (
                    "needs two words after it",
                    "write each as a word of its own",
                )
            };
            return Some(Err(refuse(first, what, todo)));
        };
        rest = after;
        Some(Ok((first, own, known)))
    })
}

fn is_flag(word: &str) -> bool {
    word.starts_with('-')
}

/// Without a login: a word may be refused for something else before it is looked at for one.
fn refuse(word: &str, what: &str, todo: &str) -> Error {
    Error::user(
        "plan/nix-arg",
        format!("`{}` {what}", without_login(word).escape_debug()),
        todo,
    )
}

fn never(word: &str, why: &str) -> Error {
    refuse(word, "is no flag for a build", "leave it out").because(why)
}

/// Nix reads `extra-NAME` as more of NAME.
fn check_setting(name: &str, word: &str) -> Result<()> {
    let name = name.split('=').next().unwrap_or_default().trim();
    let name = name.strip_prefix("extra-").unwrap_or(name);
    match SETTINGS.iter().find(|(setting, _)| *setting == name) {
        Some((_, why)) if *why == SECRET => Err(never(word, why).or(
            "fetch private inputs where the secret is: an archive of theirs can lie in the project",
        )),
        Some((setting, why)) => {
            let what = format!("can't set `{setting}`");
            Err(refuse(word, &what, "leave it out").because(*why))
        }
        None => Ok(()),
    }
}

/// Arguments of the function in a default.nix stand in the Dockerfile, and in the store. Those that say nothing tell
/// nothing.
fn check_argument(name: &str, value: &str) -> Result<()> {
    if !is_secret(&name.replace('-', "_")) || ["", "null", "true", "false"].contains(&value) {
        return Ok(());
    }
    let todo = "let the running app read it: `heroku config:set NAME=…`";
    Err(
        refuse(name, "looks like a secret, and arguments are none", todo)
            .because(SECRET)
            .or("choose another name, if it is no secret"),
    )
}

/// A URL with a password or a token in it would show that to all who see the Dockerfile.
fn check_url(word: &str) -> Result<()> {
    if !has_login(word) {
        return Ok(());
    }
    let todo = "leave out what stands before the `@`, and tokens behind the `?`";
    Err(refuse(word, "has a secret in it", todo).because(SECRET))
}

/// The words that evaluation takes too: all but those that only speak of the build's own output.
pub fn words_to_evaluate(words: &[NixArg]) -> Vec<String> {
    let output = [
        "-k",
        "-K",
        "-Q",
        "--no-build-output",
        "-L",
        "--print-build-logs",
    ];
    let kept = groups(words)
        .filter_map(Result::ok)
        .filter(|(first, ..)| !output.contains(first));
    kept.flat_map(|(first, operands, _)| {
        std::iter::once(first).chain(operands.iter().map(NixArg::as_str))
    })
    .map(str::to_owned)
    .collect()
}

/// Refuses words that the file at hand can't be built with.
///
/// Errors: `plan/flake-arguments`, `plan/call-arguments`, `plan/nix-arg-elsewhere`.
pub(super) fn check_fit(parts: &[NixPart], from: Origin, call_package: bool) -> Result<()> {
    for part in parts {
        for (first, operands, flag) in groups(&part.words).filter_map(Result::ok) {
            let operand = operands.first().map_or("", NixArg::as_str);
            let is_argument = ["--arg", "--argstr"].contains(&first);
            let error = match (flag.map(|it| it.fits), from) {
                (Some(Fits::Classic), Origin::Flake) if is_argument => flake_arguments(operand),
                (Some(Fits::Classic), Origin::Flake) => elsewhere(first, "nix build", "flakes are"),
                (Some(Fits::Flakes), Origin::Classic) => {
                    elsewhere(first, "nix-build", "this project is")
                }
                _ if is_argument && call_package => call_arguments(operand),
                _ => continue,
            };
            return Err(error.at(&part.source));
        }
    }
    Ok(())
}

fn flake_arguments(name: &str) -> Error {
    Error::user(
        "plan/flake-arguments",
        format!("a flake takes no arguments, and so not `{name}` either"),
        "give the flake another input: `--override-input NAME URL`",
    )
    .because("`--arg` and `--argstr` are for the function in a default.nix")
    .or("or let it read a variable by `builtins.getEnv`: `--impure --build-arg NAME=VALUE`")
}

fn call_arguments(name: &str) -> Error {
    Error::user(
        "plan/call-arguments",
        format!("the argument `{name}` doesn't reach a function that nixpkgs' `callPackage` calls"),
        "call it in a file of its own, and name that by `--file`: `{ pkgs ? import <nixpkgs> { }, NAME }: pkgs.callPackage ./default.nix { inherit NAME; }`",
    )
}

fn elsewhere(word: &str, command: &str, what: &str) -> Error {
    Error::user(
        "plan/nix-arg-elsewhere",
        format!(
            "`{}` is no flag of `{command}`, by which {what} built",
            word.escape_debug()
        ),
        "leave it out",
    )
}

/// What was asked of Nix and of Docker, as a plan shows it.
pub(super) fn asked_words(wishes: &Wishes) -> Vec<Choice> {
    let words = wishes.nix.iter().map(|part| {
        let shown: Vec<String> = part.words.iter().map(|it| quote(it.as_str())).collect();
        (part.key.clone(), shown.join(" "), &part.source)
    });
    let args = wishes.build_args.iter().map(|(name, wish)| {
        let shown = quote(wish.value.as_str());
        (format!("build-arg {name}"), shown, &wish.source)
    });
    let choice = |(key, value, source): (String, String, &Source)| Choice {
        key,
        value,
        source: source.clone(),
        reason: "asked for".to_owned(),
    };
    words.chain(args).map(choice).collect()
}

/// That a flake can't read the arguments of the Docker build.
pub(super) fn unread_args(wishes: &Wishes, from: Origin) -> Option<Warning> {
    let impure = wishes.nix_args().iter().any(|it| it.as_str() == "--impure");
    let name = wishes.build_args.keys().next()?;
    let unread = from == Origin::Flake && !impure && wishes.dockerfile.is_none();
    unread.then(|| {
        let what = format!("a flake can't read the build argument {name}: to Nix it is impure");
        let todo = format!("let it read variables by `builtins.getEnv \"{name}\"`: `--impure`");
        Warning::new("plan/build-arg-unread", what, todo)
    })
}

/// Whether a function with arguments that have no default needs `callPackage`: not where all of them are given.
pub(super) fn is_for_call_package(project: &Project, parts: &[NixPart]) -> bool {
    let words = parts
        .iter()
        .flat_map(|part| groups(&part.words).filter_map(Result::ok));
    let given: Vec<&str> = words
        .filter(|(first, ..)| ["--arg", "--argstr"].contains(first))
        .filter_map(|(_, operands, _)| operands.first().map(NixArg::as_str))
        .collect();
    project.entry.iter().any(|entry| match entry {
        Entry::Classic {
            shape: ClassicShape::CallPackage { required },
            ..
        } => !required.iter().all(|name| given.contains(&name.as_str())),
        _ => false,
    })
}
