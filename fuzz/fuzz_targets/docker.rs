//! What Docker answers of itself, of its images, of a build and of a push.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::docker::{Version, builder, explain_push, inspect, probe, pushed_digest};
use nixdyno::shell::{Recorded, Streamed};

fuzz_target!(|text: &str| {
    let _ = Version::read(text).to_string();
    for status in [0, 1] {
        let said = Recorded::new().answer("docker", status, text, text);
        if let Ok(facts) = probe(&said) {
            let _ = (builder(&facts), facts.heroku_cli_obstacle());
        }
        let _ = inspect(&said, "nixdyno/app-web:latest");
        let pushed = Streamed {
            status,
            tail: text.lines().map(str::to_owned).collect(),
        };
        let _ = explain_push("registry.heroku.com/app/web", &pushed);
        let _ = pushed_digest(&said, "registry.heroku.com/app/web", &pushed);
    }
});
