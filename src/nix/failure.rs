//! Says what a failed build means, from what Nix said.
//!
//! Takes what [`Progress`] kept and the lines beside the log; gives an error with the derivation that failed, the end of its
//! log and what to do. A reason is a row of [`REASONS`]; the words are Nix's own of 2.3 to 2.35, and Lix's.

use crate::error::Error;

use super::answer;
use super::progress::{Progress, name};

/// How many lines of Nix's words are kept.
const MOST: usize = 40;

/// What was to be built, in words.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// Attributes of the project.
    Project(String),
    /// Packages beside it.
    Nixpkgs(String),
}

/// A build that failed.
pub(super) struct Failure<'a> {
    asked: &'a Asked,
    progress: &'a Progress,
    /// Nix's errors, and nothing before the last of each.
    said: Vec<String>,
    /// The same in one text.
    text: String,
}

/// What to say of a failure.
type Tell = fn(&Failure<'_>) -> Error;

/// Words of Nix, and what they mean: the first row that has one counts.
const REASONS: &[(&[&str], Tell)] = &[
    (&["No space left on device", "disk is full"], no_space),
    (&["hash mismatch"], hash_mismatch),
    (
        &[
            "is required to build",
            "required system or feature not available",
            "Exec format error",
        ],
        no_builder,
    ),
    (
        &["does not provide attribute", "in selection path"],
        no_attribute,
    ),
    (&["has an unfree license"], unfree),
    (&["refusing to evaluate"], refused_package),
    (
        &["HTTP error 401", "HTTP error 403", "AccessDenied"],
        cache_refused,
    ),
    (&["cannot connect to", "daemon-socket"], no_daemon),
    (
        &[
            "unable to download",
            "resolve host",
            "from any mirror",
            "Network is unreachable",
            "Temporary failure in name resolution",
        ],
        no_download,
    ),
];

impl<'a> Failure<'a> {
    /// `beside` are the lines that were no events.
    pub(super) fn new(asked: &'a Asked, progress: &'a Progress, beside: &[String]) -> Self {
        let mut said: Vec<String> = Vec::new();
        for error in progress.errors() {
            said.extend(answer::last_error(error));
        }
        // An old Nix prints some of its words without the frame of the log, and so does a client without a daemon.
        if said.is_empty() {
            let skip = beside.len().saturating_sub(MOST);
            said.extend(beside.iter().skip(skip).cloned());
        }
        said.truncate(MOST);
        Failure {
            asked,
            progress,
            text: said.join("\n"),
            said,
        }
    }

    /// The error that it is.
    pub(super) fn explain(&self) -> Error {
        let derivation = self.derivation();
        let log = derivation.map(|it| self.progress.log(it));
        let log = log.unwrap_or_default();
        let of_log = log.join("\n");
        // What fetches is a derivation too, and says in its log why it failed.
        let says = |words: &&str| {
            self.text.contains(words) || words.contains("mirror") && of_log.contains(words)
        };
        let reason = REASONS.iter().find(|(words, _)| words.iter().any(says));
        let error = match (reason, derivation) {
            (Some((_, tell)), _) => tell(self),
            (None, Some(derivation)) => build_failed(derivation),
            (None, None) => evaluation(),
        };
        let said = self.said.iter().map(|line| line.trim_start().to_owned());
        error.detail(log.into_iter().chain(said))
    }

    /// The derivation that failed itself, and not by what it depends on.
    fn derivation(&self) -> Option<&str> {
        let quoted = |line: &'_ String| !line.contains("dependenc") && line.contains(".drv");
        let line = self.said.iter().find(|line| quoted(line))?;
        let end = line.find(".drv")? + ".drv".len();
        let before = line.get(..end)?;
        before.get(before.rfind("/nix/store/")?..)
    }
}

fn build_failed(derivation: &str) -> Error {
    Error::user(
        "nix/build-failed",
        format!("the build of {} failed", name(derivation)),
        "mend what the last lines say; `nixdyno build` tries it again without deploying",
    )
    .or(format!("see all that it printed: `nix log {derivation}`"))
}

fn evaluation() -> Error {
    Error::user(
        "nix/evaluation",
        "Nix can't read what it is to build from the project's files",
        "mend what the last lines say; `nixdyno build` tries it again without deploying",
    )
}

fn no_space(_: &Failure<'_>) -> Error {
    Error::user(
        "nix/no-space",
        "the disk that the Nix store or a build's folder is on is full",
        "make room: `nix-collect-garbage`, or `nix-collect-garbage -d` for old generations too",
    )
}

fn hash_mismatch(failure: &Failure<'_>) -> Error {
    let of = failure
        .derivation()
        .map_or_else(|| "a download".to_owned(), name);
    Error::user(
        "nix/hash-mismatch",
        format!("{of} is not what its hash in the project says"),
        "if you changed what is fetched, write the hash that Nix got into the file; if not, find out who changed it",
    )
}

fn no_builder(failure: &Failure<'_>) -> Error {
    let what = match failure.derivation() {
        Some(derivation) => format!(
            "the Nix of this machine can't build {}: it is for another system",
            name(derivation)
        ),
        None => "the Nix of this machine can't build it: it is for another system".to_owned(),
    };
    Error::user(
        "nix/no-builder",
        what,
        "give Nix a builder for x86_64-linux: https://nix.dev/manual/nix/latest/advanced-topics/distributed-builds",
    )
    .because("Heroku's dynos are x86-64, or it needs a feature that no builder has")
    .or("build in Docker: `--route docker`")
}

fn no_attribute(failure: &Failure<'_>) -> Error {
    match failure.asked {
        Asked::Project(attributes) => Error::user(
            "nix/no-attribute",
            format!("the project has no attribute {attributes}"),
            "name one that it has: `--attr NAME`; `nixdyno inspect` lists them",
        ),
        Asked::Nixpkgs(packages) => Error::user(
            "nix/no-package",
            format!("nixpkgs has no package {packages}"),
            "name those that it has: `--with NAME`",
        ),
    }
}

fn unfree(_: &Failure<'_>) -> Error {
    Error::user(
        "nix/unfree",
        "a package that the project uses is unfree, and nixpkgs doesn't build it unasked",
        "allow it where the project imports nixpkgs: `config.allowUnfree = true`",
    )
}

fn refused_package(_: &Failure<'_>) -> Error {
    Error::user(
        "nix/refused-package",
        "nixpkgs refuses a package that the project uses: it is marked as broken, insecure or for other systems",
        "use another version of it, or allow it where the project imports nixpkgs",
    )
}

fn cache_refused(_: &Failure<'_>) -> Error {
    Error::user(
        "nix/cache-refused",
        "a server refuses what the build asks of it: it wants a login, or another one",
        "give it to the Nix of this machine: a netrc file for HTTP, AWS credentials for S3, `access-tokens` for flakes",
    )
}

fn no_daemon(_: &Failure<'_>) -> Error {
    Error::user(
        "nix/no-daemon",
        "Nix doesn't reach its daemon, or may not",
        "start it: `sudo systemctl start nix-daemon`; on a Mac: `sudo launchctl kickstart system/org.nixos.nix-daemon`",
    )
    .or("build in Docker: `--route docker`")
}

fn no_download(_: &Failure<'_>) -> Error {
    Error::transient(
        "nix/no-download",
        "Nix can't download what the build needs",
        "check the network and the proxy that Nix uses; then run the same command again",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::log::{event, tests::lines};
    use super::*;

    fn explained(errors: &[&str], beside: &[&str]) -> Error {
        let mut progress = Progress::default();
        let drv = "/nix/store/pkblxkya1jxpb8ml9qj6hq7lz4hpll7n-bad-1.0.drv";
        let mut take =
            |value: serde_json::Value| progress.take(&event(&format!("@nix {value}")).unwrap());
        take(
            serde_json::json!({"action": "start", "id": 1, "type": 105, "fields": [drv, "", 1, 1]}),
        );
        take(
            serde_json::json!({"action": "result", "id": 1, "type": 101, "fields": ["make: *** [all] Error 2"]}),
        );
        take(serde_json::json!({"action": "stop", "id": 1}));
        for error in errors {
            take(serde_json::json!({"action": "msg", "level": 0, "msg": error}));
        }
        let beside: Vec<String> = beside.iter().map(|it| (*it).to_owned()).collect();
        let asked = Asked::Project("`default`".to_owned());
        Failure::new(&asked, &progress, &beside).explain()
    }

    #[test]
    #[expect(
        clippy::too_many_lines,
        reason = "a table, and the words that Nix says"
    )]
    fn known_words_are_explained() {
        let drv = "'/nix/store/pkblxkya1jxpb8ml9qj6hq7lz4hpll7n-bad-1.0.drv'";
        let failed = format!("error: builder for {drv} failed with exit code 2");
        let newer = format!(
            "error: Cannot build {drv}.\n       Reason: builder failed with exit code 2.\n       Output paths:\n         /nix/store/x-bad-1.0"
        );
        let depends = "error: 1 dependencies of derivation '/nix/store/n4lw4wn35imibchjsdhwh2wq9k7bmrxs-on-1.0.drv' failed to build";
        let hash = format!(
            "error: hash mismatch in fixed-output derivation {drv}:\n         specified: sha256-A=\n            got:    sha256-B="
        );
        let arm = format!(
            "error: a 'aarch64-linux' with features {{}} is required to build {drv}, but I am a 'x86_64-linux' with features {{}}"
        );
        let cases: &[(&str, &[&str])] = &[
            ("failed", &[&failed, depends]),
            ("failed_newer", &[&newer, depends]),
            ("hash", &[&hash]),
            ("builder", &[&arm]),
            (
                "attribute",
                &["error: attribute 'nosuch' in selection path 'nosuch' not found"],
            ),
            (
                "unfree",
                &[
                    "error: Package ‘x’ in /x.nix:3 has an unfree license (‘unfree’), refusing to evaluate.",
                ],
            ),
            (
                "insecure",
                &[
                    "error:\n       … while evaluating\n\n       error: Package ‘x’ in /x.nix:3 is marked as insecure, refusing to evaluate.",
                ],
            ),
            (
                "download",
                &[
                    "error: unable to download 'http://nowhere.invalid/x': Couldn't resolve host name (6)",
                ],
            ),
            (
                "refused",
                &["error: unable to download 'https://cache.example.org/x': HTTP error 401"],
            ),
            (
                "space",
                &["error: writing to file: No space left on device"],
            ),
            (
                "daemon",
                &[
                    "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
                ],
            ),
            (
                "evaluation",
                &[
                    "error:\n       … while evaluating\n\n       error: undefined variable 'pkg'\n       at /flake.nix:3:4:",
                ],
            ),
        ];
        let told: Vec<String> = cases
            .iter()
            .map(|(what, errors)| format!("== {what}\n{}", explained(errors, &[])))
            .collect();
        insta::assert_snapshot!(told.join("\n"));
        assert_eq!(explained(cases[7].1, &[]).kind().exit_code(), 75);
    }

    #[test]
    fn words_outside_of_the_log_count_where_it_has_none() {
        let error = explained(
            &[],
            &["warning: x", "error: cannot connect to daemon at '/x'"],
        );
        assert_eq!(error.id(), "nix/no-daemon");
        assert_eq!(explained(&[], &[]).id(), "nix/evaluation");
    }

    #[test]
    fn packages_are_not_the_projects() {
        let asked = Asked::Nixpkgs("`curl` or `nosuch`".to_owned());
        let beside = ["error: attribute 'nosuch' in selection path 'nosuch' not found".to_owned()];
        let error = Failure::new(&asked, &Progress::default(), &beside).explain();
        insta::assert_snapshot!(error);
    }

    proptest! {
        #[test]
        fn no_words_make_it_panic(log in prop::collection::vec(lines(), 0..20), words in "\\PC*|(error:|\n| |\\.drv|/nix/store/|é){0,20}") {
            let mut progress = Progress::default();
            for event in log.iter().filter_map(|line| event(line)) {
                progress.take(&event);
            }
            progress.take(&super::super::log::Event::Message { level: 0, text: words.clone() });
            let _ = Failure::new(&Asked::Nixpkgs(String::new()), &progress, &[words]).explain();
        }
    }
}
