//! Pins of niv and npins of any bytes beside a good default.nix.

#![no_main]

mod project;

use libfuzzer_sys::fuzz_target;

const CLASSIC: &str = r#"{ pkgs ? import <nixpkgs> { } }: pkgs.hello"#;

fuzz_target!(|bytes: &[u8]| {
    project::inspect(&[
        ("default.nix", CLASSIC.as_bytes()),
        ("nix/sources.json", bytes),
        ("npins/sources.json", bytes),
    ]);
});
