//! `nix path-info --json`, in five shapes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Result;

use super::store_path::store_path;
use super::{STORE, json, unknown};

const COMMAND: &str = "nix path-info --json";

/// What Nix knows of one store path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathInfo {
    /// The whole path, such as `/nix/store/HASH-NAME`.
    pub path: String,
    /// The size of its archive in bytes.
    pub nar_size: u64,
    /// The hash of its archive: `sha256-…`.
    pub nar_hash: String,
    /// Whole paths that it refers to, sorted; itself may be among them.
    pub references: Vec<String>,
    /// The derivation that made it.
    pub deriver: Option<String>,
    /// By what content it is addressed, in Nix's own words; absent for what a build made.
    pub ca: Option<String>,
    /// The size of its closure in bytes, when it was asked for with `-S`.
    pub closure_size: Option<u64>,
    /// `KEY:SIGNATURE`, as many as there are.
    pub signatures: Vec<String>,
}

/// An answer of `nix path-info --json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathInfos {
    /// What is known, by path.
    pub known: BTreeMap<String, PathInfo>,
    /// Paths that are not in the store, sorted.
    pub missing: Vec<String>,
}

/// Reads what `nix path-info --json` printed, with or without `-r` and `-S`.
///
/// Errors: `nix/unknown-format`.
pub fn path_infos(text: &str) -> Result<PathInfos> {
    let value = json(text, COMMAND)?;
    read(&value).ok_or_else(|| unknown(COMMAND, "it is no list and no map of store paths"))
}

fn read(value: &Value) -> Option<PathInfos> {
    let mut infos = PathInfos::default();
    match value {
        Value::Array(entries) => {
            for entry in entries {
                let path = entry.get("path")?.as_str()?;
                // Only some versions say `valid` of what is there: its absence means that it is.
                let valid = entry.get("valid").and_then(Value::as_bool).unwrap_or(true);
                infos.add(STORE, path, valid.then_some(entry))?;
            }
        }
        Value::Object(map) => {
            let (store, map) = unwrapped(map)?;
            for (path, entry) in map {
                infos.add(store, path, (!entry.is_null()).then_some(entry))?;
            }
        }
        _ => return None,
    }
    infos.missing.sort();
    Some(infos)
}

/// From the second form on the entries lie in `info`, and `storeDir` stands before base names.
fn unwrapped(map: &Map<String, Value>) -> Option<(&str, &Map<String, Value>)> {
    if map.contains_key("version") {
        let store = map.get("storeDir").map_or(Some(STORE), Value::as_str)?;
        return Some((store, map.get("info")?.as_object()?));
    }
    Some((STORE, map))
}

impl PathInfos {
    fn add(&mut self, store: &str, path: &str, entry: Option<&Value>) -> Option<()> {
        let path = store_path(store, path)?;
        match entry {
            None => self.missing.push(path),
            Some(entry) => {
                let info = info(store, path.clone(), entry)?;
                self.known.insert(path, info);
            }
        }
        Some(())
    }
}

fn info(store: &str, path: String, entry: &Value) -> Option<PathInfo> {
    // Later versions write `null` for what earlier ones leave out.
    let given = |key: &str| entry.get(key).filter(|value| !value.is_null());
    let mut references: Vec<String> = given("references")?
        .as_array()?
        .iter()
        .map(|it| store_path(store, it.as_str()?))
        .collect::<Option<_>>()?;
    references.sort();
    let deriver = match given("deriver").map(Value::as_str) {
        // A derivation that Nix has forgotten is named so.
        None | Some(Some("unknown-deriver")) => None,
        Some(deriver) => Some(store_path(store, deriver?)?),
    };
    let signatures = match given("signatures") {
        None => Vec::new(),
        Some(list) => list
            .as_array()?
            .iter()
            .map(signature)
            .collect::<Option<_>>()?,
    };
    Some(PathInfo {
        path,
        nar_size: given("narSize")?.as_u64()?,
        nar_hash: hash(given("narHash")?)?,
        references,
        deriver,
        ca: match given("ca") {
            None => None,
            Some(ca) => Some(address(ca)?),
        },
        closure_size: match given("closureSize") {
            None => None,
            Some(size) => Some(size.as_u64()?),
        },
        signatures,
    })
}

/// `sha256-…`, or the same in parts.
fn hash(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let part = |key: &str| value.get(key)?.as_str();
    let sri = part("format")? == "base64";
    let between = if sri { '-' } else { ':' };
    Some(format!("{}{between}{}", part("algorithm")?, part("hash")?))
}

/// `fixed:r:sha256:…`, or a method with a hash.
fn address(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let method = value.get("method")?.as_str()?;
    Some(format!("{method}:{}", hash(value.get("hash")?)?))
}

/// `KEY:SIGNATURE`, or the same in parts.
fn signature(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let part = |key: &str| value.get(key)?.as_str();
    Some(format!("{}:{}", part("keyName")?, part("sig")?))
}
