//! `nix flake metadata --json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::error::Result;

use super::{json, unknown};

const COMMAND: &str = "nix flake metadata --json";

/// What Nix says of a flake without evaluating its outputs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlakeMetadata {
    /// The flake's own words.
    pub description: Option<String>,
    /// The reference it was found by, with what pins it.
    pub url: Option<String>,
    /// Its folder in the store.
    pub path: Option<String>,
    /// The commit, of a clean checkout.
    pub revision: Option<String>,
    /// The commit with `-dirty` behind it, of a changed checkout. Older versions say nothing then.
    pub dirty_revision: Option<String>,
    /// Seconds since 1970.
    pub last_modified: Option<u64>,
    /// The attributes of the reference, with what pins it.
    pub locked: Option<BTreeMap<String, Value>>,
    /// The lock, as `flake.lock` would hold it.
    pub locks: Locks,
}

/// A lock: a graph of inputs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Locks {
    /// The version of the lock's form; 7 for years now.
    pub version: u32,
    /// The key of the flake's own node.
    pub root: String,
    /// All nodes by key.
    pub nodes: BTreeMap<String, Node>,
}

/// One input in a lock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Node {
    /// Its own inputs.
    #[serde(default)]
    pub inputs: BTreeMap<String, Input>,
    /// The reference with what pins it; absent for the flake itself.
    pub locked: Option<BTreeMap<String, Value>>,
    /// The reference as written.
    pub original: Option<BTreeMap<String, Value>>,
    /// Whether it is taken as a flake.
    #[serde(default = "yes")]
    pub flake: bool,
}

fn yes() -> bool {
    true
}

/// What an input's name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Input {
    /// The key of a node.
    Node(String),
    /// Names of inputs to follow from the root on.
    Follows(Vec<String>),
}

impl Locks {
    /// The flake's own inputs, those that follow another one resolved.
    pub fn direct(&self) -> BTreeMap<&str, &Node> {
        let inputs = self.nodes.get(&self.root).map(|node| &node.inputs);
        let inputs = inputs.into_iter().flatten();
        let found = inputs.map(|(name, input)| Some((name.as_str(), self.resolve(input)?)));
        found.flatten().collect()
    }

    fn resolve(&self, input: &Input) -> Option<&Node> {
        let mut input = input.clone();
        // A lock made by hand may follow itself.
        for _ in 0..=self.nodes.len() {
            let path = match input {
                Input::Node(key) => return self.nodes.get(&key),
                Input::Follows(path) => path,
            };
            let (last, before) = path.split_last()?;
            let mut node = self.nodes.get(&self.root)?;
            for name in before {
                let Input::Node(key) = node.inputs.get(name)? else {
                    return None;
                };
                node = self.nodes.get(key)?;
            }
            input = node.inputs.get(last)?.clone();
        }
        None
    }
}

/// Reads what `nix flake metadata --json` printed.
///
/// Errors: `nix/unknown-format`.
pub fn flake_metadata(text: &str) -> Result<FlakeMetadata> {
    let value = json(text, COMMAND)?;
    serde_json::from_value(value).map_err(|error| unknown(COMMAND, error.to_string()))
}
