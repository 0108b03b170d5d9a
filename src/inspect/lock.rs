//! Reads `flake.lock`: what each input is pinned to.
//!
//! Takes the text; gives one [`Pin`] for each direct input, and one for each input that is a path inside
//! the project, wherever it stands. Versions 5 to 7 of the file differ in what a node holds, not in how
//! nodes hang together, so the shape is read and the number is not asked.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};

use crate::error::{Error, Result};

use super::files;
use super::project::{Pin, Source};

const NAME: &str = "flake.lock";
/// How many `follows` lead to an input at most, those on the way included; more is a circle.
const MOST_FOLLOWS: usize = 256;

/// The pins of `dir/flake.lock`, sorted by name; `None` without that file.
pub(super) fn read(dir: &Path) -> Result<Option<Vec<Pin>>> {
    let text = files::read(dir, Path::new(NAME))?;
    text.map(|text| parse(&text)).transpose()
}

/// Parses the text of a flake.lock.
pub(super) fn parse(text: &str) -> Result<Vec<Pin>> {
    let lock: Value = serde_json::from_str(text).map_err(|error| {
        // serde_json says the place itself: `expected value at line 1 column 2`.
        bad(
            &format!("it is not JSON: {error}"),
            &format!("line {}", error.line()),
        )
    })?;
    let nodes = lock.get("nodes").and_then(Value::as_object);
    let nodes = nodes.ok_or_else(|| bad("there is no set of nodes", "nodes"))?;
    let root = lock.get("root").and_then(Value::as_str);
    let root = root.ok_or_else(|| bad("the root has no name", "root"))?;
    let lock = Lock { nodes, root };
    let mut pins = BTreeMap::new();
    for (name, target) in lock.inputs(root)? {
        let key = lock.resolve(target, &format!("nodes.{root}.inputs.{name}"), &mut 0)?;
        // An input may follow the flake itself.
        if key != root {
            pins.insert(name.clone(), lock.pin(name, key)?);
        }
    }
    for key in nodes.keys() {
        let pin = if key == root {
            continue;
        } else {
            lock.pin(key, key)?
        };
        let known = pins.values().any(|known| known.path == pin.path);
        if pin.path.is_some() && !known {
            pins.entry(key.clone()).or_insert(pin);
        }
    }
    Ok(pins.into_values().collect())
}

struct Lock<'a> {
    nodes: &'a Map<String, Value>,
    root: &'a str,
}

impl<'a> Lock<'a> {
    fn node(&self, key: &str) -> Result<&'a Map<String, Value>> {
        let node = self.nodes.get(key).and_then(Value::as_object);
        node.ok_or_else(|| {
            bad(
                &format!("there is no node `{key}`"),
                &format!("nodes.{key}"),
            )
        })
    }

    fn inputs(&self, key: &str) -> Result<Vec<(&'a String, &'a Value)>> {
        match self.node(key)?.get("inputs") {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(inputs)) => Ok(inputs.iter().collect()),
            Some(_) => Err(bad(
                "the inputs are not a set",
                &format!("nodes.{key}.inputs"),
            )),
        }
    }

    /// The key of the node that an input leads to: a name, or a path of inputs from the root (`follows`).
    fn resolve(&self, target: &'a Value, place: &str, follows: &mut usize) -> Result<&'a str> {
        *follows += 1;
        if *follows > MOST_FOLLOWS {
            return Err(bad("its `follows` lead in a circle", place));
        }
        match target {
            Value::String(key) => Ok(key),
            Value::Array(path) => {
                let mut key = self.root;
                for name in path {
                    let name = name
                        .as_str()
                        .ok_or_else(|| bad("a `follows` is not text", place))?;
                    let inputs = self.node(key)?.get("inputs").and_then(Value::as_object);
                    let next = inputs.and_then(|inputs| inputs.get(name));
                    let next = next.ok_or_else(|| {
                        bad(&format!("it follows `{name}`, which isn't there"), place)
                    })?;
                    key = self.resolve(next, place, follows)?;
                }
                Ok(key)
            }
            _ => Err(bad("an input is neither a name nor a path of names", place)),
        }
    }

    fn pin(&self, name: &str, key: &str) -> Result<Pin> {
        let node = self.node(key)?;
        let place = format!("nodes.{key}.locked");
        let locked = node.get("locked").and_then(Value::as_object);
        let locked = locked.ok_or_else(|| bad("it isn't locked", &place))?;
        let text = |key: &str| locked.get(key).and_then(Value::as_str).map(str::to_owned);
        let kind = text("type").ok_or_else(|| bad("it has no type", &place))?;
        let path = text("path").filter(|_| kind == "path");
        Ok(Pin {
            name: name.to_owned(),
            kind,
            revision: text("rev"),
            nar_hash: text("narHash"),
            path: path.and_then(|path| inside(&path)),
            source: Source::file(NAME, None),
        })
    }
}

/// The path as one inside the project; `None` when it is elsewhere.
fn inside(path: &str) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => clean.push(name),
            Component::CurDir => {}
            Component::ParentDir if clean.pop() => {}
            _ => return None,
        }
    }
    Some(clean)
}

fn bad(what: &str, place: &str) -> Error {
    Error::user(
        "inspect/lock",
        format!("flake.lock can't be read: {what}"),
        "make it anew: `rm flake.lock && nix flake lock`",
    )
    .at(format!("{NAME}: {place}"))
    .because("the build is pinned by it")
    .or("or take the last good one: `git checkout flake.lock`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn follows_and_relative_paths_are_found() {
        let text = r#"{
            "nodes": {
                "deep": { "locked": { "path": "./x/../lib/deep", "type": "path" } },
                "far": { "locked": { "path": "/nix/elsewhere", "type": "path" } },
                "nixpkgs_2": { "locked": { "type": "github", "rev": "abc", "narHash": "sha256-x" } },
                "utils": { "inputs": { "pkgs": "nixpkgs_2" }, "locked": { "type": "tarball" } },
                "root": { "inputs": { "nixpkgs": ["utils", "pkgs"], "utils": "utils", "self2": [] } }
            },
            "root": "root", "version": 7
        }"#;
        let pins = parse(text).unwrap();
        let shown: Vec<_> = pins
            .iter()
            .map(|pin| (pin.name.as_str(), pin.kind.as_str(), pin.path.clone()))
            .collect();
        assert_eq!(
            shown,
            [
                ("deep", "path", Some(PathBuf::from("lib/deep"))),
                ("nixpkgs", "github", None),
                ("utils", "tarball", None),
            ]
        );
    }

    #[test]
    fn a_wrong_lock_is_shown_with_its_place() {
        let errors: Vec<_> = [
            "{",
            "[]",
            r#"{ "nodes": {} }"#,
            r#"{ "nodes": {}, "root": "root" }"#,
            r#"{ "nodes": { "root": { "inputs": { "a": "b" } } }, "root": "root" }"#,
            r#"{ "nodes": { "root": { "inputs": { "a": ["a"] } } }, "root": "root" }"#,
            r#"{ "nodes": { "root": { "inputs": { "a": 1 } } }, "root": "root" }"#,
            r#"{ "nodes": { "root": { "inputs": { "a": "a" } }, "a": { "locked": {} } }, "root": "root" }"#,
        ]
        .map(|text| parse(text).unwrap_err().to_string())
        .into();
        insta::assert_snapshot!(errors.join("\n\n"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s).{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_follows_hang(paths in prop::collection::vec(prop::collection::vec(0..4_usize, 0..4), 4)) {
            let inputs: Map<String, Value> = paths
                .iter()
                .enumerate()
                .map(|(name, path)| {
                    let path = path.iter().map(|step| Value::from(step.to_string())).collect();
                    (name.to_string(), Value::Array(path))
                })
                .collect();
            let lock = serde_json::json!({ "nodes": { "root": { "inputs": inputs } }, "root": "root" });
            let _ = parse(&lock.to_string());
        }
    }
}
