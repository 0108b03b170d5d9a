//! The `docker-releases` variant of the formation: which images a request releases.
//!
//! Takes the app and the updates, gives the images of the next release, or none when all of them run already. Never
//! changes the app.

use serde_json::{Map, Value};

use super::error::{Answer, Refusal};
use crate::model::App;
use crate::model::image::Image;
use crate::model::release::Images;
use crate::rules::names;

/// The next release that `updates` ask for.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// `Deployed web (…), worker (…)`.
    pub description: String,
    /// Images by process type.
    pub images: Images,
    /// What was left out because it runs already, in Heroku's words.
    pub ignored: Vec<String>,
}

/// Reads every update that has a `docker_image`; `None` when none of them changes anything.
pub fn change(app: &App, updates: &[&Map<String, Value>]) -> Answer<(Option<Change>, Vec<String>)> {
    let mut images = app
        .releases
        .base()
        .map(|release| release.images.clone())
        .unwrap_or_default();
    let (mut deployed, mut removed, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, wanted) in wanted(app, updates)? {
        match wanted {
            Some(image) if runs(&images, &kind, &image) => ignored.push(format!(
                "The process type {kind} was not updated, because it is already running the specified docker image."
            )),
            Some(image) => {
                deployed.push(format!("{kind} ({})", image.short_id()));
                images.insert(kind, image);
            }
            None if images.remove(&kind).is_some() => removed.push(kind),
            None => {}
        }
    }
    let verbs = [("Deployed", deployed), ("Removed", removed)];
    let parts = verbs.iter().filter(|(_, list)| !list.is_empty());
    let description = parts
        .map(|(verb, list)| format!("{verb} {}", list.join(", ")))
        .collect::<Vec<_>>()
        .join("; ");
    let change = Change {
        description,
        images,
        ignored: ignored.clone(),
    };
    Ok(((!change.description.is_empty()).then_some(change), ignored))
}

fn runs(images: &Images, kind: &str, image: &Image) -> bool {
    images
        .get(kind)
        .is_some_and(|running| running.config_digest == image.config_digest)
}

fn wanted(app: &App, updates: &[&Map<String, Value>]) -> Answer<Vec<(String, Option<Image>)>> {
    let with_image = updates
        .iter()
        .filter_map(|update| Some((update.get("type"), update.get("docker_image")?)));
    let wanted = with_image.map(|(kind, image)| {
        let kind = kind.and_then(Value::as_str).unwrap_or_default();
        if !names::is_process_type(kind) {
            return Err(Refusal::invalid(format!("Process type {kind} is invalid.")));
        }
        Ok((kind.to_owned(), pushed(app, kind, image)?))
    });
    wanted.collect()
}

/// The image that was pushed for this type; `None` for null, which removes the type.
fn pushed(app: &App, kind: &str, image: &Value) -> Answer<Option<Image>> {
    let id = match image {
        Value::Null => return Ok(None),
        Value::String(id) => id,
        _ => return Err(Refusal::invalid("docker_image must be an image ID.")),
    };
    if !app.takes_images() {
        let message = format!(
            "Docker images can only be released to apps on the container stack, not {}.",
            app.stack
        );
        return Err(Refusal::invalid(message));
    }
    if !is_image_id(id) {
        return Err(Refusal::invalid(format!(
            "{id} is not a valid docker image ID."
        )));
    }
    let found = app.pushed.get(kind).and_then(|images| images.get(id));
    found
        .cloned()
        .map(Some)
        .ok_or_else(|| Refusal::not_found("docker image"))
}

fn is_image_id(id: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    id.strip_prefix("sha256:")
        .is_some_and(|digest| digest.len() == 64 && digest.bytes().all(hex))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::app::CONTAINER;
    use serde_json::json;

    fn id(digit: char) -> String {
        format!("sha256:{}", digit.to_string().repeat(64))
    }

    fn push(app: &mut App, kind: &str, digit: char) {
        let image = Image {
            repository: format!("app/{kind}"),
            config_digest: id(digit),
            manifest_digest: "sha256:m".into(),
            architecture: "amd64".into(),
            layers: 1,
            entrypoint: vec![],
            command: vec!["run".into()],
        };
        app.pushed
            .entry(kind.into())
            .or_default()
            .insert(id(digit), image);
    }

    fn ask(app: &App, updates: &Value) -> Result<Option<Change>, String> {
        let updates: Vec<_> = updates
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .collect();
        let asked = change(app, &updates);
        asked
            .map(|(change, _)| change)
            .map_err(|refusal| refusal.body()["id"].as_str().unwrap_or_default().to_owned())
    }

    fn app() -> App {
        let mut app = App::new("app", CONTAINER, "us");
        push(&mut app, "web", 'a');
        push(&mut app, "worker", 'b');
        app
    }

    #[test]
    fn one_release_for_all_types() {
        let updates = json!([{"type": "web", "docker_image": id('a')}, {"type": "worker", "docker_image": id('b')}]);
        let change = ask(&app(), &updates).unwrap().unwrap();
        assert_eq!(
            change.description,
            "Deployed web (aaaaaaaaaaaa), worker (bbbbbbbbbbbb)"
        );
        assert_eq!(change.images.len(), 2);
    }

    #[test]
    fn what_runs_already_is_ignored() {
        let mut app = app();
        let updates = json!([{"type": "web", "docker_image": id('a')}]);
        let change = ask(&app, &updates).unwrap().unwrap();
        app.release(change.description, change.images);
        assert_eq!(ask(&app, &updates), Ok(None));
        let updates = json!([{"type": "web", "docker_image": id('a')}, {"type": "worker", "docker_image": id('b')}]);
        let change = ask(&app, &updates).unwrap().unwrap();
        assert_eq!(
            (change.description.as_str(), change.ignored.len()),
            ("Deployed worker (bbbbbbbbbbbb)", 1)
        );
    }

    #[test]
    fn null_removes() {
        let mut app = app();
        assert_eq!(
            ask(&app, &json!([{"type": "web", "docker_image": null}])),
            Ok(None)
        );
        let change = ask(&app, &json!([{"type": "web", "docker_image": id('a')}]))
            .unwrap()
            .unwrap();
        app.release(change.description, change.images);
        let change = ask(&app, &json!([{"type": "web", "docker_image": null}]))
            .unwrap()
            .unwrap();
        assert_eq!(
            (change.description.as_str(), change.images.len()),
            ("Removed web", 0)
        );
    }

    #[test]
    fn what_was_not_pushed_is_refused() {
        let unknown = json!([{"type": "web", "docker_image": id('b')}]);
        assert_eq!(ask(&app(), &unknown), Err("not_found".into()));
        for bad in [json!("web:latest"), json!("sha256:abc"), json!(5)] {
            assert_eq!(
                ask(&app(), &json!([{"type": "web", "docker_image": bad}])),
                Err("invalid_params".into())
            );
        }
        assert_eq!(
            ask(&app(), &json!([{"type": "a b", "docker_image": id('a')}])),
            Err("invalid_params".into())
        );
        let mut other = app();
        other.set_build_stack("heroku-24");
        assert_eq!(
            ask(&other, &json!([{"type": "web", "docker_image": id('a')}])),
            Err("invalid_params".into())
        );
    }
}
