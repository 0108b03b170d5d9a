//! What Heroku's registry thinks of a manifest.
//!
//! Takes the bytes of a manifest and of the image config that it names, gives what must be remembered of the image, or
//! the refusal. Never fetches anything.

use serde::Deserialize;

/// The only kind of manifest that Heroku takes.
pub const V2S2: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const LAYERS: [&str; 2] = [
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.diff.tar",
];

/// A manifest that was found good.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The image ID.
    pub config_digest: String,
    /// Number of layers.
    pub layers: usize,
}

/// Why a push is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// 405: another kind of manifest, config or layer.
    Unsupported,
    /// 400, with a message.
    Invalid(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u64,
    media_type: Option<String>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
}

/// Checks a manifest that came with this `Content-Type`.
pub fn check(content_type: &str, bytes: &[u8]) -> Result<Accepted, Refused> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if kind != V2S2 {
        return Err(Refused::Unsupported);
    }
    let manifest: Manifest =
        serde_json::from_slice(bytes).map_err(|error| Refused::Invalid(error.to_string()))?;
    let (Some(config), Some(layers)) = (manifest.config, manifest.layers) else {
        return Err(Refused::Unsupported);
    };
    let media = manifest.media_type.as_deref() == Some(V2S2) && config.media_type == CONFIG;
    let known = layers
        .iter()
        .all(|layer| LAYERS.contains(&layer.media_type.as_str()));
    if manifest.schema_version != 2 || !media || !known {
        return Err(Refused::Unsupported);
    }
    Ok(Accepted {
        config_digest: config.digest,
        layers: layers.len(),
    })
}

/// What an image config says of running the image.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// `amd64`, we hope; the registry doesn't care.
    pub architecture: String,
    /// `ENTRYPOINT`.
    pub entrypoint: Vec<String>,
    /// `CMD`.
    pub command: Vec<String>,
}

#[derive(Deserialize)]
struct ImageConfig {
    #[serde(default)]
    architecture: String,
    config: Option<Defaults>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Defaults {
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
}

/// Reads an image config; refuses one without `CMD`.
pub fn runs(bytes: &[u8]) -> Result<Runs, Refused> {
    let image: ImageConfig =
        serde_json::from_slice(bytes).map_err(|error| Refused::Invalid(error.to_string()))?;
    let defaults = image.config.unwrap_or_default();
    let command = defaults.cmd.unwrap_or_default();
    if command.is_empty() {
        return Err(Refused::Invalid(
            "CMD is required to run on Heroku".to_owned(),
        ));
    }
    let entrypoint = defaults.entrypoint.unwrap_or_default();
    Ok(Runs {
        architecture: image.architecture,
        entrypoint,
        command,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn manifest(media_type: &str, config: &str, layers: &[&str]) -> Value {
        let layers: Vec<Value> = layers
            .iter()
            .map(|kind| json!({"mediaType": kind, "digest": "sha256:l", "size": 1}))
            .collect();
        let config = json!({"mediaType": config, "digest": "sha256:c", "size": 1});
        json!({"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": layers})
    }

    #[test]
    fn docker_manifests_pass() {
        let good = manifest(V2S2, CONFIG, &LAYERS).to_string();
        assert_eq!(
            check(V2S2, good.as_bytes()),
            Ok(Accepted {
                config_digest: "sha256:c".into(),
                layers: 2
            })
        );
    }

    #[test]
    fn everything_else_is_unsupported() {
        let oci = "application/vnd.oci.image.manifest.v1+json";
        let zstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";
        let good = manifest(V2S2, CONFIG, &[]).to_string();
        assert_eq!(check(oci, good.as_bytes()), Err(Refused::Unsupported));
        for bad in [
            manifest(oci, CONFIG, &[]),
            manifest(V2S2, "application/vnd.oci.image.config.v1+json", &[]),
            manifest(V2S2, CONFIG, &[zstd]),
            json!({"schemaVersion": 1, "name": "a"}),
            json!({"schemaVersion": 2, "mediaType": V2S2, "manifests": []}),
        ] {
            assert_eq!(
                check(V2S2, bad.to_string().as_bytes()),
                Err(Refused::Unsupported),
                "{bad}"
            );
        }
        assert!(matches!(check(V2S2, b"{"), Err(Refused::Invalid(_))));
    }

    #[test]
    fn images_need_a_command() {
        let good = json!({"architecture": "arm64", "config": {"Cmd": ["run"], "Entrypoint": null}})
            .to_string();
        let expected = Runs {
            architecture: "arm64".into(),
            entrypoint: vec![],
            command: vec!["run".into()],
        };
        assert_eq!(runs(good.as_bytes()), Ok(expected));
        for bad in [
            json!({}),
            json!({"config": {"Cmd": []}}),
            json!({"config": {"Cmd": null, "Entrypoint": ["run"]}}),
        ] {
            assert!(
                matches!(runs(bad.to_string().as_bytes()), Err(Refused::Invalid(_))),
                "{bad}"
            );
        }
    }
}
