//! Which program of which candidate each declared process starts.
//!
//! Takes the processes that files declare and the judged candidates, best first, or the one that was asked for
//! and its neighbours; notes the attribute of a
//! process whose program another candidate holds, and warns of programs that none does.

use std::collections::BTreeMap;
use std::path::Path;

use super::project::{CandidateKind, Declared, Source, Warning};
use super::read::Makes;
use super::weigh::Judged;
use super::{dyno, heroku_yml, procfile};
use crate::error::Result;
use crate::files::file_name;
use crate::names::ProcessType;

/// What every image here has: its shell, and one program by its path.
const EVERYWHERE: &[&str] = &["sh", "/bin/sh", "/usr/bin/env"];

/// What the image's shell does itself.
const BUILTINS: &[&str] = &[
    ".", ":", "[", "cd", "command", "echo", "eval", "exec", "exit", "export", "false", "kill",
    "printf", "pwd", "read", "set", "shift", "source", "test", "time", "times", "trap", "true",
    "type", "ulimit", "umask", "unset", "wait",
];

/// Programs that other images have, and that no package of a project's own program holds.
const OF_OTHER_IMAGES: &[&str] = &[
    "awk", "bash", "cat", "chmod", "chown", "cp", "curl", "date", "dirname", "env", "find", "grep",
    "head", "ln", "ls", "mkdir", "mv", "nice", "nohup", "rm", "sed", "seq", "setsid", "sleep",
    "sort", "stdbuf", "tail", "tee", "timeout", "touch", "tr", "wget", "xargs", "yes",
];

/// The processes that the project's files declare. Only heroku.yml's `run` takes the place of a Procfile: its
/// `release` alone leaves the others as they are.
pub(super) fn declared(dir: &Path) -> Result<(BTreeMap<ProcessType, Declared>, Vec<Warning>)> {
    let (mut processes, mut warnings) = procfile::read(dir)?;
    if let Some(manifest) = heroku_yml::read(dir)? {
        if manifest.runs {
            processes.clear();
            // Of lines that nobody reads.
            warnings.clear();
        }
        processes.extend(manifest.processes);
        warnings.extend(manifest.warnings);
    }
    Ok((processes, warnings))
}

/// Maps each process to the candidate that holds its program.
pub(super) fn assign(
    processes: &mut BTreeMap<ProcessType, Declared>,
    judged: &[Judged],
    neighbours: &[Judged],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let Some((first, rest)) = judged.split_first() else {
        return warnings;
    };
    for (process, declared) in processes.iter_mut() {
        // One warning for a line: the Procfile's own reader has told of these.
        let told = is_procfile(declared) && procfile::development(&declared.value).is_some();
        if let Some(lacked) = of_other_images(&declared.value, first) {
            declared.missing = true;
            if !told {
                warnings.push(lacking(process, declared, &lacked));
            }
            continue;
        }
        let found = procfile::program_of(&declared.value);
        let name = file_name(&found.word);
        let known = is_everywhere(&found.word) || name.is_empty();
        if known && found.runner.is_none() || holds(first, name) {
            continue;
        }
        let all = rest.iter().chain(neighbours);
        let mut beside = all.filter(|other| joins(first, other));
        if let Some(other) = beside.find(|other| holds(other, name)) {
            declared.attribute = Some(other.draft.candidate.attribute.clone());
            continue;
        }
        // Only where it is known what the package holds can something be missing.
        if found.runner.is_none() && !is_complete(first) {
            continue;
        }
        declared.missing = true;
        if !told {
            warnings.push(missing(process, declared, &found, first));
        }
    }
    warnings
}

/// Whether one image can hold both: one call of Nix builds them, and what it gives is a folder.
fn joins(first: &Judged, other: &Judged) -> bool {
    let (first, other) = (&first.draft.candidate, &other.draft.candidate);
    other.from == first.from && other.kind != CandidateKind::Image
}

fn is_procfile(declared: &Declared) -> bool {
    matches!(&declared.source, Source::File { path, .. } if path.as_path() == Path::new(procfile::NAME))
}

fn is_everywhere(word: &str) -> bool {
    EVERYWHERE.contains(&word) || BUILTINS.contains(&word)
}

/// A program of other systems that a command starts and the image lacks. An environment, or a package of
/// several others, may hold it.
fn of_other_images(command: &str, first: &Judged) -> Option<String> {
    let package = first.draft.package.as_ref()?;
    if !package.contents.is_empty() || package.builder.makes != Makes::App {
        return None;
    }
    let programs = procfile::programs_of(command).into_iter();
    let mut words = programs.flat_map(|it| it.helpers.into_iter().chain([it.word]));
    words.find(|word| {
        let name = file_name(word);
        OF_OTHER_IMAGES.contains(&name) && !is_everywhere(word) && !holds(first, name)
    })
}

/// Whether the list of a package's programs is known to be whole.
fn is_complete(judged: &Judged) -> bool {
    judged.complete || dyno::is_without_program(judged)
}

/// Whether a candidate holds a program of this name, or a link to one.
fn holds(judged: &Judged, name: &str) -> bool {
    let package = judged.draft.package.as_ref();
    let mut aliases = package.iter().flat_map(|it| &it.aliases);
    judged.programs.iter().any(|program| program == name)
        || judged.draft.candidate.program.name() == Some(name)
        || aliases.any(|(alias, _)| alias == name)
}

fn missing(
    process: &ProcessType,
    declared: &Declared,
    found: &procfile::ProgramWord,
    first: &Judged,
) -> Warning {
    let candidate = &first.draft.candidate;
    let (what, by) = match found.runner {
        Some(runner) => (runner, "a tool of another build"),
        None => (found.word.as_str(), "not a program of the package"),
    };
    let what = format!("`{process}` starts `{what}`, {by}");
    let todo = match candidate.program.name() {
        // The program that serves is the web's, and no other process's.
        Some(name) if process.is_web() => {
            let words: Vec<&str> = std::iter::once(name)
                .chain(candidate.arguments.iter().map(String::as_str))
                .collect();
            format!(
                "start what the package holds, such as `{process}: {}`",
                words.join(" ")
            )
        }
        _ => "start a program that the package holds in bin/".to_owned(),
    };
    Warning::new("inspect/procfile-program", what, todo).at(declared.source.clone())
}

fn lacking(process: &ProcessType, declared: &Declared, system: &str) -> Warning {
    let what = format!("`{process}` starts `{system}`, which the image does not have");
    let todo = if system == "env" {
        "write `/usr/bin/env`, or leave it out: the shell takes `NAME=value` itself".to_owned()
    } else {
        format!(
            "leave it out, or start a script of the package that names `${{pkgs.…}}/bin/{system}`"
        )
    };
    Warning::new("inspect/procfile-program", what, todo).at(declared.source.clone())
}

#[cfg(test)]
mod tests {
    use crate::inspect::{Ask, Project, inspect};
    use crate::shell::Recorded;

    fn look(files: &[(&str, &str)]) -> Project {
        let dir = tempfile::tempdir().unwrap();
        let nix =
            "{ pkgs ? import <nixpkgs> { } }: pkgs.writeShellScriptBin \"server\" \"exec true\"";
        fs_err::write(dir.path().join("default.nix"), nix).unwrap();
        for (name, text) in files {
            fs_err::write(dir.path().join(name), text).unwrap();
        }
        inspect(dir.path(), &Ask::default(), &Recorded::new()).unwrap()
    }

    fn told(line: &str) -> Vec<String> {
        let warnings = look(&[("Procfile", line)]).warnings.into_iter();
        let about = warnings.filter(|it| {
            matches!(
                it.id.as_str(),
                "inspect/procfile-program" | "inspect/procfile-dev" | "inspect/dev-server"
            )
        });
        about
            .map(|it| format!("{}: {}; {}", it.id, it.what, it.todo))
            .collect()
    }

    #[test]
    fn a_release_alone_replaces_no_procfile() {
        let release = ("heroku.yml", "release:\n  command: server migrate\n");
        let both = look(&[("Procfile", "web: server\n"), release]);
        let names: Vec<_> = both.processes.keys().map(ToString::to_string).collect();
        assert_eq!(names, ["release", "web"]);
        let run = ("heroku.yml", "run:\n  worker: server\n");
        let run = look(&[("Procfile", "web: air\n"), run]);
        let names: Vec<_> = run.processes.keys().map(ToString::to_string).collect();
        assert_eq!(names, ["worker"]);
        assert!(
            !run.warnings
                .iter()
                .any(|it| it.id == "inspect/procfile-dev")
        );
    }

    #[test]
    fn what_the_shell_and_the_image_have_is_not_missing() {
        for line in [
            "web: exec server",
            "web: cd x && printf a && server",
            "web: sh -c 'exec server'",
            "web: /usr/bin/env A=b server",
            "worker: echo hello",
        ] {
            assert_eq!(told(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn programs_that_the_image_lacks_are_told() {
        for (line, name) in [
            ("web: timeout 5 server", "timeout"),
            ("web: env A=b server", "env"),
            ("web: sleep 5 && server", "sleep"),
            ("web: mkdir -p x && server", "mkdir"),
            ("web: bash -c 'exec server'", "bash"),
            ("web: sh -c 'exec nice server'", "nice"),
            ("web: /usr/bin/timeout 5 server", "/usr/bin/timeout"),
        ] {
            let told = told(line);
            assert_eq!(told.len(), 1, "{line}: {told:?}");
            assert!(
                told[0].contains(&format!("starts `{name}`, which the image")),
                "{told:?}"
            );
        }
    }

    #[test]
    fn a_line_has_one_warning_and_no_process_the_web_s_program() {
        assert_eq!(told("web: air -c x").len(), 1);
        let web = told("web: other");
        assert!(web[0].ends_with("such as `web: server`"), "{web:?}");
        let worker = told("worker: other");
        assert!(!worker[0].contains("worker: server"), "{worker:?}");
    }

    #[test]
    fn a_link_to_a_program_is_one() {
        let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.stdenv.mkDerivation {\n pname = \"gull\";\n src = ./.;\n\
            installPhase = \"install -D gull $out/bin/gull; ln -s $out/bin/gull $out/bin/gullctl\";\n}";
        for (line, warnings) in [("web: gullctl serve", 0), ("web: other serve", 1)] {
            let project = look(&[("default.nix", nix), ("Procfile", line)]);
            let missing = project.warnings.iter();
            let missing = missing.filter(|it| it.id == "inspect/procfile-program");
            assert_eq!(missing.count(), warnings, "{line}: {:?}", project.warnings);
        }
    }

    #[test]
    fn one_that_is_asked_for_still_has_neighbours() {
        let nix = "{ pkgs ? import <nixpkgs> { } }: {\n\
            server = pkgs.writeShellScriptBin \"server\" \"\";\n\
            jobs = pkgs.writeShellScriptBin \"jobs\" \"\";\n}";
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("default.nix"), nix).unwrap();
        let procfile = "web: server\nworker: jobs --all\nclock: nobody\n";
        fs_err::write(dir.path().join("Procfile"), procfile).unwrap();
        let ask = Ask {
            attribute: Some("server".parse().unwrap()),
            ..Ask::default()
        };
        let project = inspect(dir.path(), &ask, &Recorded::new()).unwrap();
        assert_eq!(project.candidates.len(), 1);
        let shown = project.processes.iter().map(|(name, it)| {
            let attribute = it.attribute.as_ref().map(ToString::to_string);
            format!("{name} {} {}", attribute.unwrap_or_default(), it.missing)
        });
        let shown: Vec<_> = shown.collect();
        assert_eq!(shown, ["clock  true", "web  false", "worker jobs false"]);
    }
}
