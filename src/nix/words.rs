//! Words for Nix: texts as it writes them, and the user's own flags where they fit.

use std::collections::BTreeMap;

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

/// Flags that give an argument to the function in a default.nix.
const ARGUMENT_FLAGS: &[(&str, usize)] = &[("--arg", 2), ("--argstr", 2)];

/// What `--arg` or `--argstr` gives to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// An expression.
    Expression(String),
    /// A text.
    Text(String),
}

/// A flag with its operands, as far as the flags here have some.
fn groups(args: &[String]) -> impl Iterator<Item = &[String]> {
    let mut rest = args;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let known = FLAKE_FLAGS.iter().chain(ARGUMENT_FLAGS);
        let operands = known
            .filter(|(flag, _)| flag == first)
            .map(|(_, operands)| *operands);
        let count = 1 + operands.max().unwrap_or(0);
        let (group, after) = rest.split_at(count.min(rest.len()));
        rest = after;
        Some(group)
    })
}

/// The arguments among the user's words, the last of a name: as Nix takes them.
pub fn arguments(args: &[String]) -> BTreeMap<String, Argument> {
    let given = groups(args).filter_map(|group| match group {
        [flag, name, value] if flag == "--arg" => {
            Some((name.clone(), Argument::Expression(value.clone())))
        }
        [flag, name, value] if flag == "--argstr" => {
            Some((name.clone(), Argument::Text(value.clone())))
        }
        _ => None,
    });
    given.collect()
}

/// A text as Nix writes it.
pub(super) fn string(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('$', "\\$");
    format!("\"{text}\"")
}

/// The user's words without flags that only flakes have.
pub(super) fn classic_args(args: &[String]) -> Vec<String> {
    without(args, FLAKE_FLAGS)
}

/// The user's words without arguments, which a flake has no function for.
pub(super) fn flake_args(args: &[String]) -> Vec<String> {
    without(args, ARGUMENT_FLAGS)
}

fn without(args: &[String], flags: &[(&str, usize)]) -> Vec<String> {
    let is_one = |group: &&[String]| {
        let first = group.first();
        first.is_some_and(|word| flags.iter().any(|(flag, _)| flag == word))
    };
    let kept = groups(args).filter(|group| !is_one(group));
    kept.flatten().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn arguments_are_told_from_the_flags_of_flakes() {
        let args = [
            "--argstr",
            "--refresh",
            "--arg",
            "--arg",
            "n",
            "1 + 1",
            "--override-input",
            "--argstr",
            "x",
            "--argstr",
            "n",
            "$two",
            "--argstr",
            "half",
        ];
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        let given = arguments(&args);
        let shown: Vec<_> = given.iter().map(|it| format!("{it:?}")).collect();
        assert_eq!(
            shown,
            [r#"("--refresh", Text("--arg"))"#, r#"("n", Text("$two"))"#]
        );
        let shown = classic_args(&args).join(" ");
        assert_eq!(
            shown,
            "--argstr --refresh --arg --arg n 1 + 1 --argstr n $two --argstr half"
        );
        assert_eq!(flake_args(&args).join(" "), "--override-input --argstr x");
    }

    #[test]
    fn names_are_quoted_for_nix() {
        assert_eq!(string(r#"a"${b}\"#), r#""a\"\${b}\\""#);
    }
}
