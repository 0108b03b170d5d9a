//! YAML as a tree that knows where everything stands.
//!
//! Takes text; gives texts, lists and sets in their order, with lines, columns and bytes. Never: more than the small
//! limits of [`options`], an alias followed, so nothing can grow while it is read.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// Small limits: a person wrote the file.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 16,
            max_nodes: 4_000,
            max_events: 12_000,
            max_aliases: 0,
            max_anchors: 16,
            max_documents: 1,
        },
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        with_snippet: false,
    }
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    /// From 1.
    pub(super) line: u32,
    /// From 1.
    pub(super) column: u32,
    /// Its first byte, where that is known.
    pub(super) start: Option<usize>,
    /// The byte behind its last one.
    pub(super) end: Option<usize>,
}

impl At {
    pub(super) const START: At = At {
        line: 1,
        column: 1,
        start: Some(0),
        end: Some(0),
    };

    pub(super) fn of(location: &Location) -> Self {
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).max(1);
        let byte = |number: Option<u64>| number.and_then(|it| usize::try_from(it).ok());
        let span = location.span();
        let start = byte(span.byte_offset());
        let length = byte(span.byte_len());
        At {
            line: small(location.line()),
            column: small(location.column()),
            start,
            end: start
                .zip(length)
                .and_then(|(start, length)| start.checked_add(length)),
        }
    }
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Text(String),
    /// A number or a truth value, as it is written: YAML reads no text there.
    Other(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// The name of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) at: At,
    pub(super) name: String,
}

impl Node {
    /// Parses a text; an empty one is nothing.
    pub(super) fn parse(text: &str) -> Result<Node, serde_saphyr::Error> {
        let says_nothing =
            |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if text.lines().all(says_nothing) {
            return Ok(Node {
                at: At::START,
                kind: Kind::Null,
            });
        }
        let root: Spanned<Yaml> = serde_saphyr::from_str_with_options(text, options())?;
        Ok(node(root, text))
    }

    /// The entries of a set, and none of anything else.
    pub(super) fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&(Key, Node)> {
        self.entries().iter().find(|(key, _)| key.name == name)
    }

    /// The line of an entry below, or of the last part of the path that is there.
    pub(super) fn line(&self, path: &[&str]) -> u32 {
        let (mut node, mut line) = (self, self.at.line);
        for name in path {
            let Some((key, value)) = node.entry(name) else {
                break;
            };
            line = key.at.line;
            node = value;
        }
        line
    }

    /// The byte behind all that it holds.
    pub(super) fn end(&self) -> Option<usize> {
        let below: Vec<Option<usize>> = match &self.kind {
            Kind::List(items) => items.iter().map(Node::end).collect(),
            Kind::Map(entries) => entries
                .iter()
                .map(|(key, value)| key.at.end.max(value.end()))
                .collect(),
            Kind::Null => return None,
            Kind::Text(_) | Kind::Other(_) => return self.at.end,
        };
        below.into_iter().max().flatten()
    }
}

fn node(yaml: Spanned<Yaml>, text: &str) -> Node {
    let at = At::of(&yaml.referenced);
    let written = || {
        let slice = at
            .start
            .zip(at.end)
            .and_then(|(start, end)| text.get(start..end));
        slice.map(|it| it.trim().to_owned())
    };
    let kind = match yaml.value {
        Yaml::Null => Kind::Null,
        Yaml::Text(text) => Kind::Text(text),
        Yaml::Other(value) => Kind::Other(written().unwrap_or(value)),
        Yaml::List(items) => Kind::List(items.into_iter().map(|it| node(it, text)).collect()),
        Yaml::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let at = At::of(&key.referenced);
                    let name = key.value;
                    (Key { at, name }, node(value, text))
                })
                .collect(),
        ),
    };
    Node { at, kind }
}

/// As the parser gives it.
enum Yaml {
    Null,
    Text(String),
    Other(String),
    List(Vec<Spanned<Yaml>>),
    Map(Vec<(Spanned<String>, Spanned<Yaml>)>),
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Yaml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a set")
    }

    fn visit_unit<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_none<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Yaml, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
        Ok(Yaml::Other(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
        Ok(Yaml::Other(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Yaml, E> {
        Ok(Yaml::Other(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Yaml, E> {
        Ok(Yaml::Other(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Yaml, E> {
        Ok(Yaml::Other(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Yaml, E> {
        Ok(Yaml::Other(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
        Ok(Yaml::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Yaml, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Yaml::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Yaml, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Yaml::Map(map))
    }
}
