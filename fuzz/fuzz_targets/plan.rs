//! A plan as JSON, from a file that somebody may have edited: it reads back the same, and renders.

#![no_main]

#[path = "project.rs"]
#[allow(dead_code, reason = "only the check of plans")]
mod project;

use libfuzzer_sys::fuzz_target;
use nixdyno::plan::Plan;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(plan) = serde_json::from_slice::<Plan>(bytes) {
        project::check(&plan);
    }
});
