//! What a project's own files and folders are to Nix: listings, texts, JSON, TOML, sources.

use std::path::Path;
use std::rc::Rc;

use super::known::{Library, row};
use super::lists::incomplete;
use super::reader::Reader;
use super::value::{Dotted, Lazy, Value};

/// Names in a folder that are listed; a folder with more holds data.
const MOST_NAMES: usize = 2_000;
/// Values of a JSON or TOML file that are taken over.
const MOST_VALUES: usize = 20_000;
/// Levels of a JSON or TOML file.
const MOST_LEVELS: u8 = 40;

/// Functions on files and folders of the project.
pub(super) const ROWS: &[Library] = &[
    row("readDir", 1, read_dir),
    row("readFile", 1, |r, _, a| {
        a.first().map_or_else(incomplete, |it| r.file_text(it))
    }),
    row("pathExists", 1, path_exists),
    row("fromJSON", 1, |r, _, a| parsed(r, a, json)),
    row("fromTOML", 1, |r, _, a| parsed(r, a, toml)),
    row("importJSON", 1, |r, _, a| read_and(r, a, json)),
    row("importTOML", 1, |r, _, a| read_and(r, a, toml)),
    row("cleanSource", 1, folder),
    row("cleanCargoSource", 1, folder),
    row("cleanPythonSources", 1, |r, _, a| in_set(r, a, "src")),
    row("gitignoreSource", 1, folder),
    row("gitIgnoreSource", 1, folder),
    row("nixGitIgnore", 1, folder),
    row("cleanSourceWith", 1, |r, _, a| in_set(r, a, "src")),
    row("sourceFilesBySuffices", 2, folder),
    row("sourceByRegex", 2, folder),
    row("cleanGit", 1, |r, _, a| in_set(r, a, "src")),
    row("toSource", 1, |r, _, a| in_set(r, a, "root")),
    row("path", 1, |r, _, a| in_set(r, a, "path")),
    row("nix-filter", 1, |r, _, a| in_set(r, a, "root")),
    row("filterSource", 2, |r, _, a| {
        a.get(1).map_or_else(incomplete, |it| r.force(it))
    }),
    row("applyPatches", 1, |r, _, a| in_set(r, a, "src")),
    row("mkSource", 1, |r, _, a| in_set(r, a, "root")),
];

/// The folder itself, whatever is left out of it.
fn folder(reader: &Reader, names: &Dotted, arguments: &[Lazy]) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Outside(_)) | None => Value::Outside(Rc::clone(names)),
        Some(value) => value,
    }
}

fn in_set(reader: &Reader, arguments: &[Lazy], name: &str) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Set(set)) if set.attributes.contains_key(name) => {
            reader.select(&Value::Set(set), name)
        }
        // `gitignoreSource ./.` and its like also take the path itself.
        Some(path @ Value::Path(_)) => path,
        _ => Value::unknown("the folder of the sources is not said"),
    }
}

fn path_exists(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Path(path)) => Value::bool(reader.dir().join(path).exists()),
        _ => super::operators::known_or(None),
    }
}

/// The real listing of a folder of the project.
fn read_dir(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let folder = arguments.first().map(|it| reader.force(it));
    let Some(folder) = folder.and_then(|value| reader.as_path(&value)) else {
        return Value::unknown("a folder is listed that is not one of the project");
    };
    match reader.listing(&folder) {
        Some(names) => Value::set(
            names
                .into_iter()
                .map(|(name, kind)| (name, Lazy::text(kind))),
        ),
        None => Value::unknown(format!("`{}` can't be listed", folder.display())),
    }
}

fn parsed(
    reader: &Reader,
    arguments: &[Lazy],
    parse: fn(&str) -> Option<serde_json::Value>,
) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Text(text)) if !reader.spend(text.len() / 64) => {
            Value::unknown("JSON or TOML is too large to be read")
        }
        Some(Value::Text(text)) => {
            let mut left = MOST_VALUES;
            let value = parse(&text).and_then(|it| value_of(it, &mut left, MOST_LEVELS));
            value.unwrap_or_else(|| Value::unknown("a file's JSON or TOML can't be read"))
        }
        Some(Value::Unknown(because)) => Value::Unknown(because),
        _ => Value::unknown("JSON or TOML comes from outside"),
    }
}

fn read_and(
    reader: &Reader,
    arguments: &[Lazy],
    parse: fn(&str) -> Option<serde_json::Value>,
) -> Value {
    let text = arguments
        .first()
        .map_or_else(incomplete, |it| reader.file_text(it));
    parsed(reader, &[Lazy::done(text)], parse)
}

fn json(text: &str) -> Option<serde_json::Value> {
    serde_json::from_str(text).ok()
}

fn toml(text: &str) -> Option<serde_json::Value> {
    toml::from_str(text).ok()
}

/// A value of a file as a value of Nix; `None` when it is too large.
fn value_of(value: serde_json::Value, left: &mut usize, levels: u8) -> Option<Value> {
    *left = left.checked_sub(1)?;
    let levels = levels.checked_sub(1)?;
    Some(match value {
        serde_json::Value::Null => Value::Plain("null"),
        serde_json::Value::Bool(is) => Value::bool(is),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map_or(Value::Plain("a number"), Value::Number),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => {
            let items = items.into_iter();
            let items: Option<Vec<_>> = items
                .map(|it| value_of(it, left, levels).map(Lazy::done))
                .collect();
            Value::list(items?)
        }
        serde_json::Value::Object(members) => {
            let mut attributes = Vec::new();
            for (name, member) in members {
                attributes.push((name, Lazy::done(value_of(member, left, levels)?)));
            }
            Value::set(attributes)
        }
    })
}

impl Reader {
    /// The text of a file of the project.
    pub(super) fn file_text(&self, lazy: &Lazy) -> Value {
        let value = self.force(lazy);
        match (self.as_path(&value), value) {
            (Some(path), _) => match self.text_of(&path) {
                Ok(text) if self.spend(text.len() / 256) => Value::text(text),
                Ok(_) => Value::unknown("a file is too large to be read"),
                Err(because) => Value::unknown(because),
            },
            (None, Value::Unknown(because)) => Value::Unknown(because),
            _ => Value::unknown("a file is read that is not one of the project"),
        }
    }

    /// Names in a folder of the project with their kinds, sorted; `None` when it can't be listed.
    pub(super) fn listing(&self, folder: &Path) -> Option<Vec<(String, &'static str)>> {
        let whole = fs_err::canonicalize(self.dir().join(folder)).ok()?;
        if !whole.starts_with(fs_err::canonicalize(self.dir()).ok()?) {
            return None;
        }
        let mut names = Vec::new();
        for entry in fs_err::read_dir(whole).ok()? {
            let entry = entry.ok()?;
            let kind = match entry.file_type().ok()? {
                kind if kind.is_dir() => "directory",
                kind if kind.is_file() => "regular",
                kind if kind.is_symlink() => "symlink",
                _ => "unknown",
            };
            names.push((entry.file_name().to_str()?.to_owned(), kind));
            if names.len() > MOST_NAMES || !self.spend(1) {
                return None;
            }
        }
        names.sort();
        Some(names)
    }
}
