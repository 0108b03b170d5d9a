//! A context as one gzipped tarball, as Heroku takes sources.
//!
//! Takes a [`Context`] and files made beside it; gives an [`Archive`] in a temporary folder, written and hashed as it is
//! read, so that no size of a project needs more memory. Names are sorted, modes and time stamps uniform: the same
//! files give the same bytes on every machine. Never follows a link, never takes what the context doesn't list.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use fs_err::os::unix::fs::OpenOptionsExt;
use sha2::{Digest, Sha256};
use tar::{EntryType, Header};

use crate::error::{Error, Result};
use crate::shell::interrupt::{self, TempFolder};
use crate::ui::human_bytes;

use super::{Context, is_ours, unreadable};

/// Heroku takes a checkout of 1 GB at most.
const MOST_SOURCE_BYTES: u64 = 1_000_000_000;

/// A tarball on disk, removed on drop.
#[derive(Debug)]
pub struct Archive {
    folder: TempFolder,
    /// How many files it holds.
    pub files: usize,
    /// Its own size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// What stands at a path.
enum Entry<'a> {
    Folder,
    File,
    Link,
    Made(&'a str),
}

impl Archive {
    /// Packs a context of `dir`, with `made` in the place of files of the same path.
    ///
    /// Errors: `context/too-large`, `context/unreadable`, `context/unwritable`, `shell/no-temporary-folder`,
    /// `interrupted`.
    pub fn new(dir: &Path, context: &Context, made: &BTreeMap<PathBuf, String>) -> Result<Self> {
        if context.bytes() > MOST_SOURCE_BYTES {
            return Err(too_large(context));
        }
        let folder = TempFolder::new()?;
        let file = fs_err::File::create(folder.path().join(NAME)).map_err(|e| unwritable(&e))?;
        let out = Counted {
            out: io::BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
        };
        // The level is said: the bytes are not to change with a default.
        let mut tar = tar::Builder::new(GzEncoder::new(out, Compression::new(6)));
        let entries = entries(dir, context, made);
        let mut files = 0;
        for (path, entry) in &entries {
            interrupt::check()?;
            files += usize::from(!matches!(entry, Entry::Folder));
            append(&mut tar, dir, path, entry)?;
        }
        let gzip = tar.into_inner().map_err(|error| unwritable(&error))?;
        let mut out = gzip.finish().map_err(|error| unwritable(&error))?;
        out.flush().map_err(|error| unwritable(&error))?;
        let digest = out.hash.finalize();
        Ok(Archive {
            folder,
            files,
            bytes: out.bytes,
            sha256: hex(&digest),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The file's name in its folder.
const NAME: &str = "source.tgz";

/// Everything by its path: a folder comes before what is in it.
fn entries<'a>(
    dir: &Path,
    context: &'a Context,
    made: &'a BTreeMap<PathBuf, String>,
) -> BTreeMap<&'a Path, Entry<'a>> {
    let mut entries = BTreeMap::new();
    for folder in &context.folders {
        entries.insert(folder.as_path(), Entry::Folder);
    }
    for (file, _) in &context.files {
        if !is_ours(dir, file) {
            entries.insert(file.as_path(), Entry::File);
        }
    }
    for link in &context.links {
        entries.insert(link.as_path(), Entry::Link);
    }
    for (path, text) in made {
        entries.insert(path.as_path(), Entry::Made(text));
    }
    entries
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    dir: &Path,
    path: &Path,
    entry: &Entry<'_>,
) -> Result<()> {
    match entry {
        Entry::Folder => {
            let mut header = header(EntryType::Directory, 0o755, 0);
            let written = tar.append_data(&mut header, path, io::empty());
            written.map_err(|error| unwritable(&error))
        }
        Entry::Made(text) => {
            let mut header = header(EntryType::Regular, 0o644, text.len() as u64);
            let written = tar.append_data(&mut header, path, text.as_bytes());
            written.map_err(|error| unwritable(&error))
        }
        Entry::Link => {
            let target = fs_err::read_link(dir.join(path));
            let target = target.map_err(|error| unreadable(&error.to_string()))?;
            let mut header = header(EntryType::Symlink, 0o777, 0);
            let written = tar.append_link(&mut header, path, target);
            written.map_err(|error| unwritable(&error))
        }
        Entry::File => file(tar, dir, path),
    }
}

/// A file of the project, as long as it was when it was opened.
fn file<W: Write>(tar: &mut tar::Builder<W>, dir: &Path, path: &Path) -> Result<()> {
    let from = dir.join(path);
    let no_links = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let mut options = fs_err::OpenOptions::new();
    let opened = options.read(true).custom_flags(no_links).open(&from);
    let opened = opened.map_err(|error| unreadable(&error.to_string()))?;
    let found = opened.metadata();
    let found = found.map_err(|error| unreadable(&error.to_string()))?;
    let bytes = found.len();
    let executable = super::is_executable(&found);
    let mut header = header(
        EntryType::Regular,
        if executable { 0o755 } else { 0o644 },
        bytes,
    );
    let mut text = Watched {
        from: opened.take(bytes),
    };
    let written = tar.append_data(&mut header, path, &mut text);
    interrupt::check()?;
    written.map_err(|error| unwritable(&error))?;
    if text.from.limit() > 0 {
        return Err(unreadable(&format!(
            "{} became shorter while it was read",
            from.display()
        )));
    }
    Ok(())
}

/// Nothing of this machine shows: no owner, and the time stamp of the Nix store.
fn header(kind: EntryType, mode: u32, bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(1);
    header.set_size(bytes);
    header
}

/// A file that is read no further after Ctrl-C.
struct Watched<R> {
    from: R,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        interrupt::check().map_err(|_| io::Error::other("stopped"))?;
        self.from.read(buffer)
    }
}

/// Counts and hashes what is written.
struct Counted<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.out.write(buffer)?;
        self.hash.update(buffer.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn too_large(context: &Context) -> Error {
    let largest = context.largest().into_iter();
    Error::user(
        "context/too-large",
        format!(
            "{} of files would be sent, and Heroku takes {} at most",
            human_bytes(context.bytes()),
            human_bytes(MOST_SOURCE_BYTES)
        ),
        "list what the app doesn't need in .gitignore",
    )
    .or("build here, where that doesn't count: `--route docker`")
    .detail(largest.map(|(path, bytes)| format!("{} {}", human_bytes(bytes), path.display())))
}

fn unwritable(error: &io::Error) -> Error {
    Error::user(
        "context/unwritable",
        format!("the sources can't be packed: {error}"),
        "free some space, or set TMPDIR to a folder with more",
    )
}

#[cfg(test)]
mod tests;
