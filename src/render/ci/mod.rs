//! Files for CI: a pull request is checked, a push to the branch that counts is deployed.
//!
//! Takes a [`Plan`] and a [`Ci`]; gives the text of a platform's own file, or of a shell script for any. Secrets stand
//! in it by their names. Never: a value of one, or a word that a platform would read as more than a word.

mod secrets;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use askama::Template;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::inspect::{NeedId, Source};
use crate::manifest::scalar;
use crate::names::{AppName, BranchName};
use crate::plan::{Plan, Route};

use super::{fill, head};
use secrets::Secrets;
use words::{check_words, ci_flags, deploy_words, line};

/// The newest of each that a public workflow names with its version.
const CHECKOUT: &str = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2";
const CACHE: &str = "actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0";
const NIX: &str = "cachix/install-nix-action@13d8dd58da0234aa297dedd986986ccb8e7f3e24 # v31.11.1";

/// Debian 13 with a Rust that builds nixdyno, and Git.
const IMAGE: &str = "rust:1.89-trixie";

/// Docker 28 still stores images as Heroku's registry takes them.
const ENGINE: &str = "docker:28-dind";

/// Where nixdyno is from. No registry of crates has it: whoever takes its name there would run code beside the keys.
const REPOSITORY: &str = "https://github.com/nixdyno/nixdyno";

const HEROKU_CLI: &str = "npm install --global heroku@11.10.0";

/// For whom a CI file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Platform {
    /// GitHub Actions.
    Github,
    /// GitLab.
    Gitlab,
    /// `CircleCI`.
    #[value(help = "CircleCI")]
    Circleci,
    /// A shell script.
    Generic,
}

impl Platform {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Github => "github",
            Platform::Gitlab => "gitlab",
            Platform::Circleci => "circleci",
            Platform::Generic => "generic",
        }
    }
}

/// A file for CI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CiFile {
    /// A workflow.
    Github,
    /// The one file that GitLab reads.
    Gitlab,
    /// A file that the one includes, where that is somebody else's.
    GitlabPart,
    /// The one file that `CircleCI` reads.
    Circleci,
    /// A script.
    Script,
}

impl CiFile {
    /// Whose file it is.
    pub fn platform(self) -> Platform {
        match self {
            CiFile::Github => Platform::Github,
            CiFile::Gitlab | CiFile::GitlabPart => Platform::Gitlab,
            CiFile::Circleci => Platform::Circleci,
            CiFile::Script => Platform::Generic,
        }
    }

    /// Where it lies, relative to the top of the repository.
    pub fn path(self) -> &'static str {
        match self {
            CiFile::Github => ".github/workflows/nixdyno.yml",
            CiFile::Gitlab => ".gitlab-ci.yml",
            CiFile::GitlabPart => ".gitlab/nixdyno.yml",
            CiFile::Circleci => ".circleci/config.yml",
            CiFile::Script => "ci/nixdyno.sh",
        }
    }
}

/// Which Nix evaluates the project in CI: the same as where its files were written, or they would differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// One that is installed there.
    WithNix,
    /// None.
    ReadsOnly,
    /// The base image's.
    InDocker,
}

/// What is asked of a CI file beside the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ci {
    /// Which.
    pub file: CiFile,
    /// The branch that is deployed.
    pub branch: BranchName,
    /// Whether a pull request gets an app.
    pub review_apps: bool,
    /// Who evaluates.
    pub looks: Looks,
}

/// What the jobs need, as the templates see it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each turns one part of the templates on"
)]
struct Job<'a> {
    version: &'a str,
    target: String,
    again: String,
    app: &'a AppName,
    branch: &'a BranchName,
    review_apps: bool,
    /// The start of a review app's name.
    prefix: String,
    /// Its end, as a variable of the shell.
    number: &'static str,
    /// Comments on what a build reads, empty where the plan says enough.
    hint: &'a str,
    check: String,
    /// Commands before a deploy, in its shell.
    before: Vec<String>,
    deploy: String,
    review: String,
    /// Variables that inspection says the app needs.
    variables: Vec<&'a str>,
    secrets: Secrets,
    /// Nix is asked about the project, in every job.
    nix: bool,
    /// Nix builds the image, in a deploy.
    nix_builds: bool,
    docker: bool,
    check_docker: bool,
    heroku_cli: bool,
}

impl<'a> Job<'a> {
    fn new(plan: &'a Plan, ci: &'a Ci) -> Result<Self> {
        let app = plan.ship.app.as_ref().ok_or_else(no_app)?;
        let route = plan.ship.route;
        let prefix = review_prefix(app);
        let number = number(ci.file);
        let review = format!("\"{prefix}-pr-{number}\"");
        let cold = plan.caches.substituters.is_empty() && plan.dockerfile.is_none();
        Ok(Job {
            version: env!("CARGO_PKG_VERSION"),
            target: head::target(&plan.build),
            again: head::again(&ci_flags(plan, ci)),
            app,
            branch: &ci.branch,
            review_apps: ci.review_apps,
            prefix,
            number,
            hint: if cold { HINT } else { "" },
            check: line(&check_words(plan, ci)),
            before: secrets::agent(&plan.caches),
            deploy: line(&deploy_words(plan, ci, None)),
            review: line(&deploy_words(plan, ci, Some(&review))),
            variables: variables(plan),
            secrets: Secrets::of(&plan.caches),
            nix: ci.looks == Looks::WithNix,
            nix_builds: route == Route::Direct,
            docker: matches!(route, Route::Docker | Route::HerokuCli),
            check_docker: ci.looks == Looks::InDocker,
            heroku_cli: route == Route::HerokuCli,
        })
    }

    /// What hides the secrets from a command, where a platform gives them to a whole job: build scripts run in it.
    fn hidden(&self) -> String {
        let names = self.secrets.names.iter();
        names.fold("env".to_owned(), |text, (name, _)| text + " -u " + name) + " "
    }

    /// The command that installs nixdyno into a folder, which is a word of a shell.
    fn install(&self, root: &str) -> String {
        let version = self.version;
        format!("cargo install --locked --git {REPOSITORY} --tag v{version} --root {root} nixdyno")
    }

    /// What a person should know before a first deploy.
    fn remarks(&self) -> Vec<String> {
        let app = self.app;
        let mut lines = vec![format!(
            "The app must be there before the first deploy: `nixdyno deploy --create --app {app}` makes it."
        )];
        if self.review_apps && !self.variables.is_empty() {
            lines.push(format!(
                "A review app starts without the variables that the app needs: {}.",
                self.variables.join(", ")
            ));
        }
        lines
    }

    /// Whether a job needs Nix on its machine.
    fn needs_nix(&self, deploys: bool) -> bool {
        self.nix || deploys && self.nix_builds
    }

    /// What Nix is there for, as a comment says it.
    fn nix_does(&self) -> &'static str {
        match (self.nix, self.nix_builds) {
            (true, true) => "nixdyno asks it about the project, and lets it build the image",
            (false, true) => "nixdyno lets it build the image",
            (_, false) => "nixdyno only asks it about the project",
        }
    }

    /// Debian's packages for a job.
    fn packages(nix: bool, docker: bool, heroku_cli: bool) -> String {
        let wanted = [
            (docker, "docker-cli docker-buildx"),
            (nix, "nix-bin"),
            (heroku_cli, "npm"),
        ];
        let names: Vec<&str> = wanted
            .iter()
            .filter(|it| it.0)
            .map(|(_, names)| *names)
            .collect();
        names.join(" ")
    }

    /// The commands that bring what a job needs, in a Debian.
    fn setup(&self, deploys: bool) -> Vec<String> {
        let heroku_cli = deploys && self.heroku_cli;
        let docker = deploys && self.docker || self.check_docker;
        let packages = Self::packages(self.needs_nix(deploys), docker, heroku_cli);
        let mut lines = Vec::new();
        if !packages.is_empty() {
            let hidden = self.hidden();
            lines.push(format!("{hidden}apt-get update"));
            lines.push(format!(
                "{hidden}apt-get install --yes --no-install-recommends {packages}"
            ));
        }
        if heroku_cli {
            lines.push(self.hidden() + HEROKU_CLI);
        }
        lines
    }

    /// A deploy's commands.
    fn steps(&self, command: &str) -> Vec<String> {
        let before = self.before.iter().cloned();
        before.chain([command.to_owned()]).collect()
    }

    fn deploy_steps(&self) -> Vec<String> {
        self.steps(&self.deploy)
    }

    fn review_steps(&self) -> Vec<String> {
        self.steps(&self.review)
    }

    /// The command that removes a review app, where it is there. Its key is no word of it.
    fn destroy(&self, api: &str, proto: &str) -> String {
        format!(
            "status=$(printf 'header = \"Authorization: Bearer %s\"\\n' \"$HEROKU_API_KEY\" | curl --silent --show-error \
             --max-time 60 --proto {proto} --output /dev/null --write-out '%{{http_code}}' --request DELETE \
             --header 'Accept: application/vnd.heroku+json; version=3' --config - \"{api}/apps/{}-pr-{}\"); \
             case $status in 2??|404) ;; *) echo \"Heroku answered $status\" >&2; exit 1 ;; esac",
            self.prefix, self.number
        )
    }

    fn destroy_script(&self) -> String {
        self.destroy("$api", "\"$proto\"")
    }
}

/// Texts as YAML has them.
impl Job<'_> {
    fn branch_text(&self) -> String {
        scalar(self.branch.as_str())
    }

    fn app_text(&self) -> String {
        scalar(self.app.as_str())
    }

    fn reviews_text(&self) -> String {
        scalar(&format!("{}-reviews", self.prefix))
    }

    fn check_text(&self) -> String {
        scalar(&self.check)
    }

    /// The same for a platform that gives secrets to every job.
    fn hidden_check_text(&self) -> String {
        scalar(&(self.hidden() + &self.check))
    }

    fn deploy_text(&self, indent: usize) -> String {
        block(&self.deploy_steps(), indent)
    }

    fn review_text(&self, indent: usize) -> String {
        block(&self.review_steps(), indent)
    }

    fn destroy_text(&self) -> String {
        scalar(&self.destroy("https://api.heroku.com", "'=https'"))
    }

    fn has_setup(&self, deploys: bool) -> bool {
        !self.setup(deploys).is_empty()
    }

    fn setup_text(&self, deploys: bool, indent: usize) -> String {
        block(&self.setup(deploys), indent)
    }

    /// The installed nixdyno is in the project's folder, where GitLab's caches are: no part of the project.
    fn gitlab_setup(&self, deploys: bool) -> Vec<String> {
        let mut lines = vec!["echo /.nixdyno/ >> .git/info/exclude".to_owned()];
        lines.extend(self.setup(deploys));
        lines.push(format!(
            "[ -x .nixdyno/bin/nixdyno ] || {}{}",
            self.hidden(),
            self.install(".nixdyno")
        ));
        lines.push("export PATH=\"$PWD/.nixdyno/bin:$PATH\"".to_owned());
        if deploys && self.docker || self.check_docker {
            lines.push(
                "timeout 60 sh -c 'until docker info > /dev/null 2>&1; do sleep 1; done'"
                    .to_owned(),
            );
        }
        lines.iter().map(|line| scalar(line)).collect()
    }

    /// Of one file at a time for an app, whatever else runs.
    fn group(&self, what: &str) -> String {
        scalar(&format!("nixdyno-{}-{what}", self.app))
    }

    fn cache_key(&self, machine: &str) -> String {
        scalar(&format!("nixdyno-{}-{machine}", self.version))
    }

    /// What a script's machine must have, each behind a comma.
    fn tools(&self) -> String {
        let wanted = [
            (self.docker || self.check_docker, "docker"),
            (self.needs_nix(true), "nix"),
            (self.heroku_cli, "the Heroku CLI"),
            (self.review_apps, "curl"),
        ];
        let names = wanted.iter().filter(|it| it.0);
        names.fold(String::new(), |text, it| text + ", " + it.1)
    }
}

/// What is the same in every file of a platform.
#[expect(clippy::unused_self, reason = "templates call them")]
impl Job<'_> {
    fn checkout(&self) -> &'static str {
        CHECKOUT
    }

    fn cache_action(&self) -> &'static str {
        CACHE
    }

    fn nix_action(&self) -> &'static str {
        NIX
    }

    fn image(&self) -> &'static str {
        IMAGE
    }

    fn engine(&self) -> &'static str {
        ENGINE
    }

    fn heroku_cli_install(&self) -> &'static str {
        HEROKU_CLI
    }

    /// GitHub's expression for a secret.
    fn secret_of_github(&self, name: &str) -> String {
        scalar(&format!("${{{{ secrets.{name} }}}}"))
    }
}

const HINT: &str = "Each build starts from nothing. Where Nix builds much, let it read from a binary cache (`--substituter`), and fill that\n\
# by `nixdyno cache push`.";

/// The names of variables that an app needs, sorted. They stand in a comment: one that is no plain name is left out.
fn variables(plan: &Plan) -> Vec<&str> {
    let is_name = |it: &&str| it.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let needs = plan.needs.iter().filter(|it| it.id == NeedId::Config);
    let names = needs.flat_map(|it| &it.names).map(String::as_str);
    let names: BTreeSet<&str> = names.filter(is_name).collect();
    names.into_iter().collect()
}

/// The number of a pull request, where a job's shell has it.
fn number(file: CiFile) -> &'static str {
    match file {
        CiFile::Github | CiFile::Script => "$NUMBER",
        CiFile::Gitlab | CiFile::GitlabPart => "$CI_MERGE_REQUEST_IID",
        CiFile::Circleci => "${CIRCLE_PULL_REQUEST##*/}",
    }
}

/// Heroku's names have 30 characters; `-pr-` and six digits are ten.
fn review_prefix(app: &AppName) -> String {
    if app.as_str().len() <= 20 {
        return app.to_string();
    }
    // Two apps that start alike must not share their review apps.
    let cut: String = app.as_str().chars().take(13).collect();
    let hash = Sha256::digest(app.as_str());
    let hash = hash.iter().take(3);
    let hash = hash.fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{}-{hash:06x}", cut.trim_end_matches('-'))
}

#[derive(Template)]
#[template(path = "ci/github.j2", escape = "none")]
struct Github<'a> {
    job: &'a Job<'a>,
}

#[derive(Template)]
#[template(path = "ci/gitlab.j2", escape = "none")]
struct Gitlab<'a> {
    job: &'a Job<'a>,
    part: bool,
}

#[derive(Template)]
#[template(path = "ci/circleci.j2", escape = "none")]
struct Circleci<'a> {
    job: &'a Job<'a>,
}

#[derive(Template)]
#[template(path = "ci/generic.j2", escape = "none")]
struct Script<'a> {
    job: &'a Job<'a>,
}

/// Renders a file for CI.
///
/// Errors: `render/no-app`; `render/template`, a defect.
pub fn ci(plan: &Plan, ci: &Ci) -> Result<String> {
    let job = &Job::new(plan, ci)?;
    match ci.file {
        CiFile::Github => fill(&Github { job }),
        CiFile::Gitlab => fill(&Gitlab { job, part: false }),
        CiFile::GitlabPart => fill(&Gitlab { job, part: true }),
        CiFile::Circleci => fill(&Circleci { job }),
        CiFile::Script => fill(&Script { job }),
    }
}

/// The flags of `nixdyno generate` that make it again.
pub fn ci_again(plan: &Plan, ci: &Ci) -> Vec<String> {
    let mut words = ci_flags(plan, ci);
    words.retain({
        let mut first = true;
        // The kind of file is told by the bundle.
        move |_| !std::mem::take(&mut first)
    });
    words
}

fn no_app() -> Error {
    Error::user(
        "render/no-app",
        "CI deploys to an app, and which is not said anywhere",
        "name it: `-a NAME`",
    )
    .or("set `app` in nixdyno.toml: the file for CI follows it")
}

/// Whether a value of the plan was typed for this run: what nixdyno.toml says, it says again by itself.
fn typed(plan: &Plan, key: &str) -> bool {
    let choice = plan.choices.iter().find(|it| it.key == key);
    choice.is_none_or(|it| matches!(it.source, Source::Flag { .. } | Source::Environment { .. }))
}

/// Commands as the value of a key, `indent` spaces in: on one line, or as a block of lines.
fn block(lines: &[String], indent: usize) -> String {
    let plain = |line: &String| !line.contains(char::is_control);
    if lines.len() < 2 || !lines.iter().all(plain) {
        return scalar(&lines.join("\n"));
    }
    let space = " ".repeat(indent + 2);
    lines.iter().fold("|".to_owned(), |mut text, line| {
        text.extend(["\n", space.as_str(), line.as_str()]);
        text
    })
}
