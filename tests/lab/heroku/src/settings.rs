//! What tests may change while the loopback runs (`POST /settings`).
//!
//! Takes a JSON object with some of the fields, gives complete settings. Never guesses: an unknown field is refused.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Times and strictness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Seconds in which a web dyno must listen.
    pub boot_limit_s: u64,
    /// Seconds between SIGTERM and SIGKILL.
    pub stop_limit_s: u64,
    /// Seconds that a release command may run.
    pub release_limit_s: u64,
    /// Seconds that a build may take.
    pub build_limit_s: u64,
    /// How long a release stays pending although its output stream has closed.
    pub pending_after_stream_ms: u64,
    /// How long a release without a release command stays pending; also how long before a release command starts.
    pub release_delay_ms: u64,
    /// Ends output streams after this many bytes, as if all was said.
    pub stream_cut_after: Option<usize>,
    /// Whether a release image without `curl` has an empty output stream, as on Heroku.
    pub stream_needs_curl: bool,
    /// Whether images without entrypoint run under `/bin/sh -l -c`; sources differ on the `-l`.
    pub login_shell: bool,
    /// Whether the registry mounts blobs from other repositories; unknown of Heroku's.
    pub blob_mount: bool,
    /// The remaining requests told in `RateLimit-Remaining`.
    pub rate_limit_remaining: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            boot_limit_s: 60,
            stop_limit_s: 30,
            release_limit_s: 3600,
            build_limit_s: 900,
            pending_after_stream_ms: 500,
            release_delay_ms: 0,
            stream_cut_after: None,
            stream_needs_curl: true,
            login_shell: false,
            blob_mount: true,
            rate_limit_remaining: 4500,
        }
    }
}

impl Settings {
    /// These settings with the fields of `changes` put in their place.
    pub fn with(&self, changes: &Value) -> Result<Self, String> {
        let Value::Object(changes) = changes else {
            return Err("settings are a JSON object".to_owned());
        };
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Value::Object(all) = &mut all {
            all.extend(changes.clone());
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    /// [`Settings::boot_limit_s`] as a duration.
    pub fn boot_limit(&self) -> Duration {
        Duration::from_secs(self.boot_limit_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_named_fields_change() {
        let changed = Settings::default()
            .with(&json!({"boot_limit_s": 2, "stream_cut_after": 5}))
            .unwrap();
        assert_eq!(
            (
                changed.boot_limit_s,
                changed.stream_cut_after,
                changed.stop_limit_s
            ),
            (2, Some(5), 30)
        );
        assert_eq!(
            changed
                .with(&json!({"stream_cut_after": null}))
                .unwrap()
                .stream_cut_after,
            None
        );
    }

    #[test]
    fn mistakes_are_refused() {
        for bad in [json!([]), json!({"boot": 1}), json!({"boot_limit_s": "x"})] {
            assert!(Settings::default().with(&bad).is_err(), "{bad}");
        }
    }
}
