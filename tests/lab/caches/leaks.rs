//! Every byte that a build with secrets leaves or says, searched for them.

use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tempfile::{NamedTempFile, TempDir};

use super::server::Server;
use super::{base, file, keys, project};
use crate::common::{self, Outcome, Project};
use crate::lab::{nixdyno, tool, variable};

/// A base whose Nix looks whether the secrets are there, and says so.
const WATCHING: &str = r#"RUN mkdir /watch && printf '%s\n' '#!/bin/sh' \
      'for file in /root/.netrc /root/.aws/credentials /run/secrets/nix-config; do' \
      '  [ -s "$file" ] || { echo "NOT THERE: $file"; exit 1; }; done' \
      'echo "SECRETS-ARE-THERE $(nix --extra-experimental-features nix-command show-config 2> /dev/null | grep connect-timeout)"' \
      'exec /root/.nix-profile/bin/nix-build "$@"' > /watch/nix-build && chmod +x /watch/nix-build
ENV PATH=/watch:/root/.nix-profile/bin:/nix/var/nix/profiles/default/bin
"#;
const TAG: &str = "registry.example/me/watching:1";

/// What must be nowhere: each word as it is and in base64, alone, as a login, and with every alignment.
struct Needles {
    words: Vec<Vec<u8>>,
    file: NamedTempFile,
}

impl Needles {
    fn of(words: &[&str]) -> Self {
        let mut needles = Vec::new();
        for word in words {
            needles.push(word.as_bytes().to_vec());
            for before in ["", "x", "xx"] {
                let text = STANDARD.encode(format!("{before}{word}"));
                // The ends depend on what stands beside.
                let middle = text.get(4..text.len() - 4).unwrap();
                needles.push(middle.as_bytes().to_vec());
            }
        }
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), needles.join(&b'\n')).unwrap();
        Needles {
            words: needles,
            file,
        }
    }

    #[track_caller]
    fn are_not_in(&self, bytes: &[u8], what: &str) {
        assert!(!bytes.is_empty(), "{what} is empty");
        for needle in &self.words {
            let found = bytes.windows(needle.len()).any(|part| part == needle);
            assert!(!found, "{} is in {what}", String::from_utf8_lossy(needle));
        }
    }

    /// In all files below a folder, uncompressed. By `grep`: they are large.
    fn are_not_below(&self, folder: &Path) -> usize {
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files += self.are_not_below(&path);
            } else if path.is_file() {
                let search = r#"case $(head -c 2 "$0" | od -An -tx1) in " 1f 8b") gzip -dc "$0" ;; *) cat "$0" ;; esac |
                    grep --text --fixed-strings --file="$1""#;
                let patterns = self.file.path();
                let mut grep = Command::new("bash");
                let grep = grep.args(["-c", search]).args([&path, patterns]);
                let found = Outcome::of(&grep.output().unwrap());
                assert_eq!(found.code, 1, "in {}: {found}", path.display());
                files += 1;
            }
        }
        files
    }

    /// In an image: its layers, its configuration, its history.
    fn are_not_in_image(&self, image: &str) {
        let folder = TempDir::new().unwrap();
        let archive = folder.path().join("image.tar");
        tool(
            "docker",
            &["save", "--output", archive.to_str().unwrap(), image],
        );
        let to = folder.path().join("image");
        std::fs::create_dir(&to).unwrap();
        tool(
            "tar",
            &["-xf", archive.to_str().unwrap(), "-C", to.to_str().unwrap()],
        );
        std::fs::remove_file(archive).unwrap();
        assert!(self.are_not_below(&to) > 2);
        let history = tool("docker", &["history", "--no-trunc", image]);
        self.are_not_in(history.as_bytes(), "the history");
        let config = tool("docker", &["image", "inspect", image]);
        self.are_not_in(config.as_bytes(), "the configuration");
    }
}

const PASSWORD: &str = "correct-horse-battery";
const TOKEN: &str = "ghp_staple0123456789abcdef";
const AWS: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYlab";

/// A setting beside the secret one: its value may be seen, and shows that Nix has read the file.
fn nix_config() -> String {
    format!("access-tokens = github.com={TOKEN}\nconnect-timeout = 7")
}

fn netrc() -> String {
    format!("machine cache.example.org login me password {PASSWORD}\n")
}

/// Runs with every secret given; holds what is said and left on the machine against them.
struct Given {
    project: Project,
    needles: Needles,
    key: String,
    temporary: TempDir,
}

impl Given {
    fn run(&self, words: &[&str]) -> Outcome {
        let words = [words, &["--base", TAG, "-v", "--config", "nixdyno.toml"]].concat();
        let mut command = nixdyno(self.project.path(), &words);
        command
            .envs([("KEY", self.key.as_str()), ("CONFIG", &nix_config())])
            .envs([
                ("AWS_ACCESS_KEY_ID", "AKIALAB"),
                ("AWS_SECRET_ACCESS_KEY", AWS),
            ])
            .env("TMPDIR", self.temporary.path());
        let outcome = common::run(&mut command).exits(0);
        let said = format!("{words:?}: {outcome}");
        self.needles.are_not_in(said.as_bytes(), "what was said");
        let left = std::fs::read_dir(self.temporary.path()).unwrap().count();
        assert_eq!(left, 0, "a folder is left: {words:?}");
        outcome
    }
}

#[test]
#[ignore = "lab"]
fn no_secret_is_in_anything_that_is_left() {
    base(TAG, WATCHING);
    let folder = TempDir::new().unwrap();
    let server = Server::start("me", PASSWORD);
    let login = format!("machine {} login me password {PASSWORD}\n", server.host());
    let netrc = file(&folder, "netrc", &(netrc() + &login));
    let secrets = format!(
        "[secrets]\nnetrc = '{}'\nnix-config = 'env:CONFIG'\naws = 'env'\nsigning-key = 'env:KEY'\n",
        netrc.display()
    );
    let (key, _) = keys();
    let login = STANDARD.encode(format!("me:{PASSWORD}"));
    let given = Given {
        needles: Needles::of(&[PASSWORD, TOKEN, AWS, key.split_once(':').unwrap().1, &login]),
        project: project(),
        key,
        temporary: TempDir::new().unwrap(),
    };
    given.project.write("nixdyno.toml", &secrets);
    let first = given.run(&["build", "--no-cache"]);
    let there = first
        .stderr
        .contains("SECRETS-ARE-THERE connect-timeout = 7");
    assert!(there, "{first}");
    let answer = given.run(&["build", "--json"]).json();
    let image = answer["images"][0]["image"].as_str().unwrap();
    given.needles.are_not_in_image(image);
    let to = server.url.as_str();
    for words in [
        &["build", "--dry-run"][..],
        &["build", "--dry-run", "--json"],
        &["plan"],
        &["plan", "--json"],
        &["generate", "--stdout"],
        &["cache", "push", "--to", to],
        &["cache", "push", "--to", to, "--dry-run", "--json"],
        &["generate"],
    ] {
        given.run(words);
    }
    the_stage_that_had_them(&given, &folder);
    // The engine's own log, too.
    let log = Path::new(&variable("LAB_DIR")).join("dockerd.log");
    given
        .needles
        .are_not_in(&std::fs::read(log).unwrap(), "the log of the engine");
}

/// Built by plain Docker, as the generated file says: with nothing left in it, and not without a secret.
fn the_stage_that_had_them(given: &Given, folder: &TempDir) {
    let secret = |id: &str, text: &str| format!("id={id},src={}", file(folder, id, text).display());
    let secrets = [
        secret("netrc", &netrc()),
        secret("nix-config", &nix_config()),
        secret(
            "aws",
            &format!("[default]\naws_secret_access_key = {AWS}\n"),
        ),
    ];
    let words: Vec<&str> = secrets
        .iter()
        .flat_map(|it| ["--secret", it.as_str()])
        .collect();
    let tag = "nixdyno-lab/stage";
    let docker = |words: &[&str]| {
        let mut docker = Command::new("docker");
        docker
            .args([&["build", "--target", "build", "--tag", tag], words, &["."]].concat())
            .current_dir(given.project.path())
            .env("DOCKER_BUILDKIT", "1");
        Outcome::of(&docker.output().unwrap())
    };
    let stage = docker(&words).exits(0);
    given
        .needles
        .are_not_in(stage.to_string().as_bytes(), "the log of Docker");
    given.needles.are_not_in_image(tag);
    let planted = Needles::of(&["SECRETS-ARE-THERE"]);
    let finds = std::panic::catch_unwind(|| planted.are_not_in_image(tag));
    assert!(
        finds.is_err(),
        "the search is broken: the base's own script has that word"
    );
    let missing = docker(&[&words[..4], &["--no-cache"]].concat());
    assert!(
        missing.code != 0 && missing.stderr.contains("aws"),
        "{missing}"
    );
}
