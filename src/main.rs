//! The `nixdyno` program: parse, run, exit code.

use std::process::ExitCode;

use clap::Parser;
use nixdyno::cli::Cli;

fn main() -> ExitCode {
    nixdyno::commands::run(&Cli::parse())
}
