//! `nixdyno generate ci`: which file it is, what it holds, and what a person must do beside.

use std::path::Path;

use crate::cli::GenerateArgs;
use crate::commands::Session;
use crate::error::{Error, Result};
use crate::names::BranchName;
use crate::plan::Plan;
use crate::render::{Bundle, Ci, CiFile, Looks, Platform, State, What, ci, ci_again, state};
use crate::settings::Evaluate;
use crate::shell::Tool;

/// A platform's file. GitLab reads one only; where that is somebody else's, ours is one that it can take in.
pub(super) fn file_of(session: &Session, platform: Platform) -> Result<CiFile> {
    let file = match platform {
        Platform::Github => CiFile::Github,
        Platform::Gitlab => CiFile::Gitlab,
        Platform::Circleci => CiFile::Circleci,
        Platform::Generic => CiFile::Script,
    };
    let foreign = |file| Ok::<_, Error>(found(session, What::Ci(file))? == State::Foreign);
    if file == CiFile::Gitlab && foreign(file)? {
        session.ui.note(
            "`.gitlab-ci.yml` is not nixdyno's: the file is `.gitlab/nixdyno.yml`, for it to include",
        );
        return Ok(CiFile::GitlabPart);
    }
    Ok(file)
}

/// Whose a file on disk is: one of ours that is there counts as changed.
fn found(session: &Session, what: What) -> Result<State> {
    state(&session.settings.dir, what, "")
}

pub(super) fn no_platform() -> Error {
    let names: Vec<_> = PLATFORMS
        .iter()
        .map(|it| format!("`{}`", it.name()))
        .collect();
    Error::usage(
        "cli/no-platform",
        "whose file for CI is meant is not said",
        format!("say it by `--for`: {}", names.join(", ")),
    )
    .because("each platform has a language of its own; generic is a script that any can run")
}

const PLATFORMS: [Platform; 4] = [
    Platform::Github,
    Platform::Gitlab,
    Platform::Circleci,
    Platform::Generic,
];

pub(super) fn not_for_ci(platform: Platform) -> Error {
    let name = platform.name();
    Error::usage(
        "cli/not-for-ci",
        format!("`--for {name}` says whose file for CI is written, and none is asked for"),
        format!("ask for it: `nixdyno generate ci --for {name}`"),
    )
}

/// Adds the file for CI, and says what a person must do beside.
pub(super) fn with_ci(
    session: &Session,
    plan: &Plan,
    args: &GenerateArgs,
    file: CiFile,
    bundle: Bundle,
) -> Result<Bundle> {
    let branch = args.branch.as_deref().unwrap_or("main");
    let dir = &session.settings.dir;
    if !args.stdout && file != CiFile::Script && is_below_the_top(dir) {
        return Err(below_the_top(file, dir));
    }
    let asked = Ci {
        file,
        branch: branch.parse::<BranchName>()?,
        review_apps: args.review_apps,
        looks: match session.settings.evaluate {
            Evaluate::Auto if session.tools.has(Tool::Nix) => Looks::WithNix,
            Evaluate::Auto | Evaluate::Never => Looks::ReadsOnly,
            Evaluate::Docker => Looks::InDocker,
        },
    };
    let text = ci(plan, &asked)?;
    if !args.check && !args.stdout {
        tell_of_ci(session, &asked, &checked(session, plan)?, &bundle)?;
    }
    let again = ci_again(plan, &asked);
    Ok(bundle.with(What::Ci(file), text).again(&again))
}

/// The files of nixdyno's that are there, for CI to hold.
pub(super) fn checked(session: &Session, plan: &Plan) -> Result<Vec<What>> {
    let mut checked = Vec::new();
    for what in [What::Dockerfile, What::Dockerignore, What::HerokuYml] {
        let counts = plan.dockerfile.is_none() || what == What::HerokuYml;
        if counts && found(session, what)? == State::Changed {
            checked.push(what);
        }
    }
    Ok(checked)
}

/// What a person must do beside, and what would fail there.
fn tell_of_ci(session: &Session, asked: &Ci, checked: &[What], bundle: &Bundle) -> Result<()> {
    let dir = &session.settings.dir;
    let path = asked.file.path();
    session.ui.note(&format!(
        "{path} needs secrets: its first lines say which, and where they are added"
    ));
    for what in checked {
        let Some(text) = bundle.get(*what) else {
            continue;
        };
        if state(dir, *what, text)? != State::Same {
            session.ui.note(&format!(
                "{} is not what would be written by these flags, and CI will say so: give the same flags here, or say them in nixdyno.toml",
                what.path().display()
            ));
        }
    }
    Ok(())
}

fn below_the_top(file: CiFile, dir: &Path) -> Error {
    let (path, dir) = (file.path(), dir.display());
    Error::user(
        "cli/below-the-top",
        format!("{path} would lie in {dir}, and is read at the top of a repository only"),
        "write a script that any platform can run, and call it: `nixdyno generate ci --for generic`",
    )
    .or("print the file, and put it at the top with each command run in that folder: add `--stdout`")
    .because("the repository starts above this folder: the file would do nothing there")
}

/// Whether a folder lies in a repository that starts above it.
fn is_below_the_top(dir: &Path) -> bool {
    let Ok(dir) = fs_err::canonicalize(dir) else {
        return false;
    };
    let mut folders = dir.ancestors().map(|it| it.join(".git").exists());
    folders.next() == Some(false) && folders.any(|it| it)
}
