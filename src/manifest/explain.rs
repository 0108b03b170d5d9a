//! What in a heroku.yml can't work at Heroku, or is to be watched.
//!
//! Takes the text, and what stands at a path of the project; gives warnings, in the order of the file's sections.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::inspect::{Source, Warning};

use super::NAME;
use super::app_json::is_secret;
use super::read::{self, HOPED};
use super::tree::{Kind, Node};
use super::types::{CommandForm, HerokuYml};

/// What stands at a path of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File,
    /// Nothing, or no file.
    Missing,
    /// It leads out of the project.
    Outside,
}

/// What the warnings are made of.
struct Explanation<'a> {
    root: &'a Node,
    file: &'a HerokuYml,
    warnings: Vec<Warning>,
}

/// Explains a heroku.yml.
///
/// Errors: `manifest/heroku-yml`, when it can't be read.
pub fn explain(text: &str, place: &dyn Fn(&str) -> Place) -> Result<Vec<Warning>> {
    let root = read::parse(text)?;
    let file = read::typed(&root)?;
    let mut it = Explanation {
        root: &root,
        file: &file,
        warnings: Vec::new(),
    };
    it.hoped();
    it.setup();
    it.build(place);
    it.release();
    it.run();
    Ok(it.warnings)
}

impl Explanation<'_> {
    fn warn(&mut self, id: &str, path: &[&str], what: impl Into<String>, todo: impl Into<String>) {
        let source = Source::file(NAME, self.root.line(path));
        self.warnings.push(Warning::new(id, what, todo).at(source));
    }

    /// Keys that are written in hope, and that Heroku passes over.
    fn hoped(&mut self) {
        for (section, key, todo) in HOPED {
            let path: Vec<&str> = [*section, *key]
                .into_iter()
                .filter(|it| !it.is_empty())
                .collect();
            let node = path.iter().try_fold(self.root, |node, name| {
                node.entry(name).map(|(_, value)| value)
            });
            if node.is_some() {
                let what = format!(
                    "`{}` is nothing that Heroku documents, and may do nothing",
                    path.join(".")
                );
                self.warn("manifest/no-effect", &path, what, *todo);
            }
        }
    }

    fn setup(&mut self) {
        for (name, value) in &self.file.setup.config {
            let path = ["setup", "config", name.as_str()];
            if !value.is_empty() && is_secret(name, value) {
                let what = format!("{name} looks like a secret, and this file is in git");
                let todo = format!(
                    "take it out, change it where it came from, and `heroku config:set {name}=…`"
                );
                self.warn("manifest/secret", &path, what, todo);
            }
        }
        for section in ["setup", "build"] {
            for name in self.untyped(section) {
                let path = [section, "config", name.as_str()];
                let what =
                    format!("{name} is no text to YAML, and may reach Heroku in another form");
                self.warn("manifest/untyped", &path, what, "put its value in quotes");
            }
        }
    }

    /// Variables whose values are numbers or truth values to YAML.
    fn untyped(&self, section: &str) -> Vec<String> {
        let config = self
            .root
            .entry(section)
            .and_then(|(_, node)| node.entry("config"));
        let entries = config.iter().flat_map(|(_, node)| node.entries());
        let untyped = entries.filter(|(_, value)| matches!(value.kind, Kind::Other(_)));
        untyped.map(|(key, _)| key.name.clone()).collect()
    }

    fn build(&mut self, place: &dyn Fn(&str) -> Place) {
        if self.file.build.docker.is_empty() {
            let what = "nothing is built: `build.docker` names no Dockerfile";
            self.warn(
                "manifest/no-build",
                &["build"],
                what,
                "write `web: Dockerfile` below it",
            );
        }
        let mut same: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (kind, path) in &self.file.build.docker {
            same.entry(path.trim().trim_start_matches("./"))
                .or_default()
                .push(kind.as_str());
            let at = ["build", "docker", kind.as_str()];
            let shown = path.escape_debug();
            match place(path) {
                Place::Outside => {
                    let what =
                        format!("`{shown}` is not a path of this project: Heroku has nothing else");
                    self.warn(
                        "manifest/outside",
                        &at,
                        what,
                        "name a Dockerfile relative to the project's folder",
                    );
                }
                Place::Missing => {
                    let what = format!(
                        "there is no file `{shown}`, so there is nothing to build `{kind}` from"
                    );
                    self.warn(
                        "manifest/no-dockerfile",
                        &at,
                        what,
                        "write it, commit it, or name another",
                    );
                }
                Place::File => {}
            }
            if let Some((folder, _)) = path.trim().trim_start_matches("./").rsplit_once('/') {
                let what = format!(
                    "`{kind}` is built with the folder `{}` as its context: a COPY finds nothing else",
                    folder.escape_debug()
                );
                let todo = "put the Dockerfile into the project's own folder, if it needs the whole project";
                self.warn("manifest/context", &at, what, todo);
            }
        }
        for kinds in same.values().filter(|kinds| kinds.len() > 1) {
            self.same_dockerfile(kinds);
        }
    }

    /// A Dockerfile's last stage is built, for each of them.
    fn same_dockerfile(&mut self, kinds: &[&str]) {
        let without = |kind: &&&str| !self.file.run.keys().any(|it| it.as_str() == **kind);
        let without: Vec<&str> = kinds.iter().filter(without).copied().collect();
        let first = kinds.first().copied().unwrap_or_default();
        if without.len() > 1 {
            let what = format!(
                "{} are built from one Dockerfile and would all run the same: Heroku builds its last stage",
                without.join(" and ")
            );
            let todo = format!(
                "build `{first}` alone, and write the others below `run` with `image: {first}`"
            );
            self.warn("manifest/same-command", &["build", "docker"], what, todo);
        } else {
            let what = format!(
                "{} are built from one Dockerfile, once for each",
                kinds.join(" and ")
            );
            let todo = format!(
                "build `{first}` alone, and write the others below `run` with `image: {first}`"
            );
            self.warn("manifest/built-twice", &["build", "docker"], what, todo);
        }
    }

    fn release(&mut self) {
        let Some(release) = &self.file.release else {
            return;
        };
        match &release.image {
            Some(image) if self.file.build.docker.contains_key(image) => {}
            Some(image) => {
                let what = format!(
                    "`release` runs in the image `{image}`, which `build.docker` doesn't build"
                );
                self.warn(
                    "manifest/not-built",
                    &["release", "image"],
                    what,
                    self.built(),
                );
            }
            None => {
                let what = "`release` doesn't say in which image it runs";
                self.warn("manifest/not-built", &["release"], what, self.built());
            }
        }
        self.several(&["release", "command"], &release.command);
    }

    fn run(&mut self) {
        for (kind, run) in &self.file.run {
            let at = ["run", kind.as_str()];
            let built = |it| self.file.build.docker.contains_key(it);
            match &run.image {
                Some(image) if !built(image) => {
                    let what = format!(
                        "`{kind}` runs in the image `{image}`, which `build.docker` doesn't build"
                    );
                    self.warn(
                        "manifest/not-built",
                        &["run", kind.as_str(), "image"],
                        what,
                        self.built(),
                    );
                }
                None if !built(kind) => {
                    let what = format!(
                        "`{kind}` has no image: `build.docker` doesn't build one of that name"
                    );
                    self.warn("manifest/not-built", &at, what, self.built());
                }
                _ => {}
            }
            self.several(&at, &run.command);
        }
        if self.file.run.len() > 1 || self.file.run.values().any(|it| it.image.is_some()) {
            let what =
                "a Private Space passes over `run`: there each image starts by its own `CMD`";
            let todo = "leave it, if the app is in no Private Space; `nixdyno deploy` makes an image for each process";
            self.warn("manifest/private-space", &["run"], what, todo);
        }
    }

    fn built(&self) -> String {
        let mut names = self.file.build.docker.keys().map(ToString::to_string);
        match names.next() {
            Some(first) => format!("write `image: {first}`, or build it"),
            None => "build it: `web: Dockerfile` below `build.docker`".to_owned(),
        }
    }

    fn several(&mut self, path: &[&str], command: &CommandForm) {
        if let CommandForm::List(items) = command
            && items.len() > 1
        {
            let what = format!(
                "the command of `{}` is a list of {}: how Heroku runs that is not documented",
                path.join("."),
                items.len()
            );
            self.warn(
                "manifest/several-commands",
                path,
                what,
                "write one command, its parts joined by `&&`",
            );
        }
    }
}
