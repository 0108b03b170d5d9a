//! An app's log: the last 1500 lines, and those who follow it.
//!
//! Takes lines with their source, gives those that a log session asked for. Never writes to disk.

use std::collections::VecDeque;

use tokio::sync::broadcast;

use crate::rules::lines;

/// Logplex keeps this many lines of an app.
pub const KEPT: usize = 1500;

/// One line of an app's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was written, in logplex's format.
    pub time: String,
    /// `app` or `heroku`.
    pub source: &'static str,
    /// `web.1`, `router`, `api`, …
    pub dyno: String,
    /// The text without its newline.
    pub text: String,
}

impl Line {
    /// As `heroku logs` shows it.
    pub fn render(&self) -> String {
        lines::format(&self.time, self.source, &self.dyno, &self.text)
    }
}

/// The log of one app.
#[derive(Debug)]
pub struct Log {
    kept: VecDeque<Line>,
    followers: broadcast::Sender<Line>,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            kept: VecDeque::new(),
            followers: broadcast::Sender::new(KEPT),
        }
    }
}

impl Log {
    /// Adds a line, and drops the oldest when there are too many.
    pub fn push(&mut self, line: Line) {
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(line.clone());
        // Nobody following is the usual case, not an error.
        let _ = self.followers.send(line);
    }

    /// The last lines that `session` wants, and the channel on which later ones come.
    pub fn read(&self, session: &Session) -> (Vec<Line>, broadcast::Receiver<Line>) {
        let mut wanted: Vec<Line> = self
            .kept
            .iter()
            .filter(|line| session.wants(line))
            .cloned()
            .collect();
        let surplus = wanted.len().saturating_sub(session.lines);
        wanted.drain(..surplus);
        (wanted, self.followers.subscribe())
    }
}

/// What a client asked of `POST /apps/APP/log-sessions`.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The app's id.
    pub app: String,
    /// How many of the last lines.
    pub lines: usize,
    /// Whether to go on with new ones.
    pub tail: bool,
    /// Only this dyno (`web.1`) or type (`web`).
    pub dyno: Option<String>,
    /// Only `app` or `heroku`.
    pub source: Option<String>,
}

impl Session {
    /// Whether `line` passes the filters.
    pub fn wants(&self, line: &Line) -> bool {
        let source = self
            .source
            .as_deref()
            .is_none_or(|source| source == line.source);
        let dyno = self.dyno.as_deref().is_none_or(|dyno| {
            line.dyno == dyno
                || line
                    .dyno
                    .split_once('.')
                    .is_some_and(|(kind, _)| kind == dyno)
        });
        source && dyno
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(dyno: &str, text: &str) -> Line {
        Line {
            time: "T".into(),
            source: "app",
            dyno: dyno.into(),
            text: text.into(),
        }
    }

    #[test]
    fn old_lines_go_first() {
        let mut log = Log::default();
        for number in 0..KEPT + 3 {
            log.push(line("web.1", &number.to_string()));
        }
        let all = Session {
            lines: usize::MAX,
            ..Session::default()
        };
        let (lines, _) = log.read(&all);
        assert_eq!((lines.len(), lines[0].text.as_str()), (KEPT, "3"));
        let (lines, _) = log.read(&Session { lines: 2, ..all });
        assert_eq!(
            lines
                .iter()
                .map(|line| line.text.as_str())
                .collect::<Vec<_>>(),
            ["1501", "1502"]
        );
    }

    #[test]
    fn filters_take_dynos_types_and_sources() {
        let web = line("web.1", "");
        let wants = |dyno: Option<&str>, source: Option<&str>| {
            Session {
                dyno: dyno.map(Into::into),
                source: source.map(Into::into),
                ..Session::default()
            }
            .wants(&web)
        };
        assert!(wants(None, None) && wants(Some("web"), None) && wants(Some("web.1"), Some("app")));
        assert!(
            !wants(Some("web.2"), None) && !wants(Some("we"), None) && !wants(None, Some("heroku"))
        );
    }
}
