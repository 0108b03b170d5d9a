//! A strict stand-in for Heroku on the loopback interface.
//!
//! Tests run the real Heroku CLI, docker and nixdyno against it: the Platform API, the container registry, dynos, the
//! router, logs and the release phase, each with the limits that Heroku has, so that what passes here can be expected to
//! pass there. Never talks to anything outside the machine.

mod api;
mod args;
mod build;
mod control;
mod credentials;
mod cut;
mod dyno;
mod fault;
mod front;
mod hosts;
mod ids;
mod journal;
mod lab;
mod model;
mod proxy;
mod registry;
mod router;
mod rules;
mod serve;
mod settings;
mod sources;
mod streams;
mod tls;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::rustls::ServerConfig;

use args::Options;
use dyno::docker::Docker;
use fault::Place;
use front::Front;
use lab::Lab;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("loopback-heroku: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> io::Result<()> {
    std::fs::create_dir_all(&options.state)?;
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let docker = Docker::new(&options.state, &options.token).await?;
    let lab = Lab::new(options, docker);
    prepare(&lab).await?;
    println!("ready");
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    lab.docker.close().await;
    Ok(())
}

/// Listens first: a second loopback by mistake must fail before it spoils the first one's files and containers.
async fn prepare(lab: &Arc<Lab>) -> io::Result<()> {
    let (config, authority) = tls::config()?;
    listen(lab, &config).await?;
    lab.docker.remove_all().await;
    hosts::add(
        &lab.options.hosts,
        &[api::OUTPUT_HOST, api::LOGS_HOST, sources::HOST],
    )?;
    std::fs::write(lab.options.state.join("ca.pem"), authority)
}

async fn listen(lab: &Arc<Lab>, config: &Arc<ServerConfig>) -> io::Result<()> {
    let front = Arc::new(Front::new(Arc::clone(lab)));
    serve::tls(lab.options.api, config, Place::Api, &front).await?;
    serve::tls(lab.options.registry, config, Place::Registry, &front).await?;
    serve::plain(lab.options.control, control::router(Arc::clone(lab))).await
}
