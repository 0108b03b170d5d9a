//! A source file of any bytes beside a good default.nix; the first byte says in which language.

#![no_main]

mod project;

use libfuzzer_sys::fuzz_target;

const CLASSIC: &str =
    r#"{ pkgs ? import <nixpkgs> { } }: pkgs.stdenv.mkDerivation { pname = "x"; version = "1"; src = ./.; }"#;

const NAMES: &[&str] = &[
    "main.rs", "main.go", "main.py", "main.js", "main.ts", "main.ex", "config/runtime.exs", "Main.hs", "main.ml",
    "Program.cs", "Main.java", "Main.scala", "Main.kt", "app.rb", "config.ru", "index.php", "main.gleam", "main.nim",
    "main.c", "main.zig", "run.sh", "application.properties", ".gitmodules", ".gitattributes",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else {
        return;
    };
    let name = NAMES[usize::from(*kind) % NAMES.len()];
    project::inspect(&[("default.nix", CLASSIC.as_bytes()), (name, text)]);
});
