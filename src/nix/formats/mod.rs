//! Reads the JSON that Nix prints, by its shape.
//!
//! Takes the text that a `nix … --json` printed; gives typed values in one form, whoever's Nix it was.
//! The forms have changed many times, and the makers of Nix don't count in step: a version says
//! nothing here, a key that is there or not says all. Never: a guess at a form that isn't known, a
//! panic, a text too large to be an answer.

mod build;
mod derivation;
mod flake;
mod path_info;
mod store_path;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

pub use build::{Built, builds};
pub use derivation::{Derivation, derivations};
pub use flake::{FlakeMetadata, Input, Locks, Node, flake_metadata};
pub use path_info::{PathInfo, PathInfos, path_infos};

/// No answer is larger: the facts on all paths of a large closure take some ten megabytes.
const MOST_BYTES: usize = 64 << 20;

/// Where store paths lie unless the answer says otherwise.
const STORE: &str = "/nix/store";

/// Reads what `nix eval --json` printed: the value itself, in the one form that JSON has for it.
///
/// Errors: `nix/unknown-format`, also when the value has another form than `T`.
pub fn eval<T: DeserializeOwned>(text: &str) -> Result<T> {
    let value = json(text, "nix eval --json")?;
    serde_json::from_value(value).map_err(|error| unknown("nix eval --json", error.to_string()))
}

/// Any JSON of a sensible size.
fn json(text: &str, command: &str) -> Result<Value> {
    if text.len() > MOST_BYTES {
        let why = format!("it is {} MiB large", text.len() >> 20);
        return Err(unknown(command, why));
    }
    serde_json::from_str(text.trim()).map_err(|error| unknown(command, error.to_string()))
}

fn unknown(command: &str, why: impl Into<String>) -> Error {
    let what = format!("`{command}` answered in a form that nixdyno does not know");
    let todo = "report it with what `nix --version` says; with Docker nixdyno does without: `--route docker`";
    Error::user("nix/unknown-format", what, todo).because(why)
}
