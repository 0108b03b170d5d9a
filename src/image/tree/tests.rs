use std::os::unix::fs::{PermissionsExt, symlink};

use proptest::prelude::*;

use super::*;

/// A store in a temporary folder.
pub(in crate::image) struct Store(pub(in crate::image) tempfile::TempDir);

impl Store {
    pub(in crate::image) fn new() -> Self {
        let store = Store(tempfile::tempdir().unwrap());
        fs_err::create_dir_all(store.0.path().join("nix/store")).unwrap();
        store
    }

    pub(in crate::image) fn root(&self) -> &Path {
        self.0.path()
    }

    /// A file at `path` below a store path; its name says whether it is a program.
    pub(in crate::image) fn file(&self, store: &StorePath, path: &str, content: &[u8]) {
        let place = self.place(store).join(path);
        fs_err::create_dir_all(place.parent().unwrap()).unwrap();
        fs_err::write(&place, content).unwrap();
        let mode = if path.contains("bin/") { 0o555 } else { 0o444 };
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(in crate::image) fn place(&self, store: &StorePath) -> PathBuf {
        self.root().join("nix/store").join(store.base())
    }
}

pub(in crate::image) fn path(c: char, name: &str) -> StorePath {
    StorePath::from_base(&format!("{}-{name}", c.to_string().repeat(32))).unwrap()
}

fn shown(entries: &[Entry]) -> String {
    let line = |entry: &Entry| {
        let what = match &entry.kind {
            Kind::Folder => "folder".to_owned(),
            Kind::File(bytes) => format!("file of {bytes}"),
            Kind::Made(content) => format!("made of {}", content.len()),
            Kind::Link(target) => format!("link to {}", target.display()),
            Kind::Same(first) => format!("same as {}", first.display()),
        };
        format!("{:o} {} {what}\n", entry.mode, entry.path.display())
    };
    entries.iter().map(line).collect()
}

#[test]
fn a_layer_is_sorted_and_the_same_content_is_written_once() {
    let store = Store::new();
    let (app, lib) = (path('1', "app"), path('0', "lib"));
    let large = vec![7; 5000];
    store.file(&app, "bin/app", &large);
    store.file(&app, "bin-more/x", b"y");
    store.file(&app, "share/copy", &large);
    store.file(&lib, "lib/a.so", &large);
    store.file(&lib, "lib/b.so", &vec![8; 5000]);
    store.file(&lib, "lib/small-1", b"same");
    store.file(&lib, "lib/small-2", b"same");
    symlink("../lib/a.so", store.place(&lib).join("lib/a")).unwrap();
    let found = entries(store.root(), &[app.clone(), lib.clone(), app]).unwrap();
    // A program is another file than one of the same content that is none.
    insta::assert_snapshot!(shown(&found));
    let again = entries(store.root(), &[lib, path('1', "app")]).unwrap();
    assert_eq!(found, again);
}

/// A package that was built here has hard links, one from a cache has none: both give the same layer.
#[test]
fn inodes_decide_nothing() {
    let layers: Vec<Vec<Entry>> = [true, false]
        .into_iter()
        .map(|linked| {
            let store = Store::new();
            let app = path('0', "app");
            store.file(&app, "lib/a", &vec![1; 9000]);
            if linked {
                let place = store.place(&app).join("lib");
                fs_err::hard_link(place.join("a"), place.join("b")).unwrap();
            } else {
                store.file(&app, "lib/b", &vec![1; 9000]);
            }
            entries(store.root(), &[app]).unwrap()
        })
        .collect();
    assert_eq!(layers[0], layers[1]);
    assert!(layers[0].iter().any(|it| matches!(it.kind, Kind::Same(_))));
}

#[test]
fn a_store_path_may_be_a_file_or_a_link() {
    let store = Store::new();
    let (file, link) = (path('0', "file"), path('1', "link"));
    fs_err::write(store.place(&file), b"text").unwrap();
    symlink("/nix/store/elsewhere", store.place(&link)).unwrap();
    let found = entries(store.root(), &[file, link]).unwrap();
    assert_eq!(found.len(), 4);
    assert_eq!(found[2].kind, Kind::File(4));
    assert_eq!(found[3].kind, Kind::Link("/nix/store/elsewhere".into()));
}

#[test]
fn what_a_layer_would_take_for_gone_is_refused() {
    for name in [".wh.file", ".wh..wh..opq"] {
        let store = Store::new();
        let odd = path('0', "odd");
        fs_err::create_dir_all(store.place(&odd)).unwrap();
        fs_err::write(store.place(&odd).join(name), b"text").unwrap();
        let error = entries(store.root(), &[odd]).unwrap_err();
        let root = store.root().to_str().unwrap().to_owned();
        let told = error.to_string().replace(&root, "ROOT");
        insta::assert_snapshot!("whiteout", told.replace(name, "NAME"));
    }
    let store = Store::new();
    let fine = path('0', "fine");
    fs_err::create_dir_all(store.place(&fine)).unwrap();
    fs_err::write(store.place(&fine).join(".who"), b"text").unwrap();
    assert_eq!(entries(store.root(), &[fine]).unwrap().len(), 4);
}

#[test]
fn what_is_no_file_or_is_not_there_is_an_error() {
    let store = Store::new();
    let odd = path('0', "odd");
    let place = store.place(&odd).join("socket");
    fs_err::create_dir_all(store.place(&odd)).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(&place).unwrap();
    let plain = |error: Error| {
        let root = store.root().to_str().unwrap().to_owned();
        error.to_string().replace(&root, "ROOT")
    };
    insta::assert_snapshot!(
        "odd_file",
        plain(entries(store.root(), &[odd]).unwrap_err())
    );
    let gone = entries(store.root(), &[path('9', "gone")]).unwrap_err();
    insta::assert_snapshot!("unreadable", plain(gone));
}

/// The size of one store path, by asking for one that it hasn't.
fn size(store: &Store, path: &StorePath) -> u64 {
    let paths = std::slice::from_ref(path);
    let error = entries_checked(store.root(), paths, &|_| Some(1)).unwrap_err();
    assert_eq!(error.id(), "image/damaged");
    let text = error.what().rsplit(' ').next().unwrap();
    text.parse().unwrap()
}

/// The sizes are those of `nix-store --dump PATH | wc -c`.
#[test]
fn a_path_is_as_large_as_nix_says() {
    let store = Store::new();
    let tree = path('0', "tree");
    store.file(&tree, "file", b"hello");
    store.file(&tree, "empty", b"");
    store.file(&tree, "sub/eight", b"12345678");
    store.file(&tree, "sub/deep/\u{e9}", b"x");
    let place = store.place(&tree);
    store.file(&tree, "run", b"#!/bin/sh\n");
    let runs = std::fs::Permissions::from_mode(0o744);
    std::fs::set_permissions(place.join("run"), runs).unwrap();
    fs_err::create_dir(place.join("emptydir")).unwrap();
    symlink("../elsewhere", place.join("link")).unwrap();
    let mut sizes = Vec::new();
    for (at, name) in ["file", "run", "empty", "link", "emptydir", "sub"]
        .iter()
        .enumerate()
    {
        let one = path(
            char::from_digit(u32::try_from(at).unwrap() + 1, 10).unwrap(),
            name,
        );
        let from = place.join(name);
        if from.is_symlink() {
            symlink(fs_err::read_link(&from).unwrap(), store.place(&one)).unwrap();
            sizes.push((*name, size(&store, &one)));
        } else {
            fs_err::rename(&from, store.place(&one)).unwrap();
            sizes.push((*name, size(&store, &one)));
            fs_err::rename(store.place(&one), &from).unwrap();
        }
    }
    sizes.push(("all", size(&store, &tree)));
    let by_nix = [
        ("file", 120),
        ("run", 160),
        ("empty", 112),
        ("link", 128),
        ("emptydir", 96),
        ("sub", 648),
        ("all", 1792),
    ];
    assert_eq!(sizes, by_nix);
}

/// Files of one content are hard links in a layer; to Nix each has its bytes.
#[test]
fn a_damaged_path_is_no_layer() {
    let store = Store::new();
    let (good, cut) = (path('0', "good"), path('1', "app-1.0"));
    for app in [&good, &cut] {
        store.file(app, "share/one", &vec![1; 9000]);
        store.file(app, "share/two", &vec![1; 9000]);
    }
    let bytes = size(&store, &good);
    assert!(bytes > 18_000);
    let paths = [good.clone(), cut.clone()];
    for known in [Some(bytes), Some(0), None] {
        let found = entries_checked(store.root(), &paths, &|_| known).unwrap();
        assert_eq!(found, entries(store.root(), &paths).unwrap());
    }
    let file = store.place(&cut).join("share/two");
    fs_err::remove_file(&file).unwrap();
    fs_err::write(&file, b"").unwrap();
    let only = |path: &StorePath| (*path == cut).then_some(bytes);
    entries_checked(store.root(), &[good], &only).unwrap();
    let error = entries_checked(store.root(), &paths, &only).unwrap_err();
    insta::assert_snapshot!("damaged", error);
}

#[test]
fn a_name_that_macos_changed_is_refused() {
    let folder = Path::new("/nix/store/00000000000000000000000000000000-app/share");
    let check = |names: &[&str]| {
        let names: Vec<OsString> = names.iter().map(Into::into).collect();
        unchanged(folder, &names)
    };
    check(&["README", "~nix~case~hack", "nix~case~hack~1", ""]).unwrap();
    let error = check(&["README", "readme~nix~case~hack~1"]).unwrap_err();
    insta::assert_snapshot!("case_hack", error);
}

/// What may be in a store path.
#[derive(Debug, Clone)]
enum Node {
    File(Vec<u8>, bool),
    Link(String),
    Folder(BTreeMap<String, Node>),
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        (prop::collection::vec(any::<u8>(), 0..40), any::<bool>())
            .prop_map(|(content, runs)| Node::File(content, runs)),
        "[a-z./]{1,20}".prop_map(Node::Link),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop::collection::btree_map("[a-zé~ ]{1,12}", inner, 0..5).prop_map(Node::Folder)
    })
}

fn write(node: &Node, place: &Path) {
    match node {
        Node::File(content, runs) => {
            fs_err::write(place, content).unwrap();
            let mode = if *runs { 0o555 } else { 0o444 };
            std::fs::set_permissions(place, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        Node::Link(target) => symlink(target, place).unwrap(),
        Node::Folder(within) => {
            fs_err::create_dir(place).unwrap();
            for (name, node) in within {
                write(node, &place.join(name));
            }
        }
    }
}

/// Packs as Nix does, byte by byte.
fn pack(node: &Node, into: &mut Vec<u8>) {
    fn text(bytes: &[u8], into: &mut Vec<u8>) {
        into.extend((bytes.len() as u64).to_le_bytes());
        into.extend(bytes);
        while !into.len().is_multiple_of(8) {
            into.push(0);
        }
    }
    fn words(words: &[&str], into: &mut Vec<u8>) {
        for word in words {
            text(word.as_bytes(), into);
        }
    }
    words(&["(", "type"], into);
    match node {
        Node::File(content, runs) => {
            words(&["regular"], into);
            if *runs {
                words(&["executable", ""], into);
            }
            words(&["contents"], into);
            text(content, into);
        }
        Node::Link(target) => words(&["symlink", "target", target], into),
        Node::Folder(within) => {
            words(&["directory"], into);
            for (name, node) in within {
                words(&["entry", "(", "name", name, "node"], into);
                pack(node, into);
                words(&[")"], into);
            }
        }
    }
    words(&[")"], into);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_path_is_as_large_as_its_archive(node in nodes()) {
        let store = Store::new();
        let one = path('0', "one");
        write(&node, &store.place(&one));
        // `nix-archive-1`, padded, after its length.
        let mut packed = vec![0; 24];
        pack(&node, &mut packed);
        prop_assert_eq!(size(&store, &one), packed.len() as u64);
    }
}
