//! Reads git's index: the list of the files that git has, or will have with the next commit.
//!
//! Takes the bytes of an index of version 2, 3 or 4, of SHA-1 or SHA-256; gives the paths below a folder. Checks
//! the form to the last byte and no checksum: a wrong list is worse than none, and a damaged one is git's to
//! mend. Never: a list that is only a part, as where the index is split in two files.

use std::cmp::Ordering;
use std::ops::Range;

/// Entries that are looked at; the largest repositories keep fewer.
const MOST_ENTRIES: u32 = 400_000;
/// Bytes of all paths together: version 4 writes only how each differs from the one before.
const MOST_PATHS: usize = 16 << 20;
/// Times, device, inode, mode, owner and size of an entry.
const STAT: usize = 40;
/// A path's length that stands for this and more.
const LONG: usize = 0xfff;
/// The extension of an index of which another file holds the rest.
const SPLIT: &[u8] = b"link";

/// Paths that git has, relative to a folder, sorted by their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::inspect) struct Index {
    /// One after the other: a text for each would take longer than all else.
    paths: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Index {
    /// Reads the paths below `folder` (empty: all; else with a slash at its end). `None` for bytes that are no
    /// whole index.
    pub(super) fn of(bytes: &[u8], folder: &[u8]) -> Option<Self> {
        // The name of the hash stands in the repository's settings; the form shows it as well.
        let read = |hash| Reader { bytes, at: 0, hash }.index(folder);
        read(20).or_else(|| read(32))
    }

    /// Whether git has this file, or something of which it keeps only the name: a submodule, a folder of a
    /// sparse checkout.
    pub(in crate::inspect) fn has(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at);
        self.contains(path.as_bytes())
            || ends.into_iter().any(|end| {
                let folder = path.get(..end).unwrap_or_default();
                let whole = path.get(..=end).unwrap_or_default();
                self.contains(folder.as_bytes()) || self.contains(whole.as_bytes())
            })
    }

    /// Whether git has anything below a folder.
    pub(in crate::inspect) fn has_below(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        let before = |it: &Range<usize>| self.path(it) < folder.as_bytes();
        let at = self.places.partition_point(before);
        let next = self.places.get(at);
        next.is_some_and(|it| self.path(it).starts_with(folder.as_bytes()))
    }

    fn contains(&self, path: &[u8]) -> bool {
        let found = self.places.binary_search_by(|it| self.path(it).cmp(path));
        found.is_ok()
    }

    fn path(&self, place: &Range<usize>) -> &[u8] {
        self.paths.get(place.clone()).unwrap_or_default()
    }

    /// Adds the next path; `None` where it isn't sorted. A conflict has a path up to three times.
    fn add(&mut self, path: &[u8]) -> Option<()> {
        match self.places.last().map(|it| self.path(it).cmp(path)) {
            Some(Ordering::Greater) => return None,
            Some(Ordering::Equal) => return Some(()),
            Some(Ordering::Less) | None => {}
        }
        let start = self.paths.len();
        self.paths.extend(path);
        self.places.push(start..self.paths.len());
        Some(())
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bytes of a hash.
    hash: usize,
}

impl<'a> Reader<'a> {
    fn index(mut self, folder: &[u8]) -> Option<Index> {
        if self.take(4)? != b"DIRC" {
            return None;
        }
        let version = self.number()?;
        let count = self.number()?;
        if !(2..=4).contains(&version) || count > MOST_ENTRIES {
            return None;
        }
        let mut found = Index::default();
        let mut path: Vec<u8> = Vec::new();
        let mut all = 0_usize;
        for _ in 0..count {
            self.entry(version, &mut path)?;
            all = all.checked_add(path.len()).filter(|it| *it <= MOST_PATHS)?;
            if let Some(inner) = path.strip_prefix(folder) {
                found.add(inner)?;
            }
        }
        self.extensions()?;
        Some(found)
    }

    /// Reads an entry, whose path takes the place of the one before.
    fn entry(&mut self, version: u32, path: &mut Vec<u8>) -> Option<()> {
        let start = self.at;
        self.take(STAT + self.hash)?;
        let flags = self.take(2)?;
        let flags = u16::from_be_bytes(flags.try_into().ok()?);
        // Version 3 has more flags behind these, where this one says so.
        if flags & 0x4000 != 0 {
            if version < 3 {
                return None;
            }
            self.take(2)?;
        }
        let said = usize::from(flags) & LONG;
        if version == 4 {
            let dropped = self.offset()?;
            let kept = path.len().checked_sub(dropped)?;
            path.truncate(kept);
            path.extend(self.until_zero()?);
        } else {
            path.clear();
            // The length is said, but of long ones.
            let told = if said < LONG {
                let told = self.take(said)?;
                self.take(1).filter(|it| *it == [0])?;
                told
            } else {
                self.until_zero()?
            };
            path.extend(told);
            // Up to eight zeros, so that the entry's length can be divided by eight; one is read.
            let padding = (self.at - start).next_multiple_of(8) - (self.at - start);
            if self.take(padding)?.iter().any(|byte| *byte != 0) {
                return None;
            }
        }
        let fits = if said < LONG {
            path.len() == said
        } else {
            path.len() >= LONG
        };
        (fits && !path.is_empty()).then_some(())
    }

    /// Goes over what stands between the entries and the checksum.
    fn extensions(&mut self) -> Option<()> {
        let end = self.bytes.len().checked_sub(self.hash)?;
        while self.at < end {
            let name = self.take(4)?;
            let length = usize::try_from(self.number()?).ok()?;
            self.take(length)?;
            if name == SPLIT {
                return None;
            }
        }
        (self.at == end).then_some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// What stands before the next zero, which is read, too.
    fn until_zero(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        let taken = self.take(length)?;
        self.at += 1;
        Some(taken)
    }

    /// A number of seven bits a byte, the highest first, each further byte one more than it says.
    fn offset(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        for more in [false, true, true, true] {
            let byte = self.take(1)?.first().copied()?;
            let bits = usize::from(byte & 0x7f);
            value = if more {
                ((value + 1) << 7) | bits
            } else {
                bits
            };
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An index as git writes it, with zeros for what is not read.
    fn written(version: u32, hash: usize, paths: &[&str], extension: &[u8]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(version.to_be_bytes());
        bytes.extend(u32::try_from(paths.len()).unwrap().to_be_bytes());
        let mut before = "";
        for path in paths {
            let start = bytes.len();
            bytes.resize(start + STAT + hash, 7);
            let extended = version >= 3 && path.contains("new");
            let length = u16::try_from(path.len().min(LONG)).unwrap();
            bytes.extend((length | if extended { 0x4000 } else { 0 }).to_be_bytes());
            bytes.extend(extended.then_some([0x20, 0]).into_iter().flatten());
            if version == 4 {
                let same = before.bytes().zip(path.bytes());
                let same = same.take_while(|(a, b)| a == b).count();
                let dropped = before.len() - same;
                if dropped < 128 {
                    bytes.push(u8::try_from(dropped).unwrap());
                } else {
                    let high = u8::try_from((dropped >> 7) - 1).unwrap();
                    bytes.extend([high | 0x80, u8::try_from(dropped & 0x7f).unwrap()]);
                }
                bytes.extend(&path.as_bytes()[same..]);
                bytes.push(0);
                before = path;
            } else {
                bytes.extend(path.as_bytes());
                let end = start + (bytes.len() - start) / 8 * 8 + 8;
                bytes.resize(end, 0);
            }
        }
        if !extension.is_empty() {
            bytes.extend(extension);
            bytes.extend([0, 0, 0, 3, 1, 2, 3]);
        }
        bytes.resize(bytes.len() + hash, 9);
        bytes
    }

    #[test]
    fn all_versions_and_hashes_are_read() {
        let long = format!("web/{}", "x".repeat(5_000));
        let middle = format!("web/new/{}", "y".repeat(300));
        let paths = ["a.nix", "web/a", middle.as_str(), &long, "z"];
        for version in 2..=4 {
            for hash in [20, 32] {
                let bytes = written(version, hash, &paths, b"TREE");
                let index = Index::of(&bytes, b"").unwrap();
                assert!(paths.iter().all(|it| index.has(it)), "{version} {hash}");
                assert!(index.has_below("web") && !index.has_below("we") && !index.has_below("z"));
                assert!(!index.has("web") && !index.has("web/") && !index.has("b"));
                let below = Index::of(&bytes, b"web/").unwrap();
                assert!(below.has("a") && !below.has("z") && !below.has("web/a"));
            }
        }
    }

    #[test]
    fn what_is_below_a_submodule_or_a_folder_left_out_is_there() {
        let index = Index::of(&written(2, 20, &["lib/sub", "sparse/"], b""), b"").unwrap();
        assert!(index.has("lib/sub/x/y.nix") && index.has("sparse/x"));
        assert!(!index.has("lib/x") && !index.has("lib/subway"));
    }

    #[test]
    fn what_is_no_whole_index_is_none() {
        let whole = written(2, 20, &["a", "b"], b"");
        assert!(Index::of(&whole, b"").is_some());
        for length in 0..whole.len() {
            assert_eq!(Index::of(&whole[..length], b""), None, "{length}");
        }
        assert_eq!(Index::of(&written(2, 20, &["a"], SPLIT), b""), None);
        assert_eq!(Index::of(&written(5, 20, &["a"], b""), b""), None);
        assert_eq!(Index::of(&written(2, 20, &["b", "a"], b""), b""), None);
        let mut many = whole;
        many[8..12].fill(0xff);
        assert_eq!(Index::of(&many, b""), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, version in 2u8..5, count in 0u8..9) {
            let _ = Index::of(&bytes, b"");
            let mut index = b"DIRC\0\0\0".to_vec();
            index.extend([version, 0, 0, 0, count]);
            index.extend(bytes);
            let _ = Index::of(&index, b"a/");
        }

        #[test]
        fn one_wrong_byte_makes_no_panic(at in 0usize..400, byte: u8, version in 2u32..5) {
            let mut bytes = written(version, 20, &["a", "a/new", "b/c/d"], b"TREE");
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Index::of(&bytes, b"");
        }

        #[test]
        fn what_was_written_is_read(
            paths in proptest::collection::btree_set("[a-c]{1,3}(/[a-c]{1,9}){0,3}", 0..20),
            version in 2u32..5,
        ) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let index = Index::of(&written(version, 20, &paths, b""), b"").unwrap();
            prop_assert_eq!(index.places.len(), paths.len());
            prop_assert!(paths.iter().all(|path| index.has(path)));
        }
    }
}
