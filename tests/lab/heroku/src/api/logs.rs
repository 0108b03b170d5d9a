//! `/apps/APP/log-sessions`: hands out the URL at which [`crate::streams`] serves the log.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error::Answer;
use super::find;
use super::input::Input;
use crate::ids;
use crate::lab::Lab;
use crate::model::log::{KEPT, Session};

/// How many lines a client gets that names no number.
const DEFAULT_LINES: usize = 100;

pub async fn create(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    let mut store = lab.store();
    let lines = input
        .0
        .get("lines")
        .and_then(Value::as_u64)
        .map(|lines| usize::try_from(lines).unwrap_or(KEPT));
    let session = Session {
        app: find(&store, &app)?.id.clone(),
        lines: lines.unwrap_or(DEFAULT_LINES).min(KEPT),
        tail: input.switch("tail")?.unwrap_or(false),
        dyno: input.text("dyno")?.map(str::to_owned),
        source: input.text("source")?.map(str::to_owned),
    };
    let (id, now) = (ids::uuid(), ids::now());
    store.sessions.insert(id.clone(), session);
    let url = format!("https://{}/streams/{id}", super::LOGS_HOST);
    let body = json!({ "id": id, "logplex_url": url, "created_at": now, "updated_at": now });
    Ok((StatusCode::CREATED, Json(body)))
}
