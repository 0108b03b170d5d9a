//! The reader against wrong, hostile and unusual files.

use proptest::prelude::*;

use super::*;
use crate::error::Error;

fn flake_error(text: &str) -> Error {
    flake(Path::new("/nonexistent"), text).unwrap_err()
}

fn program(text: &str) -> Option<String> {
    let reading = classic(Path::new("/nonexistent"), &NixFile::default(), text, &[]).unwrap();
    match reading.attributes.first().map(|it| &it.what) {
        Some(What::Package(package)) => package.program.clone().map(|(name, _)| name),
        _ => None,
    }
}

#[test]
fn slips_of_the_pen_are_shown_by_line() {
    let texts = [
        "{\n  outputs = { self }: {\n    packages.x86_64-linux.default = 1\n  };\n}\n",
        "{ outputs = x: [ 1 2 ;",
        "{ a = 1; } }",
        "{ a, a }: a",
        "",
        "\u{e9}\u{e9}\u{e9}",
    ];
    let errors: Vec<_> = texts.map(|text| flake_error(text).to_string()).into();
    insta::assert_snapshot!(errors.join("\n\n"));
}

#[test]
fn what_is_not_a_flake_is_said() {
    let errors: Vec<_> = ["[ ]", "{ inputs = { }; }", "{ self }: { }"]
        .map(|text| flake_error(text).to_string())
        .into();
    insta::assert_snapshot!(errors.join("\n\n"));
}

#[test]
fn deep_files_are_refused_and_nothing_overflows() {
    let many = 90_000;
    let deep = [
        "(".repeat(many),
        "[".repeat(many),
        "{a=".repeat(many / 3),
        "!".repeat(many),
        "a ".repeat(many),
        // Not more: rnix looks ahead to the end for a `/` that would make each `a+…` a path.
        "a+".repeat(many / 10),
        "a.b ".repeat(many / 4),
        "x: ".repeat(many / 2),
        "if a then b else ".repeat(many / 5),
        "with a; ".repeat(many / 3),
        "let a=".repeat(many / 3),
        "\"${".repeat(many / 2),
        "a//".repeat(many / 2),
        "a ".repeat(200_000),
    ];
    for text in deep {
        let shown: String = text.chars().take(12).collect();
        let ended = format!("{text}a");
        for text in [text, ended] {
            let error =
                classic(Path::new("/nonexistent"), &NixFile::default(), &text, &[]).unwrap_err();
            assert!(
                matches!(error.id(), "inspect/too-deep" | "inspect/syntax"),
                "{shown}"
            );
        }
    }
    insta::assert_snapshot!(flake_error(&format!("{}a", "x: ".repeat(2000))));
}

#[test]
fn what_needs_itself_ends() {
    for text in [
        "let a = a; in a",
        "rec { a = b; b = a; }",
        "let f = x: f (f x); in f 1",
        "let f = x: [ (f x) ] ++ f x; in { a = f 1; }",
        "let x = { inherit x; } // x; in x.x.x",
        "with a; with b; c",
        "let inherit (a) a; in a",
    ] {
        classic(Path::new("/nonexistent"), &NixFile::default(), text, &[]).unwrap();
    }
}

#[test]
fn programs_are_known_only_when_said() {
    let said = [
        ("pkgs.writeShellScriptBin \"run\" \"\"", "run"),
        (
            "with pkgs; writeShellApplication { name = \"serve\"; text = \"\"; }",
            "serve",
        ),
        (
            "stdenv.mkDerivation (self: { pname = \"a\"; meta.mainProgram = \"b\"; })",
            "b",
        ),
        (
            "let m = { mainProgram = \"d\"; }; in buildGoModule rec { pname = \"c\"; meta = m // { }; }",
            "d",
        ),
        (
            "(pkgs.writeScriptBin \"x-${\"y\"}\" \"\").overrideAttrs (old: { })",
            "x-y",
        ),
    ];
    for (text, name) in said {
        assert_eq!(program(text).as_deref(), Some(name), "{text}");
    }
    assert_eq!(program("stdenv.mkDerivation { pname = \"a\"; }"), None);
    assert_eq!(program("pkgs.writeShellScriptBin name \"\""), None);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(?s).{0,120}") {
        let _ = flake(Path::new("/nonexistent"), &text);
        let _ = classic(Path::new("/nonexistent"), &NixFile::default(), &text, &[]);
    }

    #[test]
    fn no_heap_of_nix_words_makes_it_panic(words in prop::collection::vec(
        prop::sample::select(vec![
            "{", "}", "(", ")", "[", "]", "let", "in", "rec", "with", "inherit", "=", ";", ":", "//", "++",
            "a", "b", "a.b", "\"a\"", "\"${a}\"", "''x''", "./a", "<a>", "if", "then", "else", "{ a, b ? 1, ... }@c:",
            "mkDerivation", "outputs", "self", "eachDefaultSystem", "genAttrs", "import", "or", "?", "x:", "true",
        ]), 0..40)) {
        let text = words.join(" ");
        let _ = flake(Path::new("/nonexistent"), &text);
        let _ = classic(Path::new("/nonexistent"), &NixFile::default(), &text, &[]);
        let _ = flake(Path::new("/nonexistent"), &format!("{{ outputs = self: {text}; }}"));
    }
}
