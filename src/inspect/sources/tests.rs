//! Each language: the right reading, and the near miss that must give nothing.

use super::*;
use proptest::prelude::*;

/// What one file of that name shows.
fn of(name: &str, text: &str) -> Sources {
    let mut out = Sources::default();
    let mut words = subcommand::Words::default();
    let path = Path::new(name);
    if let Some(language) = language_of(path, None) {
        out.add(path, text, language, &mut words);
    }
    out.finish(words);
    out
}
