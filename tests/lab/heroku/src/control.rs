//! The control port: how tests ask for faults and see what was asked.
//!
//! Takes plain HTTP on a loopback address, from anybody who can reach it. Never part of what a client of Heroku sees.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::dyno::formation;
use crate::fault::Fault;
use crate::journal::Entry;
use crate::lab::Lab;
use crate::model::Store;
use crate::settings::Settings;

/// All orders that tests can give.
pub fn router(lab: Arc<Lab>) -> Router {
    Router::new()
        .route("/faults", post(add_faults).delete(clear_faults))
        .route("/requests", get(requests).delete(clear_requests))
        .route("/settings", get(settings).post(set))
        .route("/reset", post(reset))
        .with_state(lab)
}

async fn add_faults(State(lab): State<Arc<Lab>>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    lab.faults().add(faults);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(lab): State<Arc<Lab>>) -> StatusCode {
    lab.faults().clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(lab): State<Arc<Lab>>) -> Json<Vec<Entry>> {
    Json(lab.journal().entries().to_vec())
}

async fn clear_requests(State(lab): State<Arc<Lab>>) -> StatusCode {
    lab.journal().clear();
    StatusCode::NO_CONTENT
}

async fn settings(State(lab): State<Arc<Lab>>) -> Json<Settings> {
    Json(lab.settings())
}

async fn set(State(lab): State<Arc<Lab>>, Json(changes): Json<Value>) -> Response {
    match lab.settings().with(&changes) {
        Ok(settings) => {
            lab.set(settings.clone());
            Json(settings).into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, error + "\n").into_response(),
    }
}

/// Back to the start: no apps, no faults, no requests, the settings of the command line, no containers.
async fn reset(State(lab): State<Arc<Lab>>) -> StatusCode {
    let mut old = std::mem::take(&mut *lab.store());
    stop_dynos(&mut old);
    drop(old);
    lab.faults().clear();
    lab.journal().clear();
    lab.set(Settings {
        boot_limit_s: lab.options.boot_limit,
        ..Settings::default()
    });
    lab.docker.remove_all().await;
    StatusCode::NO_CONTENT
}

fn stop_dynos(store: &mut Store) {
    for app in store.apps.values_mut() {
        formation::stop_all(app);
    }
}
