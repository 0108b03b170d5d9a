//! A list of rules, line by line, as rsync reads a file for `--exclude-from`; and a project's `.slugexclude`.

use std::path::Path;

use crate::error::{Error, Result};
use crate::files;
use crate::inspect::Source;

use super::{Entry, Rule};

/// The file in which the Nix buildpack of old looked for such rules.
pub const FILE: &str = ".slugexclude";

/// A larger file holds no rules.
const MOST_BYTES: u64 = 1 << 20;

/// All patterns of a list together; with what they become they must fit into one command of a Dockerfile.
const MOST_IN_ALL: usize = 12 << 10;

/// The most rules of a list.
const MOST_RULES: usize = 200;

/// An entry, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// Its place.
    pub source: Source,
}

/// The entries of a list, each from its place; those before the last `!` are cleared.
///
/// Errors: `prune/rule`, `prune/set`, `prune/too-many`.
pub fn of_lines<'a>(lines: impl IntoIterator<Item = (&'a str, Source)>) -> Result<Vec<Line>> {
    read(lines, str::parse)
}

/// The entries of the project's file, or `None` without one. There a name with an `@` is a name, as for rsync.
///
/// Errors: `prune/file`, and those of [`of_lines`].
pub fn slugexclude(dir: &Path) -> Result<Option<Vec<Line>>> {
    let path = dir.join(FILE);
    // A link that leads nowhere is a mistake, not a project without rules.
    if fs_err::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    if files::leads_out(dir, &path) {
        return Err(unreadable("it leads out of the project by a link"));
    }
    let text = files::read_text(&path, MOST_BYTES).map_err(|error| unreadable(&plain(&error)))?;
    // Either character ends a line, and an empty one says nothing.
    let lines = text.split('\n').zip(1..);
    let lines = lines.flat_map(|(line, number)| line.split('\r').map(move |part| (part, number)));
    let told = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with(['#', ';']));
    let placed = told.map(|(line, number)| {
        let source = Source::File {
            path: FILE.into(),
            line: Some(number),
        };
        (line, source)
    });
    let rule = |text: &str| text.parse::<Rule>().map(Entry::Rule);
    read(placed, rule).map(Some)
}

fn read<'a>(
    lines: impl IntoIterator<Item = (&'a str, Source)>,
    parse: impl Fn(&str) -> Result<Entry>,
) -> Result<Vec<Line>> {
    let mut list = Vec::new();
    for (text, source) in lines {
        if text == "!" {
            list.clear();
            continue;
        }
        let entry = parse(text).map_err(|error| error.at(&source))?;
        list.push(Line { entry, source });
    }
    let bytes: usize = list.iter().map(|it| it.entry.to_string().len()).sum();
    if list.len() > MOST_RULES || bytes > MOST_IN_ALL {
        return Err(too_many(list.len(), bytes));
    }
    Ok(list)
}

fn too_many(rules: usize, bytes: usize) -> Error {
    Error::user(
        "prune/too-many",
        format!("{rules} rules of {bytes} bytes say what stays out of the image"),
        "name folders in place of files: at most 200 rules of 12288 bytes fit into a Dockerfile",
    )
}

fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        std::io::ErrorKind::InvalidInput => "it is no regular file of at most 1 MiB".to_owned(),
        _ => "it can't be opened".to_owned(),
    }
}

fn unreadable(why: &str) -> Error {
    Error::user(
        "prune/file",
        format!("{FILE} can't be read: {why}"),
        "mend or remove it, or give the rules as `prune` in nixdyno.toml",
    )
    .because("it says what stays out of the image where no other rules are given")
}
