use std::path::Path;

use proptest::prelude::*;

use super::super::project::{NeedId, Source};
use super::super::tree::Tree;
use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    dir
}

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n";

#[test]
fn submodules_and_large_files_are_told() {
    let dir = folder(&[
        (
            ".gitmodules",
            "[submodule \"schemas\"]\n\tpath = modules/schemas\n\turl = ../schemas\n[submodule \"there\"]\n\tpath = vendor/there\n\
             [submodule \"gone\"]\n  path=gone\n[submodule \"out\"]\n  path = ../outside\n",
        ),
        ("vendor/there/x", ""),
        (
            ".gitattributes",
            "# *.zip filter=lfs\n*.txt text\n*.png filter=lfs diff=lfs merge=lfs -text\n",
        ),
        ("models/.gitattributes", "weights/** filter=lfs\n"),
        ("a.png", POINTER),
        ("b.png", "PNG"),
        ("c.txt", POINTER),
        ("models/weights/one", POINTER),
    ]);
    fs_err::create_dir_all(dir.path().join("modules/schemas")).unwrap();
    let (needs, warnings) = of_files(dir.path(), &Tree::of(dir.path()).unwrap());
    insta::assert_snapshot!(shown(&needs, &warnings));
}

#[test]
fn a_plain_folder_needs_nothing() {
    let dir = folder(&[("a.png", POINTER), (".gitattributes", "*.png binary\n")]);
    assert_eq!(
        of_files(dir.path(), &Tree::of(dir.path()).unwrap()),
        Found::default()
    );
}

fn given<'a>(name: &'a str, url: Option<&'a str>) -> Given<'a> {
    Given {
        name,
        url,
        follows: false,
        source: Source::file("flake.nix", 3),
    }
}

#[test]
fn inputs_that_need_something_are_told() {
    let inputs = [
        given("a", Some("git+ssh://git@git.example.org/a")),
        given("b", Some("ssh://git.example.org/b")),
        given("c", Some("git@git.example.org:team/c.git")),
        given("d", Some("gitlab:team/d?host=git.example.org")),
        given("e", Some("git+https://example.org/e?ref=main&submodules=1")),
        given("nixpkgs", Some("nixpkgs/nixos-25.05")),
        given("flake-utils", None),
        given("tools", Some("flake:tools")),
    ];
    let (needs, warnings) = of_inputs(&inputs);
    insta::assert_snapshot!(shown(&needs, &warnings));
}

#[test]
fn public_inputs_need_nothing() {
    let urls = [
        "github:NixOS/nixpkgs/nixos-25.05",
        "gitlab:team/d?host=gitlab.com",
        "sourcehut:~team/x",
        "git+https://example.org/e?submodules=0",
        "https://example.org/x.tar.gz",
        "path:./lib",
        "./lib",
        "../lib",
        "/far",
        "git+file:///home/x",
        "",
    ];
    let mut inputs: Vec<_> = urls.iter().map(|url| given("x", Some(url))).collect();
    inputs.push(given("self", None));
    inputs.push(Given {
        follows: true,
        ..given("nixpkgs", None)
    });
    assert_eq!(of_inputs(&inputs), Found::default());
}

#[test]
fn settings_that_must_be_accepted_are_told() {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let urls = words(&["https://b.example.org https://a.example.org"]);
    let keys = words(&["a.example.org:key"]);
    let (yes, prompt) = (words(&["true"]), words(&["$ "]));
    let source = |line| Source::file("flake.nix", line);
    let (needs, warnings) = of_settings(&[
        ("extra-substituters", &urls, source(3)),
        ("extra-trusted-public-keys", &keys, source(4)),
        ("allow-import-from-derivation", &yes, source(5)),
        ("bash-prompt", &prompt, source(6)),
    ]);
    insta::assert_snapshot!(shown(&needs, &warnings));
}

#[test]
fn required_arguments_are_told() {
    let source = Source::file("default.nix", 1);
    let needs = of_arguments(&["stdenv".to_owned(), "lib".to_owned()], &source);
    insta::assert_snapshot!(shown(&needs, &[]));
    assert_eq!(of_arguments(&[], &source), []);
}

#[test]
fn needs_of_a_kind_become_one_at_its_first_place() {
    let at = |line| Source::file("flake.nix", line);
    let needs = together(vec![
        need(NeedId::Unfree, "b", at(9)),
        need(NeedId::Insecure, "", at(5)),
        need(NeedId::Unfree, "a", at(2)),
        need(NeedId::Unfree, "b", at(3)),
    ]);
    assert_eq!(needs.len(), 2);
    assert_eq!(
        (needs[0].id, needs[0].source.clone()),
        (NeedId::Unfree, Some(at(2)))
    );
    assert_eq!(
        needs[0].what,
        "packages with an unfree licence are allowed: a, b"
    );
    assert_eq!(needs[1].names, [""; 0]);
}

proptest! {
    #[test]
    fn no_address_makes_it_panic(url in ".{0,60}") {
        let _ = of_inputs(&[given("x", Some(&url))]);
        let words = [url.clone()];
        let _ = of_settings(&[(url.as_str(), &words, Source::file("flake.nix", None))]);
    }

    #[test]
    fn no_file_of_git_makes_it_panic(modules in "(?s).{0,100}", attributes in "(?s)([*./a-z]{0,9} filter=lfs\n){0,3}.{0,60}") {
        let dir = folder(&[(".gitmodules", &modules), (".gitattributes", &attributes), ("a/b", POINTER)]);
        let _ = of_files(Path::new(dir.path()), &Tree::of(dir.path()).unwrap());
    }
}
