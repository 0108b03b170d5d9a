//! Words for Nix: texts as it writes them, and the user's own flags where they fit.

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
}
