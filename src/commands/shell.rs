//! `nixdyno completions` and `nixdyno man`: made from the same types as the command line.

use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Cli, Common};
use crate::error::{Error, Result};

pub(super) fn completions(shell: Shell, common: &Common) -> Result<ExitCode> {
    super::refuse_json(common, "completions")?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "nixdyno", &mut script);
    print(&script);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(common: &Common) -> Result<ExitCode> {
    super::refuse_json(common, "man")?;
    let mut page = Vec::new();
    let command = Cli::command();
    let render = |page: &mut Vec<u8>| clap_mangen::Man::new(command.clone()).render(page);
    render(&mut page).map_err(|error| Error::bug("cli/man", error.to_string()))?;
    print(&page);
    Ok(ExitCode::SUCCESS)
}

/// A closed pipe is the reader's choice: a quiet success.
fn print(bytes: &[u8]) {
    let _ = std::io::stdout().write_all(bytes);
}
