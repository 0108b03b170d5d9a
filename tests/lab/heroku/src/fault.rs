//! Faults that tests ask for (`POST /faults`).
//!
//! Takes JSON, and then each request as it comes; gives what shall go wrong with it. Never makes it go wrong itself:
//! that is [`crate::front`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which of the loopback's servers a request reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The Platform API.
    Api,
    /// The container registry.
    Registry,
    /// Log and output streams.
    Stream,
    /// Where sources lie.
    Source,
    /// An app, through the router.
    App,
}

/// One fault.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests with this method.
    pub method: Option<String>,
    /// Only paths that begin so; with a `*`, only paths that match as a whole.
    #[serde(default)]
    pub path: String,
    /// Only requests to this server.
    #[serde(rename = "where")]
    pub place: Option<Place>,
    /// How many of these requests pass before it.
    #[serde(default)]
    pub skip: u32,
    /// How often: once unless said otherwise, 0 is for ever.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    pub action: Action,
}

fn once() -> u32 {
    1
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Action {
    /// `"two_factor"` or `"hang"`.
    Word(Word),
    /// An answer of the test's own, a delay, a cut.
    Effects(Effects),
}

/// Actions that need no more than their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// 403 unless the request has the right second factor.
    TwoFactor,
    /// No answer, ever.
    Hang,
}

/// Actions with numbers; they can be combined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Effects {
    /// Answers with this status, and never reaches the server.
    pub status: Option<u16>,
    /// The body of that answer; Heroku's own body for the status when absent.
    pub body: Option<Value>,
    /// Headers of that answer.
    pub headers: BTreeMap<String, String>,
    /// Waits first.
    pub delay_ms: Option<u64>,
    /// Breaks the connection after this many bytes of the upload, or of the answer when nothing is uploaded.
    pub cut_after_bytes: Option<usize>,
}

/// What of a request decides whether a fault meets it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Which server.
    pub place: Place,
    /// Its method.
    pub method: &'a str,
    /// Its path without the query.
    pub path: &'a str,
    /// Whether the second factor was given, with the request or in advance.
    pub second_factor: bool,
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds faults after those that are there.
    pub fn add(&mut self, faults: Vec<Fault>) {
        self.0.extend(faults);
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault that meets `asked`, used up by one.
    pub fn take(&mut self, asked: &Asked) -> Option<Action> {
        let (index, fault) = self.0.iter_mut().enumerate().find_map(|(index, fault)| {
            let passes = fault.meets(asked) && fault.skip > 0;
            fault.skip -= u32::from(passes);
            (!passes && fault.meets(asked)).then_some((index, fault))
        })?;
        let action = fault.action.clone();
        if fault.times == 1 {
            self.0.remove(index);
        } else {
            fault.times = fault.times.saturating_sub(1);
        }
        Some(action)
    }
}

impl Fault {
    fn meets(&self, asked: &Asked) -> bool {
        let method = self
            .method
            .as_deref()
            .is_none_or(|method| method.eq_ignore_ascii_case(asked.method));
        let place = self.place.is_none_or(|place| place == asked.place);
        let excused = self.action == Action::Word(Word::TwoFactor) && asked.second_factor;
        method && place && !excused && path_matches(&self.path, asked.path)
    }
}

/// Prefix match, or a glob over the whole path in which `*` stands for anything, slashes too.
fn path_matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let Some((last, middle)) = parts
        .collect::<Vec<_>>()
        .split_last()
        .map(|(last, middle)| (*last, middle.to_vec()))
    else {
        return true;
    };
    let after = middle.into_iter().try_fold(rest, |rest, part| {
        rest.find(part).and_then(|at| rest.get(at + part.len()..))
    });
    after.is_some_and(|rest| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(list: Value) -> Faults {
        let mut faults = Faults::default();
        faults.add(serde_json::from_value(list).unwrap());
        faults
    }

    fn asked<'a>(method: &'a str, path: &'a str) -> Asked<'a> {
        Asked {
            place: Place::Api,
            method,
            path,
            second_factor: false,
        }
    }

    #[test]
    fn paths_by_prefix_or_glob() {
        assert!(
            path_matches("", "/any")
                && path_matches("/apps", "/apps/x")
                && !path_matches("/apps/y", "/apps/x")
        );
        assert!(path_matches("/apps/*/formation", "/apps/x/formation"));
        assert!(!path_matches("/apps/*/formation", "/apps/x/formation/web"));
        assert!(
            path_matches("/v2/*/blobs/*", "/v2/a/web/blobs/sha256:1") && path_matches("*", "/")
        );
        assert!(!path_matches("/ab*ba", "/aba"));
    }

    #[test]
    fn a_fault_is_used_up() {
        let mut faults = faults(
            json!([{"method": "patch", "path": "/apps", "times": 2, "action": {"status": 429}}]),
        );
        assert!(faults.take(&asked("GET", "/apps/x")).is_none());
        assert!(faults.take(&asked("PATCH", "/apps/x")).is_some());
        assert!(faults.take(&asked("PATCH", "/apps/x")).is_some());
        assert!(faults.take(&asked("PATCH", "/apps/x")).is_none());
    }

    #[test]
    fn some_requests_pass_before_a_fault() {
        let mut faults = faults(json!([{"path": "/apps", "skip": 2, "action": {"status": 500}}]));
        let met: Vec<bool> = ["/apps", "/x", "/apps", "/apps", "/apps"]
            .iter()
            .map(|path| faults.take(&asked("GET", path)).is_some())
            .collect();
        assert_eq!(met, [false, false, false, true, false]);
    }

    #[test]
    fn zero_times_is_for_ever_and_places_differ() {
        let mut faults = faults(json!([{"where": "api", "times": 0, "action": "hang"}]));
        for _ in 0..5 {
            assert_eq!(
                faults.take(&asked("GET", "/")),
                Some(Action::Word(Word::Hang))
            );
        }
        assert!(
            faults
                .take(&Asked {
                    place: Place::Registry,
                    ..asked("GET", "/")
                })
                .is_none()
        );
        faults.clear();
        assert!(faults.take(&asked("GET", "/")).is_none());
    }

    #[test]
    fn the_second_factor_excuses() {
        let mut faults = faults(json!([{"action": "two_factor"}]));
        assert!(
            faults
                .take(&Asked {
                    second_factor: true,
                    ..asked("GET", "/")
                })
                .is_none()
        );
        assert_eq!(
            faults.take(&asked("GET", "/")),
            Some(Action::Word(Word::TwoFactor))
        );
    }

    #[test]
    fn mistakes_are_refused() {
        for bad in [
            json!([{"action": "burn"}]),
            json!([{}]),
            json!([{"action": {"sttus": 1}}]),
            json!([{"where": "x", "action": "hang"}]),
        ] {
            assert!(
                serde_json::from_value::<Vec<Fault>>(bad.clone()).is_err(),
                "{bad}"
            );
        }
    }
}
