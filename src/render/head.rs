//! The first lines of a file: for what it was written, and by which command it can be written again.

use crate::inspect::Origin;
use crate::plan::Build;
use crate::shell::quote;

/// What is built, in the words of a person.
pub(super) fn target(build: &Build) -> String {
    let named = build.attributes().filter(|it| !it.is_root());
    let named: Vec<String> = named.map(ToString::to_string).collect();
    let file = match build.from {
        Origin::Flake => "flake.nix",
        Origin::Classic => build.file.as_str(),
    };
    let shown = if named.is_empty() {
        file.to_owned()
    } else {
        format!("{} of {file}", named.join(", "))
    };
    one_line(&shown)
}

/// Longer than anybody reads or types.
const MOST_BYTES: usize = 4_000;

/// The command, as it is typed in the project's folder.
pub(super) fn again(flags: &[String]) -> String {
    let words = flags.iter().map(|word| quote(word));
    let words = words.fold("nixdyno generate".to_owned(), |line, word| {
        line + " " + &word
    });
    let line = one_line(&words);
    if line.len() > MOST_BYTES {
        return "nixdyno generate, with flags that are too long to repeat here".to_owned();
    }
    line
}

/// What stands in a comment ends where the line does.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_to_repeat_is_left_away() {
        let words = |count: usize| vec!["--with".to_owned(), "x".repeat(count)];
        assert_eq!(again(&words(1)), "nixdyno generate --with x");
        assert!(again(&words(3_900)).len() > 3_900);
        assert_eq!(
            again(&words(4_000)),
            "nixdyno generate, with flags that are too long to repeat here"
        );
    }
}
