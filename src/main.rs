//! The `nixdyno` program.

fn main() {}
