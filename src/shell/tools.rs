//! The programs nixdyno may start, and where they are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::{Error, Result};

/// A program nixdyno may start. There are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// The Docker client.
    Docker,
    /// The Heroku CLI.
    Heroku,
    /// `nix`, with the new command line.
    Nix,
    /// `nix-instantiate`, the classic evaluator.
    NixInstantiate,
    /// `nix-store`, the classic hand on the store.
    NixStore,
    /// A shell, for the tests of the runners.
    #[cfg(test)]
    Shell,
}

impl Tool {
    /// Every tool, sorted.
    pub const ALL: &[Tool] = &[
        Tool::Docker,
        Tool::Heroku,
        Tool::Nix,
        Tool::NixInstantiate,
        Tool::NixStore,
        #[cfg(test)]
        Tool::Shell,
    ];

    /// The program's name on `PATH`.
    pub fn program(self) -> &'static str {
        match self {
            Tool::Docker => "docker",
            Tool::Heroku => "heroku",
            Tool::Nix => "nix",
            Tool::NixInstantiate => "nix-instantiate",
            Tool::NixStore => "nix-store",
            #[cfg(test)]
            Tool::Shell => "sh",
        }
    }

    /// How a user gets it.
    pub fn install_hint(self) -> &'static str {
        match self {
            Tool::Docker => "install Docker Engine: https://docs.docker.com/engine/install/",
            Tool::Heroku => {
                "install the Heroku CLI: https://devcenter.heroku.com/articles/heroku-cli"
            }
            Tool::Nix | Tool::NixInstantiate | Tool::NixStore => {
                "install Nix: https://nixos.org/download/"
            }
            #[cfg(test)]
            Tool::Shell => "",
        }
    }
}

/// Where each tool was found on `PATH`, looked up once.
#[derive(Debug, Clone, Default)]
pub struct Tools(BTreeMap<Tool, PathBuf>);

impl Tools {
    /// Looks all of them up.
    pub fn find() -> Self {
        let found = Tool::ALL.iter().filter_map(|&tool| {
            let path = which::which(tool.program()).ok()?;
            Some((tool, path))
        });
        Tools(found.collect())
    }

    /// The path of a tool, if it's there.
    pub fn path(&self, tool: Tool) -> Option<&PathBuf> {
        self.0.get(&tool)
    }

    /// Whether a tool is there.
    pub fn has(&self, tool: Tool) -> bool {
        self.0.contains_key(&tool)
    }

    /// Fails with one error that names every one of `needed` that is missing.
    pub fn require(&self, needed: &[Tool], why: &str) -> Result<()> {
        let missing: Vec<Tool> = needed
            .iter()
            .copied()
            .filter(|tool| !self.has(*tool))
            .collect();
        let Some((first, rest)) = missing.split_first() else {
            return Ok(());
        };
        let names: Vec<_> = missing
            .iter()
            .map(|tool| format!("`{}`", tool.program()))
            .collect();
        let error = Error::user(
            "shell/missing-tool",
            format!("{} not found on PATH", names.join(" and ")),
            first.install_hint(),
        )
        .because(why);
        Err(rest
            .iter()
            .fold(error, |error, tool| error.or(tool.install_hint())))
    }
}
