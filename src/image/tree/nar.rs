//! How large a store path is as Nix packs it. Pure: names, lengths and links in, bytes out.
//!
//! Nix registers a path with the size of its archive (NAR), which is the same on every machine:
//!
//! ```text
//! archive   = text("nix-archive-1") node
//! node      = text("(") text("type") what text(")")
//! what      = text("regular") [ text("executable") text("") ] text("contents") text(CONTENT)
//!           | text("symlink") text("target") text(TARGET)
//!           | text("directory") { entry }
//! entry     = text("entry") text("(") text("name") text(NAME) text("node") node text(")")
//! text(x)   = the length of x in 8 bytes, x, zeros up to the next multiple of 8
//! ```
//!
//! It has neither owners nor times, and of a mode only whether the owner may run the file.

use std::os::unix::ffi::OsStrExt;

use super::{Entry, Kind};

/// What stands before a store path, whatever it is.
pub(super) fn before() -> u64 {
    text(b"nix-archive-1")
}

/// An entry: with its name, unless it is the store path itself.
pub(super) fn entry(entry: &Entry, top: bool) -> u64 {
    let name = entry.path.file_name().filter(|_| !top);
    let around = name.map_or(0, |name| {
        let words = texts(&["entry", "(", "name", "node", ")"]);
        words.saturating_add(text(name.as_bytes()))
    });
    around.saturating_add(node(entry))
}

fn node(entry: &Entry) -> u64 {
    let what = match &entry.kind {
        Kind::Folder => texts(&["directory"]),
        Kind::Link(target) => {
            texts(&["symlink", "target"]).saturating_add(text(target.as_os_str().as_bytes()))
        }
        Kind::File(bytes) => regular(entry.mode, *bytes),
        Kind::Made(content) => regular(entry.mode, content.len() as u64),
        // A NAR knows none, and none is made before the whole path was seen.
        Kind::Same(_) => 0,
    };
    texts(&["(", "type", ")"]).saturating_add(what)
}

fn regular(mode: u32, bytes: u64) -> u64 {
    let program = if mode & 0o100 == 0 {
        0
    } else {
        texts(&["executable", ""])
    };
    texts(&["regular", "contents"])
        .saturating_add(program)
        .saturating_add(sized(bytes))
}

fn texts(words: &[&str]) -> u64 {
    words.iter().map(|word| text(word.as_bytes())).sum()
}

fn text(bytes: &[u8]) -> u64 {
    sized(bytes.len() as u64)
}

/// So many bytes, with their length before and zeros after them.
fn sized(bytes: u64) -> u64 {
    bytes
        .checked_next_multiple_of(8)
        .unwrap_or(u64::MAX)
        .saturating_add(8)
}
