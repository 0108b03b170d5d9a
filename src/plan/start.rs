//! How a program starts that no Procfile starts: its words, its variables, its folder.
//!
//! Takes what inspection found; gives a process. Every word is quoted for the shell that Heroku starts, but for
//! variables such as `$PORT`, which keep their meaning.

use crate::error::{Error, Result, near_misses};
use crate::inspect::{Candidate, CandidateKind, Need, NeedId, Program, Project, Source, Warning};
use crate::names::{ProcessType, ProgramName};
use crate::shell::quote;

use super::{Command, Process, Wish, Wishes};

/// Needs that a command written here meets, whatever it starts; flags are for one program only.
const MET: &[NeedId] = &[
    NeedId::AddressVariable,
    NeedId::PortVariable,
    NeedId::ServerVariable,
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
    let arguments = with_flags(&project.needs, &candidate.arguments);
    Process {
        command: Command::parse(&line(project, candidate, name, &arguments)),
        source: source.clone(),
    }
}

/// The process of a program that the user names.
pub(super) fn asked(project: &Project, candidate: &Candidate, wish: &Wish<ProgramName>) -> Process {
    let name = wish.value.as_str();
    // Arguments are those of the program that was found, and of no other.
    let same = candidate.program.name() == Some(name);
    let arguments = if same {
        with_flags(&project.needs, &candidate.arguments)
    } else {
        Vec::new()
    };
    Process {
        command: Command::parse(&line(project, candidate, name, &arguments)),
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

/// The arguments with `--port $PORT`, for a program that is told so where it listens. The same flag with
/// another value, as the project's own machine has it, gives way.
fn with_flags(needs: &[Need], arguments: &[String]) -> Vec<String> {
    let mut words = arguments.to_vec();
    for need in needs.iter().filter(|need| is_flag(need)) {
        let (Some(flag), Some(value)) = (need.names.first(), &need.value) else {
            continue;
        };
        let mut kept = Vec::new();
        let mut rest = words.into_iter();
        while let Some(word) = rest.next() {
            if word == *flag {
                rest.next();
            } else if word
                .strip_prefix(flag.as_str())
                .is_none_or(|it| !it.starts_with('='))
            {
                kept.push(word);
            }
        }
        kept.extend([flag.clone(), value.clone()]);
        words = kept;
    }
    words
}

fn is_flag(need: &Need) -> bool {
    matches!(need.id, NeedId::AddressFlag | NeedId::PortFlag)
}

/// `APP_PORT="$PORT"`, for a program that reads variables of its own.
fn variables(project: &Project) -> Vec<String> {
    let ids = [
        NeedId::AddressVariable,
        NeedId::PortVariable,
        NeedId::ServerVariable,
    ];
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
    let known = project.candidates.first().and_then(|it| it.program.name());
    let asked = wishes.program.as_ref().map(|wish| wish.value.as_str());
    // Flags are given to the program that was found, where that is known, and to no other.
    let flags = known.is_some() && asked.is_none_or(|name| known == Some(name));
    let met = |need: &Need| {
        if is_flag(need) {
            flags && need.value.is_some()
        } else {
            MET.contains(&need.id)
        }
    };
    let needs = project.needs.iter().filter(|need| !own || !met(need));
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

    /// The command of `web`, and the flags still needed, of a server in Go whose address is a flag.
    fn planned(nix: &str, line: &str, program: Option<&str>) -> (String, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let main = "package main\nimport (\n\"flag\"\n\"net/http\"\n)\nfunc main() {\na := flag.String(\"addr\", \"localhost:80\", \"\")\nflag.Parse()\nhttp.ListenAndServe(*a, nil)\n}\n";
        let files = [
            ("default.nix", nix),
            ("go.mod", "module example.org/shop\n"),
            ("main.go", main),
            ("Procfile", line),
        ];
        for (name, text) in files.into_iter().filter(|it| !it.1.is_empty()) {
            fs_err::write(dir.path().join(name), text).unwrap();
        }
        let ask = crate::inspect::Ask::default();
        let runner = crate::shell::Recorded::new();
        let project = crate::inspect::inspect(dir.path(), &ask, &runner).unwrap();
        let wishes = Wishes {
            program: program.map(|name| Wish {
                value: name.parse().unwrap(),
                source: Source::Default,
            }),
            ..Wishes::default()
        };
        let plan = crate::plan::plan(&project, &wishes).unwrap();
        let web = plan.processes.get(&ProcessType::web()).unwrap();
        let flags = plan.needs.into_iter().filter(is_flag);
        (web.command.shown(), flags.flat_map(|it| it.names).collect())
    }

    #[test]
    fn a_flag_that_says_where_to_listen_is_in_the_command_written_here() {
        let go = "{ pkgs ? import <nixpkgs> { } }: pkgs.buildGoModule { pname = \"shop\"; version = \"1\"; src = ./.; vendorHash = null; }";
        let met: Vec<String> = Vec::new();
        let open = vec!["-addr".to_owned()];
        let written = "/app/bin/shop -addr \"0.0.0.0:$PORT\"".to_owned();
        assert_eq!(planned(go, "", None), (written.clone(), met.clone()));
        assert_eq!(
            planned(go, "", Some("shop")),
            (written.clone(), met.clone())
        );
        assert_eq!(
            planned(go, "", Some("tool")),
            ("/app/bin/tool".to_owned(), open.clone())
        );
        // The Procfile's words stand, and a program that was asked for takes their place.
        assert_eq!(planned(go, "web: shop\n", None), ("shop".to_owned(), open));
        assert_eq!(planned(go, "web: shop\n", Some("shop")), (written, met));
    }

    #[test]
    fn the_same_flag_with_another_value_gives_way() {
        let need = |name: &str, value: Option<&str>| Need {
            id: NeedId::PortFlag,
            what: String::new(),
            todo: String::new(),
            names: vec![name.to_owned()],
            value: value.map(str::to_owned),
            source: None,
        };
        let flagged = |need: Need, words: &[&str]| {
            let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
            with_flags(std::slice::from_ref(&need), &words).join(" ")
        };
        let port = || need("--port", Some("$PORT"));
        assert_eq!(flagged(port(), &["serve"]), "serve --port $PORT");
        assert_eq!(
            flagged(port(), &["--port", "80", "serve"]),
            "serve --port $PORT"
        );
        assert_eq!(
            flagged(port(), &["--port=80", "--portal=1"]),
            "--portal=1 --port $PORT"
        );
        assert_eq!(flagged(port(), &["--port"]), "--port $PORT");
        assert_eq!(
            flagged(need("--port", None), &["--port", "80"]),
            "--port 80"
        );
    }
}
