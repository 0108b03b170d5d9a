//! One-off dynos: `heroku run`, and the release phase.
//!
//! Takes a planned dyno, gives its exit status when it has ended. Never restarts it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::container::{self, Plan, Running, say};
use crate::ids;
use crate::lab::Lab;
use crate::model::App;
use crate::model::dyno::{DEFAULT_SIZE, Dyno, State};
use crate::model::release::Release;

/// Adds the dyno `TYPE.NNNN` to the app; the order to stop comes through its `stop`.
pub fn add(
    app: &mut App,
    kind: &str,
    command: &str,
    size: Option<&str>,
    release: &Release,
) -> Dyno {
    let now = ids::now();
    let dyno = Dyno {
        id: ids::uuid(),
        name: format!("{kind}.{}", ids::between(1000, 10_000)),
        kind: kind.to_owned(),
        one_off: true,
        command: command.to_owned(),
        size: size.unwrap_or(DEFAULT_SIZE).to_owned(),
        state: State::Starting,
        release_id: release.id.clone(),
        version: release.version,
        created_at: now.clone(),
        updated_at: now,
        address: None,
        stop: watch::Sender::new(false),
    };
    app.dynos.insert(dyno.name.clone(), dyno.clone());
    dyno
}

/// Runs the dyno to its end, or to the limit, and takes it off the app's list.
pub async fn run(
    lab: &Arc<Lab>,
    plan: &Plan,
    limit: Duration,
    mut stop: watch::Receiver<bool>,
) -> i32 {
    let status = match container::start(lab, plan).await {
        Ok(mut running) => {
            started(lab, plan);
            let status = finish(lab, &mut running, limit, &mut stop).await;
            lab.docker.remove(&running.id).await;
            status
        }
        Err(status) => status,
    };
    say(
        lab,
        plan,
        "heroku",
        &format!("Process exited with status {status}"),
    );
    lab.with_app(&plan.app, |app| {
        app.turn(&plan.dyno, &plan.name, State::Up, State::Complete);
        app.dynos.retain(|_, dyno| dyno.id != plan.dyno);
    });
    status
}

fn started(lab: &Arc<Lab>, plan: &Plan) {
    if let Some(output) = &plan.output {
        output.start();
    }
    lab.with_app(&plan.app, |app| {
        app.turn(&plan.dyno, &plan.name, State::Starting, State::Up);
    });
}

async fn finish(
    lab: &Arc<Lab>,
    running: &mut Running,
    limit: Duration,
    stop: &mut watch::Receiver<bool>,
) -> i32 {
    tokio::select! {
        status = running.wait() => return status,
        () = ordered(stop) => {}
        () = sleep(limit) => {}
    }
    running.stop(lab).await.1
}

/// Waits for the order to stop; a dyno that nobody could give orders to any more is stopped too.
pub async fn ordered(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
