//! Everybody else who reads images: Docker, skopeo, umoci.

use std::process::Command;

use serde_json::Value;

use super::{Machine, REGISTRY, small};
use crate::common::Project;
use crate::lab::{tool, variable};

/// What skopeo says of an image.
fn inspected(image: &str, more: &[&str]) -> Value {
    let words = [&["inspect", "--tls-verify=false"], more, &[image]].concat();
    serde_json::from_str(&tool("skopeo", &words)).unwrap()
}

#[test]
#[ignore = "lab"]
fn an_archive_is_docker_s_and_oci_s() {
    let folder = Project::new(&[]);
    let file = folder.path().join("image.tar");
    let file = file.to_str().unwrap();
    let machine = Machine::new();
    let made = machine.build(&small("archive"), file, &[]);
    let id = made["id"].as_str().unwrap();
    for kind in ["docker-archive", "oci-archive"] {
        let config = inspected(&format!("{kind}:{file}"), &["--config"]);
        assert_eq!(config["config"]["WorkingDir"], "/app", "{kind}");
    }
    // skopeo checks every digest on the way.
    let layout = folder.path().join("layout");
    let layout = layout.to_str().unwrap();
    let copy = ["copy", "--insecure-policy"];
    let (from, to) = (
        format!("oci-archive:{file}"),
        format!("oci:{layout}:latest"),
    );
    tool("skopeo", &[&copy[..], &[&from, &to]].concat());
    let bundle = folder.path().join("bundle");
    let (image, to) = (format!("{layout}:latest"), bundle.to_str().unwrap());
    tool("umoci", &["unpack", "--image", &image, to]);
    let root = bundle.join("rootfs");
    for place in [
        "app",
        "tmp",
        "etc/passwd",
        "bin/sh",
        "usr/bin/env",
        "nix/store",
    ] {
        assert!(root.join(place).symlink_metadata().is_ok(), "{place}");
    }

    let load = ["load", "--input", file];
    // What an engine of today sweeps up after a container may be what it is just unpacking.
    let first = Command::new("docker").args(load).output().unwrap();
    if String::from_utf8_lossy(&first.stderr).contains("failed to unpack loaded image") {
        tool("docker", &load);
    }
    let name = made["image"].as_str().unwrap();
    let told = tool("docker", &["image", "inspect", "--format", "{{.Id}}", name]);
    // containerd's image store knows images by their manifests.
    let by_config = variable("LAB_ENGINE") == "20.10";
    assert_eq!(told.trim() == id, by_config, "{told}");
    // As any user, and nothing may be written.
    for uid in ["0:0", "61234:61234"] {
        let words = ["run", "--rm", "--read-only", "--user", uid, name];
        let page = "wget -q -O - http://127.0.0.1:8000";
        let line = format!("web & for i in $(seq 50); do {page} && exit; sleep 0.2; done; exit 1");
        let busybox = ["sh", "-c", &line];
        let said = tool("docker", &[&words[..], &busybox].concat());
        assert!(said.contains("small archive"), "{said}");
    }
}

#[test]
#[ignore = "lab"]
fn a_registry_s_image_is_what_was_made() {
    let machine = Machine::new();
    let app = small("registry");
    let place = format!("{REGISTRY}/direct/registry:1");
    let made = machine.build(&app, &place, &["--fresh"]);
    let image = "docker://127.0.0.1:5000/direct/registry:1";
    let manifest = inspected(image, &["--raw"]);
    assert_eq!(
        manifest["mediaType"],
        "application/vnd.docker.distribution.manifest.v2+json"
    );
    assert_eq!(manifest["config"]["digest"], made["id"]);
    let folder = Project::new(&[]);
    let to = format!("dir:{}", folder.path().join("copy").display());
    tool(
        "skopeo",
        &[
            "copy",
            "--insecure-policy",
            "--src-tls-verify=false",
            image,
            &to,
        ],
    );
    // The same paths, on a machine that knows nothing, to a place that knows nothing.
    let other = format!("{REGISTRY}/direct/other:1");
    let again = Machine::new().build(&app, &other, &["--fresh"]);
    assert_eq!(again["id"], made["id"]);
    let engine = machine.build(&app, "docker", &["--fresh"]);
    let by_config = variable("LAB_ENGINE") == "20.10";
    assert_eq!(engine["id"] == made["id"], by_config, "{engine}");
    // Both of what is told lead to it.
    for told in ["id", "image"] {
        let told = engine[told].as_str().unwrap();
        tool(
            "docker",
            &["run", "--rm", "--pull", "never", told, "sh", "-c", ":"],
        );
    }
}
