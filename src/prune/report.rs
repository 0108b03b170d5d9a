//! What a build says of its pruning: lines of its output, read as they come.

use super::Entry;

/// What starts such a line, behind the number and the time that a builder may write before it.
const MARK: &str = "nixdyno-pruned ";

/// What one entry of the list did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How often it decided.
    pub matched: u64,
    /// Files and links that went by it.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
}

/// What all did. Empty when no step of the build said anything, as when Docker had it in its cache.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    rules: Vec<(usize, Count)>,
    dangling: u64,
}

impl Report {
    /// Takes a line of the build's output; says whether it was one of ours.
    pub fn read(&mut self, line: &str) -> bool {
        let Some((before, words)) = line.split_once(MARK) else {
            return false;
        };
        // A builder that repeats the script shows the words with the command that would print them.
        if before.contains(|c: char| !c.is_ascii_digit() && !matches!(c, '#' | '.' | ' ')) {
            return false;
        }
        let numbers: Vec<Option<u64>> = words.split(' ').map(|word| word.parse().ok()).collect();
        match numbers.as_slice() {
            [Some(rule), Some(matched), Some(files), Some(bytes)] => {
                let count = Count {
                    matched: *matched,
                    files: *files,
                    bytes: *bytes,
                };
                let rule = usize::try_from(*rule).unwrap_or(usize::MAX);
                self.rules.push((rule, count));
            }
            [None, Some(dangling)] if words.starts_with("links ") => self.dangling = *dangling,
            _ => return false,
        }
        true
    }

    /// Each entry of the list with what it did, or `None` where the build did not say all of it.
    pub fn of<'a>(&self, entries: &'a [Entry]) -> Option<Vec<(&'a Entry, Count)>> {
        let count = |number: usize| {
            let found = self.rules.iter().find(|(rule, _)| *rule == number);
            found.map(|(_, count)| *count)
        };
        let rows = (1..).zip(entries);
        rows.map(|(number, entry)| Some((entry, count(number)?)))
            .collect()
    }

    /// As JSON: `[{"rule", "matched", "files", "bytes"}]`; null where the build did not say it.
    pub fn json(&self, entries: &[Entry]) -> serde_json::Value {
        let Some(rows) = self.of(entries).filter(|rows| !rows.is_empty()) else {
            return serde_json::Value::Null;
        };
        let rows = rows.iter().map(|(entry, count)| {
            serde_json::json!({
                "rule": entry.to_string(), "matched": count.matched, "files": count.files, "bytes": count.bytes,
            })
        });
        rows.collect()
    }

    /// How many links led to what went, and lead nowhere now.
    pub fn dangling(&self) -> u64 {
        self.dangling
    }
}
