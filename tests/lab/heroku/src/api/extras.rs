//! What `heroku apps:info` and a few other commands read beside the rest: add-ons, collaborators, features.
//!
//! Add-ons have a name, a plan and the name they are attached by, and nothing behind them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::error::{Answer, Refusal};
use super::input::{Input, identity, text};
use super::{find, find_mut, view};
use crate::front;
use crate::ids;
use crate::lab::Lab;
use crate::model::app::Addon;

/// Features that every app has.
const FEATURES: [&str; 3] = ["preboot", "runtime-dyno-metadata", "runtime-heroku-exec"];

pub async fn addons(State(lab): State<Arc<Lab>>, Path(app): Path<String>) -> Answer<Json<Value>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    Ok(Json(
        app.addons.iter().map(|it| view::addon(app, it)).collect(),
    ))
}

pub async fn add_addon(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    let plan =
        identity(&input.0, "plan")?.ok_or_else(|| Refusal::invalid("Require params: plan."))?;
    let asked = match input.0.get("attachment") {
        Some(Value::Object(attachment)) => text(attachment, "name")?,
        None | Some(Value::Null) => None,
        Some(_) => return Err(Refusal::invalid("attachment must be an object.")),
    };
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    let service = plan.split(':').next().unwrap_or_default();
    let attachment = asked.map_or_else(
        || service.to_ascii_uppercase().replace('-', "_"),
        str::to_owned,
    );
    if app.addons.iter().any(|it| it.attachment == attachment) {
        let message = format!("Name {attachment} is already in use on this app.");
        return Err(Refusal::invalid(message));
    }
    let addon = Addon {
        id: ids::uuid(),
        name: format!("{service}-loopback-{}", ids::between(10_000, 99_999)),
        plan: plan.to_owned(),
        attachment,
    };
    let body = view::addon(app, &addon);
    app.addons.push(addon);
    Ok((StatusCode::CREATED, Json(body)))
}

/// The names by which an app has its add-ons.
pub async fn attachments(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let shown = app.addons.iter().map(|it| view::attachment(app, it));
    Ok(Json(shown.collect()))
}

/// Those of every app.
pub async fn all_attachments(State(lab): State<Arc<Lab>>) -> Json<Value> {
    let store = lab.store();
    let apps = store.apps.values();
    let shown = apps.flat_map(|app| app.addons.iter().map(|it| view::attachment(app, it)));
    Json(shown.collect())
}

pub async fn collaborators(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    Ok(Json(json!([collaborator(
        &find(&store, &app)?.created_at,
        "owner",
        &view::user()
    )])))
}

pub async fn add_collaborator(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    let email =
        identity(&input.0, "user")?.ok_or_else(|| Refusal::invalid("Require params: user."))?;
    find(&lab.store(), &app)?;
    let user = json!({ "id": ids::named(email), "email": email });
    Ok((
        StatusCode::CREATED,
        Json(collaborator(&ids::now(), "collaborator", &user)),
    ))
}

fn collaborator(since: &str, role: &str, user: &Value) -> Value {
    json!({ "id": ids::uuid(), "role": role, "user": user, "created_at": since, "updated_at": since })
}

pub async fn no_pipeline() -> Refusal {
    Refusal::not_found("pipeline coupling")
}

pub async fn features(State(lab): State<Arc<Lab>>, Path(app): Path<String>) -> Answer<Json<Value>> {
    let store = lab.store();
    let switched = &find(&store, &app)?.features;
    let show = |name: &str| view::feature(name, switched.get(name).copied().unwrap_or(false));
    Ok(Json(FEATURES.into_iter().map(show).collect()))
}

pub async fn feature(
    State(lab): State<Arc<Lab>>,
    Path((app, name)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    let switched = find(&store, &app)?.features.get(&name).copied();
    known_feature(&name)?;
    Ok(Json(view::feature(&name, switched.unwrap_or(false))))
}

pub async fn switch_feature(
    State(lab): State<Arc<Lab>>,
    Path((app, name)): Path<(String, String)>,
    input: Input,
) -> Answer<Json<Value>> {
    let enabled = input
        .switch("enabled")?
        .ok_or_else(|| Refusal::invalid("Require params: enabled."))?;
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    known_feature(&name)?;
    app.features.insert(name.clone(), enabled);
    Ok(Json(view::feature(&name, enabled)))
}

fn known_feature(name: &str) -> Answer<()> {
    FEATURES
        .contains(&name)
        .then_some(())
        .ok_or_else(|| Refusal::not_found("feature"))
}

/// Takes the second factor once for all later requests to this app.
pub async fn preauthorize(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    headers: HeaderMap,
) -> Answer<Json<Value>> {
    if !front::has_second_factor(&headers) {
        return Err(Refusal::two_factor());
    }
    let mut store = lab.store();
    let name = find(&store, &app)?.name.clone();
    store.preauthorized.insert(name);
    Ok(Json(json!({})))
}
