//! What the template of pruning needs of a plan: the rules as tests of GNU find.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::ProcessType;
use crate::plan::Process;
use crate::prune::Entry;
use crate::shell::quote;

/// All of it.
pub(super) struct Pruning {
    pub(super) rules: Vec<Row>,
    /// The number of every rule, each with a blank before it.
    pub(super) numbers: String,
    /// Of those that leave out.
    pub(super) removing: String,
    /// Words of the commands that may be programs, each with a blank before it.
    pub(super) programs: String,
}

/// A rule, or a set of them.
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) text: String,
    /// A test of find, or nothing where no path can fit.
    pub(super) tests: String,
    pub(super) removes: bool,
}

/// The entries and the commands; `None` without entries.
pub(super) fn pruning(
    entries: &[Entry],
    processes: &BTreeMap<&ProcessType, &Process>,
) -> Option<Pruning> {
    if entries.is_empty() {
        return None;
    }
    let rules: Vec<Row> = (1..)
        .zip(entries)
        .map(|(number, entry)| Row {
            number,
            text: entry.to_string(),
            tests: tests(entry),
            removes: entry.removes(),
        })
        .collect();
    let numbers = |wanted: fn(&Row) -> bool| -> String {
        let wanted = rules.iter().filter(|row| wanted(row));
        spaced(wanted.map(|row| row.number.to_string()))
    };
    Some(Pruning {
        numbers: numbers(|_| true),
        removing: numbers(|row| row.removes),
        programs: programs(processes),
        rules,
    })
}

fn tests(entry: &Entry) -> String {
    let rules = entry.rules();
    let tests = rules.iter().flat_map(crate::prune::Rule::regexes);
    let tests: Vec<String> = tests
        .map(|(only_folders, regex)| {
            let folders = if only_folders { "-type d " } else { "" };
            // In single quotes throughout: a regular expression in several kinds of them can't be read.
            format!("{folders}-regex '{}'", regex.replace('\'', "'\\''"))
        })
        .collect();
    match tests.as_slice() {
        [_, _, ..] => format!("\\( {} \\)", tests.join(" -o ")),
        _ => tests.concat(),
    }
}

/// Every word of a command that could be a program in bin/: the build knows which are.
fn programs(processes: &BTreeMap<&ProcessType, &Process>) -> String {
    if processes.values().any(|it| it.command.is_only_program()) {
        return " $(ls \"$bin\")".to_owned();
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.+@/".contains(c);
    let lines = processes.values().map(|it| it.command.shown());
    let words: BTreeSet<String> = lines
        .flat_map(|line| {
            let words = line.split(|c| !is_part(c));
            let names = words.map(|word| word.strip_prefix("/app/bin/").unwrap_or(word));
            let names = names.filter(|name| !name.is_empty() && !name.contains('/'));
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .filter(|name| !name.starts_with(['-', '.']))
        .collect();
    spaced(words.iter().map(|name| quote(name)))
}

/// Words with a blank before each.
fn spaced(words: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = words.flat_map(|word| [" ".to_owned(), word]).collect();
    all.concat()
}

#[cfg(test)]
mod tests {
    use super::super::{Target, dockerfile};
    use crate::plan::{Command, Plan, Root, RootKind};

    /// What a plan with these rules has more than one without, after the same beginning.
    fn added(rules: &[&str], command: &str) -> String {
        let text = include_str!("../../tests/fixtures/plan.json");
        let mut plan: Plan = serde_json::from_str(text).unwrap();
        for process in plan.processes.values_mut() {
            process.command = Command::parse(command);
        }
        let before = dockerfile(&plan, Target::All).unwrap();
        plan.build.prune = rules.iter().map(|it| it.parse().unwrap()).collect();
        let after = dockerfile(&plan, Target::All).unwrap();
        let end = before.find("FROM scratch").unwrap();
        let start = &before[..end];
        let added = after.strip_prefix(start).unwrap();
        added.strip_suffix(&before[end..]).unwrap().to_owned()
    }

    #[test]
    fn nothing_is_added_without_rules() {
        assert_eq!(added(&[], "web"), "");
    }

    #[test]
    fn rules_become_one_search() {
        let rules = [
            "+ *-tzdata-*/",
            "@man",
            "- it's $HOME/*.a",
            "- /nix/store/*-ghc-*/***",
        ];
        insta::assert_snapshot!(added(
            &rules,
            "web --port $PORT && /app/bin/other -x; 'a b'"
        ));
    }

    #[test]
    fn an_image_to_stand_on_has_a_shell_of_its_own() {
        let text = include_str!("../../tests/fixtures/plan.json");
        let mut plan: Plan = serde_json::from_str(text).unwrap();
        plan.build.prune = vec!["@man".parse().unwrap()];
        let of = |plan: &Plan| dockerfile(plan, Target::All).unwrap();
        let (shell, tools) = ("readlink /dist/own/bin/sh", "/dist/system/bin/$name");
        assert!(of(&plan).contains(shell) && of(&plan).contains(tools));
        plan.build.root = Root {
            kind: RootKind::Image,
            image: Some("heroku/heroku:24".parse().unwrap()),
            packages: Vec::new(),
        };
        assert!(!of(&plan).contains(shell) && !of(&plan).contains(tools));
        assert!(of(&plan).contains("/dist/system/nix/bin/$name"));
    }

    #[test]
    fn the_longest_list_fits_into_one_argument_of_a_command() {
        let long: Vec<String> = (0..200).map(|n| format!("{:?<55}{n}", "")).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        let lines = long.iter().map(|it| (*it, crate::inspect::Source::Default));
        assert!(crate::prune::of_lines(lines).is_ok());
        assert!(
            added(&long, "web").len() < 128 << 10,
            "{}",
            added(&long, "web").len()
        );
        let quotes: Vec<String> = (0..200).map(|_| "'*".repeat(29)).collect();
        let quotes: Vec<&str> = quotes.iter().map(String::as_str).collect();
        assert!(
            added(&quotes, "web").len() < 128 << 10,
            "{}",
            added(&quotes, "web").len()
        );
    }
}
