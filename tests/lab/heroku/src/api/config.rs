//! `/apps/APP/config-vars`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::error::{Answer, Refusal};
use super::input::Input;
use super::{find, find_mut};
use crate::dyno::release;
use crate::lab::Lab;
use crate::model::release::Config;
use crate::rules::names;

pub async fn info(State(lab): State<Arc<Lab>>, Path(app): Path<String>) -> Answer<Json<Config>> {
    find(&lab.store(), &app).map(|app| Json(app.config.clone()))
}

/// Every change is a release of its own, and so runs the release command again.
pub async fn update(
    State(lab): State<Arc<Lab>>,
    Path(app): Path<String>,
    Input(changes): Input,
) -> Answer<Json<Config>> {
    let mut store = lab.store();
    let app = find_mut(&mut store, &app)?;
    let next = merge(&app.config, &changes)?;
    let description = describe(&app.config, &next);
    app.config.clone_from(&next);
    if let Some(description) = description {
        let images = app
            .releases
            .base()
            .map(|release| release.images.clone())
            .unwrap_or_default();
        release::publish(&lab, app, description, images);
    }
    Ok(Json(next))
}

fn merge(config: &Config, changes: &Map<String, Value>) -> Answer<Config> {
    let mut merged = config.clone();
    for (name, value) in changes {
        if !names::is_config_var(name) {
            return Err(Refusal::invalid(format!(
                "Config var key {name} is invalid."
            )));
        }
        match value {
            Value::Null => merged.remove(name),
            Value::String(text) => merged.insert(name.clone(), text.clone()),
            Value::Number(_) | Value::Bool(_) => merged.insert(name.clone(), value.to_string()),
            _ => {
                return Err(Refusal::invalid(format!(
                    "Config var {name} must be a string."
                )));
            }
        };
    }
    Ok(merged)
}

/// `Set A, B config vars`, `Remove A config vars`; `None` when nothing changes.
fn describe(before: &Config, after: &Config) -> Option<String> {
    let set: Vec<&str> = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value))
        .map(|(name, _)| name.as_str())
        .collect();
    let removed: Vec<&str> = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(String::as_str)
        .collect();
    match (set.is_empty(), removed.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("Remove {} config vars", removed.join(", "))),
        (false, _) => Some(format!("Set {} config vars", set.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn apply(changes: &Value) -> Option<(Config, Option<String>)> {
        let before = Config::from([("A".into(), "1".into()), ("B".into(), "2".into())]);
        let after = merge(&before, changes.as_object()?).ok()?;
        let description = describe(&before, &after);
        Some((after, description))
    }

    #[test]
    fn null_removes_and_the_rest_stays() {
        let (after, description) = apply(&json!({"A": null, "C": "3"})).unwrap();
        assert_eq!(
            after,
            Config::from([("B".into(), "2".into()), ("C".into(), "3".into())])
        );
        assert_eq!(description.as_deref(), Some("Set C config vars"));
        assert_eq!(
            apply(&json!({"B": null})).unwrap().1.as_deref(),
            Some("Remove B config vars")
        );
    }

    #[test]
    fn what_changes_nothing_makes_no_release() {
        assert_eq!(apply(&json!({"A": "1", "Z": null})).unwrap().1, None);
    }

    #[test]
    fn bad_names_and_values_are_refused() {
        assert!(apply(&json!({"A-B": "1"})).is_none() && apply(&json!({"A": {}})).is_none());
    }
}
