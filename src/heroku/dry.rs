//! The Platform API of a dry run: no network, every write noted, answers as if all went well.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use url::Url;

use crate::error::Result;
use crate::names::{AppName, Digest, ProcessType};

use super::api::Api;
use super::builds::{Build, BuildId, BuildStatus, NewBuild, Source, Upload};
use super::call::Call;
use super::endpoints::Endpoints;
use super::types::{
    Account, App, Dyno, DynoRelease, Formation, NewApp, Release, ReleaseId, ReleaseStatus,
    StreamEnd,
};

/// Notes what [`super::HttpApi`] would send. The app it tells of exists, takes images, and has one
/// web dyno; each release succeeds at once.
pub struct DryApi {
    api: Url,
    /// The number of the newest release.
    version: Cell<u64>,
    journal: RefCell<Vec<String>>,
}

impl DryApi {
    /// A dry API that shows the addresses of `endpoints`.
    pub fn new(endpoints: &Endpoints) -> Self {
        DryApi {
            api: endpoints.api.clone(),
            version: Cell::new(1),
            journal: RefCell::default(),
        }
    }

    fn note(&self, call: &Call) {
        self.journal
            .borrow_mut()
            .extend(call.journal_line(&self.api));
    }

    /// Notes a call that is made only where the app isn't as it is pretended.
    fn note_if(&self, condition: &str, call: &Call) {
        let line = call.journal_line(&self.api);
        let line = line.map(|line| format!("{condition}: {line}"));
        self.journal.borrow_mut().extend(line);
    }

    fn pretend_release(&self, version: u64) -> Result<Release> {
        Ok(Release {
            id: ReleaseId::try_from(format!("00000000-0000-4000-8000-{version:012}"))?,
            version,
            status: ReleaseStatus::Succeeded,
            description: "dry run".to_owned(),
            current: version == self.version.get(),
            eligible_for_rollback: Some(true),
            created_at: None,
            output_stream_url: None,
        })
    }
}

fn pretend_app(name: AppName) -> App {
    App {
        web_url: Url::parse(&format!("https://{name}.herokuapp.com/")).ok(),
        name,
        stack: Some("container".to_owned()),
        build_stack: Some("container".to_owned()),
        generation: Some("cedar".to_owned()),
    }
}

impl Api for DryApi {
    fn account(&self) -> Result<Account> {
        Ok(Account {
            email: "dry-run@example.com".to_owned(),
        })
    }

    fn app(&self, app: &AppName) -> Result<App> {
        Ok(pretend_app(app.clone()))
    }

    fn create_app(&self, new: &NewApp) -> Result<App> {
        self.note(&Call::create_app(new));
        match &new.name {
            Some(name) => Ok(pretend_app(name.clone())),
            None => Ok(pretend_app("name-by-heroku".parse()?)),
        }
    }

    fn may_create_app(&self, new: &NewApp) {
        self.note_if("if it isn't there", &Call::create_app(new));
    }

    fn may_set_build_stack(&self, app: &AppName, stack: &str) {
        let call = Call::set_build_stack(app, stack);
        self.note_if("if it is on another stack", &call);
    }

    fn set_build_stack(&self, app: &AppName, stack: &str) -> Result<App> {
        self.note(&Call::set_build_stack(app, stack));
        Ok(App {
            stack: Some(stack.to_owned()),
            build_stack: Some(stack.to_owned()),
            ..pretend_app(app.clone())
        })
    }

    fn release(&self, _: &AppName, id: &ReleaseId) -> Result<Release> {
        let digits = id.as_str().rsplit('-').next().unwrap_or_default();
        let version = digits.parse().unwrap_or(self.version.get());
        self.pretend_release(version)
    }

    fn releases(&self, _: &AppName, max: u16) -> Result<Vec<Release>> {
        (1..=self.version.get())
            .rev()
            .take(usize::from(max))
            .map(|version| self.pretend_release(version))
            .collect()
    }

    fn formation(&self, _: &AppName) -> Result<Vec<Formation>> {
        Ok(vec![Formation {
            process: ProcessType::web(),
            quantity: 1,
            size: None,
        }])
    }

    fn release_images(&self, app: &AppName, images: &BTreeMap<ProcessType, Digest>) -> Result<()> {
        self.note(&Call::release_images(app, images));
        self.version.set(self.version.get() + 1);
        Ok(())
    }

    fn scale(
        &self,
        app: &AppName,
        process: &ProcessType,
        quantity: u32,
        size: Option<&str>,
    ) -> Result<()> {
        self.note(&Call::scale(app, process, quantity, size));
        Ok(())
    }

    fn dynos(&self, _: &AppName) -> Result<Vec<Dyno>> {
        Ok(vec![Dyno {
            name: "web.1".to_owned(),
            process: "web".to_owned(),
            state: "up".to_owned(),
            release: DynoRelease {
                version: self.version.get(),
            },
        }])
    }

    fn log_tail(&self, _: &AppName, _: Option<&str>, _: u16) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn output_stream(
        &self,
        _: &Url,
        _: &mut dyn FnMut() -> bool,
        _: &mut dyn FnMut(&str),
    ) -> Result<StreamEnd> {
        Ok(StreamEnd::Finished)
    }

    fn rollback(&self, app: &AppName, release: &ReleaseId) -> Result<Release> {
        self.note(&Call::rollback(app, release));
        self.version.set(self.version.get() + 1);
        self.pretend_release(self.version.get())
    }

    fn create_source(&self) -> Result<Source> {
        self.note(&Call::create_source());
        Ok(Source::pretended(&self.api))
    }

    fn upload(&self, _: &Source, upload: &Upload) -> Result<()> {
        self.journal.borrow_mut().push(upload.shown());
        Ok(())
    }

    fn create_build(&self, app: &AppName, source: &Source, new: &NewBuild) -> Result<Build> {
        self.note(&Call::create_build(app, source, new));
        self.version.set(self.version.get() + 1);
        Ok(Build {
            id: BuildId::pretended(),
            status: BuildStatus::Succeeded,
            output_stream_url: None,
            release: Some(self.pretend_release(self.version.get())?.id),
        })
    }

    fn build(&self, _: &AppName, id: &BuildId) -> Result<Build> {
        Ok(Build {
            id: id.clone(),
            status: BuildStatus::Succeeded,
            output_stream_url: None,
            release: Some(self.pretend_release(self.version.get())?.id),
        })
    }

    fn cancel_build(&self, app: &AppName, id: &BuildId) -> Result<()> {
        self.note(&Call::cancel_build(app, id));
        Ok(())
    }

    fn journal(&self) -> Vec<String> {
        self.journal.borrow().clone()
    }

    fn is_dry(&self) -> bool {
        true
    }
}
