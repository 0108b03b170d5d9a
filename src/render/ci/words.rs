//! The commands of a CI file, as words; and as lines that no platform reads anything into.

use crate::names::{SecretKind, SecretSource};
use crate::plan::Plan;
use crate::shell::quote;

use super::secrets::flag;
use super::{Ci, Looks, typed};

/// The first two characters of what opens an expression of some platform: `${{`, `<<`, `$[[`.
const OPENERS: [&str; 3] = ["${", "<<", "$["];

/// Flags with two words behind them.
const PAIRS: [&str; 4] = ["--override-input", "--option", "--arg", "--argstr"];
/// Flags with none.
const ALONE: [&str; 5] = [
    "--impure",
    "--ssh",
    "--accept-flake-config",
    "--cache-mounts",
    "--import-from-derivation",
];

/// The flags of `nixdyno generate` that write the file again, its kind first.
pub(super) fn ci_flags(plan: &Plan, ci: &Ci) -> Vec<String> {
    let mut words = to_words(&["ci", "--for", ci.file.platform().name()]);
    if ci.branch.as_str() != "main" {
        words.extend(["--branch".to_owned(), ci.branch.to_string()]);
    }
    if ci.review_apps {
        words.push("--review-apps".to_owned());
    }
    if let Some(app) = plan.ship.app.as_ref().filter(|_| typed(plan, "app")) {
        words.extend(["--app".to_owned(), app.to_string()]);
    }
    if typed(plan, "route") {
        words.extend(["--route".to_owned(), plan.ship.route.to_string()]);
    }
    if let Some(file) = &plan.dockerfile
        && typed(plan, "dockerfile")
    {
        words.extend(["--dockerfile".to_owned(), file.to_string()]);
    }
    words.extend(looks(ci));
    words.extend(plan.again.iter().cloned());
    words
}

/// The command that fails where a file of nixdyno's is not what would be written. It names none but its own: the others
/// may come and go.
pub(super) fn check_words(plan: &Plan, ci: &Ci) -> Vec<String> {
    let mut words = to_words(&["nixdyno", "generate"]);
    words.extend(ci_flags(plan, ci));
    words.push("--check".to_owned());
    words.iter().map(|word| shown(word)).collect()
}

/// The command that deploys, to the app of the plan, or to one of its own that a shell's word names.
pub(super) fn deploy_words(plan: &Plan, ci: &Ci, review: Option<&str>) -> Vec<String> {
    let route = plan.ship.route.name();
    let mut words = to_words(&["nixdyno", "deploy", "--no-input", "--route", route, "--app"]);
    match (review, &plan.ship.app) {
        (Some(review), _) => words.extend([review.to_owned(), "--create".to_owned()]),
        (None, Some(app)) => words.push(app.to_string()),
        (None, None) => {}
    }
    if let Some(file) = &plan.dockerfile {
        words.extend(["--dockerfile".to_owned(), shown(file.as_str())]);
    }
    words.extend(looks(ci));
    words.extend(without_secrets(&plan.again).iter().map(|it| shown(it)));
    for (kind, source) in plan.caches.mounted() {
        words.extend(["--secret".to_owned(), shown(&secret(kind, source))]);
    }
    if plan.caches.ssh {
        words.push("--ssh".to_owned());
    }
    words
}

fn secret(kind: SecretKind, source: &SecretSource) -> String {
    format!("{kind}={}", flag(kind, source))
}

fn to_words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn looks(ci: &Ci) -> Vec<String> {
    match ci.looks {
        Looks::WithNix => Vec::new(),
        Looks::ReadsOnly => to_words(&["--no-eval"]),
        Looks::InDocker => to_words(&["--evaluate", "docker"]),
    }
}

/// The flags without those that say where a secret is on this machine.
fn without_secrets(again: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = again;
    while let Some((flag, after)) = rest.split_first() {
        let (operands, after) = after.split_at(operands(flag).min(after.len()));
        if flag != "--secret" && flag != "--ssh" {
            kept.push(flag.clone());
            kept.extend(operands.iter().cloned());
        }
        rest = after;
    }
    kept
}

/// How many words follow a flag.
fn operands(flag: &str) -> usize {
    match flag {
        _ if PAIRS.contains(&flag) => 2,
        _ if ALONE.contains(&flag) => 0,
        _ => 1,
    }
}

/// One line of a shell.
pub(super) fn line(words: &[String]) -> String {
    words.join(" ")
}

/// A word for a shell that no platform replaces a part of.
pub(super) fn shown(word: &str) -> String {
    if !OPENERS.iter().any(|opener| word.contains(opener)) {
        return quote(word);
    }
    // Between single quotes nothing is special, so that a pair of quotes may stand between any two characters.
    let mut text = String::from("'");
    let mut before = None;
    for c in word.replace('\0', "\\0").chars() {
        let opens = |first: char| OPENERS.iter().any(|it| it.chars().eq([first, c]));
        if before.is_some_and(opens) {
            text.push_str("''");
        }
        match c {
            '\'' => text.push_str("'\\''"),
            c => text.push(c),
        }
        before = Some(c);
    }
    text + "'"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_of_this_machine_are_left_out() {
        let again = to_words(&[
            "--nix-arg",
            "--secret",
            "--secret",
            "netrc=FILE",
            "--option",
            "--secret",
            "x",
            "--ssh",
            "--impure",
            "--with",
            "curl",
        ]);
        assert_eq!(
            without_secrets(&again).join(" "),
            "--nix-arg --secret --option --secret x --impure --with curl"
        );
        assert!(without_secrets(&to_words(&["--secret"])).is_empty());
    }

    proptest! {
        #[test]
        fn a_word_stays_what_it_is(word in "(\\PC|[<$\\[{'\"\n ]){0,12}") {
            let line = shown(&word);
            prop_assert_eq!(shlex::split(&line), Some(vec![word.clone()]));
            for opener in OPENERS {
                prop_assert!(!line.contains(opener), "{}", line);
            }
        }
    }
}
