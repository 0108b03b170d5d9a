//! `/apps/APP/dynos`: the list, one-off dynos, restarts.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::error::{Answer, Refusal};
use super::input::{self, Input};
use super::{find, find_mut, view};
use crate::dyno::container::Plan;
use crate::dyno::formation::{self, Restart};
use crate::dyno::oneoff;
use crate::lab::Lab;
use crate::model::App;
use crate::model::dyno;
use crate::model::release::Release;

/// Heroku ends one-off dynos after a day.
const LONGEST_LIFE: u64 = 86_400;

pub async fn list(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    headers: HeaderMap,
) -> Answer<Response<Body>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let dynos: Vec<_> = (1..)
        .zip(app.dynos.values().map(|it| view::dyno(app, it)))
        .collect();
    input::list(&headers, "name", &dynos)
}

pub async fn info(
    State(lab): State<Arc<Lab>>,
    Path((app, key)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let store = lab.store();
    let app = find(&store, &app)?;
    let found = app.dynos.values().find(|it| it.name == key || it.id == key);
    found
        .map(|it| Json(view::dyno(app, it)))
        .ok_or_else(|| Refusal::not_found("dyno"))
}

/// Starts a one-off dyno; its output goes to the app's log.
pub async fn create(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    if input.switch("attach")?.unwrap_or(false) {
        return Err(Refusal::invalid(
            "The loopback has no rendezvous server: ask with attach false.",
        ));
    }
    let command = input.required("command")?;
    let life = input
        .0
        .get("time_to_live")
        .and_then(Value::as_u64)
        .unwrap_or(LONGEST_LIFE);
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    let release = app
        .releases
        .current()
        .cloned()
        .ok_or_else(|| Refusal::not_found("release"))?;
    let kind = input.text("type")?.unwrap_or("web");
    let image = image(&release, kind)?;
    let size = input
        .text("size")?
        .map(|name| dyno::size(name).ok_or_else(|| no_such_size(name)))
        .transpose()?;
    let added = oneoff::add(app, "run", command, size, &release);
    let plan = Plan {
        app: app.id.clone(),
        dyno: added.id.clone(),
        name: added.name.clone(),
        image,
        command: Some(command.to_owned()),
        env: environment(&release, &input.0)?,
        output: None,
    };
    let (stop, life, lab) = (
        added.stop.subscribe(),
        Duration::from_secs(life.min(LONGEST_LIFE)),
        Arc::clone(&lab),
    );
    tokio::spawn(async move { oneoff::run(&lab, &plan, life, stop).await });
    Ok((StatusCode::CREATED, Json(view::dyno(app, &added))))
}

fn image(release: &Release, kind: &str) -> Answer<crate::model::image::Image> {
    let image = release.images.get(kind).cloned();
    image.ok_or_else(|| Refusal::not_found(&format!("process type ({kind})")))
}

fn no_such_size(name: &str) -> Refusal {
    Refusal::invalid(format!("No such size as {name}."))
}

fn environment(release: &Release, input: &Map<String, Value>) -> Answer<Vec<(String, String)>> {
    let mut env = release.config.clone();
    let added = input
        .get("env")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (name, value) in added {
        let value = value
            .as_str()
            .ok_or_else(|| Refusal::invalid("env must be an object of strings."))?;
        env.insert(name.clone(), value.to_owned());
    }
    Ok(env.into_iter().collect())
}

pub async fn restart_all(State(lab): State<Arc<Lab>>, Path(app): Path<String>) -> Answer<Done> {
    let mut store = lab.store();
    formation::apply(&lab, find_mut(&mut store, &app)?, Restart::All);
    Ok(done())
}

pub async fn restart_type(
    State(lab): State<Arc<Lab>>,
    Path((app, kind)): Path<(String, String)>,
) -> Answer<Done> {
    let mut store = lab.store();
    formation::apply(&lab, find_mut(&mut store, &app)?, Restart::Type(&kind));
    Ok(done())
}

pub async fn restart(
    State(lab): State<Arc<Lab>>,
    Path((app, key)): Path<(String, String)>,
) -> Answer<Done> {
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    if stop_one_off(app, &key)? {
        return Ok(done());
    }
    let name = app
        .dynos
        .values()
        .find(|it| it.name == key || it.id == key)
        .map(|it| it.name.clone());
    formation::apply(&lab, app, Restart::Dyno(&name.unwrap_or(key)));
    Ok(done())
}

/// Ends a one-off dyno; one of the formation comes back at once, as after a restart.
pub async fn stop(state: State<Arc<Lab>>, path: Path<(String, String)>) -> Answer<Done> {
    restart(state, path).await
}

fn stop_one_off(app: &App, key: &str) -> Answer<bool> {
    let found = app.dynos.values().find(|it| it.name == key || it.id == key);
    let dyno = found.ok_or_else(|| Refusal::not_found("dyno"))?;
    if dyno.one_off {
        dyno.stop.send_replace(true);
    }
    Ok(dyno.one_off)
}

type Done = (StatusCode, Json<Value>);

fn done() -> Done {
    (StatusCode::ACCEPTED, Json(json!({})))
}
