//! The files, as every later command will read and write them.

use crate::cli::{Cli, Common, GenerateArgs, Verb};
use crate::error::Result;
use crate::init::{self, Extra, Wizard};
use crate::manifest::{self, Found};
use crate::plan::{self, Plan};
use crate::render::{self, Bundle, Seen, State, What};
use crate::settings::Settings;

use super::super::generate;
use super::Init;

/// What would be written.
pub(super) struct Prepared {
    pub(super) bundle: Bundle,
    pub(super) plan: Plan,
    /// The files as they were for the difference.
    pub(super) seen: Seen,
    /// What is not as it would be written, with a diff.
    pub(super) drift: Vec<(What, State, String)>,
}

impl Init<'_> {
    /// What was typed counts only by what is in nixdyno.toml, or else in the head of the files.
    pub(super) fn prepare(&self, wizard: &Wizard) -> Result<Prepared> {
        let dir = &self.session.settings.dir;
        let (common, extras) = recorded(&self.cli.common);
        let old = Settings::text(dir)?;
        let text = init::text(&old, wizard.answers(), &extras)?;
        let verb = Verb::Generate(GenerateArgs {
            what: Vec::new(),
            dir: dir.clone(),
            check: false,
            stdout: false,
            platform: None,
            review_apps: false,
            branch: None,
        });
        let settings = Settings::with_text(&Cli { verb, common }, self.env, &text)?;
        let plan = plan::plan(&wizard.facts().project, &settings.wishes)?;
        let mut bundle = render::render(&plan)?;
        if plan.dockerfile.is_some() {
            // It is the project's own, and so is what it needs.
            bundle = Bundle::default();
        }
        if wizard.answers().needs_heroku_yml() {
            let mut found = Found::read(dir)?;
            found.addons.clone_from(&wizard.answers().addons);
            let place = |path: &str| manifest::place(dir, &plan, path);
            let manifest = render::heroku_yml(&plan, &found, &place)?;
            generate::tell(self.session, &manifest);
            bundle = bundle.with(What::HerokuYml, manifest.text);
        }
        let bundle = bundle.with(What::Config, text);
        let seen = Seen::look(dir, &bundle)?;
        let drift = seen.drift(&bundle);
        Ok(Prepared {
            bundle,
            plan,
            seen,
            drift,
        })
    }
}

/// The flags without those that nixdyno.toml will say, and what it is to say of them beside the answers.
fn recorded(common: &Common) -> (Common, Vec<Extra>) {
    let mut rest = common.clone();
    let mut extras = Vec::new();
    for (key, flag) in [
        ("file", &mut rest.file),
        ("dockerfile", &mut rest.dockerfile),
    ] {
        extras.extend(flag.take().map(|text| Extra::Text(key, text)));
    }
    let with = std::mem::take(&mut rest.with);
    if !with.is_empty() {
        extras.push(Extra::List("with", with));
    }
    for (key, flag) in [
        ("cache-mounts", &mut rest.caches.cache_mounts),
        ("impure", &mut rest.impure),
    ] {
        if std::mem::take(flag) {
            extras.push(Extra::Yes(key));
        }
    }
    // The answers hold these.
    for flag in [
        &mut rest.app,
        &mut rest.route,
        &mut rest.attr,
        &mut rest.base,
        &mut rest.root,
        &mut rest.program,
    ] {
        *flag = None;
    }
    rest.caches.accept_flake_config = false;
    (rest, extras)
}
