//! What a flake says before its outputs: inputs and settings.

use std::collections::BTreeMap;

use super::flake::Input;
use super::reader::Reader;
use super::value::{Lazy, Place, Set, Value};

/// Declared inputs, and those that only stand as arguments of `outputs`, sorted by name.
pub(super) fn declared(reader: &Reader, flake: &Set) -> Vec<Input> {
    let mut found: BTreeMap<String, Input> = BTreeMap::new();
    if let Some(inputs) = flake.attributes.get("inputs")
        && let Value::Set(inputs) = reader.force(inputs)
    {
        for (name, lazy) in &inputs.attributes {
            found.insert(name.to_string(), input(reader, name, lazy));
        }
    }
    let outputs = flake.attributes.get("outputs");
    if let Some((outputs, Value::Function(function))) = outputs.map(|it| (it, reader.force(it))) {
        for name in Reader::argument_names(&function) {
            let only_argument = || Input {
                name: name.clone(),
                url: None,
                follows: false,
                place: outputs.place(),
            };
            found.entry(name.clone()).or_insert_with(only_argument);
        }
    }
    found.remove("self");
    found.into_values().collect()
}

fn input(reader: &Reader, name: &str, lazy: &Lazy) -> Input {
    let mut input = Input {
        name: name.to_owned(),
        url: None,
        follows: false,
        place: lazy.place(),
    };
    let Value::Set(set) = reader.force(lazy) else {
        return input;
    };
    let text = |name: &str| match reader.force(set.attributes.get(name)?) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    input.follows = set.attributes.contains_key("follows");
    input.url = text("url");
    if let Some(place) = set.attributes.get("url").and_then(Lazy::place) {
        input.place = Some(place);
    }
    let Some(kind) = text("type") else {
        return input;
    };
    let tail = text("ref").or_else(|| text("rev"));
    input.url = match kind.as_str() {
        "github" | "gitlab" | "sourcehut" => {
            let repository = text("owner").zip(text("repo"));
            repository.map(|(owner, repo)| match tail {
                Some(tail) => format!("{kind}:{owner}/{repo}/{tail}"),
                None => format!("{kind}:{owner}/{repo}"),
            })
        }
        "git" | "hg" => input.url.map(|url| format!("{kind}+{url}")),
        "path" => text("path").map(|path| format!("path:{path}")),
        "indirect" => text("id").map(|id| format!("flake:{id}")),
        _ => input.url,
    };
    input
}

/// `nixConfig`: each setting with its words.
pub(super) fn nix_config(reader: &Reader, flake: &Set) -> Vec<(String, Vec<String>, Place)> {
    let config = flake.attributes.get("nixConfig");
    let Some(Value::Set(config)) = config.map(|config| reader.force(config)) else {
        return Vec::new();
    };
    let settings = config.attributes.iter().filter_map(|(name, lazy)| {
        let words = match reader.force(lazy) {
            Value::List(_) => reader
                .texts(lazy)?
                .iter()
                .map(ToString::to_string)
                .collect(),
            Value::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
            Value::Plain(word) => vec![word.to_owned()],
            Value::Number(number) => vec![number.to_string()],
            _ => Vec::new(),
        };
        Some((name.to_string(), words, lazy.place()?))
    });
    settings.collect()
}
