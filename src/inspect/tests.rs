//! The room as a whole: folders that hold the wrong thing, `--attr`, what Nix says, and Nix itself.

use std::os::unix::fs::symlink;

use super::*;
use crate::error::Error;
use crate::names::NixFile;
use crate::shell::{Real, Recorded, Tools};

/// A folder with these files; a name that ends in `/` makes a folder.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        if name.ends_with('/') {
            fs_err::create_dir_all(path).unwrap();
        } else {
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
    }
    dir
}

fn read(dir: &Path) -> Result<Project> {
    inspect(dir, &Ask::default(), &Recorded::new())
}

/// The error of each folder, with the folder's own name left out.
fn errors(folders: &[&[(&str, &str)]]) -> String {
    let errors = folders.iter().map(|files| {
        let dir = folder(files);
        let error = read(dir.path()).unwrap_err().to_string();
        error.replace(&dir.path().display().to_string(), "DIR")
    });
    errors.collect::<Vec<_>>().join("\n\n")
}

fn asking(attribute: &str) -> Ask {
    Ask {
        attribute: Some(attribute.parse().unwrap()),
        ..Ask::default()
    }
}

const TWO: &str = r#"{ outputs = { self, nixpkgs }: { packages.x86_64-linux = {
  server = nixpkgs.lib.writeShellScriptBin "server" "";
  worker = nixpkgs.lib.writeShellScriptBin "worker" "";
}; }; }"#;

#[test]
fn a_folder_without_nix_is_told_what_is_there() {
    insta::assert_snapshot!(errors(&[
        &[],
        &[("shell.nix", ""), ("release.nix", "")],
        &[("Flake.nix", ""), ("README.md", "")],
        &[("defualt.nix", "")],
        &[("package.json", ""), ("src/", "")],
    ]));
}

#[test]
fn files_that_are_not_text_are_refused() {
    let large = " ".repeat(1_000_001);
    insta::assert_snapshot!(errors(&[
        &[("flake.nix/", "")],
        &[("flake.nix", "{\n\0}")],
        &[("default.nix", &large)],
        &[("default.nix", "{ }"), ("Procfile/", "")],
        &[
            ("flake.nix", "{ outputs = x: { }; }"),
            ("flake.lock", "\u{feff}{")
        ],
        &[("default.nix", "{ }"), ("npins/sources.json", "{}")],
    ]));
    let dir = folder(&[]);
    fs_err::write(dir.path().join("default.nix"), b"{\n\n\xff}").unwrap();
    insta::assert_snapshot!(read(dir.path()).unwrap_err());
}

#[test]
fn a_place_that_is_no_folder_is_refused() {
    let dir = folder(&[("x", "")]);
    let none = read(Path::new("/nonexistent/x")).unwrap_err();
    let file = read(&dir.path().join("x")).unwrap_err();
    let shown = format!("{none}\n\n{file}").replace(&dir.path().display().to_string(), "DIR");
    insta::assert_snapshot!(shown);
}

#[test]
fn symlinks_in_a_circle_end() {
    let dir = folder(&[("default.nix", "pkgs.callPackage ./loop { }")]);
    symlink("loop", dir.path().join("loop")).unwrap();
    symlink(".", dir.path().join("here")).unwrap();
    let project = read(dir.path()).unwrap();
    assert_eq!(project.recipe, [Path::new("default.nix")]);
    symlink("flake.nix", dir.path().join("flake.nix")).unwrap();
    assert_eq!(read(dir.path()).unwrap_err().id(), "inspect/unreadable");
}

#[test]
fn the_recipe_respects_gitignore_and_stays_small() {
    let mut files = vec![
        (".gitignore".to_owned(), "out\n".to_owned()),
        ("default.nix".to_owned(), "{ }".to_owned()),
        ("out/x.nix".to_owned(), String::new()),
        (".hidden/x.nix".to_owned(), String::new()),
        ("a/b/c/package.json".to_owned(), String::new()),
        ("a/b/c/d/package.json".to_owned(), String::new()),
        ("nix/sources.json".to_owned(), "{}".to_owned()),
        ("src/main.rs".to_owned(), String::new()),
    ];
    let list = |files: &[(String, String)]| {
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let recipe = read(folder(&files).path()).unwrap().recipe;
        recipe
            .iter()
            .map(|path| path.display().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        list(&files),
        ["a/b/c/package.json", "default.nix", "nix/sources.json"]
    );
    files.extend((0..70).map(|n| (format!("crates/{n}/Cargo.toml"), String::new())));
    assert_eq!(list(&files), ["default.nix", "nix/sources.json"]);
}

#[test]
fn an_asked_attribute_is_the_one_or_an_error() {
    let dir = folder(&[("flake.nix", TWO)]);
    let runner = Recorded::new();
    for name in ["server", "packages.x86_64-linux.server"] {
        let project = inspect(dir.path(), &asking(name), &runner).unwrap();
        assert_eq!(project.verdict, Verdict::Deploy);
        let paths: Vec<_> = project
            .candidates
            .iter()
            .map(|it| it.attribute.to_string())
            .collect();
        assert_eq!(paths, ["packages.x86_64-linux.server"]);
    }
    let error: Error = inspect(dir.path(), &asking("servr"), &runner).unwrap_err();
    insta::assert_snapshot!(error);
    let dir = folder(&[("default.nix", "{ a = 1; }")]);
    insta::assert_snapshot!(inspect(dir.path(), &asking("web"), &runner).unwrap_err());
}

/// An evaluating inspection of [`TWO`] with these answers.
fn evaluated(status: i32, stdout: &str, stderr: &str) -> Project {
    let dir = folder(&[("flake.nix", TWO)]);
    let runner = Recorded::new()
        .answer("nix --version", 0, "nix (Nix) 2.8.0\n", "")
        .answer("nix --extra", status, stdout, stderr);
    let ask = Ask {
        evaluate: Some(crate::nix::Where::Here),
        ..Ask::default()
    };
    inspect(dir.path(), &ask, &runner).unwrap()
}

#[test]
fn nix_outranks_what_was_read() {
    let json = r#"{ "server": { "derivation": true, "name": "s-1", "pname": "s", "program": "other", "inputs": true },
                    "fails": { "derivation": false, "failed": true }, "set": { "derivation": false } }"#;
    let project = evaluated(0, json, "");
    assert_eq!(project.evaluated_by.as_deref(), Some("nix (Nix) 2.8.0"));
    let server = project
        .candidates
        .iter()
        .find(|it| it.attribute.to_string().ends_with("server"));
    insta::assert_json_snapshot!(server.unwrap());
    assert!(
        !project
            .candidates
            .iter()
            .any(|it| it.attribute.to_string().ends_with("worker"))
    );
    assert!(
        project
            .warnings
            .iter()
            .any(|it| it.id == "inspect/attribute-fails")
    );
}

#[test]
fn without_network_reading_stands() {
    let offline = "error: unable to download 'https://x': Couldn't resolve host name (6)";
    let project = evaluated(1, "", offline);
    assert_eq!(project.verdict, Verdict::Deploy);
    assert_eq!(project.evaluated_by, None);
    let warning = project
        .warnings
        .iter()
        .find(|it| it.id == "inspect/not-evaluated")
        .unwrap();
    assert_eq!(warning.detail, [offline]);
}

#[test]
fn what_nix_refuses_is_broken() {
    let project = evaluated(
        1,
        "",
        "error: undefined variable 'pkg'\n\n at flake.nix:1:2:",
    );
    assert_eq!(project.verdict, Verdict::Broken);
    let warning = project
        .warnings
        .iter()
        .find(|it| it.id == "inspect/refused")
        .unwrap();
    assert_eq!(
        warning.detail,
        ["error: undefined variable 'pkg'", " at flake.nix:1:2:"]
    );
}

/// Inspects with the true Nix of this machine.
fn lab(dir: &Path, attribute: &str, nix_args: &[&str]) -> Result<Project> {
    let ask = Ask {
        attribute: (!attribute.is_empty()).then(|| attribute.parse().unwrap()),
        file: None,
        import_from_derivation: false,
        evaluate: Some(crate::nix::Where::Here),
        nix_args: nix_args.iter().map(ToString::to_string).collect(),
    };
    inspect(dir, &ask, &Real::new(Tools::find(), Vec::new(), |_| {}))
}

const DRV: &str = r#"derivation { name = "web-1"; system = "x86_64-linux"; builder = "/bin/sh"; }"#;

#[test]
#[ignore = "lab: needs nix"]
fn lab_flakes_are_evaluated() {
    let flake = format!(
        r#"{{ outputs = {{ self }}: {{ packages.x86_64-linux = {{
            default = {DRV} // {{ pname = "web"; meta.mainProgram = "webd"; }};
            throws = throw "no"; wrong = {DRV} // {{ pname = "x" + 1; }}; set.a = 1;
        }}; }}; }}"#
    );
    let outer = folder(&[("a b#c?d%20\u{e9}/flake.nix", &flake)]);
    let dir = outer.path().join("a b#c?d%20\u{e9}");
    let project = lab(&dir, "", &[]).unwrap();
    assert_eq!(project.verdict, Verdict::Deploy, "{project:#?}");
    assert!(project.evaluated_by.is_some());
    let first = &project.candidates[0];
    assert_eq!(first.package.as_deref(), Some("web"));
    assert_eq!(first.input_derivation, Some(false));
    assert!(matches!(&first.program, Program::Known { name, .. } if name == "webd"));
    let failing = project
        .warnings
        .iter()
        .filter(|it| it.id == "inspect/attribute-fails");
    assert_eq!(failing.count(), 2, "{:#?}", project.warnings);
    let error = lab(&dir, "defualt", &[]).unwrap_err();
    assert_eq!(error.id(), "inspect/no-such-attribute");
    assert!(!dir.join("flake.lock").exists());
}

#[test]
#[ignore = "lab: needs nix"]
fn lab_inputs_can_be_overridden_and_may_be_out_of_reach() {
    let flake = "{ inputs.pkgs.url = \"https://nowhere.invalid/x.tar.gz\";
        outputs = { self, pkgs }: { packages.x86_64-linux.default = pkgs.web; }; }";
    let other = format!("{{ outputs = {{ self }}: {{ web = {DRV}; }}; }}");
    let (dir, other) = (
        folder(&[("flake.nix", flake)]),
        folder(&[("flake.nix", &other)]),
    );
    let project = lab(dir.path(), "", &[]).unwrap();
    assert_eq!(project.evaluated_by, None);
    assert!(
        project
            .warnings
            .iter()
            .any(|it| it.id == "inspect/not-evaluated")
    );
    let path = format!("path:{}", other.path().display());
    let project = lab(dir.path(), "", &["--override-input", "pkgs", &path]).unwrap();
    assert!(project.evaluated_by.is_some());
    assert_eq!(project.candidates[0].package.as_deref(), Some("web-1"));
}

#[test]
#[ignore = "lab: needs nix"]
fn lab_default_nix_is_evaluated() {
    let set = format!(
        "{{ system ? builtins.currentSystem }}: {{ web = {DRV}; b = throw \"x\"; lib.a = 1; deep.er = {DRV}; }}"
    );
    let dir = folder(&[("default.nix", &set)]);
    let project = lab(dir.path(), "", &["--override-input", "a", "b"]).unwrap();
    assert_eq!(project.verdict, Verdict::Deploy, "{project:#?}");
    assert_eq!(
        project.entry,
        [Entry::Classic {
            file: NixFile::default(),
            shape: ClassicShape::AttributeSet
        }]
    );
    assert_eq!(project.candidates[0].attribute.to_string(), "web");
    let project = lab(dir.path(), "deep.er", &[]).unwrap();
    assert_eq!(project.candidates[0].attribute.to_string(), "deep.er");
    let error = lab(dir.path(), "weeb", &[]).unwrap_err();
    assert_eq!(error.id(), "inspect/no-such-attribute");
    let wrong = folder(&[("default.nix", "{ }: nope")]);
    assert_eq!(lab(wrong.path(), "", &[]).unwrap().verdict, Verdict::Broken);
}

/// `UPDATE_SCHEMA=1` writes the published file anew.
#[test]
fn the_published_schema_is_that_of_the_types() {
    let schema = schemars::schema_for!(Project);
    let text = format!("{:#}\n", schema.as_value());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/inspect.json");
    #[expect(clippy::disallowed_methods, reason = "a switch of this test only")]
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs_err::write(&file, &text).unwrap();
    }
    assert_eq!(text, SCHEMA, "run this test with UPDATE_SCHEMA=1");
}
