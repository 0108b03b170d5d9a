//! Submodules and large files, as `.gitmodules` and `.gitattributes` tell of them.
//!
//! Takes the directory and its list of files; gives needs, and a warning where what they promise isn't
//! there. Looks into folders and at the first bytes of small files; never runs git.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::super::project::{NeedId, Source, Warning};
use super::super::tree::Tree;
use super::{Found, need, sorted};

/// How many files are looked at for pointers: such a file is opened.
const MOST_LOOKS: usize = 2_000;
/// A pointer has three lines.
const LARGEST_POINTER: u64 = 1_024;
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1";
/// Names shown in a warning; the rest is counted.
const MOST_NAMES: usize = 5;

/// What the files of `dir` tell.
pub(in crate::inspect) fn of_files(dir: &Path, tree: &Tree) -> Found {
    let (mut needs, mut warnings) = Found::default();
    if let Some(text) = tree.text(Path::new(".gitmodules")) {
        for (path, line) in modules(&text) {
            let source = Source::file(".gitmodules", line);
            needs.push(need(NeedId::Submodules, &path, source.clone()));
            if inside(&path).is_some_and(|path| is_empty(&dir.join(path))) {
                let what = format!(
                    "the folder of the submodule `{}` is empty or missing",
                    path.escape_debug()
                );
                let todo =
                    "run `git submodule update --init --recursive`: the build would lack its files";
                warnings.push(Warning::new("inspect/submodule-empty", what, todo).at(source));
            }
        }
    }
    let mut patterns = Vec::new();
    for file in tree
        .files()
        .iter()
        .filter(|it| it.file_name() == Some(".gitattributes".as_ref()))
    {
        for (pattern, line) in tree.text(file).iter().flat_map(|text| large(text)) {
            needs.push(need(NeedId::Lfs, &pattern, Source::file(file, line)));
            patterns.push(pattern);
        }
    }
    if !patterns.is_empty() {
        warnings.extend(pointers(dir, tree, &patterns));
    }
    sorted(needs, warnings)
}

/// The paths of `.gitmodules`, with their lines.
fn modules(text: &str) -> Vec<(String, u32)> {
    let lines = (1_u32..).zip(text.lines());
    let paths = lines.filter_map(|(number, line)| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (key.trim() == "path" && !value.is_empty()).then(|| (value.to_owned(), number))
    });
    paths.collect()
}

/// The patterns of `.gitattributes` whose files are kept in the large file storage, with their lines.
fn large(text: &str) -> Vec<(String, u32)> {
    let lines = (1_u32..).zip(text.lines());
    let patterns = lines.filter_map(|(number, line)| {
        let mut words = line.split_whitespace();
        let pattern = words.next().filter(|it| !it.starts_with('#'))?;
        words
            .any(|it| it == "filter=lfs")
            .then(|| (pattern.to_owned(), number))
    });
    patterns.collect()
}

/// The path, if it stays inside the project.
fn inside(path: &str) -> Option<PathBuf> {
    let components = Path::new(path).components();
    let parts = components
        .filter(|it| *it != Component::CurDir)
        .map(|it| match it {
            Component::Normal(name) => Some(name),
            _ => None,
        });
    parts.collect()
}

/// Whether there is nothing in a folder, or no folder; false where that can't be seen.
fn is_empty(folder: &Path) -> bool {
    match fs_err::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// The warning for files that are pointers still.
fn pointers(dir: &Path, tree: &Tree, patterns: &[String]) -> Option<Warning> {
    let files = tree
        .files()
        .iter()
        .filter(|file| patterns.iter().take(100).any(|it| may_match(it, file)));
    let found: Vec<_> = files
        .take(MOST_LOOKS)
        .filter(|file| is_pointer(&dir.join(file)))
        .collect();
    let first = found.first()?;
    let names = found
        .iter()
        .take(MOST_NAMES)
        .map(|it| it.display().to_string().escape_debug().to_string());
    let mut names = names.collect::<Vec<_>>().join(", ");
    if found.len() > MOST_NAMES {
        names.push_str(", …");
    }
    let what = format!(
        "{} of the large files are only pointers to them: {names}",
        found.len()
    );
    let todo = "run `git lfs pull`: the build would get the pointers";
    Some(Warning::new("inspect/lfs-pointer", what, todo).at(Source::file(*first, 1)))
}

/// Whether a file may be meant by a pattern: by its ending or its folder, as far as that is plain.
fn may_match(pattern: &str, file: &Path) -> bool {
    let ending = pattern.rsplit('*').next().unwrap_or_default();
    // `assets/**` ends in nothing: the folder in front decides. Folders above a `.gitattributes` are left out.
    let folder = pattern
        .split('*')
        .next()
        .unwrap_or_default()
        .trim_start_matches('/');
    let path = file.to_str().unwrap_or_default();
    path.ends_with(ending) && path.contains(folder.trim_end_matches('/'))
}

fn is_pointer(path: &Path) -> bool {
    let small = fs_err::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= LARGEST_POINTER);
    let Some(file) = small.then(|| fs_err::File::open(path).ok()).flatten() else {
        return false;
    };
    let mut start = Vec::new();
    let read = file.take(POINTER.len() as u64).read_to_end(&mut start);
    read.is_ok() && start == POINTER
}
