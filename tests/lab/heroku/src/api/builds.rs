//! `/sources` and `/apps/APP/builds`.
//!
//! Hands out places for sources ([`crate::sources`]) and starts builds of what lies there ([`crate::build`]). Refuses
//! where Heroku would pick a buildpack, or find nothing to fetch.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::error::{Answer, Refusal};
use super::input::{self, Input};
use super::{find, find_mut, view};
use crate::build;
use crate::ids;
use crate::lab::Lab;
use crate::model::app::CONTAINER;
use crate::model::build::{Blob, Build, Source};
use crate::model::release::Status;
use crate::sources;

pub async fn create_source(State(lab): State<Arc<Lab>>) -> (StatusCode, Json<Value>) {
    let id = ids::uuid();
    let source = Source {
        put_signature: ids::uuid(),
        get_signature: ids::uuid(),
        file: None,
    };
    let url = |signature: &str| sources::url(&id, signature);
    let blob =
        json!({ "get_url": url(&source.get_signature), "put_url": url(&source.put_signature) });
    lab.store().sources.insert(id.clone(), source);
    (StatusCode::CREATED, Json(json!({ "source_blob": blob })))
}

pub async fn create(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    let blob = match input.0.get("source_blob") {
        Some(Value::Object(blob)) => read(blob)?,
        _ => return Err(Refusal::invalid("Require params: source_blob.")),
    };
    let mut store = lab.store();
    let file = sources::readable(&store, &blob.url)
        .ok_or_else(|| Refusal::invalid("source_blob.url can't be fetched."))?;
    let app = find_mut(&mut store, &app)?;
    if app.build_stack != CONTAINER {
        let message = format!(
            "There are no buildpacks here for the stack {}.",
            app.build_stack
        );
        return Err(Refusal::invalid(message));
    }
    let made = Build::new(blob);
    let shown = view::build(app, &made);
    app.builds.insert(made.id.clone(), made.clone());
    tokio::spawn(build::carry_out(
        Arc::clone(&lab),
        app.id.clone(),
        made,
        file,
    ));
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Errors for what can't be the digest of anything.
fn read(blob: &Map<String, Value>) -> Answer<Blob> {
    let text = |field: &str| Ok(input::text(blob, field)?.map(str::to_owned));
    let checksum: Option<String> = text("checksum")?;
    let hex = |digest: &str| digest.len() == 64 && digest.bytes().all(|it| it.is_ascii_hexdigit());
    let digest = |text: &String| text.strip_prefix("SHA256:").is_some_and(hex);
    if checksum.as_ref().is_some_and(|text| !digest(text)) {
        return Err(Refusal::invalid("source_blob.checksum must be SHA256:HEX."));
    }
    Ok(Blob {
        url: text("url")?.ok_or_else(|| Refusal::invalid("Require params: source_blob.url."))?,
        checksum,
        version: text("version")?,
        description: text("version_description")?,
    })
}

pub async fn info(
    State(lab): State<Arc<Lab>>,
    Path((app, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let build = app.builds.get(&id);
    let build = build.ok_or_else(|| Refusal::not_found("build"))?;
    Ok(Json(view::build(app, build)))
}

/// Ends a build that has not ended by itself.
pub async fn cancel(
    State(lab): State<Arc<Lab>>,
    Path((app, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    let build = app.builds.get_mut(&id);
    let build = build.ok_or_else(|| Refusal::not_found("build"))?;
    if build.status != Status::Pending {
        return Err(Refusal::invalid("The build is not pending."));
    }
    build.finish(false);
    build.stop.send_replace(true);
    let build = build.clone();
    Ok(Json(view::build(app, &build)))
}
