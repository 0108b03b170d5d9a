//! Every byte that a build with secrets leaves or says, searched for them.

use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use super::{base, file, keys, project};
use crate::common::{self, Outcome};
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
struct Needles(Vec<Vec<u8>>);

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
        Needles(needles)
    }

    #[track_caller]
    fn are_not_in(&self, bytes: &[u8], what: &str) {
        assert!(!bytes.is_empty(), "{what} is empty");
        for needle in &self.0 {
            let found = bytes.windows(needle.len()).any(|part| part == needle);
            assert!(!found, "{} is in {what}", String::from_utf8_lossy(needle));
        }
    }

    /// In all files below a folder, uncompressed.
    fn are_not_below(&self, folder: &Path) -> usize {
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files += self.are_not_below(&path);
            } else if path.is_file() {
                let mut bytes = std::fs::read(&path).unwrap();
                if bytes.starts_with(&[0x1f, 0x8b]) {
                    let gzip = Command::new("gzip").arg("-dc").arg(&path).output().unwrap();
                    bytes = gzip.stdout;
                }
                if !bytes.is_empty() {
                    self.are_not_in(&bytes, &path.display().to_string());
                    files += 1;
                }
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

#[test]
#[ignore = "lab"]
fn no_secret_is_in_anything_that_is_left() {
    base(TAG, WATCHING);
    let (project, folder) = (project(), TempDir::new().unwrap());
    let (key, _) = keys();
    let signs = key.split_once(':').unwrap().1;
    let (password, token, aws) = (
        "correct-horse-battery",
        "ghp_staple0123456789abcdef",
        "wJalrXUtnFEMIK7MDENGbPxRfiCYlab",
    );
    let netrc = format!("machine cache.example.org login me password {password}\n");
    let netrc = file(&folder, "netrc", &netrc);
    let config = format!("access-tokens = github.com={token}\nconnect-timeout = 7");
    let variables = [
        ("KEY", key.as_str()),
        ("CONFIG", &config),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7LAB"),
        ("AWS_SECRET_ACCESS_KEY", aws),
    ];
    let secrets = format!(
        "[secrets]\nnetrc = '{}'\nnix-config = 'env:CONFIG'\naws = 'env'\nsigning-key = 'env:KEY'\n",
        netrc.display()
    );
    project.write("nixdyno.toml", &secrets);
    let login = STANDARD.encode(format!("me:{password}"));
    let needles = Needles::of(&[password, token, aws, signs, &login]);
    let temporary = TempDir::new().unwrap();
    let run = |words: &[&str]| {
        let words = [words, &["--base", TAG, "-v"]].concat();
        let mut command = nixdyno(project.path(), &words);
        command.envs(variables).env("TMPDIR", temporary.path());
        let outcome = common::run(&mut command).exits(0);
        let said = format!("{words:?}: {outcome}");
        needles.are_not_in(said.as_bytes(), "what was said");
        let left = std::fs::read_dir(temporary.path()).unwrap().count();
        assert_eq!(left, 0, "a folder is left: {words:?}");
        outcome
    };
    let built = run(&["build", "--no-cache"]);
    let there = built
        .stderr
        .contains("SECRETS-ARE-THERE connect-timeout = 7");
    assert!(there, "{built}");
    let built = run(&["build", "--json"]).json();
    needles.are_not_in_image(built["images"][0]["image"].as_str().unwrap());
    let to = "file:///cache?compression=none";
    for words in [
        &["build", "--dry-run"][..],
        &["build", "--dry-run", "--json"],
        &["plan"],
        &["plan", "--json"],
        &["generate", "--stdout"],
        &["cache", "push", "--to", to],
        &["cache", "push", "--to", to, "--dry-run", "--json"],
    ] {
        run(words);
    }

    // The stage that had them, by plain Docker: as the file says, and with nothing of it by mistake.
    run(&["generate"]);
    let config = file(&folder, "config", &config);
    let aws = file(
        &folder,
        "aws",
        &format!("[default]\naws_secret_access_key = {aws}\n"),
    );
    let secret = |id: &str, path: &Path| format!("id={id},src={}", path.display());
    let build = |words: &[&str]| {
        let mut build = Command::new("docker");
        build.args(
            [
                &["build", "--target", "build", "--tag", "nixdyno-lab/stage"],
                words,
                &["."],
            ]
            .concat(),
        );
        build
            .current_dir(project.path())
            .env("DOCKER_BUILDKIT", "1");
        Outcome::of(&build.output().unwrap())
    };
    let given = [
        &secret("netrc", &netrc),
        &secret("nix-config", &config),
        &secret("aws", &aws),
    ];
    let words = given.map(|it| ["--secret", it.as_str()]).concat();
    let stage = build(&words).exits(0);
    needles.are_not_in(stage.to_string().as_bytes(), "the log of Docker");
    needles.are_not_in_image("nixdyno-lab/stage");
    let missing = build(&[&words[..4], &["--no-cache"]].concat());
    assert!(
        missing.code != 0 && missing.stderr.contains("aws"),
        "{missing}"
    );
    // The engine's own log, too.
    let log = Path::new(&variable("LAB_DIR")).join("dockerd.log");
    needles.are_not_in(&std::fs::read(log).unwrap(), "the log of the engine");
}
