//! `nixdyno completions`, `nixdyno man`, and the JSON Schemas: made from the program's own types.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::cli::{Cli, Common, ManArgs};
use crate::error::{Error, Result};
use crate::ui::print;

pub(super) fn completions(shell: Shell, common: &Common) -> Result<ExitCode> {
    super::refuse_json(common, "completions")?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "nixdyno", &mut script);
    print(&script);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(args: &ManArgs, common: &Common) -> Result<ExitCode> {
    super::refuse_json(common, "man")?;
    let mut command = Cli::command();
    command.build();
    let defect = |error: std::io::Error| Error::bug("cli/man", error.to_string());
    let Some(dir) = &args.dir else {
        print(&whole_page(&command).map_err(defect)?);
        return Ok(ExitCode::SUCCESS);
    };
    fs_err::create_dir_all(dir).map_err(|error| unwritable(&error))?;
    let mut written = Vec::new();
    let mut left = vec![command];
    while let Some(command) = left.pop() {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let path = dir.join(format!("{name}.1"));
        let page = page(&command).map_err(defect)?;
        put(dir, &path, &page).map_err(|error| unwritable(&error))?;
        written.push(format!("wrote {}\n", path.display()));
        left.extend(verbs(&command).cloned());
    }
    written.sort();
    print(written.concat().as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the place and renames, so that a page is never half there and no link is followed.
fn put(dir: &Path, path: &Path, page: &[u8]) -> std::io::Result<()> {
    match fs_err::symlink_metadata(path) {
        Ok(found) if !found.is_file() => {
            let words = format!("`{}` is there, and no regular file", path.display());
            return Err(std::io::Error::other(words));
        }
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut file = tempfile::Builder::new()
        .prefix(".nixdyno-")
        .tempfile_in(dir)?;
    file.write_all(page)?;
    file.as_file()
        .set_permissions(std::fs::Permissions::from_mode(0o644))?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn verbs(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help")
}

/// Without the flags of every verb, which are told once.
fn own_flags(command: &Command) -> Command {
    command.clone().mut_args(|arg| {
        let shared = arg.is_global_set();
        arg.hide(shared)
    })
}

/// All of the program on one page.
fn whole_page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for verb in verbs(command) {
        writeln!(page, ".SH NIXDYNO {}", verb.get_name().to_ascii_uppercase())?;
        let about = verb.get_about().map(ToString::to_string);
        writeln!(page, "{}", about.unwrap_or_default())?;
        clap_mangen::Man::new(own_flags(verb)).render_options_section(&mut page)?;
    }
    Ok(page)
}

/// The page of one command, among others.
fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    if command.get_name() == "nixdyno" {
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
    } else {
        clap_mangen::Man::new(own_flags(command)).render(&mut page)?;
        writeln!(page, ".SH \"SEE ALSO\"")?;
        writeln!(
            page,
            "\\fBnixdyno\\fR(1), for the flags that every subcommand takes."
        )?;
    }
    Ok(page)
}

fn unwritable(error: &std::io::Error) -> Error {
    Error::user(
        "cli/unwritable",
        format!("can't write a manual page: {error}"),
        "name a folder by `--dir` that you may write to",
    )
}

/// `inspect --schema` and `config --schema`: a JSON document by nature, with or without `--json`.
pub(super) fn schema(text: &str) -> ExitCode {
    print(text.as_bytes());
    ExitCode::SUCCESS
}
