//! What a tarball of sources holds, read back by a reader of tarballs.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use flate2::read::GzDecoder;
use proptest::prelude::*;

use super::*;
use crate::context::survey;

fn write(dir: &Path, path: impl AsRef<Path>, text: &str) {
    let path = dir.join(path);
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

fn pack(dir: &Path, made: &[(&str, &str)]) -> Archive {
    let made = made
        .iter()
        .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
        .collect();
    Archive::new(dir, &survey(dir).unwrap(), &made).unwrap()
}

/// `kind mode uid:gid mtime path = text or target`, a line each.
fn listed(archive: &Archive) -> Vec<String> {
    let file = fs_err::File::open(archive.path()).unwrap();
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    let entries = tar.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let header = entry.header().clone();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        if let Some(target) = entry.link_name().unwrap() {
            text = target.display().to_string();
        }
        format!(
            "{:?} {:o} {}:{} {} {} = {text}",
            header.entry_type(),
            header.mode().unwrap(),
            header.uid().unwrap(),
            header.gid().unwrap(),
            header.mtime().unwrap(),
            entry.path().unwrap().display(),
        )
    });
    entries.collect()
}

#[test]
fn what_it_holds() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    write(dir, "flake.nix", "{ }");
    write(dir, "bin/run", "#!/bin/sh");
    fs_err::set_permissions(dir.join("bin/run"), PermissionsExt::from_mode(0o700)).unwrap();
    write(dir, "src/a b.py", "1");
    write(dir, ".gitignore", "secret\n");
    write(dir, "secret", "x");
    write(dir, ".git/config", "x");
    write(dir, "sub/.git", "gitdir: ../.git/modules/sub");
    write(dir, "sub/code.py", "2");
    // One that nixdyno wrote is replaced, one of a person's too where another is made.
    write(
        dir,
        "Dockerfile",
        &format!("{} 0.0.1\nFROM old\n", crate::render::MARK.trim_end()),
    );
    write(dir, "heroku.yml", "build: old\n");
    symlink("flake.nix", dir.join("link")).unwrap();
    symlink("/nix/store/nowhere/", dir.join("src/out")).unwrap();
    fs_err::create_dir(dir.join("empty")).unwrap();
    let archive = pack(
        dir,
        &[("Dockerfile", "FROM new\n"), ("heroku.yml", "build: new\n")],
    );
    let listed = listed(&archive);
    insta::assert_snapshot!(listed.join("\n"));
    assert_eq!(
        archive.files,
        listed
            .iter()
            .filter(|it| !it.starts_with("Directory"))
            .count()
    );
    let bytes = fs_err::read(archive.path()).unwrap();
    assert_eq!(archive.bytes, bytes.len() as u64);
    assert_eq!(archive.sha256, hex(&Sha256::digest(&bytes)));
}

#[test]
fn the_same_files_are_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (dir, paths) in [
        (one.path(), ["a", "b/c", "b/d"]),
        (two.path(), ["b/d", "b/c", "a"]),
    ] {
        for path in paths {
            write(dir, path, path);
        }
    }
    fs_err::set_permissions(one.path().join("a"), PermissionsExt::from_mode(0o600)).unwrap();
    let (one, two) = (pack(one.path(), &[]), pack(two.path(), &[]));
    assert_eq!(one.sha256, two.sha256);
}

#[test]
fn more_than_heroku_takes_is_not_packed() {
    let context = Context {
        files: vec![
            ("data/big.bin".into(), 900_000_000),
            ("data/other.bin".into(), 200_000_000),
            ("flake.nix".into(), 10),
        ],
        ..Context::default()
    };
    let error = Archive::new(Path::new("/nonexistent"), &context, &BTreeMap::new()).unwrap_err();
    insta::assert_snapshot!("too_large", error);
}

#[test]
fn a_file_that_is_gone_or_became_a_link() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "a", "text");
    let context = survey(dir.path()).unwrap();
    fs_err::remove_file(dir.path().join("a")).unwrap();
    let pack = || Archive::new(dir.path(), &context, &BTreeMap::new()).unwrap_err();
    assert_eq!(pack().id(), "context/unreadable");
    symlink("/etc/passwd", dir.path().join("a")).unwrap();
    assert_eq!(pack().id(), "context/unreadable");
}

#[test]
fn a_disk_that_is_full() {
    let error = unwritable(&io::Error::from(io::ErrorKind::StorageFull));
    insta::assert_snapshot!("unwritable", error);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_name_comes_back(names in prop::collection::btree_set(
        prop::collection::vec(prop::collection::vec(any::<u8>(), 1..120), 1..4), 1..8,
    )) {
        let dir = tempfile::tempdir().unwrap();
        for (number, parts) in names.iter().enumerate() {
            let mut path = PathBuf::from(format!("n{number}"));
            for part in parts {
                let clean: Vec<u8> = part.iter().map(|byte| if matches!(byte, 0 | b'/') { b'-' } else { *byte }).collect();
                // `..` would lead out, and `.git` stays out.
                path.push(OsStr::from_bytes(&[b"x", clean.as_slice()].concat()));
            }
            write(dir.path(), &path, "text");
            symlink(&path, dir.path().join(format!("l{number}"))).unwrap();
        }
        let context = survey(dir.path()).unwrap();
        let archive = Archive::new(dir.path(), &context, &BTreeMap::new()).unwrap();
        let file = fs_err::File::open(archive.path()).unwrap();
        let mut tar = tar::Archive::new(GzDecoder::new(file));
        let mut found = Vec::new();
        for entry in tar.entries().unwrap() {
            let entry = entry.unwrap();
            let path = entry.path().unwrap().into_owned();
            if let Some(target) = entry.link_name().unwrap() {
                let link = fs_err::read_link(dir.path().join(&path)).unwrap();
                prop_assert_eq!(target.as_ref(), link.as_path());
            }
            found.push(path);
        }
        let mut all: Vec<PathBuf> = context.files.iter().map(|(path, _)| path.clone()).collect();
        all.extend(context.links);
        all.extend(context.folders);
        all.sort();
        prop_assert_eq!(found, all);
    }
}
