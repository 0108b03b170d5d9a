//! What the Platform API shows of each thing.
//!
//! Takes a thing, gives its JSON with the fields that the public schema names. Never shows what the schema doesn't know.

use serde_json::{Value, json};

use crate::ids;
use crate::model::App;
use crate::model::app::Addon;
use crate::model::build::Build;
use crate::model::dyno::{Dyno, Formation};
use crate::model::release::Release;
use crate::rules::quote;

/// The stacks there are: name, state, and whether it is the default.
pub const STACKS: [(&str, &str, bool); 5] = [
    ("cnb", "public", false),
    ("container", "public", false),
    ("heroku-22", "deprecated", false),
    ("heroku-24", "public", true),
    ("heroku-26", "public", false),
];

/// A thing that others point to.
pub fn reference(name: &str) -> Value {
    json!({ "id": ids::named(name), "name": name })
}

/// The one account.
pub fn account() -> Value {
    json!({
        "id": ids::ACCOUNT,
        "email": ids::EMAIL,
        "name": "Loopback",
        "allow_tracking": false,
        "beta": false,
        "created_at": "2020-01-01T12:00:00Z",
        "updated_at": "2020-01-01T12:00:00Z",
        "last_login": "2020-01-01T12:00:00Z",
        "federated": false,
        "identity_provider": null,
        "sms_number": null,
        "suspended_at": null,
        "delinquent_at": null,
        "two_factor_authentication": false,
        "verified": true,
        "country_of_residence": null,
        "default_organization": null,
        "default_team": null,
    })
}

/// Who did it.
pub fn user() -> Value {
    json!({ "id": ids::ACCOUNT, "email": ids::EMAIL })
}

fn app_reference(app: &App) -> Value {
    json!({ "id": app.id, "name": app.name })
}

/// An app.
pub fn app(app: &App) -> Value {
    let team = app.team.as_deref().map(reference);
    json!({
        "id": app.id,
        "name": app.name,
        "acm": false,
        "archived_at": null,
        "base_image_name": null,
        "build_stack": reference(&app.build_stack),
        "buildpack_provided_description": app.releases.deployed().then_some("Container"),
        "buildpacks": null,
        "created_at": app.created_at,
        "create_status": "complete",
        "current_build_architecture": ["amd64"],
        "generation": { "id": ids::named("cedar"), "name": "cedar" },
        "git_url": format!("https://git.localhost/{}.git", app.name),
        "internal_routing": null,
        "maintenance": app.maintenance,
        "organization": team,
        "owner": user(),
        "region": reference(&app.region),
        "released_at": app.released_at,
        "repo_size": 0,
        "slug_size": 0,
        "space": null,
        "stack": reference(&app.stack),
        "team": team,
        "updated_at": app.updated_at,
        "web_url": format!("https://{}.localhost/", app.name),
    })
}

/// A stack.
pub fn stack((name, state, default): (&str, &str, bool)) -> Value {
    json!({
        "id": ids::named(name),
        "name": name,
        "state": state,
        "default": default,
        "created_at": "2020-01-01T12:00:00Z",
        "updated_at": "2020-01-01T12:00:00Z",
    })
}

/// One process type's scale.
pub fn formation(app: &App, kind: &str, formation: &Formation) -> Value {
    let release = app.releases.base();
    let image = release.and_then(|release| release.images.get(kind));
    json!({
        "id": formation.id,
        "app": app_reference(app),
        "command": image.map(|image| quote::join(&image.command)).unwrap_or_default(),
        "created_at": formation.created_at,
        "updated_at": formation.updated_at,
        "dyno_size": reference(&formation.size),
        "quantity": formation.quantity,
        "size": formation.size,
        "type": kind,
    })
}

/// The formation: every process type's scale.
pub fn formations(app: &App) -> Vec<Value> {
    app.formation
        .iter()
        .map(|(kind, it)| formation(app, kind, it))
        .collect()
}

/// A dyno.
pub fn dyno(app: &App, dyno: &Dyno) -> Value {
    json!({
        "id": dyno.id,
        "name": dyno.name,
        "app": app_reference(app),
        "attach_url": null,
        "command": dyno.command,
        "created_at": dyno.created_at,
        "updated_at": dyno.updated_at,
        "release": { "id": dyno.release_id, "version": dyno.version },
        "size": dyno.size,
        "state": dyno.state.name(),
        "type": dyno.kind,
    })
}

/// A release.
pub fn release(app: &App, release: &Release) -> Value {
    let stream = |_| {
        format!(
            "https://{}/streams/{}/{}",
            super::OUTPUT_HOST,
            app.id,
            release.id
        )
    };
    let current = app
        .releases
        .current()
        .is_some_and(|current| current.id == release.id);
    json!({
        "id": release.id,
        "version": release.version,
        "app": app_reference(app),
        "addon_plan_names": app.addons.iter().map(|it| it.plan.as_str()).collect::<Vec<_>>(),
        "artifacts": [],
        "created_at": release.created_at,
        "updated_at": release.updated_at,
        "description": release.description,
        "status": release.status.name(),
        "slug": null,
        "oci_image": null,
        "user": user(),
        "current": current,
        "eligible_for_rollback": release.eligible_for_rollback(),
        "output_stream_url": release.output.as_ref().map(stream),
    })
}

/// A build.
pub fn build(app: &App, build: &Build) -> Value {
    let blob = &build.blob;
    json!({
        "id": build.id,
        "app": app_reference(app),
        "buildpacks": null,
        "created_at": build.created_at,
        "updated_at": build.updated_at,
        "output_stream_url": format!("https://{}/streams/{}/{}", super::OUTPUT_HOST, app.id, build.id),
        "release": build.release.as_ref().map(|id| json!({ "id": id })),
        "slug": null,
        "source_blob": {
            "checksum": blob.checksum,
            "url": blob.url,
            "version": blob.version,
            "version_description": blob.description,
        },
        "stack": app.build_stack,
        "status": build.status.name(),
        "user": user(),
    })
}

/// An add-on.
pub fn addon(app: &App, addon: &Addon) -> Value {
    let Addon { id, name, plan, .. } = addon;
    let service = plan.split(':').next().unwrap_or_default();
    json!({
        "id": id,
        "name": name,
        "app": app_reference(app),
        "addon_service": reference(service),
        "plan": reference(plan),
        "billing_entity": { "id": app.id, "name": app.name, "type": "app" },
        "billed_price": { "cents": 0, "contract": false, "unit": "month" },
        "config_vars": [],
        "created_at": app.created_at,
        "updated_at": app.updated_at,
        "provider_id": id,
        "state": "provisioned",
        "web_url": null,
    })
}

/// The name by which an app has an add-on.
pub fn attachment(app: &App, addon: &Addon) -> Value {
    json!({
        "id": ids::named(&format!("{} of {}", addon.attachment, app.name)),
        "name": addon.attachment,
        "namespace": null,
        "addon": { "id": addon.id, "name": addon.name, "app": app_reference(app) },
        "app": app_reference(app),
        "created_at": app.created_at,
        "updated_at": app.updated_at,
        "log_input_url": null,
        "web_url": null,
    })
}

/// A feature of an app.
pub fn feature(name: &str, enabled: bool) -> Value {
    json!({
        "id": ids::named(name),
        "name": name,
        "display_name": name,
        "description": name,
        "doc_url": "https://devcenter.heroku.com/",
        "feedback_email": ids::EMAIL,
        "state": "general",
        "enabled": enabled,
        "created_at": "2020-01-01T12:00:00Z",
        "updated_at": "2020-01-01T12:00:00Z",
    })
}
