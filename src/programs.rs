//! What is wrong with the programs of a package, in the same words whoever finds it.

use std::fmt::Display;

use crate::error::{Error, near_misses};

/// The package has several programs, or none, where one is to be found.
pub(crate) fn which_program(id: &'static str, names: &[&str]) -> Error {
    let Some(first) = names.first().filter(|_| names.len() > 1) else {
        return Error::user(
            id,
            "the package has no program in bin/",
            "name the attribute that has one: `--attr NAME`",
        )
        .because("a dyno needs a command to run")
        .or("say in a Procfile what to run: `web: command`");
    };
    // A lone word may be the answer of a shell that wrote all names with spaces between.
    let all = names.join(", ");
    Error::user(
        id,
        format!("the package has several programs in bin/: {all}"),
        format!("choose one: `--program {first}`, or `program = \"{first}\"` in nixdyno.toml"),
    )
    .or(format!(
        "set `meta.mainProgram = \"{first}\"` in the package"
    ))
    .or("say in a Procfile what to run")
}

/// The package has not the program that a process names.
pub(crate) fn no_such_program(id: &'static str, program: &str, names: &[&str]) -> Error {
    let todo = match near_misses(program, names.iter().copied()).first() {
        Some(near) => format!("did you mean `--program {near}`?"),
        None => "name the program: `--program NAME`, or write a Procfile".to_owned(),
    };
    let has = if names.is_empty() {
        "no program".to_owned()
    } else {
        names.join(", ")
    };
    let what = format!("the package has no program `{program}` in bin/; it has {has}");
    Error::user(id, what, todo)
}

/// The package is a file.
pub(crate) fn not_a_folder(id: &'static str, path: &dyn Display) -> Error {
    Error::user(
        id,
        format!("the package is a single file, {path}, without bin/"),
        "deploy a package that installs its program in bin/: `--attr NAME`",
    )
}
