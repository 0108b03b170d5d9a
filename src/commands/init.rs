//! `nixdyno init`: looks at a project, asks what can't be known, and writes the files of its first deploy.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::{Cli, Common, GenerateArgs, InitArgs, Verb};
use crate::error::{Error, Kind, Result};
use crate::init::{self, Extra, Facts, Heroku, Wizard};
use crate::inspect::{Project, Source, Verdict};
use crate::manifest::{self, AddonName, Found};
use crate::names::{AttrPath, ProcessType};
use crate::plan::{self, Plan};
use crate::render::{self, Bundle, MARK, State, What};
use crate::settings::{Environment, Settings};
use crate::shell::interrupt;
use crate::ui::{self, Answer, Line, Question, Reply, fit};

use super::inspect::{describe, headline, stops};
use super::{Session, generate};

/// Rows of one list in the summary.
const MOST: usize = 3;

/// What a question can mend, and so is no reason to end before the first one.
const MENDABLE: &[&str] = &[
    "plan/ambiguous",
    "plan/nixery-lacks",
    "plan/no-nixpkgs",
    "plan/no-program",
    "plan/no-revision",
    "plan/no-such-process",
    "plan/unknown",
];

/// One run: what was typed is needed twice, for the answers and for the files.
struct Init<'a> {
    session: &'a Session,
    cli: &'a Cli,
    env: &'a Environment,
}

/// What would be written.
struct Prepared {
    bundle: Bundle,
    plan: Plan,
    /// What is not as it would be written, with a diff.
    drift: Vec<(What, State, String)>,
}

pub(super) fn run(
    session: &Session,
    cli: &Cli,
    env: &Environment,
    args: &InitArgs,
) -> Result<ExitCode> {
    one_file(session)?;
    let init = Init { session, cli, env };
    let mut wizard = Wizard::new(init.facts(args)?);
    if session.settings.headless {
        // What was typed is refused where it was typed.
        plan::plan(&wizard.facts().project, &wizard.facts().wishes)?;
        let prepared = init.prepare(&wizard)?;
        return init.finish(&wizard, &prepared);
    }
    check_hopeless(wizard.facts())?;
    let detail = |text: &str| session.ui.detail(text);
    detail("Enter takes what is marked, Escape goes back, Ctrl-C leaves with nothing written.");
    loop {
        init::ask(
            &mut wizard,
            session.ask.as_ref(),
            &|attribute| init.look(attribute),
            &|error| session.ui.error(error),
        )?;
        let prepared = match init.prepare(&wizard) {
            // Another answer may mend it.
            Err(error) if error.kind() == Kind::User && wizard.back() => {
                session.ui.error(&error);
                continue;
            }
            prepared => prepared?,
        };
        match init.agreed(&prepared)? {
            Some(true) => return init.finish(&wizard, &prepared),
            Some(false) => {
                session.ui.answer("nothing was written");
                return Ok(super::no());
            }
            None => {
                wizard.back();
            }
        }
    }
}

/// Refuses to answer for a file that `nixdyno` alone doesn't read, or for a part of it.
fn one_file(session: &Session) -> Result<()> {
    let settings = &session.settings;
    let (flag, why) = if settings.config_is_named {
        (
            "--config",
            "other commands read nixdyno.toml by themselves, and no other file",
        )
    } else if settings.named_env.is_some() {
        (
            "--env",
            "the keys of one environment are yours to write, below `[env.NAME]`",
        )
    } else {
        return Ok(());
    };
    let what = format!("`nixdyno init` writes nixdyno.toml as a whole, and `{flag}` can't count");
    let todo = format!("leave out `{flag}`");
    Err(Error::usage("init/one-file", what, todo).because(why))
}

/// Ends before the first question where no answer can help.
fn check_hopeless(facts: &Facts) -> Result<()> {
    match plan::plan(&facts.project, &facts.wishes) {
        Err(error) if !MENDABLE.contains(&error.id()) => Err(error),
        _ => Ok(()),
    }
}

impl Init<'_> {
    fn facts(&self, args: &InitArgs) -> Result<Facts> {
        let session = self.session;
        let settings = &session.settings;
        let topic = session
            .ui
            .topic(&format!("Inspecting {}", settings.dir.display()));
        if let Some(note) = &settings.note {
            session.ui.note(note);
        }
        let mut said = settings.attribute.clone();
        let attribute = said.as_ref().map(|wish| wish.value.clone());
        let in_file = matches!(&said, Some(it) if matches!(it.source, Source::Config { .. }));
        let project = match session.inspect(attribute) {
            // It may be gone since; another one can be chosen.
            Err(error) if in_file && !settings.headless && error.kind() == Kind::User => {
                session.ui.error(&error);
                said = None;
                session.inspect(None)?
            }
            project => project?,
        };
        // The file's attribute is a default; what else there is can still be chosen.
        let first = if in_file && said.is_some() {
            session.inspect(None)?
        } else {
            project.clone()
        };
        self.summary(&project);
        topic.done();
        let facts = Facts {
            first,
            project,
            wishes: settings.wishes.clone(),
            attr: said,
            heroku: self.heroku(args)?,
        };
        Ok(facts.with_suggestions())
    }

    /// The project with an attribute that was just chosen: with Nix that may take its time.
    fn look(&self, attribute: Option<AttrPath>) -> Result<Project> {
        let name = attribute.as_ref().map(ToString::to_string);
        let name = name.unwrap_or_default();
        let topic = self.session.ui.topic(&format!("Inspecting {name}"));
        let project = self.session.inspect(attribute)?;
        topic.done();
        Ok(project)
    }

    fn heroku(&self, args: &InitArgs) -> Result<Heroku> {
        let found = Found::read(&self.session.settings.dir)?;
        let text = found.heroku_yml.unwrap_or_default();
        // One that can't be read is an error only to who wants it written.
        let there = manifest::read(&text).unwrap_or_default().setup.addons;
        let there = there.iter().filter_map(|it| it.plan.parse().ok());
        let said = args.addons.iter().map(|it| it.parse());
        let said: Vec<AddonName> = said
            .collect::<Result<_>>()
            .map_err(|it: Error| it.said(true))?;
        let wanted = if args.no_heroku_yml {
            Some(false)
        } else {
            (args.heroku_yml || !said.is_empty()).then_some(true)
        };
        Ok(Heroku {
            wanted,
            ours: text.starts_with(MARK),
            asked: !said.is_empty(),
            addons: if said.is_empty() {
                there.collect()
            } else {
                said
            },
        })
    }

    /// What was found, in a few lines.
    fn summary(&self, project: &Project) {
        let ui = &self.session.ui;
        ui.detail(&headline(project));
        if let (Verdict::Deploy, Some(first)) = (project.verdict, project.candidates.first()) {
            ui.line(Line::from("→ ").then(describe(ui, project, first)));
        }
        let names: Vec<&str> = project.processes.keys().map(ProcessType::as_str).collect();
        if !names.is_empty() {
            ui.detail(&format!("processes: {}", names.join(", ")));
        }
        let stops = project.warnings.iter().filter(|it| it.blocks);
        let stops = stops.map(|it| (format!("to mend first: {}", it.what), it.todo.as_str()));
        let needs = project.needs.iter();
        let needs = needs.map(|it| (format!("needs: {}", it.what), it.todo.as_str()));
        let all: Vec<_> = stops.chain(needs).collect();
        for (what, todo) in all.iter().take(MOST) {
            ui.detail(what);
            ui.detail(&format!("  do: {todo}"));
        }
        let advice = project.warnings.iter().filter(|it| !it.blocks).count();
        let more = all.len().saturating_sub(MOST) + advice;
        if more > 0 {
            ui.detail(&format!("`nixdyno inspect` says {more} more"));
        }
    }

    /// The files, as every later command will read and write them: what was typed counts only by what is in
    /// nixdyno.toml, or else in the head of the files.
    fn prepare(&self, wizard: &Wizard) -> Result<Prepared> {
        let dir = &self.session.settings.dir;
        let (common, extras) = recorded(&self.cli.common);
        let old = Settings::text(dir)?;
        let text = init::text(&old, wizard.answers(), &extras)?;
        let verb = Verb::Generate(GenerateArgs {
            what: Vec::new(),
            dir: dir.clone(),
            check: false,
            stdout: false,
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
            let place = |path: &str| generate::place(dir, &plan, path);
            let manifest = render::heroku_yml(&plan, &found, &place)?;
            generate::tell(self.session, &manifest);
            bundle = bundle.with(What::HerokuYml, manifest.text);
        }
        let bundle = bundle.with(What::Config, text);
        let drift = render::drift(dir, &bundle)?;
        Ok(Prepared {
            bundle,
            plan,
            drift,
        })
    }

    /// Shows what would change, and asks; nothing for Escape.
    fn agreed(&self, prepared: &Prepared) -> Result<Option<bool>> {
        if prepared.drift.is_empty() || self.session.settings.dry_run {
            return Ok(Some(true));
        }
        self.show(prepared);
        let theirs: Vec<String> = prepared
            .drift
            .iter()
            .filter(|(what, state, _)| *what != What::Config && *state == State::Foreign)
            .map(|(what, _, _)| what.path().display().to_string())
            .collect();
        let count = prepared.drift.len();
        let question = Question {
            text: match count {
                1 => "Write this file?".to_owned(),
                _ => format!("Write these {count} files?"),
            },
            why: match theirs.as_slice() {
                [] => "all of them or none".to_owned(),
                _ => format!(
                    "{}: not written by nixdyno, would be changed",
                    theirs.join(", ")
                ),
            },
            flag: "--yes".to_owned(),
            kind: ui::Kind::YesNo {
                default: theirs.is_empty(),
            },
        };
        Ok(match self.session.ask.ask(&question)? {
            Reply::Back => None,
            Reply::Answer(answer) => Some(answer == Answer::YesNo(true)),
        })
    }

    /// Each file that would be written, as a diff.
    fn show(&self, prepared: &Prepared) {
        for (what, state, diff) in &prepared.drift {
            let word = match state {
                State::Missing => "is new",
                _ => "changes",
            };
            let topic = self
                .session
                .ui
                .topic(&format!("{} {word}", what.path().display()));
            self.session.ui.diff(diff);
            topic.done();
        }
    }

    fn finish(&self, wizard: &Wizard, prepared: &Prepared) -> Result<ExitCode> {
        let session = self.session;
        let settings = &session.settings;
        interrupt::check()?;
        if settings.dry_run {
            return self.dry_run(wizard, prepared);
        }
        if settings.headless {
            self.show(prepared);
        }
        self.check_overwrite(prepared)?;
        let outcomes = render::write(&settings.dir, &prepared.bundle, true)?;
        session.ui.json(&json!({
            "decided": init::decided(wizard),
            "files": outcomes,
            "next": self.next(wizard),
        }))?;
        if prepared.drift.is_empty() {
            session
                .ui
                .answer("nothing to change: every file is as it would be written");
        }
        for outcome in outcomes.iter().filter(|it| it.written) {
            session.ui.answer(format!("wrote {}", outcome.path));
        }
        self.left_over(prepared);
        session.ui.answer(format!("Next: {}", self.next(wizard)));
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses to change a file that is there, where nobody was asked. Of nixdyno.toml only the values change that
    /// somebody just gave.
    fn check_overwrite(&self, prepared: &Prepared) -> Result<()> {
        let settings = &self.session.settings;
        let in_the_way = |(what, state, _): &&(What, State, String)| {
            *what != What::Config && *state != State::Missing
        };
        let rows = prepared.drift.iter().filter(in_the_way);
        let paths: Vec<&str> = rows.filter_map(|it| it.0.path().to_str()).collect();
        if paths.is_empty() || settings.yes || !settings.headless {
            return Ok(());
        }
        let what = format!(
            "{}: there, and not as it would be written",
            paths.join(", ")
        );
        let todo = "see the difference: `nixdyno init --yes --dry-run`";
        let error = Error::user("init/would-overwrite", what, todo)
            .or("write over what is there: `nixdyno init --yes`");
        Err(if paths.contains(&"Dockerfile") {
            error.or("build with the Dockerfile as it is: `nixdyno init --dockerfile Dockerfile`")
        } else {
            error
        })
    }

    /// Flags that have no key: they are in the head of the files only.
    fn left_over(&self, prepared: &Prepared) {
        let again = &prepared.plan.again;
        if !again.is_empty() {
            let words = again.join(" ");
            let note = format!(
                "not in nixdyno.toml, say it at each command: {}",
                fit(&words)
            );
            self.session.ui.note(&note);
        }
    }

    /// Shows what would be written; what would be refused is refused too.
    fn dry_run(&self, wizard: &Wizard, prepared: &Prepared) -> Result<ExitCode> {
        let session = self.session;
        let settings = &session.settings;
        self.check_overwrite(prepared)?;
        let outcomes = render::would_write(&settings.dir, &prepared.bundle, true)?;
        let rows = outcomes.iter().map(|it| {
            let mut drift = prepared.drift.iter();
            let diff = drift.find(|(what, _, _)| what.path().display().to_string() == it.path);
            let diff = diff.map_or(Value::Null, |(_, _, diff)| json!(diff));
            json!({"path": it.path, "before": it.before, "would_write": it.written, "diff": diff})
        });
        session.ui.json(&json!({
            "decided": init::decided(wizard),
            "files": rows.collect::<Vec<_>>(),
            "next": self.next(wizard),
        }))?;
        for (what, _, diff) in &prepared.drift {
            session
                .ui
                .answer(format!("would write {}", what.path().display()));
            for line in diff.lines() {
                session.ui.answer(line);
            }
        }
        if prepared.drift.is_empty() {
            session
                .ui
                .answer("nothing to change: every file is as it would be written");
        }
        session.ui.answer(format!("Next: {}", self.next(wizard)));
        Ok(ExitCode::SUCCESS)
    }

    fn next(&self, wizard: &Wizard) -> String {
        let next = init::next(wizard, &self.session.settings.dir);
        match stops(&wizard.facts().project) {
            0 => next,
            _ => format!("mend what `nixdyno inspect` says first, then {next}"),
        }
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
