//! What the Platform API answers, cut down to the fields that are used. Unknown fields are ignored, so
//! that Heroku may add to its answers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use crate::error::{Error, Result};
use crate::names::{AppName, ProcessType, Region};

/// Who the token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's address.
    pub email: String,
}

/// An app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its name.
    pub name: AppName,
    /// What its dynos run on, such as `container` or `heroku-24`.
    #[serde(default, deserialize_with = "name_of")]
    pub stack: Option<String>,
    /// What its next release will run on.
    #[serde(default, deserialize_with = "name_of")]
    pub build_stack: Option<String>,
    /// `cedar` or `fir`; only Cedar takes images from the registry.
    #[serde(default, deserialize_with = "name_of")]
    pub generation: Option<String>,
    /// Where the web process answers.
    #[serde(default)]
    pub web_url: Option<Url>,
}

impl App {
    /// Whether it takes images: either stack may say so, as for the Heroku CLI.
    pub fn takes_images(&self) -> bool {
        [&self.stack, &self.build_stack]
            .into_iter()
            .any(|stack| stack.as_deref() == Some("container"))
    }

    /// Whether Heroku would build images for it: its next stack decides.
    pub fn builds_images(&self) -> bool {
        let next = self.build_stack.as_ref().or(self.stack.as_ref());
        next.is_some_and(|stack| stack == "container")
    }
}

/// What a new app is asked to be; what is `None` is left to Heroku.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewApp {
    /// Its name; without one Heroku makes one up.
    pub name: Option<AppName>,
    /// Such as `us` or `eu`.
    pub region: Option<Region>,
    /// The team that owns it.
    pub team: Option<String>,
    /// Such as `container`.
    pub stack: Option<String>,
}

/// The id of a release; safe in a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseId(String);

impl ReleaseId {
    /// The id itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ReleaseId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if fits {
            return Ok(ReleaseId(text));
        }
        Err(Error::user(
            "heroku/release-id",
            format!("`{}` is not the id of a release", text.escape_debug()),
            "use a version such as `v12`, as `nixdyno status` shows it",
        ))
    }
}

impl From<ReleaseId> for String {
    fn from(id: ReleaseId) -> String {
        id.0
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// Its number: 12 for `v12`.
    pub version: u64,
    /// How far it is.
    pub status: ReleaseStatus,
    /// Such as `Deployed web (0123456789ab)`.
    #[serde(default)]
    pub description: String,
    /// Whether it is the one that runs.
    #[serde(default)]
    pub current: bool,
    /// Whether Heroku still has what it needs to go back to it.
    #[serde(default)]
    pub eligible_for_rollback: Option<bool>,
    /// When, as Heroku writes it.
    #[serde(default)]
    pub created_at: Option<String>,
    /// Where the release phase's output can be read while it runs, and after.
    #[serde(default)]
    pub output_stream_url: Option<Url>,
}

/// How far a release is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ReleaseStatus {
    /// Its release phase runs.
    Pending,
    /// It's live, or was.
    Succeeded,
    /// Its release phase failed; the release before it goes on.
    Failed,
    /// Heroku threw away what it needs to run.
    Expired,
    /// A word that is not in the schema.
    Other(String),
}

impl From<String> for ReleaseStatus {
    fn from(text: String) -> Self {
        match text.as_str() {
            "pending" => Self::Pending,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            "expired" => Self::Expired,
            _ => Self::Other(text),
        }
    }
}

impl From<ReleaseStatus> for String {
    fn from(status: ReleaseStatus) -> String {
        status.to_string()
    }
}

impl fmt::Display for ReleaseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Other(text) => text,
        })
    }
}

/// How many dynos of a process type there should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formation {
    /// The process type.
    #[serde(rename = "type")]
    pub process: ProcessType,
    /// How many.
    pub quantity: u32,
    /// Of which size, such as `Basic`.
    #[serde(default)]
    pub size: Option<String>,
}

/// A dyno.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dyno {
    /// Such as `web.1`.
    pub name: String,
    /// Its process type.
    #[serde(rename = "type")]
    pub process: String,
    /// `starting`, `up`, `crashed`, `idle`, `down`, …
    pub state: String,
    /// Which release it runs.
    pub release: DynoRelease,
}

/// Which release a dyno runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynoRelease {
    /// The release's number.
    pub version: u64,
}

/// How reading a stream ended. Nothing about the release follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEnd {
    /// The server closed it properly.
    Finished,
    /// There is nothing at that address (yet).
    NotThere,
    /// It broke off, or nothing came for too long; in words.
    Cut(String),
}

/// `{"name": "container"}`, `"container"` or `null`.
fn name_of<'de, D: Deserializer<'de>>(value: D) -> std::result::Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Named {
        Object { name: Option<String> },
        Plain(String),
    }
    Ok(match Option::<Named>::deserialize(value)? {
        Some(Named::Object { name }) => name,
        Some(Named::Plain(name)) => Some(name),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_may_carry_more_and_less() {
        let app: App = serde_json::from_str(
            r#"{"name":"my-app","stack":{"id":"1","name":"heroku-24"},"build_stack":"container",
                "generation":null,"space":null,"web_url":"https://my-app.herokuapp.com/"}"#,
        )
        .unwrap();
        assert!(app.takes_images() && app.builds_images());
        assert_eq!(app.generation, None);
        let app: App = serde_json::from_str(r#"{"name":"my-app"}"#).unwrap();
        assert!(!app.takes_images() && !app.builds_images());
        let leaving = r#"{"name":"my-app","stack":"container","build_stack":"heroku-24"}"#;
        let app: App = serde_json::from_str(leaving).unwrap();
        assert!(app.takes_images() && !app.builds_images());
    }

    #[test]
    fn a_new_status_is_kept_as_it_stands() {
        let status: ReleaseStatus = serde_json::from_str("\"paused\"").unwrap();
        assert_eq!(status, ReleaseStatus::Other("paused".to_owned()));
        assert_eq!(serde_json::to_string(&status).unwrap(), "\"paused\"");
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_a_url() {
        for bad in ["", "../x", "a/b", "a?b", "a b"] {
            assert!(ReleaseId::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        insta::assert_snapshot!(ReleaseId::try_from("../x".to_owned()).unwrap_err());
    }
}
