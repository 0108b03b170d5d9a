//! `/apps`: make, show, change and delete apps.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use super::error::{Answer, Refusal};
use super::input::{self, Input};
use super::{find, find_mut, view};
use crate::dyno::formation;
use crate::lab::Lab;
use crate::model::{App, Store};
use crate::rules::names;
use crate::{hosts, ids};

/// Hosts under `localhost` that are Heroku's own.
const RESERVED: [&str; 6] = [
    "api",
    "git",
    "registry",
    "logs",
    "release-output",
    "localhost",
];

pub async fn list(State(lab): State<Arc<Lab>>, headers: HeaderMap) -> Answer<Response<Body>> {
    let apps: Vec<_> = (1..)
        .zip(lab.store().apps.values().map(view::app))
        .collect();
    input::list(&headers, "name", &apps)
}

pub async fn create(
    State(lab): State<Arc<Lab>>,
    input: Input,
) -> Answer<(StatusCode, Json<Value>)> {
    let mut store = lab.store();
    let name = match input.text("name")? {
        Some(name) => free_name(&store, name)?.to_owned(),
        None => names::generated(ids::random()),
    };
    let stack = known_stack(input::identity(&input.0, "stack")?.unwrap_or("heroku-24"))?;
    let region = known_region(input::identity(&input.0, "region")?.unwrap_or("us"))?;
    let mut app = App::new(&name, stack, region);
    app.team = input::identity(&input.0, "team")?.map(str::to_owned);
    let host = format!("{name}.localhost");
    hosts::add(&lab.options.hosts, &[&host])
        .map_err(|error| Refusal::invalid(format!("The loopback's hosts file: {error}")))?;
    let body = view::app(&app);
    store.apps.insert(name, app);
    Ok((StatusCode::CREATED, Json(body)))
}

pub async fn info(State(lab): State<Arc<Lab>>, Path(app): Path<String>) -> Answer<Json<Value>> {
    find(&lab.store(), &app).map(|app| Json(view::app(app)))
}

pub async fn update(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    input: Input,
) -> Answer<Json<Value>> {
    let mut store = lab.store();
    find(&store, &app)?;
    if let Some(name) = input.text("name")? {
        free_name(&store, name)?;
        // Images live under the name they were pushed to, so a rename would need a second push on Heroku too.
        return Err(Refusal::invalid(
            "Renaming apps is not part of the loopback.",
        ));
    }
    let app = find_mut(&mut store, &app)?;
    if let Some(stack) = input::identity(&input.0, "build_stack")? {
        app.set_build_stack(known_stack(stack)?);
    }
    app.maintenance = input.switch("maintenance")?.unwrap_or(app.maintenance);
    Ok(Json(view::app(app)))
}

pub async fn delete(State(lab): State<Arc<Lab>>, Path(app): Path<String>) -> Answer<Json<Value>> {
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    formation::stop_all(app);
    let (name, body) = (app.name.clone(), view::app(app));
    store.apps.remove(&name);
    Ok(Json(body))
}

fn free_name<'a>(store: &Store, name: &'a str) -> Answer<&'a str> {
    if !names::is_app_name(name) {
        let rule = "must start with a letter, end with a letter or digit and can only contain lowercase letters, digits, and dashes";
        let rule = if (3..=30).contains(&name.len()) {
            rule
        } else {
            "should be between 3 and 30 characters"
        };
        return Err(Refusal::invalid(format!("Name {rule}.")));
    }
    if store.apps.contains_key(name) || RESERVED.contains(&name) {
        return Err(Refusal::invalid(format!("Name {name} is already taken")));
    }
    Ok(name)
}

fn known_stack(name: &str) -> Answer<&'static str> {
    let stacks = view::STACKS.into_iter().map(|(stack, ..)| stack);
    let found = stacks
        .into_iter()
        .find(|stack| *stack == name || ids::named(stack) == name);
    found.ok_or_else(|| Refusal::invalid(format!("Stack {name} is not available.")))
}

fn known_region(name: &str) -> Answer<&'static str> {
    let found = ["us", "eu"]
        .into_iter()
        .find(|region| *region == name || ids::named(region) == name);
    found.ok_or_else(|| Refusal::invalid(format!("Region {name} is not available.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_refused_in_herokus_words() {
        let mut store = Store::default();
        store
            .apps
            .insert("taken".into(), App::new("taken", "container", "us"));
        let message = |name: &str| {
            free_name(&store, name)
                .err()
                .map(|it| it.body()["message"].clone())
        };
        assert_eq!(message("free"), None);
        assert_eq!(message("taken"), Some("Name taken is already taken".into()));
        assert_eq!(message("api"), Some("Name api is already taken".into()));
        assert_eq!(
            message("ab"),
            Some("Name should be between 3 and 30 characters.".into())
        );
        assert!(
            message("Upper").is_some_and(|it| it.to_string().contains("must start with a letter"))
        );
    }

    #[test]
    fn stacks_by_name_or_id() {
        assert_eq!(known_stack("container"), Ok("container"));
        assert_eq!(known_stack(&ids::named("container")), Ok("container"));
        assert!(known_stack("cedar-14").is_err() && known_region("mars").is_err());
    }
}
