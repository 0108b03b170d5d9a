//! The text of nixdyno.toml: what differs from what is found or is the default, and why it is there.
//!
//! Takes the text that is there and the answers; gives a text in which only those values differ. Comments, order and
//! all other keys stay.

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::error::{Error, Result};
use crate::plan::BaseName;

use super::Answers;
use super::questions::DEFAULT_ROOT;

/// What a new file starts with.
const HEAD: &str = "\
#:schema https://raw.githubusercontent.com/nixdyno/nixdyno/main/schemas/nixdyno.json
# For nixdyno. It holds only what differs from what is found in the project, and is yours to edit:
# `nixdyno config` lists every key, `nixdyno init` asks again.
";

/// A key that a flag gave a value, and that no question is about.
#[derive(Debug, Clone)]
pub enum Extra {
    /// A word.
    Text(&'static str, String),
    /// Several.
    List(&'static str, Vec<String>),
    /// Yes.
    Yes(&'static str),
}

/// A key that a question is about.
struct Row {
    key: &'static str,
    /// What it is to be; nothing where it is not to be there.
    value: Option<Value>,
    /// Whether that is what holds without the key.
    default: bool,
}

/// The text with the answers in it.
///
/// Errors: `init/toml`.
pub fn text(old: &str, answers: &Answers, extras: &[Extra]) -> Result<String> {
    let mut document: DocumentMut = old.parse().map_err(|error: toml_edit::TomlError| {
        let what = format!("nixdyno.toml can't be changed: {}", error.message());
        Error::user("init/toml", what, "mend it, or move it away")
    })?;
    // Comments of a file without a key would end up below what is added.
    let only_comments = document.is_empty();
    if only_comments {
        document = DocumentMut::new();
    }
    let mut kept = String::new();
    for row in rows(answers).into_iter().chain(extras.iter().map(extra)) {
        if row.value.is_none() {
            kept += &remove(&mut document, row.key);
        }
        set(&mut document, row);
    }
    let new = format!("{kept}{document}");
    let head = if old.trim().is_empty() { HEAD } else { old };
    Ok(match (only_comments, new.is_empty()) {
        (false, _) => new,
        (true, true) => head.to_owned(),
        (true, false) => format!("{}\n\n{}\n", head.trim_end(), new.trim()),
    })
}

/// What stands above a key that is new.
const ABOUT: &[(&str, &str)] = &[
    (
        "accept-flake-config",
        "The caches that flake.nix names are read.",
    ),
    ("app", "The app at Heroku; `-a` names another one."),
    (
        "attr",
        "The output that is deployed; `nixdyno inspect` lists them.",
    ),
    ("base", "The image in which Nix builds."),
    (
        "processes",
        "The process types that count; without this line all do.",
    ),
    ("program", "The program in bin/ that `web` runs."),
    ("region", "Where `nixdyno deploy --create` makes the app."),
    ("root", "What the image has beside the app."),
    ("route", "The way to a running release."),
];

/// A key without a default: there only where somebody said something.
fn said<T: ToString>(key: &'static str, value: Option<&T>) -> Row {
    Row {
        key,
        value: value.map(|it| Value::from(it.to_string())),
        default: false,
    }
}

/// A key whose default is not written down, unless it stands there already.
fn but_default(key: &'static str, value: impl Into<Value>, default: bool) -> Row {
    Row {
        key,
        value: Some(value.into()),
        default,
    }
}

fn rows(answers: &Answers) -> Vec<Row> {
    let base = answers.base.as_ref().unwrap_or(&BaseName::NixosNix);
    let root = answers.root.as_ref().unwrap_or(&DEFAULT_ROOT);
    let processes = answers.processes.as_ref();
    let accepts = answers.accept_flake_config;
    vec![
        said("app", answers.app.as_ref()),
        said("region", answers.region.as_ref()),
        said("attr", answers.attr.as_ref()),
        said("program", answers.program.as_ref()),
        Row {
            key: "processes",
            value: processes.map(|all| list(all.iter().map(ToString::to_string))),
            default: false,
        },
        said("route", answers.route.as_ref()),
        but_default("base", base.to_string(), *base == BaseName::NixosNix),
        but_default("root", root.to_string(), *root == DEFAULT_ROOT),
        but_default("accept-flake-config", accepts, !accepts),
    ]
}

fn extra(extra: &Extra) -> Row {
    let (key, value) = match extra {
        Extra::Text(key, text) => (*key, Value::from(text.as_str())),
        Extra::List(key, all) => (*key, list(all.iter().cloned())),
        Extra::Yes(key) => (*key, Value::from(true)),
    };
    but_default(key, value, false)
}

fn list(all: impl Iterator<Item = String>) -> Value {
    Value::Array(all.collect::<Array>())
}

/// Takes a key out, and gives the comments that somebody wrote beside it.
fn remove(document: &mut DocumentMut, key: &str) -> String {
    let Some((name, item)) = document.remove_entry(key) else {
        return String::new();
    };
    let above = name.leaf_decor().prefix().and_then(|it| it.as_str());
    let beside = item.as_value().and_then(|it| it.decor().suffix());
    let all = [above, beside.and_then(|it| it.as_str())];
    let lines = all.into_iter().flatten().flat_map(str::lines);
    let ours = |line: &str| ABOUT.iter().any(|(_, about)| line.ends_with(about));
    let kept = lines
        .map(str::trim)
        .filter(|it| it.starts_with('#') && !ours(it));
    kept.fold(String::new(), |all, line| all + line + "\n")
}

fn set(document: &mut DocumentMut, row: Row) {
    let Some(mut value) = row.value else {
        return;
    };
    match document.get_mut(row.key).and_then(Item::as_value_mut) {
        Some(old) if is_same(old, &value) => {}
        Some(old) => {
            // The spaces and the comment around it.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None if row.default => {}
        None => {
            let space = if document.is_empty() { "" } else { "\n" };
            let about = ABOUT.iter().find(|(key, _)| *key == row.key);
            document.insert(row.key, Item::Value(value));
            if let (Some((_, about)), Some(mut key)) = (about, document.key_mut(row.key)) {
                key.leaf_decor_mut()
                    .set_prefix(format!("{space}# {about}\n"));
            }
        }
    }
}

/// Whether two values mean the same, however they are written.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.as_str() == b.as_str())
        }
        _ => false,
    }
}
