//! Which paths somebody means.

use crate::closure::{Id, StorePath};
use crate::error::{Error, Result, near_misses};

use super::Contents;

/// So many paths are shown for one word; for more, it is asked which.
const MOST: usize = 6;

/// So many of several paths are listed by the error.
const MOST_LISTED: usize = 20;

/// Letters of a hash that are taken for one. Fewer would be a word.
const LEAST_HASH: usize = 3;

/// The paths that `words` mean: a store path or a file below it, `HASH-NAME` with the hash cut as it is shown,
/// a name with its version, a name without, or the start of a hash. The first of these that fits wins.
///
/// Errors: `contents/no-match`, `contents/several`.
pub fn find(contents: &Contents, words: &str) -> Result<Vec<Id>> {
    let words = words.trim();
    let by: [&dyn Fn(&StorePath) -> bool; 5] = [
        &|path| StorePath::around(words).as_ref() == Some(path),
        &|path| {
            let parts = words.split_once('-');
            parts.is_some_and(|(hash, name)| is_start(path, hash) && path.name() == name)
        },
        &|path| path.name() == words,
        &|path| path.package() == words,
        &|path| is_start(path, words.strip_prefix("/nix/store/").unwrap_or(words)),
    ];
    for fits in by {
        let found: Vec<Id> = contents
            .by_size()
            .into_iter()
            .filter(|id| fits(contents.closure().path(*id)))
            .collect();
        if found.len() > MOST {
            return Err(several(contents, words, &found));
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Err(no_match(contents, words))
}

fn is_start(path: &StorePath, hash: &str) -> bool {
    hash.len() >= LEAST_HASH && path.hash().starts_with(hash)
}

fn several(contents: &Contents, words: &str, found: &[Id]) -> Error {
    let shown = found.iter().take(MOST_LISTED).map(|id| contents.short(*id));
    let more = found.len().saturating_sub(MOST_LISTED);
    let more = (more > 0).then(|| format!("and {more} more"));
    Error::user(
        "contents/several",
        format!("`{words}` is the name of {} store paths", found.len()),
        "name one of them as it is listed",
    )
    .detail(shown.chain(more))
}

/// Nothing has that name: what has one like it, or one with that word in it.
fn no_match(contents: &Contents, words: &str) -> Error {
    let closure = contents.closure();
    let mut packages: Vec<&str> = closure.ids().map(|id| closure.path(id).package()).collect();
    packages.sort_unstable();
    packages.dedup();
    let mut near = near_misses(words, packages.iter().copied());
    let inside = packages
        .iter()
        .filter(|it| words.len() >= LEAST_HASH && it.contains(words));
    for name in inside.take(3) {
        if !near.contains(name) {
            near.push(name);
        }
    }
    let error = Error::user(
        "contents/no-match",
        format!(
            "no store path of the image is called `{}`",
            words.escape_debug()
        ),
        if near.is_empty() {
            "see what there is: `nixdyno contents --all`".to_owned()
        } else {
            let near = near.iter().map(|it| format!("`{it}`"));
            format!("did you mean {}?", near.collect::<Vec<_>>().join(", "))
        },
    );
    if near.is_empty() {
        error
    } else {
        error.or("see what there is: `nixdyno contents --all`")
    }
}
