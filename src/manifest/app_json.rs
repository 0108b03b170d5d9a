//! What app.json says that heroku.yml can say, too.
//!
//! Values that look like secrets, or that a person is to give, are never written down: they are named.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

use super::read::is_variable;
use super::types::{Addon, Setup};
use super::{APP_JSON, NAME};

/// An app.json, as far as it counts here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppJson {
    /// What heroku.yml has a place for.
    pub setup: Setup,
    /// What it has no place for, and what was left out on purpose.
    pub notes: Vec<String>,
}

/// Words of a variable's name that tell of a secret.
const WORDS: &[&str] = &[
    "AUTH",
    "KEY",
    "KEYS",
    "PASS",
    "PRIVATE",
    "PW",
    "SALT",
    "SIGNATURE",
];
/// The same, wherever they stand in it.
const PARTS: &[&str] = &[
    "APIKEY",
    "CREDENTIAL",
    "PASSPHRASE",
    "PASSW",
    "SECRET",
    "TOKEN",
];

/// Whether a variable's name tells of a secret, or its value is an address with a password.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let named = PARTS.iter().any(|it| name.contains(it))
        || name.split('_').any(|word| WORDS.contains(&word));
    let rest = value.split_once("://").map(|(_, rest)| rest);
    let login = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    named || login.is_some_and(|login| login.contains('@') && login.contains(':'))
}

impl AppJson {
    /// Reads an app.json.
    ///
    /// Errors: `manifest/app-json`, with line and column.
    pub fn read(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let what = "app.json can't be read: it is not plain JSON";
            let todo = "mend it, or move it away: its add-ons and variables would enter heroku.yml";
            let place = format!("{APP_JSON}:{}:{}", error.line(), error.column());
            Error::user("manifest/app-json", what, todo)
                .at(place)
                .detail([error.to_string()])
        })?;
        let Value::Object(fields) = value else {
            return Err(shape("the file", "a set"));
        };
        let mut read = AppJson::default();
        match fields.get("addons") {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => {
                for item in items {
                    read.addon(item)?;
                }
            }
            Some(_) => return Err(shape("`addons`", "a list")),
        }
        for (name, value) in set(&fields, "env")? {
            read.variable(name, value)?;
        }
        read.formation(set(&fields, "formation")?);
        if set(&fields, "scripts")?.keys().any(|it| it == "postdeploy") {
            let note = "app.json's `postdeploy` has no place in heroku.yml: what prepares a release is its `release`";
            read.notes.push(note.to_owned());
        }
        Ok(read)
    }

    fn addon(&mut self, item: &Value) -> Result<()> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let (plan, attachment) = match item {
            Value::String(plan) => (Some(plan.clone()), None),
            Value::Object(addon) => (text(addon.get("plan")), text(addon.get("as"))),
            _ => (None, None),
        };
        let plan = plan.filter(|plan| !plan.trim().is_empty());
        let plan = plan.ok_or_else(|| shape("an add-on", "a text, or a set with a `plan`"))?;
        if item.get("options").is_some() {
            let name = plan.escape_debug();
            self.notes.push(format!(
                "the `options` of {name} in app.json have no place in heroku.yml: give them by `heroku addons:create {name}`"
            ));
        }
        self.setup.addons.push(Addon { plan, attachment });
        Ok(())
    }

    fn variable(&mut self, name: &str, value: &Value) -> Result<()> {
        let shown = name.escape_debug();
        if !is_variable(name) {
            return Err(shape(&format!("`{shown}` in `env`"), "a variable's name"));
        }
        let value = match value {
            Value::Object(fields) => {
                if fields.get("generator").is_some() {
                    self.notes.push(format!("{name}: Heroku makes its value by app.json; heroku.yml can't: `heroku config:set {name}=…`"));
                    return Ok(());
                }
                fields.get("value").unwrap_or(&Value::Null)
            }
            value => value,
        };
        let value = match value {
            Value::Null => {
                self.notes.push(format!(
                    "{name} has no value in app.json: give it by `heroku config:set {name}=…`"
                ));
                return Ok(());
            }
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => return Err(shape(&format!("the value of `{shown}` in `env`"), "a text")),
        };
        if is_secret(name, &value) {
            self.notes.push(format!("{name} looks like a secret, and heroku.yml is in git: give it by `heroku config:set {name}=…`"));
        } else {
            self.setup.config.insert(name.to_owned(), value);
        }
        Ok(())
    }

    /// heroku.yml has no place for it.
    fn formation(&mut self, formation: &Map<String, Value>) {
        let words: Vec<String> = formation
            .iter()
            .filter(|(kind, _)| kind.parse::<crate::names::ProcessType>().is_ok())
            .filter_map(|(kind, scale)| {
                let quantity = scale.get("quantity").map_or(Some(1), Value::as_u64)?;
                let size = scale.get("size").and_then(Value::as_str);
                let size =
                    size.filter(|it| it.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
                let size = size.map(|it| format!(":{it}")).unwrap_or_default();
                Some(format!(" {kind}={quantity}{size}"))
            })
            .collect();
        if !words.is_empty() {
            self.notes.push(format!(
                "app.json's `formation` has no place in {NAME}: `heroku ps:scale{}`",
                words.concat()
            ));
        }
    }
}

fn set<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a Map<String, Value>> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    match fields.get(name) {
        None | Some(Value::Null) => Ok(&NONE),
        Some(Value::Object(set)) => Ok(set),
        Some(_) => Err(shape(&format!("`{name}`"), "a set")),
    }
}

fn shape(what: &str, wanted: &str) -> Error {
    let what = format!("app.json can't be read: {what} is not {wanted}");
    let todo = "mend it, or move it away: its add-ons and variables would enter heroku.yml";
    Error::user("manifest/app-json", what, todo).at(APP_JSON)
}
