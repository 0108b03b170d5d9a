//! The tar of a layer, made in pieces as it is read.
//!
//! Takes entries; gives pieces of one size, the last one smaller. Every owner is 0:0, every time 1, as in the Nix store:
//! the same entries give the same bytes on every machine. Never: more of a file in memory than a piece, an owner's
//! or a machine's name.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ::tar::{EntryType, Header};

use super::tree::{Entry, Kind};

/// Everything in a tar starts at a multiple of so many bytes.
const BLOCK: u64 = 512;

/// The time stamp of everything, in seconds, as in the Nix store.
const TIME: u64 = 1;

/// How much of a name a header's field holds.
const LONGEST: usize = 100;

/// A tar that is read from its first byte to its last.
pub(super) struct Tar<'a> {
    root: PathBuf,
    entries: std::slice::Iter<'a, Entry>,
    /// Headers, links and content made here, which wait to be given.
    ready: Vec<u8>,
    given: usize,
    /// The file that is being read, and how many of its bytes are to come.
    file: Option<(fs_err::File, u64)>,
    bytes: u64,
    ended: bool,
}

impl<'a> Tar<'a> {
    /// The tar of entries whose files lie below `root`.
    pub(super) fn new(root: &Path, entries: &'a [Entry]) -> Self {
        Tar {
            root: root.to_owned(),
            entries: entries.iter(),
            ready: Vec::new(),
            given: 0,
            file: None,
            bytes: 0,
            ended: false,
        }
    }

    /// Bytes so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Fills a piece; how much of it, less than all only at the end.
    ///
    /// Errors: those of the system, and `UnexpectedEof` for a file that became shorter.
    pub(super) fn fill(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let more = self.some(rest)?;
            if more == 0 {
                break;
            }
            filled += more;
            self.bytes += more as u64;
        }
        Ok(filled)
    }

    /// The next bytes, at least one but at the end.
    fn some(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = self.ready.get(self.given..).unwrap_or_default();
            if !ready.is_empty() {
                let count = ready.len().min(into.len());
                if let (Some(to), Some(from)) = (into.get_mut(..count), ready.get(..count)) {
                    to.copy_from_slice(from);
                }
                self.given += count;
                return Ok(count);
            }
            self.ready.clear();
            self.given = 0;
            if let Some((file, left)) = &mut self.file {
                let most = usize::try_from(*left).unwrap_or(usize::MAX).min(into.len());
                let Some(into) = into.get_mut(..most).filter(|into| !into.is_empty()) else {
                    self.file = None;
                    continue;
                };
                let count = match file.read(into) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    count => count?,
                };
                if count == 0 {
                    return Err(shorter(file.path()));
                }
                *left -= count as u64;
                return Ok(count);
            }
            if !self.next()? {
                return Ok(0);
            }
        }
    }

    /// Makes the next entry ready; whether there was one.
    fn next(&mut self) -> io::Result<bool> {
        // What comes before ends at a block's edge.
        let over = self.bytes % BLOCK;
        if over != 0 {
            self.zeros(BLOCK - over);
            return Ok(true);
        }
        let Some(entry) = self.entries.next() else {
            if self.ended {
                return Ok(false);
            }
            self.ended = true;
            self.zeros(2 * BLOCK);
            return Ok(true);
        };
        let path = entry.path.as_os_str().as_bytes();
        match &entry.kind {
            Kind::Folder => {
                let path = [path, b"/"].concat();
                self.header(EntryType::Directory, &path, entry.mode, 0, b"")?;
            }
            Kind::Link(target) => {
                let target = target.as_os_str().as_bytes();
                self.header(EntryType::Symlink, path, entry.mode, 0, target)?;
            }
            Kind::Same(first) => {
                let first = first.as_os_str().as_bytes();
                self.header(EntryType::Link, path, entry.mode, 0, first)?;
            }
            Kind::Made(content) => {
                self.header(
                    EntryType::Regular,
                    path,
                    entry.mode,
                    content.len() as u64,
                    b"",
                )?;
                self.ready.extend_from_slice(content);
            }
            Kind::File(bytes) => {
                self.header(EntryType::Regular, path, entry.mode, *bytes, b"")?;
                let here = self.root.join(&entry.path);
                self.file = Some((fs_err::File::open(here)?, *bytes));
            }
        }
        Ok(true)
    }

    fn zeros(&mut self, count: u64) {
        let count = usize::try_from(count).unwrap_or(0);
        self.ready.resize(self.ready.len() + count, 0);
    }

    /// A header, and before it what doesn't fit into it.
    fn header(
        &mut self,
        kind: EntryType,
        path: &[u8],
        mode: u32,
        size: u64,
        target: &[u8],
    ) -> io::Result<()> {
        let mut header = header(Header::new_ustar(), kind, mode, size);
        // Most names fit, in two parts. Others stand whole before the header, by GNU's way, which every reader knows.
        if header.set_path(OsStr::from_bytes(path)).is_err() {
            header = self::header(Header::new_gnu(), kind, mode, size);
            self.long(b'L', path)?;
            field(&mut header.as_old_mut().name, path);
        }
        if target.len() > LONGEST {
            self.long(b'K', target)?;
        }
        // Byte by byte: what a link says is nobody's path, and isn't made tidy.
        field(&mut header.as_old_mut().linkname, target);
        header.set_cksum();
        self.ready.extend_from_slice(header.as_bytes());
        Ok(())
    }

    /// A name of any length, as an entry of its own.
    fn long(&mut self, kind: u8, name: &[u8]) -> io::Result<()> {
        let size = name.len() as u64 + 1;
        let mut header = header(Header::new_gnu(), EntryType::new(kind), 0o644, size);
        header.set_path("././@LongLink")?;
        header.set_cksum();
        self.ready.extend_from_slice(header.as_bytes());
        self.ready.extend_from_slice(name);
        self.zeros(1 + (BLOCK - size % BLOCK) % BLOCK);
        Ok(())
    }
}

/// A header with all that is alike.
fn header(mut header: Header, kind: EntryType, mode: u32, size: u64) -> Header {
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(TIME);
    header.set_size(size);
    header
}

/// As much of a name as fits into a field.
fn field(field: &mut [u8; LONGEST], name: &[u8]) {
    for (to, from) in field.iter_mut().zip(name) {
        *to = *from;
    }
}

fn shorter(path: &Path) -> io::Error {
    let what = format!("{} became shorter while it was read", path.display());
    io::Error::new(ErrorKind::UnexpectedEof, what)
}
