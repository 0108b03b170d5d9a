//! Failures of Docker and Nix that are known by their words.
//!
//! Takes the end of a builder's output; gives the error that says what it means. A reason is a row of [`REASONS`],
//! with its words or a test, and an error. Never: a reason that needs more than the output.

use super::images::{lacks_base, no_base};
use super::lines::{is_network, telling};
use crate::error::Error;
use crate::plan::Base;
use crate::shell::Streamed;

/// A build that failed.
pub(super) struct Failure<'a> {
    /// What it was built on.
    base: &'a Base,
    /// What was built, in words.
    attributes: &'a str,
    /// How to try again, in words.
    again: &'a str,
    built: &'a Streamed,
    text: String,
}

impl<'a> Failure<'a> {
    pub(super) fn new(
        base: &'a Base,
        attributes: &'a str,
        again: &'a str,
        built: &'a Streamed,
    ) -> Self {
        Failure {
            base,
            attributes,
            again,
            built,
            text: built.tail.join("\n"),
        }
    }

    fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}

/// How a reason is told from others.
enum Sign {
    /// The output holds one of these.
    Words(&'static [&'static str]),
    /// A test.
    Test(fn(&Failure<'_>) -> bool),
}

/// What to say of a failure.
type Tell = fn(&Failure<'_>) -> Error;

/// What a failure may be, with what to say of it. The first that fits counts.
const REASONS: &[(Sign, Tell)] = &[
    (Sign::Words(&["no space left on device"]), no_space),
    (
        Sign::Words(&["target stage", "failed to reach build target"]),
        no_stage,
    ),
    (
        Sign::Words(&["exec format error", "does not match the specified platform"]),
        wrong_architecture,
    ),
    (
        Sign::Test(|failure| lacks_base(failure.base, &failure.built.tail)),
        |failure| no_base(failure.base, &failure.built.tail),
    ),
    (
        Sign::Words(&["does not provide attribute", "in selection path"]),
        no_attribute,
    ),
    (
        Sign::Words(&["HTTP error 401", "HTTP error 403", "AccessDenied"]),
        cache_refused,
    ),
    (
        Sign::Test(|failure| failure.says("unable to download") && failure.says("resolve host")),
        no_download,
    ),
    (Sign::Test(is_sending), not_sent),
];

/// The error of a failed build, with its telling lines.
pub(super) fn known(failure: &Failure<'_>) -> Error {
    let fits = |(sign, _): &&(Sign, Tell)| match sign {
        Sign::Words(any) => any.iter().any(|words| failure.says(words)),
        Sign::Test(test) => test(failure),
    };
    let reason = REASONS.iter().find(fits);
    let error = reason.map_or_else(|| other(failure), |(_, error)| error(failure));
    error.detail(telling(&failure.built.tail))
}

fn other(failure: &Failure<'_>) -> Error {
    Error::user(
        "docker/build",
        format!("the build failed with status {}", failure.built.status),
        format!("mend what the last lines say; {}", failure.again),
    )
}

fn no_space(_: &Failure<'_>) -> Error {
    Error::user(
        "docker/no-space",
        "the disk of the Docker engine is full",
        "make room: `docker system df`, then `docker builder prune`",
    )
}

fn no_stage(_: &Failure<'_>) -> Error {
    Error::user(
        "docker/no-stage",
        "the Dockerfile has no stage for one of the process types",
        "give each process type a stage of its own name: `FROM root AS worker`",
    )
    .or("see how nixdyno writes them: `nixdyno generate dockerfile --stdout`")
}

fn wrong_architecture(_: &Failure<'_>) -> Error {
    Error::user(
        "docker/wrong-architecture",
        "the Docker engine can't run linux/amd64",
        "install emulation: `docker run --privileged --rm tonistiigi/binfmt --install amd64`",
    )
    .because("Heroku's dynos are x86-64")
}

fn no_attribute(failure: &Failure<'_>) -> Error {
    Error::user(
        "docker/no-attribute",
        format!("the project has no attribute {}", failure.attributes),
        "name one that it has: `--attr NAME`; `nixdyno inspect` lists them",
    )
}

fn cache_refused(failure: &Failure<'_>) -> Error {
    let what = match refusing(&failure.text) {
        Some(server) => {
            format!("{server} refuses what the build asks of it: it wants a login, or another one")
        }
        None => "a server refuses what the build asks of it: it wants a login, or another one"
            .to_owned(),
    };
    Error::user(
        "docker/cache-refused",
        what,
        "hand one over: `--secret netrc=FILE` for HTTP, `--secret aws=FILE` for S3",
    )
    .or("for private inputs of a flake, lines such as `access-tokens = github.com=…`: `--secret nix-config=FILE`")
}

/// The server that refused, of a line such as `unable to download 'https://host/…': HTTP error 401`. Only its name:
/// the rest of an address may hold a login.
fn refusing(text: &str) -> Option<String> {
    let lines = text.lines();
    let refused = |line: &&str| line.contains("HTTP error 401") || line.contains("HTTP error 403");
    let mut urls = lines.filter(refused).filter_map(|line| {
        let (_, rest) = line.split_once("'http")?;
        let (url, _) = rest.split_once('\'')?;
        url::Url::parse(&format!("http{url}")).ok()
    });
    urls.find_map(|url| url.host_str().map(str::to_owned))
}

fn no_download(_: &Failure<'_>) -> Error {
    Error::transient(
        "docker/no-download",
        "Nix can't reach the network from within the build",
        "check the network of the Docker engine, and the proxy it uses; then run the same command again",
    )
    .because("what the build needs and the base image hasn't is downloaded")
}

/// Whether the step that failed is the one that sends to a cache: a builder names the command.
fn is_sending(failure: &Failure<'_>) -> bool {
    let failed = ["did not complete", "returned a non-zero code"];
    let mut lines = failure.built.tail.iter();
    lines.any(|line| line.contains("nix copy --to") && failed.iter().any(|it| line.contains(it)))
}

fn not_sent(failure: &Failure<'_>) -> Error {
    let what = "it was built, and the cache didn't take it";
    let todo = "mend what the last lines say, and run the same command again: what is built and sent stays so";
    let error =
        Error::user("docker/cache-push", what, todo).passing(is_network(&failure.built.tail));
    error.or("check the address, and whether you may write there: `--secret aws=FILE` for S3, `--secret netrc=FILE` for HTTP")
}
