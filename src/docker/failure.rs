//! Says what a failed `docker build` or `docker push` means, from the end of its output.
//!
//! Our own Dockerfile marks what it finds wrong (`nixdyno[id] words`); the rest is Nix's or Docker's
//! words, kept as they are and, where they're known, explained.

use crate::error::{Error, Result};
use crate::plan::{Base, BaseFamily, NixpkgsImage, Plan};
use crate::shell::Streamed;

/// How many last lines of hidden output are shown.
const SHOWN: usize = 12;

/// Turns a failed build into an error; a build that worked into nothing.
///
/// Errors: `docker/which-program`, `docker/no-such-program`, `docker/not-a-folder`, `docker/no-shell`, `docker/prune-needed`,
/// `docker/prune-program`, `docker/no-space`, `docker/no-base`, `docker/no-root`, `docker/wrong-architecture`,
/// `docker/no-attribute`, `docker/no-package`, `docker/cache-refused`, `docker/no-download` (transient),
/// `docker/cache-push`, `docker/build`.
pub fn explain_build(plan: &Plan, built: &Streamed) -> Result<()> {
    if built.status == 0 {
        return Ok(());
    }
    let marked = built.tail.iter().rev().find_map(|line| marked(line));
    let error = match marked {
        Some(("docker/which-program", words)) => which_program(words),
        Some(("docker/no-such-program", words)) => no_such_program(words),
        Some(("docker/not-a-folder", words)) => not_a_folder(words),
        Some(("docker/no-shell", _)) => no_shell(plan),
        Some(("docker/prune-needed", words)) => super::pruned::needed(plan, words),
        Some(("docker/prune-program", words)) => super::pruned::program(plan, words),
        _ => {
            if let Some(error) = no_root(plan, built).or_else(|| no_package(plan, built)) {
                return Err(error);
            }
            let attributes = attributes(plan);
            let again = "`nixdyno build` tries it again without deploying";
            known(&plan.base, &attributes, again, built)
        }
    };
    Err(error)
}

/// Turns a failed build of a base image into an error; one that worked into nothing.
///
/// Errors: those of [`explain_build`] that Docker or the network can be blamed for, and `docker/build`.
pub fn explain_base(image: &NixpkgsImage, built: &Streamed) -> Result<()> {
    if built.status == 0 {
        return Ok(());
    }
    let from = Base::of(image.from.clone());
    let again = "`nixdyno base build --dry-run` shows the recipe";
    Err(known(&from, "in nixpkgs", again, built))
}

/// A line that our Dockerfile printed of what it found wrong.
pub(super) fn finding(line: &str) -> Option<&str> {
    marked(line).map(|_| line)
}

/// `nixdyno[id] words`, where a line of the build's output holds one that was printed, not quoted.
fn marked(line: &str) -> Option<(&str, &str)> {
    let (before, after) = line.split_once("nixdyno[")?;
    // A builder that repeats the script shows the words with the command that would print them.
    if before.contains("echo") || before.contains(">>>") {
        return None;
    }
    let (id, words) = after.split_once(']')?;
    Some((id, words.trim()))
}

fn which_program(words: &str) -> Error {
    if words.is_empty() || words == "*" {
        return Error::user(
            "docker/which-program",
            "the package has no program in bin/",
            "name the attribute that has one: `--attr NAME`",
        )
        .because("a dyno needs a command to run")
        .or("say in a Procfile what to run: `web: command`");
    }
    let first = words.split(' ').next().unwrap_or_default();
    Error::user(
        "docker/which-program",
        format!("the package has several programs in bin/: {words}"),
        format!("choose one: `--program {first}`, or `program = \"{first}\"` in nixdyno.toml"),
    )
    .or(format!(
        "set `meta.mainProgram = \"{first}\"` in the package"
    ))
    .or("say in a Procfile what to run")
}

fn no_such_program(words: &str) -> Error {
    let (program, has) = words.split_once(' ').unwrap_or((words, ""));
    let has: Vec<&str> = has
        .split(' ')
        .filter(|name| !name.is_empty() && *name != "*")
        .collect();
    let todo = match crate::error::near_misses(program, has.iter().copied()).first() {
        Some(near) => format!("did you mean `--program {near}`?"),
        None => "name the program: `--program NAME`, or write a Procfile".to_owned(),
    };
    let has = if has.is_empty() {
        "no program".to_owned()
    } else {
        has.join(", ")
    };
    Error::user(
        "docker/no-such-program",
        format!("the package has no program `{program}` in bin/; it has {has}"),
        todo,
    )
}

fn not_a_folder(words: &str) -> Error {
    Error::user(
        "docker/not-a-folder",
        format!("the package is a single file, {words}, without bin/"),
        "deploy a package that installs its program in bin/: `--attr NAME`",
    )
}

fn no_shell(plan: &Plan) -> Error {
    Error::user(
        "docker/no-shell",
        format!(
            "the app has no /bin/sh, and neither the project nor {} has a nixpkgs to take one from",
            plan.base
        ),
        "build on an image that has one: `--base nixos/nix`",
    )
    .because("Heroku starts every process through /bin/sh")
    .or("pin nixpkgs: as the input of that name in flake.nix, or by `npins init`")
}

/// An image to stand on that no registry has under that name.
fn no_root(plan: &Plan, built: &Streamed) -> Option<Error> {
    let image = plan.build.root.image.as_ref()?;
    let text = built.tail.join("\n");
    if !is_missing(image.as_str(), &text) {
        return None;
    }
    let error = Error::user(
        "docker/no-root",
        format!("the image to stand on, {image}, can't be had"),
        "check its name and tag, and the network: `docker pull` says more",
    );
    Some(error.detail(telling(&built.tail)))
}

/// Whether Docker could not pull an image. Old builders name it only as the step that failed.
fn is_missing(image: &str, text: &str) -> bool {
    let words = [
        "not found",
        "failed to resolve",
        "failed to do request",
        "pull access denied",
    ];
    let said = |line: &str| words.iter().any(|it| line.contains(it));
    let failed = |line: &str| line.contains(" > [internal] load metadata for ");
    let mut lines = text.lines().filter(|line| line.contains(image));
    lines.any(|line| said(line) || failed(line) && said(text))
}

/// Failures of Docker and Nix that are known by their words.
fn known(base: &Base, attributes: &str, again: &str, built: &Streamed) -> Error {
    let text = built.tail.join("\n");
    let has = |needle: &str| text.contains(needle);
    let error = if has("no space left on device") {
        Error::user(
            "docker/no-space",
            "the disk of the Docker engine is full",
            "make room: `docker system df`, then `docker builder prune`",
        )
    } else if has("target stage") || has("failed to reach build target") {
        Error::user(
            "docker/no-stage",
            "the Dockerfile has no stage for one of the process types",
            "give each process type a stage of its own name: `FROM root AS worker`",
        )
        .or("see how nixdyno writes them: `nixdyno generate dockerfile --stdout`")
    } else if has("exec format error") || has("does not match the specified platform") {
        Error::user(
            "docker/wrong-architecture",
            "the Docker engine can't run linux/amd64",
            "install emulation: `docker run --privileged --rm tonistiigi/binfmt --install amd64`",
        )
        .because("Heroku's dynos are x86-64")
    } else if lacks_base(base, &built.tail) {
        no_base(base)
    } else if has("does not provide attribute") || has("in selection path") {
        Error::user(
            "docker/no-attribute",
            format!("the project has no attribute {attributes}"),
            "name one that it has: `--attr NAME`; `nixdyno inspect` lists them",
        )
    } else if ["HTTP error 401", "HTTP error 403", "AccessDenied"]
        .iter()
        .any(|words| has(words))
    {
        cache_refused()
    } else if has("unable to download") && has("resolve host") {
        Error::transient(
            "docker/no-download",
            "Nix can't reach the network from within the build",
            "check the network of the Docker engine, and the proxy it uses; then run the same command again",
        )
        .because("what the build needs and the base image hasn't is downloaded")
    } else if is_sending(&built.tail) {
        not_sent()
    } else {
        Error::user(
            "docker/build",
            format!("the build failed with status {}", built.status),
            format!("mend what the last lines say; {again}"),
        )
    };
    error.detail(telling(&built.tail))
}

/// Whether the step that failed is the one that sends to a cache: a builder names the command.
fn is_sending(tail: &[String]) -> bool {
    let failed = ["did not complete", "returned a non-zero code"];
    let mut lines = tail.iter();
    lines.any(|line| line.contains("nix copy --to") && failed.iter().any(|it| line.contains(it)))
}

fn not_sent() -> Error {
    Error::user(
        "docker/cache-push",
        "it was built, and the cache didn't take it",
        "mend what the last lines say, and run the same command again: what is built and sent stays so",
    )
    .or("check the address, and whether you may write there: `--secret aws=FILE` for S3, `--secret netrc=FILE` for HTTP")
}

/// How a builder says that a step of its own failed: then the image to build on was there.
const STEP_FAILED: &[&str] = &[
    "The command '",
    "COPY failed",
    "ADD failed",
    "executor failed running",
    "did not complete successfully",
    "failed to compute cache key",
    "failed to calculate checksum",
];

/// Whether the step that failed is the one that takes the base image.
fn lacks_base(base: &Base, tail: &[String]) -> bool {
    let of_step = |line: &String| STEP_FAILED.iter().any(|words| line.contains(words));
    if tail.iter().any(of_step) {
        return false;
    }
    let image = base.image.as_str();
    let named = image.split('@').next().unwrap_or(image);
    // A colon before a slash is that of a port.
    let repository = named
        .rsplit_once(':')
        .filter(|(_, tag)| !tag.contains('/'))
        .map_or(named, |(repository, _)| repository);
    let last = tail.iter().rposition(|line| line.starts_with("Step "));
    let mut last = tail.iter().skip(last.unwrap_or(tail.len()));
    let taken = |line: &String| line.starts_with(" ---> ");
    // The classic builder says no more than the words of the registry.
    if let Some(step) = last.next()
        && step.contains(" : FROM ")
        && step.contains(repository)
        && !last.any(taken)
    {
        return true;
    }
    let says = |line: &String| {
        let words = [
            "not found",
            "failed to resolve",
            "failed to do request",
            "pull access denied",
        ];
        !is_printed(line) && words.iter().any(|it| line.contains(it))
    };
    // BuildKit says where it looked, and then the registry's words, which may name another address.
    let looked = |line: &String| line.contains("load metadata for") && line.contains(repository);
    let (looked, says): (bool, Vec<&String>) = (
        tail.iter().any(looked),
        tail.iter().filter(|line| says(line)).collect(),
    );
    says.iter().any(|line| looked || line.contains(repository))
}

/// A package that was asked for beside the app, and that nixpkgs has not.
fn no_package(plan: &Plan, built: &Streamed) -> Option<Error> {
    let mut packages = plan.build.root.packages.iter().map(ToString::to_string);
    let tail = built.tail.iter();
    let refused = tail.clone().find(|it| it.contains("in selection path"))?;
    let last = |path: &str| path.rsplit('.').next().map(|name| format!("'{name}'"));
    let named = |path: &String| {
        refused.contains(&format!("'{path}'"))
            || last(path).is_some_and(|name| refused.contains(&format!("attribute {name}")))
    };
    let package = packages.find(named)?;
    let near = tail.filter_map(|line| line.split_once("Did you mean "));
    let near = near.map(|(_, near)| near.trim_end_matches('?')).next_back();
    let todo = match near {
        Some(near) => format!("did you mean {near}? say it by `--with`"),
        None => "name one that it has: `--with NAME`".to_owned(),
    };
    let error = Error::user(
        "docker/no-package",
        format!("nixpkgs has no package `{package}`"),
        todo,
    );
    Some(error.detail(telling(&built.tail)))
}

fn cache_refused() -> Error {
    Error::user(
        "docker/cache-refused",
        "a server refuses what the build asks of it: it wants a login, or another one",
        "hand one over: `--secret netrc=FILE` for HTTP, `--secret aws=FILE` for S3",
    )
    .or("for private inputs of a flake, lines such as `access-tokens = github.com=…`: `--secret nix-config=FILE`")
}

/// An image of nixpkgs is nowhere until it is made.
fn no_base(base: &Base) -> Error {
    let network = "check the network, or name another: `--base nixos/nix:VERSION`";
    let todo = match base.family {
        BaseFamily::Nixpkgs => "make it: `nixdyno base build`",
        _ => network,
    };
    let error = Error::user(
        "docker/no-base",
        format!("the base image {base} can't be had"),
        todo,
    );
    match base.family {
        BaseFamily::Nixpkgs => error
            .or("if it is made and your builder runs elsewhere, choose one that sees it: `docker buildx use default`")
            .or(network),
        _ => error,
    }
}

/// Those that were built, any of which may be the one that isn't there.
fn attributes(plan: &Plan) -> String {
    let names = plan.build.attributes().map(|it| format!("`{it}`"));
    names.collect::<Vec<_>>().join(" or ")
}

/// The last lines that say something: those of the step that failed, where steps have numbers,
/// without its numbers and its frame around them.
fn telling(tail: &[String]) -> Vec<String> {
    let failed = tail
        .iter()
        .rev()
        .find(|line| unnumbered(line).starts_with("ERROR: ") && line.starts_with('#'))
        .and_then(|line| line.split_once(' '))
        .map(|(step, _)| format!("{step} "));
    let lines: Vec<String> = tail
        .iter()
        .filter(|line| failed.as_ref().is_none_or(|step| line.starts_with(step)))
        .filter_map(|line| {
            let text = unnumbered(line);
            let frame = text.trim().is_empty()
                || text == "------"
                || text.starts_with(" > [")
                || text.starts_with("sha256:")
                || text.starts_with("executor failed running")
                || is_repeated(text)
                || ["CACHED", "DONE "]
                    .iter()
                    .any(|word| text.starts_with(word));
            (!frame).then(|| text.to_owned())
        })
        .collect();
    let skip = lines.len().saturating_sub(SHOWN);
    lines.into_iter().skip(skip).collect()
}

/// A line of the script that buildx repeats after a failure, with its frame.
fn is_repeated(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.split_once(" | ").is_some_and(|(number, _)| {
        !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
    });
    numbered
        || line.starts_with("--------------------")
        || line.starts_with("../dockerfile/Dockerfile:")
}

/// `#11 0.345 words` as `words`.
fn unnumbered(line: &str) -> &str {
    let Some((step, rest)) = line.strip_prefix('#').and_then(|rest| rest.split_once(' ')) else {
        return line;
    };
    match rest.split_once(' ') {
        _ if !is_number(step) => line,
        Some((time, words)) if is_number(time) => words,
        _ => rest,
    }
}

/// Whether a command of a step printed the line: such a one has a time behind the step's number.
fn is_printed(line: &str) -> bool {
    let rest = line.strip_prefix('#').and_then(|rest| rest.split_once(' '));
    let time = rest.and_then(|(_, rest)| rest.split_once(' '));
    time.is_some_and(|(time, _)| is_number(time))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Turns a failed push into an error; a push that worked into nothing.
///
/// Errors: `docker/push-unauthorized`, `docker/push-unsupported`, `docker/push` (transient).
pub fn explain_push(what: &str, pushed: &Streamed) -> Result<()> {
    if pushed.status == 0 {
        return Ok(());
    }
    let text = pushed.tail.join("\n");
    let has = |needle: &str| text.contains(needle);
    let error = if has("unauthorized") || has("denied") || has("no basic auth credentials") {
        Error::user(
            "docker/push-unauthorized",
            format!("the registry doesn't let you push {what}"),
            "check who you are and whose app it is: `heroku auth:whoami`, `heroku access -a APP`",
        )
    } else if has("unsupported") || has("405 Method Not Allowed") {
        Error::user(
            "docker/push-unsupported",
            format!("the registry refuses the kind of image that {what} is"),
            "turn Docker's containerd image store off, or update buildx: `nixdyno doctor` says which",
        )
        .because("Heroku's registry takes Docker schema 2 manifests only, without attestations")
    } else {
        Error::transient(
            "docker/push",
            format!("pushing {what} failed with status {}", pushed.status),
            "try again; layers that arrived are not sent again",
        )
    };
    Err(error.detail(pushed.tail.iter().rev().take(SHOWN).rev().cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(lines: &[&str]) -> Streamed {
        Streamed {
            status: 1,
            tail: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    fn plan() -> Plan {
        let text = include_str!("../../tests/fixtures/plan.json");
        serde_json::from_str(text).unwrap()
    }

    fn build_error(lines: &[&str]) -> String {
        explain_build(&plan(), &failed(lines))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_our_dockerfile_found_is_told_in_our_words() {
        insta::assert_snapshot!(
            "several_programs",
            build_error(&[
                "#9 1.2 nixdyno[docker/which-program] client server",
                "exit code: 1"
            ])
        );
        insta::assert_snapshot!(
            "no_program",
            build_error(&["nixdyno[docker/which-program] *"])
        );
        insta::assert_snapshot!(
            "no_such_program",
            build_error(&["nixdyno[docker/no-such-program] servr client server"])
        );
        insta::assert_snapshot!(
            "not_a_folder",
            build_error(&["nixdyno[docker/not-a-folder] /nix/store/x-y"])
        );
        insta::assert_snapshot!("no_shell", build_error(&["nixdyno[docker/no-shell]"]));
    }

    #[test]
    fn a_marker_that_is_only_quoted_is_no_finding() {
        let line = "executor failed running [/bin/sh -c set -eu; echo \"nixdyno[docker/which-program] $x\"]";
        assert!(build_error(&[line]).contains("[docker/build]"));
    }

    #[test]
    fn a_cache_that_takes_nothing_is_another_failure_than_a_build() {
        let command =
            "/bin/sh -c set -eu; : \"$NIXDYNO_PUSH\"; xargs nix copy --to 's3://b' < /tmp/push";
        let kit = format!(
            "#9 ERROR: process \"{command}\" did not complete successfully: exit code: 123"
        );
        let classic = format!("The command '{command}' returned a non-zero code: 123");
        let why = "#9 0.5 error: bucket 'b' does not exist";
        insta::assert_snapshot!("cache_push", build_error(&[why, &kit]));
        assert!(build_error(&[&classic]).contains("[docker/cache-push]"));
        // Only shown, before the step that failed.
        assert!(
            build_error(&[&format!("#8 [build 9/9] RUN {command}"), why])
                .contains("[docker/build]")
        );
    }

    #[test]
    fn known_words_of_docker_are_explained() {
        insta::assert_snapshot!(
            "no_space",
            build_error(&["write /x: no space left on device"])
        );
        insta::assert_snapshot!(
            "architecture",
            build_error(&["exec /bin/sh: exec format error"])
        );
        insta::assert_snapshot!(
            "no_base",
            build_error(&["nixos/nix:2.31.2: failed to resolve source metadata"])
        );
        insta::assert_snapshot!(
            "no_attribute",
            build_error(&[
                "#9 0.5 error: flake 'path:/src' does not provide attribute 'packages.x86_64-linux.default'",
                "------",
                "executor failed running [/bin/sh -c nix build]: exit code: 1",
            ])
        );
        insta::assert_snapshot!(
            "only_the_failed_step",
            build_error(&[
                "#7 0.1 copying",
                "#9 [build 7/8] RUN nix build",
                "#9 0.5 error: a semicolon is missing",
                "#8 DONE 0.1s",
                "#9 ERROR: process \"/bin/sh -c nix build\" did not complete successfully: exit code: 1",
                "------",
                " > [build 7/8] RUN nix build:",
                "0.5 error: a semicolon is missing",
                "------",
                "Dockerfile:33",
            ])
        );
        let refused = "#9 0.5 error: unable to download 'https://x/nix-cache-info': HTTP error 401";
        insta::assert_snapshot!("cache_refused", build_error(&[refused]));
        insta::assert_snapshot!(
            "no_download",
            build_error(&[
                "#9 0.5 error: unable to download 'https://x': Could not resolve host: x"
            ])
        );
        let mut on_nixpkgs = plan();
        on_nixpkgs.base = Base::of("nixdyno/nixpkgs:8fd9daa3db09".parse().unwrap());
        let lines = failed(&["nixdyno/nixpkgs:8fd9daa3db09: failed to resolve source metadata"]);
        let error = explain_build(&on_nixpkgs, &lines).unwrap_err();
        insta::assert_snapshot!("no_nixpkgs_base", error);
        let stage = "ERROR: failed to solve: target stage \"worker\" could not be found";
        insta::assert_snapshot!("no_stage", build_error(&[stage]));
        insta::assert_snapshot!(
            "other",
            build_error(&["error: builder for '/nix/store/x.drv' failed"])
        );
    }

    fn id(plan: &Plan, text: &str) -> &'static str {
        let lines: Vec<&str> = text.lines().collect();
        explain_build(plan, &failed(&lines)).unwrap_err().id()
    }

    #[test]
    fn only_the_step_that_takes_it_lacks_the_base() {
        let kit = "#2 [internal] load metadata for docker.io/nixos/nix:2.31.2\n#2 DONE 0.2s\n#4 [build 1/3] FROM docker.io/nixos/nix:2.31.2\n#4 CACHED\n";
        let copy = "#6 [3/3] COPY nonexist.txt ./\n#6 ERROR: failed to calculate checksum of ref x::y: \"/nonexist.txt\": not found\n------\n > [3/3] COPY nonexist.txt ./:\n------\nDockerfile:2\n   1 |     FROM nixos/nix:2.31.2\n   2 | >>> COPY nonexist.txt ./\nERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x::y: \"/nonexist.txt\": not found";
        let run = "#5 [2/2] RUN frobnicate\n#5 0.321 /bin/sh: frobnicate: not found\n#5 ERROR: executor failed running [/bin/sh -c frobnicate]: exit code: 127\n------\n > [2/2] RUN frobnicate:\n#5 0.321 /bin/sh: frobnicate: not found\n------";
        let classic = "Step 1/2 : FROM nixos/nix:2.31.2\n ---> 0123456789ab\nStep 2/2 : ";
        let classic_copy = "COPY nonexist.txt ./\nCOPY failed: file not found in build context or excluded by .dockerignore: stat nonexist.txt: file does not exist";
        let classic_run = "RUN frobnicate\n ---> Running in 0123456789ab\n/bin/sh: frobnicate: not found\nThe command '/bin/sh -c frobnicate' returned a non-zero code: 127";
        for text in [
            format!("{kit}{copy}"),
            format!("{kit}{run}"),
            format!("{classic}{classic_copy}"),
            format!("{classic}{classic_run}"),
            format!("{kit}#7 0.2 error: github:nixos/nix was not found"),
        ] {
            assert_eq!(id(&plan(), &text), "docker/build", "{text}");
        }
        for text in [
            "#2 [internal] load metadata for docker.io/nixos/nix:2.31.2\n#2 ERROR: docker.io/nixos/nix:2.31.2: not found\n------\n > [internal] load metadata for docker.io/nixos/nix:2.31.2:\n------\nERROR: failed to solve: nixos/nix:2.31.2: docker.io/nixos/nix:2.31.2: not found",
            "#3 [internal] load metadata for docker.io/nixos/nix:2.31.2\n#3 ERROR: failed to do request: Head \"https://mirror.example/v2/other/manifests/2.31.2\": x509: certificate signed by unknown authority",
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head \"https://registry-1.docker.io/v2/nixos/nix/manifests/2.31.2\": dial tcp: lookup registry-1.docker.io: no such host",
            "Step 1/9 : FROM nixos/nix:2.31.2\nmanifest for nixos/nix:2.31.2 not found: manifest unknown: manifest unknown",
            "Step 1/9 : FROM nixos/nix:2.31.2\npull access denied for nixos/nix, repository does not exist or may require 'docker login'",
            "Step 1/9 : FROM nixos/nix:2.31.2\nGet \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
        ] {
            assert_eq!(id(&plan(), text), "docker/no-base", "{text}");
        }
    }

    #[test]
    fn a_package_that_nixpkgs_lacks_is_no_attribute_of_the_project() {
        let text = "Step 1/9 : FROM nixos/nix:2.31.2\n ---> 0123456789ab\nStep 7/9 : RUN nix-build '<nixpkgs>' --attr curll\n ---> Running in 0123456789ab\nerror: attribute 'curll' in selection path 'curll' not found\n       Did you mean curl?\nThe command '/bin/sh -c nix-build' returned a non-zero code: 1";
        assert_eq!(id(&plan(), text), "docker/no-attribute");
        let mut plan = plan();
        plan.build.root.packages = vec!["bash".parse().unwrap(), "curll".parse().unwrap()];
        let lines: Vec<&str> = text.lines().collect();
        insta::assert_snapshot!(
            "no_package",
            explain_build(&plan, &failed(&lines)).unwrap_err()
        );
        let inner = text.replace(
            "'curll' in selection path 'curll'",
            "'pipp' in selection path 'python3Packages.pipp'",
        );
        assert_eq!(id(&plan, &inner), "docker/no-attribute");
        plan.build.root.packages = vec!["python3Packages.pipp".parse().unwrap()];
        assert_eq!(id(&plan, &inner), "docker/no-package");
    }

    #[test]
    fn an_image_to_stand_on_that_is_missing_is_named() {
        let mut on_image = plan();
        on_image.build.root.image = Some("heroku/heroku:42".parse().unwrap());
        let lines = failed(&["heroku/heroku:42: failed to resolve source metadata"]);
        let error = explain_build(&on_image, &lines).unwrap_err();
        insta::assert_snapshot!("no_root", error);
        let lines = failed(&[
            "#3 [internal] load metadata for docker.io/nixos/nix:2.31.2",
            "#4 ERROR: failed to do request: Head \"https://x/v2/heroku/heroku/manifests/42\"",
            " > [internal] load metadata for docker.io/heroku/heroku:42:",
        ]);
        let error = explain_build(&on_image, &lines).unwrap_err();
        assert_eq!(error.id(), "docker/no-root");
        let lines = failed(&["heroku/heroku:42: built", "nixos/nix:2.31.2: not found"]);
        let error = explain_build(&on_image, &lines).unwrap_err();
        assert_eq!(error.id(), "docker/no-base");
    }

    #[test]
    fn a_refused_push_is_explained() {
        let push = |line: &str| {
            explain_push("r/app/web", &failed(&[line]))
                .unwrap_err()
                .to_string()
        };
        insta::assert_snapshot!(
            "push_unauthorized",
            push("unauthorized: authentication required")
        );
        insta::assert_snapshot!(
            "push_unsupported",
            push("unsupported: The operation is unsupported.")
        );
        insta::assert_snapshot!("push_other", push("EOF"));
        assert!(explain_push("x", &Streamed::default()).is_ok());
    }
}
