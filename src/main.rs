//! The `nixdyno` program: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    nixdyno::commands::main(&words)
}
