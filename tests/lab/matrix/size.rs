//! What an image weighs, what the closure does that it is made of, and that it is hardly more.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use crate::common::matrix::{Combination, IMAGE};
use crate::common::{Outcome, Project};

/// The bytes of what is in the layers of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// All files and links.
    pub bytes: u64,
    /// The file of certificates that is its own.
    certificates: u64,
}

impl Size {
    /// Of what the engine says where the layers are. Looks itself: Docker's own number has the lengths of links in it or
    /// not, as the builder that made a layer first had it.
    pub fn of(data: &serde_json::Value) -> Self {
        let folders = ["UpperDir", "LowerDir"].map(|key| data[key].as_str().unwrap_or_default());
        let folders = folders.into_iter().flat_map(|it| it.split(':'));
        let (mut bytes, mut certificates) = (0, 0);
        for folder in folders.filter(|it| !it.is_empty()) {
            let folder = Path::new(folder);
            bytes += weigh(folder);
            for place in ["etc/ssl/certs/ca-bundle.crt", "nix/ca-bundle.crt"] {
                let file = folder.join(place).symlink_metadata();
                certificates += file.map_or(0, |it| it.len());
            }
        }
        Size {
            bytes,
            certificates,
        }
    }
}

/// The bytes of all files and links in a folder, a file with several names once.
fn weigh(folder: &Path) -> u64 {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                open.push(entry.path());
            } else {
                found.insert(metadata.ino(), metadata.len());
            }
        }
    }
    found.values().sum()
}

/// How many bytes an image holds beside the closure of the app, its shell and its tools, as Nix tells it where it was
/// built, and beside certificates: hardly any. What an image stands on isn't counted.
pub fn beside_the_closure(it: Combination, project: &Project, image: Size, below: Size) -> u64 {
    let closure = closure(project);
    assert!(closure > 1_000_000, "{it}: {closure}");
    let below = if it.root == IMAGE { below.bytes } else { 0 };
    let Size {
        bytes,
        certificates,
    } = image;
    assert!(
        (100_000..300_000).contains(&certificates),
        "{it}: {image:?}"
    );
    let expected = closure + below + certificates;
    let beside = bytes.checked_sub(expected).unwrap_or_else(|| {
        panic!("{it}: {bytes} bytes, and {expected} are the closure and certificates")
    });
    // Names of users and hosts; with tools also a link to each of their programs, and its length counts.
    let most = if ["shell", "exec"].contains(&it.root) {
        16_000
    } else {
        1_000
    };
    assert!(
        beside <= most && most <= closure / 100,
        "{it}: {beside} bytes beside the {closure} of the closure and {certificates} of certificates"
    );
    beside
}

/// The bytes of what the app, its shell and its tools need.
fn closure(project: &Project) -> u64 {
    let folder = Project::new(&[]);
    folder.write("Dockerfile", &(project.read("Dockerfile") + LISTED));
    let words = ["build", "--target=nixdyno-listed", "--output"];
    let mut command = Command::new("docker");
    command.args(words).arg(folder.path().join("out"));
    let file = folder.path().join("Dockerfile");
    command.arg("--file").arg(file).arg(".");
    command.current_dir(project.path());
    let built = command.env("DOCKER_BUILDKIT", "1").output();
    Outcome::of(&built.unwrap()).exits(0);
    // By device and inode: a file with several names counts once.
    let mut files: BTreeMap<&str, u64> = BTreeMap::new();
    let listed = folder.read("out/listed");
    for line in listed.lines() {
        let (file, size) = line.split_once(' ').unwrap();
        files.insert(file, size.parse().unwrap());
    }
    files.values().sum()
}

/// All that is in it, in Nix's own words; but what of the tools stays out isn't asked for.
const LISTED: &str = r#"
FROM build AS nixdyno-listing
RUN set -e; for link in /result /result-* /tools /tools-* /shell; do \
      case $link in /tools*-man|/tools*-doc|/tools*-info|/tools*-dev|/tools*-debug) continue ;; esac; \
      if [ -e $link ]; then readlink -f $link; fi; done | xargs nix-store --query --requisites | sort -u > /tmp/listed; \
    xargs -a /tmp/listed sh -c 'find "$@" ! -type d -printf "%D:%i %s\n"' sh > /listed
FROM scratch AS nixdyno-listed
COPY --from=nixdyno-listing /listed /listed
"#;
