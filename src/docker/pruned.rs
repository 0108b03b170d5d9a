//! What pruning did, told to the person: bytes that were saved, rules that found nothing, and what must not go.
//!
//! Takes what our Dockerfile printed; gives words. Never decides what stays out.

use crate::error::Error;
use crate::files::file_name;
use crate::plan::Plan;
use crate::prune::{Count, Entry, Report, decisive};
use crate::ui::{Ui, human_bytes};

/// A kept program lacks a library, or its interpreter, that a rule leaves out.
pub(super) fn needed(plan: &Plan, words: &str) -> Error {
    let at = words.rfind(" /nix/store/").unwrap_or(words.len());
    let (lost, needs) = words.split_at_checked(at).unwrap_or((words, ""));
    let what = format!(
        "{} needs {lost}, which stays out of the image",
        needs.trim()
    );
    let error = refuse("docker/prune-needed", what, plan, lost);
    error
        .because("it would not start, or would stop when it looks for that")
        .or("or leave out what needs it as well, if nothing runs it")
}

/// What a process starts by is left out.
pub(super) fn program(plan: &Plan, lost: &str) -> Error {
    let what = format!("{lost} stays out of the image, and a process is started by it");
    refuse("docker/prune-program", what, plan, lost).because("without it no dyno would come up")
}

fn refuse(id: &'static str, what: String, plan: &Plan, lost: &str) -> Error {
    let entries = &plan.build.prune;
    let Some((entry, part)) = decisive(entries, lost.trim_start_matches('/'), false) else {
        let todo = format!(
            "keep it by a rule before the others: `+ {}`",
            file_name(lost)
        );
        return Error::user(id, what, todo);
    };
    let name = file_name(part);
    // People know a store path by what stands behind its hash.
    let name = match name.split_at_checked(33) {
        Some((hash, name)) if hash.ends_with('-') && part.matches('/').count() == 2 => {
            format!("*-{name}")
        }
        _ => name.to_owned(),
    };
    let folder = if lost.ends_with(part) { "" } else { "/" };
    let todo = format!("keep it by a rule before `{entry}`: `+ {name}{folder}`");
    let text = entry.to_string();
    let mut choices = plan.choices.iter().filter(|it| it.key == "prune");
    let choice = choices.find(|it| it.value == text || it.value.starts_with(&format!("{text}: ")));
    let place = choice.map_or(String::new(), |it| format!(" ({})", it.source));
    Error::user(id, what, todo).at(format!("the rule `{entry}`{place}"))
}

/// Tells what was saved, and which rules found nothing.
pub(super) fn tell(ui: &Ui, entries: &[Entry], report: &Report) {
    let Some(rows) = report.of(entries).filter(|rows| !rows.is_empty()) else {
        return;
    };
    let sum = |of: fn(&Count) -> u64| {
        rows.iter()
            .map(|(_, count)| of(count))
            .fold(0, u64::saturating_add)
    };
    let (files, bytes) = (sum(|it| it.files), sum(|it| it.bytes));
    ui.detail(&format!(
        "left out {}, {}",
        counted(files),
        human_bytes(bytes)
    ));
    for (entry, count) in rows
        .iter()
        .filter(|(entry, count)| entry.removes() && count.matched > 0)
    {
        ui.detail(&format!(
            "{entry}: {}, {}",
            counted(count.files),
            human_bytes(count.bytes)
        ));
    }
    if report.dangling() > 0 {
        ui.detail(&match report.dangling() {
            1 => "1 link leads nowhere now".to_owned(),
            links => format!("{links} links lead nowhere now"),
        });
    }
    let unused = rows.iter().filter(|(_, count)| count.matched == 0);
    let unused: Vec<String> = unused.map(|(entry, _)| entry.to_string()).collect();
    if !unused.is_empty() {
        ui.note(&nothing_fits(&unused));
    }
}

fn nothing_fits(unused: &[String]) -> String {
    let shown: Vec<String> = unused.iter().map(|entry| format!("`{entry}`")).collect();
    let told = format!("Nothing that is built fits {}", shown.join(", "));
    let rooted = |entry: &String| entry.trim_start_matches(['+', '-', ' ']).starts_with('/');
    if unused.iter().any(rooted) {
        told + "\na pattern with a leading slash starts at the image's root: /nix/store/*/…"
    } else {
        told
    }
}

fn counted(files: u64) -> String {
    if files == 1 {
        "1 file".to_owned()
    } else {
        format!("{files} files")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Source;
    use crate::plan::Choice;

    fn plan(rules: &[&str]) -> Plan {
        let text = include_str!("../../tests/fixtures/plan.json");
        let mut plan: Plan = serde_json::from_str(text).unwrap();
        plan.build.prune = rules.iter().map(|it| it.parse().unwrap()).collect();
        plan.choices = (1..)
            .zip(rules)
            .map(|(line, rule)| Choice {
                key: "prune".to_owned(),
                value: (*rule).to_owned(),
                source: Source::File {
                    path: ".slugexclude".into(),
                    line: Some(line),
                },
                reason: String::new(),
            })
            .collect();
        plan
    }

    #[test]
    fn numbers_and_slashes_are_told_as_they_are() {
        assert_eq!([0, 1, 2].map(counted), ["0 files", "1 file", "2 files"]);
        let told = |entry: &str| nothing_fits(&[entry.to_owned()]);
        assert_eq!(told("- share/x"), "Nothing that is built fits `- share/x`");
        assert!(told("- /share").contains("leading slash"));
        assert!(told("+ /share").contains("leading slash"));
    }

    #[test]
    fn what_must_not_go_is_told_with_its_rule() {
        let plan = plan(&["- *.a", "- *-zlib-*/", "- sh"]);
        let words = "/nix/store/rb2ah4r1281l4hq507mih8zlfkschp6r-zlib-1/lib/libz.so.1 /nix/store/y-app/bin/app";
        insta::assert_snapshot!("needed", needed(&plan, words));
        insta::assert_snapshot!(
            "needed_anywhere",
            needed(&plan, "libz.so.1 /nix/store/y-app/bin/app")
        );
        let lost = "/nix/store/x-bash-1/bin/sh";
        insta::assert_snapshot!("program", program(&plan, lost));
    }
}
