//! What Nix prints as JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::nix::formats;

fuzz_target!(|text: &str| {
    let _ = formats::path_infos(text);
    let _ = formats::builds(text);
    let _ = formats::derivations(text);
    let _ = formats::flake_metadata(text);
    let _ = formats::eval::<serde_json::Value>(text);
});
