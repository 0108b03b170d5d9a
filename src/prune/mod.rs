//! What of the closure stays out of the image: the owner's rules, in the grammar of rsync's filters.
//!
//! Takes lines of rules; gives [`Entry`]s, which match paths here and become tests of `find` in the
//! Dockerfile. Reads a project's `.slugexclude` and nothing else; never looks at a store, never removes.
//!
//! The root of the paths is the image's root, and only what lies in `/nix/store` is asked about:
//! rsync would say the same of `/` after `+ /nix/`, `+ /nix/store/` and `- /*`.

mod class;
mod file;
mod pattern;
mod report;
mod rule;
mod set;

pub use file::{FILE, Line, of_lines, slugexclude};
pub use report::{Count, Report};
pub use rule::{Entry, Rule};
pub use set::Set;

/// The first entry that says something of a path below the image's root, such as `nix/store/x/bin/y`, and
/// of which part: a folder above it that is left out takes it along.
pub fn decisive<'a, 'p>(
    entries: &'a [Entry],
    path: &'p str,
    is_dir: bool,
) -> Option<(&'a Entry, &'p str)> {
    let ends = path.match_indices('/').map(|(at, _)| (at, true));
    for (end, is_dir) in ends.chain([(path.len(), is_dir)]) {
        let part = path.get(..end).unwrap_or_default();
        if matches!(part, "" | "nix" | "nix/store") {
            continue;
        }
        let found = entries.iter().find(|entry| entry.matches(part, is_dir));
        if let Some(entry) = found
            && (end == path.len() || entry.removes())
        {
            return Some((entry, part));
        }
    }
    None
}

#[cfg(test)]
mod tests;
