//! Completions in the shells that they are for, and manual pages as `man` shows them.

use std::process::Command;

use crate::common::{Outcome, Project, nixdyno, run};
use crate::lab::variable;

/// A project with a shell's completion script in it, as `completions`.
fn script(shell: &str) -> Project {
    let project = Project::new(&[]);
    let script = run(&mut nixdyno(project.path(), &["completions", shell])).exits(0);
    project.write("completions", &script.stdout);
    project
}

/// What a shell says of `nixdyno gen`, without a word on standard error.
fn completed(project: &Project, words: &[&str]) -> String {
    let (shell, words) = words.split_first().unwrap();
    let mut command = Command::new(shell);
    command.args(words).current_dir(project.path());
    let told = Outcome::of(&command.output().unwrap()).exits(0);
    assert!(told.stderr.is_empty(), "{told}");
    told.stdout
}

#[test]
#[ignore = "lab"]
fn bash_completes() {
    variable("LAB_DIR");
    let typed = "set -u; . ./completions; complete -p nixdyno; COMP_WORDS=(nixdyno gen) COMP_CWORD=1; \
                 _nixdyno nixdyno gen nixdyno; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let answer = completed(&script("bash"), &["bash", "--norc", "-c", typed]);
    let (registered, words) = answer.split_once('\n').unwrap();
    assert!(registered.ends_with("-F _nixdyno nixdyno"), "{registered}");
    assert_eq!(words, "generate\n");
}

#[test]
#[ignore = "lab"]
fn fish_completes() {
    variable("LAB_DIR");
    let typed = "source completions; complete -C'nixdyno gen'";
    let answer = completed(&script("fish"), &["fish", "--no-config", "-c", typed]);
    assert!(answer.starts_with("generate\t"), "{answer}");
    assert_eq!(answer.lines().count(), 1, "{answer}");
}

/// zsh completes for a terminal only, and brings one along.
#[test]
#[ignore = "lab"]
fn zsh_completes() {
    variable("LAB_DIR");
    let project = script("zsh");
    project.write(
        "typed",
        "zmodload zsh/zpty\n\
         zpty inner zsh -f -i\n\
         zpty -w inner 'PROMPT=; autoload -Uz compinit; compinit -D -u; . ./completions; print READ\"\"Y'\n\
         zpty -r -m inner line '*READY*'\n\
         zpty -w -n inner $'nixdyno gen\\t'\n\
         zpty -r -m inner line '*nixdyno generate*' && print completed\n\
         zpty -d inner\n",
    );
    let answer = completed(&project, &["timeout", "30", "zsh", "-f", "typed"]);
    assert_eq!(answer, "completed\n");
}

#[test]
#[ignore = "lab"]
fn man_has_nothing_to_mind() {
    variable("LAB_DIR");
    let project = Project::new(&[]);
    run(&mut nixdyno(project.path(), &["man", "--dir", "pages"])).exits(0);
    let whole = run(&mut nixdyno(project.path(), &["man"])).exits(0);
    project.write("pages/whole.1", &whole.stdout);
    let mut pages = 0;
    for entry in std::fs::read_dir(project.path().join("pages")).unwrap() {
        let path = entry.unwrap().path();
        let mut man = Command::new("man");
        man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"]);
        let told = Outcome::of(&man.arg(&path).env("MANWIDTH", "80").output().unwrap()).exits(0);
        assert!(
            told.stderr.is_empty(),
            "{}: {}",
            path.display(),
            told.stderr
        );
        assert!(told.stdout.len() > 500, "{}", path.display());
        pages += 1;
    }
    assert!(pages > 15, "{pages}");
}
