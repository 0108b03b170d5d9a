//! The Platform API.
//!
//! Takes requests for `api.localhost`, gives Heroku's answers; releases and dynos are started through [`crate::dyno`].
//! Never answers without a valid token, nor a client that names no version.

mod account;
mod apps;
mod builds;
mod config;
mod dynos;
pub mod error;
mod extras;
mod formation;
mod images;
mod input;
mod logs;
mod releases;
#[cfg(test)]
mod schema;
pub mod view;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, Response};
use axum::response::IntoResponse;
use axum::routing::{delete, get, patch, post, put};
use tower_service::Service;

use crate::credentials;
use crate::ids;
use crate::lab::Lab;
use crate::model::{App, Store};
use error::{Answer, Refusal};

/// The host of release output streams.
pub const OUTPUT_HOST: &str = "release-output.localhost";
/// The host of log streams.
pub const LOGS_HOST: &str = "logs.localhost";

/// All endpoints.
pub fn router(lab: Arc<Lab>) -> Router {
    Router::new()
        .route("/account", get(account::info))
        .route("/account/rate-limits", get(account::rate_limits))
        .route("/stacks", get(account::stacks))
        .route("/apps", get(apps::list).post(apps::create))
        .route("/teams/apps", post(apps::create))
        .route(
            "/apps/{app}",
            get(apps::info).patch(apps::update).delete(apps::delete),
        )
        .route("/apps/{app}/available-stacks", get(account::stacks))
        .route(
            "/apps/{app}/config-vars",
            get(config::info).patch(config::update),
        )
        .route(
            "/apps/{app}/formation",
            get(formation::list).patch(formation::batch),
        )
        .route(
            "/apps/{app}/formation/{type}",
            get(formation::info).patch(formation::update),
        )
        .route("/apps/{app}/formations/{type}", delete(dynos::restart_type))
        .route(
            "/apps/{app}/releases",
            get(releases::list).post(releases::rollback),
        )
        .route("/apps/{app}/releases/{release}", get(releases::info))
        .route(
            "/apps/{app}/dynos",
            get(dynos::list)
                .post(dynos::create)
                .delete(dynos::restart_all),
        )
        .route(
            "/apps/{app}/dynos/{dyno}",
            get(dynos::info).delete(dynos::restart),
        )
        .route("/apps/{app}/dynos/{dyno}/actions/stop", post(dynos::stop))
        .route("/apps/{app}/log-sessions", post(logs::create))
        .route("/sources", post(builds::create_source))
        .route("/apps/{app}/builds", post(builds::create))
        .route(
            "/apps/{app}/builds/{build}",
            get(builds::info).delete(builds::cancel),
        )
        .merge(extras())
        .fallback(async || Refusal::not_found("resource"))
        .with_state(lab)
}

fn extras() -> Router<Arc<Lab>> {
    Router::new()
        .route(
            "/apps/{app}/addons",
            get(extras::addons).post(extras::add_addon),
        )
        .route("/apps/{app}/addon-attachments", get(extras::attachments))
        .route("/addon-attachments", get(extras::all_attachments))
        .route(
            "/apps/{app}/collaborators",
            get(extras::collaborators).post(extras::add_collaborator),
        )
        .route("/apps/{app}/pipeline-couplings", get(extras::no_pipeline))
        .route("/apps/{app}/features", get(extras::features))
        .route("/apps/{app}/features/{feature}", get(extras::feature))
        .route(
            "/apps/{app}/features/{feature}",
            patch(extras::switch_feature),
        )
        .route("/apps/{app}/pre-authorizations", put(extras::preauthorize))
}

/// Answers one request.
pub async fn answer(lab: &Lab, router: &Router, request: Request<Body>) -> Response<Body> {
    let request_id = request.headers().get("request-id").cloned();
    let mut response = match admit(lab, request.headers()) {
        Ok(()) => match router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        Err(refusal) => refusal.into_response(),
    };
    let remaining = lab.settings().rate_limit_remaining;
    let headers = response.headers_mut();
    headers
        .entry("ratelimit-remaining")
        .or_insert(remaining.into());
    let fresh = || HeaderValue::from_str(&ids::uuid()).unwrap_or(HeaderValue::from_static("none"));
    headers.insert("request-id", request_id.unwrap_or_else(fresh));
    response
}

fn admit(lab: &Lab, headers: &HeaderMap) -> Answer<()> {
    if credentials::token(headers).as_deref() != Some(&lab.options.token) {
        return Err(Refusal::unauthorized());
    }
    input::variant(headers)
        .map(|_| ())
        .ok_or_else(Refusal::not_acceptable)
}

fn find<'a>(store: &'a Store, key: &str) -> Answer<&'a App> {
    store.app(key).ok_or_else(|| Refusal::not_found("app"))
}

fn find_mut<'a>(store: &'a mut Store, key: &str) -> Answer<&'a mut App> {
    store.app_mut(key).ok_or_else(|| Refusal::not_found("app"))
}
