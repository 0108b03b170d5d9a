//! `/account` and `/stacks`: what is the same for every app.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use serde_json::{Value, json};

use super::error::Answer;
use super::{input, view};
use crate::lab::Lab;

pub async fn info() -> Json<Value> {
    Json(view::account())
}

pub async fn rate_limits(State(lab): State<Arc<Lab>>) -> Json<Value> {
    Json(json!({ "remaining": lab.settings().rate_limit_remaining }))
}

pub async fn stacks(headers: HeaderMap) -> Answer<Response<Body>> {
    let stacks: Vec<_> = (1..).zip(view::STACKS.map(view::stack)).collect();
    input::list(&headers, "name", &stacks)
}
