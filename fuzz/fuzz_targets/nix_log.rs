//! What Nix logs while it builds, line by line, and what is shown of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::nix::Progress;
use nixdyno::nix::log::event;

fuzz_target!(|text: &str| {
    let mut progress = Progress::default();
    for line in text.lines() {
        // Most lines that come by chance have no mark, and would be read no further.
        let marked = format!("@nix {line}");
        for event in [line, &marked].into_iter().filter_map(event) {
            progress.take(&event);
            let _ = progress.to_string();
        }
    }
    let bytes = progress.bytes();
    assert!(bytes.done <= bytes.expected);
});
