//! Gives an image the same ID whenever and with whatever builder it was built.
//!
//! Builders write the time of the build into an image's config, and so into its ID; only `BuildKit`
//! from 0.11 on can be told not to. Heroku makes a release for every new ID, so an unchanged app would
//! be released again by every machine. An image is therefore sealed: its config is written anew
//! without times and traces of the builder, and loaded over the same layers. The archive holds no
//! layers: an engine that has them already doesn't read them (measured with engines 20.10 and 26.1).

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::names::Digest;
use crate::shell::{Cmd, Runner, Tool};

/// The time that everything in an image has, as everything in the Nix store: one second after 1970.
const TIME: &str = "1970-01-01T00:00:01Z";

/// The uncompressed digest of a layer without files, as `WORKDIR` leaves one behind in `BuildKit`.
const EMPTY_LAYER: &str = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/// The parts of a container's config that mean something to who runs it, sorted.
const KEPT: [&str; 13] = [
    "Cmd",
    "Entrypoint",
    "Env",
    "ExposedPorts",
    "Healthcheck",
    "Labels",
    "OnBuild",
    "Shell",
    "StopSignal",
    "StopTimeout",
    "User",
    "Volumes",
    "WorkingDir",
];

/// A sealed image, ready to be loaded.
pub(super) struct Sealed {
    /// Loads it.
    pub(super) load: Cmd,
    /// Its ID: the digest of its config. A dry run has none.
    pub(super) id: Option<Digest>,
}

/// Writes the archive of a sealed image beside `dir`'s other files.
///
/// Errors: `docker/seal` when the image's own description can't be read or the archive not written.
pub(super) fn seal(
    runner: &dyn Runner,
    dir: &Path,
    from: &str,
    name: &str,
    tags: &[String],
) -> Result<Sealed> {
    let ask = Cmd::reads(Tool::Docker)
        .args(["image", "inspect", from])
        .pretend("[]");
    let answer = runner.capture(&ask)?;
    let archive = format!("{name}.tar");
    let load = Cmd::writes(Tool::Docker)
        .dir(dir)
        .deadline(Duration::from_secs(15 * 60))
        .args(["load", "--input", &archive]);
    // In a dry run there is no image to describe, and the command is all that is wanted.
    if runner.is_dry() {
        return Ok(Sealed { load, id: None });
    }
    let config = config(&answer.stdout)?;
    fs_err::write(dir.join(&archive), pack(&config, tags)?).map_err(|error| refuse(&error))?;
    let id = format!(
        "sha256:{}",
        hex(&Sha256::digest(config.to_string().as_bytes()))
    );
    Ok(Sealed {
        load,
        id: id.parse().ok(),
    })
}

/// The sealed config of an image that `docker image inspect` describes.
fn config(inspected: &str) -> Result<Value> {
    let images: Vec<Map<String, Value>> =
        serde_json::from_str(inspected).map_err(|error| refuse(&error))?;
    let image = images
        .into_iter()
        .next()
        .ok_or_else(|| refuse(&"no such image"))?;
    let layers = image
        .get("RootFS")
        .and_then(|root| root.get("Layers"))
        .and_then(Value::as_array)
        .ok_or_else(|| refuse(&"it has no layers"))?;
    let mut layers = layers.clone();
    while layers.last().is_some_and(|layer| layer == EMPTY_LAYER) {
        layers.pop();
    }
    let container = image.get("Config").and_then(Value::as_object);
    let kept: Map<String, Value> = KEPT
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), container?.get(key)?.clone())))
        .filter(|(_, value)| !value.is_null() && *value != json!("") && *value != json!({}))
        .collect();
    let history = vec![json!({"created": TIME, "created_by": "nixdyno"}); layers.len()];
    Ok(json!({
        "architecture": image.get("Architecture"),
        "config": kept,
        "created": TIME,
        "history": history,
        "os": image.get("Os"),
        "rootfs": {"type": "layers", "diff_ids": layers},
    }))
}

/// A `docker load` archive of a config alone.
fn pack(config: &Value, tags: &[String]) -> Result<Vec<u8>> {
    let text = config.to_string();
    let name = format!("{}.json", hex(&Sha256::digest(text.as_bytes())));
    let layers = config
        .pointer("/rootfs/diff_ids")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let layers: Vec<String> = (0..layers)
        .map(|layer| format!("{layer}/layer.tar"))
        .collect();
    let manifest = json!([{"Config": name, "RepoTags": tags, "Layers": layers}]).to_string();
    let mut archive = tar::Builder::new(Vec::new());
    for (name, text) in [(name.as_str(), &text), ("manifest.json", &manifest)] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1);
        archive
            .append_data(&mut header, name, text.as_bytes())
            .map_err(|error| refuse(&error))?;
    }
    let mut bytes = archive.into_inner().map_err(|error| refuse(&error))?;
    bytes.flush().map_err(|error| refuse(&error))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn refuse(why: &dyn std::fmt::Display) -> Error {
    Error::user(
        "docker/seal",
        format!("the built image can't be given its lasting ID: {why}"),
        "see what Docker says of it: `docker image ls --all 'nixdyno/*'`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = r#"[{"Id":"sha256:1","Created":"2026-11-21T03:58:10Z","Container":"abc",
        "Architecture":"amd64","Os":"linux","DockerVersion":"20.10",
        "Config":{"Hostname":"h","Env":["PATH=/app/bin"],"Cmd":["/app/bin/x"],"Labels":null,"WorkingDir":"/app"},
        "RootFS":{"Type":"layers","Layers":["sha256:aa","sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"]}}]"#;

    #[test]
    fn forgets_times_hosts_and_empty_layers() {
        let later = BUILT.replace("2026", "2027").replace("\"h\"", "\"other\"");
        assert_eq!(config(BUILT).unwrap(), config(&later).unwrap());
        insta::assert_snapshot!(config(BUILT).unwrap().to_string());
    }

    #[test]
    fn packs_a_config_and_no_layers() {
        let bytes = pack(&config(BUILT).unwrap(), &["a:latest".to_owned()]).unwrap();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let names: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names.len(), 2);
        assert_eq!(names[1], "manifest.json");
    }

    #[test]
    fn what_is_not_an_image_is_refused() {
        for odd in ["", "[]", "[{}]", "{}", r#"[{"RootFS":{"Layers":3}}]"#] {
            assert_eq!(config(odd).unwrap_err().id(), "docker/seal", "{odd}");
        }
    }
}
