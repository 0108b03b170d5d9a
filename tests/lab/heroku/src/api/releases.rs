//! `/apps/APP/releases`: the list, one release, and rollback.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use super::error::{Answer, Refusal};
use super::input::{self, Input};
use super::{find, find_mut, view};
use crate::dyno::release;
use crate::lab::Lab;

pub async fn list(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    headers: HeaderMap,
) -> Answer<Response<Body>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let releases: Vec<_> = app
        .releases
        .iter()
        .map(|it| (it.version, view::release(app, it)))
        .collect();
    input::list(&headers, "version", &releases)
}

pub async fn info(
    State(lab): State<Arc<Lab>>,
    Path((app, key)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let release = app
        .releases
        .find(&key)
        .ok_or_else(|| Refusal::not_found("release"))?;
    Ok(Json(view::release(app, release)))
}

/// Releases the images and config vars of an older release again.
pub async fn rollback(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    let target = input.required("release")?;
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    let target = app
        .releases
        .find(target)
        .cloned()
        .ok_or_else(|| Refusal::not_found("release"))?;
    if !target.eligible_for_rollback() {
        return Err(Refusal::invalid(format!(
            "Release v{} is not eligible for rollback.",
            target.version
        )));
    }
    app.config = target.config;
    let release = release::publish(
        &lab,
        app,
        format!("Rollback to v{}", target.version),
        target.images,
    );
    Ok((StatusCode::CREATED, Json(view::release(app, &release))))
}
