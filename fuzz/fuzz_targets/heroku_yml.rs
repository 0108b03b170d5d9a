//! A heroku.yml of any bytes beside a good flake.

#![no_main]

mod project;

use libfuzzer_sys::fuzz_target;

const FLAKE: &str = r#"{
  outputs = { self }: {
    packages.x86_64-linux.default = derivation { name = "x"; system = "x86_64-linux"; builder = "/x"; };
  };
}"#;

fuzz_target!(|bytes: &[u8]| {
    project::inspect(&[("flake.nix", FLAKE.as_bytes()), ("heroku.yml", bytes)]);
});
