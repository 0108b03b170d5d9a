//! `nixdyno completions`, `nixdyno man`, and the JSON Schemas: made from the program's own types.

use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Cli, Common};
use crate::error::{Error, Result};
use crate::ui::print;

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
    let mut command = Cli::command();
    command.build();
    let render = |page: &mut Vec<u8>| -> std::io::Result<()> {
        clap_mangen::Man::new(command.clone()).render(page)?;
        for verb in command
            .get_subcommands()
            .filter(|verb| verb.get_name() != "help")
        {
            writeln!(page, ".SH NIXDYNO {}", verb.get_name().to_ascii_uppercase())?;
            writeln!(
                page,
                "{}",
                verb.get_about()
                    .map(ToString::to_string)
                    .unwrap_or_default()
            )?;
            // The flags of every verb stand above, once.
            let own = verb.clone().mut_args(|arg| {
                let shared = arg.is_global_set();
                arg.hide(shared)
            });
            clap_mangen::Man::new(own).render_options_section(page)?;
        }
        Ok(())
    };
    render(&mut page).map_err(|error| Error::bug("cli/man", error.to_string()))?;
    print(&page);
    Ok(ExitCode::SUCCESS)
}

/// `inspect --schema` and `config --schema`: a JSON document by nature, with or without `--json`.
pub(super) fn schema(text: &str) -> ExitCode {
    print(text.as_bytes());
    ExitCode::SUCCESS
}
