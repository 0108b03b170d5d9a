//! The answers as JSON.

use serde_json::{Map, Value, json};

use crate::closure::{Id, StorePath};

use super::{Contents, Layer, hints};

/// Everything that is in an image.
pub fn contents_json(contents: &Contents) -> Value {
    let closure = contents.closure();
    let layers = Layer::ALL.map(|layer| {
        let (paths, bytes) = contents.layer_total(layer);
        json!({ "layer": layer, "paths": paths, "bytes": bytes })
    });
    let roots = contents.roots().iter();
    let roots: Vec<Value> = roots
        .map(|(id, wanted)| json!({ "path": closure.path(*id), "wanted": wanted }))
        .collect();
    let paths = contents
        .by_size()
        .into_iter()
        .map(|id| Value::Object(path(contents, id)));
    json!({
        "format": 1,
        "bytes": closure.sum(closure.ids()),
        "layers": layers,
        "roots": roots,
        "paths": paths.collect::<Vec<_>>(),
        "hints": hints(contents),
    })
}

/// Why some paths are in it.
pub fn why_json(contents: &Contents, ids: &[Id]) -> Value {
    let why = ids.iter().map(|id| {
        let mut why = path(contents, *id);
        let chains = contents.chains(*id);
        let chains: Vec<Value> = chains
            .iter()
            .map(|(wanted, chain)| json!({ "wanted": wanted, "paths": paths(contents, chain) }))
            .collect();
        let closure = contents.closure();
        why.insert(
            "closure_bytes".to_owned(),
            json!(closure.sum(closure.below(*id))),
        );
        why.insert(
            "goes_with_it".to_owned(),
            json!(paths(contents, &contents.with(*id))),
        );
        why.insert("chains".to_owned(), Value::Array(chains));
        Value::Object(why)
    });
    json!({ "format": 1, "paths": why.collect::<Vec<_>>() })
}

/// One path, without what takes a walk to tell.
fn path(contents: &Contents, id: Id) -> Map<String, Value> {
    let closure = contents.closure();
    let path = closure.path(id);
    let mut map = Map::new();
    let mut set = |key: &str, value: Value| map.insert(key.to_owned(), value);
    set("path", json!(path));
    set("name", json!(path.name()));
    set("bytes", json!(closure.bytes(id)));
    set("layer", json!(contents.layer(id)));
    set("bytes_with_it", json!(contents.bytes_with(id)));
    set("references", json!(paths(contents, closure.references(id))));
    set("referrers", json!(paths(contents, closure.referrers(id))));
    map
}

fn paths<'a>(contents: &'a Contents, ids: &[Id]) -> Vec<&'a StorePath> {
    ids.iter().map(|id| contents.closure().path(*id)).collect()
}
