//! Words for Nix and arguments of the Docker build: from flags, from variables and from nixdyno.toml.
//!
//! What has a name is merged by its name, so that a flag changes one of those in the file. Other words are taken from one
//! place. A variable is parted into words as a shell does it, by quotes and backslashes; nothing in it is expanded.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::inspect::Source;
use crate::names::{BuildArgName, BuildArgValue, without_login};
use crate::plan::{NixPart, Wish};

use super::config::Scalar;
use super::{Config, Environment, Layers, said};

/// Ours, and the one that an older buildpack for Nix reads.
const VARIABLE: &str = "NIXDYNO_NIX_ARGS";
const OLD_VARIABLE: &str = "NIX_BUILD_FLAGS";

impl Layers<'_> {
    /// Every word for Nix.
    ///
    /// Errors: `settings/nix-args`, `plan/nix-arg`, `settings/name`.
    pub(super) fn nix(&self) -> Result<Vec<NixPart>> {
        let mut parts = Vec::new();
        if let Some((words, source)) = self.nix_args()? {
            let part = NixPart::new("nix-args", words, source.clone());
            parts.push(part.map_err(|error| said(error, &source))?);
        }
        let (common, config) = (self.common, self.config);
        if common.impure || config.impure {
            let source = place(config, common.impure, "impure", "impure");
            parts.push(NixPart::new("impure", vec!["--impure".to_owned()], source)?);
        }
        let inputs = config.override_inputs.iter();
        let inputs = inputs.map(|(name, url)| {
            (
                name,
                vec!["--override-input".to_owned(), name.clone(), url.clone()],
            )
        });
        parts.extend(merged(
            config,
            "override-input",
            "override-inputs",
            inputs,
            &[("--override-input", &common.override_input)],
        )?);
        let options = config.options.iter();
        let options = options.map(|(name, value)| {
            (
                name,
                vec!["--option".to_owned(), name.clone(), value.to_string()],
            )
        });
        parts.extend(merged(
            config,
            "option",
            "options",
            options,
            &[("--option", &common.option)],
        )?);
        let args = config.args.iter().map(|(name, value)| {
            // A text in the file is a text to Nix; an expression is for the command line.
            let flag = match value {
                Scalar::Text(_) => "--argstr",
                Scalar::Flag(_) | Scalar::Number(_) => "--arg",
            };
            (name, vec![flag.to_owned(), name.clone(), value.to_string()])
        });
        let flags = [("--arg", &common.arg), ("--argstr", &common.argstr)];
        parts.extend(merged(config, "arg", "args", args, &flags)?);
        Ok(parts)
    }

    /// Words without names, from the first place that has some.
    fn nix_args(&self) -> Result<Option<(Vec<String>, Source)>> {
        let flags = &self.common.nix_args;
        if !flags.is_empty() {
            return Ok(Some((
                flags.clone(),
                place(self.config, true, "nix-arg", ""),
            )));
        }
        for name in [VARIABLE, OLD_VARIABLE] {
            if let Some(text) = self.env.get(name) {
                let name = name.to_owned();
                let source = Source::Environment { name };
                let words = shlex::split(&text).ok_or_else(|| unclosed(&text).at(&source))?;
                return Ok(Some((words, source)));
            }
        }
        let words = &self.config.nix_args;
        Ok((!words.is_empty()).then(|| (words.clone(), place(self.config, false, "", "nix-args"))))
    }

    /// Every argument of the Docker build.
    ///
    /// Errors: `settings/build-arg`, `names/build-arg`, `names/build-arg-taken`, `names/build-arg-secret`,
    /// `names/build-arg-value`.
    pub(super) fn build_args(&self) -> Result<BTreeMap<BuildArgName, Wish<BuildArgValue>>> {
        let mut found = BTreeMap::new();
        let file = self.config.build_args.iter();
        let file = file.map(|(name, value)| Ok((name.clone(), value.to_string(), false)));
        let flags = self
            .common
            .build_args
            .iter()
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) => Ok((name.to_owned(), value.to_owned(), true)),
                None => Err(no_value(pair)),
            });
        for pair in file.chain(flags) {
            let (name, value, typed) = pair?;
            let source = place(self.config, typed, "build-arg", "build-args");
            let name: BuildArgName = name.parse().map_err(|error| said(error, &source))?;
            let value = value.parse().map_err(|error| said(error, &source))?;
            found.insert(name, Wish { value, source });
        }
        Ok(found)
    }
}

/// That the words come from a variable that was set for something else.
pub(super) fn note(env: &Environment, parts: &[NixPart]) -> Option<String> {
    let old = |part: &&NixPart| matches!(&part.source, Source::Environment { name } if name == OLD_VARIABLE);
    parts.iter().find(old)?;
    env.get(OLD_VARIABLE)?;
    Some(format!(
        "Nix gets the words in {OLD_VARIABLE}\nto give it others: {VARIABLE}, or --nix-arg"
    ))
}

/// Words with names: those of the file, and over them those of flags, each with a name and a value.
fn merged<'a>(
    config: &Config,
    key: &str,
    file_key: &str,
    file: impl Iterator<Item = (&'a String, Vec<String>)>,
    flags: &[(&str, &Vec<String>)],
) -> Result<Vec<NixPart>> {
    let mut found: BTreeMap<String, (Vec<String>, Source)> = file
        .map(|(name, words)| (name.clone(), (words, place(config, false, "", file_key))))
        .collect();
    for (flag, words) in flags {
        for pair in words.chunks_exact(2) {
            if let [name, value] = pair {
                let words = vec![(*flag).to_owned(), name.clone(), value.clone()];
                let name_of_flag = flag.trim_start_matches('-');
                found.insert(name.clone(), (words, place(config, true, name_of_flag, "")));
            }
        }
    }
    let parts = found.into_iter().map(|(name, (words, source))| {
        if name.is_empty() || name.starts_with('-') || name.contains(char::is_whitespace) {
            return Err(said(no_name(&name, key), &source));
        }
        let part = NixPart::new(&format!("{key} {name}"), words, source.clone());
        part.map_err(|error| said(error, &source))
    });
    parts.collect()
}

fn place(config: &Config, typed: bool, flag: &str, key: &str) -> Source {
    if typed {
        let name = format!("--{flag}");
        Source::Flag { name }
    } else {
        config.source(key)
    }
}

/// Doesn't show the words: nobody has looked at them for secrets.
fn unclosed(text: &str) -> Error {
    let what = match open_quote(text) {
        Some(at) => format!("the quote at character {at} is not closed"),
        None => "the words end in a backslash".to_owned(),
    };
    Error::usage(
        "settings/nix-args",
        what,
        "close every quote, and write a backslash at the end as `\\\\`",
    )
    .because("it is read as a shell reads words, but nothing in it is expanded")
}

/// Where the quote opens that doesn't close, counted from 1.
fn open_quote(text: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in text.chars().enumerate() {
        match (open, c) {
            _ if escaped => escaped = false,
            (None, '\'' | '"') => open = Some((c, at + 1)),
            (Some((quote, _)), _) if c == quote => open = None,
            (None | Some(('"', _)), '\\') => escaped = true,
            _ => {}
        }
    }
    open.map(|(_, at)| at)
}

fn no_name(name: &str, key: &str) -> Error {
    Error::user(
        "settings/name",
        format!(
            "`{}` is no name for `{key}`",
            without_login(name).escape_debug()
        ),
        "write the name before the value, such as `--option cores 2`",
    )
}

fn no_value(pair: &str) -> Error {
    Error::usage(
        "settings/build-arg",
        format!("`{}` has no `=` in it", without_login(pair).escape_debug()),
        "write the name and the value: `--build-arg NAME=VALUE`",
    )
    .because("a value that is taken from the environment unseen could be anything")
    .at("--build-arg")
}

#[cfg(test)]
mod tests {
    use super::super::tests::resolve;
    use super::*;
    use crate::plan::NixArg;

    fn nix(words: &[&str], variables: &[(&str, &str)], file: &str) -> Vec<String> {
        let settings = resolve(words, variables, file).unwrap();
        let line = |part: &NixPart| {
            let words: Vec<&str> = part.words.iter().map(NixArg::as_str).collect();
            format!("{}: {} ({})", part.key, words.join("|"), part.source)
        };
        settings.wishes.nix.iter().map(line).collect()
    }

    #[test]
    fn words_come_from_the_flag_the_variables_or_the_file() {
        let file = "nix-args = [\"--impure\"]";
        let ours = (VARIABLE, "--option 'a b' c\\ d --x \"$X\"'`id`'");
        let old = (OLD_VARIABLE, "--keep-going");
        let flag = [
            "plan",
            "--nix-arg",
            "--option",
            "--nix-arg",
            "a",
            "--nix-arg=b",
        ];
        assert_eq!(
            [
                nix(&flag, &[ours, old], file).join(""),
                nix(&["plan"], &[ours, old], file).join(""),
                nix(&["plan"], &[old], file).join(""),
                nix(&["plan"], &[], file).join(""),
            ],
            [
                "nix-args: --option|a|b (--nix-arg)",
                "nix-args: --option|a b|c d|--x|$X`id` (NIXDYNO_NIX_ARGS)",
                "nix-args: --keep-going (NIX_BUILD_FLAGS)",
                "nix-args: --impure (nixdyno.toml, nix-args)",
            ]
        );
        let note = |variables: &[(&str, &str)]| resolve(&["plan"], variables, file).unwrap().note;
        insta::assert_snapshot!("note", note(&[old]).unwrap());
        assert_eq!(note(&[ours, old]), None);
        assert_eq!(note(&[]), None);
    }

    #[test]
    fn what_has_a_name_is_merged_by_it() {
        let file = "impure = true\noptions = { cores = 2, timeout = 60 }\nargs = { name = \"x\", debug = true, n = 1 }\n\
                    override-inputs = { nixpkgs = \"path:/x\" }\n";
        let flags = "plan --option cores 4 --arg name {} --argstr z -1 --override-input a b";
        let flags: Vec<&str> = flags.split(' ').collect();
        insta::assert_snapshot!(nix(&flags, &[], file).join("\n"));
    }

    #[test]
    fn arguments_of_the_build_have_a_name_and_a_value() {
        let file = "build-args = { A = \"1\", B = 2 }";
        let words = ["plan", "--build-arg", "A= x=y ", "--build-arg", "C="];
        let found = resolve(&words, &[], file).unwrap().wishes.build_args;
        let shown = found
            .iter()
            .map(|(name, wish)| format!("{name}={} ({})", wish.value, wish.source));
        assert_eq!(
            shown.collect::<Vec<_>>().join(", "),
            "A= x=y  (--build-arg), B=2 (nixdyno.toml, build-args), C= (--build-arg)"
        );
    }

    #[test]
    fn wrong_values_are_told_apart_by_who_said_them() {
        let refused = |words: &[&str], variables: &[(&str, &str)], file: &str| {
            resolve(words, variables, file).unwrap_err()
        };
        let told = [
            refused(&["plan"], &[(VARIABLE, "--option 'a")], ""),
            refused(
                &["plan"],
                &[(VARIABLE, "--option \"\\\"\" 'it\\' \"hunter2")],
                "",
            ),
            refused(&["plan"], &[(VARIABLE, "hunter2\\")], ""),
            refused(&["plan"], &[(VARIABLE, "--json")], ""),
            refused(&["plan", "--nix-arg=--json"], &[], ""),
            refused(&["plan"], &[], "nix-args = [\"--json\"]"),
            refused(&["plan", "--option", "", "x"], &[], ""),
            refused(&["plan", "--build-arg", "X"], &[], ""),
            refused(&["plan", "--build-arg", "API_KEY=x"], &[], ""),
            refused(&["plan"], &[], "build-args = { PATH = \"x\" }"),
            refused(&["plan", "--with=-x"], &[], ""),
            refused(&["plan"], &[], "with = [\"\"]"),
        ];
        let told = told.map(|error| format!("exit {}\n{error}\n", error.kind().exit_code()));
        assert!(!told.concat().contains("hunter2"));
        insta::assert_snapshot!("refused", told.join("\n"));
    }
}
