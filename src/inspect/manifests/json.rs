//! Asks JSON for words with their place.
//!
//! Takes the text of a manifest; gives its object, and where the keys of its first two levels stand.
//! A text that is no JSON object gives nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Said;
use super::file::File;

/// A manifest in JSON.
pub(super) struct Object {
    pub(super) root: Map<String, Value>,
    /// By `key` or `outer` NUL `inner`.
    places: BTreeMap<String, usize>,
}

impl Object {
    pub(super) fn of(text: &str) -> Option<Self> {
        let Value::Object(root) = serde_json::from_str(text).ok()? else {
            return None;
        };
        let places = places(text);
        Some(Object { root, places })
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.root.get(key)
    }

    pub(super) fn inner(&self, outer: &str, key: &str) -> Option<&Value> {
        self.root.get(outer)?.get(key)
    }

    /// The keys of an inner object, sorted.
    pub(super) fn keys(&self, outer: &str) -> impl Iterator<Item = &String> {
        let object = self.root.get(outer).and_then(Value::as_object);
        object.into_iter().flat_map(Map::keys)
    }

    /// Where a key stands.
    pub(super) fn at(&self, key: &str) -> usize {
        self.places.get(key).copied().unwrap_or(0)
    }

    /// Where a key of an inner object stands.
    pub(super) fn at_inner(&self, outer: &str, key: &str) -> usize {
        let place = self.places.get(&format!("{outer}\0{key}"));
        place.copied().unwrap_or_else(|| self.at(outer))
    }

    /// The string of a key, with its place.
    pub(super) fn said(&self, file: &File<'_>, key: &str) -> Option<Said> {
        Some(file.said(self.get(key)?.as_str()?, self.at(key)))
    }

    /// The string of a key of an inner object, with its place.
    pub(super) fn said_inner(&self, file: &File<'_>, outer: &str, key: &str) -> Option<Said> {
        let value = self.inner(outer, key)?.as_str()?;
        Some(file.said(value, self.at_inner(outer, key)))
    }
}

/// The strings of a JSON array, or the one string.
pub(super) fn strings(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Where the keys of the first two levels stand. The text is known to be JSON.
fn places(text: &str) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    let (mut depth, mut outer) = (0_usize, String::new());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = end_of_string(text, at + 1);
                let word = text.get(at + 1..end).unwrap_or_default();
                let rest = text.get(end + 1..).unwrap_or_default();
                if rest.trim_start().starts_with(':') {
                    if depth == 1 {
                        word.clone_into(&mut outer);
                        places.insert(word.to_owned(), at);
                    } else if depth == 2 {
                        places.insert(format!("{outer}\0{word}"), at);
                    }
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    places
}

/// Where the string that begins at `from` ends.
fn end_of_string(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}
