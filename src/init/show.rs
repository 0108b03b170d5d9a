//! What was decided, and what to do next, in words.

use std::path::Path;

use serde_json::{Value, json};

use crate::inspect::Verdict;
use crate::plan::BaseName;
use crate::shell::quote;

use super::Wizard;
use super::questions::DEFAULT_ROOT;

/// What was decided, for `--json`: each key as nixdyno.toml has it, null for what is left to be found.
pub fn decided(wizard: &Wizard) -> Value {
    let answers = wizard.answers();
    let text = |it: Option<String>| it.map_or(Value::Null, Value::String);
    let project = &wizard.facts().project;
    let found = project
        .candidates
        .first()
        .filter(|_| project.verdict == Verdict::Deploy);
    let output = found.map(|it| project.shown(it.from, &it.attribute));
    let counts = answers.counts(project).into_iter().filter(|(_, on)| *on);
    let processes: Vec<String> = counts.map(|(name, _)| name.to_string()).collect();
    let addons: Vec<String> = answers.addons.iter().map(ToString::to_string).collect();
    let heroku_yml = answers.needs_heroku_yml();
    json!({
        "accept-flake-config": answers.accept_flake_config,
        "addons": if heroku_yml { addons } else { Vec::new() },
        "app": text(answers.app.as_ref().map(ToString::to_string)),
        "attr": text(answers.attr.as_ref().map(ToString::to_string)),
        "base": answers.base.as_ref().map_or("nixos/nix".to_owned(), ToString::to_string),
        "heroku-yml": heroku_yml,
        "output": text(output),
        "processes": processes,
        "program": text(answers.program.as_ref().map(ToString::to_string)),
        "region": text(answers.region.as_ref().map(ToString::to_string)),
        "root": answers.root.as_ref().unwrap_or(&DEFAULT_ROOT).to_string(),
        "route": answers.route.unwrap_or_else(|| wizard.facts().route()).name(),
    })
}

/// The command that comes next.
pub fn next(wizard: &Wizard, dir: &Path) -> String {
    let answers = wizard.answers();
    let dir = dir.to_str().filter(|dir| *dir != ".");
    let dir = dir.map_or_else(String::new, |dir| format!(" {}", quote(dir)));
    let app = match &answers.app {
        Some(_) => String::new(),
        None => " --app NAME".to_owned(),
    };
    let here = format!("`nixdyno deploy{dir}{app} --create`");
    if answers.base == Some(BaseName::Nixpkgs) {
        format!("`nixdyno base build{dir}`, then {here}")
    } else if answers.needs_heroku_yml() {
        format!("{here}; or commit the files, then `git push heroku HEAD:main`")
    } else {
        here
    }
}
