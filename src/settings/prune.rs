//! The rules for what stays out of the image: those of the first place that has any.

use crate::cli::{Cli, Verb};
use crate::error::Result;
use crate::inspect::Source;
use crate::prune::{self, Line};

use super::{Config, dir};

/// Of flags, of nixdyno.toml, or of a `.slugexclude`, which only those verbs read that plan an image.
///
/// Errors: those of [`prune::of_lines`] and [`prune::slugexclude`].
pub(super) fn rules(cli: &Cli, config: &Config) -> Result<Vec<Line>> {
    let flags = &cli.common.prune;
    if !flags.is_empty() {
        let name = "--prune".to_owned();
        return of(flags, &Source::Flag { name });
    }
    if let Some(rules) = &config.prune {
        let key = "prune".to_owned();
        return of(rules, &Source::Config { key });
    }
    match &cli.verb {
        Verb::Plan(_) | Verb::Generate(_) | Verb::Build(_) | Verb::Deploy(_) => {
            Ok(prune::slugexclude(dir(&cli.verb))?.unwrap_or_default())
        }
        _ => Ok(Vec::new()),
    }
}

fn of(rules: &[String], source: &Source) -> Result<Vec<Line>> {
    prune::of_lines(rules.iter().map(|rule| (rule.as_str(), source.clone())))
}
