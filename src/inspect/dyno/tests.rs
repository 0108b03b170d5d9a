//! What is told of the chosen candidate, through the whole inspection.

use crate::inspect::{Ask, Project, inspect};
use crate::shell::Recorded;

fn look(files: &[(&str, &str)]) -> Project {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    inspect(dir.path(), &Ask::default(), &Recorded::new()).unwrap()
}

/// A server in Go that listens as `listen` says.
fn go(listen: &str, line: &str) -> Vec<String> {
    let main = format!(
        "package main\nimport \"net/http\"\nfunc main() {{\n\thttp.ListenAndServe(\"{listen}\", nil)\n}}\n"
    );
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.buildGoModule { pname = \"shop\"; version = \"1\"; src = ./.; vendorHash = null; }";
    let project = look(&[
        ("default.nix", nix),
        ("go.mod", "module example.org/shop\n\ngo 1.22\n"),
        ("main.go", &main),
        ("Procfile", line),
    ]);
    project.warnings.into_iter().map(|it| it.id).collect()
}

#[test]
fn words_that_only_look_alike_silence_nothing() {
    for line in [
        "web: SUPPORT_MAIL=x shop --hostname-check off",
        "web: shop --host 127.0.0.1",
    ] {
        let ids = go("127.0.0.1:8080", line);
        assert!(
            ids.iter().any(|id| id == "inspect/localhost"),
            "{line}: {ids:?}"
        );
        assert!(
            ids.iter().any(|id| id == "inspect/fixed-port"),
            "{line}: {ids:?}"
        );
    }
    let ids = go("127.0.0.1:8080", "web: shop --host 0.0.0.0 --port $PORT");
    assert!(
        !ids.iter()
            .any(|id| id == "inspect/localhost" || id == "inspect/fixed-port"),
        "{ids:?}"
    );
}

#[test]
fn a_release_that_is_started_is_no_warning() {
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.beamPackages.mixRelease { pname = \"tide\"; version = \"1\"; src = ./.; meta.mainProgram = \"tide\"; }";
    let mix = "defmodule Tide.MixProject do\n  use Mix.Project\n  def project do\n    [app: :tide, version: \"1.0.0\", deps: [{:phoenix, \"~> 1.7\"}]]\n  end\nend\n";
    let ids = |line: &str| {
        let mut files = vec![("default.nix", nix), ("mix.exs", mix)];
        files.extend((!line.is_empty()).then_some(("Procfile", line)));
        let found = look(&files).warnings.into_iter();
        found
            .filter(|it| it.id == "inspect/phoenix-start")
            .map(|it| (it.blocks, it.source.unwrap().to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("web: tide start\n"), []);
    assert_eq!(ids("web: tide eval x\n"), []);
    assert_eq!(ids("web: tide\n"), [(false, "Procfile:1".to_owned())]);
}

/// What is told of flags of a server in Go that is written as `text`, started as `line`.
fn flags(text: &str, line: &str) -> String {
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.buildGoModule { pname = \"shop\"; version = \"1\"; src = ./.; vendorHash = null; }";
    let main = format!(
        "package main\nimport (\n\t\"flag\"\n\t\"net/http\"\n)\nfunc main() {{\n{text}\n}}\n"
    );
    let mut files = vec![
        ("default.nix", nix),
        ("go.mod", "module example.org/shop\n\ngo 1.22\n"),
        ("main.go", &main),
    ];
    files.extend((!line.is_empty()).then_some(("Procfile", line)));
    let flags = look(&files).needs.into_iter().filter(|it| {
        matches!(
            it.id,
            crate::inspect::NeedId::PortFlag | crate::inspect::NeedId::AddressFlag
        )
    });
    let shown = flags.map(|it| {
        let value = it.value.unwrap_or_default();
        let place = it.source.unwrap();
        format!(
            "{place} {:?} {} {value}\n  {}\n  do: {}",
            it.id,
            it.names.join(","),
            it.what,
            it.todo
        )
    });
    shown.collect::<Vec<_>>().join("\n")
}

const ADDR: &str = "\taddr := flag.String(\"addr\", \"127.0.0.1:8080\", \"\")\n\tflag.Parse()\n\thttp.ListenAndServe(*addr, nil)";
const TWO: &str = "\th := flag.String(\"host\", \"localhost\", \"\")\n\tp := flag.Int(\"port\", 80, \"\")\n\tflag.Parse()\n\thttp.ListenAndServe(fmt.Sprintf(\"%s:%d\", *h, *p), nil)";

#[test]
fn flags_that_alone_say_where_it_listens_are_told() {
    let shown = [
        (ADDR, ""),
        (ADDR, "web: shop\n"),
        (TWO, ""),
        (TWO, "web: bin/shop -port $PORT\n"),
    ];
    let shown = shown.map(|(text, line)| flags(text, line));
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn flags_that_are_given_or_not_needed_are_not_told() {
    for line in [
        "web: shop -addr 0.0.0.0:$PORT\n",
        "web: shop --addr=:${PORT}\n",
        "web: other\n",
    ] {
        assert_eq!(flags(ADDR, line), "", "{line}");
    }
    assert_eq!(flags(TWO, "web: shop -host 0.0.0.0 -port $PORT"), "");
    for text in [
        // The variable is read as well.
        "\tport := flag.String(\"port\", os.Getenv(\"PORT\"), \"\")\n\thttp.ListenAndServe(\":\"+*port, nil)",
        "\taddr := flag.String(\"addr\", \":80\", \"\")\n\tif p := os.Getenv(\"PORT\"); p != \"\" {\n\t\t*addr = \":\" + p\n\t}\n\thttp.ListenAndServe(*addr, nil)",
        // Which of the two is the app's?
        "\ta := flag.String(\"north\", \":80\", \"\")\n\tb := flag.String(\"south\", \":81\", \"\")\n\tgo http.ListenAndServe(*a, nil)\n\thttp.ListenAndServe(*b, nil)",
    ] {
        assert_eq!(flags(text, ""), "", "{text}");
    }
}

#[test]
fn the_flag_of_what_stands_beside_the_app_is_not_the_apps() {
    let text = "\ta := flag.String(\"metrics-addr\", \":9090\", \"\")\n\tb := flag.String(\"web.addr\", \":81\", \"\")\n\tgo http.ListenAndServe(*a, nil)\n\thttp.ListenAndServe(*b, nil)";
    assert!(
        flags(text, "").starts_with("main.go:10 PortFlag -web.addr 0.0.0.0:$PORT"),
        "{}",
        flags(text, "")
    );
}

#[test]
fn a_phoenix_release_that_waits_for_a_variable_gets_it() {
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.beamPackages.mixRelease { pname = \"tide\"; version = \"1\"; src = ./.; meta.mainProgram = \"tide\"; }";
    let mix = "defmodule Tide.MixProject do\n  use Mix.Project\n  def project do\n    [app: :tide, version: \"1.0.0\", deps: [{:phoenix, \"~> 1.7\"}]]\n  end\n  def application do\n    [mod: {Tide.Application, []}]\n  end\nend\n";
    let runtime = "import Config\n\nif System.get_env(\"PHX_SERVER\") do\n  config :tide, TideWeb.Endpoint, server: true\nend\n\nconfig :tide, TideWeb.Endpoint,\n  http: [ip: {0, 0, 0, 0}, port: String.to_integer(System.get_env(\"PORT\") || \"4000\")]\n";
    let project = |procfile: &str| {
        let mut files = vec![
            ("default.nix", nix),
            ("mix.exs", mix),
            ("config/runtime.exs", runtime),
        ];
        if !procfile.is_empty() {
            files.push(("Procfile", procfile));
        }
        look(&files)
    };
    let waits = |procfile: &str| {
        let needs = project(procfile).needs;
        needs
            .iter()
            .any(|it| it.id == crate::inspect::NeedId::ServerVariable)
    };
    assert!(waits(""));
    assert!(waits("web: tide start\n"));
    assert!(!waits("web: PHX_SERVER=true tide start\n"));
    assert!(!waits("web: bin/server\n"));
    let planned = crate::plan::plan(&project(""), &crate::plan::Wishes::default()).unwrap();
    let web = planned.processes.values().next().unwrap();
    assert_eq!(
        web.command.shown(),
        "PHX_SERVER=true exec /app/bin/tide start"
    );
    assert_eq!(planned.needs, []);
}

#[test]
fn a_flag_of_another_place_or_of_another_kind_is_not_given() {
    let nix = "{ pkgs ? import <nixpkgs> { } }: pkgs.buildGoModule { pname = \"shop\"; version = \"1\"; src = ./.; vendorHash = null; }";
    let flag = |body: &str| {
        let main = format!(
            "package main\n\nimport (\n\t\"flag\"\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc main() {{\n{body}\n}}\n"
        );
        let project = look(&[
            ("default.nix", nix),
            ("go.mod", "module example.org/shop\n\ngo 1.22\n"),
            ("main.go", &main),
        ]);
        let mut needs = project.needs.into_iter();
        needs.any(|it| it.id == crate::inspect::NeedId::PortFlag)
    };
    let parse = "flag.Parse()\n\thttp.ListenAndServe(*addr, nil)";
    assert!(flag(&format!(
        "\taddr := flag.String(\"addr\", \":8080\", \"\")\n\t{parse}"
    )));
    for body in [
        format!("\taddr := flag.String(\"monitoring\", \":9090\", \"\")\n\tgo http.ListenAndServe(\":8080\", nil)\n\t{parse}"),
        format!("\taddr := flag.String(\"listen\", \"unix:///run/x.sock\", \"\")\n\t{parse}"),
        "\tfs := flag.NewFlagSet(\"serve\", flag.ExitOnError)\n\taddr := fs.String(\"addr\", \":8080\", \"\")\n\tfs.Parse(os.Args[2:])\n\thttp.ListenAndServe(*addr, nil)".to_owned(),
    ] {
        assert!(!flag(&body), "{body}");
    }
}
