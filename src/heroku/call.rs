//! A call to the Platform API as a value: made by pure functions, shown in a dry run, sent by
//! [`super::HttpApi`]. So a dry run and a real one can't differ in what they would do.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use url::Url;

use crate::names::{AppName, Digest, ProcessType, Region};

use super::builds::{BuildId, NewBuild, Source};
use super::net::{Method, Repeat};
use super::types::{NewApp, ReleaseId};

/// Which variant of the API is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant {
    /// Version 3.
    Plain,
    /// `3.sdk`, which the Heroku CLI speaks where it needs newer fields.
    Sdk,
    /// `3.docker-releases`, which alone knows `docker_image` and isn't in the public schema.
    DockerReleases,
}

impl Variant {
    pub(super) fn accept(self) -> &'static str {
        match self {
            Variant::Plain => "application/vnd.heroku+json; version=3",
            Variant::Sdk => "application/vnd.heroku+json; version=3.sdk",
            Variant::DockerReleases => "application/vnd.heroku+json; version=3.docker-releases",
        }
    }
}

/// One call.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) variant: Variant,
    /// The `Range` header, by which Heroku sorts and cuts lists.
    pub(super) range: Option<String>,
    pub(super) body: Option<Value>,
    pub(super) repeat: Repeat,
    /// What it does, in `name=value` words, for the journal; `None` when it changes nothing.
    pub(super) shown: Option<String>,
}

impl Call {
    fn get(path: impl Into<String>, variant: Variant) -> Self {
        Call {
            method: Method::Get,
            path: path.into(),
            variant,
            range: None,
            body: None,
            repeat: Repeat::Freely,
            shown: None,
        }
    }

    fn write(method: Method, path: String, variant: Variant, body: Value, shown: String) -> Self {
        let repeat = match method {
            Method::Post => Repeat::Unsent,
            // Every PATCH sent here names a final state, so a second one changes nothing more.
            Method::Get | Method::Head | Method::Put | Method::Patch | Method::Delete => {
                Repeat::Freely
            }
        };
        Call {
            method,
            path,
            variant,
            range: None,
            body: Some(body),
            repeat,
            shown: Some(shown),
        }
    }

    pub(super) fn account() -> Self {
        Self::get("/account", Variant::Plain)
    }

    pub(super) fn app(app: &AppName) -> Self {
        Self::get(format!("/apps/{app}"), Variant::Sdk)
    }

    /// The names of all apps, to find near misses.
    pub(super) fn apps() -> Self {
        Call {
            range: Some("name ..; max=1000".to_owned()),
            repeat: Repeat::Unsent,
            ..Self::get("/apps", Variant::Plain)
        }
    }

    pub(super) fn create_app(new: &NewApp) -> Self {
        let name = new.name.as_ref().map(AppName::as_str);
        let fields = [
            ("name", name),
            ("region", new.region.as_ref().map(Region::as_str)),
            ("stack", new.stack.as_deref()),
            ("team", new.team.as_deref()),
        ];
        let given = || {
            fields
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)))
        };
        let body: Map<String, Value> = given()
            .map(|(key, value)| (key.to_owned(), Value::from(value)))
            .collect();
        let shown: Vec<String> = given()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        // Apps of a team are made at an address of their own.
        let path = if new.team.is_some() {
            "/teams/apps"
        } else {
            "/apps"
        };
        Self::write(
            Method::Post,
            path.to_owned(),
            Variant::Plain,
            Value::Object(body),
            shown.join(" "),
        )
    }

    pub(super) fn set_build_stack(app: &AppName, stack: &str) -> Self {
        Self::write(
            Method::Patch,
            format!("/apps/{app}"),
            Variant::Plain,
            json!({ "build_stack": stack }),
            format!("build_stack={stack}"),
        )
    }

    pub(super) fn release(app: &AppName, id: &ReleaseId) -> Self {
        Self::get(format!("/apps/{app}/releases/{id}"), Variant::Sdk)
    }

    pub(super) fn releases(app: &AppName, max: u16) -> Self {
        Call {
            range: Some(format!("version ..; max={max}, order=desc")),
            ..Self::get(format!("/apps/{app}/releases"), Variant::Sdk)
        }
    }

    pub(super) fn formation(app: &AppName) -> Self {
        Self::get(format!("/apps/{app}/formation"), Variant::Plain)
    }

    pub(super) fn release_images(app: &AppName, images: &BTreeMap<ProcessType, Digest>) -> Self {
        let updates: Vec<Value> = images
            .iter()
            .map(|(process, image)| {
                json!({ "type": process.as_str(), "docker_image": image.as_str() })
            })
            .collect();
        let shown: Vec<String> = images
            .iter()
            .map(|(process, image)| format!("{process}={image}"))
            .collect();
        Self::write(
            Method::Patch,
            format!("/apps/{app}/formation"),
            Variant::DockerReleases,
            json!({ "updates": updates }),
            shown.join(" "),
        )
    }

    pub(super) fn scale(
        app: &AppName,
        process: &ProcessType,
        quantity: u32,
        size: Option<&str>,
    ) -> Self {
        // The Heroku CLI sends the quantity as text; `"+1"` would be relative, a bare number never is.
        let mut update = json!({ "type": process.as_str(), "quantity": quantity.to_string() });
        let mut shown = format!("{process}={quantity}");
        if let (Some(size), Some(fields)) = (size, update.as_object_mut()) {
            fields.insert("size".to_owned(), Value::from(size));
            shown = format!("{shown}:{size}");
        }
        Self::write(
            Method::Patch,
            format!("/apps/{app}/formation"),
            Variant::Plain,
            json!({ "updates": [update] }),
            shown,
        )
    }

    pub(super) fn dynos(app: &AppName) -> Self {
        Self::get(format!("/apps/{app}/dynos"), Variant::Plain)
    }

    /// Asks for an address to read the log from. That changes nothing anybody can see, so it may be
    /// repeated and isn't in the journal.
    pub(super) fn log_address(app: &AppName, dyno: Option<&str>, lines: u16) -> Self {
        let mut body = json!({ "lines": lines, "tail": false });
        if let (Some(dyno), Some(fields)) = (dyno, body.as_object_mut()) {
            fields.insert("dyno".to_owned(), Value::from(dyno));
        }
        Call {
            repeat: Repeat::Freely,
            shown: None,
            ..Self::write(
                Method::Post,
                format!("/apps/{app}/log-sessions"),
                Variant::Sdk,
                body,
                String::new(),
            )
        }
    }

    pub(super) fn rollback(app: &AppName, release: &ReleaseId) -> Self {
        Self::write(
            Method::Post,
            format!("/apps/{app}/releases"),
            Variant::Sdk,
            json!({ "release": release.as_str() }),
            format!("release={release}"),
        )
    }

    /// Nobody has a place but who asked for it, so asking twice does no harm.
    pub(super) fn create_source() -> Self {
        Call {
            repeat: Repeat::Freely,
            ..Self::write(
                Method::Post,
                "/sources".to_owned(),
                Variant::Plain,
                json!({}),
                String::new(),
            )
        }
    }

    pub(super) fn create_build(app: &AppName, source: &Source, new: &NewBuild) -> Self {
        let checksum = format!("SHA256:{}", new.sha256);
        // The address is a permission to read the sources, and isn't shown.
        let shown = format!("version={} checksum={checksum}", new.version);
        let blob = json!({
            "checksum": checksum,
            "url": source.get_url().as_str(),
            "version": new.version,
            "version_description": new.description,
        });
        Self::write(
            Method::Post,
            format!("/apps/{app}/builds"),
            Variant::Plain,
            json!({ "source_blob": blob }),
            shown,
        )
    }

    pub(super) fn build(app: &AppName, id: &BuildId) -> Self {
        Self::get(format!("/apps/{app}/builds/{id}"), Variant::Plain)
    }

    pub(super) fn cancel_build(app: &AppName, id: &BuildId) -> Self {
        Call {
            method: Method::Delete,
            repeat: Repeat::Parting,
            shown: Some(String::new()),
            ..Self::build(app, id)
        }
    }

    /// Whether it makes an app.
    pub(super) fn creates_app(&self) -> bool {
        self.method == Method::Post && matches!(self.path.as_str(), "/apps" | "/teams/apps")
    }

    /// Whether it is about an app as such, not about something in it.
    pub(super) fn is_about_the_app_itself(&self) -> bool {
        self.app_name()
            .is_some_and(|name| self.path.ends_with(&format!("/apps/{name}")))
    }

    /// The app it is about.
    pub(super) fn app_name(&self) -> Option<&str> {
        self.path.strip_prefix("/apps/")?.split('/').next()
    }

    /// The method and the whole address.
    pub(super) fn line(&self, api: &Url) -> String {
        format!("{} {}", self.method.name(), self.url(api))
    }

    /// The whole address.
    pub(super) fn url(&self, api: &Url) -> String {
        format!("{}{}", api.as_str().trim_end_matches('/'), self.path)
    }

    /// The journal's line, when the call changes something.
    pub(super) fn journal_line(&self, api: &Url) -> Option<String> {
        let shown = self.shown.as_ref()?;
        Some(format!("{} {shown}", self.line(api)).trim_end().to_owned())
    }
}
