//! `nix build --json`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Result;

use super::store_path::store_path;
use super::{STORE, json, unknown};

const COMMAND: &str = "nix build --json";

/// One thing that was asked for, built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Built {
    /// A derivation.
    Derivation {
        /// Its path; of a derivation that another one makes, the path of that one.
        derivation: String,
        /// The path of each output by name; `None` when Nix can't say it yet.
        outputs: BTreeMap<String, Option<String>>,
    },
    /// A store path that was named as such.
    Path(String),
}

impl Built {
    /// The path of the output `out`, or of the only output.
    pub fn out(&self) -> Option<&str> {
        match self {
            Built::Path(path) => Some(path),
            Built::Derivation { outputs, .. } => {
                let only = outputs.values().next().filter(|_| outputs.len() == 1);
                outputs.get("out").or(only)?.as_deref()
            }
        }
    }
}

/// Reads what `nix build --json` printed, with or without `--dry-run`.
///
/// Errors: `nix/unknown-format`.
pub fn builds(text: &str) -> Result<Vec<Built>> {
    let value = json(text, COMMAND)?;
    let entries = value.as_array();
    let built = entries.and_then(|entries| entries.iter().map(built).collect());
    built.ok_or_else(|| unknown(COMMAND, "it is no list of derivations with outputs"))
}

fn built(entry: &Value) -> Option<Built> {
    // A path that was named as such was an object once, and is a bare text now.
    let opaque = entry.as_str().or_else(|| entry.get("path")?.as_str());
    if let Some(path) = opaque {
        return Some(Built::Path(store_path(STORE, path)?));
    }
    let mut derivation = entry.get("drvPath")?;
    while let Some(inner) = derivation.get("drvPath") {
        derivation = inner;
    }
    let outputs = entry.get("outputs")?.as_object()?.iter();
    let outputs = outputs.map(|(name, path)| {
        let path = match path {
            Value::Null => None,
            path => Some(store_path(STORE, path.as_str()?)?),
        };
        Some((name.clone(), path))
    });
    Some(Built::Derivation {
        derivation: store_path(STORE, derivation.as_str()?)?,
        outputs: outputs.collect::<Option<_>>()?,
    })
}
