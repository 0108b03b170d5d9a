//! Releases of one app: the state machine behind `docker-releases`, config changes and rollbacks.
//!
//! Takes what changes, gives numbered releases. A release waits as `pending` and ends as `succeeded` or `failed`, once;
//! only the newest one that succeeded is current. Never runs the release command; who runs it reports how it ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::image::Image;
use super::output::Output;
use crate::ids;

/// The process type whose image runs before a release goes live.
pub const RELEASE_TYPE: &str = "release";

/// Images by process type.
pub type Images = BTreeMap<String, Image>;
/// Config vars.
pub type Config = BTreeMap<String, String>;

/// Where a release is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The release command waits or runs.
    Pending,
    /// It is, or was, live.
    Succeeded,
    /// The release command failed; it never went live.
    Failed,
}

impl Status {
    /// As the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// One release: the images and config vars that dynos of it run with.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// 1, 2, 3, …
    pub version: u64,
    /// When it was made.
    pub created_at: String,
    /// When its status last changed.
    pub updated_at: String,
    /// `Deployed web (…)` and the like.
    pub description: String,
    /// Where it is in its life.
    pub status: Status,
    /// Images by process type.
    pub images: Images,
    /// Config vars at that time.
    pub config: Config,
    /// What the release command writes; `None` when there is no such command.
    pub output: Option<Arc<Output>>,
}

impl Release {
    /// The image that must run before this release goes live.
    pub fn command_image(&self) -> Option<&Image> {
        self.images.get(RELEASE_TYPE)
    }

    /// Whether `POST /releases` takes it as a target: it was live, and has something to run.
    pub fn eligible_for_rollback(&self) -> bool {
        self.status == Status::Succeeded && !self.images.is_empty()
    }
}

/// All releases of an app, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Releases(Vec<Release>);

impl Releases {
    /// Adds a release that is pending, with an output stream if it has a release command.
    pub fn create(
        &mut self,
        now: &str,
        description: String,
        images: Images,
        config: Config,
    ) -> Release {
        let output = images.contains_key(RELEASE_TYPE).then(Arc::default);
        let version = self.newest().map_or(1, |release| release.version + 1);
        let release = Release {
            id: ids::uuid(),
            version,
            created_at: now.to_owned(),
            updated_at: now.to_owned(),
            description,
            status: Status::Pending,
            images,
            config,
            output,
        };
        self.0.push(release.clone());
        release
    }

    /// Ends a pending release; whether it is the current one now. A release that has ended stays as it is.
    pub fn finish(&mut self, now: &str, id: &str, succeeded: bool) -> bool {
        let pending = self
            .0
            .iter_mut()
            .find(|release| release.id == id && release.status == Status::Pending);
        let Some(release) = pending else { return false };
        release.status = if succeeded {
            Status::Succeeded
        } else {
            Status::Failed
        };
        now.clone_into(&mut release.updated_at);
        self.current().is_some_and(|current| current.id == id)
    }

    /// The release that is live.
    pub fn current(&self) -> Option<&Release> {
        self.0
            .iter()
            .rev()
            .find(|release| release.status == Status::Succeeded)
    }

    /// The release that the next one builds upon: one still pending counts, one that failed doesn't.
    pub fn base(&self) -> Option<&Release> {
        self.0
            .iter()
            .rev()
            .find(|release| release.status != Status::Failed)
    }

    /// The newest release, whatever its status.
    pub fn newest(&self) -> Option<&Release> {
        self.0.last()
    }

    /// The release with that id or version; `current` and `v3` are understood too.
    pub fn find(&self, key: &str) -> Option<&Release> {
        if key == "current" {
            return self.current();
        }
        let version = key.strip_prefix('v').unwrap_or(key).parse::<u64>().ok();
        self.0
            .iter()
            .find(|release| release.id == key || Some(release.version) == version)
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Release> {
        self.0.iter()
    }

    /// Whether any release ever had an image; before that, a new stack takes effect at once.
    pub fn deployed(&self) -> bool {
        self.0.iter().any(|release| !release.images.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(id: &str) -> Image {
        Image {
            repository: "app/web".into(),
            config_digest: format!("sha256:{id}"),
            manifest_digest: "sha256:m".into(),
            architecture: "amd64".into(),
            layers: 1,
            entrypoint: vec![],
            command: vec!["run".into()],
        }
    }

    fn images(types: &[&str]) -> Images {
        types
            .iter()
            .map(|name| ((*name).to_owned(), image(name)))
            .collect()
    }

    fn add(releases: &mut Releases, types: &[&str]) -> String {
        releases
            .create("T", "Deployed".into(), images(types), Config::new())
            .id
    }

    #[test]
    fn versions_count_up_and_only_success_is_current() {
        let mut releases = Releases::default();
        let first = add(&mut releases, &["web"]);
        assert!(releases.current().is_none());
        assert!(releases.finish("T", &first, true));
        let second = add(&mut releases, &["web", RELEASE_TYPE]);
        assert!(!releases.finish("T", &second, false));
        assert_eq!(releases.current().map(|release| release.version), Some(1));
        assert_eq!(
            releases
                .newest()
                .map(|release| (release.version, release.status)),
            Some((2, Status::Failed))
        );
    }

    #[test]
    fn a_release_ends_once() {
        let mut releases = Releases::default();
        let id = add(&mut releases, &["web"]);
        assert!(!releases.finish("T", &id, false));
        assert!(!releases.finish("T", &id, true));
        assert_eq!(
            releases.find("1").map(|release| release.status),
            Some(Status::Failed)
        );
        assert!(!releases.finish("T", "no such release", true));
    }

    #[test]
    fn an_older_release_that_ends_late_is_not_current() {
        let mut releases = Releases::default();
        let slow = add(&mut releases, &["web"]);
        let quick = add(&mut releases, &["web"]);
        assert!(releases.finish("T", &quick, true));
        assert!(!releases.finish("T", &slow, true));
    }

    #[test]
    fn the_next_release_builds_on_what_did_not_fail() {
        let mut releases = Releases::default();
        let good = add(&mut releases, &["web"]);
        releases.finish("T", &good, true);
        let bad = add(&mut releases, &["web", "worker"]);
        assert_eq!(releases.base().map(|release| release.images.len()), Some(2));
        releases.finish("T", &bad, false);
        assert_eq!(releases.base().map(|release| release.images.len()), Some(1));
    }

    #[test]
    fn only_live_releases_with_images_can_be_rolled_back_to() {
        let mut releases = Releases::default();
        let empty = add(&mut releases, &[]);
        let web = add(&mut releases, &["web"]);
        releases.finish("T", &empty, true);
        assert!(
            !releases.deployed()
                || releases
                    .find(&empty)
                    .is_some_and(|it| !it.eligible_for_rollback())
        );
        assert!(
            releases
                .find(&web)
                .is_some_and(|it| !it.eligible_for_rollback())
        );
        releases.finish("T", &web, true);
        assert!(
            releases
                .find("v2")
                .is_some_and(Release::eligible_for_rollback)
        );
        assert!(releases.find("current").is_some_and(|it| it.id == web));
    }

    #[test]
    fn only_a_release_image_has_an_output() {
        let mut releases = Releases::default();
        add(&mut releases, &["web"]);
        assert!(releases.newest().is_some_and(|it| it.output.is_none()));
        add(&mut releases, &[RELEASE_TYPE]);
        assert!(releases.newest().is_some_and(|it| it.output.is_some()));
    }
}
