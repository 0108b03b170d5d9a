//! A flake.nix of any bytes is read without Nix to an answer or an error.

#![no_main]

mod project;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    project::inspect(&[("flake.nix", bytes)]);
});
