//! `nix derivation show`, and `nix show-derivation` before it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Result;

use super::store_path::store_path;
use super::{STORE, json, unknown};

const COMMAND: &str = "nix derivation show";

/// A derivation: what is built, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// Its own path, ending in `.drv`.
    pub path: String,
    /// Its name, with the version; older versions leave it to the path.
    pub name: String,
    /// Such as `x86_64-linux`.
    pub system: String,
    /// The program that builds it.
    pub builder: String,
    /// That program's arguments.
    pub args: Vec<String>,
    /// That program's environment.
    pub env: BTreeMap<String, String>,
    /// The path of each output by name; `None` where only the build can tell.
    pub outputs: BTreeMap<String, Option<String>>,
    /// Outputs of other derivations that it needs, by the derivation's path.
    pub input_derivations: BTreeMap<String, Vec<String>>,
    /// Store paths that it needs as they are.
    pub input_sources: Vec<String>,
}

/// Reads what `nix derivation show` printed, with or without `--recursive`.
///
/// Errors: `nix/unknown-format`.
pub fn derivations(text: &str) -> Result<BTreeMap<String, Derivation>> {
    let value = json(text, COMMAND)?;
    read(&value).ok_or_else(|| unknown(COMMAND, "it is no map of derivations"))
}

fn read(value: &Value) -> Option<BTreeMap<String, Derivation>> {
    let map = value.as_object()?;
    let (store, map) = if map.contains_key("version") {
        let store = map.get("storeDir").map_or(Some(STORE), Value::as_str)?;
        (store, map.get("derivations")?.as_object()?)
    } else {
        (STORE, map)
    };
    let all = map.iter().map(|(path, entry)| {
        let path = store_path(store, path)?;
        let derivation = derivation(store, path.clone(), entry)?;
        Some((path, derivation))
    });
    all.collect()
}

fn derivation(store: &str, path: String, entry: &Value) -> Option<Derivation> {
    let text = |key: &str| Some(entry.get(key)?.as_str()?.to_owned());
    // From version 4 on, `inputs` holds both kinds.
    let input = |old: &str, new: &str| match entry.get("inputs") {
        Some(inputs) => inputs.get(new),
        None => entry.get(old),
    };
    let (_, base) = path.rsplit_once('/')?;
    let in_path = base.split_once('-')?.1.trim_end_matches(".drv").to_owned();
    let env = entry.get("env").and_then(Value::as_object);
    let env = env.into_iter().flatten();
    let env = env.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Some(Derivation {
        name: text("name").unwrap_or(in_path),
        system: text("system")?,
        builder: text("builder")?,
        args: texts(entry.get("args")?)?,
        env: env.collect::<Option<_>>()?,
        outputs: outputs(store, entry.get("outputs")?.as_object()?)?,
        input_derivations: needed(store, input("inputDrvs", "drvs")?.as_object()?)?,
        input_sources: texts(input("inputSrcs", "srcs")?)?
            .iter()
            .map(|it| store_path(store, it))
            .collect::<Option<_>>()?,
        path,
    })
}

fn outputs(store: &str, map: &Map<String, Value>) -> Option<BTreeMap<String, Option<String>>> {
    let all = map.iter().map(|(name, output)| {
        let path = match output.get("path") {
            None | Some(Value::Null) => None,
            Some(path) => Some(store_path(store, path.as_str()?)?),
        };
        Some((name.clone(), path))
    });
    all.collect()
}

/// A list of outputs once; an object with such a list since there are outputs of outputs.
fn needed(store: &str, map: &Map<String, Value>) -> Option<BTreeMap<String, Vec<String>>> {
    let all = map.iter().map(|(path, needed)| {
        let outputs = needed.get("outputs").unwrap_or(needed);
        Some((store_path(store, path)?, texts(outputs)?))
    });
    all.collect()
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter();
    texts.map(|it| it.as_str().map(str::to_owned)).collect()
}
