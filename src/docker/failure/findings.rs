//! What our own Dockerfile found wrong, and printed as `nixdyno[id] words`.

use crate::docker::pruned;
use crate::error::Error;
use crate::plan::Plan;

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
        "docker/which-program" => Some(which_program(words)),
        "docker/no-such-program" => Some(no_such_program(words)),
        "docker/not-a-folder" => Some(not_a_folder(words)),
        "docker/no-shell" => Some(no_shell(plan)),
        "docker/prune-needed" => Some(pruned::needed(plan, words)),
        "docker/prune-program" => Some(pruned::program(plan, words)),
        _ => None,
    }
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
