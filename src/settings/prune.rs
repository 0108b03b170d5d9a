//! The rules for what stays out of the image: those of the first place that has any.

use crate::cli::{Cli, Verb};
use crate::error::Result;
use crate::inspect::Source;
use crate::prune::{self, Line};

use super::{Config, dir};

/// Of flags, of nixdyno.toml, or of a `.slugexclude`, which only those verbs read that plan an image or say how it would go.
///
/// Errors: those of [`prune::of_lines`] and [`prune::slugexclude`].
pub(super) fn rules(cli: &Cli, config: &Config) -> Result<Vec<Line>> {
    let flags = &cli.common.prune;
    if !flags.is_empty() {
        let name = "--prune".to_owned();
        return of(flags, &Source::Flag { name });
    }
    if let Some(rules) = &config.prune {
        return of(rules, &config.source("prune"));
    }
    match &cli.verb {
        Verb::Plan(_)
        | Verb::Doctor(_)
        | Verb::Generate(_)
        | Verb::Build(_)
        | Verb::Deploy(_)
        | Verb::Contents(_)
        | Verb::Why(_) => Ok(prune::slugexclude(dir(&cli.verb))?.unwrap_or_default()),
        _ => Ok(Vec::new()),
    }
}

fn of(rules: &[String], source: &Source) -> Result<Vec<Line>> {
    let typed = matches!(source, Source::Flag { .. });
    prune::of_lines(rules.iter().map(|rule| (rule.as_str(), source.clone())))
        .map_err(|error| error.said(typed))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Environment, Settings};
    use super::*;

    /// The rules with their places, of the words, nixdyno.toml and .slugexclude.
    fn rules(words: &[&str], config: &str, file: &str) -> Result<Vec<String>> {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("nixdyno.toml"), config).unwrap();
        fs_err::write(dir.path().join(".slugexclude"), file).unwrap();
        let path = dir.path().to_str().unwrap();
        let line = [&["nixdyno"], words, &[path]].concat();
        let found = Settings::resolve(&Cli::parse_from(line), &Environment::of(&[]))?;
        let shown = |it: &Line| format!("{}: {}", it.source, it.entry);
        Ok(found.wishes.prune.iter().map(shown).collect())
    }

    #[test]
    fn flags_win_over_nixdyno_toml_and_that_over_the_file() {
        let (config, file) = ("prune = [\"@man\", \"*.la\"]", "# old\n*.a\n");
        let flags = ["plan", "--prune", "- x", "--prune", "-y"];
        assert_eq!(
            rules(&flags, config, file).unwrap(),
            ["--prune: - x", "--prune: - -y"]
        );
        let own = rules(&["plan"], config, file).unwrap();
        assert_eq!(
            own,
            ["nixdyno.toml, prune: @man", "nixdyno.toml, prune: - *.la"]
        );
        assert_eq!(
            rules(&["plan"], "", file).unwrap(),
            [".slugexclude:2: - *.a"]
        );
        assert_eq!(
            rules(&["plan", "--prune", "!"], config, file).unwrap(),
            [""; 0]
        );
        assert_eq!(rules(&["plan"], "prune = []", file).unwrap(), [""; 0]);
    }

    #[test]
    fn a_wrong_rule_is_a_wrong_command_line_only_where_it_was_typed() {
        let code =
            |words: &[&str], config: &str| rules(words, config, "").unwrap_err().kind().exit_code();
        assert_eq!(code(&["plan", "--prune", "["], ""), 2);
        assert_eq!(code(&["plan", "--prune", "@mann"], ""), 2);
        assert_eq!(code(&["plan"], "prune = [\"@mann\"]"), 1);
    }

    #[test]
    fn only_verbs_that_plan_an_image_read_the_file() {
        assert_eq!(
            rules(&["plan"], "", "merge x").unwrap_err().id(),
            "prune/rule"
        );
        assert!(rules(&["status"], "", "merge x").unwrap().is_empty());
        let error = rules(&["status"], "prune = [\"a[\"]", "").unwrap_err();
        assert!(
            error.to_string().contains("where: nixdyno.toml, prune"),
            "{error}"
        );
    }
}
