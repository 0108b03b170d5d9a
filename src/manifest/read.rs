//! From the text of a heroku.yml to its types.
//!
//! What Heroku doesn't know is an error with its line and column, but for what people write in hope of it
//! ([`HOPED`]): that is only told by [`super::explain`].

use std::collections::BTreeMap;

use crate::error::{Error, Result, near_misses};
use crate::names::ProcessType;

use super::NAME;
use super::tree::{At, Key, Kind, Node};
use super::types::{Addon, Build, CommandForm, HerokuYml, Release, Run, Setup};

/// A heroku.yml of a large app has a kilobyte.
pub(super) const MOST_BYTES: usize = 20_000;
/// Names of variables are shorter than that.
const LONGEST_NAME: usize = 256;

/// The keys of each section that has fixed ones.
const KEYS: &[(&str, &[&str])] = &[
    ("", &["build", "release", "run", "setup"]),
    ("setup", &["addons", "config"]),
    ("setup.addons", &["as", "plan"]),
    ("build", &["config", "docker"]),
    ("release", &["command", "image"]),
    ("run", &["command", "image"]),
];

/// Keys of a section that Heroku has no use for, though people write them; what to do in place of it.
pub(super) const HOPED: &[(&str, &str, &str)] = &[
    (
        "",
        "stack",
        "set it on the app: `heroku stack:set container`",
    ),
    ("", "version", "leave it out"),
    ("", "formation", "scale the app: `heroku ps:scale web=1`"),
    (
        "build",
        "languages",
        "leave it out: with `docker` nothing else is built",
    ),
    (
        "build",
        "target",
        "put the stage last in a Dockerfile of its own: the last one is what is built",
    ),
    (
        "build",
        "context",
        "put the Dockerfile into that folder: its own folder is the context",
    ),
    ("build", "args", "write it as `config`"),
    (
        "build",
        "cache",
        "leave it out: a build at Heroku can't count on an earlier one",
    ),
    (
        "build",
        "platform",
        "leave it out: Heroku builds for linux/amd64",
    ),
];

/// Reads a heroku.yml.
///
/// Errors: `manifest/heroku-yml`, with line and column.
pub fn read(text: &str) -> Result<HerokuYml> {
    typed(&parse(text)?)
}

pub(super) fn parse(text: &str) -> Result<Node> {
    if text.len() > MOST_BYTES {
        let what = format!("it has more than {} kB", MOST_BYTES / 1000);
        return Err(refuse(At::START, &what, "move long commands into scripts"));
    }
    Node::parse(text).map_err(|error| not_yaml(&error))
}

pub(super) fn typed(root: &Node) -> Result<HerokuYml> {
    let sections = fixed(root, "", "the file")?;
    let get = |name: &str| sections.get(name).copied();
    Ok(HerokuYml {
        setup: get("setup").map(setup).transpose()?.unwrap_or_default(),
        build: get("build").map(build).transpose()?.unwrap_or_default(),
        release: get("release").map(release).transpose()?.flatten(),
        run: get("run").map(run).transpose()?.unwrap_or_default(),
    })
}

fn setup(node: &Node) -> Result<Setup> {
    let parts = fixed(node, "setup", "`setup`")?;
    let addons = match parts.get("addons").map(|it| (&it.kind, *it)) {
        None | Some((Kind::Null, _)) => Vec::new(),
        Some((Kind::List(items), _)) => items.iter().map(addon).collect::<Result<_>>()?,
        Some((_, node)) => {
            let todo = "write each as `- plan: NAME`, below `addons:`";
            return Err(shape(node, "`setup.addons`", "a list", todo));
        }
    };
    let config = parts.get("config").copied();
    Ok(Setup {
        addons,
        config: variables(config, "setup.config")?,
    })
}

fn addon(node: &Node) -> Result<Addon> {
    // Heroku's own command takes sets only.
    if let Kind::Text(plan) = &node.kind {
        let what = format!("the add-on `{}` is a text, not a set", plan.escape_debug());
        let todo = format!("write `- plan: {}`", plan.escape_debug());
        return Err(refuse(node.at, &what, &todo));
    }
    let parts = fixed(node, "setup.addons", "an add-on")?;
    let Some(plan) = parts.get("plan") else {
        return Err(refuse(
            node.at,
            "an add-on has no `plan`",
            "write which: `plan: heroku-postgresql`",
        ));
    };
    let attachment = parts.get("as").filter(|it| it.kind != Kind::Null);
    Ok(Addon {
        plan: word(plan, "the `plan` of an add-on")?,
        attachment: attachment
            .map(|it| word(it, "the `as` of an add-on"))
            .transpose()?,
    })
}

fn build(node: &Node) -> Result<Build> {
    let parts = fixed(node, "build", "`build`")?;
    let mut docker = BTreeMap::new();
    for (key, value) in entries(parts.get("docker").copied(), "`build.docker`")? {
        let path = word(
            value,
            &format!("`build.docker.{}`", key.name.escape_debug()),
        )?;
        docker.insert(process(key)?, path);
    }
    let config = parts.get("config").copied();
    Ok(Build {
        docker,
        config: variables(config, "build.config")?,
    })
}

fn release(node: &Node) -> Result<Option<Release>> {
    let parts = fixed(node, "release", "`release`")?;
    if parts.is_empty() {
        return Ok(None);
    }
    let Some(value) = parts.get("command") else {
        let todo = "write `command:` with what to run, or remove the section";
        return Err(refuse(node.at, "`release` has no command", todo));
    };
    Ok(Some(Release {
        image: image(parts.get("image").copied(), "`release.image`")?,
        command: command(value, "`release`")?,
    }))
}

fn run(node: &Node) -> Result<BTreeMap<ProcessType, Run>> {
    let mut run = BTreeMap::new();
    for (key, value) in entries(Some(node), "`run`")? {
        let kind = process(key)?;
        let place = format!("`run.{kind}`");
        let read = if matches!(value.kind, Kind::Map(_)) {
            let parts = fixed(value, "run", &place)?;
            let Some(what) = parts.get("command") else {
                let todo = "write what starts it: `command:`";
                return Err(refuse(key.at, &format!("{place} has no command"), todo));
            };
            Run {
                command: command(what, &place)?,
                image: image(
                    parts.get("image").copied(),
                    &format!("the image of {place}"),
                )?,
            }
        } else {
            Run {
                command: command(value, &place)?,
                image: None,
            }
        };
        run.insert(kind, read);
    }
    Ok(run)
}

fn image(node: Option<&Node>, place: &str) -> Result<Option<ProcessType>> {
    let Some(node) = node.filter(|it| it.kind != Kind::Null) else {
        return Ok(None);
    };
    let text = word(node, place)?;
    text.parse().map(Some).map_err(|_| {
        let what = format!(
            "{place} is `{}`, which is no image's name",
            text.escape_debug()
        );
        let todo =
            "name one of those in `build.docker`, such as `web`: it is no path and has no tag";
        refuse(node.at, &what, todo)
    })
}

fn command(node: &Node, place: &str) -> Result<CommandForm> {
    let form = match &node.kind {
        Kind::List(items) => CommandForm::List(
            items
                .iter()
                .map(|it| text(it, &format!("an item of the command of {place}")))
                .collect::<Result<_>>()?,
        ),
        _ => CommandForm::Line(text(node, &format!("the command of {place}"))?),
    };
    let empty = match &form {
        CommandForm::Line(line) => line.trim().is_empty(),
        CommandForm::List(items) => items.iter().all(|it| it.trim().is_empty()),
    };
    if empty {
        let what = format!("the command of {place} is empty");
        return Err(refuse(node.at, &what, "write what starts it"));
    }
    Ok(form)
}

/// Names and values of variables.
fn variables(node: Option<&Node>, place: &str) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    for (key, value) in entries(node, &format!("`{place}`"))? {
        if !is_variable(&key.name) {
            let what = format!(
                "`{}` in `{place}` is not a variable's name",
                key.name.escape_debug()
            );
            return Err(refuse(
                key.at,
                &what,
                "use letters, digits and `_`, and no digit first",
            ));
        }
        // Nothing there is an empty text.
        let value = match value.kind {
            Kind::Null => String::new(),
            _ => text(value, &format!("`{place}.{}`", key.name))?,
        };
        variables.insert(key.name.clone(), value);
    }
    Ok(variables)
}

pub(super) fn is_variable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (1..=LONGEST_NAME).contains(&name.len())
        && name.chars().all(plain)
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn process(key: &Key) -> Result<ProcessType> {
    key.name.parse().map_err(|_| {
        let what = format!(
            "`{}` is not a name for a process type",
            key.name.escape_debug()
        );
        refuse(
            key.at,
            &what,
            "use letters, digits, `-` and `_`, such as `web` or `worker`",
        )
    })
}

/// The parts of a set whose keys are fixed, by their names.
fn fixed<'a>(node: &'a Node, section: &str, place: &str) -> Result<BTreeMap<&'a str, &'a Node>> {
    let known = KEYS.iter().find(|(name, _)| *name == section);
    let known = known.map_or(&[] as &[&str], |(_, keys)| keys);
    let mut parts = BTreeMap::new();
    for (key, value) in entries(Some(node), place)? {
        let name = key.name.as_str();
        if known.contains(&name) {
            parts.insert(name, value);
        } else if !HOPED
            .iter()
            .any(|(of, hoped, _)| *of == section && *hoped == name)
        {
            return Err(unknown(key, known, place));
        }
    }
    Ok(parts)
}

fn unknown(key: &Key, known: &[&'static str], place: &str) -> Error {
    let name = key.name.escape_debug().to_string();
    let what = format!("`{name}` is nothing that Heroku knows in {place}");
    let near = near_misses(&key.name, known.iter().copied());
    let todo = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("remove it: there may be {}", known.join(", ")),
    };
    refuse(key.at, &what, &todo)
}

/// The entries of a set; nothing at all is an empty set.
fn entries<'a>(node: Option<&'a Node>, place: &str) -> Result<&'a [(Key, Node)]> {
    match node.map(|it| (&it.kind, it)) {
        None | Some((Kind::Null, _)) => Ok(&[]),
        Some((Kind::Map(entries), _)) => Ok(entries),
        Some((_, node)) => {
            let todo = "write `name: value` lines, two spaces in";
            Err(shape(node, place, "a set", todo))
        }
    }
}

/// A text, or what else stands in one word, as it is written.
fn text(node: &Node, place: &str) -> Result<String> {
    match &node.kind {
        Kind::Text(text) | Kind::Other(text) => Ok(text.clone()),
        _ => {
            let todo = "write it in one line, in quotes if it looks like something else";
            Err(shape(node, place, "a text", todo))
        }
    }
}

/// A text that isn't empty.
fn word(node: &Node, place: &str) -> Result<String> {
    let text = text(node, place)?;
    if text.trim().is_empty() {
        return Err(refuse(
            node.at,
            &format!("{place} is empty"),
            "write its value",
        ));
    }
    Ok(text)
}

fn shape(node: &Node, place: &str, wanted: &str, todo: &str) -> Error {
    let got = match node.kind {
        Kind::Null => "nothing",
        Kind::Text(_) | Kind::Other(_) => "a text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a set",
    };
    refuse(node.at, &format!("{place} is {got}, not {wanted}"), todo)
}

fn not_yaml(error: &serde_saphyr::Error) -> Error {
    let at = error.location().map_or(At::START, |it| At::of(&it));
    let message = error.to_string();
    if message.starts_with("budget breached") {
        let what = "it uses aliases (`*name`), holds several documents, or is nested too deeply";
        return refuse(
            at,
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
    refuse(at, "it is not plain YAML", todo).detail([first])
}

fn refuse(at: At, what: &str, todo: &str) -> Error {
    let what = format!("heroku.yml can't be read: {what}");
    Error::user("manifest/heroku-yml", what, todo).at(format!("{NAME}:{}:{}", at.line, at.column))
}
