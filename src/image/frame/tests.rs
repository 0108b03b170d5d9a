use super::super::tree::Kind;
use super::super::tree::tests::{Store as Folder, path};
use super::*;
use crate::inspect::Origin;
use crate::plan::{Command, Root};

fn plan(commands: &[&str]) -> Plan {
    let names = ["web", "worker"];
    let lines: Vec<(&str, &str)> = names.into_iter().zip(commands.iter().copied()).collect();
    crate::render::dockerfile::tests::plan(Origin::Flake, "packages.x86_64-linux.default", &lines)
}

fn beside() -> Beside {
    Beside {
        sh: "/nix/store/s/bin/sh".into(),
        env: "/nix/store/s/bin/env".into(),
        certificates: Some("/nix/store/c/etc/ssl/certs/ca-bundle.crt".into()),
        tools: Vec::new(),
    }
}

fn shown(entries: &[Entry]) -> String {
    let line = |entry: &Entry| {
        let what = match &entry.kind {
            Kind::Folder => "/".to_owned(),
            Kind::Link(target) => format!(" -> {}", target.display()),
            Kind::Made(content) => format!(": {:?}", String::from_utf8_lossy(content)),
            odd => format!(" {odd:?}"),
        };
        format!("{:o} {}{what}\n", entry.mode, entry.path.display())
    };
    entries.iter().map(line).collect()
}

#[test]
fn the_root_of_an_app() {
    let store = Folder::new();
    let (app, man) = (path('0', "app"), path('1', "app-man"));
    store.file(&app, "bin/server", b"");
    store.file(&app, "bin/.server-wrapped", b"");
    store.file(&app, "share/x", b"");
    store.file(&man, "share/man", b"");
    store.file(&man, "lib/y", b"");
    // The output with programs is the app, wherever it stands.
    let built = [vec![man, app]];
    let found = frame(&plan(&["/app/bin/server"]), store.root(), &built, &beside()).unwrap();
    insta::assert_snapshot!(shown(&found));
}

#[test]
fn the_root_of_several_packages_with_tools() {
    let store = Folder::new();
    let (app, other, tool) = (path('0', "app"), path('1', "other"), path('2', "bash"));
    store.file(&app, "bin/server", b"");
    store.file(&other, "bin/server", b"");
    store.file(&other, "bin/worker", b"");
    store.file(&tool, "bin/bash", b"");
    store.file(&tool, "bin/sh", b"");
    store.file(&tool, "etc/services", b"");
    store.file(&tool, "share/zoneinfo/UTC", b"");
    let mut plan = plan(&["/app/bin/server", "/app/bin/worker"]);
    plan.build.also = vec!["packages.x86_64-linux.other".parse().unwrap()];
    plan.build.root = Root {
        kind: RootKind::Exec,
        image: None,
        packages: vec![
            "bashInteractive".parse().unwrap(),
            "tzdata".parse().unwrap(),
        ],
    };
    let beside = Beside {
        tools: vec![tool],
        certificates: None,
        ..beside()
    };
    let found = frame(&plan, store.root(), &[vec![app], vec![other]], &beside).unwrap();
    insta::assert_snapshot!(shown(&found));
    assert!(variables(&plan).contains(&"TZDIR=/usr/share/zoneinfo".to_owned()));
}

#[test]
fn programs_that_are_not_there_are_said() {
    let store = Folder::new();
    let (app, none, file) = (path('0', "app"), path('1', "none"), path('2', "file"));
    store.file(&app, "bin/server", b"");
    store.file(&app, "bin/tool", b"");
    store.file(&none, "share/x", b"");
    fs_err::write(store.place(&file), b"").unwrap();
    let error = |plan: &Plan, built: &StorePath| {
        let error = frame(plan, store.root(), &[vec![built.clone()]], &beside());
        error.unwrap_err().to_string()
    };
    let mut only = plan(&["x"]);
    for process in only.processes.values_mut() {
        process.command = Command::OnlyProgram;
    }
    insta::assert_snapshot!("several_programs", error(&only, &app));
    insta::assert_snapshot!("no_program", error(&only, &none));
    insta::assert_snapshot!("near_program", error(&plan(&["/app/bin/servre"]), &app));
    insta::assert_snapshot!("no_such_program", error(&plan(&["/app/bin/web"]), &none));
    insta::assert_snapshot!("not_a_folder", error(&only, &file));
}
