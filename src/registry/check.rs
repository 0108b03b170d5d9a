//! Whether Heroku can run an image. Pure.

use crate::error::{Error, Result};

use super::image::PushedImage;
use super::refusal;

/// The one kind of manifest Heroku's registry takes: no OCI manifest, no index, no list.
const V2_SCHEMA_2: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// More layers than this "may fail to start in the Common Runtime", says Heroku.
const MOST_LAYERS: usize = 40;

/// From here on it's worth a word; an image of 33 layers was seen to crash without a log
/// (heroku/heroku-container-registry#70).
const MANY_LAYERS: usize = 30;

/// Holds an image against what Heroku's dynos can run; gives warnings.
///
/// Errors: `registry/wrong-manifest`, `registry/wrong-architecture`, `registry/too-many-layers`,
/// `registry/no-command`.
pub fn check(image: &PushedImage) -> Result<Vec<String>> {
    if image.media_type != V2_SCHEMA_2 {
        return Err(refusal::wrong_manifest(&image.media_type).at(&image.manifest));
    }
    if (image.os.as_str(), image.architecture.as_str()) != ("linux", "amd64") {
        return Err(wrong_architecture(image));
    }
    if image.layers > MOST_LAYERS {
        return Err(too_many_layers(image));
    }
    if image.cmd.is_empty() {
        return Err(no_command(image));
    }
    let many = (image.layers > MANY_LAYERS).then(|| {
        format!(
            "the image has {} layers; Heroku may not start one with more than {MOST_LAYERS}",
            image.layers
        )
    });
    Ok(many.into_iter().collect())
}

fn wrong_architecture(image: &PushedImage) -> Error {
    Error::user(
        "registry/wrong-architecture",
        format!(
            "the image is for {}/{}, and Heroku's dynos are linux/amd64",
            image.os, image.architecture
        ),
        "build for x86_64-linux: on an ARM machine `docker build --platform linux/amd64`, or a Nix \
         remote builder",
    )
    .because("it would crash with `Exec format error` (status 126)")
    .at(&image.manifest)
}

fn too_many_layers(image: &PushedImage) -> Error {
    Error::user(
        "registry/too-many-layers",
        format!(
            "the image has {} layers, and with more than {MOST_LAYERS} it may not start",
            image.layers
        ),
        "put the instructions of the Dockerfile together, or start from a base with fewer layers",
    )
    .at(&image.manifest)
}

fn no_command(image: &PushedImage) -> Error {
    Error::user(
        "registry/no-command",
        "the image has no CMD, and Heroku doesn't run one without",
        "end the Dockerfile with a CMD, such as `CMD [\"/bin/server\"]`",
    )
    .at(&image.manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> PushedImage {
        PushedImage {
            manifest: format!("sha256:{}", "a".repeat(64)).parse().unwrap(),
            media_type: V2_SCHEMA_2.to_owned(),
            image_id: format!("sha256:{}", "b".repeat(64)).parse().unwrap(),
            architecture: "amd64".to_owned(),
            os: "linux".to_owned(),
            layers: 30,
            compressed_bytes: 1,
            cmd: vec!["/bin/server".to_owned()],
            entrypoint: Vec::new(),
        }
    }

    #[test]
    fn a_good_one_passes_and_a_large_one_is_told() {
        assert!(check(&image()).unwrap().is_empty());
        for layers in [31, 40] {
            let warnings = check(&PushedImage { layers, ..image() }).unwrap();
            assert_eq!(warnings.len(), 1);
        }
    }

    #[test]
    fn refusals() {
        let bad = [
            PushedImage {
                media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
                ..image()
            },
            PushedImage {
                architecture: "arm64".to_owned(),
                ..image()
            },
            PushedImage {
                layers: 41,
                ..image()
            },
            PushedImage {
                cmd: Vec::new(),
                entrypoint: vec!["/bin/server".to_owned()],
                ..image()
            },
        ];
        let texts: Vec<String> = bad
            .iter()
            .map(|image| check(image).unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(texts.join("\n\n"));
    }
}
