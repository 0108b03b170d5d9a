//! How a program starts that no Procfile starts: its words, its variables, its folder.
//!
//! Takes what inspection found; gives a process. Every word is quoted for the shell that Heroku starts, but for
//! variables such as `$PORT`, which keep their meaning.

use crate::error::{Error, Result, near_misses};
use crate::inspect::{Candidate, CandidateKind, Need, NeedId, Program, Project, Source, Warning};
use crate::names::{ProcessType, ProgramName};
use crate::shell::quote;

use super::{Command, Process, Wish, Wishes};

/// Needs that a command written here meets.
const MET: &[NeedId] = &[
    NeedId::AddressVariable,
    NeedId::PortVariable,
    NeedId::WorkingDirectory,
];

/// A worker answers no HTTP: as `web` it would be ended after a minute.
pub(super) fn process_type(candidate: &Candidate) -> Result<ProcessType> {
    match candidate.kind {
        CandidateKind::Worker => "worker".parse(),
        _ => Ok(ProcessType::web()),
    }
}

/// The process that inspection found.
pub(super) fn found(project: &Project, candidate: &Candidate) -> Process {
    let Program::Known { name, source } = &candidate.program else {
        return Process {
            command: Command::OnlyProgram,
            source: Source::Default,
        };
    };
    Process {
        command: Command::parse(&line(project, candidate, name, &candidate.arguments)),
        source: source.clone(),
    }
}

/// The process of a program that the user names.
pub(super) fn asked(project: &Project, candidate: &Candidate, wish: &Wish<ProgramName>) -> Process {
    let name = wish.value.as_str();
    // Arguments are those of the program that was found, and of no other.
    let same = candidate.program.name() == Some(name);
    let arguments: &[String] = if same { &candidate.arguments } else { &[] };
    Process {
        command: Command::parse(&line(project, candidate, name, arguments)),
        source: wish.source.clone(),
    }
}

fn line(project: &Project, candidate: &Candidate, name: &str, arguments: &[String]) -> String {
    let mut line = format!("/app/bin/{}", quote(name));
    for word in arguments {
        line = format!("{line} {}", shell_word(word));
    }
    let variables = variables(project);
    if !variables.is_empty() {
        line = format!("{} exec {line}", variables.join(" "));
    }
    let folder = candidate.working_directory.as_ref();
    match folder.and_then(|folder| folder.to_str()) {
        Some(folder) => format!("cd {} && {line}", quote(&format!("/app/{folder}"))),
        None => line,
    }
}

/// `APP_PORT="$PORT"`, for a program that reads variables of its own.
fn variables(project: &Project) -> Vec<String> {
    let ids = [NeedId::AddressVariable, NeedId::PortVariable];
    let needs = project.needs.iter().filter(|need| ids.contains(&need.id));
    let set = needs.filter_map(|need| {
        let name = need.names.first().filter(|name| is_variable(name))?;
        Some(format!("{name}={}", shell_word(need.value.as_deref()?)))
    });
    set.collect()
}

/// A word for a shell, in which `$NAME` and `${NAME}` keep their meaning, and nothing else has one.
fn shell_word(word: &str) -> String {
    if !word.contains('$') {
        return quote(word);
    }
    let mut quoted = String::from("\"");
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let length = if c == '$' { variable(rest) } else { 0 };
        let (taken, more) = rest.split_at(length.max(c.len_utf8()));
        if length == 0 && matches!(c, '$' | '"' | '`' | '\\') {
            quoted.push('\\');
        }
        quoted.push_str(taken);
        rest = more;
    }
    quoted.push('"');
    quoted
}

/// The length in bytes of the variable that a text starts with; 0 when it starts with none.
fn variable(text: &str) -> usize {
    let inner = text.strip_prefix("${").unwrap_or_default();
    if let Some(end) = inner.find('}')
        && inner.get(..end).is_some_and(is_variable)
    {
        return end + 3;
    }
    let name = text.strip_prefix('$').unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = name.find(|c| !plain(c)).unwrap_or(name.len());
    if name.get(..end).is_some_and(is_variable) {
        end + 1
    } else {
        0
    }
}

fn is_variable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Refuses a package of which it is known that nothing in it can be started.
///
/// Errors: `plan/image`, `plan/no-program`, `plan/static-site`.
pub(super) fn check(project: &Project, candidate: &Candidate) -> Result<()> {
    let need = |id| project.needs.iter().find(|need| need.id == id);
    if candidate.kind == CandidateKind::Image {
        let what = "the package is an image for another place, and not the app itself";
        let todo =
            "give the package that the image is made of: `packages.x86_64-linux.default = …;`";
        return Err(Error::user("plan/image", what, todo).at(&candidate.source));
    }
    if let Some(need) = need(NeedId::StartCommand) {
        return refuse("plan/no-program", need);
    }
    match need(NeedId::StaticServer) {
        Some(need) => refuse("plan/static-site", need),
        None => Ok(()),
    }
}

fn refuse(id: &'static str, need: &Need) -> Result<()> {
    let error = Error::user(id, need.what.clone(), need.todo.clone());
    let error = error.or("name a program of the package: `--program NAME`");
    Err(match &need.source {
        Some(source) => error.at(source),
        None => error,
    })
}

/// What is still needed: not what the commands written here already meet.
pub(super) fn needs(project: &Project, wishes: &Wishes) -> Vec<Need> {
    let own = project.processes.is_empty() || wishes.program.is_some();
    let needs = project
        .needs
        .iter()
        .filter(|need| !own || !MET.contains(&need.id));
    needs.cloned().collect()
}

/// A program that was asked for, and that the package is known not to hold.
pub(super) fn unknown_program(candidate: &Candidate, wishes: &Wishes) -> Option<Warning> {
    let wish = wishes.program.as_ref()?;
    let name = wish.value.as_str();
    let programs = &candidate.programs;
    if programs.is_empty() || programs.iter().any(|program| program == name) {
        return None;
    }
    let near = near_misses(name, programs.iter().map(String::as_str));
    let todo = match near.first() {
        Some(near) => format!("did you mean `--program {near}`?"),
        None => format!("it is known to hold: {}", programs.join(", ")),
    };
    let what = format!("`{name}` is no program that the package is known to hold");
    Some(Warning::new("plan/unknown-program", what, todo).at(wish.source.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_variables_and_nothing_else() {
        for (word, quoted) in [
            ("--port=$PORT", "\"--port=$PORT\""),
            ("0.0.0.0:${PORT}", "\"0.0.0.0:${PORT}\""),
            ("a b", "'a b'"),
            ("$5", "\"\\$5\""),
            ("$(id)", "\"\\$(id)\""),
            ("${a b}", "\"\\${a b}\""),
            ("$A\"`\\é", "\"$A\\\"\\`\\\\é\""),
        ] {
            assert_eq!(shell_word(word), quoted, "{word}");
        }
    }
}
