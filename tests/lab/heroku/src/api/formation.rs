//! `/apps/APP/formation`: scaling, and releasing images.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value};

use super::error::{Answer, Refusal, json_response};
use super::input::{self, Input};
use super::{find, find_mut, images, view};
use crate::dyno::formation::{self, Restart};
use crate::dyno::release;
use crate::ids;
use crate::lab::Lab;
use crate::model::App;
use crate::model::dyno::{self, Formation};
use crate::model::release::RELEASE_TYPE;
use crate::rules::quantity;

type Update = Map<String, Value>;

pub async fn list(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    headers: HeaderMap,
) -> Answer<Response<Body>> {
    let store = lab.store();
    let items: Vec<_> = (1..).zip(view::formations(find(&store, &app)?)).collect();
    input::list(&headers, "type", &items)
}

pub async fn info(
    State(lab): State<Arc<Lab>>,
    Path((app, kind)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let formation = app
        .formation
        .get(&kind)
        .ok_or_else(|| no_such_type(&kind))?;
    Ok(Json(view::formation(app, &kind, formation)))
}

pub async fn batch(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    headers: HeaderMap,
    input: Input,
) -> Answer<Response<Body>> {
    let wrong = || Refusal::invalid("Require params: updates, a list of objects.");
    let updates = input
        .0
        .get("updates")
        .and_then(Value::as_array)
        .ok_or_else(wrong)?;
    let updates: Vec<&Update> = updates
        .iter()
        .map(|update| update.as_object().ok_or_else(wrong))
        .collect::<Answer<_>>()?;
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    let ignored = apply(&lab, app, &headers, &updates)?;
    Ok(answer(&view::formations(app).into(), &ignored))
}

pub async fn update(
    State(lab): State<Arc<Lab>>,
    Path((app, kind)): Path<(String, String)>,
    headers: HeaderMap,
    Input(mut update): Input,
) -> Answer<Response<Body>> {
    update.insert("type".to_owned(), kind.clone().into());
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    // A type that is removed is shown as it was.
    let before = app.formation.get(&kind).cloned();
    let ignored = apply(&lab, app, &headers, &[&update])?;
    let formation = app
        .formation
        .get(&kind)
        .cloned()
        .or(before)
        .ok_or_else(|| no_such_type(&kind))?;
    Ok(answer(&view::formation(app, &kind, &formation), &ignored))
}

fn answer(body: &Value, ignored: &[String]) -> Response<Body> {
    let mut response = json_response(StatusCode::OK, body);
    if let (false, Ok(warning)) = (
        ignored.is_empty(),
        HeaderValue::from_str(&ignored.join(" ")),
    ) {
        response.headers_mut().insert("x-heroku-warning", warning);
    }
    response
}

/// All updates or none: the images first, since they decide which types there are to scale.
fn apply(
    lab: &Arc<Lab>,
    app: &mut App,
    headers: &HeaderMap,
    updates: &[&Update],
) -> Answer<Vec<String>> {
    let has_image = updates
        .iter()
        .any(|update| update.contains_key("docker_image"));
    if has_image && input::variant(headers) != Some("docker-releases") {
        let message = "docker_image needs an Accept header of application/vnd.heroku+json; version=3.docker-releases.";
        return Err(Refusal::invalid(message));
    }
    let (change, ignored) = images::change(app, updates)?;
    let scales = scales(app, updates)?;
    if let Some(change) = change {
        app.say(
            "app",
            "api",
            format!("{} by user {}", change.description, ids::EMAIL),
        );
        release::publish(lab, app, change.description, change.images);
    }
    if !scales.is_empty() {
        scale(app, scales);
        formation::apply(lab, app, Restart::None);
    }
    Ok(ignored)
}

fn scales(app: &App, updates: &[&Update]) -> Answer<Vec<(String, Formation)>> {
    let is_scale = |update: &&&Update| {
        ["quantity", "size", "dyno_size"]
            .iter()
            .any(|field| update.contains_key(*field))
    };
    updates
        .iter()
        .filter(is_scale)
        .map(|update| wanted(app, update))
        .collect()
}

fn wanted(app: &App, update: &Update) -> Answer<(String, Formation)> {
    let kind = input::text(update, "type")?.unwrap_or_default();
    let found = app
        .formation
        .iter()
        .find(|(name, it)| *name == kind || it.id == kind);
    let (kind, formation) = found.ok_or_else(|| no_such_type(kind))?;
    if kind == RELEASE_TYPE {
        return Err(Refusal::invalid(
            "The release process type can't be scaled.",
        ));
    }
    let mut formation = formation.clone();
    if let Some(text) = update.get("quantity").filter(|value| !value.is_null()) {
        let quantity = quantity::resolve(text, formation.quantity);
        formation.quantity = quantity.ok_or_else(|| Refusal::invalid("Invalid quantity."))?;
    }
    if let Some(name) = input::identity(update, "dyno_size")?.or(input::text(update, "size")?) {
        let size =
            dyno::size(name).ok_or_else(|| Refusal::invalid(format!("No such size as {name}.")))?;
        size.clone_into(&mut formation.size);
    }
    formation.updated_at = ids::now();
    Ok((kind.clone(), formation))
}

fn scale(app: &mut App, scales: Vec<(String, Formation)>) {
    let told = |(kind, it): &(String, Formation)| format!("{kind}@{}:{}", it.quantity, it.size);
    let text = scales.iter().map(told).collect::<Vec<_>>().join(" ");
    app.say(
        "app",
        "api",
        format!("Scaled to {text} by user {}", ids::EMAIL),
    );
    app.formation.extend(scales);
}

fn no_such_type(kind: &str) -> Refusal {
    Refusal::not_found(&format!("process type ({kind})"))
}
