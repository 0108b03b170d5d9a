//! Makes the dynos that run agree with the formation.
//!
//! Takes the app with its lock held; stops dynos that should not run, starts those that should. Never waits: each dyno
//! has its own supervisor.

use std::sync::Arc;

use tokio::sync::watch;

use super::container::Plan;
use super::{command, supervise};
use crate::ids;
use crate::lab::Lab;
use crate::model::App;
use crate::model::dyno::{DEFAULT_SIZE, Dyno, Formation, State};
use crate::model::release::{RELEASE_TYPE, Release};

/// Which of the dynos that may stay are restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart<'a> {
    /// None; the scale has changed.
    None,
    /// All; there is a new release.
    All,
    /// Those of one type.
    Type(&'a str),
    /// One, by name.
    Dyno(&'a str),
}

impl Restart<'_> {
    fn takes(self, dyno: &Dyno) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Type(kind) => dyno.kind == kind,
            Self::Dyno(name) => dyno.name == name,
        }
    }
}

/// Stops and starts dynos so that the current release runs in the quantities wanted.
pub fn apply(lab: &Arc<Lab>, app: &mut App, restart: Restart) {
    let Some(release) = app.releases.current().cloned() else {
        return;
    };
    let wanted = wanted(app, &release);
    stop(app, &wanted, restart);
    for (kind, name) in wanted {
        if !app.dynos.contains_key(&name) {
            start(lab, app, &release, &kind, name);
        }
    }
}

/// Stops every dyno, one-off ones too; the app is deleted.
pub fn stop_all(app: &mut App) {
    for dyno in std::mem::take(&mut app.dynos).into_values() {
        dyno.stop.send_replace(true);
    }
}

fn wanted(app: &App, release: &Release) -> Vec<(String, String)> {
    let runs = |(kind, _): &(&String, &Formation)| {
        release.images.contains_key(*kind) && *kind != RELEASE_TYPE
    };
    let names = |(kind, formation): (&String, &Formation)| {
        let kind = kind.clone();
        (1..=formation.quantity).map(move |number| (kind.clone(), format!("{kind}.{number}")))
    };
    app.formation.iter().filter(runs).flat_map(names).collect()
}

fn stop(app: &mut App, wanted: &[(String, String)], restart: Restart) {
    let stays = |dyno: &Dyno| wanted.iter().any(|(_, name)| *name == dyno.name);
    let ends = |dyno: &&Dyno| !dyno.one_off && (!stays(dyno) || restart.takes(dyno));
    let ending: Vec<Dyno> = app.dynos.values().filter(ends).cloned().collect();
    for dyno in ending {
        app.dynos.remove(&dyno.name);
        if stays(&dyno) {
            app.say("heroku", &dyno.name, "Restarting");
        }
        dyno.stop.send_replace(true);
    }
}

fn start(lab: &Arc<Lab>, app: &mut App, release: &Release, kind: &str, name: String) {
    let Some(image) = release.images.get(kind).cloned() else {
        return;
    };
    let now = ids::now();
    let stop = watch::Sender::new(false);
    let orders = stop.subscribe();
    let dyno = Dyno {
        id: ids::uuid(),
        name: name.clone(),
        kind: kind.to_owned(),
        one_off: false,
        command: command::invocation(&image, None, false).shown,
        size: app
            .formation
            .get(kind)
            .map_or(DEFAULT_SIZE.to_owned(), |it| it.size.clone()),
        state: State::Starting,
        release_id: release.id.clone(),
        version: release.version,
        created_at: now.clone(),
        updated_at: now,
        address: None,
        stop,
    };
    let plan = Plan {
        app: app.id.clone(),
        dyno: dyno.id.clone(),
        name: name.clone(),
        image,
        command: None,
        env: release.config.clone().into_iter().collect(),
        output: None,
    };
    app.dynos.insert(name, dyno);
    tokio::spawn(supervise::supervise(
        Arc::clone(lab),
        plan,
        kind == "web",
        orders,
    ));
}
