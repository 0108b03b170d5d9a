//! Dynos and the formation that says how many there are.

use tokio::sync::watch;

/// Where a dyno is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its image is pulled, or its web process doesn't listen yet.
    Starting,
    /// It runs.
    Up,
    /// Its process ended, or never listened.
    Crashed,
    /// It was told to end.
    Down,
    /// A one-off dyno that has ended.
    Complete,
}

impl State {
    /// As the API and the log write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Up => "up",
            Self::Crashed => "crashed",
            Self::Down => "down",
            Self::Complete => "complete",
        }
    }
}

/// One dyno of an app.
#[derive(Clone, Debug)]
pub struct Dyno {
    /// Its id; a restarted `web.1` is another dyno of the same name.
    pub id: String,
    /// `web.1`, `run.1234`, `release.5678`.
    pub name: String,
    /// Its process type.
    pub kind: String,
    /// Whether it runs a command once, outside the formation.
    pub one_off: bool,
    /// What it runs.
    pub command: String,
    /// Its size, such as `Basic`.
    pub size: String,
    /// Where it is in its life.
    pub state: State,
    /// The release's id.
    pub release_id: String,
    /// The release's version.
    pub version: u64,
    /// When it was made.
    pub created_at: String,
    /// When its state last changed.
    pub updated_at: String,
    /// Where its `$PORT` can be reached, once it runs.
    pub address: Option<String>,
    /// Tells its supervisor to end it.
    pub stop: watch::Sender<bool>,
}

/// How many dynos of one type the app wants.
#[derive(Clone, Debug)]
pub struct Formation {
    /// Its id.
    pub id: String,
    /// Dynos wanted.
    pub quantity: u32,
    /// Their size.
    pub size: String,
    /// When the type was first released.
    pub created_at: String,
    /// When it was last scaled.
    pub updated_at: String,
}

/// Dyno sizes of the Common Runtime, as the API writes them.
const SIZES: [&str; 9] = [
    "Eco",
    "Basic",
    "Standard-1X",
    "Standard-2X",
    "Performance-M",
    "Performance-L",
    "Performance-L-RAM",
    "Performance-XL",
    "Performance-2XL",
];

/// The size that `name` means, in any letter case.
pub fn size(name: &str) -> Option<&'static str> {
    SIZES
        .into_iter()
        .find(|size| size.eq_ignore_ascii_case(name))
}

/// The size of a type that nobody scaled.
pub const DEFAULT_SIZE: &str = "Basic";
