//! A command line that can't be read, and those that only ask for help.
//!
//! Takes what clap says of it; shows that as it is, or, to who asks for JSON, as an error like every other.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, ValueEnum};

use crate::cli::Cli;
use crate::error::Error;
use crate::settings::Environment;
use crate::ui::{ColorChoice, Level, Ui, printed};

/// Reads the words. What clap itself shows of them has the colours that they ask for.
pub(super) fn parsed(words: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command().color(match color(words) {
        ColorChoice::Auto => clap::ColorChoice::Auto,
        ColorChoice::Always => clap::ColorChoice::Always,
        ColorChoice::Never => clap::ColorChoice::Never,
    });
    let matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// What `--color` says, before anything else is known of the words; the last one counts.
fn color(words: &[OsString]) -> ColorChoice {
    let mut found = ColorChoice::Auto;
    let mut before = None;
    for word in words.iter().take_while(|word| *word != "--") {
        let word = word.to_str().unwrap_or_default();
        let value = match before {
            Some("--color") => Some(word),
            _ => word.strip_prefix("--color="),
        };
        let choice = value.map(|value| <ColorChoice as ValueEnum>::from_str(value, false));
        if let Some(Ok(choice)) = choice {
            found = choice;
        }
        before = Some(word);
    }
    found
}

/// Shows why the words can't be run, or the help that they ask for.
pub(super) fn refused(mut error: clap::Error, words: &[OsString]) -> ExitCode {
    hint(&mut error);
    let is_error = error.use_stderr();
    let json = is_error && wants_json(words);
    let env = Environment::read().color();
    let ui = Ui::new(Level::Quiet, json, color(words), &env);
    if json {
        let ours = of_clap(&error.render().to_string());
        ui.error(&ours);
        return ui.end(ExitCode::from(ours.kind().exit_code()));
    }
    let shown = error.print();
    if !is_error {
        printed(shown);
    }
    let code = u8::try_from(error.exit_code()).unwrap_or(u8::MAX);
    ui.end(ExitCode::from(code))
}

/// `generate` takes files where other verbs take a folder.
fn hint(error: &mut clap::Error) {
    let wrong = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    if error.kind() == ErrorKind::InvalidValue && wrong.as_deref() == Some("[WHAT]...") {
        let tip = "the project's folder is named by `--dir DIR`";
        let tip = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tip);
    }
}

/// Whether `--json` is among the words, and not as the value of another flag.
fn wants_json(words: &[OsString]) -> bool {
    let flags = words.iter().take_while(|word| *word != "--");
    let before = std::iter::once(None).chain(words.iter().map(Some));
    let takes_any = |word: Option<&OsString>| {
        word.is_some_and(|word| word == "--nix-arg" || word == "--build-arg")
    };
    let mut pairs = before.zip(flags);
    pairs.any(|(before, word)| word == "--json" && !takes_any(before))
}

/// The parts of clap's words: what is wrong, what it proposes, and how the verb is used.
fn of_clap(text: &str) -> Error {
    let (mut what, mut todo, mut usage) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        if let Some(tip) = line.strip_prefix("tip: ") {
            todo.push(tip);
        } else if line.starts_with("For more information") {
            break;
        } else if line.starts_with("Usage:") || !usage.is_empty() {
            usage.push(line);
        } else {
            what.push(line.strip_prefix("error: ").unwrap_or(line));
        }
    }
    todo.push("see how it is used: `nixdyno --help`, `nixdyno VERB --help`");
    let mut todo = todo.into_iter();
    let first = todo.next().unwrap_or_default();
    let error = Error::usage("cli/arguments", what.join(" "), first);
    todo.fold(error, Error::or).detail(usage)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn colours_are_known_before_the_words_are() {
        let of = |words: &str| {
            let words: Vec<OsString> = words.split(' ').map(Into::into).collect();
            color(&words)
        };
        assert_eq!(of("nixdyno plan --color never --rout"), ColorChoice::Never);
        assert_eq!(of("nixdyno --color=always"), ColorChoice::Always);
        assert_eq!(of("nixdyno --color blue"), ColorChoice::Auto);
        assert_eq!(of("nixdyno plan -- --color never"), ColorChoice::Auto);
    }

    #[test]
    fn json_is_wanted_by_a_flag_only() {
        let wants = |words: &str| {
            let words: Vec<OsString> = words.split(' ').map(Into::into).collect();
            wants_json(&words)
        };
        assert!(wants("nixdyno plan --rout x --json"));
        assert!(wants("nixdyno --json"));
        assert!(!wants("nixdyno plan --rout x"));
        assert!(!wants("nixdyno plan --nix-arg --json"));
        assert!(!wants("nixdyno plan -- --json"));
    }

    #[test]
    fn the_parts_of_clap_s_words_are_told_apart() {
        let parts = |words: &str| {
            let error = Cli::try_parse_from(words.split(' ')).unwrap_err();
            of_clap(&error.render().to_string()).to_string()
        };
        let all = [
            "nixdyno plan --rout x",
            "nixdyno completions --json",
            "nixdyno plan --route x",
            "nixdyno deploy --region eu",
            "nixdyno --json",
            "nixdyno inpect --json",
        ];
        let all = all.map(|words| format!("{words}\n{}\n", parts(words)));
        insta::assert_snapshot!(all.join("\n"));
    }
}
