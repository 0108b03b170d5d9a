//! Checks the views against the Platform API's public hyper-schema.
//!
//! Holds, written by hand, the field names and types that the `3.sdk` variant of the schema gives for what we show. A view
//! must have every field listed, of a type listed, and no others.

use serde_json::Value;

use super::view;
use crate::model::App;
use crate::model::app::CONTAINER;
use crate::model::build::{Blob, Build};
use crate::model::dyno::{Dyno, State};
use crate::model::image::Image;
use crate::model::release::Images;

/// A field's name and the letters of its types: `s`tring, `n`umber, `b`oolean, `o`bject, `a`rray, `0` null.
type Field = (&'static str, &'static str);

const APP: [Field; 25] = [
    ("acm", "b"),
    ("archived_at", "s0"),
    ("base_image_name", "s0"),
    ("build_stack", "o"),
    ("buildpack_provided_description", "s0"),
    ("buildpacks", "a0"),
    ("created_at", "s"),
    ("current_build_architecture", "a"),
    // The schema says string; the API answers an object, and the CLI takes both.
    ("generation", "so"),
    ("git_url", "s"),
    ("id", "s"),
    ("internal_routing", "b0"),
    ("maintenance", "b"),
    ("name", "s"),
    ("organization", "o0"),
    ("owner", "o"),
    ("region", "o"),
    ("released_at", "s0"),
    ("repo_size", "n0"),
    ("slug_size", "n0"),
    ("space", "o0"),
    ("stack", "o"),
    ("team", "o0"),
    ("updated_at", "s"),
    ("web_url", "s0"),
];

const RELEASE: [Field; 15] = [
    ("addon_plan_names", "a"),
    ("app", "o"),
    ("artifacts", "a"),
    ("created_at", "s"),
    ("current", "b"),
    ("description", "s"),
    ("eligible_for_rollback", "b"),
    ("id", "s"),
    ("oci_image", "o0"),
    ("output_stream_url", "s0"),
    ("slug", "o0"),
    ("status", "s"),
    ("updated_at", "s"),
    ("user", "o"),
    ("version", "n"),
];

const BUILD: [Field; 12] = [
    ("app", "o"),
    ("buildpacks", "a0"),
    ("created_at", "s"),
    ("id", "s"),
    ("output_stream_url", "s"),
    ("release", "o0"),
    ("slug", "o0"),
    ("source_blob", "o"),
    ("stack", "s0"),
    ("status", "s"),
    ("updated_at", "s"),
    ("user", "o"),
];

const FORMATION: [Field; 9] = [
    ("app", "o"),
    ("command", "s"),
    ("created_at", "s"),
    ("dyno_size", "o"),
    ("id", "s"),
    ("quantity", "n"),
    ("size", "s"),
    ("type", "s"),
    ("updated_at", "s"),
];

const DYNO: [Field; 11] = [
    ("app", "o"),
    ("attach_url", "s0"),
    ("command", "s"),
    ("created_at", "s"),
    ("id", "s"),
    ("name", "s"),
    ("release", "o"),
    ("size", "s"),
    ("state", "s"),
    ("type", "s"),
    ("updated_at", "s"),
];

const FEATURE: [Field; 10] = [
    ("created_at", "s"),
    ("description", "s"),
    ("display_name", "s"),
    ("doc_url", "s"),
    ("enabled", "b"),
    ("feedback_email", "s"),
    ("id", "s"),
    ("name", "s"),
    ("state", "s"),
    ("updated_at", "s"),
];

fn letter(value: &Value) -> char {
    match value {
        Value::Null => '0',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::String(_) => 's',
        Value::Array(_) => 'a',
        Value::Object(_) => 'o',
    }
}

/// Fields of the view that are missing, unknown, or of another type.
fn differences(view: &Value, schema: &[Field], also: &[&str]) -> Vec<String> {
    let empty = serde_json::Map::new();
    let fields = view.as_object().unwrap_or(&empty);
    let wrong = schema.iter().filter(|(name, types)| {
        !fields
            .get(*name)
            .is_some_and(|it| types.contains(letter(it)))
    });
    let known = |name: &str| also.contains(&name) || schema.iter().any(|(known, _)| *known == name);
    let unknown = fields.keys().filter(|name| !known(name)).cloned();
    wrong
        .map(|(name, _)| (*name).to_owned())
        .chain(unknown)
        .collect()
}

fn deployed() -> App {
    let mut app = App::new("app", CONTAINER, "us");
    let image = |kind: &str| Image {
        repository: format!("app/{kind}"),
        config_digest: "sha256:c".into(),
        manifest_digest: "sha256:m".into(),
        architecture: "amd64".into(),
        layers: 1,
        entrypoint: vec![],
        command: vec!["run".into()],
    };
    let images: Images = ["web", "release"]
        .into_iter()
        .map(|kind| (kind.to_owned(), image(kind)))
        .collect();
    app.release("Deployed".into(), images);
    app
}

#[test]
fn apps() {
    // `create_status` isn't in the schema, but the CLI's apps:info shows it unless it is `complete`.
    let fresh = view::app(&App::new("app", CONTAINER, "us"));
    for app in [fresh, view::app(&deployed())] {
        assert_eq!(differences(&app, &APP, &["create_status"]), [""; 0]);
    }
}

#[test]
fn releases_and_formations() {
    let app = deployed();
    for release in app.releases.iter() {
        assert_eq!(
            differences(&view::release(&app, release), &RELEASE, &[]),
            [""; 0]
        );
    }
    let formations = view::formations(&app);
    assert_eq!(formations.len(), 2);
    assert!(
        formations
            .iter()
            .all(|it| differences(it, &FORMATION, &[]).is_empty())
    );
}

#[test]
fn builds() {
    let mut build = Build::new(Blob::default());
    let differ = |build: &Build| differences(&view::build(&deployed(), build), &BUILD, &[]);
    assert_eq!(differ(&build), [""; 0]);
    build.release = Some("id".to_owned());
    assert_eq!(differ(&build), [""; 0]);
}

#[test]
fn dynos_and_features() {
    let dyno = Dyno {
        id: "id".into(),
        name: "web.1".into(),
        kind: "web".into(),
        one_off: false,
        command: "run".into(),
        size: "Basic".into(),
        state: State::Up,
        release_id: "id".into(),
        version: 3,
        created_at: "T".into(),
        updated_at: "T".into(),
        address: None,
        stop: tokio::sync::watch::Sender::new(false),
    };
    assert_eq!(
        differences(&view::dyno(&deployed(), &dyno), &DYNO, &[]),
        [""; 0]
    );
    assert_eq!(
        differences(&view::feature("preboot", true), &FEATURE, &[]),
        [""; 0]
    );
}

#[test]
fn a_difference_is_seen() {
    let view = serde_json::json!({"id": 5, "extra": true});
    assert_eq!(
        differences(&view, &[("id", "s"), ("name", "s")], &[]),
        ["id", "name", "extra"]
    );
}
