//! From types to text.
//!
//! Every text that some YAML, old or new, could read as something else stands in quotes.

use super::types::{Addon, CommandForm, HerokuYml, Run};

/// What a heroku.yml is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

/// Writes a heroku.yml, `web` first wherever process types are listed. Read again it is the same.
pub fn write(file: &HerokuYml) -> String {
    let mut text = String::new();
    let Value::Map(sections) = value(file) else {
        return text;
    };
    for (name, section) in &sections {
        entry(&mut text, 0, name, section);
    }
    text
}

pub(super) fn value(file: &HerokuYml) -> Value {
    let setup = map([
        (
            "addons",
            Value::List(file.setup.addons.iter().map(addon).collect()),
        ),
        ("config", texts(&file.setup.config)),
    ]);
    let docker = file.build.docker.iter();
    let docker = docker.map(|(kind, path)| (kind.to_string(), Value::Text(path.clone())));
    let build = map([
        ("docker", web_first(docker)),
        ("config", texts(&file.build.config)),
    ]);
    let release = file.release.iter().map(|release| {
        let image = release
            .image
            .iter()
            .map(|it| ("image", Value::Text(it.to_string())));
        map(image.chain([("command", command(&release.command))]))
    });
    let processes = file
        .run
        .iter()
        .map(|(kind, it)| (kind.to_string(), run(it)));
    let sections = [("setup", setup), ("build", build)].into_iter();
    let sections = sections.chain(release.map(|it| ("release", it)));
    map(sections.chain([("run", web_first(processes))]))
}

fn addon(addon: &Addon) -> Value {
    let attachment = addon.attachment.iter();
    let attachment = attachment.map(|it| ("as", Value::Text(it.clone())));
    map([("plan", Value::Text(addon.plan.clone()))]
        .into_iter()
        .chain(attachment))
}

/// In the short form wherever that says the same.
fn run(run: &Run) -> Value {
    if let (CommandForm::Line(line), None) = (&run.command, &run.image) {
        return Value::Text(line.clone());
    }
    let image = run
        .image
        .iter()
        .map(|it| ("image", Value::Text(it.to_string())));
    map([("command", command(&run.command))]
        .into_iter()
        .chain(image))
}

fn command(command: &CommandForm) -> Value {
    match command {
        CommandForm::Line(line) => Value::Text(line.clone()),
        CommandForm::List(items) => Value::List(items.iter().cloned().map(Value::Text).collect()),
    }
}

fn texts(values: &std::collections::BTreeMap<String, String>) -> Value {
    let entries = values
        .iter()
        .map(|(name, value)| (name.clone(), Value::Text(value.clone())));
    Value::Map(entries.collect())
}

fn web_first(entries: impl Iterator<Item = (String, Value)>) -> Value {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by(|(a, _), (b, _)| (a != "web", a).cmp(&(b != "web", b)));
    Value::Map(entries)
}

/// Without what is empty.
fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let entries = entries.into_iter().filter(|(_, value)| !is_empty(value));
    Value::Map(
        entries
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(_) => false,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
    }
}

/// Writes an entry of a set, its lines `indent` spaces in.
pub(super) fn entry(text: &mut String, indent: usize, name: &str, value: &Value) {
    let space = " ".repeat(indent);
    let name = scalar(name);
    match value {
        Value::Text(value) => text.extend([space.as_str(), &name, ": ", &scalar(value), "\n"]),
        Value::List(items) => {
            text.extend([space.as_str(), &name, ":\n"]);
            for value in items {
                item(text, indent + 2, value);
            }
        }
        Value::Map(entries) => {
            text.extend([space.as_str(), &name, ":\n"]);
            for (name, value) in entries {
                entry(text, indent + 2, name, value);
            }
        }
    }
}

/// A list holds texts, and sets of texts.
fn item(text: &mut String, indent: usize, value: &Value) {
    let mut lines = String::new();
    match value {
        Value::Text(value) => {
            lines.extend([" ".repeat(indent + 2).as_str(), &scalar(value), "\n"]);
        }
        Value::Map(entries) => {
            for (name, value) in entries {
                entry(&mut lines, indent + 2, name, value);
            }
        }
        Value::List(_) => {}
    }
    // The dash takes the place of the first two spaces.
    let rest = lines.get(indent + 2..).unwrap_or_default();
    text.extend([" ".repeat(indent).as_str(), "- ", rest]);
}

/// A text as YAML has it, in one line.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let shown = |c: char| matches!(c, ' '..='~') || (c.is_alphanumeric() && !c.is_ascii());
    if text.chars().all(shown) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if shown(c) => quoted.push(c),
            c => quoted.push_str(&escaped(u32::from(c))),
        }
    }
    quoted + "\""
}

fn escaped(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Words of YAML 1.1 and 1.2 that are no texts, in lower case.
const WORDS: &[&str] = &["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// Whether a text means itself without quotes, to every YAML: no number, date or sign of YAML starts as it does.
fn is_plain(text: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$');
    text.starts_with(first)
        && text.chars().all(|c| matches!(c, ' '..='~'))
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([' ', ':'])
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}
