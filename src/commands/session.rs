//! What the verbs share: settings, the printer, the runner, and the way from a directory to a plan.

use crate::cli::Cli;
use crate::docker::{self, Facts};
use crate::error::{Error, Result};
use crate::heroku::{
    Api, CredentialSettings, Credentials, DryApi, Endpoints, HostSettings, HttpApi,
};
use crate::inspect::{self, Project, Verdict};
use crate::names::{AppName, AttrPath};
use crate::nix::{self, Able, How, Where};
use crate::plan::{self, NixArg, NixHere, Plan, Route};
use crate::secret::Secret;
use crate::settings::{Environment, Evaluate, Settings};
use crate::shell::{Dry, Real, Runner, Tool, Tools};
use crate::ui::{Ask, Headless, Ui};

/// One run of the program.
pub(super) struct Session {
    pub(super) settings: Settings,
    pub(super) ui: Ui,
    pub(super) tools: Tools,
    pub(super) runner: Box<dyn Runner>,
    pub(super) ask: Box<dyn Ask>,
}

impl Session {
    pub(super) fn new(settings: Settings, cli: &Cli, env: &Environment) -> Self {
        let ui = Ui::new(
            settings.level,
            cli.common.json,
            cli.common.color,
            &env.color(),
        );
        let tools = Tools::find();
        let (trace, story) = (ui.clone(), ui.clone());
        let real = Real::new(tools.clone(), settings.hidden.clone(), move |cmd| {
            trace.command(cmd);
        })
        .telling(move |tool, ran| story.still(tool.program(), ran));
        let runner: Box<dyn Runner> = if settings.dry_run {
            Box::new(Dry::new(real))
        } else {
            Box::new(real)
        };
        let ask: Box<dyn Ask> = if settings.headless {
            Box::new(Headless)
        } else {
            Box::new(ui.terminal())
        };
        Session {
            settings,
            ui,
            tools,
            runner,
            ask,
        }
    }

    /// Inspects the project; where several attributes are as good, a person chooses.
    pub(super) fn project(&self) -> Result<Project> {
        Ok(self.chosen()?.0)
    }

    /// The same, with the attribute that a person chose.
    fn chosen(&self) -> Result<(Project, Option<AttrPath>)> {
        let named = self
            .settings
            .attribute
            .as_ref()
            .map(|wish| wish.value.clone());
        let project = self.inspect(named)?;
        if project.verdict != Verdict::Ask || self.settings.headless {
            return Ok((project, None));
        }
        let rivals = project.rivals();
        let items: Vec<String> = rivals
            .iter()
            .map(|it| match it.program.name() {
                Some(name) => format!("{} ({}, runs {name})", it.attribute, it.kind.name()),
                None => format!("{} ({})", it.attribute, it.kind.name()),
            })
            .collect();
        let chosen = self
            .ask
            .choose("Several attributes could be deployed", &items, "--attr")?;
        let attribute = rivals.get(chosen).map(|it| it.attribute.clone());
        Ok((self.inspect(attribute.clone())?, attribute))
    }

    /// Inspects with the attribute given, asking nobody.
    pub(super) fn inspect(&self, attribute: Option<AttrPath>) -> Result<Project> {
        let evaluate = self.evaluator()?;
        let nix_args = match &evaluate {
            Some(Where::Here) => self.words_for_here(),
            // A container is the project's own.
            Some(Where::Docker(_)) | None => self.settings.wishes.nix_args(),
        };
        let ask = inspect::Ask {
            attribute,
            file: self.settings.file.as_ref().map(|wish| wish.value.clone()),
            evaluate,
            import_from_derivation: self.settings.import_from_derivation,
            nix_args: plan::words_to_evaluate(&nix_args),
        };
        inspect::inspect(&self.settings.dir, &ask, self.runner.as_ref())
    }

    /// The words for the Nix of this machine: a project that somebody else wrote can't let it run programs, build, or
    /// read variables. Its file's words count where the user names the file.
    fn words_for_here(&self) -> Vec<NixArg> {
        let (kept, left) = self.settings.words_for_here();
        if !left.is_empty() {
            self.ui.note(&format!(
                "{} of nixdyno.toml count in Docker, and not while Nix evaluates here\n\
                 if you trust the project: `--config {}`",
                left.join(", "),
                self.settings.config.display()
            ));
        }
        kept
    }

    /// The Nix to ask.
    fn evaluator(&self) -> Result<Option<Where>> {
        Ok(match self.settings.evaluate {
            Evaluate::Auto => self.tools.has(Tool::Nix).then_some(Where::Here),
            Evaluate::Never => None,
            Evaluate::Docker => {
                let why = "`--evaluate docker` asks the Nix of the base image";
                self.tools.require(&[Tool::Docker], why)?;
                Some(Where::Docker(plan::base_image(&self.settings.wishes)?))
            }
        })
    }

    /// The same for a deploy: whether the Nix of this machine can build decides on the route, where nobody said it.
    pub(super) fn plan_to_deploy(&mut self) -> Result<Plan> {
        self.ask_nix()?;
        self.plan()
    }

    /// Asks the Nix of this machine whether it can build what a dyno runs, where a plan depends on it.
    pub(super) fn ask_nix(&mut self) -> Result<()> {
        let wishes = &self.settings.wishes;
        if wishes.route.is_some() || !wishes.store_paths.is_empty() {
            return Ok(());
        }
        self.settings.wishes.nix_here = Some(self.nix_for_project()?);
        Ok(())
    }

    /// Whether the Nix of this machine can build this project as its settings want it built.
    pub(super) fn nix_for_project(&self) -> Result<NixHere> {
        if self.settings.evaluate == Evaluate::Never {
            return Ok(NixHere::Unable(
                "the project is not to be evaluated here".to_owned(),
            ));
        }
        let keys = self.settings.only_in_docker();
        if keys.is_empty() {
            return self.nix_here();
        }
        Ok(NixHere::Unable(format!(
            "{} of nixdyno.toml count in Docker only",
            keys.join(", ")
        )))
    }

    /// Refuses to build by the Nix of this machine what the project's own file would have it trust.
    ///
    /// Errors: `deploy/untrusted-words`.
    pub(super) fn check_trust(&self, plan: &Plan) -> Result<()> {
        let keys = self.settings.only_in_docker();
        if plan.ship.route != Route::Direct || !plan.build.store_paths.is_empty() || keys.is_empty()
        {
            return Ok(());
        }
        let config = self.settings.config.display();
        Err(Error::user(
            "deploy/untrusted-words",
            format!(
                "{} of nixdyno.toml would change whom the Nix of this machine trusts",
                keys.join(", ")
            ),
            format!("if you trust the project: `--config {config}`"),
        )
        .because("a project's own file counts in Docker, where it can change nothing else")
        .or("build in Docker: `--route docker`"))
    }

    /// Whether the Nix of this machine can build what a dyno runs.
    fn nix_here(&self) -> Result<NixHere> {
        if !self.tools.has(Tool::Nix) {
            return Ok(NixHere::Unable(
                "there is no Nix on this machine".to_owned(),
            ));
        }
        Ok(match nix::able(self.runner.as_ref())? {
            Able::Yes { how } => NixHere::Able(match how {
                How::Here => "Nix builds here".to_owned(),
                How::Emulated => "Nix builds here, by emulation".to_owned(),
                How::Remote => "Nix builds on its remote builders".to_owned(),
            }),
            Able::No(why) => NixHere::Unable(why),
        })
    }

    /// A plan for what was built already.
    fn plan_of_store_paths(&self) -> Result<Plan> {
        let (declared, warnings) = inspect::declared(&self.settings.dir)?;
        let plan = plan::of_store_paths(&declared, warnings, &self.settings.wishes)?;
        for warning in &plan.warnings {
            self.ui.warn(warning);
        }
        Ok(plan)
    }

    /// From the directory to a plan, telling what was found on the way.
    pub(super) fn plan(&self) -> Result<Plan> {
        if !self.settings.wishes.store_paths.is_empty() {
            return self.plan_of_store_paths();
        }
        let topic = self
            .ui
            .topic(&format!("Inspecting {}", self.settings.dir.display()));
        if let Some(note) = &self.settings.note {
            self.ui.note(note);
        }
        let (project, chosen) = self.chosen()?;
        let mut plan = plan::plan(&project, &self.settings.wishes)?;
        if let Some(chosen) = chosen {
            plan.again.extend(["--attr".to_owned(), chosen.to_string()]);
        }
        for choice in plan.choices.iter().filter(|choice| choice.key != "app") {
            self.ui.detail(&format!(
                "{}: {} ({})",
                choice.key, choice.value, choice.source
            ));
        }
        for warning in &plan.warnings {
            self.ui.warn(warning);
        }
        topic.done();
        Ok(plan)
    }

    /// The app, for verbs that need nothing else.
    pub(super) fn app(&self) -> Result<&AppName> {
        self.settings
            .wishes
            .app
            .as_ref()
            .map(|wish| &wish.value)
            .ok_or_else(|| {
                Error::user(
                    "deploy/no-app",
                    "which Heroku app is meant is not said anywhere",
                    "name it: `-a NAME`",
                )
                .or("set `app` in nixdyno.toml, or NIXDYNO_APP")
            })
    }

    /// Asks Docker about itself.
    pub(super) fn docker(&self) -> Result<Facts> {
        self.tools
            .require(&[Tool::Docker], "images are built by Docker")?;
        docker::probe(self.runner.as_ref())
    }

    /// The same, for what is to be run. A dry run needs no engine: without one it shows what would be run with one of today.
    pub(super) fn docker_to_run(&self) -> Result<Facts> {
        match self.docker() {
            Err(error) if self.settings.dry_run => {
                let what = error.what();
                self.ui.note(&format!(
                    "{what}: these are the commands for Docker with buildx"
                ));
                Ok(Facts::assumed())
            }
            facts => facts,
        }
    }

    /// Where Heroku is.
    pub(super) fn endpoints(&self) -> Result<Endpoints> {
        let heroku = &self.settings.heroku;
        let (endpoints, warning) = Endpoints::resolve(HostSettings {
            api_url: heroku.api_url.as_deref(),
            registry: heroku.registry.as_deref(),
            heroku_host: heroku.host.as_deref(),
        })?;
        if let Some(warning) = warning {
            self.ui.note(&warning);
        }
        Ok(endpoints)
    }

    /// Who we are there. A dry run is nobody.
    pub(super) fn credentials(&self, endpoints: &Endpoints) -> Result<Credentials> {
        if self.settings.dry_run {
            return Ok(Credentials {
                token: Secret::new(""),
                source: "dry run".to_owned(),
            });
        }
        let settings = CredentialSettings {
            api_key: self.settings.heroku.api_key.clone(),
            netrc: self.settings.heroku.netrc.clone(),
        };
        Credentials::find(&settings, endpoints, self.runner.as_ref())
    }

    /// The Platform API: asked, or in a dry run only shown.
    pub(super) fn api(
        &self,
        endpoints: &Endpoints,
        credentials: &Credentials,
    ) -> Result<Box<dyn Api>> {
        if self.settings.dry_run {
            return Ok(Box::new(DryApi::new(endpoints)));
        }
        let code = self.settings.heroku.two_factor_code.clone();
        Ok(Box::new(HttpApi::new(
            endpoints,
            credentials.clone(),
            code,
        )?))
    }
}
