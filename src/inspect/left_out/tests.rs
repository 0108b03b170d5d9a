//! Whole projects; those in repositories that the real git made are in `tests/cli/left_out.rs`.

use std::os::unix::fs::symlink;
use std::path::Path;

use proptest::prelude::*;

use crate::inspect::{Ask, Warning, inspect};
use crate::shell::Recorded;

fn write(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
}

fn look(dir: &Path) -> Vec<Warning> {
    let mut found = inspect(dir, &Ask::default(), &Recorded::new())
        .unwrap()
        .warnings;
    found.retain(|it| matches!(it.id.as_str(), "inspect/ignored" | "inspect/untracked"));
    found
}

fn shown(dir: &Path) -> String {
    let shown = look(dir).into_iter().map(|it| {
        let blocks = if it.blocks { " stops" } else { "" };
        let source = it.source.map(|it| it.to_string()).unwrap_or_default();
        format!(
            "{source} [{}]{blocks}\n  {}\n  do: {}",
            it.id, it.what, it.todo
        )
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), files);
    dir
}

const MAIN: &str =
    "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n";

/// What stands around a path in Nix.
const WORDS: &[&str] = &[
    "a =",
    "b =",
    ";",
    "a",
    "b",
    "./local.nix",
    "import",
    "inherit",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "let",
    "in",
    "rec",
    "with",
    "if",
    "then",
    "else",
    "or",
    "?",
    ":",
    ".",
    "&&",
    "\"${",
    "}\"",
];

/// A default.nix that names paths as `text` does.
fn classic(text: &str) -> String {
    format!(
        "{{ pkgs ? import <nixpkgs> {{ }} }}:\n{text}\npkgs.buildGoModule {{ pname = \"knot\"; version = \"1\"; src = ./.; vendorHash = null; }}\n"
    )
}

#[test]
fn what_git_ignores_is_told_with_the_line_that_names_it() {
    let dir = project(&[
        (
            "default.nix",
            &classic(
                "let key = builtins.readFile ./key.txt; web = import ./nix/web.nix; data = ./data; in",
            ),
        ),
        (".gitignore", "*.txt\n/data/\n"),
        ("nix/.gitignore", "web.nix\n"),
        ("nix/web.nix", "{ }"),
        ("key.txt", "x"),
        ("data/a", "x"),
        ("go.mod", "module example.org/knot\n"),
    ]);
    insta::assert_snapshot!(shown(dir.path()), @r"
        default.nix:2 [inspect/ignored]
          `data` is not in the app's build: git ignores it, by `/data/` in .gitignore
          do: change the pattern in .gitignore and `git add data`; or ask with `pathExists`, and do without it
        default.nix:2 [inspect/ignored]
          `key.txt` is not in the app's build: git ignores it, by `*.txt` in .gitignore
          do: change the pattern in .gitignore and `git add key.txt`; or ask with `pathExists`, and do without it
        default.nix:2 [inspect/ignored]
          `nix/web.nix` is not in the app's build: git ignores it, by `web.nix` in nix/.gitignore
          do: change the pattern in nix/.gitignore and `git add nix/web.nix`; or ask with `pathExists`, and do without it
        ");
}

#[test]
fn what_nothing_can_be_built_without_stops() {
    let dir = project(&[
        ("default.nix", "import ./nix/knot.nix { }"),
        ("nix/knot.nix", &classic("")),
        (".gitignore", "default.nix\n/nix\n"),
    ]);
    insta::assert_snapshot!(shown(dir.path()), @r"
        default.nix [inspect/ignored] stops
          `default.nix` is not in the app's build: git ignores it, by `default.nix` in .gitignore
          do: change the pattern in .gitignore, and `git add default.nix`
        default.nix:1 [inspect/ignored] stops
          `nix/knot.nix` is not in the app's build: git ignores it, by `/nix` in .gitignore
          do: change the pattern in .gitignore and `git add nix/knot.nix`; or ask with `pathExists`, and do without it
        ");
}

#[test]
fn what_the_package_opens_without_a_condition_stops() {
    let stops = |text: &str| {
        let dir = project(&[
            ("default.nix", text),
            ("local.nix", "{ }"),
            ("nix/default.nix", &classic("with import ../local.nix;")),
            ("go.mod", "module example.org/knot\n"),
            ("main.go", MAIN),
            (".gitignore", "local.nix\n"),
        ]);
        let found = look(dir.path());
        assert!(!found.is_empty(), "{text}");
        found.iter().any(|it| it.blocks)
    };
    let with = |lets: &str, flags: &str| {
        format!(
            "{{ pkgs ? import <nixpkgs> {{ }}, own ? import ./local.nix }}:\nlet a = import ./local.nix; {lets} in pkgs.buildGoModule {{ pname = \"knot\"; version = \"1\"; src = ./.; vendorHash = null; {flags} }}\n"
        )
    };
    for (lets, flags) in [
        ("", "ldflags = [ \"-X main.a=${a.b}\" ];"),
        ("b = f a.c; c = rec { d = b; };", "env.X = c.d;"),
        ("inherit (import ./local.nix) d;", "x = d;"),
        ("", "x = (import ./local.nix).y;"),
        ("", "inherit a;"),
        ("", "inherit (a) b;"),
        ("", "x = own.y;"),
        ("f = with a; [ c ];", "x = f;"),
        ("", "x = if a.b then 1 else 2;"),
    ] {
        assert!(stops(&with(lets, flags)), "{lets} {flags}");
    }
    assert!(stops("import ./nix { }"));
    for (lets, flags) in [
        ("", ""),
        ("", "x = b.a; a = { a }: 1;"),
        ("", "x = if debug then a.b else 2;"),
        ("", "x = pkgs.lib.optional debug a.b;"),
        ("", "x = debug && a.b;"),
        ("", "x = b.c or a;"),
        ("b = a;", "passthru.tests = b;"),
        ("b = { x ? a }: 1;", "x = b { };"),
    ] {
        assert!(!stops(&with(lets, flags)), "{lets} {flags}");
    }
}

#[test]
fn what_only_another_output_opens_does_not_stop() {
    let stops = |packages: &str, rest: &str| {
        let flake = format!(
            "{{ outputs = {{ self, nixpkgs }}: let pkgs = nixpkgs.legacyPackages.x86_64-linux; local = import ./local.nix; app = x: pkgs.buildGoModule {{ pname = \"knot\"; version = \"1\"; src = ./.; vendorHash = null; inherit x; }}; in {{ packages.x86_64-linux = {{ {packages} }}; {rest} }}; }}"
        );
        let dir = project(&[
            ("flake.nix", &flake),
            ("local.nix", "{ }"),
            ("go.mod", "module example.org/knot\n"),
            ("main.go", MAIN),
            (".gitignore", "local.nix\n"),
        ]);
        look(dir.path()).iter().any(|it| it.blocks)
    };
    assert!(stops("default = app local;", ""));
    assert!(!stops(
        "default = app 1; tool = pkgs.writeText \"tool\" local.x;",
        ""
    ));
    assert!(!stops(
        "default = app 1;",
        "overlays.default = final: prev: { x = local; };"
    ));
    assert!(!stops(
        "default = app 1;",
        "devShells.x86_64-linux.default = local;"
    ));
}

#[test]
fn what_may_be_missing_and_what_is_not_there_is_not_told() {
    for text in [
        "let x = if builtins.pathExists ./local.nix then import ./local.nix else { }; in",
        "let x = pkgs.lib.optional (builtins.pathExists ./local.nix) ./local.nix; in",
        "let at = ./local.nix; x = if builtins.pathExists at then import at else { }; in",
        "let x = builtins.pathExists ./local.nix; y = import ./local.nix; in",
        "let x = pkgs.lib.fileset.maybeMissing (./local.nix); in",
        "let x = pkgs.lib.fileset.difference ./. (pkgs.lib.fileset.unions [ ./local.nix ]); in",
        "let x = { devShells.x = import ./local.nix; nixosModules.x = ./local.nix; }; in",
        "let x = f { exclude = [ ./local.nix ]; }; in",
        "let x = import ./other.nix; in",
        "let x = import ../local.nix; y = ./.; z = ./${n}.nix; in",
        "let x = import ./link/local.nix; in",
    ] {
        let dir = project(&[
            ("default.nix", &classic(text)),
            ("local.nix", "{ }"),
            ("go.mod", "module example.org/knot\n"),
            (".gitignore", "local.nix\n"),
        ]);
        symlink("/", dir.path().join("link")).unwrap();
        assert_eq!(shown(dir.path()), "", "{text}");
    }
}

#[test]
fn a_lock_that_git_ignores_is_told_where_it_is_the_only_one() {
    let dir = project(&[
        ("default.nix", &classic("")),
        ("go.mod", "module example.org/knot\n"),
        ("go.sum", ""),
        (
            "main.go",
            "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":80\", nil) }\n",
        ),
        (".gitignore", "*.sum\npackage-lock.json\n"),
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("yarn.lock", ""),
    ]);
    let found = look(dir.path());
    let places: Vec<_> = found
        .iter()
        .map(|it| it.source.clone().unwrap().to_string())
        .collect();
    assert_eq!(places, ["go.sum"]);
}

#[test]
fn a_repository_that_is_none_or_cannot_be_read_says_nothing() {
    let files = [
        ("default.nix", classic("")),
        ("go.mod", "module example.org/knot\n".to_owned()),
    ];
    let fresh = || {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in &files {
            fs_err::write(dir.path().join(path), text).unwrap();
        }
        dir
    };
    let count = |dir: &tempfile::TempDir| look(dir.path()).len();
    let dir = fresh();
    fs_err::create_dir(dir.path().join(".git")).unwrap();
    assert_eq!(count(&dir), 0);
    // A new repository has no index: git has nothing.
    write(dir.path(), &[(".git/HEAD", "ref: refs/heads/main\n")]);
    assert_eq!(count(&dir), 1);
    for bad in ["", "DIRC", "PACK and more"] {
        write(dir.path(), &[(".git/index", bad)]);
        assert_eq!(count(&dir), 0, "{bad:?}");
    }
    let index = dir.path().join(".git/index");
    fs_err::remove_file(&index).unwrap();
    symlink("/dev/zero", &index).unwrap();
    assert_eq!(count(&dir), 0);
    fs_err::remove_file(&index).unwrap();
    drop(std::os::unix::net::UnixListener::bind(&index).unwrap());
    assert_eq!(count(&dir), 0);
    // A link to another repository, and a file that leads nowhere.
    let other = project(&[("HEAD", "x")]);
    let linked = fresh();
    symlink(other.path(), linked.path().join(".git")).unwrap();
    assert_eq!(count(&linked), 0);
    let lost = fresh();
    for text in ["", "gitdir: ", "gitdir: /nowhere/at/all", "x"] {
        write(lost.path(), &[(".git", text)]);
        assert_eq!(count(&lost), 0, "{text:?}");
    }
}

#[test]
fn paths_that_a_filter_compares_are_read_by_nobody() {
    for source in [
        "lib.cleanSourceWith { src = ./.; filter = path: type: path != toString ./target; }",
        "builtins.filterSource (path: type: !(builtins.elem path (map toString [ ./target ./.git ]))) ./.",
        "builtins.filterSource (path: type: path != ./target) ./.",
        "lib.sourceByRegex (lib.filter (it: !lib.hasPrefix (toString ./target) it) [ ]) [ ]",
    ] {
        let nix = format!(
            "{{ pkgs ? import <nixpkgs> {{ }}, lib ? pkgs.lib }}:\npkgs.buildGoModule {{ pname = \"knot\"; version = \"1\"; src = {source}; vendorHash = null; }}\n"
        );
        let dir = project(&[
            ("default.nix", &nix),
            (".gitignore", "target\n"),
            ("target/x", ""),
        ]);
        let found = inspect(dir.path(), &Ask::default(), &Recorded::new()).unwrap();
        let wrong = ["inspect/ignored", "inspect/self-rev"];
        let told = found.warnings.iter().map(|it| it.id.as_str());
        let told: Vec<_> = told.filter(|it| wrong.contains(it)).collect();
        assert!(told.is_empty(), "{source}: {told:?}");
    }
    // What is taken is still looked at.
    let nix = classic("let x = builtins.filterSource (path: type: true) ./target; in");
    let dir = project(&[
        ("default.nix", &nix),
        (".gitignore", "target\n"),
        ("target/x", ""),
    ]);
    assert_eq!(look(dir.path()).len(), 1);
}

#[test]
fn a_repository_in_the_repository_goes_by_its_own_patterns() {
    let dir = project(&[
        (
            "default.nix",
            &classic("let x = import ./sub/local.nix; in"),
        ),
        (".gitignore", "local.nix\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("sub/.git", "gitdir: ../.git/modules/sub\n"),
        ("sub/local.nix", "{ }"),
    ]);
    let taken = crate::context::survey(dir.path()).unwrap();
    let holds = |path: &str| taken.files.iter().any(|(it, _)| it == Path::new(path));
    assert!(holds("sub/local.nix"), "{:?}", taken.files);
    let ignored = || {
        look(dir.path())
            .iter()
            .filter(|it| it.id == "inspect/ignored")
            .count()
    };
    assert_eq!(ignored(), 0);
    write(dir.path(), &[("sub/.gitignore", "local.nix\n")]);
    assert_eq!(ignored(), 1);
}

#[test]
fn a_file_of_nothing_but_uses_ends() {
    let text = classic(&format!(
        "let {} in",
        "a = [ (import ./local.nix) a a a a a a a a ]; ".repeat(3_000)
    ));
    let dir = project(&[
        ("default.nix", &text),
        ("local.nix", "{ }"),
        ("go.mod", "module example.org/knot\n"),
        ("main.go", MAIN),
        (".gitignore", "local.nix\n"),
    ]);
    let start = std::time::Instant::now();
    assert_eq!(look(dir.path()).len(), 1);
    let took = start.elapsed();
    assert!(took < std::time::Duration::from_secs(20), "{took:?}");
}

proptest! {
    #[test]
    fn no_text_around_a_path_makes_it_panic(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..40),
    ) {
        let dir = project(&[
            ("default.nix", &classic(&format!("let {} in", words.join(" ")))),
            ("local.nix", "{ }"),
            ("go.mod", "module example.org/knot\n"),
            ("main.go", MAIN),
            (".gitignore", "local.nix\n"),
        ]);
        drop(inspect(dir.path(), &Ask::default(), &Recorded::new()));
    }
}
