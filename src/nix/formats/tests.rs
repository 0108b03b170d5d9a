//! Every recorded answer, and any text at all.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::nix::Version;

/// What a recorded file holds, read by the parser that its name tells.
fn typed(name: &str, text: &str) -> String {
    fn shown<T: std::fmt::Debug>(result: Result<T>) -> String {
        format!("{:#?}", result.unwrap())
    }
    match name {
        _ if name.starts_with("path-info") => shown(path_infos(text)),
        _ if name.starts_with("build") => shown(builds(text)),
        _ if name.starts_with("derivation") => shown(derivations(text)),
        _ if name.starts_with("flake-metadata") => shown(flake_metadata(text)),
        _ if name.starts_with("eval-derivation") => shown(eval::<String>(text)),
        _ if name.starts_with("eval") => shown(eval::<Value>(text)),
        "versions" => {
            let lines: Vec<String> = eval(text).unwrap();
            let versions: Vec<_> = lines.iter().map(|line| Version::parse(line)).collect();
            assert!(versions.iter().all(Option::is_some));
            format!("{versions:#?}")
        }
        _ => panic!("{name}: no parser is named so"),
    }
}

#[test]
fn every_recorded_answer_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nix/formats/recorded");
    let entries = fs_err::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 30, "the recordings are there");
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs_err::read_to_string(&file).unwrap();
        insta::assert_snapshot!(name.clone(), typed(&name, &text));
    }
}

#[test]
fn all_forms_say_the_same_of_a_path() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nix/formats/recorded");
    let one = |name: &str| {
        let text = fs_err::read_to_string(folder.join(name)).unwrap();
        let path = "/nix/store/zyryn402dpi5yxffhzjd6jg6759n7z4j-app-1.0";
        let infos = path_infos(&text).unwrap();
        let info = infos.known[path].clone();
        // What the forms have in common when nothing more was asked for.
        PathInfo {
            ca: None,
            closure_size: None,
            signatures: Vec::new(),
            ..info
        }
    };
    let first = one("path-info-2.8.json");
    for name in [
        "path-info-2.26.json",
        "path-info-valid-2.18.json",
        "path-info-map-2.19.json",
        "path-info-map-v1-2.33.json",
        "path-info-v2-2.33.json",
        "path-info-v3-2.35.json",
        "path-info-lix-2.95.json",
    ] {
        assert_eq!(one(name), first, "{name}");
    }
}

#[test]
fn other_forms_are_refused_and_not_guessed() {
    for text in [
        "",
        "{",
        "1",
        "\"x\"",
        "[1]",
        "{\"a\": 1}",
        "[{\"path\": \"/etc/passwd\"}]",
    ] {
        assert!(path_infos(text).is_err(), "{text}");
        assert!(builds(text).is_err(), "{text}");
        assert!(derivations(text).is_err(), "{text}");
        assert!(flake_metadata(text).is_err(), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(eval::<Value>(&deep).is_err());
    assert!(builds(&format!("[{}1", "{\"drvPath\":".repeat(100_000))).is_err());
    insta::assert_snapshot!(path_infos("{\"version\": 9}").unwrap_err());
}

#[test]
fn absurd_sizes_are_refused() {
    let text = " ".repeat(MOST_BYTES + 1);
    let error = eval::<Value>(&text).unwrap_err();
    assert!(error.to_string().contains("64 MiB"), "{error}");
    let path = "/nix/store/zyryn402dpi5yxffhzjd6jg6759n7z4j-app-1.0";
    for size in [
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!("168"),
        json!(null),
    ] {
        let entry = json!({path: {"narHash": "sha256-x", "narSize": size, "references": []}});
        assert!(path_infos(&entry.to_string()).is_err(), "{size}");
    }
}

#[test]
fn an_output_is_found() {
    let built = |text: &str| builds(text).unwrap()[0].out().map(str::to_owned);
    let drv = "/nix/store/qbdr07qykfc1kqhayr8j98rclzxfdirb-app-1.0.drv";
    let path = "/nix/store/zyryn402dpi5yxffhzjd6jg6759n7z4j-app-1.0";
    let with = |outputs: Value| json!([{"drvPath": drv, "outputs": outputs}]).to_string();
    assert_eq!(built(&with(json!({"bin": path}))), Some(path.to_owned()));
    assert_eq!(
        built(&with(json!({"out": path, "doc": null}))),
        Some(path.to_owned())
    );
    assert_eq!(built(&with(json!({"bin": path, "doc": path}))), None);
    assert_eq!(built(&json!([path]).to_string()), Some(path.to_owned()));
}

#[test]
fn inputs_that_follow_are_resolved() {
    let metadata = |inputs: Value| {
        let text = json!({"locks": {"version": 7, "root": "root", "nodes": {
            "root": {"inputs": inputs},
            "a": {"inputs": {"x": ["b"]}, "locked": {"rev": "1"}},
            "b": {"locked": {"rev": "2"}},
        }}});
        flake_metadata(&text.to_string()).unwrap().locks
    };
    let locks = metadata(json!({"a": "a", "b": "b", "c": ["a", "x"]}));
    let revisions: Vec<_> = locks
        .direct()
        .into_iter()
        .map(|(name, node)| (name, node.locked.as_ref().unwrap()["rev"].as_str().unwrap()))
        .collect();
    assert_eq!(revisions, [("a", "1"), ("b", "2"), ("c", "2")]);
    let circle = metadata(json!({"c": ["d"], "d": ["c"], "e": ["gone"], "f": []}));
    assert!(circle.direct().is_empty());
}

/// JSON of the words that answers are made of, so that it gets deep into the parsers.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "path",
        "valid",
        "version",
        "info",
        "storeDir",
        "narSize",
        "narHash",
        "references",
        "deriver",
        "ca",
        "signatures",
        "drvPath",
        "outputs",
        "out",
        "inputs",
        "drvs",
        "srcs",
        "inputDrvs",
        "env",
        "derivations",
        "locks",
        "nodes",
        "root",
        "locked",
        "hash",
        "method",
        "closureSize",
        "system",
        "/nix/store/zyryn402dpi5yxffhzjd6jg6759n7z4j-app-1.0",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,9}".prop_map(Value::from),
        key.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn read_all(text: &str) {
    let _ = path_infos(text);
    let _ = builds(text);
    let _ = derivations(text);
    let _ = eval::<Value>(text);
    if let Ok(metadata) = flake_metadata(text) {
        metadata.locks.direct();
    }
    Version::parse(text);
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(value in any_json()) {
        read_all(&value.to_string());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        read_all(&text);
    }
}
