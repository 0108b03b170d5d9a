//! What our own Dockerfile found wrong, and printed as `nixdyno[id] words`.

use crate::docker::pruned;
use crate::error::Error;
use crate::plan::Plan;
use crate::programs;

/// A line that our Dockerfile printed of what it found wrong.
pub(in crate::docker) fn finding(line: &str) -> Option<&str> {
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

/// What a line says that our Dockerfile printed, as an error.
pub(super) fn explain(plan: &Plan, line: &str) -> Option<Error> {
    let (id, words) = marked(line)?;
    match id {
        "docker/which-program" => Some(programs::which_program(
            "docker/which-program",
            &names(words),
        )),
        "docker/no-such-program" => Some(no_such_program(words)),
        "docker/not-a-folder" => Some(programs::not_a_folder("docker/not-a-folder", &words)),
        "docker/no-shell" => Some(no_shell(plan)),
        "docker/prune-needed" => Some(pruned::needed(plan, words)),
        "docker/prune-program" => Some(pruned::program(plan, words)),
        _ => None,
    }
}

/// Names that a shell wrote: `*` where there are none.
fn names(words: &str) -> Vec<&str> {
    let names = words.split(' ');
    names.filter(|it| !it.is_empty() && *it != "*").collect()
}

fn no_such_program(words: &str) -> Error {
    let (program, has) = words.split_once(' ').unwrap_or((words, ""));
    programs::no_such_program("docker/no-such-program", program, &names(has))
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
