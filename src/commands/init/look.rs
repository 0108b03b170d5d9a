//! Looks at the project before the first question, and says in a few lines what was found.

use crate::cli::InitArgs;
use crate::error::{Error, Kind, Result};
use crate::init::{Facts, Heroku};
use crate::inspect::{Project, Source, Verdict};
use crate::manifest::{self, AddonName, Found};
use crate::names::{AttrPath, ProcessType};
use crate::plan::Wishes;
use crate::render::MARK;
use crate::ui::Line;

use super::super::inspect::{describe, headline};
use super::Init;

/// Rows of one list in the summary.
const MOST: usize = 3;

impl Init<'_> {
    pub(super) fn facts(&self, args: &InitArgs) -> Result<Facts> {
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
        let wishes = Wishes {
            // What a plan would take by itself is the default of a question.
            nix_here: Some(session.nix_for_project()?),
            ..settings.wishes.clone()
        };
        let facts = Facts {
            first,
            project,
            wishes,
            attr: said,
            heroku: self.heroku(args)?,
        };
        Ok(facts.with_suggestions())
    }

    /// The project with an attribute that was just chosen: with Nix that may take its time.
    pub(super) fn look(&self, attribute: Option<AttrPath>) -> Result<Project> {
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
}
