//! `Range` headers of Platform API lists, such as `version ..; max=1, order=desc`.
//!
//! Takes the header's text and a list's keys, gives which page to answer and the `Next-Range` that continues it. Never
//! knows what is listed: the key is a number (a release's version or an index in the list).

use std::num::ParseIntError;

/// A page that a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The field that orders the list.
    pub field: String,
    /// First key wanted; `None` is the list's begin.
    pub start: Option<Bound>,
    /// Last key wanted.
    pub end: Option<u64>,
    /// The longest page.
    pub max: usize,
    /// Whether the greatest key comes first.
    pub descending: bool,
}

/// The begin of a range: `5..` takes 5 itself, `]5..` begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The key named.
    pub key: u64,
    /// Whether the key itself is left out.
    pub exclusive: bool,
}

/// A page, as keys in order, and the header that asks for the next one.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// The keys on this page.
    pub keys: Vec<u64>,
    /// The next page's `Range`, when there is one.
    pub next: Option<String>,
}

/// Heroku's longest page, also its default.
const LONGEST: usize = 1000;
const DEFAULT: usize = 200;

impl Range {
    /// The range of a request without the header.
    pub fn whole(field: &str) -> Self {
        Self {
            field: field.to_owned(),
            start: None,
            end: None,
            max: DEFAULT,
            descending: false,
        }
    }

    /// Reads a header; `None` when it isn't a range, which Heroku answers with 416.
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split([';', ',']).map(str::trim);
        let (field, bounds) = parts.next()?.split_once(' ')?;
        let (start, end) = bounds.trim().split_once("..")?;
        let mut range = Self::whole(field);
        range.start = bound(start).ok()?;
        range.end = bound(end).ok()?.map(|end| end.key);
        for part in parts.filter(|part| !part.is_empty()) {
            range.apply(part)?;
        }
        Some(range)
    }

    fn apply(&mut self, option: &str) -> Option<()> {
        match option.split_once('=')? {
            ("max", number) => self.max = page_length(number)?,
            ("order", "desc") => self.descending = true,
            ("order", "asc") => self.descending = false,
            _ => return None,
        }
        Some(())
    }

    /// Picks this range's page from `keys`.
    pub fn page(&self, keys: impl IntoIterator<Item = u64>) -> Page {
        let mut keys: Vec<u64> = keys.into_iter().filter(|key| self.holds(*key)).collect();
        keys.sort_unstable();
        if self.descending {
            keys.reverse();
        }
        let more = keys.len() > self.max;
        keys.truncate(self.max);
        let next = keys.last().filter(|_| more).map(|last| self.after(*last));
        Page { keys, next }
    }

    fn holds(&self, key: u64) -> bool {
        let begun = self
            .start
            .is_none_or(|start| match (self.descending, start.exclusive) {
                (false, false) => key >= start.key,
                (false, true) => key > start.key,
                (true, false) => key <= start.key,
                (true, true) => key < start.key,
            });
        begun
            && self.end.is_none_or(|end| {
                if self.descending {
                    key >= end
                } else {
                    key <= end
                }
            })
    }

    fn after(&self, last: u64) -> String {
        let end = self.end.map(|end| end.to_string()).unwrap_or_default();
        let order = if self.descending { ", order=desc" } else { "" };
        format!("{} ]{last}..{end}; max={}{order}", self.field, self.max)
    }
}

fn page_length(number: &str) -> Option<usize> {
    number
        .trim()
        .parse()
        .ok()
        .filter(|max| (1..=LONGEST).contains(max))
}

/// A bound that is left out is fine, one that isn't a number isn't.
fn bound(text: &str) -> Result<Option<Bound>, ParseIntError> {
    let exclusive = text.starts_with(']');
    let digits = text.trim_start_matches([']', '[']);
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().map(|key| Some(Bound { key, exclusive }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(header: &str) -> (Vec<u64>, Option<String>) {
        let page = Range::parse(header).map(|range| range.page(1..=5));
        page.map(|page| (page.keys, page.next)).unwrap_or_default()
    }

    #[test]
    fn both_spellings_of_the_cli() {
        let one = (vec![5], Some("version ]5..; max=1, order=desc".to_owned()));
        assert_eq!(keys("version ..; max=1, order=desc"), one);
        assert_eq!(keys("version ..; order=desc,max=1"), one);
    }

    #[test]
    fn next_range_continues() {
        assert_eq!(keys("version ]5..; max=2, order=desc").0, [4, 3]);
        assert_eq!(keys("version ]2..; max=9"), (vec![3, 4, 5], None));
        assert_eq!(keys("version 2..3"), (vec![2, 3], None));
        assert_eq!(keys("version 4..2; order=desc"), (vec![4, 3, 2], None));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "version",
            "version 1",
            "version ..; max=0",
            "version ..; max=x",
            "version ..; order=up",
            "version a..",
            "version ..; x",
        ] {
            assert_eq!(Range::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn whole_lists_have_no_next() {
        assert_eq!(
            Range::whole("id").page(1..=5),
            Page {
                keys: vec![1, 2, 3, 4, 5],
                next: None
            }
        );
    }
}
