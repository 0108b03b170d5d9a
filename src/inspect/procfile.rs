//! Reads a Procfile as Heroku does.
//!
//! Takes the file's text; gives process types with their commands and lines, and what to watch: a type that
//! stands twice, commands that are for development. Never: a line that is quietly ignored, except blank ones
//! and comments. The rule is Heroku's (<https://devcenter.heroku.com/articles/procfile>):
//! `^([A-Za-z0-9_-]+):\s*(.+)$`.

mod development;
mod program;

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::names::ProcessType;

use super::files;
use super::project::{Declared, Source, Warning};

pub(super) use development::development;
pub(super) use program::{ProgramWord, program_of, programs_of, words};

/// The file's name.
pub(super) const NAME: &str = "Procfile";
/// A Procfile of a large app has a kilobyte.
const MOST_BYTES: usize = 10_000;

/// Process types with their commands, and what to watch.
pub(super) type Processes = (BTreeMap<ProcessType, Declared>, Vec<Warning>);

/// Reads `dir/Procfile`; without one there are no processes.
pub(super) fn read(dir: &Path) -> Result<Processes> {
    match files::read(dir, Path::new(NAME))? {
        Some(text) => parse(&text),
        None => Ok(Processes::default()),
    }
}

/// Parses the text of a Procfile.
pub(super) fn parse(text: &str) -> Result<Processes> {
    if text.len() > MOST_BYTES {
        return Err(refuse(
            1,
            "",
            "it has more than 10 kB",
            "move long commands into scripts",
        ));
    }
    let (mut processes, mut warnings) = Processes::default();
    // Old editors on a Mac end lines with a lone `\r`; `lines` knows the other two.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, command) = entry(number, line)?;
        let source = Source::file(NAME, number);
        if let Some(earlier) = processes.insert(
            name.clone(),
            Declared {
                value: command,
                source: source.clone(),
                attribute: None,
                missing: false,
            },
        ) {
            let what = format!("`{name}` stands twice in the Procfile; the later line counts");
            let todo = format!("remove one of them: `{}` is not used", earlier.value);
            warnings.push(Warning::new("inspect/procfile-twice", what, todo).at(source));
        }
    }
    warnings.extend(for_development(&processes));
    Ok((processes, warnings))
}

/// The warning for commands that watch files, or start what Heroku has as add-ons.
fn for_development(processes: &BTreeMap<ProcessType, Declared>) -> Option<Warning> {
    let found = processes.iter().filter_map(|(name, it)| {
        let said = development(&it.value)?;
        Some((format!("`{name}` ({said})"), it.source.clone()))
    });
    let (names, sources): (Vec<_>, Vec<_>) = found.unzip();
    let first = sources.into_iter().min()?;
    let what = format!("the Procfile is for development: {}", names.join(", "));
    let todo = "rename it to Procfile.dev, which Heroku does not read, and write a Procfile with what a dyno runs: \
                `web: program --port $PORT`";
    Some(Warning::new("inspect/procfile-dev", what, todo).at(first))
}

/// One line: a process type and its command.
fn entry(number: u32, line: &str) -> Result<(ProcessType, String)> {
    let Some((name, command)) = line.split_once(':') else {
        let todo = "write `name: command`, such as `web: server --port $PORT`";
        return Err(refuse(number, line, "there is no `:` after a name", todo));
    };
    let command = command.trim();
    let Ok(process) = name.parse::<ProcessType>() else {
        let what = format!("`{}` is not a name for a process type", name.escape_debug());
        let todo = "use letters, digits, `-` and `_`, such as `web`, `worker` or `release`";
        return Err(refuse(number, line, &what, todo));
    };
    if command.is_empty() {
        let what = format!("`{name}` has no command");
        let todo = format!("write what starts it: `{name}: command`, or remove the line");
        return Err(refuse(number, line, &what, &todo));
    }
    if command.chars().any(|c| c.is_control() && c != '\t') {
        let todo = "write the command in plain text";
        return Err(refuse(
            number,
            line,
            "the command holds a control character",
            todo,
        ));
    }
    Ok((process, command.to_owned()))
}

fn refuse(number: u32, line: &str, what: &str, todo: &str) -> Error {
    let error = Error::user(
        "inspect/procfile",
        format!("the Procfile can't be read: {what}"),
        todo,
    )
    .at(format!("{NAME}:{number}"));
    if line.is_empty() {
        return error;
    }
    let shown: String = line.chars().take(100).collect();
    error.detail([format!("{number:>4} | {}", shown.escape_debug())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn commands(text: &str) -> Vec<(String, String, Source)> {
        let (processes, _) = parse(text).unwrap();
        let entries = processes.into_iter();
        entries
            .map(|(name, found)| (name.to_string(), found.value, found.source))
            .collect()
    }

    #[test]
    fn reads_what_heroku_reads() {
        let text =
            "# comment\r\n\r\nweb: server --port $PORT\r\nworker:run\nurgent-worker_2:  a: b \n";
        let read = commands(text);
        let plain: Vec<_> = read
            .iter()
            .map(|(name, command, _)| (name.as_str(), command.as_str()))
            .collect();
        assert_eq!(
            plain,
            [
                ("urgent-worker_2", "a: b"),
                ("web", "server --port $PORT"),
                ("worker", "run")
            ]
        );
        assert_eq!(read[1].2, Source::file("Procfile", 3));
        assert!(commands("").is_empty());
    }

    #[test]
    fn a_name_that_stands_twice_is_a_warning() {
        let (processes, warnings) = parse("web: a\nweb: b\n").unwrap();
        assert_eq!(processes[&ProcessType::web()].value, "b");
        assert_eq!(warnings[0].id, "inspect/procfile-twice");
    }

    #[test]
    fn what_is_for_development_is_told_once() {
        let text = "web: air -c .air.toml\ncss: npx tailwindcss -i a.css -o b.css --watch\nworker: worker\n";
        let (processes, warnings) = parse(text).unwrap();
        assert_eq!(processes.len(), 3);
        insta::assert_snapshot!(crate::inspect::needs::shown(&[], &warnings));
        assert!(
            parse("web: server\nrelease: server migrate\n")
                .unwrap()
                .1
                .is_empty()
        );
    }

    #[test]
    fn wrong_lines_are_shown() {
        let errors: Vec<_> = [
            "my web: x",
            "web",
            "web:",
            "ok: x\nweb: a\u{7}b",
            &"#".repeat(10_001),
        ]
        .map(|text| parse(text).unwrap_err().to_string())
        .into();
        insta::assert_snapshot!(errors.join("\n\n"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s).{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn plain_lines_survive(name in "[A-Za-z0-9_-]{1,20}", command in "[!-~]( ?[!-~]){0,30}") {
            let (processes, _) = parse(&format!("{name}: {command}\n")).unwrap();
            prop_assert_eq!(&processes[&name.parse().unwrap()].value, &command);
        }
    }
}
