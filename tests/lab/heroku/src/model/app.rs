//! One app.
//!
//! Takes changes, gives the releases they make. Never decides who may change it.

use std::collections::BTreeMap;

use super::build::Build;
use super::dyno::{DEFAULT_SIZE, Dyno, Formation, State};
use super::image::Image;
use super::log::{Line, Log};
use super::release::{Config, Images, Release, Releases};
use crate::ids;

/// The stack on which images run.
pub const CONTAINER: &str = "container";

/// An app and all that belongs to it.
#[derive(Debug)]
pub struct App {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// When it was last released.
    pub released_at: Option<String>,
    /// `us` or `eu`.
    pub region: String,
    /// The team that owns it.
    pub team: Option<String>,
    /// The stack it runs on.
    pub stack: String,
    /// The stack of its next release.
    pub build_stack: String,
    /// Whether the router shows the maintenance page.
    pub maintenance: bool,
    /// Config vars of the next release.
    pub config: Config,
    /// Process types and their scale.
    pub formation: BTreeMap<String, Formation>,
    /// Its releases.
    pub releases: Releases,
    /// What was pushed: by process type, then by image ID.
    pub pushed: BTreeMap<String, BTreeMap<String, Image>>,
    /// Its builds by id.
    pub builds: BTreeMap<String, Build>,
    /// Its dynos by name.
    pub dynos: BTreeMap<String, Dyno>,
    /// Its log.
    pub log: Log,
    /// Features that were switched.
    pub features: BTreeMap<String, bool>,
    /// Its add-ons.
    pub addons: Vec<Addon>,
}

/// An add-on.
#[derive(Debug, Clone)]
pub struct Addon {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Such as `heroku-redis:mini`.
    pub plan: String,
    /// The name it is attached by.
    pub attachment: String,
}

impl App {
    /// A new app with the two releases that Heroku makes at once.
    pub fn new(name: &str, stack: &str, region: &str) -> Self {
        let now = ids::now();
        let mut app = Self {
            id: ids::uuid(),
            name: name.to_owned(),
            created_at: now.clone(),
            updated_at: now.clone(),
            released_at: None,
            region: region.to_owned(),
            team: None,
            stack: stack.to_owned(),
            build_stack: stack.to_owned(),
            maintenance: false,
            config: Config::new(),
            formation: BTreeMap::new(),
            releases: Releases::default(),
            pushed: BTreeMap::new(),
            builds: BTreeMap::new(),
            dynos: BTreeMap::new(),
            log: Log::default(),
            features: BTreeMap::new(),
            addons: Vec::new(),
        };
        for description in ["Initial release", "Enable Logplex"] {
            let release =
                app.releases
                    .create(&now, description.to_owned(), Images::new(), Config::new());
            app.releases.finish(&now, &release.id, true);
        }
        app
    }

    /// Whether images can be pushed and released: either stack will do, as in the CLI.
    pub fn takes_images(&self) -> bool {
        self.stack == CONTAINER || self.build_stack == CONTAINER
    }

    /// Chooses the stack of the next release; an app that was never deployed has it at once.
    pub fn set_build_stack(&mut self, stack: &str) {
        stack.clone_into(&mut self.build_stack);
        if !self.releases.deployed() {
            stack.clone_into(&mut self.stack);
        }
        self.updated_at = ids::now();
    }

    /// Adds a pending release with these images and the app's config vars.
    pub fn release(&mut self, description: String, images: Images) -> Release {
        let now = ids::now();
        self.add_types(&now, &images);
        let release = self
            .releases
            .create(&now, description, images, self.config.clone());
        self.released_at = Some(now);
        self.stack.clone_from(&self.build_stack);
        let text = format!(
            "Release v{} created by user {}",
            release.version,
            ids::EMAIL
        );
        self.say("app", "api", text);
        release
    }

    /// Ends a pending release; whether it is live now. A type that is gone loses its scale, but only then: a release
    /// that fails changes nothing.
    pub fn finish(&mut self, release: &str, succeeded: bool) -> bool {
        let live = self.releases.finish(&ids::now(), release, succeeded);
        if let Some(current) = self.releases.current().filter(|_| live) {
            self.formation
                .retain(|kind, _| current.images.contains_key(kind));
        }
        live
    }

    /// A type that is new gets one dyno if it is `web`, none otherwise.
    fn add_types(&mut self, now: &str, images: &Images) {
        for kind in images.keys() {
            self.formation
                .entry(kind.clone())
                .or_insert_with(|| Formation {
                    id: ids::uuid(),
                    quantity: u32::from(kind == "web"),
                    size: DEFAULT_SIZE.to_owned(),
                    created_at: now.to_owned(),
                    updated_at: now.to_owned(),
                });
        }
    }

    /// Writes a line to the app's log.
    pub fn say(&mut self, source: &'static str, dyno: &str, text: impl Into<String>) {
        self.log.push(Line {
            time: ids::log_time(),
            source,
            dyno: dyno.to_owned(),
            text: text.into(),
        });
    }

    /// The dyno with this id, unless another has taken its name.
    pub fn dyno(&mut self, id: &str) -> Option<&mut Dyno> {
        self.dynos.values_mut().find(|dyno| dyno.id == id)
    }

    /// Changes a dyno's state and logs the change.
    pub fn turn(&mut self, id: &str, name: &str, from: State, to: State) {
        if let Some(dyno) = self.dyno(id) {
            dyno.state = to;
            dyno.updated_at = ids::now();
        }
        if from != to {
            self.say(
                "heroku",
                name,
                format!("State changed from {} to {}", from.name(), to.name()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(kind: &str) -> (String, Image) {
        let image = Image {
            repository: format!("app/{kind}"),
            config_digest: "sha256:0123456789abcdef".into(),
            manifest_digest: "sha256:m".into(),
            architecture: "amd64".into(),
            layers: 1,
            entrypoint: vec![],
            command: vec!["run".into()],
        };
        (kind.to_owned(), image)
    }

    #[test]
    fn a_new_app_is_at_version_two() {
        let app = App::new("app", "heroku-24", "us");
        assert_eq!(
            app.releases.current().map(|release| release.version),
            Some(2)
        );
        assert!(!app.releases.deployed());
    }

    #[test]
    fn the_stack_follows_at_once_only_before_the_first_deploy() {
        let mut app = App::new("app", "heroku-24", "us");
        app.set_build_stack(CONTAINER);
        assert_eq!(
            (app.stack.as_str(), app.build_stack.as_str()),
            (CONTAINER, CONTAINER)
        );
        app.release("Deployed".into(), Images::from([image("web")]));
        app.set_build_stack("heroku-24");
        assert_eq!(
            (app.stack.as_str(), app.build_stack.as_str()),
            (CONTAINER, "heroku-24")
        );
        assert!(app.takes_images());
        app.release("Set A".into(), Images::from([image("web")]));
        assert!(!app.takes_images());
    }

    #[test]
    fn the_first_web_has_one_dyno_and_keeps_its_scale() {
        let mut app = App::new("app", CONTAINER, "us");
        app.release(
            "Deployed".into(),
            Images::from([image("web"), image("worker")]),
        );
        let scale = |app: &App| {
            app.formation
                .iter()
                .map(|(kind, it)| format!("{kind}={}", it.quantity))
                .collect::<Vec<_>>()
        };
        assert_eq!(scale(&app), ["web=1", "worker=0"]);
        app.formation
            .entry("web".into())
            .and_modify(|web| web.quantity = 0);
        let next = app.release("Deployed".into(), Images::from([image("web")]));
        assert_eq!(scale(&app), ["web=0", "worker=0"]);
        assert!(app.finish(&next.id, true));
        assert_eq!(scale(&app), ["web=0"]);
        assert_eq!(image("web").1.short_id(), "0123456789ab");
    }
}
