//! The processes of an image, run as a dyno runs them.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use crate::common::Outcome;
use crate::common::matrix::Combination;
use crate::lab::tool;

/// Every process type says what it should.
pub fn answers(it: Combination, tags: &BTreeMap<&str, String>) {
    let user = user().to_string();
    let user = user.as_str();
    // At once: most of the time nothing but the kernel's bookkeeping goes on.
    std::thread::scope(|scope| {
        for (process, tag) in tags {
            scope.spawn(move || {
                let said = if *process == "web" {
                    Dyno::start(tag, user).page()
                } else {
                    let words = [
                        &["run", "--rm", "--network=none"],
                        DYNO,
                        &["--user", user, tag],
                    ];
                    tool("docker", &words.concat())
                };
                assert_eq!(said, format!("{process} as {user} in /app\n"), "{it}");
            });
        }
    });
}

/// As a dyno is run.
const DYNO: &[&str] = &[
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=512m",
    "--env=PORT=8080",
];

/// A user whom no image knows, another each time.
fn user() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    10_000 + u32::try_from(RandomState::new().hash_one(0) % 50_000).unwrap()
}

/// A container, gone in the end.
struct Dyno(String);

impl Dyno {
    fn start(tag: &str, user: &str) -> Self {
        let words = [&["run", "--detach"], DYNO, &["--user", user, tag]].concat();
        Dyno(tool("docker", &words).trim().to_owned())
    }

    fn page(&self) -> String {
        let format = "{{.NetworkSettings.IPAddress}}";
        let address = tool("docker", &["inspect", "--format", format, &self.0]);
        let url = format!("http://{}:8080/", address.trim());
        for _ in 0..100 {
            let asked = Command::new("curl").args(["-sS", "--fail", &url]).output();
            let asked = Outcome::of(&asked.unwrap());
            if asked.code == 0 {
                return asked.stdout;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{}", tool("docker", &["logs", &self.0]));
    }
}

impl Drop for Dyno {
    fn drop(&mut self) {
        let _ = Command::new("docker")
            .args(["rm", "--force", &self.0])
            .output();
    }
}
