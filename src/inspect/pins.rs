//! Pins of a default.nix: niv's and npins' source files, and `fetchTarball` with a hash.
//!
//! Takes the directory and the file's text; gives [`Pin`]s sorted by name. Both tools changed their
//! files over time, so every value that looks like a revision or a hash is taken, and nothing is required.

use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};

use super::files;
use super::project::{Pin, Source};

/// The tools' files, and where in each the named sources stand.
const FILES: &[(&str, &str)] = &[("nix/sources.json", ""), ("npins/sources.json", "/pins")];

/// The pins of all known files.
pub(super) fn read(dir: &Path) -> Result<Vec<Pin>> {
    let mut pins = Vec::new();
    for (file, inside) in FILES {
        if let Some(text) = files::read(dir, Path::new(file))? {
            pins.extend(parse(file, inside, &text)?);
        }
    }
    pins.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pins)
}

fn parse(file: &str, inside: &str, text: &str) -> Result<Vec<Pin>> {
    let bad = |what: String| {
        Error::user(
            "inspect/sources",
            format!("`{file}` can't be read: {what}"),
            format!("make it anew with the tool that wrote it, or `git checkout {file}`"),
        )
        .at(file)
    };
    let json: Value = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
    let sources = json.pointer(inside).and_then(Value::as_object);
    let sources = sources.ok_or_else(|| bad("there is no set of sources".to_owned()))?;
    Ok(sources
        .iter()
        .map(|(name, source)| pin(file, name, source))
        .collect())
}

fn pin(file: &str, name: &str, source: &Value) -> Pin {
    let text = |keys: &[&str]| {
        let found = keys
            .iter()
            .find_map(|key| source.get(key).and_then(Value::as_str));
        found.map(str::to_owned)
    };
    Pin {
        name: name.to_owned(),
        kind: text(&["type"])
            .unwrap_or_else(|| "tarball".to_owned())
            .to_lowercase(),
        revision: text(&["rev", "revision"]),
        // niv writes Nix's own base 32, npins either: only an SRI hash may be called one.
        nar_hash: text(&["hash", "sha256"]).filter(|hash| hash.starts_with("sha256-")),
        path: None,
        source: Source::file(file, None),
    }
}
