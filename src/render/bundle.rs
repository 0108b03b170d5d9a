//! Rendered files, in memory.

use std::collections::BTreeMap;
use std::path::Path;

/// A kind of file that nixdyno writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum What {
    /// The Dockerfile.
    Dockerfile,
    /// What stays out of its context.
    Dockerignore,
    /// What Heroku builds, sets up and runs, when it builds itself.
    HerokuYml,
}

impl What {
    /// Where it lies, relative to the project.
    pub fn path(self) -> &'static Path {
        Path::new(match self {
            What::Dockerfile => "Dockerfile",
            What::Dockerignore => ".dockerignore",
            What::HerokuYml => "heroku.yml",
        })
    }
}

/// The files of a plan, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle(BTreeMap<What, String>);

impl Bundle {
    pub(super) fn add(&mut self, what: What, text: String) {
        self.0.insert(what, text);
    }

    /// The same, with one more file.
    #[must_use]
    pub fn with(mut self, what: What, text: String) -> Self {
        self.add(what, text);
        self
    }

    /// Every file, sorted.
    pub fn files(&self) -> impl Iterator<Item = (What, &str)> {
        self.0.iter().map(|(what, text)| (*what, text.as_str()))
    }

    /// One file.
    pub fn get(&self, what: What) -> Option<&str> {
        self.0.get(&what).map(String::as_str)
    }

    /// Only the files of `wanted`; all of them when it's empty.
    #[must_use]
    pub fn only(mut self, wanted: &[What]) -> Self {
        if !wanted.is_empty() {
            self.0.retain(|what, _| wanted.contains(what));
        }
        self
    }
}
