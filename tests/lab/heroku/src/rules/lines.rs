//! Log lines: splitting a process's output and writing Heroku's format.
//!
//! Takes bytes or fields, gives text. Never stores a line; that is the app's log buffer.

/// Logplex cuts lines at 10,000 bytes; this also bounds what a process without newlines makes us hold.
const LONGEST: usize = 10_000;

/// Collects a process's bytes into lines.
#[derive(Debug, Default)]
pub struct Splitter {
    rest: Vec<u8>,
}

impl Splitter {
    /// Adds `bytes`, gives the lines that are now whole.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for byte in bytes {
            if *byte == b'\n' {
                lines.push(self.take());
            } else {
                self.rest.push(*byte);
                if self.rest.len() >= LONGEST {
                    lines.push(self.take());
                }
            }
        }
        lines
    }

    /// The last line of an output that doesn't end in a newline.
    pub fn finish(&mut self) -> Option<String> {
        (!self.rest.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> String {
        let bytes = std::mem::take(&mut self.rest);
        String::from_utf8_lossy(&bytes)
            .trim_end_matches('\r')
            .to_owned()
    }
}

/// One line as `heroku logs` shows it.
pub fn format(time: &str, source: &str, dyno: &str, text: &str) -> String {
    format!("{time} {source}[{dyno}]: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_across_reads() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push(b"one\r\ntw"), ["one"]);
        assert_eq!(splitter.push(b"o\n\nthree"), ["two", ""]);
        assert_eq!(splitter.finish().as_deref(), Some("three"));
        assert_eq!(splitter.finish(), None);
    }

    #[test]
    fn endless_lines_are_cut() {
        let mut splitter = Splitter::default();
        let lines = splitter.push(&vec![b'x'; LONGEST + 5]);
        assert_eq!(lines.len(), 1);
        assert_eq!(splitter.finish().map(|line| line.len()), Some(5));
    }

    #[test]
    fn invalid_utf8_is_kept_readable() {
        assert_eq!(Splitter::default().push(b"a\xffb\n"), ["a\u{fffd}b"]);
    }

    #[test]
    fn herokus_format() {
        let line = format("2026-01-02T03:04:05.000006+00:00", "app", "web.1", "hi");
        assert_eq!(line, "2026-01-02T03:04:05.000006+00:00 app[web.1]: hi");
    }
}
