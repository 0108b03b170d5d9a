//! A plan for what was built already: nothing of the project counts but its processes.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::inspect::{Declared, Origin, Source, Warning};
use crate::names::{AttrPath, NixFile, ProcessType};
use crate::shell::quote;

use super::choose::{FORMAT, check_types, choice, image_name, only, route};
use super::{
    Base, Build, Caches, Command, FallbackShell, NixHere, Plan, Process, Root, Route, Ship, Wishes,
    base_image, direct,
};

/// Decides for the store paths that were asked for, with the processes that a folder declares.
///
/// Errors: `plan/store-path`, and those of processes that can't be shipped.
pub fn of_store_paths(
    declared: &BTreeMap<ProcessType, Declared>,
    warnings: Vec<Warning>,
    wishes: &Wishes,
) -> Result<Plan> {
    let mut choices = Vec::new();
    let first = wishes
        .store_paths
        .first()
        .ok_or_else(|| Error::bug("plan/no-store-path", "a plan for store paths without any"))?;
    let flag = Source::Flag {
        name: "--store-path".to_owned(),
    };
    choices.push(choice("store-path", first.base(), &flag, "built already"));
    if let Some(wish) = &wishes.app {
        choices.push(choice(
            "app",
            wish.value.as_str(),
            &wish.source,
            "asked for",
        ));
    }
    let processes = processes(declared, wishes)?;
    for (name, process) in &processes {
        let (key, shown) = (format!("process {name}"), process.command.shown());
        choices.push(choice(&key, &shown, &process.source, "as written there"));
    }
    let build = build(wishes);
    let layers = direct::layers(wishes, &mut choices);
    let obstacle = obstacle(wishes);
    // No other route takes what was built already, so whether Nix can build doesn't matter.
    let able = NixHere::Able("it was built already".to_owned());
    let wishes_here = Wishes {
        nix_here: Some(able),
        ..wishes.clone()
    };
    let route = route(&wishes_here, obstacle.clone(), &mut choices);
    if route != Route::Direct || obstacle.is_some() {
        return Err(refuse(route, obstacle));
    }
    choices.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(Plan {
        format: FORMAT,
        name: image_name(first.package()),
        build,
        base: Base::of(base_image(wishes)?),
        caches: Caches::default(),
        dockerfile: None,
        processes,
        layers,
        ship: Ship::by(route, wishes),
        choices,
        needs: Vec::new(),
        warnings,
        again: Vec::new(),
    })
}

/// What needs a Nix to build it, or Docker, can't stand beside what was built already.
fn obstacle(wishes: &Wishes) -> Option<String> {
    let asked = [
        (wishes.dockerfile.is_some(), "--dockerfile"),
        (wishes.root.is_some(), "--root"),
        (wishes.with.is_some(), "--with"),
        (!wishes.prune.is_empty(), "--prune"),
    ];
    let found = asked.iter().find(|(is, _)| *is);
    found.map(|(_, flag)| format!("`{flag}` needs more to be built"))
}

fn build(wishes: &Wishes) -> Build {
    Build {
        from: Origin::Classic,
        file: NixFile::default(),
        attribute: AttrPath::default(),
        also: Vec::new(),
        store_paths: wishes.store_paths.clone(),
        call_package: false,
        nix_args: Vec::new(),
        args: BTreeMap::new(),
        locked: false,
        relative_inputs: false,
        root: Root::default(),
        prune: Vec::new(),
        fallback_shell: FallbackShell::Nowhere,
        recipe: Vec::new(),
        input_derivation: Some(false),
    }
}

fn processes(
    declared: &BTreeMap<ProcessType, Declared>,
    wishes: &Wishes,
) -> Result<BTreeMap<ProcessType, Process>> {
    let mut processes: BTreeMap<ProcessType, Process> = declared
        .iter()
        .map(|(name, line)| {
            let process = Process {
                command: Command::parse(&line.value),
                source: line.source.clone(),
            };
            (name.clone(), process)
        })
        .collect();
    if let Some(wish) = &wishes.program {
        let line = format!("/app/bin/{}", quote(wish.value.as_str()));
        let process = Process {
            command: Command::parse(&line),
            source: wish.source.clone(),
        };
        processes.insert(ProcessType::web(), process);
    } else if processes.is_empty() {
        let process = Process {
            command: Command::OnlyProgram,
            source: Source::Default,
        };
        processes.insert(ProcessType::web(), process);
    }
    only(&mut processes, wishes)?;
    check_types(&processes)?;
    Ok(processes)
}

fn refuse(route: Route, obstacle: Option<String>) -> Error {
    let refuse = |why: &str, todo: &str| {
        let what = format!("what was built already can't be deployed so: {why}");
        Error::usage("plan/store-path", what, todo)
    };
    let leave = "leave out `--store-path`, or what stands beside it";
    if let Some(why) = obstacle {
        return refuse(&why, leave);
    }
    let why = format!("the route {route} builds by itself");
    refuse(&why, "take the route that can: `--route direct`").or(leave)
}
