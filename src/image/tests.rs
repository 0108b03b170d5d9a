//! The room as a whole: what is made of store paths is read back by others' tools.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use proptest::prelude::*;

use super::gzip::Level;
use super::tree::tests::{Store, path};
use super::*;
use crate::closure::StorePath;
use crate::names::Digest;

/// A layer as it is sent, and what it says of itself.
fn made(store: &Store, entries: Vec<Entry>, cores: usize, level: Level) -> (Vec<u8>, Blob) {
    let crew = Crew::of(cores, level);
    let mut stream = Stream::new(store.root(), Arc::new(entries), &crew, |_| {});
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let blob = stream.blob().unwrap().clone();
    (bytes, blob)
}

fn unzipped(bytes: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut tar)
        .unwrap();
    tar
}

/// Path, mode, owner, time, and content or target, as another reader finds them.
fn listed(tar: &[u8]) -> Vec<(String, String)> {
    let mut archive = ::tar::Archive::new(tar);
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let header = entry.header().clone();
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
        assert_eq!(header.mtime().unwrap(), 1);
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let link = entry.link_name().unwrap();
        let link = link.map(|it| it.to_str().unwrap().to_owned());
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        let mode = header.mode().unwrap();
        let what = link.map_or(content, |it| format!("-> {it}"));
        (name, format!("{mode:o} {what}"))
    });
    entries.collect()
}

#[test]
fn another_reader_finds_what_went_in() {
    let store = Store::new();
    let app = path('0', "app");
    let deep = format!("share/{}/{}", "d".repeat(90), "e".repeat(120));
    store.file(&app, "bin/app", b"program");
    store.file(&app, &deep, b"far below");
    store.file(
        &app,
        &format!("{}/x", "long".repeat(45)),
        b"too long for a header",
    );
    store.file(&app, "empty", b"");
    let target = format!("../{}", "t".repeat(130));
    std::os::unix::fs::symlink(&target, store.place(&app).join("link")).unwrap();
    let odd = "a name with é, ' and a\nline break";
    store.file(&app, odd, b"odd");
    let mut all = entries(store.root(), std::slice::from_ref(&app)).unwrap();
    all.push(Entry::made("etc/passwd", "root"));
    all.push(Entry::folder("tmp", 0o1777));
    let (bytes, blob) = made(&store, all.clone(), 2, Level::Fast);
    let tar = unzipped(&bytes);
    assert_eq!(blob.bytes, tar.len() as u64);
    assert_eq!(blob.compressed, bytes.len() as u64);
    assert_eq!(blob.digest, digest_of(&bytes).unwrap());
    assert_eq!(blob.diff_id, digest_of(&tar).unwrap());
    assert_eq!(tar.len() % 512, 0);
    let found: BTreeMap<String, String> = listed(&tar).into_iter().collect();
    assert_eq!(found.len(), all.len());
    let base = format!("nix/store/{}", app.base());
    assert_eq!(found[&format!("{base}/bin/app")], "555 program");
    assert_eq!(found[&format!("{base}/{deep}")], "444 far below");
    assert_eq!(found[&format!("{base}/link")], format!("777 -> {target}"));
    assert_eq!(found[&format!("{base}/{odd}")], "444 odd");
    assert_eq!(found["etc/passwd"], "644 root");
    assert_eq!(found["tmp/"], "1777 ");
}

#[test]
fn the_same_bytes_on_any_number_of_cores() {
    let store = Store::new();
    let app = path('0', "app");
    let noise: Vec<u8> = (0..3_000_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    store.file(&app, "share/noise", &noise);
    store.file(&app, "share/zeros", &vec![0; 2_500_000]);
    let all = entries(store.root(), &[app]).unwrap();
    let (one, blob) = made(&store, all.clone(), 1, Level::Fast);
    for cores in [2, 7] {
        assert_eq!(
            made(&store, all.clone(), cores, Level::Fast),
            (one.clone(), blob.clone())
        );
    }
    let (_, small) = made(&store, all, 2, Level::Small);
    assert_eq!(small.diff_id, blob.diff_id);
    assert_ne!(small.digest, blob.digest);
}

#[test]
fn a_stream_that_is_given_up_ends() {
    let store = Store::new();
    let app = path('0', "app");
    store.file(&app, "share/zeros", &vec![0; 40_000_000]);
    let all = Arc::new(entries(store.root(), &[app]).unwrap());
    let crew = Crew::of(2, Level::Fast);
    let mut stream = Stream::new(store.root(), all, &crew, |_| {});
    let mut some = [0; 100];
    stream.read_exact(&mut some).unwrap();
    assert_eq!(stream.blob(), None);
    drop(stream);
    drop(crew);
}

#[test]
fn a_file_that_goes_or_shrinks_is_an_error_and_no_layer() {
    for gone in [true, false] {
        let store = Store::new();
        let app = path('0', "app");
        store.file(&app, "share/file", &[1; 9000]);
        let all = Arc::new(entries(store.root(), std::slice::from_ref(&app)).unwrap());
        let file = store.place(&app).join("share/file");
        fs_err::remove_file(&file).unwrap();
        if !gone {
            fs_err::write(&file, [1; 100]).unwrap();
        }
        let crew = Crew::of(1, Level::Fast);
        let mut stream = Stream::new(store.root(), all, &crew, |_| {});
        stream.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(stream.blob(), None);
    }
}

fn digest(c: char) -> Digest {
    format!("sha256:{}", c.to_string().repeat(64))
        .parse()
        .unwrap()
}

fn laid(c: char, paths: &[StorePath]) -> Laid {
    let blob = Blob {
        diff_id: digest(c),
        bytes: 2048,
        digest: digest(c.to_ascii_lowercase()),
        compressed: 100,
    };
    Laid {
        blob,
        level: Level::Fast,
        paths: paths.to_vec(),
    }
}

fn start() -> Start {
    Start {
        cmd: vec!["/app/bin/web".to_owned()],
        env: vec!["PATH=/app/bin:/bin".to_owned()],
        labels: BTreeMap::new(),
    }
}

fn layers() -> Vec<Laid> {
    let many: Vec<StorePath> = "0123456789".chars().map(|c| path(c, "lib-1.0")).collect();
    vec![
        laid('a', &many),
        laid('b', &[path('b', "app")]),
        laid('c', &[]),
    ]
}

#[test]
fn config_and_manifest() {
    let config = config(&start(), &layers()).unwrap();
    let pretty = |json: &[u8]| {
        let value: serde_json::Value = serde_json::from_slice(json).unwrap();
        serde_json::to_string_pretty(&value).unwrap()
    };
    insta::assert_snapshot!("config", pretty(&config));
    insta::assert_snapshot!("manifest", pretty(&manifest(&config, &layers()).unwrap()));
}

#[test]
fn an_image_remembers_its_layers() {
    let config = config(&start(), &layers()).unwrap();
    let manifest = manifest(&config, &layers()).unwrap();
    assert_eq!(remembered(&manifest, &config), Some(layers()));
    let text = String::from_utf8(config).unwrap();
    for (from, to) in [
        ("nixdyno-1 fast", "nixdyno-2 fast"),
        ("nixdyno-1 fast 2048", "nixdyno-1 fast -1"),
        ("nixdyno-1 fast 2048", "nixdyno-1 fast 18446744073709551615"),
        ("nixdyno-1 fast 2048", "nixdyno-1 fast 281474976710657"),
        ("nixdyno-1 fast", "nixdyno-1 odd"),
        ("00000000000000000000000000000000-lib-1.0", "no-path"),
        (
            "00000000000000000000000000000000-lib-1.0",
            "99999999999999999999999999999999-lib-1.0",
        ),
        ("\"rootfs\"", "\"roots\""),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        assert_eq!(remembered(&manifest, changed.as_bytes()), None, "{to}");
    }
    let sized = |bytes: &str| {
        let manifest = String::from_utf8(manifest.clone()).unwrap();
        assert!(manifest.contains("\"size\":100,"));
        let changed = manifest.replacen("\"size\":100,", &format!("\"size\":{bytes},"), 1);
        remembered(changed.as_bytes(), text.as_bytes()).is_some()
    };
    assert!(sized("281474976710656"));
    assert!(!sized("281474976710657"));
    assert!(!sized("18446744073709551615"));
    assert_eq!(remembered(b"{}", text.as_bytes()), None);
    assert_eq!(remembered(b"", b""), None);
}

#[test]
fn a_config_that_nobody_would_read_is_refused() {
    let name = "n".repeat(200);
    let paths: Vec<StorePath> = (0..20_000)
        .map(|at| StorePath::from_base(&format!("{at:032}-{name}")).unwrap())
        .collect();
    let error = config(&start(), &[laid('a', &paths)]).unwrap_err();
    insta::assert_snapshot!(error);
}

proptest! {
    #[test]
    fn foreign_bytes_are_no_memory(manifest in "\\PC{0,60}", config in "\\PC{0,60}") {
        prop_assert_eq!(remembered(manifest.as_bytes(), config.as_bytes()), None);
    }
}

#[test]
fn an_archive_holds_every_blob_once_under_both_names() {
    let store = Store::new();
    let (app, lib) = (path('0', "app"), path('1', "lib"));
    store.file(&app, "bin/app", b"program");
    store.file(&lib, "lib/lib.so", &vec![3; 70_000]);
    let place = store.root().join("image.tar");
    let crew = Crew::of(2, Level::Fast);
    let mut archive = Archive::new(&place).unwrap();
    let mut layers = Vec::new();
    for paths in [vec![lib.clone()], vec![app], vec![lib]] {
        let all = Arc::new(entries(store.root(), &paths).unwrap());
        let mut stream = Stream::new(store.root(), all, &crew, |_| {});
        archive
            .layer(&mut stream, |it| it.blob().map(|blob| blob.digest.clone()))
            .unwrap();
        layers.push(Laid {
            blob: stream.blob().unwrap().clone(),
            level: Level::Fast,
            paths,
        });
    }
    layers.truncate(2);
    let images = ["web", "worker"].map(|name| Named {
        name: format!("nixdyno/app-{name}:latest"),
        config: config(&start(), &layers).unwrap(),
    });
    assert!(!place.exists());
    archive.finish(&images, &layers).unwrap();
    let bytes = fs_err::read(&place).unwrap();
    let mut names = Vec::new();
    let mut reader = ::tar::Archive::new(&bytes[..]);
    for entry in reader.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if let Some(hex) = name.strip_prefix("blobs/sha256/") {
            assert_eq!(
                digest_of(&content).unwrap().as_str(),
                format!("sha256:{hex}")
            );
        } else {
            names.push(format!("{name} {}", String::from_utf8_lossy(&content)));
        }
    }
    insta::assert_snapshot!(names.join("\n"));
    // Nothing but the archive is left beside it.
    let left = fs_err::read_dir(store.root()).unwrap().count();
    assert_eq!(left, 2);
}

#[test]
fn an_archive_that_can_not_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("no/such/folder/image.tar");
    let Err(error) = Archive::new(&place) else {
        panic!("it was written");
    };
    let root = folder.path().to_str().unwrap();
    let text = error.to_string().replace(root, "ROOT");
    // The name of the temporary file differs.
    let text: Vec<&str> = text
        .lines()
        .filter(|it| !it.contains(".nixdyno-"))
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

/// An archive of nothing but these images.
fn archive(place: &std::path::Path, names: &[&str]) {
    let images = names.iter().map(|name| Named {
        name: (*name).to_owned(),
        config: config(&start(), &[]).unwrap(),
    });
    let images: Vec<Named> = images.collect();
    Archive::new(place).unwrap().finish(&images, &[]).unwrap();
}

fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs_err::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn an_archive_is_a_file_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (place, link) = (folder.path().join("a.tar"), folder.path().join("link"));
    archive(&place, &["app:latest"]);
    // As the system makes new files here.
    let plain = folder.path().join("plain");
    fs_err::write(&plain, "").unwrap();
    assert_eq!(mode(&place), mode(&plain));
    // What was there keeps its mode, and a link stays one.
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("a.tar", &link).unwrap();
    let before = fs_err::read(&place).unwrap();
    archive(&link, &["web:1"]);
    assert!(link.is_symlink());
    assert_eq!(mode(&place), 0o640);
    assert_ne!(fs_err::read(&place).unwrap(), before);
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn what_is_no_file_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs_err::create_dir(at("folder")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    std::os::unix::fs::symlink("gone", at("link")).unwrap();
    std::os::unix::fs::symlink("folder", at("to-folder")).unwrap();
    let root = folder.path().to_str().unwrap();
    let refusals = ["folder", "to-folder", "socket", "link"].map(|name| {
        let Err(error) = Archive::new(&at(name)) else {
            panic!("{name} was taken");
        };
        error.to_string().replace(root, "ROOT")
    });
    insta::assert_snapshot!(refusals.join("\n\n"));
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn an_archive_that_breaks_leaves_nothing() {
    struct Breaks(u32);
    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1..4 => Ok(into.len()),
                _ => Err(std::io::Error::other("gone")),
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::new(&folder.path().join("image.tar")).unwrap();
    archive.layer(Breaks(0), |_| None).unwrap_err();
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    drop(archive);
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn one_image_is_known_by_its_tag() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("image.tar");
    let references = |names: &[&str]| {
        archive(&place, names);
        let text = String::from_utf8_lossy(&fs_err::read(&place).unwrap()).into_owned();
        let parts = text.split("ref.name\":\"").skip(1);
        let names = parts.map(|it| it.split('"').next().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(references(&["me/app:1"]), ["1"]);
    assert_eq!(
        references(&["me/web:1", "me/worker:1"]),
        ["me/web:1", "me/worker:1"]
    );
}
