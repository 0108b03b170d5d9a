//! Folds the events of a build into what a person likes to see.
//!
//! Takes each [`Event`]; gives counts, what is being built, and the end of each build's log for the day that one fails.
//! Bounded whatever comes: a log has so many lines, a build so many activities. Never prints.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use crate::closure::StorePath;
use crate::ui::human_bytes;

use super::log::{Activity, Bytes, Event};

/// How many lines of a build's log are kept.
const LINES: usize = 25;
/// How many logs of builds that ended are kept: one of them may turn out to be the one that failed.
const ENDED: usize = 64;
/// How many activities are watched; nothing real has as many at once.
const MOST: usize = 20_000;
/// How many errors of Nix are kept.
const ERRORS: usize = 40;

/// How far a build is.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    running: BTreeMap<u64, Running>,
    ended: VecDeque<(String, VecDeque<String>)>,
    /// Of what has ended.
    built: Count,
    copied: Count,
    bytes: BTreeMap<Bytes, Count>,
    expected: BTreeMap<(Bytes, u64), u64>,
    errors: Vec<String>,
    begun: bool,
    failed: bool,
}

#[derive(Debug, Clone)]
struct Running {
    activity: Activity,
    count: Count,
    phase: Option<String>,
    log: VecDeque<String>,
}

/// How much is done, and of how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Done.
    pub done: u64,
    /// In all, as far as it is known.
    pub expected: u64,
}

impl Count {
    fn plus(self, other: Count) -> Count {
        Count {
            done: self.done.saturating_add(other.done),
            expected: self.expected.saturating_add(other.expected),
        }
    }
}

impl Progress {
    /// Takes an event. Gives the name of what it says was built.
    pub fn take(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Start { id, activity } => self.start(*id, activity),
            Event::Stop { id } => return self.stop(*id),
            Event::Line { id, text } => {
                if let Some(running) = self.running.get_mut(id) {
                    if running.log.len() == LINES {
                        running.log.pop_front();
                    }
                    running.log.push_back(text.clone());
                }
            }
            Event::Phase { id, name } => {
                if let Some(running) = self.running.get_mut(id) {
                    running.phase = Some(name.clone());
                }
            }
            Event::Progress {
                id,
                done,
                expected,
                failed,
            } => {
                if let Some(running) = self.running.get_mut(id) {
                    let (done, expected) = (*done, *expected);
                    running.count = Count { done, expected };
                    self.failed |= *failed > 0;
                }
            }
            Event::Expected { id, kind, bytes } => {
                if self.expected.len() < MOST {
                    self.expected.insert((*kind, *id), *bytes);
                }
            }
            Event::Message { level: 0, text } if self.errors.len() < ERRORS => {
                self.errors.push(text.clone());
            }
            Event::Message { .. } => {}
        }
        None
    }

    fn start(&mut self, id: u64, activity: &Activity) {
        if self.running.len() < MOST && *activity != Activity::Other {
            let running = Running {
                activity: activity.clone(),
                count: Count::default(),
                phase: None,
                log: VecDeque::new(),
            };
            self.begun |= matches!(activity, Activity::Build { .. });
            self.running.insert(id, running);
        }
    }

    fn stop(&mut self, id: u64) -> Option<String> {
        let ended = self.running.remove(&id)?;
        let count = ended.count;
        let bytes = |this: &mut Self, kind| {
            let sum = this.bytes.entry(kind).or_default();
            *sum = sum.plus(count);
        };
        match ended.activity {
            Activity::Builds => self.built = self.built.plus(count),
            Activity::Copies => self.copied = self.copied.plus(count),
            Activity::CopyPath => bytes(self, Bytes::Copied),
            Activity::Download => bytes(self, Bytes::Downloaded),
            Activity::Build { derivation, .. } => {
                let name = name(&derivation);
                if self.ended.len() == ENDED {
                    self.ended.pop_front();
                }
                self.ended.push_back((derivation, ended.log));
                return (!self.failed).then_some(name);
            }
            Activity::Other => {}
        }
        None
    }

    /// Derivations that were built, of those to build.
    pub fn built(&self) -> Count {
        self.sum(self.built, &Activity::Builds)
    }

    /// Paths that were copied from a cache, of those to copy.
    pub fn copied(&self) -> Count {
        self.sum(self.copied, &Activity::Copies)
    }

    /// Bytes that came: packed as they are downloaded, or unpacked where nothing is.
    pub fn bytes(&self) -> Count {
        let of = |kind, activity| {
            let ended = self.bytes.get(&kind).copied().unwrap_or_default();
            let mut count = self.sum(ended, activity);
            // Said for all of them, before each is known.
            let kinds = self.expected.iter().filter(|((it, _), _)| *it == kind);
            let said = kinds.fold(0_u64, |sum, (_, bytes)| sum.saturating_add(*bytes));
            count.expected = count.expected.max(said).max(count.done);
            count
        };
        let downloaded = of(Bytes::Downloaded, &Activity::Download);
        if downloaded.done > 0 {
            downloaded
        } else {
            of(Bytes::Copied, &Activity::CopyPath)
        }
    }

    fn sum(&self, ended: Count, activity: &Activity) -> Count {
        let running = self.running.values().filter(|it| it.activity == *activity);
        running.fold(ended, |sum, it| sum.plus(it.count))
    }

    /// What is being built, the one that began last, with its phase.
    fn current(&self) -> Option<String> {
        let builds = self.running.values().rev();
        let mut builds = builds.filter_map(|it| match &it.activity {
            Activity::Build { derivation, .. } => Some((name(derivation), &it.phase)),
            _ => None,
        });
        let (name, phase) = builds.next()?;
        Some(match phase {
            Some(phase) => format!("{name} ({phase})"),
            None => name,
        })
    }

    /// What Nix called an error, in order, without colours.
    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    /// The end of the log of a derivation's build, if it had one.
    pub fn log(&self, derivation: &str) -> Vec<String> {
        let running = self.running.values().filter_map(|it| match &it.activity {
            Activity::Build { derivation, .. } => Some((derivation, &it.log)),
            _ => None,
        });
        let ended = self.ended.iter().map(|(derivation, log)| (derivation, log));
        let mut logs = running.chain(ended);
        let found = logs.find(|(it, log)| *it == derivation && !log.is_empty());
        found.map_or_else(Vec::new, |(_, log)| log.iter().cloned().collect())
    }
}

/// The name in a derivation's path: `hello-2.12`.
pub(super) fn name(derivation: &str) -> String {
    let path = StorePath::parse(derivation);
    let name = path.as_ref().map_or(derivation, StorePath::name);
    name.strip_suffix(".drv").unwrap_or(name).to_owned()
}

/// `3/17 built, 12/40 copied, 38.0 MB of 120.0 MB: hello-2.12 (buildPhase)`.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let (built, copied, bytes) = (self.built(), self.copied(), self.bytes());
        if built.expected > 0 {
            parts.push(format!("{}/{} built", built.done, built.expected));
        }
        if copied.expected > 0 {
            parts.push(format!("{}/{} copied", copied.done, copied.expected));
        }
        if bytes.expected > 0 {
            let (done, expected) = (human_bytes(bytes.done), human_bytes(bytes.expected));
            parts.push(format!("{done} of {expected}"));
        }
        if parts.is_empty() {
            let at = if self.begun { "building" } else { "evaluating" };
            parts.push(at.to_owned());
        }
        f.write_str(&parts.join(", "))?;
        match self.current() {
            Some(current) => write!(f, ": {current}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::super::log::{event, tests::lines};
    use super::*;

    /// What a person sees of a log: each text once, and what was built.
    fn shown(text: &str) -> String {
        let mut progress = Progress::default();
        let mut shown: Vec<String> = Vec::new();
        for event in text.lines().filter_map(event) {
            if let Some(built) = progress.take(&event) {
                shown.push(format!("built {built}"));
            }
            let text = progress.to_string();
            if shown.last() != Some(&text) {
                shown.push(text);
            }
        }
        for error in progress.errors() {
            shown.push(error.clone());
        }
        shown.join("\n")
    }

    #[test]
    fn recorded_logs_are_told() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nix/logs");
        let entries = fs_err::read_dir(folder).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 6, "the recordings are there");
        for file in files {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            insta::assert_snapshot!(name, shown(&fs_err::read_to_string(&file).unwrap()));
        }
    }

    fn take(progress: &mut Progress, lines: &[&str]) {
        for line in lines {
            progress.take(&event(&format!("@nix {line}")).unwrap());
        }
    }

    #[test]
    fn the_end_of_a_log_is_kept_after_the_build() {
        let mut progress = Progress::default();
        let path = "/nix/store/pkblxkya1jxpb8ml9qj6hq7lz4hpll7n-bad-1.0.drv";
        let start = format!(
            "{{\"action\":\"start\",\"id\":5,\"type\":105,\"fields\":[\"{path}\",\"\",1,1]}}"
        );
        take(&mut progress, &[&start]);
        for line in 0..100 {
            let line = format!(
                "{{\"action\":\"result\",\"id\":5,\"type\":101,\"fields\":[\"line {line}\"]}}"
            );
            take(&mut progress, &[&line]);
        }
        let phase = r#"{"action":"result","id":5,"type":104,"fields":["checkPhase"]}"#;
        take(&mut progress, &[phase]);
        assert_eq!(progress.to_string(), "building: bad-1.0 (checkPhase)");
        take(&mut progress, &[r#"{"action":"stop","id":5}"#]);
        let log = progress.log(path);
        assert_eq!((log.len(), log[LINES - 1].as_str()), (LINES, "line 99"));
        assert!(progress.log("/nix/store/other.drv").is_empty());
    }

    #[test]
    fn bytes_over_the_network_go_before_bytes_of_paths() {
        let mut progress = Progress::default();
        take(
            &mut progress,
            &[
                r#"{"action":"start","id":1,"type":103}"#,
                r#"{"action":"result","id":1,"type":105,"fields":[12,40,2,0]}"#,
                r#"{"action":"result","id":1,"type":106,"fields":[101,120000000]}"#,
                r#"{"action":"result","id":1,"type":106,"fields":[100,500000000]}"#,
                r#"{"action":"start","id":2,"type":101,"fields":["https://x"]}"#,
                r#"{"action":"result","id":2,"type":105,"fields":[30000000,40000000,0,0]}"#,
                r#"{"action":"stop","id":2}"#,
                r#"{"action":"start","id":3,"type":101,"fields":["https://y"]}"#,
                r#"{"action":"result","id":3,"type":105,"fields":[8000000,40000000,0,0]}"#,
            ],
        );
        let text = progress.to_string();
        assert_eq!(text, "12/40 copied, 38.0 MB of 120.0 MB");
    }

    proptest! {
        #[test]
        fn no_log_makes_it_panic(lines in prop::collection::vec(lines(), 0..40)) {
            let mut progress = Progress::default();
            for event in lines.iter().filter_map(|line| event(line)) {
                progress.take(&event);
                let _ = progress.to_string();
                let _ = progress.log("/nix/store/x.drv");
            }
            let bytes = progress.bytes();
            prop_assert!(bytes.done <= bytes.expected);
        }
    }
}
