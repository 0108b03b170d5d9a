//! Changes a heroku.yml as text, so that comments, order and style stay.
//!
//! Takes the text, what it says and what it is to say; gives the text with only those lines changed. Each change is
//! made by places that the parser gives, and the result is read again: what isn't exactly what was wanted, or lacks a
//! comment, is no result.

use super::read;
use super::tree::{Kind, Node};
use super::types::HerokuYml;
use super::write::{Value, entry, scalar, value};

/// One entry to set.
#[derive(Debug)]
struct Change<'a> {
    path: Vec<&'a str>,
    value: &'a Value,
}

/// Changes `text`, which says `before`, so that it says `after`.
///
/// Errors: why it can't be done.
pub(super) fn edit(
    text: &str,
    before: &HerokuYml,
    after: &HerokuYml,
) -> Result<String, &'static str> {
    let (old, new) = (value(before), value(after));
    let mut changes = Vec::new();
    differences(&old, &new, &mut Vec::new(), &mut changes)?;
    let mut edited = text.to_owned();
    for change in &changes {
        let root = Node::parse(&edited).map_err(|_| LOST)?;
        edited = apply(&edited, &root, change)?;
    }
    if read::read(&edited).ok().as_ref() != Some(after) {
        return Err(LOST);
    }
    if !comments_stay(text, &edited) {
        return Err("a comment stands inside of what must change");
    }
    Ok(edited)
}

const LOST: &str = "it is written in a way that can't be changed line by line";

/// The entries of `new` that `old` lacks or has otherwise. Nothing is ever removed.
fn differences<'a>(
    old: &Value,
    new: &'a Value,
    path: &mut Vec<&'a str>,
    changes: &mut Vec<Change<'a>>,
) -> Result<(), &'static str> {
    let (Value::Map(old), Value::Map(new)) = (old, new) else {
        return Err(LOST);
    };
    for (name, value) in new {
        let found = old
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, it)| it);
        path.push(name);
        match (found, value) {
            (Some(found), _) if found == value => {}
            (Some(found @ Value::Map(_)), Value::Map(_)) => {
                differences(found, value, path, changes)?;
            }
            _ => changes.push(Change {
                path: path.clone(),
                value,
            }),
        }
        path.pop();
    }
    Ok(())
}

fn apply(text: &str, root: &Node, change: &Change<'_>) -> Result<String, &'static str> {
    let mut node = root;
    let mut key = None;
    let mut rest = change.path.as_slice();
    while let Some((name, below)) = rest.split_first() {
        let Some((found, value)) = node.entry(name) else {
            break;
        };
        (key, node, rest) = (Some(found), value, below);
    }
    let Some((name, below)) = rest.split_first() else {
        let (Some(key), Some(name)) = (key, change.path.last()) else {
            return Err(LOST);
        };
        return replace(text, key.at.start, node, name, change.value);
    };
    let nested = below
        .iter()
        .rev()
        .fold(change.value.clone(), |value, name| {
            Value::Map(vec![((*name).to_owned(), value)])
        });
    match (&node.kind, key) {
        (Kind::Map(entries), _) => {
            let first = entries.first().ok_or(LOST)?;
            let indent = column(text, first.0.at.start.ok_or(LOST)?)?;
            insert(
                text,
                behind(text, node.end().ok_or(LOST)?),
                indent,
                name,
                &nested,
            )
        }
        // A section with nothing in it.
        (Kind::Null, Some(key)) => {
            let start = key.at.start.ok_or(LOST)?;
            let indent = column(text, start)? + 2;
            insert(
                text,
                behind(text, key.at.end.ok_or(LOST)?),
                indent,
                name,
                &nested,
            )
        }
        // A file with nothing in it.
        (Kind::Null, None) => insert(text, text.len(), 0, name, &nested),
        _ => Err(LOST),
    }
}

/// How many spaces stand before a place, which nothing else may.
fn column(text: &str, at: usize) -> Result<usize, &'static str> {
    let before = text.get(..at).ok_or(LOST)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.chars().all(|c| c == ' ') {
        Ok(line.len())
    } else {
        Err(LOST)
    }
}

/// The start of the line behind the one that ends at or holds the byte before `at`.
fn behind(text: &str, at: usize) -> usize {
    let held = at.saturating_sub(1);
    let rest = text.as_bytes().get(held..).unwrap_or_default();
    let line = rest.iter().position(|byte| *byte == b'\n');
    line.map_or(text.len(), |line| held + line + 1)
}

fn insert(
    text: &str,
    at: usize,
    indent: usize,
    name: &str,
    value: &Value,
) -> Result<String, &'static str> {
    let (before, after) = text.split_at_checked(at).ok_or(LOST)?;
    let mut lines = String::new();
    entry(&mut lines, indent, name, value);
    let line_end = line_end(text);
    let mut edited = before.to_owned();
    if !before.is_empty() && !before.ends_with('\n') {
        edited.push_str(line_end);
    }
    // As the sections before it are apart.
    if indent == 0 && has_blank_lines(text) {
        edited.push_str(line_end);
    }
    edited.push_str(&lines.replace('\n', line_end));
    edited.push_str(after);
    Ok(edited)
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Whether sections are apart by an empty line.
fn has_blank_lines(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    lines.windows(2).any(|pair| {
        matches!(pair, [blank, key] if blank.trim().is_empty() && key.starts_with(|c: char| c == '#' || c.is_ascii_alphabetic()))
    })
}

/// Puts another value in the place of an entry's.
fn replace(
    text: &str,
    key: Option<usize>,
    old: &Node,
    name: &str,
    value: &Value,
) -> Result<String, &'static str> {
    let (Some(key), Some(start)) = (key, old.at.start) else {
        return Err(LOST);
    };
    let end = old.end().ok_or(LOST)?;
    let one_line = text.get(start..end).is_some_and(|it| !it.contains('\n'));
    if let (Value::Text(value), Kind::Text(_) | Kind::Other(_), true) = (value, &old.kind, one_line)
    {
        let (before, after) = (text.get(..start).ok_or(LOST)?, text.get(end..).ok_or(LOST)?);
        return Ok(format!("{before}{}{after}", scalar(value)));
    }
    let indent = column(text, key)?;
    let line = key - indent;
    let (before, after) = (
        text.get(..line).ok_or(LOST)?,
        text.get(behind(text, end)..).ok_or(LOST)?,
    );
    let mut lines = String::new();
    entry(&mut lines, indent, name, value);
    let lines = lines.replace('\n', line_end(text));
    Ok(format!("{before}{lines}{after}"))
}

/// Whether every comment of the old text ends a line of the new one. A text with ` #` in it counts as one.
fn comments_stay(old: &str, new: &str) -> bool {
    old.lines().filter_map(comment).all(|comment| {
        let mut lines = new.lines();
        lines.any(|line| line.trim_end().ends_with(comment))
    })
}

fn comment(line: &str) -> Option<&str> {
    let line = line.trim_end();
    if line.trim_start().starts_with('#') {
        return Some(line.trim_start());
    }
    line.find(" #").and_then(|at| line.get(at + 1..))
}
