//! heroku.yml: typed, read, written, explained, and brought in line with a plan.
//!
//! Takes a [`Plan`] and the texts of a project's heroku.yml and app.json; gives the text of a heroku.yml, what was
//! done, and what can't work at Heroku. What stands already and is right stays as it is, to the byte. Never: a file
//! written, an alias followed, the value of a secret written down.
//!
//! The forms are those of <https://devcenter.heroku.com/articles/build-docker-images-heroku-yml>.

mod app_json;
mod edit;
mod explain;
mod merge;
mod read;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod write;

pub use app_json::AppJson;
pub use explain::{Place, explain};
pub use read::read;
pub use types::{Addon, Build, CommandForm, HerokuYml, Release, Run, Setup};
pub(crate) use write::scalar;
pub use write::write;

use std::path::Path;

use crate::error::{Error, Result};
use crate::files;
use crate::inspect::Warning;
use crate::plan::{BaseFamily, Plan};

/// Where it lies.
pub const NAME: &str = "heroku.yml";
/// Where an app says the same for buildpacks.
pub const APP_JSON: &str = "app.json";
/// An app.json of a large app has a few kilobytes.
const MOST_APP_JSON: u64 = 100_000;

/// The files of a project that have to do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The text of its heroku.yml.
    pub heroku_yml: Option<String>,
    /// The text of its app.json.
    pub app_json: Option<String>,
    /// Whether it has a Procfile.
    pub procfile: bool,
}

impl Found {
    /// Reads them.
    ///
    /// Errors: `manifest/unreadable`; `manifest/outside`, because what lies there would be shown.
    pub fn read(dir: &Path) -> Result<Self> {
        Ok(Found {
            heroku_yml: text(dir, NAME, read::MOST_BYTES as u64)?,
            app_json: text(dir, APP_JSON, MOST_APP_JSON)?,
            procfile: dir.join("Procfile").is_file(),
        })
    }
}

/// What stands at a path that heroku.yml names. Our own Dockerfile is there, or comes along.
pub fn place(dir: &Path, plan: &Plan, path: &str) -> Place {
    let below = path.trim().parse::<crate::names::ProjectPath>();
    let Ok(below) = below else {
        return Place::Outside;
    };
    let ours = below.as_str().trim_start_matches("./") == "Dockerfile";
    let path = dir.join(below.as_str());
    if files::leads_out(dir, &path) {
        Place::Outside
    } else if path.is_file() || (ours && plan.dockerfile.is_none()) {
        Place::File
    } else {
        Place::Missing
    }
}

/// A file of the project that isn't a link out of it.
fn text(dir: &Path, name: &str, most: u64) -> Result<Option<String>> {
    let path = dir.join(name);
    if files::leads_out(dir, &path) {
        let what = format!("`{name}` is a link that leads out of the project");
        let todo = format!("put a copy of the file in its place: `{name}`");
        return Err(Error::user("manifest/outside", what, todo)
            .because("only files of the project itself are read"));
    }
    match files::read_text(&path, most) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(_) => {
            let what = format!("`{name}` is not a text file of at most {} kB", most / 1000);
            let todo = "make it one, or move it away";
            Err(Error::user("manifest/unreadable", what, todo).at(name))
        }
    }
}

/// How the text came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// There was none.
    New,
    /// It was right: the same bytes.
    Kept,
    /// Some lines of it were changed or added; all others are the same bytes.
    Edited,
    /// The whole was written anew. Comments and what Heroku doesn't know are gone, if there were any.
    Whole {
        /// Why it could not be edited; nothing where no comment was lost.
        why: Option<&'static str>,
    },
}

/// A heroku.yml for a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its text.
    pub text: String,
    /// How that came to be.
    pub how: How,
    /// What can't work, or is to be watched.
    pub warnings: Vec<Warning>,
    /// What app.json has that heroku.yml has no place for, and what was left out on purpose.
    pub notes: Vec<String>,
}

/// Brings heroku.yml in line with a plan. `head` are the comments that a new file starts with; `mark` tells a file
/// that nixdyno wrote; `place` tells what is at a path of the project.
///
/// Errors: `manifest/heroku-yml`, `manifest/app-json` (they can't be read); `manifest/mounts` (Heroku's builder can't
/// do what the plan needs).
pub fn manifest(
    plan: &Plan,
    found: &Found,
    head: &str,
    mark: &str,
    place: &dyn Fn(&str) -> Place,
) -> Result<Manifest> {
    if plan.dockerfile.is_none() {
        buildable(plan)?;
    }
    let old = found.heroku_yml.as_deref();
    let before = old.map(read).transpose()?.unwrap_or_default();
    let app_json = found.app_json.as_deref().map(AppJson::read).transpose()?;
    let app_json = app_json.unwrap_or_default();
    let (after, mut notes) = merge::merge(&before, plan, &app_json);
    if found.procfile && !after.run.is_empty() {
        let note = "the Procfile counts no longer: where heroku.yml has `run`, Heroku and nixdyno read that";
        notes.push(note.to_owned());
    }
    let whole = || format!("{head}{}", write(&after));
    let (text, how) = match old {
        None => (whole(), How::New),
        Some(old) if before == after => (old.to_owned(), How::Kept),
        // As nixdyno wrote it: nothing of a person's is in it, and the first lines are to be true.
        Some(old) if old.starts_with(mark) && body(old) == write(&before) => {
            (whole(), How::Whole { why: None })
        }
        Some(old) => match edit::edit(old, &before, &after) {
            Ok(text) => (text, How::Edited),
            Err(why) => (whole(), How::Whole { why: Some(why) }),
        },
    };
    let mut warnings = explain(&text, place)?;
    warnings.extend(merge::elsewhere(&after, plan).map(|(kind, image)| {
        let what = format!(
            "`{kind}` runs in the image `{image}`, which another Dockerfile builds: nixdyno leaves that as it is"
        );
        let todo = format!("take out `{image}` below `build.docker`, if the plan's image is to be it");
        Warning::new("manifest/other-dockerfile", what, todo)
    }));
    warnings.extend(local_base(plan));
    Ok(Manifest {
        text,
        how,
        warnings,
        notes,
    })
}

/// A file without the comments that it starts with.
fn body(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

/// Refuses a plan whose build needs what Heroku's builder can't have.
///
/// Errors: `manifest/mounts`.
pub fn buildable(plan: &Plan) -> Result<()> {
    if !plan.caches.needs_buildkit() {
        return Ok(());
    }
    let mut needs: Vec<String> = plan
        .caches
        .mounted()
        .map(|(kind, _)| format!("the secret `{kind}`"))
        .collect();
    if plan.caches.ssh {
        needs.push("your ssh agent".to_owned());
    }
    if plan.caches.cache_mounts {
        needs.push("a cache that outlives a build".to_owned());
    }
    let what = format!(
        "the build needs {}, and Heroku's own builds can't have that",
        needs.join(" and ")
    );
    let todo = "build here: `nixdyno deploy` needs no heroku.yml";
    let error = Error::user("manifest/mounts", what, todo)
        .because("Heroku builds an image without BuildKit: no secret, no agent and no cache gets in")
        .or("send what was built to a public binary cache, `nixdyno cache push --to URL`, and name that with `--substituter` in place of the secret");
    Err(error)
}

/// An image that was made here and is in no registry.
fn local_base(plan: &Plan) -> Option<Warning> {
    let image = plan.base.image.as_str();
    let local = plan.base.family == BaseFamily::Nixpkgs && image.starts_with("nixdyno/");
    (local && plan.dockerfile.is_none()).then(|| {
        let what = format!("the build starts from {image}, which is on this machine only");
        let todo = "leave out `--base`, or push it to a public registry and name it there";
        Warning::new("manifest/local-base", what, todo)
    })
}
