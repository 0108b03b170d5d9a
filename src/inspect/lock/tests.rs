//! What a lock file says, and what is wrong with one.

use proptest::prelude::*;

use super::*;

#[test]
fn follows_and_relative_paths_are_found() {
    let text = r#"{
            "nodes": {
                "deep": { "locked": { "path": "./x/../lib/deep", "type": "path" } },
                "far": { "locked": { "path": "/nix/elsewhere", "type": "path" } },
                "nixpkgs_2": { "locked": { "type": "github", "rev": "abc", "narHash": "sha256-x" } },
                "utils": { "inputs": { "pkgs": "nixpkgs_2" }, "locked": { "type": "tarball" } },
                "root": { "inputs": { "nixpkgs": ["utils", "pkgs"], "utils": "utils", "self2": [] } }
            },
            "root": "root", "version": 7
        }"#;
    let pins = parse(text).unwrap().pins;
    let shown: Vec<_> = pins
        .iter()
        .map(|pin| (pin.name.as_str(), pin.kind.as_str(), pin.path.clone()))
        .collect();
    assert_eq!(
        shown,
        [
            ("deep", "path", Some(PathBuf::from("lib/deep"))),
            ("nixpkgs", "github", None),
            ("utils", "tarball", None),
        ]
    );
}

#[test]
fn a_wrong_lock_is_shown_with_its_place() {
    let errors: Vec<_> = [
        "{",
        "[]",
        r#"{ "nodes": {} }"#,
        r#"{ "nodes": {}, "root": "root" }"#,
        r#"{ "nodes": { "root": { "inputs": { "a": "b" } } }, "root": "root" }"#,
        r#"{ "nodes": { "root": { "inputs": { "a": ["a"] } } }, "root": "root" }"#,
        r#"{ "nodes": { "root": { "inputs": { "a": 1 } } }, "root": "root" }"#,
        r#"{ "nodes": { "root": { "inputs": { "a": "a" } }, "a": { "locked": {} } }, "root": "root" }"#,
    ]
    .map(|text| parse(text).unwrap_err().to_string())
    .into();
    insta::assert_snapshot!(errors.join("\n\n"));
}

/// A lock as Nix writes it.
fn lock(nodes: &str, inputs: &str) -> String {
    format!(
        "{{\n  \"nodes\": {{\n{nodes}    \"root\": {{ \"inputs\": {{ {inputs} }} }}\n  }},\n  \"root\": \"root\",\n  \"version\": 7\n}}"
    )
}

fn node(name: &str, locked: &str) -> String {
    format!("    \"{name}\": {{\n      \"locked\": {{ {locked} }}\n    }},\n")
}

#[test]
fn every_type_of_input_is_a_pin() {
    let types = [
        "github",
        "gitlab",
        "sourcehut",
        "git",
        "hg",
        "tarball",
        "file",
        "path",
        "indirect",
    ];
    let nodes: String = types
        .map(|it| {
            node(
                it,
                &format!(
                    r#""type": "{it}", "rev": "abcdef0", "narHash": "sha256-x1", "path": "/far""#
                ),
            )
        })
        .concat();
    let inputs = types.map(|it| format!(r#""{it}": "{it}""#)).join(", ");
    let reading = parse(&lock(&nodes, &inputs)).unwrap();
    let kinds: Vec<_> = reading.pins.iter().map(|it| it.kind.as_str()).collect();
    let mut sorted = types;
    sorted.sort_unstable();
    assert_eq!(kinds, sorted);
    assert!(
        reading
            .pins
            .iter()
            .all(|it| it.revision.is_some() && it.nar_hash.is_some() && it.path.is_none())
    );
    assert_eq!((reading.needs, reading.warnings), Default::default());
}

#[test]
fn what_inputs_need_is_told_with_their_lines() {
    let nodes = [
        node(
            "a",
            r#""type": "git", "url": "ssh://git@git.example.org/a""#,
        ),
        node(
            "b_2",
            r#""type": "github", "host": "git.example.org", "rev": "1f2e3d4""#,
        ),
        node(
            "c",
            r#""type": "gitlab", "host": "gitlab.com", "rev": "0000000000000000000000000000000000000000""#,
        ),
        node(
            "d",
            r#""type": "git", "url": "https://example.org/d", "submodules": true"#,
        ),
        node(
            "e",
            r#""type": "tarball", "narHash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=""#,
        ),
    ];
    let text = lock(
        &nodes.concat(),
        r#""a": "a", "b": "b_2", "c": "c", "d": "d", "e": "e""#,
    );
    let reading = parse(&text).unwrap();
    insta::assert_snapshot!(needs::shown(&reading.needs, &reading.warnings));
}

#[test]
fn the_release_of_nixpkgs_is_known_by_its_branch() {
    let text = r#"{ "nodes": { "n": { "locked": { "type": "github" }, "original": { "ref": "nixos-20.09" } },
            "root": { "inputs": { "nixpkgs": "n" } } }, "root": "root" }"#;
    assert_eq!(parse(text).unwrap().release.as_deref(), Some("20.09"));
}

#[test]
fn versions_that_nix_refuses_are_told() {
    let old = r#"{ "inputs": { "nixpkgs": { "inputs": {}, "info": { "narHash": "sha256-x" },
            "locked": { "type": "github", "rev": "abc" } } }, "version": 4 }"#;
    let old = parse(old).unwrap();
    assert_eq!(old.pins[0].nar_hash.as_deref(), Some("sha256-x"));
    assert_eq!(
        (old.pins[0].kind.as_str(), old.pins[0].revision.as_deref()),
        ("github", Some("abc"))
    );
    let new = parse(r#"{ "nodes": { "root": {} }, "root": "root", "version": 8 }"#).unwrap();
    let warnings = [old.warnings, new.warnings].concat();
    insta::assert_snapshot!(needs::shown(&[], &warnings));
    for version in 5..8 {
        let text =
            format!(r#"{{ "nodes": {{ "root": {{}} }}, "root": "root", "version": {version} }}"#);
        assert_eq!(parse(&text).unwrap(), LockReading::default());
    }
}

#[test]
fn a_lock_that_differs_from_the_flake_is_told() {
    let text = lock(
        &node("a", r#""type": "path", "path": "/far""#),
        r#""a": "a", "b": ["a"]"#,
    );
    let reading = parse(&text).unwrap();
    let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let told = [&["a", "b", "self"][..], &["a", "b", "c"], &["a"], &["c"]].map(|declared| {
        let (missing, surplus) = differs(&reading, &names(declared));
        differs_warning(&missing, &surplus)
    });
    assert_eq!(told[0], None);
    let told: Vec<_> = told.into_iter().flatten().collect();
    insta::assert_snapshot!(needs::shown(&[], &told));
}

#[test]
fn relative_inputs_of_relative_inputs_are_found() {
    let text = r#"{ "nodes": {
            "lib": { "locked": { "path": "../lib", "type": "path" }, "parent": ["web"] },
            "deep": { "locked": { "path": "./deep", "type": "path" }, "parent": ["web", "lib"] },
            "far": { "locked": { "path": "./x", "type": "path" }, "parent": ["utils"] },
            "utils": { "locked": { "type": "github" } },
            "web": { "inputs": { "lib": "lib" }, "locked": { "path": "./services/web", "type": "path" }, "parent": [] },
            "root": { "inputs": { "web": "web", "utils": "utils" } } }, "root": "root" }"#;
    let pins = parse(text).unwrap().pins;
    let paths: Vec<_> = pins.iter().filter_map(|it| it.path.as_deref()).collect();
    assert_eq!(
        paths,
        ["services/lib/deep", "services/lib", "services/web"].map(Path::new)
    );
}

#[test]
fn a_node_named_like_another_input_is_kept() {
    let text = lock(
        &[
            node("lib", r#""type": "path", "path": "./lib""#),
            node("lib_2", r#""type": "github""#),
        ]
        .concat(),
        r#""lib": "lib_2""#,
    );
    let pins = parse(&text).unwrap().pins;
    assert_eq!(pins.len(), 2);
    assert!(
        pins.iter()
            .any(|it| it.path.as_deref() == Some(Path::new("lib")))
    );
}

#[test]
fn twelve_thousand_relative_inputs_are_cheap() {
    let nodes: String = (0..12_000)
        .map(|it| {
            node(
                &format!("n{it}"),
                &format!(r#""type": "path", "path": "./p{it}""#),
            )
        })
        .collect();
    let start = std::time::Instant::now();
    assert_eq!(parse(&lock(&nodes, "")).unwrap().pins.len(), 12_000);
    // A quadratic way takes minutes here.
    assert!(start.elapsed().as_secs() < 10);
}

proptest! {
    #[test]
    fn no_parents_hang(parents in prop::collection::vec(prop::collection::vec(0..6_usize, 0..4), 6)) {
        let nodes = parents.iter().enumerate().map(|(name, path)| {
            let path: Vec<_> = path.iter().map(usize::to_string).collect();
            let node = serde_json::json!({ "locked": { "type": "path", "path": "./x" }, "parent": path,
                "inputs": { "0": "1", "1": ["2"], "2": "3", "3": "4", "4": "5" } });
            (name.to_string(), node)
        });
        let mut nodes: Map<String, Value> = nodes.collect();
        let inputs: Map<String, Value> = (0..6).map(|it| (it.to_string(), Value::from(it.to_string()))).collect();
        nodes.insert("root".to_owned(), serde_json::json!({ "inputs": inputs }));
        let _ = parse(&serde_json::json!({ "nodes": nodes, "root": "root" }).to_string());
    }

    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_follows_hang(paths in prop::collection::vec(prop::collection::vec(0..4_usize, 0..4), 4)) {
        let inputs: Map<String, Value> = paths
            .iter()
            .enumerate()
            .map(|(name, path)| {
                let path = path.iter().map(|step| Value::from(step.to_string())).collect();
                (name.to_string(), Value::Array(path))
            })
            .collect();
        let lock = serde_json::json!({ "nodes": { "root": { "inputs": inputs } }, "root": "root" });
        let _ = parse(&lock.to_string());
    }
}
