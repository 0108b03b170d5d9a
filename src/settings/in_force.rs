//! Every key of nixdyno.toml: the value in force and its place, or who decides where nobody said anything.
//!
//! Takes settings; gives rows in the order of the keys. Never a secret: only where it is read from.

use serde::Serialize;

use crate::inspect::Source;
use crate::plan::{NixArg, Wish, Wishes};

use super::Settings;

/// A key of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// As it stands in the file, such as `cache.substituters`.
    pub key: String,
    /// As it would be shown to a person; null when nobody said it.
    pub value: Option<String>,
    /// A flag, a variable, or the file; null when nobody said it.
    pub source: Option<Source>,
    /// What holds when nobody says it.
    pub otherwise: &'static str,
}

/// What holds for each key that nobody gave a value.
const KEYS: &[(&str, &str)] = &[
    ("accept-flake-config", "no"),
    ("app", "named by -a"),
    ("args", "none"),
    ("attr", "what inspection finds"),
    ("base", "the newest pinned nixos/nix"),
    ("build-args", "none"),
    ("cache-mounts", "no"),
    ("cache.substituters", "those of the base image"),
    ("cache.trusted-public-keys", "those of the base image"),
    ("compression", "auto"),
    ("dockerfile", "written by nixdyno"),
    ("file", "flake.nix, or else default.nix"),
    ("impure", "no"),
    ("max-layers", "30"),
    ("max-waste", "10"),
    ("nix-args", "none"),
    ("options", "none"),
    ("override-inputs", "none"),
    ("processes", "all that the project declares"),
    ("program", "what inspection finds"),
    ("prune", "nothing stays out"),
    ("region", "Heroku's default"),
    ("root", "scratch"),
    ("route", "direct where Nix builds here, or else docker"),
    ("secrets", "none"),
    ("secrets.ssh", "no"),
    ("with", "nothing"),
];

/// The rows: one for each key, and one for each entry where a key has several.
pub fn in_force(settings: &Settings) -> Vec<Row> {
    let said = said(settings);
    let mut rows = Vec::new();
    for (key, otherwise) in KEYS {
        let of_key = |(name, _, _): &&(String, String, Source)| {
            let rest = name.strip_prefix(key);
            name == key || rest.is_some_and(|it| it.starts_with(' '))
        };
        let before = rows.len();
        rows.extend(said.iter().filter(of_key).map(|(name, value, source)| Row {
            key: name.replacen(' ', ".", 1),
            value: Some(value.clone()),
            source: Some(source.clone()),
            otherwise,
        }));
        if rows.len() == before {
            let key = (*key).to_owned();
            rows.push(Row {
                key,
                value: None,
                source: None,
                otherwise,
            });
        }
    }
    rows
}

/// Key, value and place of all that was said. An entry of a table has the table's key before its own, and a space between.
fn said(settings: &Settings) -> Vec<(String, String, Source)> {
    let wishes = &settings.wishes;
    let mut said = Vec::new();
    let mut add = |key: &str, found: Option<(String, Source)>| {
        said.extend(found.map(|(value, source)| (key.to_owned(), value, source)));
    };
    add("app", one(wishes.app.as_ref()));
    add("attr", one(settings.attribute.as_ref()));
    add("base", one(wishes.base.as_ref()));
    add("compression", one(wishes.compression.as_ref()));
    add("max-layers", one(wishes.most_layers.as_ref()));
    add("max-waste", one(wishes.waste.as_ref()));
    add("dockerfile", one(wishes.dockerfile.as_ref()));
    add("file", one(settings.file.as_ref()));
    add("processes", all(wishes.processes.as_ref()));
    add("program", one(wishes.program.as_ref()));
    add("region", one(wishes.region.as_ref()));
    add("root", one(wishes.root.as_ref()));
    add("route", one(wishes.route.as_ref()));
    add("with", all(wishes.with.as_ref()));
    add(
        "cache.substituters",
        all(wishes.caches.substituters.as_ref()),
    );
    add(
        "cache.trusted-public-keys",
        all(wishes.caches.public_keys.as_ref()),
    );
    for (key, source) in [
        ("accept-flake-config", &wishes.caches.accept_flake_config),
        ("cache-mounts", &wishes.caches.cache_mounts),
        ("secrets.ssh", &wishes.caches.ssh),
    ] {
        add(
            key,
            source.clone().map(|source| ("true".to_owned(), source)),
        );
    }
    for line in &wishes.prune {
        add("prune", Some((line.entry.to_string(), line.source.clone())));
    }
    said.extend(tables(wishes));
    said
}

/// What has a name of its own: arguments, options, inputs, secrets.
fn tables(wishes: &Wishes) -> Vec<(String, String, Source)> {
    let mut said = Vec::new();
    for part in &wishes.nix {
        let words: Vec<&str> = part.words.iter().map(NixArg::as_str).collect();
        let (key, words) = match part.key.split_once(' ') {
            // The flag and the name are said by the key.
            Some((table, name)) => (format!("{table}s {name}"), words.get(2..)),
            None => (part.key.clone(), Some(words.as_slice())),
        };
        let value = match key.as_str() {
            "impure" => "true".to_owned(),
            _ => words.unwrap_or_default().join(" "),
        };
        said.push((key, value, part.source.clone()));
    }
    for (name, wish) in &wishes.build_args {
        let key = format!("build-args {name}");
        said.push((key, wish.value.to_string(), wish.source.clone()));
    }
    for (kind, wish) in &wishes.caches.secrets {
        let key = format!("secrets {kind}");
        said.push((key, wish.value.to_string(), wish.source.clone()));
    }
    said
}

fn one<T: std::fmt::Display>(wish: Option<&Wish<T>>) -> Option<(String, Source)> {
    wish.map(|wish| (wish.value.to_string(), wish.source.clone()))
}

fn all<T: std::fmt::Display>(wish: Option<&Wish<Vec<T>>>) -> Option<(String, Source)> {
    wish.map(|wish| {
        let values: Vec<String> = wish.value.iter().map(ToString::to_string).collect();
        (values.join(" "), wish.source.clone())
    })
}
