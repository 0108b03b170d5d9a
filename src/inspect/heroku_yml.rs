//! Reads `heroku.yml`: the processes it runs, and what it asks of Heroku beside.
//!
//! Takes the file's text; gives process types with their commands and lines. The shape is the documented one
//! (<https://devcenter.heroku.com/articles/build-docker-images-heroku-yml>). Never: a guess at what an
//! undocumented shape means, an alias followed (so no file grows while it is read), a panic.

mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_saphyr::Spanned;

use crate::error::{Error, Result};
use crate::names::ProcessType;

use super::files;
use super::project::{Declared, Source, Warning};
use yaml::{Yaml, options};

const NAME: &str = "heroku.yml";
/// A heroku.yml of a large app has a kilobyte.
const MOST_BYTES: usize = 20_000;
const SECTIONS: &[&str] = &["build", "release", "run", "setup"];

/// What a heroku.yml says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HerokuYml {
    /// Commands of `run`, and of `release` under that name.
    pub(super) processes: BTreeMap<ProcessType, Declared>,
    /// Whether it has a `run` section with processes: that takes the place of a Procfile.
    pub(super) runs: bool,
    /// What `build.docker` builds an image of.
    images: BTreeSet<String>,
    pub(super) warnings: Vec<Warning>,
}

/// Reads `dir/heroku.yml`; `None` without that file.
pub(super) fn read(dir: &Path) -> Result<Option<HerokuYml>> {
    let text = files::read(dir, Path::new(NAME))?;
    text.map(|text| parse(&text)).transpose()
}

/// Parses the text of a heroku.yml.
pub(super) fn parse(text: &str) -> Result<HerokuYml> {
    if text.len() > MOST_BYTES {
        let what = format!("it has more than {} kB", MOST_BYTES / 1000);
        return Err(refuse(1, &what, "move long commands into scripts"));
    }
    // An empty file, or one of comments, says nothing.
    if text
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
    {
        return Ok(HerokuYml::default());
    }
    let root: Spanned<Yaml> =
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| not_yaml(&error))?;
    let sections = entries(&root, "the file")?;
    let mut read = HerokuYml {
        images: images(sections),
        ..HerokuYml::default()
    };
    for (name, section) in sections {
        match name.value.as_str() {
            "run" => read.run(section)?,
            // Of what Heroku builds and sets up nothing is read, and so nothing can be wrong.
            "release" | "build" | "setup" => {}
            other => {
                let what = format!(
                    "`{}` is no section of heroku.yml: Heroku knows {}",
                    other.escape_debug(),
                    SECTIONS.join(", ")
                );
                let todo = match SECTIONS
                    .iter()
                    .find(|it| strsim::damerau_levenshtein(it, other) <= 2)
                {
                    Some(near) => format!("write `{near}`, or remove it"),
                    None => "remove it, or move it into the section it belongs to".to_owned(),
                };
                let source = Source::file(NAME, line(name));
                read.warnings
                    .push(Warning::new("inspect/heroku-yml", what, todo).at(source));
            }
        }
    }
    // After `run`, wherever it stands: the section of its own is the documented one.
    if let Some((_, section)) = sections.iter().find(|(name, _)| name.value == "release") {
        read.release(section)?;
    }
    Ok(read)
}

impl HerokuYml {
    /// `run`: a command, or a set with `command` and `image`, for each process type.
    fn run(&mut self, section: &Spanned<Yaml>) -> Result<()> {
        for (name, process) in entries(section, "`run`")? {
            let Ok(kind) = name.value.parse::<ProcessType>() else {
                let what = format!(
                    "`{}` is not a name for a process type",
                    name.value.escape_debug()
                );
                let todo = "use letters, digits, `-` and `_`, such as `web` or `worker`";
                return Err(refuse(line(name), &what, todo));
            };
            let place = format!("`run.{}`", name.value);
            match &process.value {
                Yaml::Map(_) => self.long(&kind, process, &place)?,
                _ => self.process(&kind, process, &place)?,
            }
            if !self.processes.contains_key(&kind) {
                let what = format!("{place} has no command");
                let todo = format!(
                    "write what starts it: `{}: command`, or remove the line",
                    name.value
                );
                return Err(refuse(line(name), &what, &todo));
            }
            self.runs = true;
        }
        Ok(())
    }

    /// `release`: always the long form; without `command` there is nothing to run.
    fn release(&mut self, section: &Spanned<Yaml>) -> Result<()> {
        let kind: ProcessType = "release".parse()?;
        let written_before = self.processes.contains_key(&kind);
        self.long(&kind, section, "`release`")?;
        if !self.processes.contains_key(&kind) {
            let todo = "write `command:` with what to run, or remove the section";
            return Err(refuse(line(section), "`release` has no command", todo));
        }
        if written_before {
            let what = "`release` stands in `run`, too; the section of its own counts";
            let source = Source::file(NAME, line(section));
            self.warnings.push(
                Warning::new("inspect/heroku-yml", what, "remove `release` from `run`").at(source),
            );
        }
        Ok(())
    }

    /// `{ command: …, image: … }`
    fn long(&mut self, kind: &ProcessType, set: &Spanned<Yaml>, place: &str) -> Result<()> {
        for (key, value) in entries(set, place)? {
            match key.value.as_str() {
                "command" => self.process(kind, value, &format!("the command of {place}"))?,
                "image" => {
                    let image = text(value, &format!("the image of {place}"))?;
                    // A release phase has no image of its own.
                    if image != kind.as_str() && !kind.is_release() {
                        self.image(image, line(value), place);
                    }
                }
                other => {
                    let what = format!(
                        "`{}` in {place} is neither `command` nor `image`",
                        other.escape_debug()
                    );
                    let source = Source::file(NAME, line(key));
                    self.warnings.push(
                        Warning::new(
                            "inspect/heroku-yml",
                            what,
                            "remove it: Heroku does not know it",
                        )
                        .at(source),
                    );
                }
            }
        }
        Ok(())
    }

    /// The images that nixdyno builds have one root, so which of them runs a process makes no difference.
    fn image(&mut self, image: &str, line: u32, place: &str) {
        if self.images.contains(image) {
            return;
        }
        let what = format!(
            "{place} runs in the image of `{}`, which `build.docker` does not have",
            image.escape_debug()
        );
        let todo = match self.images.first() {
            Some(built) => format!("name one that it has, such as `{}`", built.escape_debug()),
            None => "remove `image`: each process gets an image of its own".to_owned(),
        };
        let source = Source::file(NAME, line);
        let warning = Warning::new("inspect/heroku-yml", what, todo).at(source);
        self.warnings.push(warning);
    }

    fn process(&mut self, kind: &ProcessType, value: &Spanned<Yaml>, place: &str) -> Result<()> {
        let command = command(value, place)?;
        let source = Source::file(NAME, line(value));
        let declared = Declared {
            value: command,
            source,
            attribute: None,
            missing: false,
        };
        self.processes.insert(kind.clone(), declared);
        Ok(())
    }
}

/// The names under `build.docker`; what has another shape has none.
fn images(sections: &[(Spanned<String>, Spanned<Yaml>)]) -> BTreeSet<String> {
    let docker = sections
        .iter()
        .filter(|(name, _)| name.value == "build")
        .flat_map(|(_, build)| entries(build, "`build`").unwrap_or_default())
        .filter(|(key, _)| key.value == "docker");
    docker
        .flat_map(|(_, docker)| entries(docker, "`build.docker`").unwrap_or_default())
        .map(|(name, _)| name.value.clone())
        .collect()
}

/// A command: a text, or a list. The words of one command may stand in a list, or one command as its only item.
fn command(value: &Spanned<Yaml>, place: &str) -> Result<String> {
    let command = match &value.value {
        Yaml::Null => {
            return Err(refuse(
                line(value),
                &format!("{place} has no command"),
                "write what starts it",
            ));
        }
        Yaml::List(items) => {
            let items: Vec<&str> = items
                .iter()
                .map(|it| text(it, place))
                .collect::<Result<_>>()?;
            match items.as_slice() {
                [one] => (*one).to_owned(),
                items if items.iter().any(|it| it.contains(char::is_whitespace)) => {
                    let what = format!("{place} is a list of several commands");
                    let todo =
                        format!("write one command: `{}`", items.join(" && ").escape_debug());
                    return Err(refuse(line(value), &what, &todo)
                        .because("how Heroku runs several is not documented"));
                }
                words => shlex::try_join(words.iter().copied()).unwrap_or_default(),
            }
        }
        _ => text(value, place)?.to_owned(),
    };
    // A text over several lines is a script of several lines for the shell: one command line is what runs.
    let command = command.trim();
    if command.is_empty() {
        return Err(refuse(
            line(value),
            &format!("{place} is empty"),
            "write what starts it",
        ));
    }
    if command.chars().any(|c| c.is_control() && c != '\t') {
        let todo = "write the command in one line of plain text; join several with `&&`";
        return Err(refuse(
            line(value),
            &format!("{place} holds a line break or another control character"),
            todo,
        ));
    }
    Ok(command.to_owned())
}

/// The entries of a set; nothing at all is an empty set.
fn entries<'a>(
    value: &'a Spanned<Yaml>,
    place: &str,
) -> Result<&'a [(Spanned<String>, Spanned<Yaml>)]> {
    match &value.value {
        Yaml::Map(entries) => Ok(entries),
        Yaml::Null => Ok(&[]),
        _ => Err(shape(
            value,
            place,
            "a set",
            "write `name: value` lines, two spaces in",
        )),
    }
}

fn text<'a>(value: &'a Spanned<Yaml>, place: &str) -> Result<&'a str> {
    match &value.value {
        Yaml::Text(text) => Ok(text),
        _ => Err(shape(
            value,
            place,
            "a text",
            "write it in one line, in quotes if it looks like something else",
        )),
    }
}

fn line<T>(value: &Spanned<T>) -> u32 {
    u32::try_from(value.referenced.line())
        .unwrap_or(u32::MAX)
        .max(1)
}

fn shape(value: &Spanned<Yaml>, place: &str, wanted: &str, todo: &str) -> Error {
    let got = match value.value {
        Yaml::Null => "nothing",
        Yaml::Text(_) => "a text",
        Yaml::List(_) => "a list",
        Yaml::Map(_) => "a set",
    };
    refuse(
        line(value),
        &format!("{place} is {got}, not {wanted}"),
        todo,
    )
}

fn not_yaml(error: &serde_saphyr::Error) -> Error {
    let line = error
        .location()
        .and_then(|it| u32::try_from(it.line()).ok());
    let line = line.unwrap_or(1).max(1);
    let message = error.to_string();
    if message.starts_with("budget breached") {
        let what = "it uses aliases (`*name`), holds several documents, or is nested too deeply";
        return refuse(
            line,
            what,
            "write each value where it counts, in one plain document",
        );
    }
    let first = message.lines().next().unwrap_or_default();
    let first: String = first
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    let todo = "mend it; a line's place in a set is told by its spaces, never by tabs";
    refuse(line, "it is not plain YAML", todo).detail([first])
}

fn refuse(line: u32, what: &str, todo: &str) -> Error {
    let what = format!("heroku.yml can't be read: {what}");
    Error::user("inspect/heroku-yml", what, todo)
        .at(format!("{NAME}:{line}"))
        .because("its `run` and `release` say which processes the app has")
}

#[cfg(test)]
mod tests;
