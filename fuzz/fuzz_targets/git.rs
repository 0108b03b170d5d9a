//! What git keeps beside a good flake, of any bytes: the index, patterns that ignore, a link to another place.

#![no_main]

mod project;

use libfuzzer_sys::fuzz_target;

const FLAKE: &str = r#"{
  outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {
    packages.x86_64-linux.default = pkgs.callPackage ./nix/package.nix { };
    packages.x86_64-linux.web = pkgs.writeShellScriptBin "web" "cat ${./a.txt}";
  };
}"#;
const PACKAGE: &str = r#"{ buildGoModule }: buildGoModule { pname = "x"; version = "1"; src = ../.; vendorHash = null; }"#;

const NAMES: &[&str] = &[".git/index", ".gitignore", ".git/info/exclude", "nix/.gitignore"];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else {
        return;
    };
    let chosen = usize::from(*kind) % NAMES.len();
    // The others are there and empty: nothing is left of the input before.
    let one = |at: usize| (NAMES[at], if at == chosen { text } else { b"" });
    project::inspect(&[
        ("flake.nix", FLAKE.as_bytes()),
        ("nix/package.nix", PACKAGE.as_bytes()),
        ("go.mod", b"module x\n"),
        ("a.txt", b"a"),
        (".git/HEAD", b"ref: refs/heads/main\n"),
        one(0),
        one(1),
        one(2),
        one(3),
    ]);
});
