//! The life of one dyno of the formation.
//!
//! Takes a planned dyno; starts it, waits until it is up, notes its end, and restarts it once at once, as Heroku does
//! before it begins to wait longer and longer. Never outlives the order to stop.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::container::{self, Plan, Running, say};
use super::oneoff;
use crate::lab::Lab;
use crate::model::dyno::State;

/// How often a crashed dyno is started again.
const RESTARTS: usize = 1;
const POLL: Duration = Duration::from_millis(150);

enum End {
    Stopped,
    Crashed,
}

/// Runs the dyno until it is stopped or has crashed for good.
pub async fn supervise(lab: Arc<Lab>, plan: Plan, web: bool, mut stop: watch::Receiver<bool>) {
    for _ in 0..=RESTARTS {
        if let End::Stopped = live(&lab, &plan, web, &mut stop).await {
            return;
        }
        if *stop.borrow() {
            return;
        }
    }
    // It stays in the list as crashed until somebody stops it.
    oneoff::ordered(&mut stop).await;
}

async fn live(lab: &Arc<Lab>, plan: &Plan, web: bool, stop: &mut watch::Receiver<bool>) -> End {
    let before = lab
        .with_app(&plan.app, |app| app.dyno(&plan.dyno).map(|dyno| dyno.state))
        .flatten();
    turn(
        lab,
        plan,
        before.unwrap_or(State::Starting),
        State::Starting,
    );
    let mut running = match container::start(lab, plan).await {
        Ok(running) => running,
        Err(status) => return crash(lab, plan, State::Starting, status),
    };
    let end = watch_over(lab, plan, web, &mut running, stop).await;
    lab.docker.remove(&running.id).await;
    end
}

async fn watch_over(
    lab: &Arc<Lab>,
    plan: &Plan,
    web: bool,
    running: &mut Running,
    stop: &mut watch::Receiver<bool>,
) -> End {
    let (id, port) = (running.id.clone(), running.port);
    tokio::select! {
        status = running.wait() => return crash(lab, plan, State::Starting, status),
        () = oneoff::ordered(stop) => return shut_down(lab, plan, State::Starting, running).await,
        up = boot(lab, plan, web, &id, port) => if !up {
            return boot_timeout(lab, plan, running).await;
        },
    }
    turn(lab, plan, State::Starting, State::Up);
    tokio::select! {
        status = running.wait() => crash(lab, plan, State::Up, status),
        () = oneoff::ordered(stop) => shut_down(lab, plan, State::Up, running).await,
    }
}

/// Whether the dyno is up within the limit: at once, but a web dyno must take connections on `$PORT`.
async fn boot(lab: &Arc<Lab>, plan: &Plan, web: bool, id: &str, port: u16) -> bool {
    let limit = lab.settings().boot_limit();
    timeout(limit, listens(lab, plan, web, id, port))
        .await
        .is_ok()
}

async fn listens(lab: &Arc<Lab>, plan: &Plan, web: bool, id: &str, port: u16) {
    loop {
        sleep(POLL).await;
        let Some(address) = lab.docker.address(id, port).await else {
            continue;
        };
        if !web
            || matches!(
                timeout(Duration::from_secs(1), TcpStream::connect(&address)).await,
                Ok(Ok(_))
            )
        {
            lab.with_app(&plan.app, |app| {
                app.dyno(&plan.dyno)
                    .map(|dyno| dyno.address = Some(address))
            });
            return;
        }
    }
}

async fn boot_timeout(lab: &Arc<Lab>, plan: &Plan, running: &mut Running) -> End {
    let limit = lab.settings().boot_limit_s;
    let text = format!(
        "Error R10 (Boot timeout) -> Web process failed to bind to $PORT within {limit} seconds of launch"
    );
    say(lab, plan, "heroku", &text);
    say(lab, plan, "heroku", "Stopping process with SIGKILL");
    let status = running.kill(lab).await;
    crash(lab, plan, State::Starting, status)
}

async fn shut_down(lab: &Arc<Lab>, plan: &Plan, from: State, running: &mut Running) -> End {
    say(lab, plan, "heroku", "Stopping all processes with SIGTERM");
    let (killed, status) = running.stop(lab).await;
    if killed {
        let limit = lab.settings().stop_limit_s;
        let text = format!(
            "Error R12 (Exit timeout) -> At least one process failed to exit within {limit} seconds of SIGTERM"
        );
        say(lab, plan, "heroku", &text);
    }
    say(
        lab,
        plan,
        "heroku",
        &format!("Process exited with status {status}"),
    );
    turn(lab, plan, from, State::Down);
    End::Stopped
}

fn crash(lab: &Arc<Lab>, plan: &Plan, from: State, status: i32) -> End {
    say(
        lab,
        plan,
        "heroku",
        &format!("Process exited with status {status}"),
    );
    turn(lab, plan, from, State::Crashed);
    End::Crashed
}

fn turn(lab: &Arc<Lab>, plan: &Plan, from: State, to: State) {
    lab.with_app(&plan.app, |app| app.turn(&plan.dyno, &plan.name, from, to));
}
