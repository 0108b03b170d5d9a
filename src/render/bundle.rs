//! Rendered files, in memory.

use std::collections::BTreeMap;
use std::path::Path;

use super::ci::CiFile;
use super::head::again;

/// A kind of file that nixdyno writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The Dockerfile.
    Dockerfile,
    /// What stays out of its context.
    Dockerignore,
    /// What Heroku builds, sets up and runs, when it builds itself.
    HerokuYml,
    /// What checks pull requests and deploys pushes.
    Ci(CiFile),
    /// What was decided: small, and so the last to be shown.
    Config,
}

impl What {
    /// Its word for `generate`; `init` alone writes the configuration.
    pub fn name(self) -> Option<&'static str> {
        match self {
            What::Config => None,
            What::Dockerfile => Some("dockerfile"),
            What::Dockerignore => Some("dockerignore"),
            What::HerokuYml => Some("heroku-yml"),
            What::Ci(_) => Some("ci"),
        }
    }

    /// Whether it is to be run.
    pub fn is_script(self) -> bool {
        self == What::Ci(CiFile::Script)
    }

    /// Where it lies, relative to the project.
    pub fn path(self) -> &'static Path {
        Path::new(match self {
            What::Config => "nixdyno.toml",
            What::Dockerfile => "Dockerfile",
            What::Dockerignore => ".dockerignore",
            What::HerokuYml => "heroku.yml",
            What::Ci(file) => file.path(),
        })
    }
}

/// The files of a plan, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    files: BTreeMap<What, String>,
    /// Only these were asked for.
    only: Vec<What>,
    /// The flags that were given.
    again: Vec<String>,
}

impl Bundle {
    pub(super) fn add(&mut self, what: What, text: String) {
        self.files.insert(what, text);
    }

    pub(super) fn said(&mut self, again: &[String]) {
        self.again = again.to_vec();
    }

    /// The command that writes these files into `dir`.
    pub(super) fn command(&self, dir: &Path) -> String {
        let names = self.only.iter().filter_map(|it| it.name());
        let mut words: Vec<String> = names.map(str::to_owned).collect();
        if dir != Path::new(".") {
            words.extend(["--dir".to_owned(), dir.display().to_string()]);
        }
        words.extend(self.again.iter().cloned());
        again(&words)
    }

    /// The same, with one more file.
    #[must_use]
    pub fn with(mut self, what: What, text: String) -> Self {
        self.add(what, text);
        self
    }

    /// The same, made by other flags.
    #[must_use]
    pub fn again(mut self, flags: &[String]) -> Self {
        self.said(flags);
        self
    }

    /// Every file, sorted.
    pub fn files(&self) -> impl Iterator<Item = (What, &str)> {
        self.files.iter().map(|(what, text)| (*what, text.as_str()))
    }

    /// One file.
    pub fn get(&self, what: What) -> Option<&str> {
        self.files.get(&what).map(String::as_str)
    }

    /// Only the files of `wanted`; all of them when it's empty.
    #[must_use]
    pub fn only(mut self, wanted: &[What]) -> Self {
        if !wanted.is_empty() {
            self.files.retain(|what, _| wanted.contains(what));
        }
        self.only = wanted.to_vec();
        self
    }
}
