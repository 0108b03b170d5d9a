//! Runs the binary from outside: files in, words in; exit code and both streams out.

#![allow(
    dead_code,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "each ring uses its part"
)]

pub mod matrix;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run left.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn of(output: &std::process::Output) -> Self {
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails the test with everything that was said unless the exit code is `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

/// The form of snapshots: exit code, answer, story.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "exit: {}", self.code)?;
        writeln!(f, "----- stdout\n{}", self.stdout.trim_end())?;
        write!(f, "----- stderr\n{}", self.stderr.trim_end())
    }
}

/// The binary under test with a clean environment: only what a test sets.
pub fn nixdyno(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nixdyno"));
    command.args(args).current_dir(dir).stdin(Stdio::null());
    command
}

pub fn run(command: &mut Command) -> Outcome {
    Outcome::of(&command.output().expect("the binary starts"))
}

/// A project in a temporary folder.
pub struct Project(tempfile::TempDir);

impl Project {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::Builder::new()
            .prefix("project-")
            .tempdir()
            .unwrap();
        let project = Project(dir);
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// A copy of a folder of the repository.
    pub fn copy(from: &str) -> Self {
        let project = Self::new(&[]);
        let from = root().join(from);
        let status = Command::new("cp")
            .arg("-a")
            .arg(from.join("."))
            .arg(project.path())
            .status();
        assert!(status.unwrap().success(), "{}", from.display());
        project
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }
}

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Snapshot settings: what differs from run to run is named in place of shown.
pub fn filters() -> Vec<(&'static str, &'static str)> {
    vec![
        (r"/tmp/\S*project-[A-Za-z0-9]+", "PROJECT"),
        (r"\bproject-[A-Za-z0-9]{6}\b", "PROJECT"),
        (r"nixdyno-[A-Za-z0-9]{6}\b", "nixdyno-TEMP"),
        (r"Done in [0-9.hms ]+", "Done in TIME"),
        (r"after [0-9]+\.[0-9]s", "after TIME"),
        (r"Request-Id [0-9a-f-]+", "Request-Id ID"),
        (r"#[0-9]+ [0-9.]+ ", "#N "),
        (r"/nix/store/[a-z0-9]{32}-", "/nix/store/HASH-"),
        (r"([^@])sha256:[0-9a-f]{64}", "${1}sha256:DIGEST"),
        (r"SHA256:[0-9a-f]{64}", "SHA256:DIGEST"),
        (r"version=[0-9a-f]{40}", "version=DIGEST"),
        (r"DONE [0-9.]+s", "DONE TIME"),
        // BuildKit tells the time of a step only where it took some.
        (r" [0-9.]+s done", " done"),
        (r"20[0-9-]+T[0-9:.]+(\+00:00|Z)", "TIME"),
        (
            r"lastModified=[0-9]+&narHash=[^'\s]+",
            "lastModified=TIME&narHash=HASH",
        ),
        (r"/tmp/\.tmp[A-Za-z0-9]{6}", "TMP"),
        // Layers are pushed side by side, and end in any order.
        (r"(?m)^ !       \| [0-9a-f]{12}: [A-Z][a-z ]+\n", ""),
        (r"retrying in [0-9]+ ms", "retrying in TIME"),
        (r"nixdyno-lab\.[A-Za-z0-9]{6}", "LAB"),
    ]
}

/// Compares with a snapshot under `tests/snapshots`.
#[macro_export]
macro_rules! check {
    ($name:expr, $value:expr) => {
        insta::with_settings!({filters => $crate::common::filters(), omit_expression => true, snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"), prepend_module_to_snapshot => true}, {
            insta::assert_snapshot!($name, $value);
        });
    };
}
