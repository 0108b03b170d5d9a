//! `nixdyno generate`: writes the files, or checks that they are what would be written.

mod ci;

use std::process::ExitCode;

use serde_json::json;

use crate::cli::{GenerateArgs, Wanted};
use crate::error::Result;
use crate::manifest::{Found, How, Manifest, place};
use crate::plan::Plan;
use crate::render::{
    Bundle, Seen, State, What, drift, heroku_yml, render, state, would_write, write,
};

use super::Session;
use ci::{checked, file_of, no_platform, not_for_ci, with_ci};

pub(super) fn run(session: &Session, args: &GenerateArgs) -> Result<ExitCode> {
    let what = what(session, args)?;
    // heroku.yml names whichever Dockerfile it is, and CI builds whichever.
    let any = |it: &What| matches!(it, What::HerokuYml | What::Ci(_));
    if what.is_empty() || !what.iter().all(any) {
        super::no_own_dockerfile(session, "what is written is nixdyno's own Dockerfile")?;
    }
    let plan = session.plan()?;
    let bundle = bundle(session, &plan, args, &what)?;
    let bundle = if args.check {
        with_ours(session, &plan, &what, bundle)?
    } else {
        bundle
    };
    if args.stdout {
        return print(session, &bundle);
    }
    if args.check {
        return check(session, &bundle);
    }
    let dir = &session.settings.dir;
    if session.settings.dry_run {
        return dry_run(session, &bundle);
    }
    let seen = Seen::look(dir, &bundle)?;
    let overwrite = session.settings.yes || agreed(session, &bundle, &seen)?;
    let outcomes = write(dir, &bundle, &seen, overwrite)?;
    session.ui.json(&json!({ "files": outcomes }))?;
    for outcome in &outcomes {
        let word = if outcome.written {
            "wrote"
        } else {
            "unchanged:"
        };
        session.ui.answer(format!("{word} {}", outcome.path));
    }
    Ok(ExitCode::SUCCESS)
}

/// The kinds of file that were asked for.
///
/// Errors: `cli/no-platform`, `cli/not-for-ci`; as [`state`].
fn what(session: &Session, args: &GenerateArgs) -> Result<Vec<What>> {
    let asked = args.what.contains(&Wanted::Ci);
    let file = match (asked, args.platform) {
        (true, Some(platform)) => Some(file_of(session, platform)?),
        (true, None) => return Err(no_platform()),
        (false, Some(platform)) => return Err(not_for_ci(platform)),
        (false, None) => None,
    };
    let what = args.what.iter().filter_map(|it| match it {
        Wanted::Dockerfile => Some(What::Dockerfile),
        Wanted::Dockerignore => Some(What::Dockerignore),
        Wanted::HerokuYml => Some(What::HerokuYml),
        Wanted::Ci => file.map(What::Ci),
    });
    Ok(what.collect())
}

/// To check, the files of nixdyno's that are there come along where nothing is named, and with the file for CI: its
/// own command then stays the same whichever of them are written, or not yet.
fn with_ours(session: &Session, plan: &Plan, asked: &[What], bundle: Bundle) -> Result<Bundle> {
    let is_ci = |it: &What| matches!(it, What::Ci(_));
    if !asked.is_empty() && !asked.iter().any(is_ci) {
        return Ok(bundle);
    }
    let rendered = render(plan)?;
    let mut bundle = bundle;
    for what in checked(session, plan)? {
        if bundle.get(what).is_some() {
            continue;
        }
        if what == What::HerokuYml {
            bundle = bundle.with(what, manifest(session, plan)?.text);
        } else if let Some(text) = rendered.get(what) {
            bundle = bundle.with(what, text.to_owned());
        }
    }
    Ok(bundle)
}

fn manifest(session: &Session, plan: &Plan) -> Result<Manifest> {
    let dir = &session.settings.dir;
    let found = Found::read(dir)?;
    heroku_yml(plan, &found, &|path| place(dir, plan, path))
}

/// What Heroku's own builds are known to be like.
const BUILDS: &[&str] = &[
    "Heroku builds what `git push` brings: commit heroku.yml, the Dockerfile and .dockerignore",
    "its builds can't count on an earlier one, have a time limit and take a checkout of 1 GB at most: where Nix has much to build, send it to a binary cache first (`nixdyno cache push --to URL`)",
];

/// The files that were asked for, and with heroku.yml what it points to, where that isn't there.
fn bundle(session: &Session, plan: &Plan, args: &GenerateArgs, asked: &[What]) -> Result<Bundle> {
    let mut bundle = render(plan)?;
    for what in asked {
        if let What::Ci(file) = what {
            bundle = with_ci(session, plan, args, *file, bundle)?;
        }
    }
    if !asked.contains(&What::HerokuYml) {
        return Ok(bundle.only(asked));
    }
    let dir = &session.settings.dir;
    let manifest = manifest(session, plan)?;
    let mut what = asked.to_vec();
    if plan.dockerfile.is_none() && !args.stdout {
        for needed in [What::Dockerfile, What::Dockerignore] {
            let text = bundle.get(needed).unwrap_or_default();
            let path = needed.path().display();
            match state(dir, needed, text)? {
                _ if what.contains(&needed) => {}
                State::Missing => {
                    session.ui.note(&format!(
                        "{path} is not there, and Heroku builds with it: it comes along"
                    ));
                    what.push(needed);
                }
                State::Changed | State::Foreign if needed == What::Dockerfile => {
                    session.ui.note(&format!("{path} is not what nixdyno would write: it stays, and Heroku builds it as it is"));
                }
                State::Same | State::Changed | State::Foreign => {}
            }
        }
    }
    tell(session, &manifest);
    Ok(bundle.with(What::HerokuYml, manifest.text).only(&what))
}

pub(super) fn tell(session: &Session, manifest: &Manifest) {
    if let How::Whole { why: Some(why) } = manifest.how {
        session.ui.note(&format!(
            "heroku.yml is written anew, not edited: {why}. Its comments are lost"
        ));
    }
    for warning in &manifest.warnings {
        session.ui.warn(warning);
    }
    let limits = BUILDS.iter().map(|it| (*it).to_owned());
    for note in manifest.notes.iter().cloned().chain(limits) {
        session.ui.note(&note);
    }
}

/// Whether a person agrees to what would be overwritten; without a terminal `write` itself refuses.
fn agreed(session: &Session, bundle: &Bundle, seen: &Seen) -> Result<bool> {
    let in_the_way: Vec<_> = seen
        .drift(bundle)
        .into_iter()
        .filter(|(_, state, _)| *state != State::Missing)
        .collect();
    if in_the_way.is_empty() || session.settings.headless {
        return Ok(false);
    }
    for (what, _, diff) in &in_the_way {
        session
            .ui
            .note(&format!("{} would change:", what.path().display()));
        for line in diff.lines() {
            session.ui.detail(line);
        }
    }
    session.ask.confirm("Write over them?", "--yes")
}

fn print(session: &Session, bundle: &Bundle) -> Result<ExitCode> {
    let files: serde_json::Map<_, _> = bundle
        .files()
        .map(|(what, text)| (what.path().display().to_string(), json!(text)))
        .collect();
    session.ui.json(&json!({ "files": files }))?;
    let several = bundle.files().count() > 1;
    for (what, text) in bundle.files() {
        if several {
            let title = format!("==> {} <==", what.path().display());
            session.ui.answer(session.ui.bold(&title));
        }
        session.ui.file(text);
    }
    Ok(ExitCode::SUCCESS)
}

fn check(session: &Session, bundle: &Bundle) -> Result<ExitCode> {
    let drifted = drift(&session.settings.dir, bundle)?;
    let rows: Vec<_> = drifted
        .iter()
        .map(|(what, state, diff)| json!({"path": what.path(), "state": state, "diff": diff}))
        .collect();
    let paths: Vec<_> = bundle.files().map(|(what, _)| what.path()).collect();
    session
        .ui
        .json(&json!({ "checked": paths, "drift": rows }))?;
    for (what, state, diff) in &drifted {
        let word = if *state == State::Missing {
            "is missing"
        } else {
            "differs"
        };
        session
            .ui
            .answer(format!("{} {word}", what.path().display()));
        for line in diff.lines() {
            session.ui.answer(line);
        }
    }
    if drifted.is_empty() {
        let names: Vec<_> = paths.iter().map(|it| it.display().to_string()).collect();
        let names = names.join(", ");
        session
            .ui
            .answer(format!("every file is what would be written: {names}"));
        return Ok(ExitCode::SUCCESS);
    }
    Ok(super::no())
}

/// A dry run of what would be refused is refused too; where a person would be asked it says so.
fn dry_run(session: &Session, bundle: &Bundle) -> Result<ExitCode> {
    let may = session.settings.yes || !session.settings.headless;
    let dir = &session.settings.dir;
    let outcomes = would_write(dir, bundle, &Seen::look(dir, bundle)?, may)?;
    let written: Vec<_> = outcomes.iter().filter(|it| it.written).collect();
    let paths: Vec<&str> = written.iter().map(|it| it.path.as_str()).collect();
    session.ui.json(&json!({ "would_write": paths }))?;
    for outcome in written {
        let asked = outcome.before != State::Missing && !session.settings.yes;
        let words = if asked {
            "would ask before it writes over"
        } else {
            "would write"
        };
        session.ui.answer(format!("{words} {}", outcome.path));
    }
    Ok(ExitCode::SUCCESS)
}
