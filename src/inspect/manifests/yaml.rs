//! Reads the plain YAML of manifests by indentation: keys, scalars, lists.
//!
//! Takes text; gives each entry with its path. Anchors, tags, block scalars and lists of lists mean
//! nothing here: no manifest's names are written so.

use super::file::lines;

/// Keys deeper than this are not seen.
const MOST_DEPTH: usize = 8;

/// A key with its value, or an item of a list.
pub(super) struct Entry<'a> {
    /// Keys from the top on; an item's ends in `-`: `executables/web/dependencies/-`.
    pub(super) path: String,
    /// The scalar, without quotes; empty when a block follows.
    pub(super) value: &'a str,
    /// Where it stands.
    pub(super) at: usize,
}

/// The entries, in order.
pub(super) fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (start, line) in lines(text) {
        let line = without_comment(line);
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let content = content.trim_end();
        if content.is_empty() || content.starts_with(['\t', '%']) || content.starts_with("---") {
            continue;
        }
        let at = start + indent;
        if let Some(item) = content.strip_prefix('-') {
            if !item.is_empty() && !item.starts_with(' ') {
                continue;
            }
            // A list may stand as far to the left as its key.
            while open.last().is_some_and(|(column, _)| *column > indent) {
                open.pop();
            }
            let path = path(&open, "-");
            let value = unquoted(item.trim());
            found.push(Entry { path, value, at });
            continue;
        }
        while open.last().is_some_and(|(column, _)| *column >= indent) {
            open.pop();
        }
        let Some((key, value)) = content.split_once(':') else {
            continue;
        };
        if open.len() >= MOST_DEPTH || !(value.is_empty() || value.starts_with(' ')) {
            continue;
        }
        let key = unquoted(key.trim());
        let value = value.trim();
        let here = path(&open, key);
        if let Some(items) = value.strip_prefix('[') {
            let items = items.strip_suffix(']').unwrap_or(items).split(',');
            found.extend(items.map(|item| Entry {
                path: format!("{here}/-"),
                value: unquoted(item.trim()),
                at,
            }));
        }
        open.push((indent, key));
        let value = unquoted(value);
        found.push(Entry {
            path: here,
            value,
            at,
        });
    }
    found
}

fn path(open: &[(usize, &str)], last: &str) -> String {
    let keys = open.iter().map(|(_, key)| *key);
    keys.chain([last]).collect::<Vec<_>>().join("/")
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or(line)
}

fn unquoted(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}
